"""The API as a whole: errors in one form, entity tags, who may ask how often."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import AnonRateThrottle

from onrecord.errors import OnrecordError
from onrecord.publishing.api.endpoints import router
from onrecord.readers.senders import client_address

MINUTE = "m"


class RequestRate(AnonRateThrottle):
    """So many requests a minute from one address; kept in memory only, and gone with the process."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"api-rate-{client_address(request.META, settings.TRUSTED_PROXIES)}"


def failure(status: int, code: str, message: str, fields: list[dict[str, Any]] | None = None) -> JsonResponse:
    """The one form of every error."""
    return JsonResponse({"error": {"code": code, "message": message, "fields": fields or []}}, status=status)


rate = settings.API_REQUESTS_A_MINUTE
api = NinjaAPI(
    title="Onrecord",
    version="1",
    description="What readers may see, read-only. Masked words are masked.",
    urls_namespace="api-1",
    docs_url=None,
    openapi_url="/openapi.json",
    throttle=[RequestRate(f"{rate}/{MINUTE}")] if rate else [],
)
api.add_router("", router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return failure(HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address that readers may see.")


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"name": str(one["loc"][-1]), "reason": str(one["msg"])} for one in error.errors]
    return failure(HTTPStatus.UNPROCESSABLE_ENTITY, "not-understood", "A parameter can't be used.", fields)


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = failure(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests. Wait a minute.")
    response["Retry-After"] = str(round(error.wait or 60))
    return response


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return failure(error.status_code, "not-understood", str(error))


@api.exception_handler(OnrecordError)
def not_now(request: HttpRequest, error: OnrecordError) -> HttpResponse:
    response = failure(HTTPStatus.SERVICE_UNAVAILABLE, error.code, str(error))
    response["Retry-After"] = "5"
    return response


def answering(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view with an entity tag, for any site's scripts, and with our form for a method that is not allowed."""

    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404 as error:  # of the framework's own root
            response = not_found(request, error)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response.headers["Allow"]
            response = failure(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", f"Allowed here: {allowed}.")
            response.headers["Allow"] = allowed
        response.headers["Cache-Control"] = "no-cache"  # kept, and asked for again with its entity tag
        response.headers["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


urlpatterns = api.urls[0]
for pattern in urlpatterns:
    pattern.callback = answering(cast("Callable[..., HttpResponseBase]", pattern.callback))
urls = (urlpatterns, "ninja", "api-1")
