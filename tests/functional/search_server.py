"""A small server that speaks the part of OpenSearch's language that we do, over HTTP, for the real client to talk to.

Written from OpenSearch's documentation of its query language. It keeps documents in memory and knows: create, delete
and ask for an index, `_bulk`, and `_search` with bool, term, terms, prefix, range, match_phrase, match_phrase_prefix,
sort, search_after, from and size. Anything else it refuses, as the real one would refuse what it does not know.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Document = dict[str, Any]


class SearchServer(ThreadingHTTPServer):
    """`indexes`: documents by id, by index; `asked`: bodies of searches; `refuses`: a status to answer all with.

    `refuses_documents`: answers `_bulk` as for a document that does not fit the mapping.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.indexes: dict[str, dict[str, Document]] = {}
        self.mappings: dict[str, Any] = {}
        self.asked: list[Any] = []
        self.refuses = 0
        self.refuses_documents = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def search(self, index: str, body: dict[str, Any]) -> dict[str, Any]:
        known = set(self.mappings[index]["mappings"]["properties"])
        found = []
        for pk, source in self.indexes[index].items():
            score = _score(body["query"], source, known)
            if score is not None:
                found.append((pk, source, score))
        for rule in reversed(body.get("sort", ["_score"])):
            name, how = next(iter(rule.items())) if isinstance(rule, dict) else (rule, {})
            is_up = how.get("order", "desc" if name == "_score" else "asc") == "asc"
            there = [row for row in found if _value(name, row) is not None]
            missing = [row for row in found if _value(name, row) is None]
            found = sorted(there, key=lambda row: _value(name, row), reverse=not is_up) + missing
        total = len(found)
        if after := body.get("search_after"):
            (name,) = body["sort"]
            found = [row for row in found if row[1][name] > after[0]]
        first = body.get("from", 0)
        hits = [
            {"_id": pk, "_score": score, "_source": source if body.get("_source") else {}, "sort": [source["entry"]]}
            for pk, source, score in found[first : first + body.get("size", 10)]
        ]
        return {"timed_out": False, "hits": {"total": {"value": total, "relation": "eq"}, "hits": hits}}


def _value(name: str, row: tuple[str, Document, float]) -> Any:
    return row[2] if name == "_score" else row[1][name]


def _words(source: Document, field: str, known: set[str]) -> list[str]:
    assert field in known, f"{field} is not in the mapping"
    value = source[field]
    return value.split() if isinstance(value, str) else [value]


def _score(clause: dict[str, Any], source: Document, known: set[str]) -> float | None:
    """How well a document answers; None when it does not."""
    ((kind, inside),) = clause.items()
    if kind == "bool":
        assert set(inside) <= {"must", "must_not", "filter", "should", "minimum_should_match"}
        must = [_score(one, source, known) for one in inside.get("must", ())]
        hold = [_score(one, source, known) for one in inside.get("filter", ())]
        should = [one for one in (_score(one, source, known) for one in inside.get("should", ())) if one is not None]
        if None in must or None in hold or len(should) < inside.get("minimum_should_match", 0):
            return None
        if any(_score(one, source, known) is not None for one in inside.get("must_not", ())):
            return None
        return sum(one or 0.0 for one in must) + sum(should)
    ((field, asked),) = inside.items()
    boost = asked.get("boost", 1.0) if isinstance(asked, dict) else 1.0
    words = _words(source, field, known)
    if kind == "terms":
        return boost if words[0] in asked else None
    if kind == "range":
        day = source[field]
        is_in = day is not None and day >= asked.get("gte", "") and ("lt" not in asked or day < asked["lt"])
        return boost if is_in else None
    if kind == "term":
        wanted = asked["value"] if isinstance(asked, dict) else asked
        return boost if wanted in words else None
    if kind == "prefix":
        wanted = asked["value"] if isinstance(asked, dict) else asked
        return boost if any(word.startswith(wanted) for word in words) else None
    assert kind in ("match_phrase", "match_phrase_prefix"), kind
    *before, last = asked["query"].split()
    for at in range(len(words) - len(before)):
        end = words[at + len(before)]
        fits = end == last or (kind == "match_phrase_prefix" and end.startswith(last))
        if words[at : at + len(before)] == before and fits:
            return float(boost)
    return None


class _Handler(BaseHTTPRequestHandler):
    server: SearchServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, value: Any = None) -> None:
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _handle(self) -> None:
        sent, parts = self._body(), urlsplit(self.path).path.strip("/").split("/")
        index, what, indexes = parts[0], parts[1:], self.server.indexes
        if self.server.refuses:
            return self._answer(self.server.refuses, {"error": {"type": "refused"}})
        missing = {"error": {"type": "index_not_found_exception"}, "status": 404}
        match self.command, what:
            case "HEAD", []:
                self._answer(200 if index in indexes else 404)
            case "PUT", []:
                indexes[index], self.server.mappings[index] = {}, json.loads(sent)
                self._answer(200, {"acknowledged": True})
            case "DELETE", []:
                gone = indexes.pop(index, None)
                self._answer(200 if gone is not None else 404, {"acknowledged": True} if gone is not None else missing)
            case "POST", ["_bulk"]:
                self._answer(200, self._bulk(index, [json.loads(line) for line in sent.splitlines() if line]))
            case "POST", ["_search"] if index in indexes:
                self.server.asked.append(json.loads(sent))
                self._answer(200, self.server.search(index, json.loads(sent)))
            case _:
                self._answer(404, missing)

    def _bulk(self, index: str, lines: list[Any]) -> dict[str, Any]:
        documents, items = self.server.indexes[index], []
        if self.server.refuses_documents:
            refused = {"index": {"status": 400, "error": {"type": "mapper_parsing_exception"}}}
            return {"errors": True, "items": [refused]}
        while lines:
            ((act, which),) = lines.pop(0).items()
            if act == "index":
                documents[which["_id"]] = lines.pop(0)
                items.append({"index": {"_id": which["_id"], "status": 201}})
            else:
                status = 200 if documents.pop(which["_id"], None) else 404
                items.append({"delete": {"_id": which["_id"], "status": status}})
        return {"errors": False, "items": items}

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815


@contextmanager
def search_server() -> Iterator[SearchServer]:
    with SearchServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
