"""Who is sending, as far as a limit must know: a keyed hash of an address, and what it has sent of late."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from onrecord.errors import OnrecordError
from onrecord.readers.models import Comment, CorrectionReport, Sent

WINDOW = timedelta(hours=1)
LIMIT_PROVED = 20
LIMIT_UNPROVED = 4
LIMIT_UNPROVED_FROM_ALL = 200
IPV6_PREFIX = 64


class TooManyMessages(OnrecordError):
    code = "too-many-messages"
    message = "Too many messages came from your network in the last hour. Please wait and send it again."


@dataclass(frozen=True)
class Sender:
    """Today's hash of a network address, and yesterday's: the limit's window may reach over midnight."""

    today: str
    yesterday: str

    @classmethod
    def of(cls, address: str, now: datetime) -> "Sender":
        network = address_network(address)
        return cls(_hash(network, now), _hash(network, now - timedelta(days=1)))


def client_address(headers: Mapping[str, str], trusted_proxies: int) -> str:
    """The address that the outermost of our own proxies saw; `headers` is WSGI's environment.

    Each trusted proxy adds one entry at the end of X-Forwarded-For; what stands before is the client's claim.
    """
    forwarded = [part.strip() for part in headers.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return headers.get("REMOTE_ADDR", "")


def address_network(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64 network; "unknown" for anything else."""
    bare = address.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)


def limit_check(sender: Sender, *, proved: bool, now: datetime) -> None:
    """Raise TooManyMessages when the address, or everybody without proof together, sent enough in the window.

    Counts what is stored, so it holds over several processes; call in the transaction that stores it.
    """
    since = now - WINDOW
    if _count(since, sender=sender) >= LIMIT_PROVED:
        raise TooManyMessages()
    if not proved and (
        _count(since, sender=sender, proved=False) >= LIMIT_UNPROVED
        or _count(since, proved=False) >= LIMIT_UNPROVED_FROM_ALL
    ):
        raise TooManyMessages()


def _count(since: datetime, *, sender: Sender | None = None, proved: bool | None = None) -> int:
    total = 0
    models: tuple[type[Sent], ...] = (CorrectionReport, Comment)
    for model in models:
        rows = model._default_manager.filter(created_at__gt=since)
        if sender is not None:
            rows = rows.filter(sender__in=[sender.today, sender.yesterday])
        if proved is not None:
            rows = rows.filter(proved=proved)
        total += rows.count()
    return total


def _hash(network: str, day: datetime) -> str:
    return salted_hmac(f"onrecord.readers.senders {day:%Y-%m-%d}", network, algorithm="sha256").hexdigest()
