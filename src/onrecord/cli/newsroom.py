"""`onrecord init`, `onrecord bake`, `onrecord manage`."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import call_command, execute_from_command_line

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import Steps, console, steps
from onrecord.errors import OnrecordError

SETTINGS_FILE = "onrecord.env"


class FolderTaken(OnrecordError):
    code = "folder-taken"
    message = (
        "{folder}: there is a newsroom already ({file}). Nothing was changed. "
        "Serve it with `onrecord --dir {folder} serve`."
    )


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to make.")],
    name: Annotated[str, typer.Option(help="The newsroom's name.")] = "The Newsroom",
    site_url: Annotated[str, typer.Option(help="Where readers will find it.")] = "http://127.0.0.1:8000",
    language: Annotated[str, typer.Option(help="Language of the stories.")] = "en",
    time_zone: Annotated[str, typer.Option(help="For example Europe/Kyiv.")] = "UTC",
    editor: Annotated[str, typer.Option(help="Login of the first editor.")] = "editor",
    password: Annotated[
        str, typer.Option(help="Their password. Default: one is made and printed.", envvar="ONRECORD_EDITOR_PASSWORD")
    ] = "",
) -> None:
    """Make an empty newsroom: settings with a secret, database, folders, first editor."""
    password = password or secrets.token_urlsafe(12)
    with steps(4) as step:
        step("Settings and folders")
        write_settings(
            folder, {"NEWSROOM_NAME": name, "SITE_URL": site_url, "NEWSROOM_LANGUAGE": language, "TIME_ZONE": time_zone}
        )
        build_newsroom(folder, step, editors={editor: password})
    console.print(
        f"\nThe newsroom is in {folder.resolve()}. Serve it:\n\n  onrecord --dir {folder} serve\n", soft_wrap=True
    )
    console.print(f"Desk: {site_url}/desk/   login {editor}   password {password}", soft_wrap=True, markup=False)


def bake() -> None:
    """Write every public page and file again, with styles and scripts; remove what is no longer public."""
    (publishing,) = open_newsroom("publishing.bake")
    with steps(2) as step:
        step("Styles and scripts")
        collect_static()
        step("Pages")
        done = publishing.bake_all()
    console.print(f"{done.written} written, {done.unchanged} unchanged, {done.removed} removed")


def manage(context: typer.Context) -> None:
    """Django's own commands: onrecord manage migrate, createsuperuser, shell …"""
    open_newsroom()
    execute_from_command_line(["onrecord manage", *context.args])


manage_options = {
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
}


def write_settings(folder: Path, values: dict[str, str]) -> None:
    """Make the folder with its settings file, readable by its owner only. Raises FolderTaken."""
    file = folder / SETTINGS_FILE
    if file.exists():
        raise FolderTaken(folder=str(folder), file=SETTINGS_FILE)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"SECRET_KEY='{secrets.token_urlsafe(50)}'", *(f"{name}='{value}'" for name, value in values.items())]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write("\n".join(lines) + "\n")
    for name in ("originals", "public", "incoming"):
        (folder / name).mkdir(exist_ok=True)


def build_newsroom(folder: Path, step: Steps, *, editors: dict[str, str]) -> None:
    """Database, page tree, roles, people, styles and scripts, first bake."""
    os.environ["ONRECORD_DIR"] = str(folder.resolve())
    newsroom, people, publishing = open_newsroom("stories.newsroom", "core.people", "publishing.bake")
    step("Database")
    call_command("migrate", verbosity=0)
    newsroom.newsroom_create()
    for login, password in editors.items():
        people.person_create(login=login, password=password, role="Administrator")
    step("Styles and scripts")
    collect_static()
    step("Pages")
    publishing.bake_all()


def collect_static() -> None:
    """Put styles and scripts beside the pages, compressed."""
    settings, publishing = open_newsroom("config.settings", "publishing.bake")
    call_command("collectstatic", interactive=False, verbosity=0)
    publishing.compress_folder(settings.STATIC_ROOT)
