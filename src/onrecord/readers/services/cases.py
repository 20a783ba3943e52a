"""Cases sorted by editors: whose they are, of what kind, put together, parted, talked about."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.models import CaseNote, CorrectionCase, CorrectionReport, Kind

HANDLE = "readers.change_correctionreport"


class AlreadyHandled(OnrecordError):
    code = "correction-already-handled"
    message = "Somebody else has just handled this suggestion: it is {status} now. Nothing was changed."


class CannotMerge(OnrecordError):
    code = "cases-cannot-merge"
    message = "Only open cases that readers sent about the same story can be put together."


class CannotSplit(OnrecordError):
    code = "case-cannot-split"
    message = "This is the only message of its case, so there is nothing to part it from."


class CannotHandle(OnrecordError):
    code = "assignee-cannot-handle"
    message = "{name} may not handle corrections. Choose an editor."


def authorise(actor: User) -> None:
    """Raise PermissionDenied for those who may not handle corrections."""
    if not actor.has_perm(HANDLE):
        raise PermissionDenied


def open_case(case: CorrectionCase) -> CorrectionCase:
    """The case, locked; raises AlreadyHandled when it is not open any more. Call in a transaction."""
    row = CorrectionCase.objects.select_for_update(of=("self",)).select_related("story").get(pk=case.pk)
    if not row.is_open:
        raise AlreadyHandled(status=row.get_status_display().lower())
    return row


def case_sort(*, actor: User, case: CorrectionCase, kind: str, assignee: User | None) -> CorrectionCase:
    """Say what kind of mistake it is and whose case it is. Raises PermissionDenied, AlreadyHandled, CannotHandle."""
    authorise(actor)
    if assignee is not None and not (assignee.is_active and assignee.has_perm(HANDLE)):
        raise CannotHandle(name=assignee.get_full_name() or assignee.get_username())
    with transaction.atomic():
        row = open_case(case)
        before = (row.kind, row.assignee_id)
        row.kind, row.assignee = Kind(kind) if kind else "", assignee
        if (row.kind, row.assignee_id) != before:
            row.save(update_fields=["kind", "assignee"])
            log(row, "readers.case.sort", user=actor, data={"kind": str(row.kind), "assignee": row.assignee_id})
    return row


def case_note_add(*, actor: User, case: CorrectionCase, words: str) -> CaseNote:
    """Tell the other editors something about a case, open or closed. Raises PermissionDenied, ValueError if empty."""
    authorise(actor)
    if not words.strip():
        raise ValueError(words)
    with transaction.atomic():
        note = CaseNote.objects.create(case=case, words=words.strip(), created_at=timezone.now(), by=actor)
        log(case, "readers.case.note", user=actor, data={"note": note.pk})
    return note


def case_merge(*, actor: User, case: CorrectionCase, into: CorrectionCase) -> CorrectionCase:
    """Put all of one case into another, which stays. Raises PermissionDenied, AlreadyHandled, CannotMerge."""
    authorise(actor)
    with transaction.atomic():
        first, second = sorted((case, into), key=lambda one: one.pk)  # one order for all: no two wait for each other
        rows = {row.pk: row for row in (open_case(first), open_case(second))}
        leaving, staying = rows[case.pk], rows[into.pk]
        readers = CorrectionCase.Origin.READER
        if leaving.pk == staying.pk or leaving.story_id != staying.story_id:
            raise CannotMerge()
        if (leaving.origin, staying.origin) != (readers, readers):
            raise CannotMerge()
        leaving.reports.update(case=staying)
        leaving.notes.update(case=staying)
        staying.created_at = min(staying.created_at, leaving.created_at)
        staying.save(update_fields=["created_at"])
        log(staying, "readers.case.merge", user=actor, data={"story": staying.story_id, "case": leaving.pk})
        leaving.delete()
    return staying


def report_split(*, actor: User, report: CorrectionReport) -> CorrectionCase:
    """Make one message of a case a case of its own. Raises PermissionDenied, AlreadyHandled, CannotSplit."""
    authorise(actor)
    with transaction.atomic():
        row = open_case(report.case)
        if row.reports.count() < 2:
            raise CannotSplit()
        own = CorrectionCase.objects.create(
            story=row.story, origin=row.origin, kind=report.kind_given or row.kind, created_at=report.created_at
        )
        CorrectionReport.objects.filter(pk=report.pk, case=row).update(case=own)
        log(row, "readers.case.split", user=actor, data={"story": row.story_id, "case": own.pk})
    return own
