"""Chromium, and a newsroom that is served as in life: front, application and worker."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.processes import ROOT, Serving, free_port, onrecord

expect.set_options(timeout=15_000)  # the editor saves by itself, the worker works, and the machine may be busy

PASSWORD = "a long test password"
PEOPLE = {"irena": "Reporter", "edda": "Editor", "mo": "Moderator"}

# What was played: the last player as `sound`, and where it was, frame by frame, as `heard`, in milliseconds.
WATCH = """
const play = HTMLMediaElement.prototype.play;
window.heard = [];
HTMLMediaElement.prototype.play = function () {
    window.sound = this;
    const note = () => {
        if (this.paused) return;
        if (!this.seeking) window.heard.push(this.currentTime * 1000);
        requestAnimationFrame(note);
    };
    this.addEventListener("playing", note, { once: true });
    return play.call(this);
};
"""
SELECT = """(words) => {
    const walker = document.createTreeWalker(document.querySelector('.body'), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(node, at, node, at + words.length);
        node.parentElement.scrollIntoView({ block: 'center' });
        return;
    }
}"""


def chromium() -> str | None:
    named = os.environ.get("ONRECORD_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, where Django then refuses the database.
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = chromium()
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("there is no Chromium here")
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
        )
        yield running
        running.close()


class Newsroom:
    """A newsroom on disk, as the operator has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.run("init", folder, "--name", "The Lower Town Gazette", "--site-url", self.url, "--password", PASSWORD)
        self.manage(
            "from onrecord.core.people import person_create\n"
            f"for login, role in {PEOPLE}.items():\n"
            f"    person_create(login=login, password={PASSWORD!r}, role=role, name=login.title())"
        )

    def run(self, *arguments: str | Path) -> str:
        """What the command prints; it must succeed."""
        done = onrecord(*arguments, folder=None if arguments[0] == "init" else self.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, code: str) -> Any:
        """Run code that calls the services in the newsroom; gives what it leaves in `answer`, by way of JSON."""
        code = f"import json, sys\nsys.path.insert(0, {str(ROOT)!r})\nanswer = None\n{code}\nprint(json.dumps(answer))"
        return json.loads(self.run("manage", "shell", "-v", "0", "-c", code).splitlines()[-1])


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A served newsroom with a reporter, an editor and a moderator; nothing in it may fail unseen."""
    made = Newsroom(tmp_path_factory.mktemp("served") / "newsroom")
    serving = Serving(made.folder, port=made.port)
    serving.wait("/")
    serving.wait("/desk/login/")
    yield made
    serving.stop()
    assert "Traceback" not in serving.log.read_text(), serving.log.read_text()
    assert serving.process.returncode == 0


Visitor = Callable[..., Page]


@pytest.fixture
def visitor(browser: Browser, newsroom: Newsroom) -> Iterator[Visitor]:
    """A new person before the site, or at the desk when a login is given; a script that fails fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def enter(login: str = "", **options: Any) -> Page:
        context = browser.new_context(
            base_url=newsroom.url, locale="en-GB", **{"viewport": {"width": 1300, "height": 900}, **options}
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        )
        if login:
            page.goto("/desk/login/")
            page.locator("[name=username]").fill(login)
            page.locator("[name=password]").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/desk/")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps pictures of pages in the folder that ONRECORD_PICTURES names, to be looked at; else does nothing."""
    folder = os.environ.get("ONRECORD_PICTURES")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
