"""One POST to an address outside, and to nowhere else: not into our own network, not where a redirect leads.

The name is resolved once and the connection is made to an address that was looked at, so that a name that means
another machine a moment later (DNS rebinding) does not get around it.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.errors import OnrecordError

SECONDS = 10
MOST_READ = 65_536
# IPv6 that carries an IPv4 address: NAT64, 6to4, Teredo.
_EMBEDDING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))


class WebhookRefused(OnrecordError):
    code = "webhook-refused"
    message = "{url}: nothing is sent there: {reason}. Give the address of a server outside, or allow private ones."


class WebhookUnanswered(OnrecordError):
    code = "webhook-unanswered"
    message = "{url}: no answer ({reason}). It is tried again by itself; look at the receiving server."


@dataclass(frozen=True)
class Target:
    """Where a message goes: the name for the receiver and its certificate, the address for the connection."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: str


def target_of(url: str, *, allow_private: bool) -> Target:
    """Resolve an address and look where it leads. Raises WebhookRefused, WebhookUnanswered."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise WebhookRefused(url=url, reason="this is no address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WebhookRefused(url=url, reason="an address starts with https:// or http://")
    if parts.username or parts.password:
        raise WebhookRefused(url=url, reason="a name and a password in an address would be shown in logs")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise WebhookUnanswered(url=url, reason="the name is not known") from error
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    if not allow_private and (inside := next((one for one in addresses if not is_outside(one)), None)):
        raise WebhookRefused(url=url, reason=f"{inside} is not an address of the public internet")
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return Target(url, parts.scheme, parts.hostname, port, path, addresses[0])


def is_outside(address: str) -> bool:
    """True for an address of the public internet; what is packed into IPv6 is unpacked first."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in _EMBEDDING):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Send it; gives the status of the answer, redirects not followed. Raises WebhookUnanswered."""
    connection = _Connection(target)
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        response = connection.getresponse()
        response.read(MOST_READ)
        return response.status
    except (OSError, http.client.HTTPException) as error:
        raise WebhookUnanswered(url=target.url, reason=type(error).__name__) from error
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """To the address that was looked at, under the name that was asked for."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self.target = target
        self.default_port = 443 if target.scheme == "https" else 80  # or the port would stand in `Host`

    def connect(self) -> None:
        sock = socket.create_connection((self.target.address, self.target.port), timeout=SECONDS)
        if self.target.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.target.host)
        self.sock = sock
