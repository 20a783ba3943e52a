"""Checking stories again when a transcript that they quote has a new version."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from onrecord.stories.bindings import QuotationBinding, StoryCheck
from onrecord.stories.checked import Checked
from onrecord.stories.differences import mended
from onrecord.stories.gate import binding_fields, bound_quotation, story_check
from onrecord.stories.models import StoryPage
from onrecord.stories.services.listeners import tell_listeners
from onrecord.stories.services.rechecked import Recheck, StaleQuotation, editors_tell
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.models import TranscriptVersion

RecheckListener = Callable[[Recheck], None]
_listeners: list[RecheckListener] = []


def register_recheck_listener(listener: RecheckListener) -> None:
    """Let an upper app know, inside the transaction, which stories a new version of a transcript has hit."""
    _listeners.append(listener)


def stories_recheck(version: TranscriptVersion) -> list[StoryPage]:
    """Check the stories that quote this transcript again; gives those that it does not bear out, drafts included.

    A published quotation that the new version bears out is bound to it; one that it does not is marked stale. Stories
    that it leaves as they are hear nothing of it.
    """
    hit: dict[int, Recheck] = {}
    for check in StoryCheck.objects.filter(
        page__live=True,
        page__live_revision_id=F("revision_id"),
        bindings__transcript_version__transcript=version.transcript_id,
    ).distinct():
        with transaction.atomic():
            recheck = _published_recheck(check, version)
            if recheck.news or recheck.restored or recheck.moved:
                tell_listeners(recheck.story)
            for listener in _listeners:
                listener(recheck)
        if recheck.stale:
            hit[check.page_id] = recheck
    for story, count in _drafts_hit(version):
        hit[story.pk] = replace(hit.get(story.pk) or Recheck(story, version), in_draft=count)
    for recheck in hit.values():
        if recheck.news or recheck.in_draft:
            editors_tell(recheck)
    return [recheck.story for recheck in hit.values()]


def _published_recheck(check: StoryCheck, version: TranscriptVersion) -> Recheck:
    page = check.page
    fresh = {(q.passage, q.offset): q for q in story_check(page).quotations}
    rows = (
        check.bindings.select_for_update()
        .filter(transcript_version__transcript=version.transcript_id)
        .exclude(verdict=Verdict.OVERRIDDEN)
    )
    stale, restored, news, moved = [], [], 0, 0
    for row in rows:
        quotation = fresh.get((row.passage, row.offset))
        was_stale = row.verdict == Verdict.STALE
        if quotation is not None and not quotation.blocks:
            moved += _rebind(row, quotation)
            restored += [row.key] if was_stale else []
        else:
            _mark_stale(row, quotation)
            stale.append(_stale_quotation(quotation or bound_quotation(row), version))
            news += not was_stale
    return Recheck(page, version, tuple(stale), tuple(restored), news, moved=moved)


def _rebind(row: QuotationBinding, quotation: Checked) -> bool:
    """Bind it to the new version; says whether anything of it is other than it was, its time for example."""
    fields = binding_fields(quotation)
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return any(_plain(before[name]) != _plain(fields[name]) for name in fields.keys() - {"transcript_version_id"})


def _plain(value: Any) -> str:
    return json.dumps(value, default=str)


def _mark_stale(row: QuotationBinding, quotation: Checked | None) -> None:
    """The binding keeps the evidence that it stood on; nobody has heard the words that the record has now."""
    row.was = (quotation.was or str(quotation.verdict)) if quotation else str(Verdict.UNBOUND)
    row.verdict, row.confirmed_at, row.confirmed_by = str(Verdict.STALE), None, ""
    row.save(update_fields=["verdict", "was", "confirmed_at", "confirmed_by"])


def _stale_quotation(quotation: Checked, version: TranscriptVersion) -> StaleQuotation:
    said = quotation.public if quotation.version_id == version.pk else ""
    return StaleQuotation(quotation, mended(quotation.text, said, quotation.changes) if said else "")


def _drafts_hit(version: TranscriptVersion) -> Iterator[tuple[StoryPage, int]]:
    """Drafts with quotations that the version before bore out and this one does not, with how many."""
    before = version.transcript.versions.filter(number__lt=version.number).first()
    if before is None:
        return
    drafts = (
        StoryPage.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
        .annotate(content=Cast("latest_revision__content", TextField()))
        .filter(content__contains=str(version.transcript.recording_id))
    )
    for page in drafts:
        draft = page.get_latest_revision_as_object()
        good = {
            (q.passage, q.offset)
            for q in story_check(draft, instead=[before]).quotations
            if q.version_id == before.pk and not q.blocks
        }
        if not good:
            continue
        hit = [q for q in story_check(draft).blocking if (q.passage, q.offset) in good]
        if hit:
            yield page, len(hit)
