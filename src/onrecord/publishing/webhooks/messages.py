"""What endpoints are told. Nothing in it that readers may not read; of a story taken down only which one it was."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from onrecord.publishing.models import WebhookDelivery, WebhookEndpoint
from onrecord.publishing.structured_data import absolute
from onrecord.publishing.webhooks.tasks import deliver_webhook
from onrecord.readers.models import CorrectionNote
from onrecord.readers.reading import notes_shown
from onrecord.stories.models import StoryPage

Event = WebhookEndpoint.Event


def story_published(sender: type[Page], instance: Page, revision: Revision, **kwargs: Any) -> None:
    """A revision went live: the first one, or another one. Wagtail signals also a page that is only scheduled."""
    if not isinstance(instance, StoryPage) or not instance.live:
        return
    first = instance.first_published_at == instance.last_published_at
    event = Event.PUBLISHED if first else Event.UPDATED
    data = {
        **_which(instance),
        "title": instance.title,
        "language": instance.language,
        "published_at": _stamp(instance.first_published_at),
        "updated_at": _stamp(instance.last_published_at),
        "api_url": absolute(f"/api/v1/stories/{instance.slug}"),
    }
    tell(event, f"{event}:{revision.pk}", data)


def story_unpublished(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A story was taken down; its headline may be why."""
    if isinstance(instance, StoryPage):
        tell(Event.UNPUBLISHED, f"{Event.UNPUBLISHED}:{instance.pk}:{timezone.now().isoformat()}", _which(instance))


def notes_published(story: StoryPage, what: str = "") -> None:
    """Public notes of a story that endpoints have not been told of."""
    if what == "comments":
        return
    oldest = WebhookEndpoint.objects.filter(is_on=True).order_by("created_at").first()
    if oldest is None or not StoryPage.objects.cleared().filter(pk=story.pk).exists():
        return
    notes = CorrectionNote.objects.filter(story=story, published_at__gte=oldest.created_at)
    for note in notes_shown(notes.select_related("story").order_by("pk")):
        data = {
            **_which(story),
            "correction_url": absolute(f"{story.url}#{note.anchor}"),
            "old_words": note.old_words,
            "new_words": note.new_words,
            "reason": note.reason,
            "published_at": _stamp(note.published_at),
        }
        tell(Event.CORRECTED, f"{Event.CORRECTED}:{note.pk}", data)


def tell(event: WebhookEndpoint.Event, about: str, data: dict[str, Any]) -> list[WebhookDelivery]:
    """Write a message to every endpoint that wants it, each thing once; sent after commit."""
    now = timezone.now()
    payload = {"type": str(event), "timestamp": now.isoformat(), "data": data}
    wanting = [one for one in WebhookEndpoint.objects.filter(is_on=True) if event in one.events]
    made: list[WebhookDelivery] = []
    for endpoint in wanting:
        delivery, is_new = WebhookDelivery.objects.get_or_create(
            endpoint=endpoint, about=about,
            defaults={"event": event, "payload": payload, "created_at": now, "next_try_at": now},
        )  # fmt: skip
        made += [delivery] if is_new else []
    send_after_commit(made)
    return made


def send_after_commit(deliveries: Iterable[WebhookDelivery]) -> None:
    for delivery in deliveries:
        transaction.on_commit(partial(deliver_webhook.enqueue, str(delivery.pk)))


def _which(story: StoryPage) -> dict[str, Any]:
    return {"id": story.pk, "slug": story.slug, "url": absolute(story.url or "/")}


def _stamp(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
