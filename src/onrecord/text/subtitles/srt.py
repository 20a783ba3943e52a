"""SubRip read tolerantly: numbers may be missing, marks of time may be dots, styles are dropped.

pysubs2 reads well-formed SubRip, but it renumbers silently and cannot tell the line of a bad cue.
"""

from __future__ import annotations

import re

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, clock_ms, plain, refused
from onrecord.text.subtitles.plain import speaker_labels, split_label

_TIMING = re.compile(r"^\s*([\d:.,]+)\s*-+>\s*([\d:.,]+)")
_OVERRIDE = re.compile(r"\{\\[^{}\n]{0,200}\}")


def looks_like_srt(text: str) -> bool:
    """True if a line in the first hundred is a SubRip time."""
    return any(_TIMING.match(row) for row in text.split("\n")[:100])


def read_srt(text: str, filename: str) -> CueList:
    """The cues of a SubRip file; `NAME: text` gives the speaker. Raises NotSubtitles if there is no cue."""
    rows = text.split("\n")
    starts = [n for n, row in enumerate(rows) if "->" in row and _TIMING.match(row)]
    found: list[tuple[int, int, int, int, str]] = []
    warnings: list[str] = []
    for number, at in enumerate(starts, start=1):
        until = starts[number] if number < len(starts) else len(rows)
        body = [row.strip() for row in rows[at + 1 : until]]
        if number < len(starts):
            while body and not body[-1]:
                body.pop()
            if body and body[-1].isdigit():
                body.pop()
        match = _TIMING.match(rows[at])
        begin, end = (clock_ms(match[1]), clock_ms(match[2])) if match else (None, None)
        if begin is None or end is None:
            warnings.append(f"cue {number} (line {at + 1}) has a time that cannot be read; it was left out.")
            continue
        found.append((number, at + 1, begin, end, plain(_OVERRIDE.sub("", "\n".join(body)))))
    if not found:
        raise refused(filename, 1, "no cue with a time was found", "Check that the file is complete.")
    labels = speaker_labels([text for *_, text in found], sparing=True)
    cues = []
    for number, line, begin, end, words in found:
        speaker, words = split_label(words, labels)
        cues.append(Cue(number, line, begin, end, speaker, (TimedText(words),)))
    return CueList(tuple(cues), "", tuple(warnings))
