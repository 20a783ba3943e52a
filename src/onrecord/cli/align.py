"""`onrecord align`: a transcript and a recording in, the same transcript with the moment of every word out."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from onrecord.audio.alignment import Alignment, Flag, align
from onrecord.cli.output import DONE, FINDINGS, console, errors
from onrecord.errors import OnrecordError
from onrecord.text.languages import base, guess_language, script
from onrecord.text.subtitles import Parsed, read_subtitles, write_json, write_srt, write_ttml, write_vtt
from onrecord.text.transcripts import Segment

SURE = 0.5
"""Words of less confidence are written without a time of their own."""
_REASONS = {
    Flag.MISSING: "not found in the recording",
    Flag.UNSURE: "the sound fits the words badly",
    Flag.GAP: "beside it something is said that the text does not have",
}
_SUFFIXES = (".vtt", ".srt", ".ttml", ".json")


class UnknownFormat(OnrecordError):
    code = "unknown-format"
    message = "{path}: no known kind of transcript. Give a name that ends in {known}."


class OtherLanguage(OnrecordError):
    code = "other-language"
    message = "{path}: the text seems to be {found}, not {language}. Give the language of the text with --language."


class NotWritten(OnrecordError):
    code = "not-written"
    message = "{path}: can't be written ({reason}). Check the folder and its permissions."


class TextUnreadable(OnrecordError):
    code = "text-unreadable"
    message = "{path}: can't be read ({reason}). Check the name and the permissions."


def align_command(
    audio: Annotated[Path, typer.Argument(help="Audio or video, anything that FFmpeg reads.")],
    text: Annotated[
        Path, typer.Argument(help="What is said: plain text (a line is a segment), WebVTT, SRT, TTML, JSON.")
    ],
    language: Annotated[str, typer.Option(help="Language spoken: en, uk, ru or any other that espeak-ng speaks.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write: .vtt, .srt, .ttml or .json.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if anything was flagged.")] = False,
) -> None:
    """Find when each word of a transcript is said. Exit 0 done, 1 something flagged (with --strict), 2 bad input."""
    if out.suffix.lower() not in _SUFFIXES:
        raise UnknownFormat(path=out, known=", ".join(_SUFFIXES))
    parsed = read_lines(text)
    for warning in parsed.warnings:
        errors.print(escape(f"{text}: {warning}"), style="yellow")
    _check_language(text, parsed, language)
    words = [[word.text for word in segment.words] for segment in parsed.segments]
    with _bar() as progress:
        found = align(audio, words, language=language, progress=progress)
    _write(out, timed(parsed.segments, found), found, language)
    summary = _summary(parsed.segments, found, out)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _print(summary)
    raise typer.Exit(FINDINGS if strict and summary["flagged"] else DONE)


def read_lines(path: Path) -> Parsed:
    """A transcript file; of plain text each line is a segment. Raises TextUnreadable, NotSubtitles."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TextUnreadable(path=path, reason=error.strerror or "it could not be opened") from error
    parsed = read_subtitles(data, str(path))
    if parsed.format != "text":
        return parsed
    lines = data.decode(parsed.encoding, errors="replace").splitlines()
    return replace(read_subtitles("\n\n".join(lines).encode(), str(path)), warnings=parsed.warnings)


def timed(segments: Sequence[Segment], found: Alignment) -> tuple[Segment, ...]:
    """The segments with the moments found; words of little confidence are not marked as measured."""
    return tuple(
        replace(
            segment,
            start_ms=moment.start_ms,
            end_ms=moment.end_ms,
            words=tuple(
                replace(word, start_ms=at.start_ms, end_ms=at.end_ms, exact=at.confidence >= SURE)
                for word, at in zip(segment.words, moment.words, strict=True)
            ),
        )
        for segment, moment in zip(segments, found.segments, strict=True)
    )


def _check_language(path: Path, parsed: Parsed, language: str) -> None:
    text = " ".join(segment.text for segment in parsed.segments)
    guess, letters = guess_language(text), _LETTERS.get(base(language))
    if letters is None or guess in ("", base(language)):
        return
    if script(text) != letters:
        raise OtherLanguage(path=path, found=guess, language=language)
    errors.print(f"{path}: the text seems to be {guess}, not {language}.", style="yellow", markup=False)


_LETTERS = {
    **dict.fromkeys(("en", "fr", "de", "es", "it", "pl", "pt", "ro", "nl", "tr"), "latin"),
    **dict.fromkeys(("uk", "ru", "be", "bg", "mk"), "cyrillic"),
}
"""The script of languages that are always written in it."""


def _write(out: Path, segments: Sequence[Segment], found: Alignment, language: str) -> None:
    suffix = out.suffix.lower()
    if suffix == ".vtt":
        content = write_vtt(segments, public=False, word_times=True)
    elif suffix == ".srt":
        content = write_srt(segments, public=False)
    elif suffix == ".ttml":
        content = write_ttml(segments, public=False, language=language)
    else:
        scores, flags = {}, {}
        for segment, moment in zip(segments, found.segments, strict=True):
            scores[segment.id], flags[segment.id] = moment.confidence, str(moment.flag)
            scores |= {word.id: at.confidence for word, at in zip(segment.words, moment.words, strict=True)}
        content = write_json(segments, public=False, language=language, scores=scores, flags=flags)
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_text(content, encoding="utf-8")
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotWritten(path=out, reason=error.strerror or "unknown") from error


def _summary(segments: Sequence[Segment], found: Alignment, out: Path) -> dict[str, Any]:
    flagged = [
        {
            "segment": segment.id,
            "start_ms": moment.start_ms,
            "end_ms": moment.end_ms,
            "flag": str(moment.flag),
            "confidence": moment.confidence,
            "text": segment.text,
        }
        for segment, moment in zip(segments, found.segments, strict=True)
        if moment.flag
    ]
    words = [word for moment in found.segments for word in moment.words]
    return {
        "out": str(out),
        "duration_ms": found.duration_ms,
        "segments": len(segments),
        "words": len(words),
        "words_unsure": sum(word.confidence < SURE for word in words),
        "flagged": flagged,
        "unclaimed": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in found.unclaimed],
    }


def _print(summary: dict[str, Any]) -> None:
    console.print(
        f"{summary['segments']} segments, {summary['words']} words, {_clock(summary['duration_ms'])} of sound"
        f" → {summary['out']}",
        markup=False,
    )
    for row in summary["flagged"]:
        text = row["text"] if len(row["text"]) <= 60 else row["text"][:59] + "…"
        reason = _REASONS[Flag(row["flag"])]
        console.print(f"  {_clock(row['start_ms'])}  {row['flag']}: {reason}: {text}", markup=False, soft_wrap=True)
    for span in summary["unclaimed"]:
        length = (span["end_ms"] - span["start_ms"]) / 1000
        console.print(f"  {_clock(span['start_ms'])}  {length:.1f} s that the text does not have")
    counts = Counter(row["flag"] for row in summary["flagged"])
    told = ", ".join(f"{count} {flag}" for flag, count in counts.items())
    console.print(f"{len(summary['flagged'])} segments flagged{f': {told}' if told else ''}.")


def _clock(at_ms: int) -> str:
    minutes, seconds = divmod(at_ms / 1000, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:04.1f}"


@contextmanager
def _bar() -> Iterator[Callable[[float], None] | None]:
    """A bar on a terminal; elsewhere nothing, the work is short."""
    if not errors.is_terminal:
        yield None
        return
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Listening", total=1.0)
        yield lambda share: progress.update(task, completed=share)
