"""`onrecord check`: the quotations of any story against any transcripts; needs no database and no server."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from onrecord.cli.checking.languages import asked_language
from onrecord.cli.checking.programs import as_github, as_json
from onrecord.cli.checking.record import read_against
from onrecord.cli.checking.stories import check_story, story_paths, unreviewed_held
from onrecord.errors import OnrecordError

BORNE_OUT, FINDINGS, BAD_INPUT = 0, 1, 2


class CheckCommand(TyperCommand):
    """Takes several values after one `--against`: `STORY… --against transcripts/*.vtt`, as a shell gives them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread_against(args))


def check(
    stories: Annotated[
        list[str],
        typer.Argument(
            metavar="STORY…",
            help="Markdown, HTML, plain text, .docx; a folder of them, a pattern, or - for standard input.",
        ),
    ],
    against: Annotated[
        list[str],
        typer.Option(
            metavar="PATH|ID…",
            help="Transcripts or folders of them, ids of the newsroom's recordings, or newsroom for all of these.",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Print notes on lines for GitHub Actions.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what blocks publication.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse dropped hesitations, repeats and false starts too.")
    ] = False,
    lang: Annotated[
        str, typer.Option("--lang", help="Language of all quotations, for example uk. Default: told for each.")
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help="Encoding of the stories, for example cp1251. Default: recognised.")
    ] = "",
) -> None:
    """Check every quotation of the stories against the record. Exit 0 borne out, 1 findings, 2 bad input."""
    try:
        language = asked_language(lang)
        paths = story_paths(stories)
        record = read_against(against, paths, warn=_warn)
    except OnrecordError as error:
        _say(str(error), typer.colors.RED)
        raise typer.Exit(BAD_INPUT) from error
    found = (
        check_story(path, record.record, language=language, encoding=encoding or None, strict=strict) for path in paths
    )
    checked = [unreviewed_held(story, record.unreviewed) for story in found]
    for story in checked:
        for warning in story.plain.warnings:
            _warn(f"{story.path}: {warning}")
        if story.error:
            _say(str(story.error), typer.colors.RED)
    if json:
        typer.echo(as_json(checked, record))
    elif github:
        for line in as_github(checked):
            typer.echo(line)
    else:
        from onrecord.cli.checking.people import print_report  # in here: programs need not wait for it

        print_report(checked, record, quiet=quiet)
    if any(story.error for story in checked):
        raise typer.Exit(BAD_INPUT)
    raise typer.Exit(FINDINGS if any(story.blocking for story in checked) else BORNE_OUT)


def _warn(line: str) -> None:
    _say(line, typer.colors.YELLOW)


def _say(line: str, colour: str) -> None:
    """A line on standard error, in colour on a terminal unless NO_COLOR is set."""
    typer.secho(line, err=True, fg=None if os.environ.get("NO_COLOR") else colour)


check_options = {"cls": CheckCommand}


def spread_against(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--against` before each value that follows one; after the stories all up to the next option.

    Where no story has been named yet (`--against transcripts/ STORY…`), only the first value is one.
    """
    result: list[str] = []
    story_named = taking = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*result, argument, *rest]
        if argument in ("--against", "--lang", "--encoding"):
            result += [argument, *(value for value in [next(rest, None)] if value is not None)]
            taking = story_named and argument == "--against"
        elif argument.startswith("-") and argument != "-":
            result.append(argument)
            taking = story_named and argument.startswith("--against=")
        else:
            result += ["--against", argument] if taking else [argument]
            story_named = story_named or not taking
    return result


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command(cls=CheckCommand)(check)
    app()
