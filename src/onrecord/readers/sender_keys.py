"""The keys with which senders' addresses are hashed: a new random one each day, forgotten after a few."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from onrecord.readers.models import SenderBan, SenderKey, Sent

MIN_DAYS = 2  # the limit's window may reach over midnight

_kept: tuple[date, dict[date, str]] | None = None


def sender_keys(now: datetime) -> dict[date, str]:
    """The keys that are kept, newest first; today's is made when it is asked for first.

    Read once a day and process: a key never changes.
    """
    global _kept
    today = now.date()
    if _kept is None or _kept[0] != today:
        SenderKey.objects.get_or_create(day=today, defaults={"key": secrets.token_hex(32)})
        rows = SenderKey.objects.filter(day__gt=_oldest(today), day__lte=today).order_by("-day")
        _kept = today, dict(rows.values_list("day", "key"))
    return _kept[1]


def sender_keys_drop(now: datetime) -> int:
    """Forget keys past their days, the hashes made with them and the bans that rest on them; gives the keys dropped.

    A hash without its key still tells which messages of one day came from one network, so it goes as well.
    """
    global _kept
    oldest = _oldest(now.date())
    dropped, _ = SenderKey.objects.filter(day__lte=oldest).delete()
    SenderBan.objects.filter(day__lte=oldest).delete()
    ended = datetime.combine(oldest + timedelta(days=1), time.min, UTC)
    for model in Sent.__subclasses__():
        rows = model._default_manager.filter(created_at__lt=ended).exclude(sender="")
        rows.update(sender="")
    _kept = None
    return dropped


def _oldest(today: date) -> date:
    return today - timedelta(days=max(MIN_DAYS, settings.SENDER_KEYS_DAYS))
