"""The glossary in the desk: kept by people, taken in and out as a table, laid over segments. All names are invented."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from onrecord.archive.models import Recording
from onrecord.transcripts.glossary_file import GlossaryFileUnreadable, glossary_export, glossary_import
from onrecord.transcripts.glossary_views import glossary_viewset_url
from onrecord.transcripts.models import GlossaryTerm
from tests import factories
from tests.functional.conftest import DeskOf

pytestmark = pytest.mark.django_db

TABLE = """language,term,variants,note,to_language,translation,translation_variants
uk,Велноград,Вельноград | Велнагород,the lower town,en,Velnograd,Velnagrad
uk,Велноград,Вельноград | Велнагород,the lower town,ru,Велноград,
en,Marsh Guard,Swamp Guard,,,,
"""


@pytest.fixture
def recording(newsroom: object) -> Recording:
    row = factories.recording(language="uk", prepared=False)
    factories.transcript(row, factories.CALL_UK_VTT)
    return row


def look(client: Client, recording: Recording, **sides: str) -> Any:
    url = reverse("transcript_desk:glossary", args=[recording.pk])
    answer = client.post(url, {"rows": [{"id": "s1", "sides": sides}]}, content_type="application/json")
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]["s1"]


def test_a_reporter_adds_a_term_with_a_translation(reporter: Client) -> None:
    url = reverse(GlossaryTerm.snippet_viewset.get_url_name("add"))
    assert reporter.get(url).status_code == 200
    posted = nested_form_data(
        {
            "term": "Велноград",
            "language": "UK",
            "variants": "Вельноград\nВелнагород",
            "note": "the lower town",
            "translations": inline_formset([{"language": "en", "words": "Velnograd", "variants": "Velnagrad"}]),
        }
    )

    answer = reporter.post(url, posted, follow=True)

    term = GlossaryTerm.objects.get()
    assert (term.language, term.translations.get().words) == ("uk", "Velnograd")
    listed = reporter.get(glossary_viewset_url())
    assert "Velnograd (en)" in listed.text
    assert "Вельноград, Велнагород" in listed.text
    assert answer.status_code == 200


def test_a_translation_is_in_another_language(reporter: Client) -> None:
    url = reverse(GlossaryTerm.snippet_viewset.get_url_name("add"))
    translations = inline_formset([{"language": "uk", "words": "Велноград", "variants": ""}])
    term = {"term": "Велноград", "language": "uk", "variants": "", "note": ""}
    answer = reporter.post(url, nested_form_data({**term, "translations": translations}))

    assert "in another language than the term" in answer.text
    assert not GlossaryTerm.objects.exists()


def test_both_sides_of_a_segment_are_looked_at(reporter: Client, recording: Recording) -> None:
    glossary_import(actor=None, data=TABLE.encode(), filename="terms.csv")

    found = look(reporter, recording, uk="Ми з Вельнограда.", en="We are from Velnagrad, with the Swamp Guard.")

    assert found["uk"]["variants"] == [[5, 16, "Велноград", "the lower town", False]]
    assert [row[2] for row in found["en"]["variants"]] == ["Velnograd", "Marsh Guard"]
    assert found["en"]["missing"] == []
    found = look(reporter, recording, uk="Ми з Велнограда.", en="We are from the town.")
    assert found["en"]["missing"] == [["Велноград", "Velnograd"]]
    assert look(reporter, recording, uk="Ми з Велнограда.", en="") == {}


@pytest.mark.parametrize(
    "body", [{"rows": "all"}, {"rows": [{"id": 1}]}, {"rows": [{"sides": {"uk": 3}}]}, {"rows": [{}] * 201}]
)
def test_an_unreadable_question_is_refused(reporter: Client, recording: Recording, body: dict[str, Any]) -> None:
    url = reverse("transcript_desk:glossary", args=[recording.pk])
    answer = reporter.post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")


def test_the_table_goes_out_and_in_again(newsroom: object) -> None:
    done = glossary_import(actor=None, data=TABLE.encode(), filename="terms.csv")
    assert (done.added, done.changed) == (2, 0)
    first = glossary_export()

    again = glossary_import(actor=None, data=f"\ufeff{first}".encode(), filename="terms.csv")

    assert (again.added, again.changed) == (0, 2)
    assert glossary_export() == first
    assert GlossaryTerm.objects.get(term="Велноград").translations.count() == 2


def test_a_cell_is_no_formula_in_a_spreadsheet(newsroom: object) -> None:
    glossary_import(actor=None, data=b"language,term\nen,=1+1\n", filename="terms.csv")
    assert ",'=1+1," in glossary_export()
    glossary_import(actor=None, data=glossary_export().encode(), filename="terms.csv")
    assert GlossaryTerm.objects.get().term == "=1+1"


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        pytest.param(b"name,other\na,b\n", 1, "no column", id="columns"),
        pytest.param(b"language,term\nen,\n", 2, "empty", id="empty term"),
        pytest.param(b"language,term\nen,Good\nthe whole English language,x\n", 3, "tag", id="language"),
        pytest.param(b"language,term\nen," + b"x" * 201, 2, "200", id="too long"),
        pytest.param(b"language,term,to_language,translation\nen,A,en,B\n", 2, "to_language", id="same language"),
        pytest.param(b"language,term\nen,caf\xe9\n", 2, "UTF-8", id="encoding"),
        pytest.param(b"", 1, "no column", id="nothing"),
    ],
)
def test_a_broken_table_names_the_line_and_changes_nothing(
    newsroom: object, data: bytes, line: int, reason: str
) -> None:
    with pytest.raises(GlossaryFileUnreadable) as raised:
        glossary_import(actor=None, data=data, filename="terms.csv")
    assert raised.value.fields["line"] == line
    assert reason in str(raised.value)
    assert not GlossaryTerm.objects.exists()


def test_semicolons_and_tabs_are_understood(newsroom: object) -> None:
    glossary_import(
        actor=None, data=b"Language;Term;Variants\nen;Marsh Guard;Swamp Guard|Bog Guard\n", filename="a.csv"
    )
    assert GlossaryTerm.objects.get().variants == "Swamp Guard\nBog Guard"


def test_import_and_export_in_the_desk(reporter: Client, desk_of: DeskOf) -> None:
    file = SimpleUploadedFile("terms.csv", TABLE.encode())
    answer = reporter.post(reverse("glossary:import"), {"file": file}, follow=True)
    assert "2 new terms, 0 brought up to date." in answer.text
    out = reporter.get(reverse("glossary:export"))
    assert "Marsh Guard" in out.content.decode("utf-8-sig")
    broken = reporter.post(reverse("glossary:import"), {"file": SimpleUploadedFile("b.csv", b"a,b\n1,2\n")})
    assert broken.status_code == 422
    assert "b.csv, line 1" in broken.text
    moderator = desk_of("Moderator")
    assert moderator.post(reverse("glossary:import"), {"file": file}).status_code in (302, 403)
    assert moderator.get(reverse("glossary:export")).status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        glossary_import(actor=moderator.person, data=b"", filename="x.csv")  # type: ignore[attr-defined]
