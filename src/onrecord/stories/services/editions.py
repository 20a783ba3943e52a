"""What readers are told of each published state of a story."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.models import StoryEdition, StoryPage
from onrecord.stories.services.listeners import tell_listeners

LEAST_REASON = 10


class EditionIsLive(OnrecordError):
    code = "edition-is-live"
    message = "Readers have these words now. Publish the story without them first; then withhold this version."


class WithholdingReasonMissing(OnrecordError):
    code = "withholding-reason-missing"
    message = "Readers see why a version is not shown: give a reason of at least {least} characters, without the words."


def edition_record(*, story: StoryPage, revision: Revision) -> StoryEdition:
    """Keep that this revision is what readers have from now on; nothing new when they had it already.

    The note is the story's, unless the edition before had the same: then nobody wrote one this time.
    """
    with transaction.atomic():
        last = StoryEdition.objects.select_for_update().filter(page_id=story.pk).last()
        if last is not None and last.revision_id == revision.pk:
            return last
        written = story.change_note.strip()
        earlier = StoryEdition.objects.filter(page_id=story.pk).exclude(note="").last()
        is_new = last is not None and written and (earlier is None or earlier.note != written)
        return StoryEdition.objects.create(
            page_id=story.pk, revision=revision, published_at=timezone.now(), note=written if is_new else ""
        )


def edition_explain(*, actor: User, edition: StoryEdition, note: str) -> None:
    """Say to readers what was changed with this edition, and why."""
    _authorise(actor, edition)
    with transaction.atomic():
        edition.note = note.strip()
        edition.save(update_fields=["note"])
        log(instance=edition.page, action="stories.edition.explain", user=actor, data={"edition": edition.pk})
        tell_listeners(edition.page)


def edition_withhold(*, actor: User, edition: StoryEdition, reason: str) -> None:
    """Show the words of this edition to nobody any more. Raises EditionIsLive, WithholdingReasonMissing."""
    _authorise(actor, edition)
    if edition.page.live and edition.page.live_revision_id == edition.revision_id:
        raise EditionIsLive
    if len(reason.strip()) < LEAST_REASON:
        raise WithholdingReasonMissing(least=LEAST_REASON)
    with transaction.atomic():
        edition.withheld_at, edition.withheld_by, edition.withheld_reason = timezone.now(), actor, reason.strip()
        edition.save(update_fields=["withheld_at", "withheld_by", "withheld_reason"])
        log(instance=edition.page, action="stories.edition.withhold", user=actor, data={"edition": edition.pk})
        tell_listeners(edition.page)


def edition_release(*, actor: User, edition: StoryEdition) -> None:
    """Show the words of this edition again."""
    _authorise(actor, edition)
    with transaction.atomic():
        edition.withheld_at, edition.withheld_by, edition.withheld_reason = None, None, ""
        edition.save(update_fields=["withheld_at", "withheld_by", "withheld_reason"])
        log(instance=edition.page, action="stories.edition.release", user=actor, data={"edition": edition.pk})
        tell_listeners(edition.page)


def _authorise(actor: User, edition: StoryEdition) -> None:
    if not edition.page.permissions_for_user(actor).can_publish():
        raise PermissionDenied
