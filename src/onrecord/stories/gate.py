"""The gate: no quotation is published that the record does not bear out.

Every way to publish ends in `StoryPage.publish`, which calls `gate_pass`; readers are given only revisions that have a
`StoryCheck`, so a page made live behind the gate's back is not shown either.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.bindings import QuotationBinding, QuotationOverride, StoryCheck
from onrecord.stories.passages import JOINT, Passage, story_passages
from onrecord.text import transcripts as text
from onrecord.text.quotations import Quotation
from onrecord.text.verdicts import Finding, Record, Verdict, check_quotation, check_quotations
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import as_text, latest_versions

if TYPE_CHECKING:
    from onrecord.stories.models import StoryPage

BORNE_OUT = (Verdict.VERBATIM, Verdict.EDITED)


@dataclass(frozen=True)
class Checked:
    """One quotation of a story with what the check found; offsets count in its passage's plain text.

    `parts` are (offset, length) of the words inside the marks: several where an attribution stands between.
    """

    number: int
    key: str
    passage: str
    offset: int
    length: int
    parts: tuple[tuple[int, int], ...]
    text: str
    attributed_to: str
    verdict: Verdict
    score: float
    changes: tuple[dict[str, Any], ...] = ()
    recording_id: str = ""
    version_id: int | None = None
    statement: str = ""
    first_segment: str = ""
    last_segment: str = ""
    first_word: str = ""
    last_word: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""
    said: str = ""
    override_reason: str = ""
    overridden_by: str = ""
    was: str = ""
    hint: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the story can't be published with it."""
        return self.verdict not in (*BORNE_OUT, Verdict.FRAGMENT, Verdict.OVERRIDDEN)

    @property
    def has_grave_change(self) -> bool:
        return any(change["grave"] for change in self.changes)


@dataclass(frozen=True)
class Report:
    """All quotations of one state of a story, in reading order."""

    quotations: tuple[Checked, ...] = ()
    recordings: tuple[str, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Checked, ...]:
        return tuple(quotation for quotation in self.quotations if quotation.blocks)


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


def quotation_key(quotation: str) -> str:
    """SHA-256 over the quotation's words: the same for other marks, spaces and punctuation, not for other words."""
    words = " ".join(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", quotation.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()


def story_check(page: "StoryPage") -> Report:
    """Check every quotation of the page as it is in memory against the record as it is now. Writes nothing."""
    recordings = page.named_recordings()
    versions = {str(version.pk): version for version in latest_versions(recordings)}
    transcripts = [as_text(version) for version in versions.values()]
    statements = {f"statement-{row.uid}": row for row in page.statements.all()}
    record = Record.build([*transcripts, *map(_statement_text, statements.values())])
    found = [
        _checked(number, passage, quotation, finding, versions)
        for number, (passage, quotation, finding) in enumerate(_find(story_passages(page), record, versions), start=1)
    ]
    return Report(tuple(_with_history(page, found)), recordings=tuple(str(recording.pk) for recording in recordings))


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
    QuotationBinding.objects.bulk_create(_binding(check, quotation) for quotation in report.quotations)
    return check


def bound_quotations(check: StoryCheck) -> tuple[Checked, ...]:
    """The quotations of a published revision, as they were bound."""
    return tuple(
        Checked(
            number=row.number, key=quotation_key(row.text), passage=row.passage, offset=row.offset, length=row.length,
            parts=tuple((offset, length) for offset, length in row.parts),
            text=row.text, attributed_to=row.attributed_to, verdict=Verdict(row.verdict), score=row.score,
            changes=tuple(row.changes), recording_id=str(row.recording_id or ""), version_id=row.transcript_version_id,
            statement=row.statement, first_segment=row.first_segment, last_segment=row.last_segment,
            first_word=row.first_word, last_word=row.last_word, start_ms=row.start_ms, end_ms=row.end_ms,
            speaker=row.speaker, said=row.said, override_reason=row.override_reason, overridden_by=row.overridden_by,
        )
        for row in check.bindings.all()
    )  # fmt: skip


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
    number: int, passage: Passage, quotation: Quotation, finding: Finding, versions: dict[str, TranscriptVersion]
) -> Checked:
    evidence = finding.evidence
    version = versions.get(evidence.transcript) if evidence else None
    return Checked(
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
        recording_id=str(version.transcript.recording_id) if version else "",
        version_id=version.pk if version else None,
        statement=evidence.transcript.removeprefix("statement-") if evidence and not version else "",
        first_segment=evidence.first_segment if evidence else "",
        last_segment=evidence.last_segment if evidence else "",
        first_word=evidence.first_word if evidence else "",
        last_word=evidence.last_word if evidence else "",
        start_ms=evidence.start_ms if evidence and version else None,
        end_ms=evidence.end_ms if evidence and version else None,
        speaker=evidence.speaker if evidence else "",
        said=evidence.text if evidence else "",
    )


def _with_history(page: "StoryPage", found: Sequence[Checked]) -> list[Checked]:
    """Apply editors' overrides, and call stale what was borne out by an older version of the transcript."""
    blocking = [quotation for quotation in found if quotation.blocks]
    if not blocking or page.pk is None:
        return list(found)
    overrides = {row.key: row for row in QuotationOverride.objects.filter(page_id=page.pk).select_related("by")[::-1]}
    earlier = {
        quotation_key(row.text): row
        for row in QuotationBinding.objects.filter(
            check_run__page_id=page.pk,
            verdict__in=(*BORNE_OUT, Verdict.STALE),
            transcript_version__isnull=False,
        ).select_related("transcript_version__transcript")
    }
    current = {version.transcript_id: version for version in latest_versions(page.named_recordings())}
    result = []
    for quotation in found:
        changed: dict[str, Any] = {}
        if quotation.blocks and (override := overrides.get(quotation.key)):
            changed = {
                "verdict": Verdict.OVERRIDDEN, "was": str(quotation.verdict),
                "override_reason": override.reason, "overridden_by": str(override.by or "an editor"),
            }  # fmt: skip
        elif quotation.blocks and (binding := earlier.get(quotation.key)):
            version = binding.transcript_version
            newest = current.get(version.transcript_id) if version else None
            if version and newest and newest.number > version.number:
                changed = {
                    "verdict": Verdict.STALE, "was": binding.verdict,
                    "hint": f"Version {version.number} of the transcript bore it out; version {newest.number} "
                    "does not.",
                }  # fmt: skip
        result.append(Checked(**{**quotation.__dict__, **changed}) if changed else quotation)
    return result


def _binding(check: StoryCheck, quotation: Checked) -> QuotationBinding:
    values = dict(quotation.__dict__)
    for name in ("key", "was", "hint"):
        del values[name]
    values["verdict"] = str(quotation.verdict)
    values["changes"], values["parts"] = list(quotation.changes), list(quotation.parts)
    values["recording_id"] = quotation.recording_id or None
    values["transcript_version_id"] = values.pop("version_id")
    return QuotationBinding(check_run=check, **values)


def _statement_text(row: Any) -> text.Transcript:
    words = tuple(
        text.Word(id=f"{number}", text=word, start_ms=0, end_ms=0) for number, word in enumerate(row.text.split())
    )
    segment = text.Segment(id="statement", start_ms=0, end_ms=0, speaker=row.source, words=words)
    return text.Transcript(id=f"statement-{row.uid}", language=row.language, segments=(segment,))


def _shorten(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57].rstrip()}…"
