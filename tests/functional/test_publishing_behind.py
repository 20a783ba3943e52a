"""The configurations for nginx and Caddy that come with the program, with the real servers."""

import gzip
import http.client
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

from onrecord.core.headers import public_headers
from onrecord.publishing.files import compress_folder
from tests.processes import ROOT, free_port

PAGE = b"<!doctype html><title>A story</title>" + b"<p>The water came over the bridge.</p>" * 40
UNUSED = ("fastcgi", "uwsgi", "scgi")
SERVERS = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed"))
    for name in ("nginx", "caddy")
]


class Application(BaseHTTPRequestHandler):
    """Stands for the application: says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = f"{self.command} {self.path} {self.headers['Host']} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("behind") / "public"
    for name, content in {
        "index.html": PAGE, "stories/flood/index.html": PAGE, "embed/recordings/1/index.html": PAGE,
        "static/site.css": b"body{margin:0}" * 100, "feeds/stories.rss": b"<rss>" + b" " * 900 + b"</rss>",
        "feeds/stories.json": b"{" + b" " * 900 + b"}", ".hidden": b"secret", "stories/.baking-1": b"half",
        "media/call.mp3": bytes(5000),
    }.items():  # fmt: skip
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    compress_folder(folder)
    for path in (folder, *folder.parents):
        if path.is_relative_to(Path("/tmp")) and path != Path("/tmp"):
            path.chmod(0o755)  # nginx's worker is another user
    return folder


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, public: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server with the shipped configuration; only names, ports and folders are changed."""
    work, port = tmp_path_factory.mktemp(request.param), free_port()
    application = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    changes = {"/srv/newsroom/public": str(public), "127.0.0.1:8000": f"127.0.0.1:{application.server_port}"}
    if request.param == "nginx":
        text = _shipped("nginx.conf", {**changes, "listen 80;": f"listen 127.0.0.1:{port};"})
        temporary = " ".join(f"{kind}_temp_path {work}/{kind};" for kind in ("client_body", "proxy", *UNUSED))
        (work / "nginx.conf").write_text(
            f"pid {work}/pid; daemon off; events {{}} http {{ access_log off; {temporary}\n{text}\n}}"
        )
        command = ["nginx", "-c", str(work / "nginx.conf"), "-e", str(work / "error.log")]
    else:
        text = _shipped("Caddyfile", {**changes, "newsroom.example {": f"http://:{port} {{"})
        (work / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
        command = ["caddy", "run", "--config", str(work / "Caddyfile"), "--adapter", "caddyfile"]
    environment = {"HOME": str(work), "PATH": "/usr/sbin:/usr/bin"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=work, env=environment)
    _wait(port)
    yield port
    process.terminate()
    process.wait(timeout=20)
    application.shutdown()
    application.server_close()


def _shipped(name: str, changes: dict[str, str]) -> str:
    text = (ROOT / "deploy" / name).read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            ask(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it did not start")


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = b"name=a" if method == "POST" else None
    connection.request(
        method, path, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    found = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    connection.close()
    return found


def test_pages_are_served_from_the_folder_with_our_headers(server: int) -> None:
    for path in ("/", "/stories/flood/", "/embed/recordings/1/"):
        status, headers, body = ask(server, path)
        assert (status, body) == (200, PAGE), path
        assert headers["content-type"].lower() == "text/html; charset=utf-8"
        assert headers["cache-control"] == "no-cache"
        for name, value in public_headers(path).items():
            assert headers[name.lower()] == value, (path, name)


def test_what_was_compressed_is_sent_compressed(server: int) -> None:
    status, headers, body = ask(server, "/stories/flood/", accept_encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == PAGE
    assert "accept-encoding" in headers["vary"].lower()
    _, headers, body = ask(server, "/stories/flood/", accept_encoding="br")
    assert (brotli.decompress(body) if headers.get("content-encoding") == "br" else body) == PAGE


def test_what_the_reader_has_is_not_sent_again(server: int) -> None:
    _, headers, _ = ask(server, "/stories/flood/")
    status, _, body = ask(server, "/stories/flood/", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


def test_a_part_of_a_sound_can_be_asked_for(server: int) -> None:
    status, headers, body = ask(server, "/media/call.mp3", range="bytes=1000-1999")
    assert (status, len(body), headers["content-type"]) == (206, 1000, "audio/mpeg")


@pytest.mark.parametrize(
    ("path", "kind"), [("/feeds/stories.rss", "application/rss+xml"), ("/feeds/stories.json", "application/json")]
)
def test_feeds_have_their_type(server: int, path: str, kind: str) -> None:
    assert ask(server, path)[1]["content-type"].startswith(kind)


def test_styles_are_kept_for_good(server: int) -> None:
    assert ask(server, "/static/site.css")[1]["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["/desk/", "/api/v1/stories?page=2", "/nothing/here/", "/stories/flood", "/search/?q=a"]
)
def test_everything_else_is_the_applications(server: int, path: str) -> None:
    status, _, body = ask(server, path, Host="newsroom.example")
    assert status == 200
    assert re.fullmatch(rf"GET {re.escape(path)} \S+ 127\.0\.0\.1", body.decode())


def test_what_readers_send_reaches_the_application(server: int) -> None:
    for path in ("/comments/add/", "/stories/flood/"):
        assert ask(server, path, "POST")[2].startswith(f"POST {path} ".encode())


@pytest.mark.parametrize("path", ["/.hidden", "/stories/.baking-1", "/../deploy/nginx.conf", "/static/..%2f.hidden"])
def test_hidden_files_stay_hidden(server: int, path: str) -> None:
    status, _, body = ask(server, path)
    assert b"secret" not in body
    assert b"half" not in body
    assert status in (200, 400, 404)
