"""What the transcript desk's screen asks for and sends: JSON in, JSON out."""

import gzip
import json
import re
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django_tasks import TaskResult

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.suggestions import mask_suggestions
from onrecord.transcripts.draft_state import News
from onrecord.transcripts.drafts import (
    DraftConflict,
    DraftReplaced,
    draft_news,
    draft_publish,
    draft_save,
    text_open,
)
from onrecord.transcripts.presence import presence_end, presence_pulse
from onrecord.transcripts.retiming import retiming_of, retiming_start, retiming_told
from onrecord.transcripts.rows import segment_of
from onrecord.transcripts.versions import authorise

T = TypeVar("T")
_TAB = re.compile(r"[0-9a-z]{8,40}")


class BadRequest(OnrecordError):
    code = "bad-request"
    message = "This request cannot be read: {reason}. Load the page again; what you typed is kept in your browser."


class DeskApi(View):
    """Who may call, and errors as `{"code", "message", …}`: 409 for a conflict, 422 for what cannot be taken."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            authorise(cast(User, request.user))
            self.recording = get_object_or_404(Recording, pk=cast(UUID, kwargs["recording_id"]))
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            message = "You may not change transcripts. Ask an administrator for the role of reporter or editor."
            return JsonResponse({"code": "not-allowed", "message": message}, status=403)
        except (DraftConflict, DraftReplaced) as error:
            return JsonResponse({"code": error.code, "message": str(error), **error.fields}, status=409)
        except OnrecordError as error:
            about = {name: error.fields[name] for name in ("segment",) if name in error.fields}
            return JsonResponse({"code": error.code, "message": str(error), **about}, status=422)

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises BadRequest."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise BadRequest(reason="it is not JSON") from error
        if not isinstance(body, dict):
            raise BadRequest(reason="it is not an object")
        return body


class DraftView(DeskApi):
    """The words as they are now; and what was typed, on its way to the database."""

    def get(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        text = text_open(self.recording)
        body = {
            "revision": text.draft.revision,
            "generation": text.draft.generation,
            "changed": text.changed,
            "sides": [
                {
                    "language": language,
                    "translation": version.transcript.is_translation,
                    "number": version.number,
                    "madeBy": version.transcript.made_by,
                }
                for language, version in text.versions.items()
            ],
            "rows": text.rows,
        }
        return _packed(request, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        body = self.body()
        saved = draft_save(
            actor=self.actor,
            recording=self.recording,
            base=_field(body, "base", int),
            generation=_field(body, "generation", int),
            tab=_tab(body),
            changes=_objects(body, "changes"),
            gone=_strings(body, "gone"),
        )
        return JsonResponse({"rows": saved.rows, "masked": saved.masked, **_news(saved.news)})


class PublishView(DeskApi):
    """Makes the draft the next version."""

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        note = _field({"note": "", **self.body()}, "note", str)[:250]
        made = draft_publish(actor=self.actor, recording=self.recording, note=note)
        text = text_open(self.recording)
        return JsonResponse(
            {
                "revision": text.draft.revision,
                "made": {version.transcript.language: version.number for version in made},
            }
        )


class PulseView(DeskApi):
    """Says that this window is open; answers who else is here and what they changed."""

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        body = self.body()
        tab = _tab(body)
        if body.get("leaving"):
            presence_end(recording=self.recording, tab=tab)
            return JsonResponse({"others": []})
        others = presence_pulse(actor=self.actor, recording=self.recording, tab=tab)
        base = _field(body, "base", int)
        draft = getattr(self.recording, "draft", None)
        if draft is not None and draft.generation != _field(body, "generation", int):
            raise DraftReplaced()
        news = draft_news(self.recording, since=base, tab=tab)
        return JsonResponse({"others": others, **(_news(news) if news else {"revision": base, "news": [], "gone": []})})


class TimesView(DeskApi):
    """Has the worker listen for words typed since, and tells what came of it, with the rows as they are then."""

    def post(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        segment = _field({"segment": "", **self.body()}, "segment", str)
        return self._told(retiming_start(actor=self.actor, recording=self.recording, segment=segment))

    def get(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        return self._told(retiming_of(self.recording, request.GET.get("job", "")))

    def _told(self, result: TaskResult) -> JsonResponse:
        told = retiming_told(result)
        wanted = set(told.get("segments", ()))
        rows = [row for row in text_open(self.recording).rows if row["id"] in wanted] if wanted else []
        return JsonResponse({**told, "rows": rows})


class SuggestionsView(DeskApi):
    """Words that may have to be masked, in each language."""

    def get(self, request: HttpRequest, recording_id: UUID) -> JsonResponse:
        text = text_open(self.recording)
        found = [
            {
                "segment": suggestion.segment_id,
                "language": language,
                "words": list(suggestion.word_ids),
                "text": suggestion.text,
                "kind": suggestion.kind,
                "why": suggestion.why,
            }
            for language in text.languages
            for suggestion in mask_suggestions([segment_of(row, language) for row in text.rows], language)
        ]
        return JsonResponse({"suggestions": found})


def _packed(request: HttpRequest, data: bytes) -> HttpResponse:
    """JSON, packed in the fastest way: to pack the words of three hours well takes longer than to send them."""
    answer = HttpResponse(data, content_type="application/json")
    patch_vary_headers(answer, ["Accept-Encoding"])
    if re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", request.headers.get("Accept-Encoding", "")):
        answer.content = gzip.compress(data, 1, mtime=0)
        answer["Content-Encoding"] = "gzip"
    return answer


def _news(news: News) -> dict[str, Any]:
    return {"revision": news.revision, "news": news.rows, "gone": news.gone}


def _field(body: dict[str, Any], name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadRequest(reason=f"{name} is missing or of the wrong kind")
    return value


def _tab(body: dict[str, Any]) -> str:
    tab = _field(body, "tab", str)
    if not _TAB.fullmatch(tab):
        raise BadRequest(reason="tab is not a name of 8 to 40 letters and digits")
    return tab


def _objects(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise BadRequest(reason=f"{name} is not a list of objects")
    return values


def _strings(body: dict[str, Any], name: str) -> list[str]:
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRequest(reason=f"{name} is not a list of ids")
    return values
