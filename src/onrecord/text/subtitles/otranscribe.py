"""oTranscribe's `.otr`: an HTML text with time stamps, in JSON."""

from __future__ import annotations

from html.parser import HTMLParser

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, refused
from onrecord.text.subtitles.plain import speaker_labels, split_label, until_next

_MOST_S = 10.0**9


def read_otranscribe(markup: str, filename: str) -> CueList:
    """Cues of an oTranscribe document: a time stamp or a paragraph starts one, `Name:` gives its speaker."""
    reader = _Stamps()
    reader.feed(markup)
    reader.close()
    passages = [(at, " ".join("".join(parts).split())) for at, parts in reader.passages]
    passages = [(at, body) for at, body in passages if body]
    if not passages:
        raise refused(filename, 1, "the text is empty", "Export the transcript again.")
    labels = speaker_labels([body for _, body in passages], sparing=False)
    cues: list[Cue] = []
    speaker = ""
    for number, (at, body) in enumerate(passages, start=1):
        label, words = split_label(body, labels)
        speaker = label or speaker
        cues.append(Cue(number, 1, at, at, speaker, (TimedText(words),)))
    return CueList(tuple(until_next(cues)), open_end=True)


class _Stamps(HTMLParser):
    """Collects (time in ms, pieces of text) passages from `<span class="timestamp" data-timestamp="12.3">`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[tuple[int, list[str]]] = [(0, [])]
        self._in_stamp = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "span" and "timestamp" in (values.get("class") or ""):
            try:
                seconds = float(values.get("data-timestamp") or 0)
                at = round(min(max(seconds, 0.0), _MOST_S) * 1000)
            except ValueError:
                at = self.passages[-1][0]
            self.passages.append((at, []))
            self._in_stamp = True
        elif tag in ("p", "br", "div") and any(part.strip() for part in self.passages[-1][1]):
            self.passages.append((self.passages[-1][0], []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._in_stamp = False

    def handle_data(self, data: str) -> None:
        if not self._in_stamp:
            self.passages[-1][1].append(data)
