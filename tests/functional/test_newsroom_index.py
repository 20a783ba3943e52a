"""The newsroom's index of everything said: found elsewhere, kept up to date, safe to lose. All words are invented."""

from pathlib import Path

import pytest

from onrecord.archive.models import Recording
from onrecord.text.index import RecordIndex
from onrecord.text.verdicts import Verdict, check_quotations
from onrecord.transcripts import index
from onrecord.transcripts.elsewhere import said_elsewhere
from onrecord.transcripts.index import index_mend, index_update, newsroom_record
from onrecord.transcripts.models import Transcript, TranscriptVersion
from tests import factories

pytestmark = pytest.mark.django_db

OTHER_VTT = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v A clerk>The office will stay closed until the end of the month.

00:00:04.000 --> 00:00:09.000
<v A clerk>Nobody has told the ministry about the bridge and the mill.
"""
CLOSED = "The office will stay closed until the end of the month"


def office(seed: int = 2) -> Recording:
    row = factories.recording(title="At the office", seed=seed, prepared=False)
    factories.transcript(row, OTHER_VTT)
    return row


def verdict(quotation: str) -> Verdict:
    (finding,) = check_quotations(f"“{quotation}”", newsroom_record())
    return finding.verdict


def folder(folders: Path) -> Path:
    return folders / "index"


def test_words_are_found_in_a_recording_that_the_story_does_not_name(django_assert_max_num_queries) -> None:
    call = factories.recording(prepared=False)
    factories.transcript(call)
    other = office()
    (place,) = said_elsewhere(CLOSED, exclude=[call.pk])
    assert (place.recording, place.version, place.verdict) == (
        other, TranscriptVersion.objects.get(transcript__recording=other), Verdict.VERBATIM
    )  # fmt: skip
    assert (place.start_ms, place.speaker, place.first_segment) == (0, "A clerk", "s1")
    assert place.said == f"{CLOSED}."
    assert said_elsewhere(CLOSED, exclude=[str(other.pk)]) == ()
    with django_assert_max_num_queries(2):
        said_elsewhere(CLOSED)


def test_a_near_miss_is_told_as_such() -> None:
    office()
    (place, *_) = said_elsewhere("The office will be closed until the end of the year")
    assert place.verdict is Verdict.ALTERED


def test_words_that_nobody_said_and_fragments_are_nowhere() -> None:
    factories.transcript(factories.recording(prepared=False))
    assert said_elsewhere("The harvest was sold before the rain came to the valley") == ()
    assert said_elsewhere("bridge") == ()


def test_a_new_version_takes_the_place_of_the_old_one_and_the_worker_sees_to_it(
    django_capture_on_commit_callbacks, folders: Path
) -> None:
    row = office()
    assert verdict(CLOSED) is Verdict.VERBATIM
    with django_capture_on_commit_callbacks(execute=True):
        factories.transcript(row, OTHER_VTT.replace("closed", "open"))
    held = RecordIndex.open(folder(folders))
    assert held.groups() == {str(row.pk): str(TranscriptVersion.objects.latest("pk").pk)}
    (finding,) = check_quotations(f"“{CLOSED}”", held.record())
    assert finding.verdict is Verdict.ALTERED


def test_translations_are_in_it_in_their_language() -> None:
    call = factories.recording(prepared=False)
    factories.transcript(call)
    factories.transcript(call, factories.CALL_UK_VTT, language="uk")
    (place,) = said_elsewhere("Вода перейшла міст о шостій, і ніхто нам не сказав")
    assert (place.version.transcript.language, place.version.transcript.is_translation) == ("uk", True)


def test_a_recording_that_is_no_more_leaves_it(folders: Path) -> None:
    row = office()
    office_transcript = Transcript.objects.get(recording=row)
    assert index_update() == 1
    office_transcript.delete()
    assert said_elsewhere(CLOSED) == ()
    assert RecordIndex.open(folder(folders)).groups() == {}


def test_a_worker_with_an_older_view_does_not_undo_a_newer_one(monkeypatch: pytest.MonkeyPatch, folders: Path) -> None:
    row = office()
    older = index._stamps()
    factories.transcript(row, OTHER_VTT.replace("closed", "open"))
    second = office(seed=3)
    index_update()
    newest, views = index._stamps(), iter([older])
    monkeypatch.setattr(index, "_stamps", lambda: next(views, newest))
    index_update()
    assert RecordIndex.open(folder(folders)).groups() == newest
    assert str(second.pk) in newest


@pytest.mark.parametrize("harm", ["manifest", "other file", "lost"])
def test_damage_is_found_told_and_mended(folders: Path, harm: str) -> None:
    row = office()
    assert index_mend().behind == 1
    assert index_mend() == index.IndexHealth(recordings=1, behind=0)
    files = sorted(path for path in folder(folders).iterdir() if path.stat().st_size and path.suffix != ".json")
    if harm == "lost":
        for path in folder(folders).iterdir():
            path.unlink()
    elif harm == "manifest":
        (folder(folders) / "manifest.json").write_text("{")
    else:
        content = bytearray(files[0].read_bytes())
        content[len(content) // 2] ^= 0xFF
        files[0].write_bytes(content)
    health = index_mend()
    assert health.behind == 1
    assert health.damage or harm == "lost"
    assert verdict(CLOSED) is Verdict.VERBATIM
    assert RecordIndex.open(folder(folders)).groups().keys() == {str(row.pk)}
    assert [path.name for path in folders.glob(".index*")] == []


def test_it_is_private(folders: Path) -> None:
    office()
    folder(folders).rmdir()
    index_update()
    assert folder(folders).stat().st_mode & 0o077 == 0
    assert not folder(folders).is_relative_to(folders / "public")


def test_who_cannot_wait_gets_nothing_while_it_is_built(monkeypatch: pytest.MonkeyPatch, folders: Path) -> None:
    office()
    monkeypatch.setattr(index, "FEW", 0)
    assert said_elsewhere(CLOSED) == ()  # and the worker, here at once, builds it
    assert len(said_elsewhere(CLOSED)) == 1


def test_a_damaged_index_is_no_error_for_who_asks(folders: Path) -> None:
    office()
    index_update()
    (folder(folders) / "manifest.json").write_text("{")
    assert said_elsewhere(CLOSED) == ()
