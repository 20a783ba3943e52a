"""The command `onrecord`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ImproperlyConfigured

import onrecord
from onrecord.cli import align, archive, bleep, check, demo, newsroom, reposts, serve
from onrecord.cli.output import BAD_INPUT, say_error
from onrecord.errors import OnrecordError

app = typer.Typer(
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


app.command()(demo.demo)
app.command()(newsroom.init)
app.command()(serve.serve)
app.command()(serve.worker)
app.command()(newsroom.bake)
app.command("fingerprint")(reposts.fingerprint_files)
app.command("find")(reposts.find_files)
app.command("align")(align.align_command)
app.command()(bleep.bleep)
app.command()(archive.doctor)
app.command()(archive.add)
app.command(cls=check.CheckCommand)(check.check)
app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(newsroom.manage)


def main() -> None:
    """Run the command; a problem that a person can mend is one clear line and exit status 2."""
    try:
        app()
    except (OnrecordError, ImproperlyConfigured) as error:
        say_error(str(error))
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
