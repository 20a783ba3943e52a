"""Speech to text in the newsroom: what an engine heard becomes a version, marked as a machine's."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from onrecord.archive.models import Recording
from onrecord.archive.services import plain_sound
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.languages import base
from onrecord.text.subtitles import lock_translation
from onrecord.text.transcripts import Segment, Word
from onrecord.transcripts.drafts import draft_replaced, text_open
from onrecord.transcripts.engines import whisper
from onrecord.transcripts.engines.errors import EngineNotSet
from onrecord.transcripts.engines.interface import Setup
from onrecord.transcripts.engines.jobs import job_retry, job_start
from onrecord.transcripts.engines.kinds import Kind, register_engine, register_kind
from onrecord.transcripts.engines.masks_carried import masks_carried
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.engines.sound_windows import SAMPLE_RATE
from onrecord.transcripts.models import Transcript, TranscriptVersion
from onrecord.transcripts.reviews import DRAFT, machine_reviews
from onrecord.transcripts.segments import segments_from_json, segments_to_json
from onrecord.transcripts.versions import latest_version, new_id, translations_write, version_write

KIND = EngineJob.Kind.TRANSCRIBE
DETECT = "detect"
NOTE = "Heard by a machine"
SURE = 0.5
"""A word heard less surely has no exact time."""


class NothingToTranscribe(OnrecordError):
    code = "nothing-to-transcribe"
    message = "“{title}” has no file whose sound could be listened to."


def transcription_setup(model: str = "") -> Setup | None:
    """The engine as it is set, or with another model (folder or name); None when no model is named."""
    model = model or settings.WHISPER_MODEL
    if not model:
        return None
    folder = Path(model).expanduser()
    if not folder.is_absolute() and (settings.NEWSROOM_DIR / folder).is_dir():
        folder = settings.NEWSROOM_DIR / folder
    parameters = {
        **whisper.PARAMETERS,
        "device": settings.WHISPER_DEVICE,
        "compute_type": settings.WHISPER_COMPUTE_TYPE,
    }
    return Setup(whisper.NAME, str(folder.resolve()) if folder.is_dir() else model, parameters)


def transcription_start(
    *,
    actor: User | None,
    recording: Recording,
    language: str = "",
    replace: bool = False,
    setup: Setup | None = None,
    enqueue: bool = True,
) -> EngineJob:
    """Have the sound listened to and written down, in the recording's language, another one, or DETECT.

    Words by people stay the newest unless `replace` is given; what the machine heard is a version in either case.
    Raises EngineNotSet, NothingToTranscribe, PermissionDenied.
    """
    setup = setup or transcription_setup()
    if setup is None:
        raise EngineNotSet(setting=whisper.SETTING)
    if recording.timed_copy() is None:
        raise NothingToTranscribe(title=recording.title)
    language = "" if language == DETECT else base(language or recording.language)
    return job_start(
        actor=actor, recording=recording, kind=KIND, setup=setup, language=language,
        asked={"replace": replace}, enqueue=enqueue,
    )  # fmt: skip


def transcription_resumed_or_started(
    *, recording: Recording, language: str = "", replace: bool = False, model: str = ""
) -> EngineJob:
    """The same asked for at the command line, for the caller to run: what was cancelled or failed goes on if it was the
    same engine, model and language. Raises EngineNotSet, NothingToTranscribe.
    """
    setup = transcription_setup(model)
    last = EngineJob.objects.filter(recording=recording, kind=KIND).first()
    wanted = "" if language == DETECT else base(language or recording.language)
    if setup and last and last.state in (EngineJob.State.FAILED, EngineJob.State.CANCELLED):
        had = (last.engine, last.model, last.parameters, last.language, last.asked.get("replace", False))
        if had == (setup.engine, setup.model, setup.parameters, wanted, replace):
            return job_retry(actor=None, job=last, setup=setup, enqueue=False)
    return transcription_start(
        actor=None, recording=recording, language=language, replace=replace, setup=setup, enqueue=False
    )


def words_by_people(recording: Recording) -> bool:
    """Whether a person wrote, corrected or reviewed any of the words that are the newest now."""
    version = latest_version(recording, recording.language)
    if version is None:
        return False
    if not version.provenance or text_open(recording).changed:
        return True
    states = (version.reviews.get(segment["id"], DRAFT)[0] for segment in version.segments if segment["words"])
    return any(state != "machine" for state in states)


@contextmanager
def _given(job: EngineJob) -> Iterator[Mapping[str, Any]]:
    copy = job.recording.timed_copy()
    if copy is None:
        raise NothingToTranscribe(title=job.recording.title)
    with plain_sound(copy, sample_rate=SAMPLE_RATE) as sound:
        yield {"sound": str(sound)}


def _finish(job: EngineJob, pieces: Sequence[Mapping[str, Any]]) -> TranscriptVersion | None:
    segments = _segments(pieces)
    if not segments:
        return None
    recording, actor = job.recording, job.started_by
    latest = latest_version(recording, recording.language)
    keep = words_by_people(recording) and not job.asked.get("replace")
    if latest is not None:
        segments = masks_carried(segments_from_json(latest.segments), segments, new_id=new_id)
    transcript, _ = Transcript.objects.get_or_create(recording=recording, language=recording.language)
    if not keep:
        draft_replaced(recording, actor=actor)
    version = version_write(
        transcript, segments, actor=actor, note=NOTE, warnings=_warnings(job),
        reviews=machine_reviews(segments_to_json(segments)), provenance=_provenance(job),
        under=latest if keep else None,
    )  # fmt: skip
    if not keep:
        translations_write(version, lambda new, old: lock_translation(new, old)[0], actor=actor)
    return version


def _segments(pieces: Sequence[Mapping[str, Any]]) -> tuple[Segment, ...]:
    segments = [
        Segment(
            new_id(), piece["start_ms"], max(piece["end_ms"], piece["start_ms"] + 1), "",
            tuple(Word(new_id(), text, start, end, surely >= SURE) for text, start, end, surely in piece["words"]),
        )
        for piece in pieces
    ]  # fmt: skip
    return tuple(sorted(segments, key=lambda segment: (segment.start_ms, segment.end_ms)))


def _provenance(job: EngineJob) -> dict[str, Any]:
    facts = dict(job.facts)
    engine = f"{job.engine} {facts.pop('faster_whisper', '')}".strip()
    given = {"language_given": job.language} if job.language else {}
    return {"engine": engine, "model": model_name(job.model), "parameters": {**job.parameters, **given, **facts}}


def model_name(model: str) -> str:
    """A model as people know it: of a folder its name only, as where it lies is nobody's business."""
    return Path(model).name if model.startswith("/") else model


def _warnings(job: EngineJob) -> list[str]:
    heard, filed = str(job.facts.get("language", "")), base(job.recording.language)
    if job.language or heard == filed or whisper.OTHER_CODES.get(filed) == heard:
        return []
    surely = round(100 * float(job.facts.get("language_probability", 0)))
    return [f"The machine took the language for {heard} ({surely} % sure); the recording is filed as {filed}."]


def register() -> None:
    """Make speech to text known to the engines' worker."""
    register_engine(whisper.NAME, whisper.RUN)
    register_kind(KIND, Kind(setup=transcription_setup, given=_given, finish=_finish))
