"""Search by an OpenSearch server, through the real client: what is found there is what the database finds.

The server is one of the tests' own (search_server.py); a real one was not at hand.
"""

from collections.abc import Iterator

import pytest

from onrecord.archive.models import Recording
from onrecord.search import elsewhere
from onrecord.search.asking import Order
from onrecord.search.finding import Wish, search_desk, search_site
from onrecord.search.models import SearchEntry, SubjectDue
from onrecord.search.rebuilding import rebuild, subjects
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.search_server import SearchServer, search_server
from tests.functional.test_search import FOUND, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_worker_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.search.keeping.on_commit", lambda work: work())
    monkeypatch.setattr("onrecord.search.elsewhere.on_commit", lambda work: work())


@pytest.fixture
def server(settings: object) -> Iterator[SearchServer]:
    with search_server() as running:
        settings.OPENSEARCH_URL, settings.OPENSEARCH_INDEX = running.url, "gazette"  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def call(server: SearchServer) -> Recording:
    row = factories.recording()
    factories.transcript(row)
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    return row


@pytest.fixture
def story(call: Recording) -> StoryPage:
    return factories.story(
        "“Nobody told us,” a woman says of the flood. The buses left the lower town on Tuesday.",
        title="Nobody told us, says a caller",
        recordings=[call],
        publish=True,
    )


def documents(server: SearchServer) -> dict[str, str]:
    return {pk: source["stamp"] for pk, source in server.indexes["gazette"].items()}


def wanted() -> dict[str, str]:
    return {str(entry.pk): elsewhere.document(entry)["stamp"] for entry in SearchEntry.objects.all()}


def test_it_finds_what_the_database_finds(story: StoryPage, server: SearchServer) -> None:
    found = {name: sorted(said(words)) for name, (words, _) in FOUND.items()}
    assert found == {name: seconds for name, (_, seconds) in FOUND.items()}
    assert len(server.asked) > len(FOUND)


def test_narrowed_and_in_order(story: StoryPage, settings: object) -> None:
    wishes = [
        Wish(words="leave", language="en"), Wish(words="leave", speaker="wom"), Wish(words="", speaker="a man"),
        Wish(words="bridge", order=Order.OLDEST), Wish(words="caller"), Wish(words="flooded", among="stories"),
    ]  # fmt: skip
    there = [search_site(wish) for wish in wishes]
    settings.OPENSEARCH_URL = ""  # type: ignore[attr-defined]
    assert [search_site(wish) for wish in wishes] == there


def test_a_title_goes_before_a_text(story: StoryPage) -> None:
    factories.story("A caller was heard. " * 3 + "Nothing else. " * 30, title="Another evening", publish=True)
    assert search_site(Wish(words="caller")).stories[0].url == story.url


def test_the_server_follows_what_changes(story: StoryPage, call: Recording, server: SearchServer) -> None:
    assert documents(server) == wanted()
    factories.transcript(call, factories.CALL_VTT.replace("the animals", "our goats"))
    assert documents(server) == wanted()
    assert said("goat") == [8]
    assert said("animals") == []
    story.unpublish()
    assert documents(server) == wanted()
    assert said("bridge") == []
    assert len(search_desk(Wish(words="bridge")).moments) == 1
    StoryPage.objects.get(pk=story.pk).delete()
    assert documents(server) == wanted()
    assert not SubjectDue.objects.exists()


def test_a_masked_word_is_not_sent(story: StoryPage, call: Recording, server: SearchServer) -> None:
    factories.transcript(call, factories.CALL_VTT.replace("the animals", "the {profanity|animals}"))
    assert documents(server) == wanted()
    assert not any("animals" in str(source) for source in server.indexes["gazette"].values())


def test_without_an_answer_the_database_finds_it_and_what_changed_is_sent_later(
    story: StoryPage, call: Recording, server: SearchServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = 503
    assert said("bridge") == [0]
    assert "search-server-unanswered" in caplog.text
    factories.transcript(call, factories.CALL_VTT.replace("the animals", "our goats"))
    assert SubjectDue.objects.filter(subject=f"recording:{call.pk}").exists()
    assert said("goat") == [8]
    server.refuses = 0
    assert documents(server) != wanted()
    assert elsewhere.send_due() >= 1
    assert documents(server) == wanted()


def test_an_index_that_says_too_much_is_not_believed(story: StoryPage, server: SearchServer) -> None:
    StoryPage.objects.filter(pk=story.pk).update(live=False)
    assert search_site(Wish(words="bridge")).is_empty
    assert search_site(Wish(words="caller")).is_empty


def test_it_is_made_again_from_the_record(story: StoryPage, server: SearchServer) -> None:
    server.indexes["gazette"].popitem()
    server.indexes["gazette"]["99999"] = {"entry": 99999, "subject": "story:0", "stamp": "old"}
    rebuild(list(subjects()), lambda title: None)
    assert documents(server) == wanted()


def test_a_server_that_is_not_there_is_named_without_its_password(
    story: StoryPage, server: SearchServer, settings: object
) -> None:
    settings.OPENSEARCH_URL = server.url.replace("http://", "http://onrecord:secret@")  # type: ignore[attr-defined]
    server.refuses = 503
    with pytest.raises(elsewhere.SearchServerSilent, match=r"at 127\.0\.0\.1 does not take the index") as caught:
        rebuild(list(subjects()), lambda title: None)
    assert "secret" not in str(caught.value)
    assert said("bridge") == [0]


def test_documents_that_are_refused_stay_due_and_what_changes_during_a_rebuild_too(
    story: StoryPage, call: Recording, server: SearchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.refuses_documents = True
    factories.transcript(call, factories.CALL_VTT.replace("the animals", "our goats"))
    assert SubjectDue.objects.exists()
    with pytest.raises(elsewhere.SearchServerSilent, match="documents refused: mapper_parsing_exception"):
        rebuild(list(subjects()), lambda title: None)
    server.refuses_documents = False
    monkeypatch.setattr("onrecord.search.elsewhere.on_commit", lambda work: None)

    def changed_after_it_was_sent() -> Iterator[str]:
        yield f"recording:{call.pk}"
        elsewhere.due(f"recording:{call.pk}")

    elsewhere.rebuild_all(changed_after_it_was_sent())
    assert [row.subject for row in SubjectDue.objects.all()] == [f"recording:{call.pk}"]


def test_without_the_setting_nothing_is_kept_for_a_server(settings: object) -> None:
    settings.OPENSEARCH_URL = ""  # type: ignore[attr-defined]
    factories.transcript(factories.recording())
    assert not SubjectDue.objects.exists()
