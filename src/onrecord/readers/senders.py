"""Who is sending, as far as a limit must know: a keyed hash of a network, and what it has sent of late."""

import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from onrecord.errors import OnrecordError
from onrecord.readers.models import SenderBan, Sent
from onrecord.readers.sender_keys import sender_keys

WINDOW = timedelta(hours=1)
LIMIT_PROVED = 40
LIMIT_UNPROVED = 4
LIMIT_UNPROVED_FROM_ALL = 200
IPV4_PREFIX = 24
IPV6_PREFIX = 48


class TooManyMessages(OnrecordError):
    code = "too-many-messages"
    message = "Too many messages came from your network in the last hour. Please wait and send it again."


class SenderBanned(OnrecordError):
    code = "sender-banned"
    message = (
        "The moderators take no comments from your network for now. If you are not the one they mean, "
        "write to the newsroom."
    )


@dataclass(frozen=True)
class Sender:
    """The hash of a network under today's key, under yesterday's, and under each older one that is kept."""

    hashes: tuple[tuple[date, str], ...]
    day: date

    @classmethod
    def of(cls, address: str, now: datetime) -> "Sender":
        network = address_network(address).encode()
        keys = sender_keys(now)
        hashes = ((day, hmac.digest(bytes.fromhex(key), network, "sha256").hex()) for day, key in keys.items())
        return cls(tuple(hashes), now.date())

    @property
    def today(self) -> str:
        return dict(self.hashes)[self.day]

    @property
    def yesterday(self) -> str:
        """Empty where nobody had written yesterday."""
        return dict(self.hashes).get(self.day - timedelta(days=1), "")

    @property
    def recent(self) -> list[str]:
        return [one for one in (self.today, self.yesterday) if one]


def client_address(headers: Mapping[str, str], trusted_proxies: int) -> str:
    """The address that the outermost of our own proxies saw; `headers` is WSGI's environment.

    Each trusted proxy adds one entry at the end of X-Forwarded-For; what stands before is the client's claim.
    """
    forwarded = [part.strip() for part in headers.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return headers.get("REMOTE_ADDR", "")


def address_network(address: str) -> str:
    """The /24 network of an IPv4 address, the /48 of an IPv6 address; "unknown" for anything else."""
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
    return str(ipaddress.ip_network((parsed, IPV4_PREFIX), strict=False))


def limit_check(sender: Sender, *, proved: bool, now: datetime) -> None:
    """Raise TooManyMessages when the address, or everybody without proof together, sent enough in the window.

    Counts what is stored, so it holds over several processes; call in the transaction that stores it.
    """
    since = now - WINDOW
    sent = _proved_since(since, LIMIT_PROVED, sender.recent)
    if len(sent) >= LIMIT_PROVED:
        raise TooManyMessages()
    if not proved and (
        sent.count(False) >= LIMIT_UNPROVED
        or len(_proved_since(since, LIMIT_UNPROVED_FROM_ALL)) >= LIMIT_UNPROVED_FROM_ALL
    ):
        raise TooManyMessages()


def ban_check(sender: Sender) -> None:
    """Raise SenderBanned when this network was banned under a key that is still kept."""
    if SenderBan.objects.filter(sender__in=[one for _, one in sender.hashes]).order_by().exists():
        raise SenderBanned()


def _proved_since(since: datetime, limit: int, senders: Sequence[str] = ()) -> list[bool]:
    """Of the messages of every kind since then: whether each came with a proof. Of these senders, else unproved ones.

    Written out, for every message comes by here, and making the statement costs Django more than the answer costs the
    database.
    """
    tables = [model._meta.db_table for model in Sent.__subclasses__()]
    which = f"sender IN ({', '.join(['%s'] * len(senders))})" if senders else "NOT proved"
    parts = [f"SELECT proved FROM {table} WHERE created_at > %s AND {which}" for table in tables]
    moment = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} LIMIT {limit:d}", [moment, *senders] * len(tables))
        return [bool(proved) for (proved,) in cursor.fetchall()]
