"""What is done with stories: overriding a check, checking again when the record changed, going live on time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.bindings import QuotationBinding, QuotationOverride, StoryCheck
from onrecord.stories.gate import Checked, GateRefused, quotation_key, story_check
from onrecord.stories.models import StoryPage
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.models import TranscriptVersion

log = logging.getLogger(__name__)

StoryListener = Callable[[StoryPage], None]
_story_listeners: list[StoryListener] = []


class ReasonMissing(OnrecordError):
    code = "reason-missing"
    message = "An override needs a reason of at least {least} characters: it stays on record with your name."


LEAST_REASON = 10


@dataclass(frozen=True)
class Refused:
    """A scheduled story that the gate held back."""

    story: StoryPage
    why: str


def register_story_listener(listener: StoryListener) -> None:
    """Let an upper app know that a published story's bindings changed without a new revision."""
    _story_listeners.append(listener)


def quotation_override(*, actor: User, page: StoryPage, quotation: str, verdict: str, reason: str) -> QuotationOverride:
    """Let these exact words of this story through the gate. Raises ReasonMissing, PermissionDenied."""
    if not page.permissions_for_user(actor).can_publish():
        raise PermissionDenied
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonMissing(least=LEAST_REASON)
    return QuotationOverride.objects.create(
        page=page, key=quotation_key(quotation), quotation=quotation, verdict=verdict, reason=reason.strip(),
        at=timezone.now(), by=actor,
    )  # fmt: skip


def stories_recheck(version: TranscriptVersion) -> list[StoryPage]:
    """Check the published stories that quote this transcript again; gives those that have stale quotations now.

    A quotation that the new version bears out is bound to it; one that it does not is marked stale.
    """
    checks = StoryCheck.objects.filter(
        page__live_revision_id=F("revision_id"),
        bindings__transcript_version__transcript=version.transcript_id,
    ).distinct()
    stale = []
    for check in checks:
        page = check.page
        fresh = {(q.passage, q.offset): q for q in story_check(page).quotations}
        with transaction.atomic():
            rows = check.bindings.select_for_update().filter(transcript_version__transcript=version.transcript_id)
            results = [_rebind(row, fresh.get((row.passage, row.offset))) for row in rows]
        if not all(results):
            stale.append(page)
            log.warning("story-stale page=%s version=%s", page.pk, version.pk)
        for listener in _story_listeners:
            listener(page)
    return stale


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


def _rebind(row: QuotationBinding, quotation: Checked | None) -> bool:
    if row.verdict == Verdict.OVERRIDDEN:
        return True
    if quotation is None or quotation.blocks:
        row.verdict = str(Verdict.STALE)
        row.save(update_fields=["verdict"])
        return False
    row.verdict, row.transcript_version_id = str(quotation.verdict), quotation.version_id
    for name in (
        "first_segment",
        "last_segment",
        "first_word",
        "last_word",
        "start_ms",
        "end_ms",
        "speaker",
        "said",
        "score",
    ):
        setattr(row, name, getattr(quotation, name))
    row.changes = list(quotation.changes)
    row.save()
    return True
