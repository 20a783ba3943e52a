"""`onrecord bleep`: a sound file in, the same without its masked words out; needs no newsroom."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord.audio.bleep import FADE_MS, GUARD_MS, TONE_HZ
from onrecord.audio.isolation import isolated
from onrecord.audio.masked_copy import MaskedCopy, masked_copy
from onrecord.cli.output import console, errors
from onrecord.cli.spans import read_spans
from onrecord.errors import EncodeFailed, OnrecordError


class OutputExists(OnrecordError):
    code = "output-exists"
    message = "{path}: there is a file already, which may have other masks. Delete it, or give --overwrite."


def bleep(
    audio: Annotated[Path, typer.Argument(help="Audio or video, anything that FFmpeg reads.")],
    spans: Annotated[
        list[str],
        typer.Argument(
            help="What must not be heard: START-END (62.5-63.1, 1:02.5-1:03.1), a CSV or JSON of starts and ends, "
            "a WebVTT or SRT whose cues are the masks, or a transcript with masked words."
        ),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Where to write: .wav, .flac, .aiff (exact), .mp3, .opus, .ogg.")
    ],
    silence: Annotated[bool, typer.Option("--silence", help="Silence instead of a tone.")] = False,
    guard_ms: Annotated[int, typer.Option("--guard-ms", help="Taken out on either side as well.")] = GUARD_MS,
    fade_ms: Annotated[int, typer.Option("--fade-ms", help="Fade beside that.")] = FADE_MS,
    tone_hz: Annotated[float, typer.Option("--tone-hz", help="Pitch of the tone.")] = TONE_HZ,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT if it is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Take words out of the sound, and leave all the rest as it was. After any error there is no output."""
    wanted = read_spans(spans)
    if out.exists() and not (audio.exists() and out.samefile(audio)):
        if not overwrite or not out.is_file():
            raise OutputExists(path=out)
        _remove(out)
    made = isolated(
        masked_copy, audio, out, wanted, guard_ms=guard_ms, fade_ms=fade_ms, tone_hz=0.0 if silence else tone_hz
    )
    for damage in made.damage:
        what = f"{damage.what} from {damage.start_ms / 1000:.1f} s to {damage.end_ms / 1000:.1f} s"
        errors.print(f"{audio}: damaged: {what}", style="yellow", markup=False)
    if as_json:
        typer.echo(json.dumps(_as_object(audio, out, made), ensure_ascii=False, indent=1))
        return
    masked = sum(span.end_ms - span.start_ms for span in made.masked) / 1000
    kept = "all else is the same to the bit" if made.exact else made.note
    console.print(f"{len(made.masked)} masked, {masked:.1f} s of {made.duration_ms / 1000:.1f} s → {out}", markup=False)
    console.print(f"{made.codec}, {made.sample_rate} Hz, {made.channels} channels; {kept}.", markup=False)


def _remove(out: Path) -> None:
    """Take an older copy away first: it must not be taken for the new one if that fails."""
    try:
        out.unlink()
    except OSError as error:
        raise EncodeFailed(path=out, reason=error.strerror or str(error)) from error


def _as_object(audio: Path, out: Path, made: MaskedCopy) -> dict[str, Any]:
    return {"audio": str(audio), "out": str(out), **asdict(made)}
