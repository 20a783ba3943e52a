"""Who has a recording's words open to edit right now: told by a pulse of each window, forgotten when it stops."""

from datetime import timedelta

from django.utils import timezone

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.transcripts.models import Presence

GONE_AFTER = timedelta(seconds=30)


def presence_pulse(*, actor: User, recording: Recording, tab: str) -> list[str]:
    """Note that this window is open, and name who has another one: "you, in another window" comes as ""."""
    now = timezone.now()
    Presence.objects.update_or_create(recording=recording, tab=tab, defaults={"person": actor, "seen_at": now})
    Presence.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    others = (
        Presence.objects.filter(recording=recording, seen_at__gte=now - GONE_AFTER)
        .exclude(tab=tab)
        .select_related("person")
    )
    return sorted({"" if other.person_id == actor.pk else str(other.person) for other in others})


def presence_end(*, recording: Recording, tab: str) -> None:
    """The window was closed."""
    Presence.objects.filter(recording=recording, tab=tab).delete()
