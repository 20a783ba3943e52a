"""Whether a request comes from our own pages: they are files without tokens, so the browser is asked."""

from django.conf import settings
from django.http import HttpRequest


def is_same_origin(request: HttpRequest) -> bool:
    """False when the browser says that another site made the request. No word: not a browser, or an old one.

    Nothing here acts in the name of a logged-in person, so a forged request can do no more than a reader can.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site not in ("", "same-origin"):
        return False
    origin = request.headers.get("Origin", "")
    if origin in ("", "null"):
        return origin == "" or site == "same-origin"
    host = request.get_host()
    return origin in (settings.SITE_URL, f"https://{host}", f"http://{host}")
