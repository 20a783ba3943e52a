"""What templates of the readers' site print: times, dates, languages, words with their masks, waveforms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from django import template
from django.template.defaultfilters import linebreaks_filter
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, to_locale
from wagtail.models import Page

from onrecord.core.reads import shared
from onrecord.site import embeds, front
from onrecord.site.waveform import bars_path, marks
from onrecord.stories.models import AuthorIndexPage, HomePage, StandardPage, StoryPage
from onrecord.stories.reading import Card, QuotationView
from onrecord.stories.reading import clock as clock_text
from onrecord.text.direction import direction
from onrecord.text.masks import masked_text, public_text
from onrecord.text.transcripts import Segment, Word

register = template.Library()

_EDGES = re.compile(r"([^\w*\[]*)(.*?)([^\w*\]]*)", re.DOTALL)


@register.filter
def clock(ms: int | None) -> str:
    """Milliseconds as 1:02 or 1:02:03."""
    return clock_text(ms) if ms is not None else ""


@register.filter
def seconds(ms: int | None) -> str:
    """Milliseconds as seconds for a media fragment: 12.300."""
    return f"{(ms or 0) / 1000:.3f}"


@register.filter
def longdate(value: date | datetime | None) -> str:
    """A date as the language writes it in full: 22 November 2025."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, "d MMMM y" if _locale().language == "en" else "long", locale=_locale())


@register.filter
def stamp(value: datetime | None) -> str:
    """Date, time and time zone: 22 November 2025, 14:05 UTC."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{longdate(local)}, {format_time(local, 'HH:mm', locale=_locale())} {local.tzname() or ''}".rstrip()


@register.filter
def language_name(tag: str) -> str:
    """`uk` as "Ukrainian", in the language of the page."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(_locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


register.filter("direction", direction)


@register.filter
def filesize(size: int) -> str:
    """Bytes as 1.2 MB."""
    value = float(size)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


@register.filter
def words(segment: Segment | None) -> SafeString:
    """The words of a segment as readers may see them, each with its time; masks as bars with their kind."""
    if segment is None:
        return SafeString("")
    return format_html_join(" ", "{}", ((piece,) for piece in _pieces(segment.words)))


@register.filter
def waveform(peaks: Sequence[int], bars: int = 240) -> SafeString:
    """Path data of a recording's outline in a box of `bars` times 100."""
    return SafeString(bars_path(peaks, bars))


@register.filter
def moments(quoted: Sequence[Any], duration_ms: int | None) -> list[dict[str, Any]]:
    """Where quotations lie on a waveform 1000 wide (`x`, `width`, `quotation`), those that can be heard."""
    return marks(quoted, duration_ms or 0)


@register.filter
def spoken(lines: Sequence[Any]) -> list[Any]:
    """The quotations of an exchange that can be heard."""
    return [line.quotation for line in lines if line.quotation and line.quotation.play_url]


@register.filter
def spans(quotations: Sequence[Any]) -> str:
    """Moments one after the other for `data-moments`: `1200-3400 5600-7800`."""
    return " ".join(f"{quotation.start_ms}-{quotation.end_ms}" for quotation in quotations)


@register.filter
def numbers(quotations: Sequence[Any]) -> str:
    """Their numbers for `data-quotations`: `5 6 7`."""
    return " ".join(str(quotation.number) for quotation in quotations)


@register.filter
def mask_kinds(masks: Sequence[tuple[str, int]]) -> str:
    """What was masked, by kind, in plain words: 1 curse; 2 names of private people."""
    return "; ".join(_masked(kind, number) for kind, number in masks)


@register.simple_tag
def embed_code(story: StoryPage, quotation: QuotationView) -> str:
    """What another site pastes to show the quotation with its sound."""
    return embeds.embed_code(embeds.embed_path(story, quotation), quotation.text)


@register.filter
def of_meaning(notes: Sequence[Any] | None, changes_meaning: bool) -> list[Any]:
    """The correction notes that change the story's meaning, or those that do not."""
    return [note for note in notes or () if note.changes_meaning == changes_meaning]


@register.filter
def at(found: Mapping[str, Any] | None, key: str) -> Any:
    """What a mapping has under a key that only the template knows."""
    return (found or {}).get(key)


@register.filter
def linked(byline: str, authors: Sequence[Any]) -> SafeString:
    """The byline as HTML, each author's name in it a link to their page."""
    pages = {author["title"]: author["url"] for author in authors if author["title"]}
    if not pages:
        return escape(byline)
    names = re.compile(
        r"(?<!\w)(" + "|".join(re.escape(name) for name in sorted(pages, key=len, reverse=True)) + r")(?!\w)"
    )
    pieces = names.split(byline)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}" rel="author">{}</a>', pages[piece], piece) if piece in pages else piece,)
            for piece in pieces
        ),
    )


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs."""
    return linebreaks_filter(text)


@register.simple_tag
def newsroom_sections() -> dict[str, list[dict[str, str]]]:
    """Links of every page: sections and the log of corrections for its head, pages about the newsroom for its foot."""
    pages = shared("sections", _section_pages, "nav")
    sections: list[dict[str, str]] = []
    about: list[dict[str, str]] = []
    for page in pages:
        link = {"title": page.title, "url": page.url or "/"}
        (about if issubclass(page.specific_class or Page, StandardPage | AuthorIndexPage) else sections).append(link)
    log = url_or_empty("corrections-log")
    if log:
        sections.append({"title": gettext("Corrections"), "url": log})
    return {"sections": sections, "about": about}


def _section_pages() -> list[Page]:
    home = HomePage.objects.live().first()
    return list(home.get_children().live().order_by("path")) if home else []


@register.simple_tag
def lead_moment(lead: Card) -> front.LeadMoment | None:
    """A quotation of the lead story that can be played from the front page."""
    return front.lead_moment(lead)


@register.simple_tag
def url_or_empty(name: str, *args: Any) -> str:
    """The address, or an empty string while no app answers to the name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _pieces(words: Sequence[Word]) -> Iterator[SafeString]:
    for (kind, reads), group in groupby(words, key=lambda word: (word.mask, word.reads)):
        run = list(group)
        if kind is None or (kind == "profanity" and not reads):
            for word in run:
                shown = _bar(kind, masked_text(word)) if kind else word.text
                yield _timed(word.start_ms, word.end_ms, shown)
        else:
            yield _timed(run[0].start_ms, run[-1].end_ms, _bar(kind, public_text(run), reads))


def _bar(kind: str, shown: str, reads: str = "") -> SafeString:
    """What stands in a masked word's place, as a bar; the punctuation around it stays outside."""
    before, core, after = _EDGES.fullmatch(shown).groups()  # type: ignore[union-attr]
    label = reads or (core if kind == "profanity" else _kind_name(kind))
    title = gettext("Masked: %(kind)s") % {"kind": _kind_name(kind)}
    return format_html('{}<span class="mask" title="{}">{}</span>{}', before, title, label, after)


def _timed(start_ms: int | None, end_ms: int | None, text: str) -> SafeString:
    if start_ms is None or end_ms is None:
        return format_html("{}", text)
    return format_html('<span data-start-ms="{}" data-end-ms="{}">{}</span>', start_ms, end_ms, text)


def _kind_name(kind: str) -> str:
    return {
        "profanity": gettext("profanity"),
        "name": gettext("name"),
        "number": gettext("number"),
        "address": gettext("address"),
    }.get(kind, gettext("masked"))


def _masked(kind: str, number: int) -> str:
    match kind:
        case "profanity":
            text = ngettext("%(number)d curse", "%(number)d curses", number)
        case "name":
            text = ngettext("%(number)d name of a private person", "%(number)d names of private people", number)
        case "number":
            text = ngettext("%(number)d private number", "%(number)d private numbers", number)
        case "address":
            text = ngettext("%(number)d private address", "%(number)d private addresses", number)
        case _:
            text = ngettext("%(number)d other passage", "%(number)d other passages", number)
    return text % {"number": number}


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))
