"""A transcript of another recording is noticed: its words stand where nobody speaks, or are too many, or not heard."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from onrecord.archive.custody import record_event
from onrecord.archive.models import Recording
from onrecord.archive.services import plain_sound
from onrecord.audio.alignment.features import SAMPLE_RATE
from onrecord.audio.speech_presence import speech_presence
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.transcripts import Segment
from onrecord.transcripts.doubt_models import SoundCheck
from onrecord.transcripts.models import Alignment, TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import authorise, latest_version

Doubt = SoundCheck.Doubt
FEWEST_WORDS = 8
"""Of fewer words nothing can be said."""
MOST_WORDS_A_SECOND = 7.0
"""Of speech; auctioneers aside, nobody talks so fast for long."""
DOUBTED_SHARE = 0.5
UNHEARD_SHARE = 0.75
"""Of the words that the aligner is unsure of: of the right text a few, under noise some, of another one nearly all."""
SPOKEN_SHARE = 0.15
"""A segment is spoken when there is speech in this part of its time at least."""
NEAR_MS = 500
_MORE_OF_IT = 1.2


def words_doubted(segments: Sequence[Segment], speech: Sequence[Sequence[int]]) -> tuple[str, int]:
    """A reason to doubt that these words are said in this sound ("" when there is none), and of how many words.

    `speech` is [start_ms, end_ms] in order. Where a text came without times, only the number of its words counts.
    """
    count = sum(len(segment.words) for segment in segments)
    seconds = sum(end - start for start, end in speech) / 1000
    if count < FEWEST_WORDS:
        return Doubt.NONE, 0
    if _is_timed(segments):
        silent = sum(len(segment.words) for segment in segments if not _is_spoken(segment, speech))
        if silent > DOUBTED_SHARE * count:
            return Doubt.SILENT, silent
    possible = int(seconds * MOST_WORDS_A_SECOND)
    return (Doubt.TOO_MANY, count - possible) if count > possible else (Doubt.NONE, 0)


def sound_check_schedule(version: TranscriptVersion) -> None:
    """Have a new version of a transcript held against its sound; a machine's was made of the sound itself."""
    if settings.CHECK_WORDS_WITH_SOUND and not version.transcript.is_translation and not version.provenance:
        transaction.on_commit(partial(check_words_with_sound.enqueue, str(version.transcript.recording_id)))


@task()
def check_words_with_sound(recording_id: str) -> None:
    """Hold the newest words of a recording against its sound."""
    recording = Recording.objects.filter(pk=recording_id).first()
    if recording is not None:
        sound_check(recording)


def sound_check(recording: Recording) -> SoundCheck | None:
    """Hold the newest words against the sound and keep what came of it; None without words or a file to listen to.

    The sound is listened to once. A doubt that somebody has set aside stays so until there is another or a larger one.
    """
    version, copy = latest_version(recording, recording.language), recording.timed_copy()
    if version is None or copy is None:
        return None
    known = SoundCheck.objects.filter(recording=recording, sha256=copy.sha256).first()
    if known is None:
        try:
            with plain_sound(copy, sample_rate=SAMPLE_RATE) as sound:
                speech = [[span.start_ms, span.end_ms] for span in speech_presence(sound)]
        except OnrecordError:  # the recording's page says what is wrong with the file
            return None
        SoundCheck.objects.filter(recording=recording).delete()
        known, _ = SoundCheck.objects.get_or_create(
            recording=recording, defaults={"sha256": copy.sha256, "speech": speech}
        )
    segments = segments_from_json(version.segments)
    doubt, count = _not_heard(version) or words_doubted(segments, known.speech)
    with transaction.atomic():
        check = SoundCheck.objects.select_for_update().get(pk=known.pk)
        if doubt != check.doubt or count > _MORE_OF_IT * check.words_doubted:
            check.kept_by = check.kept_at = None
        check.version, check.doubt, check.words_doubted = version, doubt, count
        check.words = sum(len(segment.words) for segment in segments)
        check.save()
    return check


def doubt_set_aside(*, actor: User, recording: Recording) -> None:
    """Somebody has listened: the words are right all the same. It goes into the custody. Raises PermissionDenied."""
    authorise(actor)
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=recording.pk)
        check = SoundCheck.objects.filter(recording=recording, kept_at=None).exclude(doubt="").first()
        if check is None:
            return
        check.kept_by, check.kept_at = actor, timezone.now()
        check.save()
        record_event(
            recording, actor=str(actor), action="words kept in spite of a doubt",
            data={"doubt": check.doubt, "words": check.words, "doubted": check.words_doubted}, at=check.kept_at,
        )  # fmt: skip


def _not_heard(version: TranscriptVersion) -> tuple[str, int] | None:
    """What the tying of these very words to the sound did not find, when it is most of them."""
    done = Alignment.objects.filter(version=version, status=Alignment.Status.DONE).first()
    if done is None:
        return None
    lost, count = done.words_unsure, done.words
    return (Doubt.ELSEWHERE, lost) if count >= FEWEST_WORDS and lost > UNHEARD_SHARE * count else None


def _is_timed(segments: Sequence[Segment]) -> bool:
    """Whether the text came with times: one that was spread begins at 0, has no pauses, and no word in it is exact."""
    if segments[0].start_ms > 0 or any(word.exact for segment in segments for word in segment.words):
        return True
    return any(after.start_ms - before.end_ms > 1 for before, after in pairwise(segments))


def _is_spoken(segment: Segment, speech: Sequence[Sequence[int]]) -> bool:
    start, end = segment.start_ms - NEAR_MS, segment.end_ms + NEAR_MS
    shared, at = 0, max(0, bisect_left(speech, start, key=lambda span: span[0]) - 1)
    while at < len(speech) and speech[at][0] < end:
        shared += max(0, min(end, speech[at][1]) - max(start, speech[at][0]))
        at += 1
    return shared > SPOKEN_SHARE * (segment.end_ms - segment.start_ms)
