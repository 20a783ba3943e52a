"""Headers for what the application itself answers to readers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from onrecord.core.headers import public_headers

INTERNAL_PREFIXES = ("/desk/", "/documents/")


class PublicHeadersMiddleware:
    """The same headers as baked files carry; the desk has Wagtail's own needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(INTERNAL_PREFIXES):
            for name, value in public_headers(request.path).items():
                response.headers.setdefault(name, value)
        return response
