"""What the desk shows of a story's quotations: verdicts in words, differences marked, ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from onrecord.stories.checked import BORNE_OUT, Checked, Place, Report
from onrecord.stories.differences import PRINTED, SAID, Piece, differences, one_side
from onrecord.stories.gate import story_check
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import QuotationView, clock, moment_url, quotations_view
from onrecord.stories.services import LEAST_REASON
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.elsewhere import Place as Elsewhere
from onrecord.transcripts.models import TranscriptVersion

GOOD, BAD, NEUTRAL = "good", "bad", "neutral"

VERDICTS: dict[Verdict, tuple[Promise, str, str]] = {
    Verdict.VERBATIM: (gettext_lazy("Word for word"), GOOD, "circle-check"),
    Verdict.EDITED: (gettext_lazy("Edited, and the reader can see it"), GOOD, "circle-check"),
    Verdict.FRAGMENT: (gettext_lazy("Single words"), NEUTRAL, "info-circle"),
    Verdict.OVERRIDDEN: (gettext_lazy("Let through by an editor"), NEUTRAL, "key"),
    Verdict.ALTERED: (gettext_lazy("Words were changed"), BAD, "warning"),
    Verdict.SPLICED: (gettext_lazy("Joined from separate passages"), BAD, "cut"),
    Verdict.MISATTRIBUTED: (gettext_lazy("Said by somebody else"), BAD, "user"),
    Verdict.UNBOUND: (gettext_lazy("Not in the record"), BAD, "circle-xmark"),
    Verdict.UNREVIEWED: (gettext_lazy("Translated by a machine, reviewed by nobody"), BAD, "cogs"),
    Verdict.STALE: (gettext_lazy("The record has changed since"), BAD, "time"),
}

WAYS_OUT: dict[Verdict, Promise] = {
    Verdict.ALTERED: gettext_lazy(
        "Use the words of the record. What you leave out is marked with …, what you add with [brackets]."
    ),
    Verdict.SPLICED: gettext_lazy("Put … where something is left out, or make two quotations of it."),
    Verdict.MISATTRIBUTED: gettext_lazy("Name the one who said it, as the transcript does."),
    Verdict.UNREVIEWED: gettext_lazy(
        "The words agree with the translation, but no person has vouched for it. Listen to the original, mend the "
        "translation and mark the segment as reviewed; the quotation passes when that is saved as a version."
    ),
    Verdict.STALE: gettext_lazy("Use the words of the record as it is now."),
}
NO_EVIDENCE_NAMED = gettext_lazy(
    "The story names no recording and no other evidence yet. Name the recording that it quotes, or put the "
    "words that somebody sent or told you under “Other evidence”."
)
NOT_IN_EVIDENCE = gettext_lazy(
    "Not found in the recordings and the other evidence that the story names. Use the words of the record, "
    "name the recording they come from, or take the quotation marks off."
)


@dataclass(frozen=True)
class PlaceShown:
    """A place where words are said, to be played, read or chosen; `nearly` when they are not quite the same."""

    recording_id: str
    title: str
    name: str
    time: str
    speaker: str
    said: str
    transcript_url: str
    play_url: str
    start_ms: int
    end_ms: int
    nearly: bool = False


@dataclass(frozen=True)
class QuotationRow:
    """One quotation in the panel."""

    checked: Checked
    view: QuotationView
    place: str
    jump: str
    verdict_words: str
    tone: str
    icon: str
    way_out: str
    pieces: tuple[Piece, ...]
    time: str
    evidence: str
    evidence_language: str
    counterpart: str
    counterpart_language: str
    source: str
    transcript_url: str
    edit_url: str

    @property
    def play_url(self) -> str:
        return self.view.play_url

    @property
    def said(self) -> tuple[Piece, ...]:
        return one_side(self.pieces, SAID)

    @property
    def printed(self) -> tuple[Piece, ...]:
        return one_side(self.pieces, PRINTED)

    @property
    def place_name(self) -> str:
        """What a decision is about, as the panel sends it back."""
        return place_name(self.checked.recording_id, self.checked.version_id, self.checked.start_ms)

    @property
    def elsewhere(self) -> list[PlaceShown]:
        return places_shown(self.checked.elsewhere, sounds={self.checked.recording_id: self.view.audio_url})

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Undeclared changes, grave ones first."""
        return sorted((c for c in self.checked.changes if c["kind"] != "declared"), key=lambda c: not c["grave"])


@dataclass(frozen=True)
class QuotationsView:
    """All quotations of a draft for the editor: those that block first."""

    page: StoryPage
    report: Report
    rows: tuple[QuotationRow, ...]
    may_override: bool = False
    least_reason: int = LEAST_REASON

    @property
    def blocking(self) -> list[QuotationRow]:
        """Those with a change that turns the meaning first."""
        rows = [row for row in self.rows if row.checked.blocks]
        return sorted(rows, key=lambda row: not row.checked.has_grave_change)

    @property
    def unheard(self) -> int:
        """How many could be listened to and were not yet."""
        return sum(bool(row.play_url) and row.checked.audible and not row.checked.confirmed_at for row in self.rows)

    @property
    def passing(self) -> list[QuotationRow]:
        return [row for row in self.rows if not row.checked.blocks]

    @property
    def summary(self) -> str:
        return summary(self.report)


def quotations_of(page: StoryPage, *, user: Any = None) -> QuotationsView:
    """Check the draft as it is in memory and say everything an editor needs."""
    report = story_check(page)
    versions = {
        version.pk: version
        for version in TranscriptVersion.objects.filter(
            pk__in={quotation.version_id for quotation in report.quotations if quotation.version_id}
        )
        .defer("segments")
        .select_related("transcript")
    }
    places = _places(page)
    views = quotations_view(page, report.quotations)
    has_evidence = bool(report.recordings) or page.statements.count() > 0
    rows = tuple(
        _row(checked, view, versions, places, has_evidence=has_evidence)
        for checked, view in zip(report.quotations, views, strict=True)
    )
    may_override = bool(user and page.pk and page.permissions_for_user(user).can_publish())
    return QuotationsView(page, report, rows, may_override)


def place_name(recording_id: str, version_id: int | None, start_ms: int | None) -> str:
    """One moment in one version of a transcript, in one string."""
    return f"{recording_id}.{version_id}.{start_ms}" if recording_id else ""


def places_shown(places: Iterable[Place | Elsewhere], *, sounds: Mapping[str, str] = {}) -> list[PlaceShown]:
    """Places in the story's own recordings, whose `sounds` are given by id, or in others."""
    shown = []
    for place in places:
        recording = place.recording if isinstance(place, Elsewhere) else None
        recording_id = str(recording.pk) if recording else place.recording_id  # type: ignore[union-attr]
        sound = recording.audio_url if recording else sounds.get(recording_id, "")
        version_id = place.version.pk if isinstance(place, Elsewhere) else place.version_id
        shown.append(
            PlaceShown(
                recording_id=recording_id,
                title=recording.title if recording else "",
                name=place_name(recording_id, version_id, place.start_ms),
                time=clock(place.start_ms),
                speaker=place.speaker,
                said=place.said,
                transcript_url=_transcript_url(recording_id, place.first_segment),
                play_url=moment_url(sound, place.start_ms, place.end_ms),
                start_ms=place.start_ms,
                end_ms=place.end_ms,
                nearly=isinstance(place, Elsewhere) and place.verdict not in BORNE_OUT,
            )
        )
    return shown


def summary(report: Report) -> str:
    """One line on the whole."""
    total, blocking = len(report.quotations), len(report.blocking)
    if not total:
        return _("No quotations found.")
    if not blocking:
        overridden = sum(quotation.verdict is Verdict.OVERRIDDEN for quotation in report.quotations)
        if overridden:
            return ngettext(
                "Ready to publish; an editor let %(n)s quotation through.",
                "Ready to publish; an editor let %(n)s quotations through.",
                overridden,
            ) % {"n": overridden}
        return ngettext(
            "The quotation is borne out by the record.",
            "All %(total)s quotations are borne out by the record.",
            total,
        ) % {"total": total}
    if total == 1:
        return _("The one quotation keeps the story from being published.")
    return ngettext(
        "%(blocking)s of %(total)s quotations keeps the story from being published.",
        "%(blocking)s of %(total)s quotations keep the story from being published.",
        blocking,
    ) % {"blocking": blocking, "total": total}


def refusal(page: Any, report: Report) -> str:
    """Why a story was not published, with each quotation, and what can be done."""
    listed = "; ".join(
        f"“{shortened(quotation.text)}” ({str(VERDICTS[quotation.verdict][0]).lower()})"
        for quotation in report.blocking[:3]
    )
    more = len(report.blocking) - 3
    if more > 0:
        listed += "; " + ngettext("%(n)s more", "%(n)s more", more) % {"n": more}
    counted = ngettext(
        "%(blocking)s quotation is not borne out by the record",
        "%(blocking)s quotations are not borne out by the record",
        len(report.blocking),
    ) % {"blocking": len(report.blocking)}
    return _(
        "“%(title)s” was not published: %(counted)s: %(listed)s. The draft is kept. Mend the words, name the "
        "recording they come from, or have an editor override the check; the panel “Quotations” has each one."
    ) % {"title": page.get_admin_display_title(), "counted": counted, "listed": listed}


def shortened(words: str, most: int = 60) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _row(
    checked: Checked,
    view: QuotationView,
    versions: Mapping[int, TranscriptVersion],
    places: Mapping[str, tuple[str, str]],
    *,
    has_evidence: bool,
) -> QuotationRow:
    words, tone, icon = VERDICTS[checked.verdict]
    version = versions.get(checked.version_id or 0)
    in_translation = bool(version and version.transcript.is_translation)
    place, jump = places.get(checked.passage, (_("Text"), ""))
    shown = checked.said and checked.verdict not in (Verdict.VERBATIM, Verdict.UNREVIEWED)
    return QuotationRow(
        checked=checked,
        view=view,
        place=place,
        jump=jump,
        verdict_words=_fragment_words(checked) if checked.verdict is Verdict.FRAGMENT else str(words),
        tone=tone,
        icon=icon,
        way_out=_way_out(checked, has_evidence=has_evidence) if checked.blocks else "",
        pieces=differences(checked.text, checked.said, checked.changes) if shown else (),
        time=clock(checked.start_ms) if checked.start_ms is not None else "",
        evidence=checked.said,
        evidence_language=version.transcript.language if version else "",
        counterpart=view.original if in_translation else view.said,
        counterpart_language=view.original_language if in_translation else view.said_language,
        source=view.recording_title or view.statement_source,
        transcript_url=_transcript_url(checked.recording_id, checked.first_segment),
        edit_url=_edit_url(checked.recording_id, checked.first_segment),
    )


def _fragment_words(checked: Checked) -> str:
    return _("Single words, in the record") if checked.said else _("Single words, not in the record; they do not block")


def _way_out(checked: Checked, *, has_evidence: bool) -> str:
    if checked.verdict is Verdict.UNBOUND:
        return str(NOT_IN_EVIDENCE if has_evidence else NO_EVIDENCE_NAMED)
    return str(WAYS_OUT.get(checked.verdict, ""))


def _transcript_url(recording_id: str, segment: str) -> str:
    return f"{reverse('transcript_desk:read', args=[recording_id])}#s-{segment}" if recording_id else ""


def _edit_url(recording_id: str, segment: str) -> str:
    return f"{reverse('transcript_desk:edit', args=[recording_id])}#s-{segment}" if recording_id else ""


def _places(page: StoryPage) -> dict[str, tuple[str, str]]:
    """What a passage is called in the editor, and the anchor that leads there."""
    places = {
        "headline": (_("Headline"), "#panel-child-content-title-section"),
        "standfirst": (_("Standfirst"), "#panel-child-content-standfirst-section"),
    }
    for number, block in enumerate(page.body, start=1):
        label = f"{block.block.label}, {_('block')} {number}"
        jump = f"#block-{block.id}-section"
        for passage in _passages(block):
            places[passage] = (label, jump)
    return places


def _passages(block: Any) -> Iterator[str]:
    yield str(block.id)
    if block.block_type == "exchange":
        yield from (f"{block.id}/{number}" for number in range(len(block.value["lines"])))


def blocked_stories(pages: Iterable[StoryPage]) -> list[tuple[StoryPage, Report]]:
    """Those of the drafts that the gate would refuse, with the reports."""
    checked = ((page, story_check(page)) for page in pages)
    return [(page, report) for page, report in checked if report.blocking]
