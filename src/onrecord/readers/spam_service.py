"""Services that judge comments from outside. None is asked unless the settings name one; what it gets is said there."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from onrecord.errors import OnrecordError

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 10_000


class SpamServiceFailed(OnrecordError):
    code = "spam-service-failed"
    message = "The spam service at {url} gave no verdict ({reason}). The comment waits for a moderator."


class SpamService(Protocol):
    """What a service must be able to do. It is made with its address and the newsroom's key."""

    def __init__(self, url: str, key: str) -> None: ...

    def is_spam(self, *, name: str, text: str, page_url: str) -> bool:
        """The service's verdict. Raises SpamServiceFailed when there is none."""


class Akismet:
    """Asks a service that speaks Akismet's protocol (https://akismet.com/developers/detailed-docs/comment-check/).

    The reader's address is not sent: the protocol wants one, so it gets one that belongs to nobody (RFC 5737).
    """

    NOBODY = "192.0.2.1"

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    def is_spam(self, *, name: str, text: str, page_url: str) -> bool:
        answer = self._post(
            {
                "api_key": self.key, "blog": settings.SITE_URL, "user_ip": self.NOBODY, "permalink": page_url,
                "comment_type": "comment", "comment_author": name, "comment_content": text,
            }
        )  # fmt: skip
        if answer not in ("true", "false"):
            raise SpamServiceFailed(url=self.url, reason=f"it answered {json.dumps(answer[:60])}")
        return answer == "true"

    def _post(self, fields: dict[str, str]) -> str:
        request = urllib.request.Request(
            self.url, data=urllib.parse.urlencode(fields).encode(), headers={"User-Agent": "Onrecord"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read(MAX_ANSWER_BYTES)
        except (OSError, ValueError) as error:
            raise SpamServiceFailed(url=self.url, reason=type(error).__name__) from error
        return content.decode("utf-8", "replace").strip()


def spam_service() -> SpamService | None:
    """The service that the settings name, or None: then nothing leaves the newsroom."""
    if not settings.SPAM_SERVICE:
        return None
    made: SpamService = import_string(settings.SPAM_SERVICE)(settings.SPAM_SERVICE_URL, settings.SPAM_SERVICE_KEY)
    return made
