"""A file whose sound is on record already: recognised, proposed, filed as a copy, taken back. Voices are synthetic."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onrecord.archive import filing, services
from onrecord.archive.fingerprints import fingerprint_index, fingerprints_mend
from onrecord.archive.models import Copy, FingerprintedFile, Recording, Repost
from onrecord.archive.reposts import independent_origins, open_proposals, proposals, sound_of_copies
from onrecord.core.blobs import Integrity
from onrecord.errors import IndexUnreadable
from onrecord.transcripts.index import index_update, newsroom_transcripts
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import side_by_side
from tests import factories
from tests.functional.conftest import DeskOf
from tests.unit.audio.fingerprints.reposting import RATE, Sound, faster, speech
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.django_db(transaction=True)

CALL_SECONDS = 20


@pytest.fixture(autouse=True)
def recognising(settings: Any) -> Iterator[None]:
    settings.RECOGNISE_REPOSTS = True
    yield
    if connection.vendor == "postgresql":
        with fingerprint_index() as index:
            for name in index.names():
                index.remove(name)


def call(number: int = 1) -> Sound:
    return speech(number, CALL_SECONDS)


def cut(number: int = 1, *, start: float = 6, end: float = 14, speed: float = 1.03) -> Sound:
    return faster(call(number)[round(start * RATE) : round(end * RATE)], speed)


def add(folder: Path, sound: Sound, title: str, publisher: str, day: int, **changes: Any) -> services.Added:
    path = write_media(folder / "sound.wav", sound[np.newaxis, :], RATE)
    values: dict[str, Any] = {"actor": None, "language": "en", "url": "", "title": title} | changes
    return services.recording_add(
        stream=io.BytesIO(path.read_bytes()), filename=f"{title}.wav", publisher=publisher,
        published_at=datetime(2024, 5, day, 9, tzinfo=UTC), **values,
    )  # fmt: skip


@pytest.fixture
def pair(settings: Any) -> tuple[Recording, Recording]:
    """A call, and a part of it that another channel put out two days later, as the worker keeps what it found."""
    factories.newsroom()
    settings.RECOGNISE_REPOSTS = False
    first = factories.recording(title="The call", prepared=False)
    second = factories.recording(
        title="Heard on the bank", seed=2, publisher="Left Bank Channel", prepared=False,
        published_at=datetime(2024, 5, 6, 9, tzinfo=UTC),
    )  # fmt: skip
    met(second, first)
    settings.RECOGNISE_REPOSTS = True
    return first, second


def met(one: Recording, other: Recording) -> None:
    """The worker found a part of the one in the other."""
    Repost.objects.create(
        sha256=one.copies.get().sha256, other_sha256=other.copies.get().sha256, found_at=timezone.now(),
        parts=[[0, 11_650, 0, 12_000, 1.03, 30.0, True]],
    )  # fmt: skip


def said_in_the_index() -> list[str]:
    index_update()
    return [text.id for text in newsroom_transcripts()]


@pytest.fixture
def heard(tmp_path: Path) -> tuple[Recording, Recording]:
    """A call, and a part of it that another channel put out two days later, faster."""
    first = add(tmp_path, call(), "The call", "Velna Wire", 4).recording
    second = add(tmp_path, cut(), "Heard on the bank", "Left Bank Channel", 6).recording
    return first, second


def test_a_part_put_out_faster_is_recognised_by_itself(heard: tuple[Recording, Recording]) -> None:
    first, second = heard
    (proposal,) = proposals(second)
    assert (proposal.other, proposal.sure, proposal.files_this) == (first, True, True)
    assert (proposal.lag, proposal.other_is_earlier, proposal.other_first.publisher.name) == (
        "2\xa0days",
        True,
        "Velna Wire",
    )
    (part,) = proposal.parts
    assert part.start_ms == pytest.approx(0, abs=400)
    assert part.other_start_ms == pytest.approx(6_000, abs=400)
    assert part.other_end_ms == pytest.approx(14_000, abs=400)
    assert part.speed == pytest.approx(1.03, abs=0.003)
    assert part.speed_words.endswith("% faster")
    assert open_proposals(8) == ([(second, first)], 1)


def test_the_other_recording_shows_it_from_its_side(heard: tuple[Recording, Recording]) -> None:
    first, second = heard
    (proposal,) = proposals(first)
    assert (proposal.other, proposal.files_this) == (second, False)
    assert proposal.parts[0].start_ms == pytest.approx(6_000, abs=400)
    assert proposal.parts[0].speed_words.endswith("% slower")


def test_the_longer_file_that_comes_later_meets_the_shorter(tmp_path: Path) -> None:
    short = add(tmp_path, cut(speed=1.0), "An excerpt", "Left Bank Channel", 6).recording
    whole = add(tmp_path, call(), "The call", "Velna Wire", 7).recording
    (proposal,) = proposals(whole)
    assert (proposal.other, proposal.files_this) == (short, False)
    assert proposal.parts[0].speed_words == ""


def test_a_programme_that_has_a_part_is_not_proposed_as_a_copy(tmp_path: Path) -> None:
    add(tmp_path, call(), "The call", "Velna Wire", 4)
    programme = np.concatenate([speech(5, 15, "en-gb+m5"), cut(end=12)])
    evening = add(tmp_path, programme, "The evening programme", "Left Bank Channel", 6).recording
    (proposal,) = proposals(evening)
    assert proposal.files_this is None
    assert proposal.parts[0].start_ms == pytest.approx(15_000, abs=600)


def test_other_speech_is_no_repost(tmp_path: Path) -> None:
    add(tmp_path, call(), "The call", "Velna Wire", 4)
    other = add(tmp_path, speech(8, 20, "en-gb+f4"), "Another", "Velna Wire", 5).recording
    assert proposals(other) == []
    assert Repost.objects.count() == 0


def test_filing_moves_the_file_and_nothing_else(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    before = Recording.objects.get(pk=first.pk)
    editor = factories.person()
    filing.recording_file(actor=editor, recording_id=second.pk, under_id=first.pk)
    assert [copy.publisher.name for copy in first.copies.all()] == ["Velna Wire", "Left Bank Channel"]
    assert first.timed_copy() == Copy.objects.get(publisher__name="Velna Wire")
    assert list(Recording.objects.standing()) == [first]
    now = Recording.objects.get(pk=first.pk)
    assert (now.audio, now.status, now.duration_ms) == (before.audio, before.status, before.duration_ms)
    assert [check.result for check in services.originals_verify()] == [Integrity.VERIFIED] * 4
    assert second.custody.last().action == "filed as a copy"
    assert first.custody.last().data["sha256"] == [Copy.objects.get(moved_from=second).sha256]
    assert proposals(first) == []
    (parts,) = sound_of_copies(first).values()
    assert parts[0].speed_words == "3 % faster"


def test_filing_the_earlier_file_does_not_change_what_is_heard(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    sha256 = second.copies.get().sha256
    factories.newsroom()
    filing.recording_file(actor=factories.person(), recording_id=first.pk, under_id=second.pk)
    assert second.timed_copy().sha256 == sha256  # type: ignore[union-attr]


def test_filing_is_taken_back_with_everything(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    editor = factories.person()
    factories.transcript(first)
    factories.transcript(second)
    filing.recording_file(actor=editor, recording_id=second.pk, under_id=first.pk)
    filing.filing_undo(actor=editor, recording_id=second.pk)
    assert second.copies.get().moved_from is None
    assert len(side_by_side(second)) == 3
    assert [event.action for event in second.custody.all()][-2:] == ["filed as a copy", "filing taken back"]
    assert len(proposals(second)) == 1
    with pytest.raises(filing.NotFiled, match="nothing to take back"):
        filing.filing_undo(actor=editor, recording_id=second.pk)


def test_the_words_of_what_was_filed_are_out_of_the_way(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    factories.transcript(first)
    factories.transcript(second)
    filing.recording_file(actor=factories.person(), recording_id=second.pk, under_id=first.pk)
    spoken = [version.transcript.recording for version in TranscriptVersion.objects.filter(pk__in=said_in_the_index())]
    assert spoken == [first]


def test_filing_is_refused_where_words_would_be_lost(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    factories.transcript(second)
    with pytest.raises(filing.CannotFile, match="has a transcript and “The call” has none"):
        filing.recording_file(actor=factories.person(), recording_id=second.pk, under_id=first.pk)
    assert second.copies.count() == 1


@pytest.mark.parametrize("publish", [True, False], ids=["published", "draft"])
def test_filing_is_refused_where_a_story_stands_on_it(pair: tuple[Recording, Recording], publish: bool) -> None:
    first, second = pair
    factories.transcript(first)
    factories.transcript(second)
    factories.story(
        "“We are not leaving without the animals,” a woman says.", title="Not without the animals",
        recordings=[second], publish=publish,
    )  # fmt: skip
    with pytest.raises(filing.CannotFile, match="“Not without the animals”"):
        filing.recording_file(actor=factories.person(), recording_id=second.pk, under_id=first.pk)


def test_a_chain_of_copies_ends_at_one_recording(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    editor = factories.person()
    third = factories.recording(title="Again", seed=3, publisher="Mill Channel", prepared=False)
    filing.recording_file(actor=editor, recording_id=third.pk, under_id=second.pk)
    filing.recording_file(actor=editor, recording_id=second.pk, under_id=first.pk)
    assert first.copies.count() == 3
    with pytest.raises(filing.CannotFile, match="itself filed"):
        filing.recording_file(actor=editor, recording_id=first.pk, under_id=second.pk)
    filing.filing_undo(actor=editor, recording_id=second.pk)
    assert (first.copies.count(), second.copies.count()) == (2, 1)
    filing.filing_undo(actor=editor, recording_id=third.pk)
    assert third.copies.count() == 1


def test_what_is_not_a_repost_stays_dismissed_until_reconsidered(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    editor = factories.person()
    for _ in range(2):
        filing.repost_decide(actor=editor, recording_id=first.pk, other_id=second.pk, dismissed=True)
    assert open_proposals(8) == ([], 0)
    assert proposals(second)[0].dismissed_by == str(editor)
    assert [event.action for event in second.custody.all()].count("not a repost") == 1
    filing.repost_decide(actor=editor, recording_id=first.pk, other_id=second.pk, dismissed=False)
    assert open_proposals(8)[1] == 1


def test_only_who_may_change_recordings_files_them(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    moderator = factories.person("Moderator")
    with pytest.raises(PermissionDenied):
        filing.recording_file(actor=moderator, recording_id=second.pk, under_id=first.pk)
    with pytest.raises(PermissionDenied):
        filing.repost_decide(actor=moderator, recording_id=second.pk, other_id=first.pk, dismissed=True)
    with pytest.raises(PermissionDenied):
        filing.filing_undo(actor=moderator, recording_id=second.pk)


def test_origins_are_counted_after_reposts_are_collapsed(pair: tuple[Recording, Recording]) -> None:
    first, second = pair
    assert independent_origins([first, second]) == {first.pk: 1, second.pk: 1}
    filing.recording_file(actor=factories.person(), recording_id=second.pk, under_id=first.pk)
    factories.recording(title="Own tape", seed=3, publisher="Mill Channel", prepared=False, copy_of=first)
    assert independent_origins([first]) == {first.pk: 2}


def test_a_file_too_short_to_recognise_is_remembered_with_the_reason(tmp_path: Path) -> None:
    added = add(tmp_path, call()[: RATE // 2], "A word", "Velna Wire", 4)
    row = FingerprintedFile.objects.get(pk=added.copy.sha256)
    assert "too short" in row.problem
    assert fingerprints_mend().missing == 0


def test_the_index_is_built_again_when_it_is_gone_or_damaged(heard: tuple[Recording, Recording], settings: Any) -> None:
    files = set(Copy.objects.values_list("sha256", flat=True))
    if connection.vendor == "postgresql":
        with fingerprint_index() as index:
            index.remove(min(files))
        assert (fingerprints_mend().missing, fingerprints_mend().missing) == (1, 0)
        return
    (Path(settings.FINGERPRINTS_DIR) / "segments.json").write_text("{")
    with pytest.raises(IndexUnreadable, match="onrecord doctor"), fingerprint_index() as index:
        index.names()
    health = fingerprints_mend()
    assert (health.missing, "damaged" in health.damage) == (2, True)
    assert fingerprints_mend() == type(health)(files=2, missing=0, superfluous=0, unreadable=0)
    assert Repost.objects.count() == 1


def test_what_is_no_longer_on_record_leaves_the_index(heard: tuple[Recording, Recording]) -> None:
    _, second = heard
    gone = second.copies.get()
    gone.delete()
    assert fingerprints_mend().superfluous == 1
    with fingerprint_index() as index:
        assert gone.sha256 not in index.names()
    assert Repost.objects.count() == 0


def test_files_are_read_in_a_process_of_their_own(tmp_path: Path, settings: Any) -> None:
    settings.ISOLATE_DECODING = True
    add(tmp_path, call(), "The call", "Velna Wire", 4)
    add(tmp_path, cut(), "Heard on the bank", "Left Bank Channel", 6)
    assert Repost.objects.count() == 1
    assert list(Path(settings.INCOMING_DIR).iterdir()) == []


def test_the_desk_proposes_files_and_takes_back(pair: tuple[Recording, Recording], reporter: Client) -> None:
    first, second = pair
    page = reverse("recording_desk:inspect", args=[second.pk])
    text = reporter.get(page).text
    for shown in (
        "Surely the same sound",
        "0:00–0:11",
        "3 % faster here",
        "First published 2\xa0days earlier by Velna Wire",
    ):
        assert shown in text
    assert "has sound of" in reporter.get(reverse("wagtailadmin_home")).text
    done = reporter.post(reverse("recording_desk:file", args=[second.pk]), {"other": first.pk}, follow=True)
    for shown in ("is filed as a copy of this", "came in as", "2 publishers, 1 independent origin."):
        assert shown in done.text
    assert "Filed as a copy of" in reporter.get(page).text
    assert second.title not in reporter.get(reverse("recording_desk:index")).text.replace("Heard on the bank.wav", "")
    back = reporter.post(reverse("recording_desk:take_back", args=[second.pk]), follow=True)
    assert "a recording of its own again" in back.text
    again = reporter.post(reverse("recording_desk:take_back", args=[second.pk]), follow=True)
    assert "nothing to take back" in again.text
    data = {"other": first.pk, "dismissed": "1"}
    assert (
        "Look at it again" in reporter.post(reverse("recording_desk:repost", args=[second.pk]), data, follow=True).text
    )


def test_the_desk_says_why_it_cannot_file(pair: tuple[Recording, Recording], editor: Client) -> None:
    first, second = pair
    factories.transcript(second)
    page = editor.get(reverse("recording_desk:inspect", args=[second.pk])).text
    assert "This cannot be filed under it: it has a transcript" in page
    assert "File this as a copy of it" not in page
    refused = editor.post(reverse("recording_desk:file", args=[second.pk]), {"other": first.pk}, follow=True)
    assert "was not filed as a copy" in refused.text
    assert editor.post(reverse("recording_desk:file", args=[second.pk]), {"other": "no id"}).status_code == 404


def test_who_may_only_read_is_offered_nothing(pair: tuple[Recording, Recording], desk_of: DeskOf) -> None:
    _, second = pair
    moderator = desk_of("Moderator")
    page = moderator.get(reverse("recording_desk:inspect", args=[second.pk])).text
    assert "Surely the same sound" in page
    assert "File this as a copy" not in page
    assert moderator.post(reverse("recording_desk:take_back", args=[second.pk])).status_code == 302
    assert second.filed_under is None


def test_readers_are_told_how_many_origins_there_are(pair: tuple[Recording, Recording], client: Client) -> None:
    first, second = pair
    filing.recording_file(actor=factories.person(), recording_id=second.pk, under_id=first.pk)
    factories.transcript(first)
    page = factories.story(
        "“We are not leaving without the animals,” a woman says.", recordings=[first], publish=True
    )  # fmt: skip
    assert "1 of 2 publishers" in client.get(page.url).text
    assert "2 publishers, 1 independent origin" in client.get(first.get_absolute_url()).text
