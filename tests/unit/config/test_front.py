"""The front: files with the headers of RFC 9110, everything else to the application."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from onrecord.config.front import LARGEST_CACHED, BakedFolder, Reader

PAGE = b"<p>hello</p>" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    public = tmp_path / "public"
    (public / "stories" / "flood").mkdir(parents=True)
    page = public / "stories" / "flood" / "index.html"
    page.write_bytes(PAGE)
    page.with_name("index.html.br").write_bytes(b"brotli")
    page.with_name("index.html.gz").write_bytes(b"gzip")
    (public / "sound.mp3").write_bytes(bytes(range(256)) * 8192)
    (public / "static").mkdir()
    (public / "static" / "site.css").write_bytes(b"a{}")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (public / ".baking-x").write_bytes(b"half")
    return public


def exchange(folder: Path, *requests: bytes, application: Callable[[bytes], bytes] | None = None) -> bytes:
    """All bytes that a connection answers to these requests, sent together."""

    async def run() -> bytes:
        socket = folder.parent / "app.sock"
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Reader(BakedFolder(folder), str(socket)), "127.0.0.1", 0)
        backend = await _backend(socket, application) if application else None
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"".join(requests))
        answer = b""
        with contextlib.suppress(TimeoutError):
            while chunk := await asyncio.wait_for(reader.read(1 << 20), 0.4):
                answer += chunk
        writer.close()
        server.close()
        if backend is not None:
            backend.close()
        return answer

    return asyncio.run(run())


async def _backend(socket: Path, application: Callable[[bytes], bytes]) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(application(await reader.read(1 << 16)))
        await writer.drain()
        writer.close()

    serve: Coroutine[None, None, asyncio.Server] = asyncio.start_unix_server(answer, str(socket))
    return await serve


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def test_a_page_is_served_with_type_state_and_policy(folder: Path) -> None:
    head, _, body = exchange(folder, get("/stories/flood/")).partition(b"\r\n\r\n")
    assert body == PAGE
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    for part in (
        b"content-type: text/html; charset=utf-8",
        b"etag: ",
        b"cache-control: no-cache",
        b"script-src 'self'",
    ):
        assert part in head


@pytest.mark.parametrize(
    ("accepts", "body", "encoding"),
    [("br, gzip", b"brotli", b"br"), ("gzip", b"gzip", b"gzip"), ("identity", PAGE, None)],
)
def test_the_reader_gets_the_encoding_it_accepts(
    folder: Path, accepts: str, body: bytes, encoding: bytes | None
) -> None:
    head, _, sent = exchange(folder, get("/stories/flood/", f"Accept-Encoding: {accepts}")).partition(b"\r\n\r\n")
    assert sent == body
    assert (b"content-encoding: " + encoding in head) if encoding else (b"content-encoding" not in head)


def test_an_unchanged_page_is_not_sent_again(folder: Path) -> None:
    head = exchange(folder, get("/stories/flood/"))
    etag = next(row for row in head.split(b"\r\n") if row.startswith(b"etag: "))[6:].decode()
    answer = exchange(folder, get("/stories/flood/", f"If-None-Match: {etag}"))
    assert answer.startswith(b"HTTP/1.1 304 ")
    assert PAGE not in answer


def test_a_changed_page_is_sent_at_once(folder: Path) -> None:
    first = exchange(folder, get("/stories/flood/"))
    (folder / "stories" / "flood" / "index.html").write_bytes(b"new")
    assert first.endswith(PAGE)
    assert exchange(folder, get("/stories/flood/")).endswith(b"new")


@pytest.mark.parametrize(
    ("asked", "status", "length", "range_header"),
    [
        ("bytes=0-9", b"206", 10, b"bytes 0-9/2097152"),
        ("bytes=2097142-", b"206", 10, b"bytes 2097142-2097151/2097152"),
        ("bytes=-5", b"206", 5, b"bytes 2097147-2097151/2097152"),
        ("bytes=0-99999999", b"206", 2097152, b"bytes 0-2097151/2097152"),
        ("bytes=2097152-", b"416", 0, b"bytes */2097152"),
        ("bytes=0-1,5-6", b"200", 2097152, None),
        ("lines=1-2", b"200", 2097152, None),
    ],
)
def test_ranges(folder: Path, asked: str, status: bytes, length: int, range_header: bytes | None) -> None:
    assert (folder / "sound.mp3").stat().st_size > LARGEST_CACHED
    head, _, body = exchange(folder, get("/sound.mp3", f"Range: {asked}")).partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert len(body) == length
    if range_header:
        assert b"content-range: " + range_header in head


def test_head_sends_no_body(folder: Path) -> None:
    answer = exchange(folder, get("/stories/flood/", method="HEAD"))
    assert answer.endswith(b"\r\n\r\n")
    assert b"content-length: %d" % len(PAGE) in answer


def test_requests_on_one_connection_are_answered_in_order(folder: Path) -> None:
    answer = exchange(folder, get("/sound.mp3"), get("/stories/flood/"), get("/static/site.css"))
    assert answer.index(b"audio/mpeg") < answer.index(b"text/html") < answer.index(b"text/css")
    assert b"immutable" in answer[answer.index(b"text/css") :]


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/.baking-x", "/stories/flood", "/%00", "/%ff"]
)
def test_what_is_not_a_public_file_is_the_applications(folder: Path, path: str) -> None:
    seen: list[bytes] = []

    def application(request: bytes) -> bytes:
        seen.append(request)
        return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"

    assert exchange(folder, get(path), application=application).startswith(b"HTTP/1.1 404")
    assert len(seen) == 1


def test_the_application_learns_the_readers_address_last_in_the_chain(folder: Path) -> None:
    seen: list[bytes] = []

    def application(request: bytes) -> bytes:
        seen.append(request)
        return b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok"

    request = b"POST /comments/add/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 3\r\n\r\na=b"
    assert exchange(folder, request, application=application).endswith(b"ok")
    assert b"X-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n" in seen[0]
    assert seen[0].lower().count(b"x-forwarded-for") == 1
    assert b"Connection: close" in seen[0]
    assert seen[0].endswith(b"\r\n\r\na=b")


def test_without_the_application_pages_stay_up(folder: Path) -> None:
    answer = exchange(folder, get("/stories/flood/"), get("/desk/"))
    assert PAGE in answer
    assert b"502 Bad Gateway" in answer
    assert answer.endswith(b"Published pages can be read meanwhile.\n")


def test_without_the_application_the_newsrooms_own_page_says_so(folder: Path) -> None:
    (folder / "502.html").write_bytes(b"<p>Not just now.</p>")
    answer = exchange(folder, get("/search/?q=flood"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert b"content-type: text/html" in head
    assert b"retry-after" in head
    assert body == b"<p>Not just now.</p>"


def test_an_endless_head_is_refused(folder: Path) -> None:
    assert b" 431 " in exchange(folder, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000)


def test_pages_made_for_frames_may_be_framed_and_no_others(tmp_path: Path) -> None:
    for folder in ("embed/stories/a/b", "stories/a"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "index.html").write_text("<p>words</p>")
    files = BakedFolder(tmp_path)
    for address, ancestors in (
        (b"//embed/stories/a/b/", b"frame-ancestors *"),
        (b"/embed/stories/a/b/", b"frame-ancestors *"),
        (b"/stories/a/", b"frame-ancestors 'none'"),
    ):
        found = files.find(address, b"")
        assert found is not None
        assert ancestors in found.headers
