"""Small translation servers for tests: each answer is scripted, each question kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], Any]


@dataclass
class Server:
    """A server on this machine; `script` are answers given first, then `answer` for ever.

    An answer is a function of the question that gives JSON, bytes to send as they are, or (status, JSON, headers).
    """

    url: str
    answer: Answer
    script: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def libre(question: dict[str, Any]) -> Any:
    """LibreTranslate: every word in capitals, and in which language."""
    return {"translatedText": [f"{text.upper()} ({question['target']})" for text in question["q"]]}


def chat(question: dict[str, Any]) -> Any:
    """A chat server that does as it was told."""
    asked = json.loads(question["messages"][1]["content"])["segments"]
    rows = [{"id": row["id"], "text": f"{row['text'].upper()} ({question['model']})"} for row in asked]
    return said(json.dumps({"segments": rows}, ensure_ascii=False))


def said(content: str) -> Any:
    """What a chat server wraps an answer in."""
    return {"choices": [{"message": {"role": "assistant", "content": content}}]}


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.asked.append(question)
            made.paths.append(self.path)
            made.headers.append(dict(self.headers))
            given = made.script.pop(0) if made.script else made.answer
            reply = given(question) if callable(given) else given
            status, body, headers = reply if isinstance(reply, tuple) else (200, reply, {})
            data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Server(f"http://127.0.0.1:{server.server_port}", answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
