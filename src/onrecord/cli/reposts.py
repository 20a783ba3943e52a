"""`onrecord fingerprint` and `onrecord find`: where else have we this sound; neither needs a newsroom."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from onrecord.audio.fingerprints import LocalStore, Match, Store, find, fingerprint
from onrecord.audio.fingerprints.local_store import is_index
from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import BAD_INPUT, DONE, FINDINGS, Steps, say_error, steps
from onrecord.errors import IndexUnreadable, IndexUnwritable, OnrecordError

NEWSROOM = "newsroom"
_TOGETHER = 64
"""Files written to the index at once; each group is durable before the next."""


def fingerprint_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Recordings, or folders of them.")],
    index: Annotated[Path, typer.Option("--output", "-o", help="The index: a folder, made where there is none.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take recordings into an index, so that `find` finds parts of them. Exit 0 done, 2 bad input."""
    try:
        rows = _index(_expanded(files), LocalStore(index), quiet=as_json)
    except OSError as error:
        raise IndexUnwritable(path=index, reason=error.strerror or "it could not be written") from error
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    raise typer.Exit(BAD_INPUT if any("error" in row for row in rows) else DONE)


def find_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Sound to look for.")],
    against: Annotated[str, typer.Option("--against", help="An index, a folder of recordings, or `newsroom`.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say which recordings the files contain, and where. Exit 0 nothing found, 1 found, 2 bad input."""
    rows: list[dict[str, object]] = []
    with _newsroom() if against == NEWSROOM else _store(Path(against)) as store:
        for path in files:
            try:
                found = find(path, store)
                titles = _titles(found) if against == NEWSROOM else {}
            except OnrecordError as error:
                rows.append({"file": str(path), "matches": [], "error": error.code, "message": str(error)})
                say_error(str(error))
                continue
            rows.append({"file": str(path), "matches": [_as_object(match, titles) for match in found]})
            if not as_json:
                _print(
                    path,
                    [
                        replace(match, name="“{1}”, {0}".format(*titles[match.name])) if titles else match
                        for match in found
                    ],
                )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    if any("error" in row for row in rows):
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if any(row["matches"] for row in rows) else DONE)


def sentence(match: Match) -> str:
    """A match in words."""
    change = (match.speed - 1) * 100
    speed = "" if abs(change) < 0.15 else f", {abs(change):.1f} % {'faster' if change > 0 else 'slower'}"
    return (
        f"{_clock(match.query_start_ms)}–{_clock(match.query_end_ms)} of this file is "
        f"{_clock(match.start_ms)}–{_clock(match.end_ms)} of {match.name}{speed} "
        f"({'sure' if match.sure else 'possible'})"
    )


@contextmanager
def _newsroom() -> Iterator[Store]:
    (fingerprints,) = open_newsroom("archive.fingerprints")
    with fingerprints.fingerprint_index() as store:
        yield store


def _titles(found: Sequence[Match]) -> dict[str, tuple[str, str]]:
    """Id and title of the recording that each file's hash belongs to; a file that has just left is unknown."""
    (models,) = open_newsroom("archive.models")
    rows = models.Copy.objects.filter(sha256__in={match.name for match in found}).select_related("recording")
    known = {row.sha256: (str(row.recording_id), row.recording.title) for row in rows}
    return {match.name: known.get(match.name, ("", match.name)) for match in found}


@contextmanager
def _store(against: Path) -> Iterator[Store]:
    if is_index(against):
        store = LocalStore(against)
        yield store
        store.close()
    elif against.is_dir():
        with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
            store = LocalStore(Path(folder))
            _index(_expanded([against]), store, quiet=True)
            yield store
            store.close()
    else:
        raise IndexUnreadable(
            path=against,
            reason="there is no such folder",
            remedy="Name an index made by `onrecord fingerprint`, or a folder of recordings.",
        )


def _index(paths: Sequence[Path], store: LocalStore, *, quiet: bool) -> list[dict[str, object]]:
    """Fingerprint files into a store; those that cannot be read are said and left out."""
    rows: list[dict[str, object]] = []
    waiting = []
    with steps(len(paths)) if not quiet else _silently() as step:
        for path in paths:
            step(str(path))
            try:
                made = fingerprint(path)
            except OnrecordError as error:
                rows.append({"file": str(path), "error": error.code, "message": str(error)})
                say_error(str(error))
                continue
            waiting.append((str(path), made))
            rows.append({"file": str(path), "duration_ms": made.duration_ms})
            if len(waiting) == _TOGETHER:
                store.add_all(waiting)
                waiting = []
        store.add_all(waiting)
    return rows


@contextmanager
def _silently() -> Iterator[Steps]:
    yield lambda what: None


def _expanded(paths: Sequence[Path]) -> list[Path]:
    """Files as given; of folders every file in them but hidden ones, by name."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [file for file in inside if file == path or (file.is_file() and not file.name.startswith("."))]
    return files


def _as_object(match: Match, titles: dict[str, tuple[str, str]]) -> dict[str, object]:
    recording, title = titles.get(match.name, (match.name, ""))
    return {
        "recording": recording,
        **({"title": title} if titles else {}),
        "query_start_ms": match.query_start_ms,
        "query_end_ms": match.query_end_ms,
        "recording_start_ms": match.start_ms,
        "recording_end_ms": match.end_ms,
        "speed": match.speed,
        "score": match.score,
        "sure": match.sure,
    }


def _print(path: Path, found: Sequence[Match]) -> None:
    typer.echo(f"{path}: {'' if found else 'nothing of it is in the index'}".rstrip())
    for match in sorted(found, key=lambda match: (match.query_start_ms, -match.score)):
        typer.echo(f"  {sentence(match)}")


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
