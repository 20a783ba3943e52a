"""Machine translation: off unless set, segment by segment, into the desk's draft, never over people's words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.languages import base
from onrecord.text.masks import public_text
from onrecord.transcripts.draft_fills import draft_fill, is_empty
from onrecord.transcripts.drafts import text_open
from onrecord.transcripts.engines import translation_chat, translation_libre, translation_local
from onrecord.transcripts.engines.errors import EngineNotSet
from onrecord.transcripts.engines.interface import Setup
from onrecord.transcripts.engines.jobs import job_start
from onrecord.transcripts.engines.kinds import Kind, register_engine, register_kind
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.engines.translation_http import host_of
from onrecord.transcripts.glossary import glossaries, terms_for
from onrecord.transcripts.locking import follow
from onrecord.transcripts.models import Transcript, TranscriptVersion
from onrecord.transcripts.rows import Row, segment_of
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import authorise, latest_version, version_write

KIND = EngineJob.Kind.TRANSLATE
BEGUN = "Translation begun"
_SERVERS = {"libretranslate": translation_libre.NAME, "openai": translation_chat.NAME}
_ENGINES = (translation_local, translation_libre, translation_chat)


class NothingToTranslate(OnrecordError):
    code = "nothing-to-translate"
    message = "“{title}” has no words in {language} that lack a translation into {to_language}. Nothing was sent."


class TranscriptMissing(OnrecordError):
    code = "transcript-missing"
    message = "“{title}” has no transcript yet, so there is nothing to translate. Add the transcript first."


class SameLanguage(OnrecordError):
    code = "same-language"
    message = "{language} is the language of the recording itself, or no language tag. Name another, such as en or uk."


def translation_setup() -> Setup | None:
    """The engine that translates, as it is set; None when none is."""
    name = settings.TRANSLATE_ENGINE
    if name == "local":
        folder = Path(settings.TRANSLATE_MODEL).expanduser()
        folder = folder if folder.is_absolute() else settings.NEWSROOM_DIR / folder
        return Setup(translation_local.NAME, str(folder), translation_local.PARAMETERS)
    if name in _SERVERS:
        url = settings.TRANSLATE_URL
        return Setup(_SERVERS[name], settings.TRANSLATE_MODEL, {"url": url}, sends_to=host_of(url))
    return None


def model_shown(setup: Setup) -> str:
    """The model for people, after a comma; of a folder its name only."""
    name = Path(setup.model).name if setup.model.startswith("/") else setup.model
    return f", {name}" if name else ""


def translation_begin(*, actor: User | None, recording: Recording, language: str) -> Transcript:
    """A translation to work on, without words where there is none yet. Raises SameLanguage, TranscriptMissing."""
    authorise(actor)
    language = language.strip()
    if not 2 <= len(base(language)) <= 3 or not base(language).isalpha() or base(language) == base(recording.language):
        raise SameLanguage(language=language or "–")
    original = latest_version(recording, recording.language)
    if original is None:
        raise TranscriptMissing(title=recording.title)
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=recording.pk)
        transcript, _ = Transcript.objects.get_or_create(
            recording=recording, language=language, defaults={"is_translation": True}
        )
        if not transcript.versions.exists():
            segments = follow(segments_from_json(original.segments), ())
            version_write(transcript, segments, actor=actor, note=BEGUN)
    return transcript


def untranslated(recording: Recording, language: str) -> list[Row]:
    """Segments as the desk has them now that have words, and none in this language."""
    return [
        row
        for row in text_open(recording).rows
        if row["sides"][recording.language]["words"] and is_empty(row, language)
    ]


def translation_start(
    *, actor: User | None, recording: Recording, to_language: str, enqueue: bool = True, setup: Setup | None = None
) -> EngineJob:
    """Have the segments translated that have no translation yet.

    Raises EngineNotSet, SameLanguage, TranscriptMissing, NothingToTranslate, PermissionDenied.
    """
    setup = setup or translation_setup()
    if setup is None:
        raise EngineNotSet(setting="TRANSLATE_ENGINE")
    with transaction.atomic():
        language = translation_begin(actor=actor, recording=recording, language=to_language).language
        wanted = [row["id"] for row in untranslated(recording, language)]
        if not wanted:
            raise NothingToTranslate(title=recording.title, language=recording.language, to_language=language)
        return job_start(
            actor=actor, recording=recording, kind=KIND, setup=setup, language=base(recording.language),
            to_language=language, asked={"segments": wanted}, enqueue=enqueue,
        )  # fmt: skip


@contextmanager
def _given(job: EngineJob) -> Iterator[Mapping[str, Any]]:
    """What is sent: of the segments asked for those still empty, with masks where words are masked."""
    recording = job.recording
    empty = {row["id"]: row for row in untranslated(recording, job.to_language)}
    texts = [
        [key, public_text(segment_of(empty[key], recording.language).words) if key in empty else ""]
        for key in job.asked["segments"]
    ]
    terms = terms_for([text for _, text in texts], recording.language, job.to_language, glossaries())
    yield {"segments": texts, "terms": terms}


def _take(job: EngineJob, pieces: Sequence[Mapping[str, Any]]) -> None:
    """What was translated goes into the draft at once."""
    texts = {key: text for piece in pieces for key, text in piece["segments"]}
    by = f"{job.engine} {Path(job.model).name}".strip()
    draft_fill(actor=None, recording=job.recording, language=job.to_language, texts=texts, by=by)


def _finish(job: EngineJob, pieces: Sequence[Mapping[str, Any]]) -> TranscriptVersion | None:
    _take(job, pieces)
    return None


def _secrets(job: EngineJob) -> Mapping[str, str]:
    """The key goes to the host that is set now, not to one that was set when the job was started."""
    setup = translation_setup()
    same = setup is not None and setup.parameters.get("url") == job.parameters.get("url")
    return {"key": settings.TRANSLATE_KEY} if same and settings.TRANSLATE_KEY else {}


def register() -> None:
    """Make machine translation known to the engines' worker."""
    for engine in _ENGINES:
        register_engine(engine.NAME, engine.RUN)
    register_kind(KIND, Kind(setup=translation_setup, given=_given, finish=_finish, secrets=_secrets, take=_take))
