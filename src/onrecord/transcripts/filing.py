"""What becomes of the words when a recording is filed as a copy of another one."""

from django.utils.translation import gettext

from onrecord.archive.models import Recording
from onrecord.transcripts.models import Transcript


def words_would_be_lost(recording: Recording, under: Recording) -> list[str]:
    """Why the recording cannot be filed: it has words, and the other one has none that could stand for them."""
    having = set(
        Transcript.objects.filter(recording__in=[recording, under], is_translation=False).values_list(
            "recording_id", flat=True
        )
    )
    if recording.pk not in having or under.pk in having:
        return []
    return [
        gettext(
            "it has a transcript and “%(title)s” has none. Import the words there first, or file the other way round."
        )
        % {"title": under.title}
    ]
