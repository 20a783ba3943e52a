"""`onrecord comments`: other systems' comments in, ours out."""

import csv
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import FINDINGS, console
from onrecord.errors import OnrecordError

SHOWN = 10


class Act(StrEnum):
    IMPORT = "import"
    EXPORT = "export"


class Format(StrEnum):
    JSON = "json"
    WXR = "wxr"


class AddressesUnreadable(OnrecordError):
    code = "addresses-unreadable"
    message = "{path}: {reason}. Write a CSV file with two columns: the old address, and the story's slug or address."


class NotWritten(OnrecordError):
    code = "comments-not-written"
    message = "{path}: can't be written ({reason}). Choose another file."


def comments(
    act: Annotated[Act, typer.Argument(help="import or export.")],
    file: Annotated[Path, typer.Argument(help="An export of WordPress (WXR) or Disqus; or the file to write.")],
    addresses: Annotated[
        Path | None, typer.Option("--map", help="CSV: old address, slug or address of the story here.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="What export writes.")] = Format.JSON,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Take in comments that WordPress or Disqus exported, or write ours to a file."""
    taking, giving = open_newsroom("readers.exchange.taking", "readers.exchange.giving")
    if act is Act.EXPORT:
        try:
            count = giving.comments_export(file, form.value)
        except OSError as error:
            raise NotWritten(path=file, reason=error.strerror or error) from error
        console.print_json(json.dumps({"written": count})) if as_json else console.print(f"{count} comments in {file}")
        return
    done = taking.comments_import(file, _addresses(addresses) if addresses else {})
    if as_json:
        names = ("source", "taken", "known", "left_out", "unmatched")
        console.print_json(json.dumps({name: getattr(done, name) for name in names}))
    else:
        _say(done)
    if done.unmatched:
        raise typer.Exit(FINDINGS)


def _say(done: Any) -> None:
    console.print(f"{done.taken} comments taken in from {done.source or 'nowhere'}; {done.known} were here already.")
    for reason, count in done.left_out.items():
        console.print(f"{count} left out: {reason}")
    if done.unmatched:
        console.print(f"{sum(count for _, count in done.unmatched)} belong to no story here (kept in the report):")
        for address, count in done.unmatched[:SHOWN]:
            console.print(f"  {count}  {address}", markup=False)
        console.print("Name their stories with --map, then run it again.")


def _addresses(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AddressesUnreadable(
            path=path, reason=getattr(error, "strerror", None) or "it is no CSV in UTF-8"
        ) from error
    if any(len(row) != 2 for row in rows):
        raise AddressesUnreadable(path=path, reason="a row has not two columns")
    return {old.strip(): new.strip() for old, new in rows}
