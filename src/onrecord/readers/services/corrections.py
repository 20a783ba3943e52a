"""Corrections: a reader's suggestion taken in, put into a draft or declined, and the note that follows."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.drafts import words_find, words_replace
from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionNote, CorrectionReport
from onrecord.readers.passages import Selected, block_of
from onrecord.readers.services.intake import Envelope, envelope_take
from onrecord.readers.services.listeners import tell_listeners
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages


class AlreadyHandled(OnrecordError):
    code = "correction-already-handled"
    message = "Somebody else has just handled this suggestion: it is {status} now. Nothing was changed."


class ReasonNeeded(OnrecordError):
    code = "correction-reason-needed"
    message = "Give the reason: it is {kept}."


class WordsNeeded(OnrecordError):
    code = "correction-words-needed"
    message = "Give the words as they stand in the story, and new words that differ from them."


@dataclass(frozen=True)
class Accepted:
    """An accepted suggestion. `changed`: the words are changed in the draft; `block_id`: where to look."""

    report: CorrectionReport
    note: CorrectionNote | None
    changed: bool
    block_id: str


def correction_report_add(
    *,
    story: StoryPage,
    selected: Selected,
    suggestion: str,
    email: str = "",
    revision_read: int | None = None,
    envelope: Envelope,
) -> CorrectionReport:
    """Queue a reader's suggestion. All text is cleaned; raises ProofRefused, TooManyMessages.

    A revision that readers never had is not kept.
    """
    with transaction.atomic():
        envelope_take(envelope)
        known = StoryCheck.objects.filter(page=story, revision_id=revision_read or 0).exists()
        return CorrectionReport.objects.create(
            story=story,
            revision_read=revision_read if known else None,
            block_id=selected.block_id,
            exact=selected.exact,
            prefix=selected.prefix,
            suffix=selected.suffix,
            start=selected.start,
            end=selected.end,
            suggestion=suggestion,
            email=email,
            **envelope.fields(),
        )


def correction_accept(
    *,
    actor: User,
    report: CorrectionReport,
    kind: CorrectionReport.Kind,
    old_words: str,
    new_words: str,
    reason: str = "",
    changes_meaning: bool = False,
) -> Accepted:
    """Accept a suggestion: the new words go into a draft where that is certain, a change is noted.

    Nothing is published: the editor does that, past the gate, and the note follows then. Raises
    PermissionDenied, AlreadyHandled, WordsNeeded, ReasonNeeded.
    """
    _authorise(actor)
    old_words, new_words, reason = old_words.strip(), new_words.strip(), reason.strip()
    if not old_words or old_words == new_words:
        raise WordsNeeded()
    if kind == CorrectionReport.Kind.SUBSTANCE and not reason:
        raise ReasonNeeded(kept="part of the public note")
    with transaction.atomic():
        row = _open_report(report)
        now = timezone.now()  # before the draft is saved, so that its revision is not older than the note
        note = None
        if kind == CorrectionReport.Kind.SUBSTANCE:
            note = CorrectionNote.objects.create(
                story=row.story, report=row, old_words=old_words, new_words=new_words, reason=reason,
                changes_meaning=changes_meaning, created_at=now, by=actor,
            )  # fmt: skip
        changed, block_id = _draft_change(actor, row, old_words, new_words)
        row.kind = kind
        _close(row, actor, CorrectionReport.Status.ACCEPTED)
        log(
            row, "readers.correction.accept", user=actor,
            data={"story": row.story_id, "kind": str(kind), "changed_in_draft": changed},
        )  # fmt: skip
    return Accepted(row, note, changed, block_id)


def correction_decline(*, actor: User, report: CorrectionReport, reason: str) -> CorrectionReport:
    """Close a suggestion without a change. Raises PermissionDenied, AlreadyHandled, ReasonNeeded."""
    _authorise(actor)
    if not reason.strip():
        raise ReasonNeeded(kept="kept with the suggestion")
    with transaction.atomic():
        row = _open_report(report)
        row.decline_reason = reason.strip()
        _close(row, actor, CorrectionReport.Status.DECLINED)
        log(row, "readers.correction.decline", user=actor, data={"story": row.story_id})
    return row


def correction_notes_publish(*, story: StoryPage, revision: Revision) -> list[CorrectionNote]:
    """Make a story's pending notes public, now that a revision made after them is; gives those notes."""
    with transaction.atomic():
        pending = CorrectionNote.objects.select_for_update().filter(
            story_id=story.pk, published_at__isnull=True, created_at__lte=revision.created_at
        )
        notes = list(pending)
        now = timezone.now()
        for note in notes:
            note.published_at = now
            note.save(update_fields=["published_at"])
            log(note, "readers.correction.publish", data={"story": story.pk})
        if notes:
            tell_listeners(story, "notes")
    return notes


def _authorise(actor: User) -> None:
    if not actor.has_perm("readers.change_correctionreport"):
        raise PermissionDenied


def _open_report(report: CorrectionReport) -> CorrectionReport:
    row = CorrectionReport.objects.select_for_update(of=("self",)).select_related("story").get(pk=report.pk)
    if row.status != CorrectionReport.Status.OPEN:
        raise AlreadyHandled(status=row.get_status_display().lower())
    return row


def _close(row: CorrectionReport, actor: User, status: CorrectionReport.Status) -> None:
    row.status = status
    row.handled_at = timezone.now()
    row.handled_by = actor
    row.email = ""
    row.save(update_fields=["status", "kind", "handled_at", "handled_by", "decline_reason", "email"])


def _draft_change(actor: User, row: CorrectionReport, old_words: str, new_words: str) -> tuple[bool, str]:
    """Whether the words are changed in a new draft, and the block where they stand or stood."""
    story = StoryPage.objects.select_for_update(of=("self",)).get(pk=row.story_id)
    draft = story.get_latest_revision_as_object()
    passages = story_passages(draft)
    place = report_place(row, draft, story.latest_revision_id)
    if place is None and any(block_of(passage.id) == block_of(row.block_id) for passage in passages):
        passages = [passage for passage in passages if block_of(passage.id) == block_of(row.block_id)]
    words = words_find(passages, place, old_words)
    block_id = block_of(words.passage.id if words else place.passage.id if place else row.block_id)
    permissions = story.permissions_for_user(actor)
    if words is None or not permissions.can_edit() or permissions.page_locked():
        return False, block_id
    if not words_replace(draft, words, new_words):
        return False, block_id
    draft.save_revision(user=actor, log_action=True, clean=False)
    return True, block_id
