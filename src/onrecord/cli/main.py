"""The command `onrecord`."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import onrecord
from onrecord.errors import OnrecordError

COMMANDS = {
    "demo": "demo:demo",
    "init": "newsroom:init",
    "serve": "serve:serve",
    "worker": "serve:worker",
    "bake": "newsroom:bake",
    "fingerprint": "reposts:fingerprint_files",
    "find": "reposts:find_files",
    "align": "align:align_command",
    "bleep": "bleep:bleep",
    "doctor": "archive:doctor",
    "reindex": "search:reindex",
    "add": "archive:add",
    "transcribe": "transcribe:transcribe",
    "translate": "translate:translate",
    "check": "check:check",
    "comments": "comments:comments",
    "manage": "newsroom:manage",
}
"""Name of each command and its function in `onrecord.cli`; a module may name `FUNCTION_options` for typer."""


class Commands(TyperGroup):
    """Loads a command's module when the command is asked for: a linter must not wait for a web framework."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module_name, _, function = COMMANDS[cmd_name].partition(":")
        module = import_module(f"onrecord.cli.{module_name}")
        one = typer.Typer(add_completion=False)
        one.command(cmd_name, **getattr(module, f"{function}_options", {}))(getattr(module, function))
        return typer.main.get_command(one)


app = typer.Typer(
    cls=Commands,
    help="A newsroom for stories built on published recordings.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onrecord {onrecord.__version__}")
        raise typer.Exit


@app.callback()
def options(
    folder: Annotated[
        Path | None, typer.Option("--dir", "-C", help="The newsroom's folder. Default: this folder, or ONRECORD_DIR.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    if folder is not None:
        os.environ["ONRECORD_DIR"] = str(folder.resolve())


def main() -> None:
    """Run the command; a problem that a person can mend is one clear line and exit status 2."""
    try:
        app()
    except _mendable() as error:
        from onrecord.cli.output import BAD_INPUT, say_error  # in here: most runs have nothing to say

        OnrecordError.translate = staticmethod(str)  # the command speaks English
        say_error(str(error))
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(130)


def _mendable() -> tuple[type[Exception], ...]:
    """Errors for a person; wrong settings are one where the framework was loaded at all."""
    framework = sys.modules.get("django.core.exceptions")
    return (OnrecordError, framework.ImproperlyConfigured) if framework else (OnrecordError,)


if __name__ == "__main__":
    main()
