"""`onrecord demo`: a small newsroom with recordings and stories, from nothing."""

import os
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import call_command

from onrecord.cli import serve as serving
from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.newsroom import SETTINGS_FILE, build_newsroom, write_settings
from onrecord.cli.output import console, steps

REPORTER, EDITOR = ("reporter", "demo-reporter"), ("editor", "demo-editor")
FINISHED = ".demo-is-complete"


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the newsroom is made.")] = Path("demo-newsroom"),
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    do_serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it when it is built.")] = True,
) -> None:
    """Build a newsroom in which everything is invented, and serve it. The second time it is just served."""
    site_url = f"http://{host}:{port}"
    os.environ["SITE_URL"] = site_url
    if (folder / FINISHED).exists():
        os.environ["ONRECORD_DIR"] = str(folder.resolve())
        publishing, changed = open_newsroom("publishing.bake", "core.upgrades")
        if changed.migrations_pending():
            call_command("migrate", verbosity=0)
        if f"SITE_URL='{site_url}'" not in (folder / SETTINGS_FILE).read_text():
            publishing.bake_all()
    else:
        _build(folder, site_url)
    _say_where(site_url)
    if do_serve:
        serving.serve(host=host, port=port)


def _build(folder: Path, site_url: str) -> None:
    with steps(7) as step:
        step("Settings and folders")
        if not (folder / SETTINGS_FILE).exists():
            write_settings(
                folder, {"NEWSROOM_NAME": "The Velna Record", "SITE_URL": site_url, "NEWSROOM_IS_DEMO": "true"}
            )
        build_newsroom(folder, step, editors={})
        (content,) = open_newsroom("demo.content")
        step("Recordings: synthetic voices, transcripts, translations")
        content.build_archive(folder / "demo-files", people={"reporter": REPORTER, "editor": EDITOR})
        step("Web copies, masked words bleeped")
        call_command(
            "db_worker", queue_name="*", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0
        )
        step("Stories, corrections, comments")
        content.build_stories()
        call_command(
            "db_worker", queue_name="*", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0
        )
        (publishing,) = open_newsroom("publishing.bake")
        publishing.bake_all()
    (folder / FINISHED).touch()


def _say_where(site_url: str) -> None:
    console.print(f"\nSite    {site_url}/", markup=False)
    console.print(f"Desk    {site_url}/desk/", markup=False)
    console.print(f"        reporter: login {REPORTER[0]}, password {REPORTER[1]}", markup=False)
    console.print(f"        editor:   login {EDITOR[0]}, password {EDITOR[1]}", markup=False)
    console.print(
        "Try     on the desk's first page, a sound that is on record twice: the newsroom recognised it by itself.",
        markup=False,
    )
    console.print(
        "        as the editor, open the draft “Nobody was told, say callers” and press Publish.\n", markup=False
    )
