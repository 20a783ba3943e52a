"""`onrecord reindex`."""

import json
from typing import Annotated

import typer

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import console, steps


def reindex(as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False) -> None:
    """Make everything that can be searched again from what is on record."""
    rebuilding, memory = open_newsroom("search.rebuilding", "transcripts.memory")
    subjects = list(rebuilding.subjects())
    if as_json:
        done = rebuilding.rebuild(subjects, lambda title: None)
        remembered = memory.memory_rebuild()
        typer.echo(json.dumps({"entries": done.entries, "removed": done.removed, "remembered": remembered}))
        return
    with steps(len(subjects)) as step:
        done = rebuilding.rebuild(subjects, step)
    console.print(f"{done.entries} entries can be found, {done.removed} were removed")
    console.print(f"{memory.memory_rebuild()} translated segments are in the translation memory")
