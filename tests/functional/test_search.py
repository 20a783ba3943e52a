"""Search, on whichever database the tests run: what is found, in which order, and what must never be."""

from datetime import UTC, date, datetime

import pytest

from onrecord.archive.filing import filing_undo, recording_file
from onrecord.archive.models import Recording
from onrecord.search import asking
from onrecord.search.asking import Order, SearchTookTooLong
from onrecord.search.finding import Found, Wish, search_desk, search_site
from onrecord.search.models import SearchEntry
from onrecord.search.rebuilding import rebuild, subjects
from onrecord.stories.models import StoryPage
from onrecord.transcripts.models import Transcript
from onrecord.transcripts.services import EditedSegment, transcript_edit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_worker_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the commit is done at once: the test's own transaction never ends."""
    monkeypatch.setattr("onrecord.search.keeping.on_commit", lambda work: work())


@pytest.fixture
def call() -> Recording:
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


def texts(found: Found) -> list[str]:
    return [str(moment.words[0].html) for moment in found.moments]


def said(words: str, **narrowed: object) -> list[int]:
    """When the moments that readers find are said, in seconds."""
    return [moment.start_ms // 1000 for moment in search_site(Wish(words=words, **narrowed)).moments]  # type: ignore[arg-type]


FOUND = {
    "the form": ("bridge", [0]),
    "another form": ("bridges", [0]),
    "a verb": ("leave", [4, 8]),
    "a verb's past": ("tell", [0]),
    "capitals": ("BRIDGE", [0]),
    "all words, in any order": ("buses Tuesday", [4]),
    "not all of them": ("buses bridge", []),
    "a phrase": ('"over the bridge"', [0]),
    "a phrase in other words": ('"the bridge over"', []),
    "a phrase is word for word": ('"over the bridges"', []),
    "left out": ("leave -animals", [4]),
    "a phrase left out": ('leave -"the animals"', [4]),
    "what begins so": ("anim*", [8]),
    "too short to begin so": ("an*", []),
    "Ukrainian, the form": ("автобуси", [4]),
    "Ukrainian, another form": ("автобусів", [4]),
    "Ukrainian, with an apostrophe that is none": ("мостом", [0]),
    "Russian for Ukrainian is another word": ("четверг", []),
    "one letter": ("x", []),
    "a name of the code": ("OR", []),
    "an open quotation mark": ('"bridge', [0]),
    "only left out": ("-bridge", []),
    "nothing": ("", []),
    "signs": ("*** ((( ::: ^ ' -- ; %", []),
    "FTS5's syntax": ('keys: bridge NEAR(water, 2) OR "', []),
    "SQL": ("bridge'; DROP TABLE search_searchentry; --", []),
}


def test_moments_found(story: StoryPage) -> None:
    found = {name: sorted(said(words)) for name, (words, _) in FOUND.items()}
    assert found == {name: seconds for name, (_, seconds) in FOUND.items()}


def test_a_moment_stands_in_both_languages_and_is_one(story: StoryPage) -> None:
    found = search_site(Wish(words="автобусом"))
    (moment,) = found.moments
    assert [words.language for words in moment.words] == ["en", "uk"]
    assert "<mark>автобуси</mark>" in moment.words[1].html
    assert moment.play_url.endswith("#t=4.000,8.000")
    assert moment.speaker == "A man"
    assert moment.transcript_url.startswith(moment.recording.get_absolute_url() + "#s-")


def test_stories_are_found_by_title_and_text_with_an_excerpt(story: StoryPage) -> None:
    (by_title,) = search_site(Wish(words="callers")).stories
    assert "<mark>caller</mark>" in by_title.title
    (by_text,) = search_site(Wish(words="flooded")).stories or search_site(Wish(words="floods")).stories
    assert "<mark>flood</mark>" in by_text.excerpt
    assert by_text.url == story.url


def test_narrowed_by_language_speaker_and_date(story: StoryPage) -> None:
    assert sorted(said("leave", language="en")) == [4, 8]
    assert said("leave", language="uk") == []
    assert said("leave", speaker="woman") == [8]
    assert said("", speaker="a man") == [4]
    assert said("leave", speaker="wom") == [8]
    assert sorted(said("leave", since=date(2024, 5, 4), until=date(2024, 5, 4))) == [4, 8]
    assert said("leave", since=date(2024, 5, 5)) == []
    assert said("leave", until=date(2024, 5, 3)) == []


def test_order(story: StoryPage) -> None:
    later = factories.recording(title="A later call", seed=3, published_at=datetime(2024, 6, 1, 9, tzinfo=UTC))
    factories.transcript(later)
    factories.story("More of it.", title="Another story", recordings=[later], publish=True)
    newest = [moment.recording_title for moment in search_site(Wish(words="bridge", order=Order.NEWEST)).moments]
    oldest = [moment.recording_title for moment in search_site(Wish(words="bridge", order=Order.OLDEST)).moments]
    assert newest == ["A later call", "A call from the lower town"]
    assert oldest == newest[::-1]


def test_a_title_goes_before_a_text(story: StoryPage) -> None:
    factories.story("A caller was heard. " * 3 + "Nothing else. " * 30, title="Another evening", publish=True)
    assert search_site(Wish(words="caller")).stories[0].url == story.url


def test_an_unpublished_recording_is_found_at_the_desk_only(call: Recording) -> None:
    assert said("bridge") == []
    assert search_site(Wish(words="lower town")).recordings == []
    assert len(search_desk(Wish(words="bridge")).moments) == 1
    assert len(search_desk(Wish(words="lower town")).recordings) == 1


def test_taken_down_is_gone_at_once(story: StoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("bridge") == [0]
    monkeypatch.setattr("onrecord.search.tasks.publicity_update", lambda: pytest.fail("waits for the worker"))
    story.unpublish()
    assert said("bridge") == []
    assert search_site(Wish(words="caller")).is_empty
    assert not SearchEntry.objects.filter(is_public=True).exists()


def test_deleted_is_gone_at_once(story: StoryPage) -> None:
    story.delete()
    assert said("bridge") == []
    assert search_site(Wish(words="caller")).is_empty


def test_an_index_that_says_too_much_is_not_believed(story: StoryPage) -> None:
    StoryPage.objects.filter(pk=story.pk).update(live=False)
    assert SearchEntry.objects.filter(is_public=True).exists()
    found = search_site(Wish(words="bridge"))
    assert found.is_empty
    assert search_site(Wish(words="caller")).is_empty


def test_a_masked_word_is_in_no_entry_and_finds_nothing(story: StoryPage, call: Recording) -> None:
    transcript = Transcript.objects.get(recording=call, is_translation=False)
    version = transcript.versions.first()
    assert version is not None
    rows = [
        EditedSegment(
            row["id"],
            row["start_ms"],
            row["end_ms"],
            row["speaker"],
            " ".join(word[1] for word in row["words"])
            .replace("animals", "{profanity|animals}")
            .replace("bridge", "{name|bridge}"),
        )
        for row in version.segments
    ]
    transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=version.number)
    for words in ("animals", "animal", "anim*", "bridge", '"the animals"', '"over the bridge"', "nim"):
        for search in (search_site, search_desk):
            assert search(Wish(words=words)).moments == [], words
    for entry in SearchEntry.objects.filter(kind="moment"):
        assert "animals" not in f"{entry.text} {entry.keys} {entry.lemmas}"
        assert "bridge" not in f"{entry.text} {entry.keys} {entry.lemmas}"
    assert any("a*****s" in text for text in texts(search_site(Wish(words="leaving"))))


def test_a_masked_word_is_gone_before_the_worker_comes(
    story: StoryPage, call: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.search.tasks.recording_entries_update", lambda recording_id: None)
    masked = factories.CALL_VTT.replace("the bridge", "the {name|bridge}").splitlines()
    lines = [line.partition(">")[2] for line in masked if line.startswith("<v")]
    transcript = Transcript.objects.get(recording=call, is_translation=False)
    version = transcript.versions.first()
    assert version is not None
    rows = [
        EditedSegment(row["id"], row["start_ms"], row["end_ms"], row["speaker"], line)
        for row, line in zip(version.segments, lines, strict=True)
    ]
    transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=version.number)
    assert said("bridge") == []
    assert said("buses") == [4]


def test_a_new_version_is_found_and_the_rest_is_not_written_again(story: StoryPage, call: Recording) -> None:
    before = dict(SearchEntry.objects.values_list("key", "pk"))
    factories.transcript(call, factories.CALL_VTT.replace("the animals", "our goats"))
    assert said("goat") == [8]
    assert said("animals") == []
    kept = [key for key, pk in SearchEntry.objects.values_list("key", "pk") if before.get(key) == pk]
    assert len(kept) >= 3


def test_more_than_a_page(story: StoryPage) -> None:
    long = factories.recording(title="A long one", seed=5)
    lines = "".join(f"\n00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\nNumber {n} of the convoy.\n" for n in range(45))
    factories.transcript(long, "WEBVTT\n" + lines)
    factories.story("All of it.", title="A convoy", recordings=[long], publish=True)
    pages = [search_site(Wish(words="number", order=Order.OLDEST, page=page)) for page in (1, 2, 3)]
    assert [len(page.moments) for page in pages] == [20, 20, 5]
    assert pages[0].totals["moments"] == 45
    assert {page.pages for page in pages} == {3}
    assert len({moment.segment_id for page in pages for moment in page.moments}) == 45
    assert search_site(Wish(words="number", page=10**9)).moments == []


def test_a_search_that_takes_too_long_is_stopped(story: StoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    from onrecord.search.backends import backend

    monkeypatch.setattr(asking, "SECONDS", 0.05)
    if connection.vendor == "sqlite":
        slow = (
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000000) SELECT max(i) FROM n)"
        )
    else:
        slow = "(SELECT 1 FROM pg_sleep(5))"
    monkeypatch.setattr(type(backend()), "_rank", lambda self, ask: (slow, []))
    with pytest.raises(SearchTookTooLong):
        search_site(Wish(words="bridge"))
    monkeypatch.undo()
    assert said("bridge") == [0]


def test_the_index_is_made_again_from_the_record(story: StoryPage, call: Recording) -> None:
    before = set(SearchEntry.objects.values_list("key", "keys", "is_public"))
    SearchEntry.objects.filter(kind="moment").delete()
    SearchEntry.objects.filter(kind="recording").update(keys="damaged", title_keys="damaged")
    SearchEntry.objects.create(key="story:0", kind="story", language="en", keys="bridge", is_public=True)
    done = rebuild(list(subjects()), lambda title: None)
    assert set(SearchEntry.objects.values_list("key", "keys", "is_public")) == before
    assert (done.entries, done.removed) == (len(before), 1)
    assert said("bridge") == [0]


def test_one_recording_filed_under_another_is_found_no_more(story: StoryPage, call: Recording) -> None:
    same = factories.recording(title="The same call", seed=9)
    factories.transcript(same)
    assert len(search_desk(Wish(words="bridge")).moments) == 2
    recording_file(actor=factories.person("Editor"), recording_id=same.pk, under_id=call.pk)
    assert len(search_desk(Wish(words="bridge")).moments) == 1
    filing_undo(actor=factories.person("Editor"), recording_id=same.pk)
    assert len(search_desk(Wish(words="bridge")).moments) == 2
