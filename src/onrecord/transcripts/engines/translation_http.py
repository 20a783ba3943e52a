"""Asking a translation server: JSON in, JSON out, to the host that people were told, and to no other."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPMessage, IncompleteRead
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from onrecord.transcripts.engines.translation import (
    TranslationBusy,
    TranslationRefused,
    TranslationUnreachable,
    TranslationUnreadable,
)

TIMEOUT_S = 120.0
TRIES = 4
LONGEST_WAIT_S = 60.0
LARGEST_ANSWER = 20_000_000
_LATER = (429, 500, 502, 503, 504)


class _NoRedirect(HTTPRedirectHandler):
    """Words go to the host that is shown, not to where it would send them."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def host_of(url: str) -> str:
    """The host that a URL leads to, with its port where that is an unusual one."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return f"{parts.hostname or ''}{port}"


def ask(
    url: str,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """The server's answer to a POST, as JSON. A busy or failing server is asked again, ever later.

    Raises TranslationUnreachable, TranslationRefused, TranslationBusy, TranslationUnreadable.
    """
    host = host_of(url)
    opener = build_opener(_NoRedirect)
    data = json.dumps(body, ensure_ascii=False).encode()
    failure: Exception = TranslationUnreachable(host=host, reason="no answer")
    for attempt in range(TRIES):
        wait = 2.0**attempt
        request = Request(url, data, {"Content-Type": "application/json", **(headers or {})})
        try:
            with opener.open(request, timeout=timeout_s) as answer:
                read = answer.read(LARGEST_ANSWER + 1)
                if len(read) < min(int(answer.headers.get("Content-Length") or 0), LARGEST_ANSWER):
                    raise IncompleteRead(read)
                return _json(read, host)
        except HTTPError as error:
            reason = f"{error.code} {_reason(error)}"
            if error.code not in _LATER:
                raise TranslationRefused(host=host, reason=reason) from None
            kind = TranslationBusy if error.code in (429, 503) else TranslationUnreachable
            failure = kind(host=host, reason=reason)
            wait = _asked_wait(error, wait)
            if wait > LONGEST_WAIT_S:
                break
        except (URLError, HTTPException, TimeoutError, OSError) as error:
            cause = error.reason if isinstance(error, URLError) else error
            failure = TranslationUnreachable(host=host, reason=_told(cause))
            if isinstance(cause, ConnectionRefusedError | socket.gaierror):
                break
        if attempt + 1 < TRIES:
            sleep(wait)
    raise failure


def _json(read: bytes, host: str) -> Any:
    if len(read) > LARGEST_ANSWER:
        raise TranslationUnreadable(host=host, reason="it is longer than any translation")
    try:
        return json.loads(read)
    except ValueError:
        start = read[:60].decode("utf-8", "replace").strip() or "nothing"
        raise TranslationUnreadable(host=host, reason=f"not JSON: {start}") from None


def _reason(error: HTTPError) -> str:
    """What the server says itself, shortened."""
    try:
        said = json.loads(error.read(4000))
        told = said.get("error", "") if isinstance(said, dict) else ""
        told = told.get("message", "") if isinstance(told, dict) else told
    except (ValueError, OSError, HTTPException):
        told = ""
    return str(told or error.reason)[:200]


def _asked_wait(error: HTTPError, wait: float) -> float:
    """Seconds that the server asks to wait, or ours."""
    asked = error.headers.get("Retry-After", "") if error.headers else ""
    return float(asked) if asked.isdigit() else wait


def _told(cause: object) -> str:
    if isinstance(cause, IncompleteRead):
        return "the answer broke off"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return str(cause) or type(cause).__name__
