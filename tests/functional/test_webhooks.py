"""Other programs are told of what is published: signed, once, again when they do not answer; never ours inside."""

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onrecord.publishing.models import WebhookDelivery, WebhookEndpoint
from onrecord.publishing.webhooks import delivering, sending
from onrecord.publishing.webhooks.messages import tell
from onrecord.publishing.webhooks.sending import WebhookRefused, WebhookUnanswered, is_outside, post, target_of
from onrecord.publishing.webhooks.signing import secret_bytes, signature
from onrecord.publishing.webhooks.tasks import deliveries_retry
from onrecord.readers.models import CorrectionNote
from tests import factories
from tests.functional.conftest import DeskOf

pytestmark = pytest.mark.django_db

QUOTE = "“They said the buses would leave on Tuesday, not before,” a man said."
SECRET = f"whsec_{b64encode(b'k' * 24).decode()}"


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent; answers as it was told to."""

    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver(settings: Any) -> Iterator[str]:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    Receiver.got, Receiver.status = [], 204
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/in?token=1"
        server.shutdown()


def endpoint(url: str, *events: str) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(url=url, secret=SECRET, events=list(events or WebhookEndpoint.Event.values))


def messages_got() -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in Receiver.got]


def test_a_story_is_told_of_when_it_is_published_changed_and_taken_down(
    receiver: str, django_capture_on_commit_callbacks: Any
) -> None:
    endpoint(receiver)
    call = factories.recording()
    factories.transcript(call, factories.CALL_VTT.replace("buses", "{profanity|buses}"))
    with django_capture_on_commit_callbacks(execute=True):
        page = factories.story(QUOTE.replace("buses", "b***s"), recordings=[call], publish=True, title="A call")
    with django_capture_on_commit_callbacks(execute=True):
        CorrectionNote.objects.create(story=page, old_words="five", new_words="six", reason="A slip.",
                                      created_at=timezone.now())  # fmt: skip
        page.title = "Another title"
        page.save_revision().publish()
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    got = messages_got()
    assert sorted(one["type"] for one in got) == [
        "correction.published", "story.published", "story.unpublished", "story.updated",
    ]  # fmt: skip
    by_type = {one["type"]: one["data"] for one in got}
    assert by_type["story.published"]["title"] == "A call"
    assert by_type["correction.published"]["old_words"] == "five"
    assert set(by_type["story.unpublished"]) == {"id", "slug", "url"}
    assert b"buses" not in b"".join(body for _, body in Receiver.got)
    assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"delivered"}


def test_the_signature_is_that_of_the_standard(receiver: str, django_capture_on_commit_callbacks: Any) -> None:
    endpoint(receiver)
    with django_capture_on_commit_callbacks(execute=True):
        tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    ((headers, body),) = Receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = b64encode(hmac.new(b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["host"] == receiver.split("/")[2]


def test_the_standards_own_example() -> None:
    body = b'{"test": 2432232314}'
    given = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["", "abc", "whsec_!!", "whsec_" + b64encode(b"short").decode()])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match=r"whsec_|secret"):
        secret_bytes(secret)


def test_the_same_thing_is_told_once_and_only_to_those_who_want_it(receiver: str) -> None:
    endpoint(receiver, "story.published")
    endpoint(receiver, "story.unpublished")
    off = endpoint(receiver, "story.published")
    WebhookEndpoint.objects.filter(pk=off.pk).update(is_on=False)
    assert len(tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})) == 1
    assert tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1}) == []


def test_who_does_not_answer_is_asked_again_and_then_no_more(receiver: str) -> None:
    one = endpoint(receiver)
    Receiver.status = 500
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    waits = []
    for _ in range(len(delivering.WAITS) + 1):
        deliveries_retry()
        row.refresh_from_db()
        if row.next_try_at:
            waits.append(row.next_try_at - timezone.now())
            WebhookDelivery.objects.update(next_try_at=timezone.now())
    assert (row.status, row.attempts, row.answer) == ("failed", len(delivering.WAITS) + 1, "500")
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(hours=23)
    assert one.is_on


def test_a_message_is_not_sent_before_its_time_nor_by_two_workers(receiver: str) -> None:
    endpoint(receiver)
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    WebhookDelivery.objects.update(next_try_at=timezone.now() + timedelta(seconds=60))
    assert delivering.delivery_try(row.pk) is None
    assert delivering.deliveries_due() == []
    assert Receiver.got == []


def test_a_receiver_that_is_gone_turns_its_webhook_off(receiver: str) -> None:
    one = endpoint(receiver)
    Receiver.status = 410
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    (other,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:2", {"id": 2})
    delivering.delivery_try(row.pk)
    one.refresh_from_db()
    assert not one.is_on
    delivering.delivery_try(other.pk)
    other.refresh_from_db()
    assert (other.status, len(Receiver.got)) == ("failed", 1)


def test_a_redirect_is_not_followed(receiver: str) -> None:
    endpoint(receiver)
    Receiver.status = 307
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    delivering.delivery_try(row.pk)
    row.refresh_from_db()
    assert (row.status, row.answer) == ("waiting", "307")


def test_old_messages_are_forgotten(receiver: str) -> None:
    endpoint(receiver)
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    WebhookDelivery.objects.update(status="delivered", finished_at=timezone.now() - delivering.KEPT - timedelta(days=1))
    delivering.deliveries_due()
    assert not WebhookDelivery.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_of_our_own_network_are_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"])
def test_addresses_of_the_public_internet_are_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:8000/", "http://[::1]/", "http://0177.0.0.1/", "http://2130706433/",
     "ftp://127.0.0.1/", "file:///etc/passwd", "https://name:word@127.0.0.1/", "http://127.0.0.1:99999/", "gopher://x"],
)  # fmt: skip
def test_nothing_is_sent_inside(url: str, settings: Any) -> None:
    with pytest.raises((WebhookRefused, WebhookUnanswered)):
        target_of(url, allow_private=False)
    endpoint(url)
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    delivering.delivery_try(row.pk)
    row.refresh_from_db()
    assert row.status != "delivered"


def test_a_name_that_leads_inside_is_refused_and_the_connection_goes_where_was_looked(
    monkeypatch: pytest.MonkeyPatch, receiver: str
) -> None:
    port = int(receiver.split(":")[2].split("/")[0])
    monkeypatch.setattr(sending.socket, "getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", ("127.0.0.1", port))])
    with pytest.raises(WebhookRefused):
        target_of(f"http://rebinding.example:{port}/", allow_private=False)
    target = target_of(f"http://rebinding.example:{port}/", allow_private=True)
    monkeypatch.undo()
    assert post(target, b"{}", {}) == 204  # the name is not asked for again: nobody would know it
    assert Receiver.got[0][0]["host"] == f"rebinding.example:{port}"


def test_nobody_there_is_said_so() -> None:
    target = target_of("http://127.0.0.1:9/", allow_private=True)
    with pytest.raises(WebhookUnanswered):
        post(target, b"{}", {})


def test_the_desk_makes_one_shows_what_was_sent_and_sends_again(desk_of: DeskOf, receiver: str) -> None:
    desk = desk_of("Administrator")
    added = desk.post(reverse("webhooks:add"), {"url": receiver, "note": "The archive", "events": ["story.published"],
                                                "secret": SECRET, "is_on": "on"})  # fmt: skip
    assert added.status_code == 302, added.content.decode()
    one = WebhookEndpoint.objects.get()
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    delivering.delivery_try(row.pk)
    page = desk.get(reverse("webhooks:edit", args=[one.pk])).content.decode()
    assert "A story is published" in page
    assert "204" in page
    desk.post(reverse("webhooks:resend", args=[one.pk]), {"delivery": row.pk})
    row.refresh_from_db()
    assert row.status == "waiting"


@pytest.mark.parametrize(
    ("field", "value"), [("url", "http://127.0.0.1/"), ("secret", "short"), ("events", []), ("url", "javascript:1")]
)
def test_the_desk_refuses_what_can_not_work(desk_of: DeskOf, field: str, value: Any) -> None:
    form = {"url": "https://192.0.2.1/", "events": ["story.published"], "secret": SECRET, field: value}
    assert desk_of("Administrator").post(reverse("webhooks:add"), form).status_code == 200
    assert not WebhookEndpoint.objects.exists()


def test_only_administrators_see_webhooks(desk_of: DeskOf, receiver: str) -> None:
    one = endpoint(receiver)
    editor = desk_of("Editor")
    assert editor.get(reverse("webhooks:edit", args=[one.pk])).status_code in (302, 403)
    (row,) = tell(WebhookEndpoint.Event.PUBLISHED, "story.published:1", {"id": 1})
    with pytest.raises(PermissionDenied):
        delivering.delivery_resend(actor=editor.person, delivery=row)  # type: ignore[attr-defined]
    assert editor.post(reverse("webhooks:resend", args=[one.pk]), {"delivery": row.pk}).status_code in (302, 403)
    assert Client().get(reverse("webhooks:edit", args=[one.pk])).status_code == 302
