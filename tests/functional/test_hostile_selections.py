"""Whatever is said to be selected is taken or refused with words; the desk and the worker can live with it."""

from typing import Any

import pytest
from django.test import Client

from onrecord.readers.models import CorrectionCase, CorrectionReport
from onrecord.readers.services import cases_gather
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import case_url, shown
from tests.functional.readers import SUGGEST, send

pytestmark = pytest.mark.django_db

TEXTS = {
    "Arabic": "وصلت المياه إلى الجسر عند الساعة السادسة ولم يخبرنا أحد.",
    "Hebrew with points": "הַמַּיִם עָלוּ עַל הַגֶּשֶׁר וְאִישׁ לֹא אָמַר לָנוּ.",
    "Persian with joiners": "می‌خواهم به خانه بروم، اما جاده بسته است.",
    "Chinese": "六点钟水漫过了桥，没有人告诉我们。",
    "Hindi": "छह बजे पुल पर पानी आ गया और किसी ने नहीं बताया।",
    "Ukrainian": "Вода перейшла міст о шостій, і ніхто нам не сказав.",
    "families of emoji": "She wrote 👩‍👩‍👧‍👦 and 🏳️‍🌈 and 🇺🇦, nothing else.",
    "letters with many marks": "Z̷̢̛a̴͜l̸g̶o̵ came and went, she says.",
}


@pytest.fixture
def editor() -> Client:
    client = Client()
    factories.newsroom()
    client.force_login(factories.person("Editor"))
    return client


def suggest(client: Client, page: StoryPage, **fields: Any) -> int:
    values = {
        "story": page.pk,
        "revision": page.live_revision_id,
        "block_id": page.body[0].id,
        "suggestion": "Is it?",
    }
    return send(client, SUGGEST, {**values, **fields}).status_code


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])
def test_words_of_any_language_are_found_again(client: Client, editor: Client, text: str) -> None:
    story = factories.story(text, title="In another script", publish=True)
    words = text.split()[1] if " " in text else text[3:6]
    start = text.index(words)
    fields = {"exact": words, "prefix": text[:start][-32:], "suffix": text[start + len(words) :][:32]}
    assert suggest(client, story, **fields, start=start, end=start + len(words)) == 201
    assert suggest(client, story, **fields, start=start, end=start + len(words)) == 201
    case = CorrectionCase.objects.get()
    assert f"<mark>{words}</mark>" in shown(editor.get(case_url(case)))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"exact": "x" * 2001}, 400, id="the whole page"),
        pytest.param({"exact": "\u200b\u200b\u2060"}, 201, id="nothing that can be seen"),
        pytest.param({"exact": "\u202eyadnoM\u202c"}, 201, id="turned around"),
        pytest.param({"exact": "Mon\x00day"}, 201, id="a null character"),
        pytest.param({"exact": "Monday", "start": "-1", "end": "5"}, 201, id="before the beginning"),
        pytest.param({"exact": "Monday", "start": "9" * 30, "end": "9" * 31}, 201, id="beyond all ends"),
        pytest.param({"exact": "Monday", "start": "22", "end": "16"}, 201, id="backwards"),
        pytest.param({"exact": "Monday", "start": "１６", "end": "٢٢"}, 201, id="digits of other scripts"),
        pytest.param({"exact": "Monday", "start": "0", "end": "9999999"}, 201, id="far past the end"),
        pytest.param({"exact": "Monday", "block_id": "../../etc"}, 201, id="a path for a block"),
        pytest.param({"exact": "Monday", "block_id": "x" * 500}, 201, id="a long block"),
        pytest.param({"exact": "Monday", "block_id": "headline"}, 201, id="another block"),
        pytest.param({"exact": "Monday", "revision": "999999"}, 201, id="a revision that never was"),
        pytest.param({"exact": "Monday", "prefix": "x" * 9000, "suffix": "\ud800" * 3}, 201, id="wild surroundings"),
        pytest.param({"exact": "Monday", "kind": "whim"}, 400, id="a kind that is none"),
        pytest.param({"exact": "Monday", "key": "k" * 9000}, 201, id="a long key"),
        pytest.param({"exact": "Monday", "story": "1e3"}, 404, id="a story that is none"),
        pytest.param({"exact": "Monday", "suggestion": "x" * 1_048_576}, 413, id="a megabyte"),
    ],
)
def test_a_wild_selection_harms_nobody(client: Client, editor: Client, fields: dict[str, str], status: int) -> None:
    story = factories.story("The bus left on Monday, not before.", title="Nobody told us", publish=True)
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    assert suggest(client, story, **fields) == status
    assert CorrectionReport.objects.count() == (status == 201)
    suggest(client, story, exact="Monday", start=16, end=22)
    cases_gather()
    assert not CorrectionCase.objects.filter(gathered=False).exists()
    for case in CorrectionCase.objects.all():
        shown(editor.get(case_url(case)))
    shown(editor.get("/desk/corrections/"))
