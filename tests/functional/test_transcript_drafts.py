"""The desk's draft through its JSON API: what is saved is there, what conflicts is refused, nothing is lost."""

import gzip
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.archive.models import Recording
from onrecord.transcripts.models import DraftRow, TranscriptVersion
from onrecord.transcripts.services import latest_version, masked_spans, side_by_side, transcript_import
from tests import factories
from tests.functional.conftest import DeskOf

pytestmark = pytest.mark.django_db

TIMED = """{"language": "en", "segments": [
 {"start": 0, "end": 4, "text": "The damn bridge fell at six", "speaker": "A woman", "words": [
  {"word": "The", "start": 0.1, "end": 0.3}, {"word": "damn", "start": 0.4, "end": 0.8},
  {"word": "bridge", "start": 0.9, "end": 1.5}, {"word": "fell", "start": 1.6, "end": 2.0},
  {"word": "at", "start": 2.2, "end": 2.4}, {"word": "six", "start": 2.5, "end": 3.0}]},
 {"start": 4, "end": 8, "text": "and nobody told us", "speaker": "A man", "words": [
  {"word": "and", "start": 4.1, "end": 4.3}, {"word": "nobody", "start": 4.4, "end": 5.0},
  {"word": "told", "start": 5.1, "end": 5.5}, {"word": "us", "start": 5.6, "end": 6.0}]}]}"""


class Window:
    """One editor's window: holds what the screen holds, sends what the screen sends."""

    def __init__(self, client: Client, recording: Recording, tab: str = "window-one") -> None:
        self.client, self.recording, self.tab = client, recording, tab.replace("-", "")
        self.load()

    def url(self, name: str) -> str:
        return reverse(f"transcript_desk:{name}", args=[self.recording.pk])

    def load(self) -> dict[str, Any]:
        state: dict[str, Any] = self.client.get(self.url("draft")).json()
        self.state, self.base, self.generation = state, state["revision"], state["generation"]
        self.rows = {row["id"]: row for row in state["rows"]}
        self.order = [row["id"] for row in state["rows"]]
        return state

    def post(self, name: str, body: dict[str, Any]) -> Any:
        return self.client.post(self.url(name), body, content_type="application/json")

    def save(self, *changes: dict[str, Any], gone: tuple[str, ...] = (), **more: Any) -> Any:
        body = {"base": self.base, "generation": self.generation, "tab": self.tab, "changes": list(changes)}
        answer = self.post("draft", {**body, "gone": list(gone), **more})
        if answer.status_code == 200:
            self.base = answer.json()["revision"]
        return answer

    def words(self, number: int, language: str = "en") -> list[list[Any]]:
        """The words of a row as the screen sends them."""
        words = self.rows[self.order[number]]["sides"][language]["words"]
        return [[*word[:2], word[5], *(word[6:] or [None, ""])] for word in words]

    def typed(self, number: int, *words: list[Any], language: str = "en", **more: Any) -> dict[str, Any]:
        return {"id": self.order[number], "sides": {language: {"words": list(words), **more}}}


def word(text: str, word_id: str = "", mask: str | None = None, kind: str | None = None, reads: str = "") -> list[Any]:
    return [word_id or f"n{abs(hash(text)) % 10**8}", text, mask, kind, reads]


@pytest.fixture
def recording(newsroom: object) -> Recording:
    row = factories.recording(prepared=False)
    factories.transcript(row, TIMED, filename="whisper.json")
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    return row


@pytest.fixture
def window(reporter: Client, recording: Recording) -> Window:
    return Window(reporter, recording)


def texts(recording: Recording, language: str = "en") -> list[str]:
    version = latest_version(recording, language)
    assert version is not None
    return [" ".join(word[1] for word in segment["words"]) for segment in version.segments]


def test_the_words_come_as_rows_with_their_sides(window: Window) -> None:
    assert [side["language"] for side in window.state["sides"]] == ["en", "uk"]
    assert window.rows["s1"]["speaker"] == "A woman"
    assert window.rows["s1"]["sides"]["en"]["words"][1] == ["s1w2", "damn", 400, 800, True, None]
    assert window.rows["s1"]["sides"]["uk"]["words"][0][1] == "Вода"


def test_what_is_saved_is_in_the_database_and_in_no_version_until_one_is_made(window: Window) -> None:
    words = window.words(0)
    answer = window.save(window.typed(0, *words[:2], word("old"), *words[2:]))
    assert answer.status_code == 200
    stored = answer.json()["rows"][0]["sides"]["en"]["words"]
    assert [w[1] for w in stored] == ["The", "damn", "old", "bridge", "fell", "at", "six"]
    kept = [w for w in stored if w[1] != "old"]
    assert kept == window.rows["s1"]["sides"]["en"]["words"]  # ids, times and exactness of what was not touched
    assert stored[2][2:5] == [800, 900, False]  # between its neighbours
    assert Window(window.client, window.recording).load()["rows"][0] == answer.json()["rows"][0]
    assert texts(window.recording)[0] == "The damn bridge fell at six"
    made = window.post("publish", {"note": "Heard again"}).json()
    assert made["made"] == {"en": 2}
    assert texts(window.recording)[0] == "The damn old bridge fell at six"
    version = latest_version(window.recording, "en")
    assert version is not None
    assert (version.note, version.created_by) == ("Heard again", window.client.person)  # type: ignore[attr-defined]
    assert window.load()["changed"] == 0
    assert window.post("publish", {}).json()["made"] == {}  # nothing changed, no version


def test_many_saves_make_no_versions(window: Window) -> None:
    for n in range(5):
        assert window.save(window.typed(0, *window.words(0), word(f"more{n}"))).status_code == 200
    assert window.recording.transcripts.get(language="en").versions.count() == 1
    assert DraftRow.objects.count() == 1


def test_a_segment_is_split_and_merged_with_both_sides_locked(window: Window) -> None:
    uk, en = window.words(0, "uk"), window.words(0)
    first = {"id": "s1", "end": 1600, "sides": {"en": {"words": en[:3]}, "uk": {"words": uk[:4]}}}
    second = {
        "id": "new1", "after": "s1", "start": 1600, "end": 4000, "speaker": "A woman",
        "sides": {"en": {"words": en[3:]}, "uk": {"words": uk[4:]}},
    }  # fmt: skip
    assert window.save(first, second).status_code == 200
    window.load()
    assert window.order[:3] == ["s1", "new1", "s2"]
    window.post("publish", {})
    rows = side_by_side(window.recording)
    assert [row.original.text for row in rows[:2]] == ["The damn bridge", "fell at six"]
    assert rows[1].translations["uk"].text == "шостій, і ніхто нам не сказав."
    assert next((w.id, w.start_ms, w.exact) for w in rows[1].original.words) == ("s1w4", 1600, True)
    window.load()
    merged = {"id": "s1", "end": 4000, "sides": {"en": {"words": en}, "uk": {"words": uk}}}
    assert window.save(merged, gone=("new1",)).status_code == 200
    window.post("publish", {})
    first, _, last = TranscriptVersion.objects.filter(transcript__language="en").order_by("number")
    assert first.segments == last.segments


def test_a_word_that_comes_back_after_it_was_saved_away_has_its_time_again(window: Window) -> None:
    words = window.words(0)
    window.save(window.typed(0, words[0]))
    window.save(gone=("s2",))
    window.save(
        window.typed(0, *words), {**window.rows["s2"], "after": "s1", "sides": {"en": {"words": window.words(1)}}}
    )
    now = Window(window.client, window.recording)
    assert now.rows["s1"]["sides"]["en"]["words"] == window.rows["s1"]["sides"]["en"]["words"]
    assert now.rows["s2"]["sides"]["en"]["words"] == window.rows["s2"]["sides"]["en"]["words"]
    assert now.order == window.order


def test_borders_move_and_estimated_times_follow_measured_ones_do_not(window: Window) -> None:
    answer = window.save({"id": "s1", "start": 1000, "end": 3000}).json()["rows"][0]
    assert [w[2:5] for w in answer["sides"]["en"]["words"]][:2] == [[100, 300, True], [400, 800, True]]
    times = [(w[2], w[3]) for w in answer["sides"]["uk"]["words"]]
    assert times[0][0] == 1000
    assert times[-1][1] == 3000


def test_a_changed_word_is_a_new_one_whatever_id_it_claims(window: Window) -> None:
    words = window.words(0)
    words[5][1] = "nine"
    stored = window.save(window.typed(0, *words)).json()["rows"][0]["sides"]["en"]["words"]
    assert stored[5][4] is False
    copied = window.save(window.typed(1, *window.words(1), window.words(0)[0])).json()["rows"][0]
    assert copied["sides"]["en"]["words"][4][0] != "s1w1"  # a copy of a word is a word of its own
    assert copied["sides"]["en"]["words"][4][4] is False


@pytest.fixture
def colleague(editor: Client, recording: Recording, window: Window) -> Window:
    return Window(editor, recording, "window-two")


def test_two_people_in_different_segments_both_get_in_and_see_each_other(window: Window, colleague: Window) -> None:
    assert window.save(window.typed(0, word("Mine"))).status_code == 200
    answer = colleague.save(colleague.typed(1, word("Theirs")))
    assert answer.status_code == 200
    news = answer.json()["news"]
    assert [(row["id"], row["by"]) for row in news] == [("s1", str(window.client.person))]  # type: ignore[attr-defined]
    seen = window.post("pulse", {"base": window.base, "generation": 0, "tab": window.tab}).json()
    assert [row["sides"]["en"]["words"][0][1] for row in seen["news"]] == ["Theirs"]


def test_a_conflicting_save_is_refused_with_both_texts_kept(window: Window, colleague: Window) -> None:
    window.save(window.typed(0, word("Mine")))
    refused = colleague.save(colleague.typed(0, word("Theirs")), colleague.typed(1, word("Also")))
    assert refused.status_code == 409
    body = refused.json()
    assert body["code"] == "draft-conflict"
    assert str(window.client.person) in body["message"]  # type: ignore[attr-defined]
    assert body["theirs"][0]["sides"]["en"]["words"][0][1] == "Mine"
    assert [row.segment_id for row in DraftRow.objects.all()] == ["s1"]  # nothing of the refused save
    colleague.base = body["revision"]  # "use mine", having seen theirs
    assert colleague.save(colleague.typed(0, word("Theirs"))).status_code == 200


def test_a_conflict_is_seen_after_a_version_was_made_of_the_other_text(window: Window, colleague: Window) -> None:
    window.save(window.typed(0, word("Mine")))
    window.post("publish", {})
    assert colleague.save(colleague.typed(0, word("Theirs"))).status_code == 409
    assert colleague.save(gone=("s1",)).status_code == 409
    window.save(gone=("s2",))
    refused = colleague.save(colleague.typed(1, word("Theirs")))
    assert (refused.status_code, refused.json()["gone"]) == (409, ["s2"])


def test_sending_the_same_again_does_no_harm(window: Window, colleague: Window) -> None:
    base = window.base
    window.save(window.typed(0, word("Mine", "w1")))
    window.base = base  # the answer was lost on the way
    assert window.save(window.typed(0, word("Mine", "w1"))).status_code == 200
    assert colleague.save(colleague.typed(0, word("Mine", "w1"))).status_code == 200  # the same text is no conflict


def test_a_file_that_takes_the_place_keeps_the_draft_as_a_version(window: Window) -> None:
    window.save(window.typed(0, word("Typed")))
    transcript_import(
        actor=None, recording=window.recording, data=factories.CALL_VTT.encode(), filename="new.vtt", language="en"
    )
    versions = TranscriptVersion.objects.filter(transcript__language="en").order_by("number")
    assert [" ".join(w[1] for w in version.segments[0]["words"])[:9] for version in versions] == [
        "The damn ", "Typed", "The water",
    ]  # fmt: skip
    refused = window.save(window.typed(1, word("Late")))
    assert (refused.status_code, refused.json()["code"]) == (409, "draft-replaced")
    assert window.post("pulse", {"base": 0, "generation": 0, "tab": window.tab}).status_code == 409


def test_a_mask_acts_at_once_and_takes_nothing_else_along(window: Window) -> None:
    words = window.words(0)
    window.save(window.typed(0, *words[:5], word("nine")))
    words[1][2:] = ["profanity", None, ""]
    answer = window.save(window.typed(0, *words[:5], word("nine")))
    assert answer.json()["masked"] is True
    assert masked_spans(window.recording)[0].start_ms == 400
    assert texts(window.recording)[0] == "The damn bridge fell at six"  # "nine" is still a draft
    version = latest_version(window.recording, "en")
    assert version is not None
    assert (version.number, version.note) == (2, "Masked at the desk")
    assert window.save(window.typed(0, *words[:5], word("nine"))).json()["masked"] is False
    words[1][2] = None
    window.save(window.typed(0, *words[:5], word("nine")))
    assert masked_spans(window.recording)  # taking a mask away waits for a version
    window.post("publish", {})
    assert not masked_spans(window.recording)


def test_masking_a_word_that_was_typed_anew_masks_what_it_stands_for(window: Window) -> None:
    words = window.words(0)
    anew = [words[0], word("goddamn", mask="profanity", reads="d***"), *words[2:]]
    assert window.save(window.typed(0, *anew)).json()["masked"] is True
    version = latest_version(window.recording, "en")
    assert version is not None
    assert version.segments[0]["words"][1] == ["s1w2", "damn", 400, 800, True, "profanity", None, "d***"]


def test_kinds_of_brackets_are_in_the_data(window: Window) -> None:
    given = [word("[unclear]"), word("[door"), word("slams]"), word("[Velna]"), word("[cat]", kind="sound"), word("he")]
    stored = window.save(window.typed(0, *given)).json()["rows"][0]["sides"]["en"]["words"]
    assert [w[6] if len(w) > 6 else None for w in stored] == [
        "unclear", "sound", "sound", "clarification", "sound", None,
    ]  # fmt: skip
    window.post("publish", {})
    version = latest_version(window.recording, "en")
    assert version is not None
    assert version.segments[0]["words"] == stored


def test_reviews_name_the_person_and_fall_when_words_change(window: Window) -> None:
    person = str(window.client.person)  # type: ignore[attr-defined]
    side = window.save({"id": "s1", "sides": {"en": {"state": "reviewed"}}}).json()["rows"][0]["sides"]["en"]
    assert (side["state"], side["by"]) == ("reviewed", person)
    assert side["at"]
    window.post("publish", {})
    version = latest_version(window.recording, "en")
    assert version is not None
    assert version.reviews["s1"][:2] == ["reviewed", person]
    uk = window.save(window.typed(0, word("Інше"), language="uk")).json()["rows"][0]["sides"]
    assert (uk["en"]["state"], uk["uk"]["state"]) == ("reviewed", "draft")
    assert window.save(window.typed(0, word("Other"))).json()["rows"][0]["sides"]["en"]["state"] == "draft"


def test_machine_text_says_so_until_somebody_touches_it(window: Window) -> None:
    engine = {"engine": "a test engine", "model": "tiny", "parameters": {"beam": 5}}
    transcript_import(
        actor=None, recording=window.recording, data=factories.CALL_UK_VTT.encode(), filename="m.vtt", language="uk",
        provenance=engine,
    )  # fmt: skip
    window.load()
    assert {row["sides"]["uk"]["state"] for row in window.rows.values() if row["sides"]["uk"]["words"]} == {"machine"}
    words = window.words(0, "uk")
    changed = window.save(window.typed(0, word("Інше"), language="uk")).json()["rows"][0]["sides"]["uk"]
    assert changed["state"] == "draft"
    undone = window.save(window.typed(0, *words, language="uk", state="machine")).json()["rows"][0]["sides"]["uk"]
    assert undone["state"] == "machine"
    lied = window.save(window.typed(0, word("Інше"), language="uk", state="machine")).json()["rows"][0]["sides"]["uk"]
    assert lied["state"] == "draft"
    version = latest_version(window.recording, "uk")
    assert version is not None
    assert version.provenance == engine
    page = window.client.get(reverse("transcript_desk:versions", args=[window.recording.pk])).text
    assert "a test engine" in page


def test_presence_is_told_and_ends(window: Window, colleague: Window) -> None:
    def pulse(who: Window, **more: Any) -> list[str]:
        return who.post("pulse", {"base": 0, "generation": 0, "tab": who.tab, **more}).json()["others"]  # type: ignore[no-any-return]

    assert pulse(window) == []
    assert pulse(colleague) == [str(window.client.person)]  # type: ignore[attr-defined]
    assert pulse(Window(window.client, window.recording, "window-three")) == [
        "", str(colleague.client.person),  # type: ignore[attr-defined]
    ]  # fmt: skip
    pulse(window, leaving=True)
    assert pulse(colleague) == [str(window.client.person)]  # type: ignore[attr-defined]  # the third window


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "s1", "start": 5000}, "ends before it starts"),
        ({"id": "s1", "start": "soon"}, "whole milliseconds"),
        ({"id": "s1", "end": 99_000_000}, "after the recording"),
        ({"id": "s1", "speaker": "x" * 300}, "200 characters"),
        ({"id": "s 1"}, "no proper id"),
        ({"id": "s1", "sides": {"fr": {}}}, "no words in"),
        ({"id": "s1", "sides": {"en": {"words": "all"}}}, "not readable"),
        ({"id": "s1", "sides": {"en": {"words": [["a", "two words", None, None, ""]]}}}, "has a space"),
        ({"id": "s1", "sides": {"en": {"words": [["a b", "one", None, None, ""]]}}}, "no proper id"),
        ({"id": "s1", "sides": {"en": {"words": [["a", "one", "secret", None, ""]]}}}, "no mask of this kind"),
        ({"id": "s1", "sides": {"en": {"words": [["a", "Ada,", "name", None, "[ada]"]]}}}, "must not contain"),
        ({"id": "s1", "sides": {"en": {"state": "golden"}}}, "no state"),
    ],
)
def test_what_cannot_be_taken_is_refused_whole(window: Window, change: dict[str, Any], words: str) -> None:
    answer = window.save(window.typed(1, word("Good")), change)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert not DraftRow.objects.exists()


@pytest.mark.parametrize("body", ["[]", "{", '{"base": 0}', '{"base": 0, "generation": 0, "tab": "no!"}'])
def test_unreadable_requests_are_refused(window: Window, body: str) -> None:
    answer = window.client.post(window.url("draft"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")


def test_limits_and_an_empty_transcript(window: Window) -> None:
    assert window.save(*[{"id": "s1"}] * 501).json()["code"] == "too-many-changes"
    window.save(gone=tuple(window.order))
    assert window.post("publish", {}).json()["code"] == "nothing-to-write"
    assert window.recording.transcripts.get(language="en").versions.count() == 1


def test_only_those_who_may_edit_get_in(desk_of: DeskOf, recording: Recording) -> None:
    moderator = desk_of("Moderator")
    for name in ("draft", "suggestions"):
        assert moderator.get(reverse(f"transcript_desk:{name}", args=[recording.pk])).status_code == 403
    for name in ("draft", "publish", "pulse"):
        url = reverse(f"transcript_desk:{name}", args=[recording.pk])
        assert moderator.post(url, {}, content_type="application/json").status_code == 403
    assert moderator.get(reverse("transcript_desk:sound", args=[recording.pk])).status_code != 206


def test_an_older_version_is_restored_as_the_newest(window: Window) -> None:
    window.save(window.typed(0, word("Changed")))
    window.post("publish", {})
    window.save(window.typed(1, word("Draft")))
    first = TranscriptVersion.objects.get(transcript__language="en", number=1)
    url = reverse("transcript_desk:version", args=[first.pk])
    assert "Version 1" in window.client.get(reverse("transcript_desk:versions", args=[window.recording.pk])).text
    window.client.post(url)
    assert texts(window.recording)[0] == "The damn bridge fell at six"
    numbers = TranscriptVersion.objects.filter(transcript__language="en").values_list("number", "note")
    assert len(numbers) == 4  # the draft became a version before it was replaced
    newest = latest_version(window.recording, "en")
    assert newest is not None
    page = window.client.get(reverse("transcript_desk:version", args=[newest.pk])).text
    assert "<del>Changed</del>" in page
    assert "<ins>The damn bridge fell at six</ins>" in page


def test_suggestions_are_listed_and_nothing_is_masked(window: Window) -> None:
    window.save(window.typed(1, word("call"), word("+380"), word("44"), word("555"), word("01"), word("02.")))
    found = window.client.get(window.url("suggestions")).json()["suggestions"]
    assert [(s["segment"], s["text"], s["kind"]) for s in found] == [
        ("s1", "damn", "profanity"), ("s2", "+380 44 555 01 02.", "number"),
    ]  # fmt: skip
    assert not masked_spans(window.recording)


def test_the_original_is_heard_in_pieces(window: Window) -> None:
    url = window.url("sound")
    start = window.client.get(url, headers={"Range": "bytes=0-3"})
    assert (start.status_code, start.content) == (206, b"RIFF")
    assert start["Content-Range"].startswith("bytes 0-3/")
    assert window.client.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416


TOKENS = st.sampled_from(["a", "b", "Water,", "[door]", "шість", "x-y"])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_is_edited_around_it_a_word_keeps_its_time(data: st.DataObject) -> None:
    """The law itself, on the pure function: words sent with the id they have read as before and keep their times."""
    from datetime import UTC, datetime

    from onrecord.transcripts.rows import row_changed, side

    texts = data.draw(st.lists(TOKENS, min_size=1, max_size=8))
    old = [[f"w{n}", text, n * 100, n * 100 + 90, True, None] for n, text in enumerate(texts)]
    row = {"id": "s1", "start": 0, "end": 1000, "speaker": "", "sides": {"en": side(old, ["draft", "", ""])}}
    kept = [w for w in old if data.draw(st.booleans())]
    sent = [[w[0], w[1], None, None, ""] for w in kept]
    for n, text in enumerate(data.draw(st.lists(TOKENS, max_size=5))):
        sent.insert(data.draw(st.integers(0, len(sent))), [f"n{n}", text, None, None, ""])
    new = row_changed(
        row, {"id": "s1", "sides": {"en": {"words": sent}}}, languages=["en"], base=row, by="", duration_ms=None,
        known=lambda _, word_id: next((w for w in old if w[0] == word_id), None), at=datetime(2024, 1, 1, tzinfo=UTC),
    )["sides"]["en"]["words"]  # fmt: skip
    assert [w[1] for w in new] == [w[1] for w in sent]
    assert [w[:5] for w in new if w[0].startswith("w")] == [w[:5] for w in kept]
    assert all(w[2] is not None and w[3] >= w[2] for w in new)


@pytest.mark.parametrize(
    ("accepted", "packed"), [("gzip, br", True), ("br", False), ("gzip;q=0, br", False), ("", False)]
)
def test_the_words_travel_packed_where_the_browser_takes_them_so(
    newsroom: object, reporter: Client, accepted: str, packed: bool
) -> None:
    recording = factories.recording(prepared=False)
    factories.transcript(recording)
    url = reverse("transcript_desk:draft", args=[recording.pk])
    plain = reporter.get(url)
    answer = reporter.get(url, headers={"accept-encoding": accepted})
    assert "Accept-Encoding" in answer["Vary"]
    assert answer.has_header("Content-Encoding") == packed
    assert (gzip.decompress(answer.content) if packed else answer.content) == plain.content
