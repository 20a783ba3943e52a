"""What every template knows about the newsroom."""

from django.conf import settings
from django.http import HttpRequest


def newsroom(request: HttpRequest) -> dict[str, object]:
    """Name, address and language of the newsroom, and whether all of it is invented."""
    return {
        "newsroom_name": settings.NEWSROOM_NAME,
        "newsroom_language": settings.NEWSROOM_LANGUAGE,
        "newsroom_is_demo": settings.NEWSROOM_IS_DEMO,
        "site_url": settings.SITE_URL,
    }
