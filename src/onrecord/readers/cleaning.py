"""What readers type, made harmless: no invisible characters, and comments as the little HTML they may be."""

import re
import unicodedata
from html import escape

import nh3

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_BIDI_CONTROLS = r"\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f"
    r"\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_JOINERS = r"\u200c\u200d"  # they shape Persian, Indic scripts and emoji; alone or in rows they only hide
_NOT_TYPED = re.compile(f"[{_CONTROLS}{_BIDI_CONTROLS}{_UNSEEN}]")
_NOT_QUOTED = re.compile(f"[{_CONTROLS}{_BIDI_CONTROLS}]")
_STRAY_JOINERS = re.compile(rf"(?<![^\s{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?=[\s{_JOINERS}]|$)")
_URL = re.compile(r"https?://[^\s<>\"'“”«»`{}|\\^]+")
_AFTER_URL = ".,;:!?…)]*_"
LINK_REL = "nofollow ugc noopener"


def clean_text(text: str) -> str:
    """Text with normal line ends, without control and invisible characters, trimmed."""
    lines = unicodedata.normalize("NFC", _line_ends(text))
    return _STRAY_JOINERS.sub("", _NOT_TYPED.sub("", lines)).strip()


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean_text(text).split())


def clean_quoted(text: str) -> str:
    """Words copied from a story: as they are, but without controls that break storage or turn text around."""
    return _NOT_QUOTED.sub("", _line_ends(text))


def comment_html(text: str) -> str:
    """A comment as HTML: paragraphs, line breaks, addresses as links that pass no rank on; nothing else."""
    paragraphs = [part.strip() for part in re.split(r"\n[^\S\n]*\n\s*", text) if part.strip()]
    html = "".join(f"<p>{'<br>'.join(map(_with_links, part.splitlines()))}</p>" for part in paragraphs)
    return nh3.clean(
        html,
        tags={"p", "br", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=LINK_REL,
    )


def _with_links(line: str) -> str:
    out, done = [], 0
    for found in _URL.finditer(line):
        url = found.group().rstrip(_AFTER_URL)
        if found.group()[len(url) :].startswith(")") and url.count("(") > url.count(")"):
            url += ")"
        out += [escape(line[done : found.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        done = found.start() + len(url)
    return "".join([*out, escape(line[done:])])


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
