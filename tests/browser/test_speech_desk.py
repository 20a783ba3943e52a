"""Speech to text at the desk, in Chromium, with the real engine and a made model: seen, cancelled, resumed, killed."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from onrecord.audio.speech import synthesise
from tests.browser.conftest import Newsroom, Visitor
from tests.generators.whisper_model import make_whisper_model
from tests.processes import Serving
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.browser
SECONDS = 600  # so that there is time to press a button on a fast machine too


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Serving]]:
    """A newsroom with a slow model, and a recording of ten minutes."""
    made = Newsroom(tmp_path_factory.mktemp("speech") / "newsroom")
    make_whisper_model(made.folder / "models" / "patient-ears", ears=45)
    with (made.folder / "onrecord.env").open("a") as settings:
        settings.write("WHISPER_MODEL=models/patient-ears\nRECOGNISE_REPOSTS=false\n")
    speech = synthesise("The water came over the bridge at six and nobody told us anything.", voice="en-gb+f2")
    sound = np.tile(speech.samples, (1, SECONDS * speech.sample_rate // speech.samples.shape[1]))
    write_media(made.folder / "call.wav", sound, speech.sample_rate)
    made.run(
        "add", made.folder / "call.wav", "--title", "Call from the weir", "--publisher", "Weir Wire",
        "--language", "en", "--published", "2024-05-04",
    )  # fmt: skip
    serving = Serving(made.folder, port=made.port)
    serving.wait("/")
    serving.wait("/desk/login/")
    yield made, serving
    serving.stop()
    assert "Traceback" not in serving.log.read_text(), serving.log.read_text()


@pytest.fixture
def newsroom(served: tuple[Newsroom, Serving]) -> Newsroom:
    return served[0]


@pytest.fixture
def desk(visitor: Visitor) -> Page:
    """The recording's page, before a reporter."""
    page = visitor("irena", viewport={"width": 1280, "height": 1000})
    page.goto("/desk/recordings/")
    page.get_by_role("link", name="Call from the weir").first.click()
    return page


def test_started_seen_cancelled_resumed(desk: Page, picture: Callable[[Page, str], None]) -> None:
    panel = desk.locator("#speech-section")
    expect(panel).to_contain_text("faster-whisper with the model “patient-ears”")
    panel.scroll_into_view_if_needed()
    picture(desk, "speech-before")
    panel.get_by_role("button", name="Write down what is said").click()
    expect(panel).to_contain_text("of 9:", timeout=90_000)
    expect(panel.locator("progress")).not_to_have_attribute("value", "0", timeout=60_000)
    picture(desk, "speech-running")
    panel.get_by_role("button", name="Cancel").click()
    expect(panel).to_contain_text("Cancelled,", timeout=20_000)
    found: Any = Axe().run(desk, context="main").response["violations"]
    assert found == [], [rule["id"] for rule in found]
    expect(panel).to_contain_text("What was done until then is kept")
    picture(desk, "speech-cancelled")
    panel.get_by_role("button", name="Resume").click()
    expect(panel.get_by_role("link", name="Version 1")).to_be_visible(timeout=120_000)
    picture(desk, "speech-done")
    panel.get_by_role("link", name="Version 1").click()
    expect(desk.locator("main")).to_contain_text("The water came over the bridge at six.")
    expect(desk.locator("main")).to_contain_text("patient-ears")
    picture(desk, "speech-version")


def test_a_killed_worker_goes_on(desk: Page, served: tuple[Newsroom, Serving]) -> None:
    panel = desk.locator("#speech-section")
    panel.get_by_text("Start again from the beginning").click()
    panel.get_by_role("button", name="Write down what is said").click()
    expect(panel.locator("progress")).not_to_have_attribute("value", "0", timeout=90_000)
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    parents = {os.getpgid(served[1].process.pid), served[1].process.pid}
    for line in listed.splitlines():
        pid, _, arguments = line.strip().partition(" ")
        if "--queue engines" in arguments and _parent(int(pid)) in parents:
            os.kill(int(pid), signal.SIGKILL)
    expect(panel.get_by_role("link", name="Version 2")).to_be_visible(timeout=120_000)


def test_a_model_that_is_gone_and_comes_back(
    desk: Page, newsroom: Newsroom, picture: Callable[[Page, str], None]
) -> None:
    panel = desk.locator("#speech-section")
    ears = newsroom.folder / "models" / "patient-ears" / "model.bin"
    ears.rename(ears.with_name("elsewhere"))
    panel.get_by_text("Start again from the beginning").click()
    panel.get_by_role("button", name="Write down what is said").click()
    expect(panel).to_contain_text("there is no model.bin in this folder", timeout=60_000)
    picture(desk, "speech-failed")
    ears.with_name("elsewhere").rename(ears)
    panel.get_by_role("button", name="Resume").click()
    expect(panel.get_by_role("link", name="Version 3")).to_be_visible(timeout=120_000)


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])
