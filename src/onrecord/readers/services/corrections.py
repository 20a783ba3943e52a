"""Corrections decided: put into a draft and noted, declined, answered; and the note made public."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Comment as Remark
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.models import CorrectionCase, CorrectionNote, ReaderMail
from onrecord.readers.services.cases import authorise, open_case
from onrecord.readers.services.drafting import draft_change
from onrecord.readers.services.listeners import tell_listeners
from onrecord.readers.services.mail import NothingToSend, answer_queue, outcome_tell, outcomes_release
from onrecord.stories.models import StoryPage

Status, Weight = CorrectionCase.Status, CorrectionCase.Weight


class ReasonNeeded(OnrecordError):
    code = "correction-reason-needed"
    message = "Give the reason: it is {kept}."


class WordsNeeded(OnrecordError):
    code = "correction-words-needed"
    message = "Give the words as they stand in the story, and new words that differ from them."


class NoStory(OnrecordError):
    code = "correction-without-story"
    message = "This is a letter, not about words of a story: answer it, or decline it with a reason."


@dataclass(frozen=True)
class Accepted:
    """An accepted case. `changed`: the words are changed in the draft; `block_id`: where to look."""

    case: CorrectionCase
    note: CorrectionNote | None
    changed: bool
    block_id: str


def correction_accept(
    *,
    actor: User,
    case: CorrectionCase,
    weight: CorrectionCase.Weight,
    old_words: str,
    new_words: str,
    reason: str = "",
    changes_meaning: bool = False,
    answer: str = "",
) -> Accepted:
    """Accept a case: the new words go into a draft where that is certain, a change of substance is noted.

    Nothing is published: the editor does that, past the gate, and the note follows then, as does the mail to readers
    who left an address. Raises PermissionDenied, AlreadyHandled, WordsNeeded, ReasonNeeded, NoStory.
    """
    authorise(actor)
    old_words, new_words, reason = old_words.strip(), new_words.strip(), reason.strip()
    if not old_words or old_words == new_words:
        raise WordsNeeded()
    if weight == Weight.SUBSTANCE and not reason:
        raise ReasonNeeded(kept="part of the public note")
    with transaction.atomic():
        row = open_case(case)
        if row.story is None:
            raise NoStory()
        now = timezone.now()  # before the draft is saved, so that its revision is not older than the note
        note = None
        if weight == Weight.SUBSTANCE:
            note = CorrectionNote.objects.create(
                story=row.story, case=row, kind=row.kind, old_words=old_words, new_words=new_words, reason=reason,
                changes_meaning=changes_meaning, created_at=now, by=actor,
            )  # fmt: skip
        row.weight, row.old_words, row.new_words = weight, old_words, new_words
        change = draft_change(actor, row, old_words, new_words)
        row.draft_revision, row.draft_comment = change.revision_id, change.remark_id
        _close(row, actor, Status.ACCEPTED, at=now)
        outcome_tell(row, actor=actor, words=answer.strip(), held=True)
        log(
            row, "readers.correction.accept", user=actor,
            data={"story": row.story_id, "weight": str(weight), "changed_in_draft": change.changed},
        )  # fmt: skip
    return Accepted(row, note, change.changed, change.block_id)


def correction_decline(*, actor: User, case: CorrectionCase, reason: str, answer: str = "") -> CorrectionCase:
    """Close a case without a change; `answer` goes to readers who left an address, the reason stays in the desk.

    Raises PermissionDenied, AlreadyHandled, ReasonNeeded.
    """
    authorise(actor)
    if not reason.strip():
        raise ReasonNeeded(kept="kept with the suggestion")
    with transaction.atomic():
        row = open_case(case)
        row.decline_reason = reason.strip()
        _close(row, actor, Status.DECLINED)
        outcome_tell(row, actor=actor, words=answer.strip())
        log(row, "readers.correction.decline", user=actor, data={"story": row.story_id})
    return row


def correction_answer(*, actor: User, case: CorrectionCase, words: str, close: bool = False) -> list[ReaderMail]:
    """Write to the readers of a case who left an address; `close` ends the case with it.

    Raises PermissionDenied, AlreadyHandled, ReasonNeeded without words, NothingToSend when nobody left an address; a
    case may be closed all the same.
    """
    authorise(actor)
    words = words.strip()
    if not words:
        raise ReasonNeeded(kept="what the reader gets")
    with transaction.atomic():
        row = open_case(case)
        readers = list(row.reports.exclude(email=""))
        if not readers and not close:
            raise NothingToSend()
        if close:
            _close(row, actor, Status.ANSWERED)
            outcome_tell(row, actor=actor, words=words)
            sent = list(ReaderMail.objects.filter(report__in=readers, about=ReaderMail.About.OUTCOME))
        else:
            sent = [answer_queue(report, actor=actor, words=words) for report in readers]
        log(row, "readers.case.answer", user=actor, data={"story": row.story_id, "mails": len(sent), "closed": close})
    return sent


def correction_notes_publish(*, story: StoryPage, revision: Revision) -> list[CorrectionNote]:
    """Make a story's pending notes public, now that a revision made after them is; gives those notes.

    Readers who wait to hear of a correction in it are told, and the remarks beside its words in the editor are done.
    """
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
        cases = CorrectionCase.objects.filter(
            story_id=story.pk, status=Status.ACCEPTED, handled_at__lte=revision.created_at
        )
        outcomes_release(list(cases.values_list("pk", flat=True)))
        remarks = cases.exclude(draft_comment=None).values_list("draft_comment", flat=True)
        Remark.objects.filter(pk__in=list(remarks), resolved_at=None).update(resolved_at=now)
        if notes:
            tell_listeners(story, "notes")
    return notes


def _close(row: CorrectionCase, actor: User, status: CorrectionCase.Status, at: datetime | None = None) -> None:
    row.status = status
    row.handled_at = at or timezone.now()
    row.handled_by = actor
    row.gathered = True
    row.save()
