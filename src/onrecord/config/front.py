"""The front of `onrecord serve`: baked files from memory and disk, everything else passed to the application.

Only the plainest requests are answered here: GET or HEAD, HTTP/1.1, no body, for a file that is there. The bytes of any
other request go to the application's server on a local socket, with the reader's address added, one request a
connection; that server judges them. Behind nginx or Caddy this front is not needed: they serve the same folder.
"""

import asyncio
import os
import re
import signal
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import cast
from urllib.parse import unquote

import uvloop

from onrecord.core.baked import TYPES, baked_file
from onrecord.core.headers import public_headers

LARGEST_HEAD = 32 * 1024
LARGEST_CACHED = 512 * 1024
CACHE_BYTES = 64 * 1024 * 1024
CHUNK = 256 * 1024
IDLE_SECONDS = 75
IMMUTABLE = "/static/"
ENCODINGS = ((b"br", ".br", "br"), (b"gzip", ".gz", "gzip"))
RANGE = re.compile(rb"bytes=(\d*)-(\d*)$")
NOT_RUNNING = b"The application is not running. Published pages can be read meanwhile.\n"
NOT_RUNNING_PAGE = b"/502.html"
BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(NOT_RUNNING), NOT_RUNNING)
)
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class BakedFile:
    """One variant of a file: its state on disk, its headers, and the whole answer where the file is small."""

    state: tuple[int, int, int]
    path: str
    etag: bytes
    modified: bytes
    headers: bytes
    body: bytes | None
    answer: bytes

    @property
    def size(self) -> int:
        return self.state[1]


@dataclass(frozen=True, slots=True)
class Variant:
    """Where one encoding of an address would lie."""

    path: str
    plain: str
    encoding: str
    address: str


class BakedFolder:
    """Files of a folder by address, checked against the disk at every look, small ones kept in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cache: OrderedDict[str, BakedFile] = OrderedDict()
        self._bytes = 0
        self._variants = lru_cache(maxsize=10_000)(self._find_variants)

    def find(self, address: bytes, accepts: bytes) -> BakedFile | None:
        """The best variant of a percent-encoded address for an `Accept-Encoding`; None when there is no such file."""
        for variant in self._variants(address, accepts):
            try:
                status = os.stat(variant.path)
            except OSError:
                continue
            state = (status.st_mtime_ns, status.st_size, status.st_ino)
            cached = self._cache.get(variant.path)
            if cached is not None and cached.state == state:
                return cached
            if S_ISREG(status.st_mode) and (found := self._load(variant, state)):
                return found
        return None

    def _find_variants(self, address: bytes, accepts: bytes) -> tuple[Variant, ...]:
        try:
            decoded = unquote(address.decode("ascii"), errors="strict")
            plain = str(baked_file(self.folder, decoded))
        except ValueError:
            return ()
        named = plain[len(str(self.folder)) :]  # one file has one set of headers, however it was asked for
        found = []
        if TYPES.get(os.path.splitext(plain)[1], "").startswith(("text/", "application/", "image/svg")):
            found = [
                Variant(plain + suffix, plain, name, named) for token, suffix, name in ENCODINGS if token in accepts
            ]
        return (*found, Variant(plain, plain, "", named))

    def _load(self, variant: Variant, state: tuple[int, int, int]) -> BakedFile | None:
        modified_ns, size, _ = state
        body = None
        if size <= LARGEST_CACHED:
            with open(variant.path, "rb") as stream:
                body = stream.read()
            if len(body) != size:  # replaced between the two looks
                return None
        kind = TYPES.get(os.path.splitext(variant.plain)[1], "application/octet-stream")
        etag = f'"{modified_ns:x}-{size:x}{"-" + variant.encoding if variant.encoding else ""}"'
        modified = formatdate(modified_ns // 1_000_000_000, usegmt=True)
        caching = "public, max-age=31536000, immutable" if variant.address.startswith(IMMUTABLE) else "no-cache"
        public = "".join(f"{name.lower()}: {value}\r\n" for name, value in public_headers(variant.address).items())
        encoding = f"content-encoding: {variant.encoding}\r\n" if variant.encoding else ""
        headers = (
            f"content-type: {kind}\r\netag: {etag}\r\nlast-modified: {modified}\r\ncache-control: {caching}\r\n"
            f"vary: accept-encoding\r\naccept-ranges: bytes\r\n{encoding}{public}"
        ).encode()
        answer = b"" if body is None else b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\n\r\n%b" % (headers, size, body)
        found = BakedFile(state, variant.path, etag.encode(), modified.encode(), headers, body, answer)
        self._keep(found)
        return found

    def _keep(self, file: BakedFile) -> None:
        if (old := self._cache.pop(file.path, None)) is not None:
            self._bytes -= len(old.answer)
        if file.body is None:
            return
        self._cache[file.path] = file
        self._bytes += len(file.answer)
        while self._bytes > CACHE_BYTES:
            _, dropped = self._cache.popitem(last=False)
            self._bytes -= len(dropped.answer)


class Reader(asyncio.Protocol):
    """One connection of a reader."""

    def __init__(self, files: BakedFolder, application: str) -> None:
        self.files = files
        self.application = application
        self.transport: asyncio.Transport
        self.buffer = b""
        self.upstream: Upstream | None = None
        self.busy: asyncio.Task[None] | None = None
        self.writable = asyncio.Event()
        self.writable.set()
        self.idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not inherit from asyncio's
        self.transport = cast(asyncio.Transport, transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self.writable.set()
        for part in (self.idle, self.busy):
            if part is not None:
                part.cancel()
        if self.upstream is not None:
            self.upstream.close()

    def pause_writing(self) -> None:
        self.writable.clear()
        if self.upstream is not None:
            self.upstream.pause_reading()

    def resume_writing(self) -> None:
        self.writable.set()
        if self.upstream is not None:
            self.upstream.resume_reading()

    def data_received(self, data: bytes) -> None:
        if self.upstream is not None:
            self.upstream.send(data)
            return
        self.buffer = self.buffer + data if self.buffer else data
        if self.busy is None:
            self._answer_buffered()
        elif len(self.buffer) > LARGEST_HEAD:
            self.transport.pause_reading()

    def _await_request(self) -> None:
        if self.idle is not None:
            self.idle.cancel()
        self.idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self.transport.close)

    def _answer_buffered(self) -> None:
        while self.buffer and self.busy is None and self.upstream is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self.buffer) > LARGEST_HEAD:
                    self.transport.write(TOO_LARGE)
                    self.transport.close()
                return
            if not self._answer_file(self.buffer[:end]):
                self._pass_on(self.buffer[:end], self.buffer[end:])
                return
            self.buffer = self.buffer[end + 4 :]

    def _answer_file(self, head: bytes) -> bool:
        """Answer from a file; False when this request is the application's."""
        line, _, rest = head.partition(b"\r\n")
        parts = line.split(b" ")
        if len(parts) != 3 or parts[2] != b"HTTP/1.1" or parts[0] not in (b"GET", b"HEAD"):
            return False
        fields: dict[bytes, bytes] = {}
        for row in rest.split(b"\r\n"):
            name, colon, value = row.partition(b":")
            fields[name.lower()] = value.strip()
            if not colon:
                return False
        if b"content-length" in fields or b"transfer-encoding" in fields or b"host" not in fields:
            return False
        ranged = fields.get(b"range", b"")
        file = self.files.find(parts[1].partition(b"?")[0], b"" if ranged else fields.get(b"accept-encoding", b""))
        if file is None:
            return False
        body_wanted = parts[0] == b"GET"
        close = fields.get(b"connection", b"").lower() == b"close"
        if _unchanged(file, fields):
            self.transport.write(b"HTTP/1.1 304 Not Modified\r\n" + file.headers + b"\r\n")
        elif (
            ranged and body_wanted and (b"if-range" not in fields or fields[b"if-range"] in (file.etag, file.modified))
        ):
            self._send_range(file, ranged)
        elif body_wanted and file.body is not None:
            self.transport.write(file.answer)
        else:
            self._send(file, b"HTTP/1.1 200 OK\r\n", b"", 0, file.size, body_wanted)
        if close:
            self._close_when_sent()
        return True

    def _send(self, file: BakedFile, line: bytes, extra: bytes, start: int, length: int, body_wanted: bool) -> None:
        head = b"%b%b%bcontent-length: %d\r\n\r\n" % (line, file.headers, extra, length)
        if not body_wanted:
            self.transport.write(head)
        elif file.body is not None:
            self.transport.write(head + file.body[start : start + length])
        else:
            self.transport.write(head)
            self.busy = asyncio.get_running_loop().create_task(self._stream(file, start, length))

    def _send_range(self, file: BakedFile, ranged: bytes) -> None:
        """One range (RFC 9110, section 14); anything else asked for gets the whole file, as the RFC allows."""
        match = RANGE.match(ranged)
        if match is None or match.group(1) == match.group(2) == b"":
            self._send(file, b"HTTP/1.1 200 OK\r\n", b"", 0, file.size, True)
            return
        first, last = match.groups()
        start = int(first) if first else max(file.size - int(last), 0)
        end = min(int(last), file.size - 1) if first and last else file.size - 1
        if start > end:
            self.transport.write(
                b"HTTP/1.1 416 Range Not Satisfiable\r\ncontent-range: bytes */%d\r\ncontent-length: 0\r\n\r\n"
                % file.size
            )
            return
        extra = b"content-range: bytes %d-%d/%d\r\n" % (start, end, file.size)
        self._send(file, b"HTTP/1.1 206 Partial Content\r\n", extra, start, end - start + 1, True)

    async def _stream(self, file: BakedFile, start: int, length: int) -> None:
        with open(file.path, "rb") as stream:
            stream.seek(start)
            while length and not self.transport.is_closing():
                chunk = stream.read(min(CHUNK, length))
                if not chunk:  # shorter than promised: the reader must notice
                    self.transport.abort()
                    return
                length -= len(chunk)
                self.transport.write(chunk)
                await self.writable.wait()
                self._await_request()
        self.busy = None
        self.transport.resume_reading()
        self._answer_buffered()

    def _close_when_sent(self) -> None:
        if self.busy is None:
            self.transport.close()
        else:
            self.busy.add_done_callback(lambda task: self.transport.close())

    def _pass_on(self, head: bytes, rest: bytes) -> None:
        if self.idle is not None:
            self.idle.cancel()
        self.transport.pause_reading()
        peer = self.transport.get_extra_info("peername")
        sent = _with_reader(head, peer[0] if peer else "") + rest
        self.buffer = b""
        self.busy = asyncio.get_running_loop().create_task(self._connect(sent))

    async def _connect(self, sent: bytes) -> None:
        try:
            _, self.upstream = await asyncio.get_running_loop().create_unix_connection(
                lambda: Upstream(self), self.application
            )
        except OSError:
            self.transport.write(self._not_running())
            self.transport.close()
            return
        self.upstream.send(sent)
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def _not_running(self) -> bytes:
        """The newsroom's own page for it, or a line of text while there is no such file."""
        page = self.files.find(NOT_RUNNING_PAGE, b"")
        if page is None or page.body is None:
            return BAD_GATEWAY
        head = b"HTTP/1.1 502 Bad Gateway\r\nretry-after: 60\r\nconnection: close\r\n%bcontent-length: %d\r\n\r\n"
        return head % (page.headers, page.size) + page.body


class Upstream(asyncio.Protocol):
    """The connection to the application for one reader's request."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.reader.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.reader.transport.close()

    def send(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def pause_reading(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    def pause_writing(self) -> None:
        self.reader.transport.pause_reading()

    def resume_writing(self) -> None:
        if not self.reader.transport.is_closing():
            self.reader.transport.resume_reading()


def _unchanged(file: BakedFile, fields: dict[bytes, bytes]) -> bool:
    """Whether the reader has this state already (RFC 9110, section 13.2.2)."""
    if (known := fields.get(b"if-none-match")) is not None:
        return known == b"*" or any(tag.strip().removeprefix(b"W/") == file.etag for tag in known.split(b","))
    return fields.get(b"if-modified-since") == file.modified


def _with_reader(head: bytes, peer: str) -> bytes:
    """The request's head with the reader's address as the last hop, for one request on this connection."""
    line, *rows = head.split(b"\r\n")
    hops = [row.partition(b":")[2].strip() for row in rows if row.lower().startswith(b"x-forwarded-for:")]
    kept = [row for row in rows if not row.lower().startswith((b"x-forwarded-for:", b"connection:", b"keep-alive:"))]
    chain = b", ".join([*hops, peer.encode()])
    return b"\r\n".join([line, *kept, b"X-Forwarded-For: " + chain, b"Connection: close"])


async def serve(
    folder: Path,
    application: str,
    host: str,
    port: int,
    *,
    ready: Callable[[], None] = lambda: None,
    alongside: Callable[[], Coroutine[None, None, None]] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, with `alongside` running beside. Raises OSError when the address is taken."""
    files = BakedFolder(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Reader(files, application), host, port, backlog=1024)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    beside = loop.create_task(alongside()) if alongside else None
    ready()
    await stop.wait()
    server.close()
    if beside is not None:
        beside.cancel()


def run(
    folder: Path,
    application: str,
    host: str,
    port: int,
    *,
    ready: Callable[[], None] = lambda: None,
    alongside: Callable[[], Coroutine[None, None, None]] | None = None,
) -> None:
    """`serve` in this process."""
    uvloop.run(serve(folder, application, host, port, ready=ready, alongside=alongside))
