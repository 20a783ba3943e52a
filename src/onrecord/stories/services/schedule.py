"""Stories that go live, and end, at a set time."""

import logging
from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Revision

from onrecord.stories.gate import GateRefused
from onrecord.stories.models import StoryPage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refused:
    """A scheduled story that the gate held back."""

    story: StoryPage
    why: str


def stories_publish_due() -> tuple[list[StoryPage], list[Refused]]:
    """Publish what is due and take down what has expired; a story that the gate refuses stays a draft."""
    published, refused = [], []
    now = timezone.now()
    for revision in Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at"):
        story = revision.as_object()
        try:
            revision.publish()
        except GateRefused as error:
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            log.warning("scheduled-story-refused revision=%s", revision.pk)
            refused.append(Refused(story, str(error)))
        else:
            published.append(story)
    for page in StoryPage.objects.live().filter(expire_at__lt=now):
        page.unpublish(set_expired=True, log_action=True)
    return published, refused
