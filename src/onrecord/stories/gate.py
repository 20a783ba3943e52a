"""The gate: no quotation is published that the record does not bear out.

Every way to publish ends in `StoryPage.publish`, which calls `gate_pass`; readers are given only revisions that have a
`StoryCheck`, so a page made live behind the gate's back is not shown either.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from wagtail.models import Revision

from onrecord.archive.models import Copy, Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.bindings import QuotationBinding, StoryCheck
from onrecord.stories.checked import Checked, Place, Report, quotation_key
from onrecord.stories.history import at_chosen_places, with_decisions
from onrecord.stories.passages import JOINT, Passage, story_passages
from onrecord.stories.unreviewed import reviewed_places_first, unreviewed_held
from onrecord.text import transcripts as text
from onrecord.text.findings import Evidence
from onrecord.text.quotations import Quotation
from onrecord.text.verdicts import Finding, Record, Verdict, check_quotation, check_quotations
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import as_text, latest_versions

if TYPE_CHECKING:
    from onrecord.stories.models import StoryPage


class GateRefused(OnrecordError):
    """The story was not published. `report` has every quotation, `fields["page_id"]` the story."""

    code = "gate-refused"
    message = (
        "Not published: {count} of its quotations are not borne out by the record ({list}). Mend the words, name the "
        "recording they come from, or have an editor override the check with a reason."
    )

    @property
    def report(self) -> "Report":
        report = self.fields["report"]
        assert isinstance(report, Report)
        return report


class WordsNotInRevision(OnrecordError):
    """Code wanted to change what readers read without publishing it."""

    code = "words-not-in-revision"
    message = (
        "“{title}” is published, and its words can't be changed by saving the page: publish them as a revision, "
        "page.save_revision().publish(). Nothing was saved."
    )


_passing: ContextVar[int | None] = ContextVar("passing", default=None)


def story_check(page: "StoryPage", *, instead: Sequence[TranscriptVersion] = ()) -> Report:
    """Check every quotation of the page as it is in memory against the record as it is now. Writes nothing.

    Versions `instead` stand for the newest ones of their transcripts.
    """
    recordings = page.named_recordings()
    older = {version.transcript_id: version for version in instead}
    versions = {str(v.pk): v for v in (older.get(row.transcript_id, row) for row in latest_versions(recordings))}
    transcripts = [as_text(version) for version in versions.values()]
    statements = {f"statement-{row.uid}": row for row in page.statements.all()}
    record = Record.build([*transcripts, *map(_statement_text, statements.values())])
    hashes = {str(pk): sha256 for pk, sha256 in heard_copies(recordings).items()}
    hashes.update({key: hashlib.sha256(row.text.encode()).hexdigest() for key, row in statements.items()})
    found = [
        _checked(number, passage, quotation, finding, versions, hashes)
        for number, (passage, quotation, finding) in enumerate(_find(story_passages(page), record, versions), start=1)
    ]
    found = reviewed_places_first(found, versions)
    if page.pk is not None:
        found = at_chosen_places(page.pk, found)
    found = unreviewed_held(found, versions)
    if page.pk is not None:
        found = with_decisions(page.pk, found, {version.transcript_id: version for version in versions.values()})
    return Report(tuple(found), recordings=tuple(str(recording.pk) for recording in recordings))


def heard_copies(recordings: Iterable[Recording]) -> dict[UUID, str]:
    """SHA-256 of the copy that is heard of each recording: the first one, which its transcript was timed on."""
    rows = Copy.objects.filter(recording__in=list(recordings), moved_from=None).order_by("-pk")
    return dict(rows.values_list("recording_id", "sha256"))


def gate_pass(page: "StoryPage", revision: Revision, user: User | None) -> StoryCheck:
    """Check the revision's content and keep the check with its bindings; raises GateRefused and writes nothing.

    Call inside the transaction that publishes.
    """
    report = story_check(page)
    if report.blocking:
        raise GateRefused(
            count=len(report.blocking),
            list="; ".join(f"“{_shorten(q.text)}” is {q.verdict}" for q in report.blocking[:5]),
            report=report,
            page_id=page.pk,
        )
    StoryCheck.objects.filter(revision=revision).delete()
    check = StoryCheck.objects.create(page_id=page.pk, revision=revision, checked_at=timezone.now(), checked_by=user)
    QuotationBinding.objects.bulk_create(
        QuotationBinding(check_run=check, **binding_fields(quotation)) for quotation in report.quotations
    )
    return check


@contextmanager
def passing(revision: Revision) -> Iterator[None]:
    """While the revision is published that has just passed the gate: it is not checked a second time."""
    token = _passing.set(revision.pk)
    try:
        yield
    finally:
        _passing.reset(token)


def gate_hold(page: "StoryPage") -> None:
    """What every saving of a live story goes through: its revision has passed, and its words are the revision's.

    A copy that still names the revision of its original is left alone: readers are not given it. Raises GateRefused,
    WordsNotInRevision.
    """
    revision = Revision.objects.get(pk=page.live_revision_id)
    if revision.object_id != str(page.pk):
        return
    content = revision.as_object()
    if story_passages(page) != story_passages(content):
        raise WordsNotInRevision(title=page.title)
    was_live = type(page).objects.filter(pk=page.pk, live=True, live_revision=revision).exists()
    if page.live_check is None or not (was_live or _passing.get() == revision.pk):
        gate_pass(content, revision, revision.user)


def bound_quotations(check: StoryCheck) -> tuple[Checked, ...]:
    """The quotations of a published revision, as they were bound."""
    return tuple(map(bound_quotation, check.bindings.all()))


def bound_quotation(row: QuotationBinding) -> Checked:
    """One quotation of a published revision, as it was bound."""
    kept = {name: getattr(row, name) for name in _KEPT}
    return Checked(
        **kept,
        parts=tuple((offset, length) for offset, length in row.parts),
        verdict=Verdict(row.verdict),
        changes=tuple(row.changes),
        recording_id=str(row.recording_id or ""),
        version_id=row.transcript_version_id,
    )


def binding_fields(quotation: Checked) -> dict[str, Any]:
    """What a binding keeps of a quotation, by the model's names."""
    return {
        **{name: getattr(quotation, name) for name in _KEPT},
        "parts": list(quotation.parts),
        "verdict": str(quotation.verdict),
        "changes": list(quotation.changes),
        "recording_id": quotation.recording_id or None,
        "transcript_version_id": quotation.version_id,
    }


_NOT_KEPT = ("parts", "verdict", "changes", "recording_id", "version_id", "hint", "elsewhere", "public", "caution")
_KEPT = tuple(field.name for field in fields(Checked) if field.name not in _NOT_KEPT)


def _find(
    passages: Sequence[Passage], record: Record, versions: dict[str, TranscriptVersion]
) -> list[tuple[Passage, Quotation, Finding]]:
    """Running text is read as one, so that a quotation may go on in the next paragraph; lines one by one."""
    running = [passage for passage in passages if passage.speaker is None]
    starts, position = [], 0
    for passage in running:
        starts.append(position)
        position += len(passage.text) + len(JOINT)
    found: list[tuple[Passage, Quotation, Finding]] = []
    for finding in check_quotations(JOINT.join(passage.text for passage in running), record):
        index = max(i for i, start in enumerate(starts) if start <= finding.quotation.offset)
        found.append((running[index], _from_passage(finding.quotation, starts[index]), finding))
    for passage in passages:
        if passage.speaker is not None:
            lines = record
            if passage.recording_id:
                lines = Record.build(
                    [as_text(v) for v in versions.values() if str(v.transcript.recording_id) == passage.recording_id]
                )
            quotation = Quotation.of(passage.text, attributed_to=passage.speaker or None)
            found.append((passage, quotation, check_quotation(quotation, lines, speaker=passage.speaker or None)))
    order = {passage.id: place for place, passage in enumerate(passages)}
    return sorted(found, key=lambda row: (order[row[0].id], row[1].offset))


def _from_passage(quotation: Quotation, start: int) -> Quotation:
    """The quotation with offsets that count from the start of its passage."""
    parts = tuple(replace(part, offset=part.offset - start) for part in quotation.parts)
    return replace(quotation, offset=quotation.offset - start, parts=parts)


def _checked(
    number: int,
    passage: Passage,
    quotation: Quotation,
    finding: Finding,
    versions: dict[str, TranscriptVersion],
    hashes: dict[str, str],
) -> Checked:
    checked = Checked(
        number=number,
        key=quotation_key(quotation.text),
        passage=passage.id,
        offset=quotation.offset,
        length=quotation.length,
        parts=tuple((part.offset, part.length) for part in quotation.parts),
        text=quotation.text,
        attributed_to=quotation.attributed_to or "",
        verdict=finding.verdict,
        score=finding.score,
        changes=tuple({**asdict(change), "kind": str(change.kind)} for change in finding.changes),
    )
    evidence = finding.evidence
    if evidence is None:
        return checked
    if evidence.transcript not in versions:
        source = evidence.transcript
        return replace(
            checked, statement=source.removeprefix("statement-"), evidence_sha256=hashes.get(source, ""),
            first_segment=evidence.first_segment, last_segment=evidence.last_segment, first_word=evidence.first_word,
            last_word=evidence.last_word, speaker=evidence.speaker, said=evidence.text, public=evidence.public,
        )  # fmt: skip
    place = _place(evidence, versions, hashes)
    others = [_place(other, versions, hashes) for other in finding.alternatives if other.transcript in versions]
    return checked.at(place, [other for other in others if other.same_words(place)])


def _place(evidence: Evidence, versions: dict[str, TranscriptVersion], hashes: dict[str, str]) -> Place:
    version = versions[evidence.transcript]
    recording_id = str(version.transcript.recording_id)
    return Place(
        recording_id=recording_id,
        version_id=version.pk,
        evidence_sha256=hashes.get(recording_id, ""),
        **{name: getattr(evidence, name) for name in
           ("first_segment", "last_segment", "first_word", "last_word", "start_ms", "end_ms", "speaker")},
        said=evidence.text,
        public=evidence.public,
    )  # fmt: skip


def _statement_text(row: Any) -> text.Transcript:
    words = tuple(
        text.Word(id=f"{number}", text=word, start_ms=0, end_ms=0) for number, word in enumerate(row.text.split())
    )
    segment = text.Segment(id="statement", start_ms=0, end_ms=0, speaker=row.source, words=words)
    return text.Transcript(id=f"statement-{row.uid}", language=row.language, segments=(segment,))


def _shorten(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57].rstrip()}…"
