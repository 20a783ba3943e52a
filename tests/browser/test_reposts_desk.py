"""A repost at the desk, in Chromium: both players at the places, filed, taken back. Voices are synthetic."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Newsroom, Visitor
from tests.unit.audio.fingerprints.reposting import RATE, faster, speech
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.browser


def test_a_repost_is_proposed_heard_filed_and_taken_back(
    newsroom: Newsroom, visitor: Visitor, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    call, common = speech(71, 24), ["--language", "en", "--published"]
    part = faster(call[8 * RATE : 18 * RATE], 1.03)
    for name, sound in (("call", call), ("clip", part)):
        write_media(tmp_path / f"{name}.wav", sound[np.newaxis, :], RATE)
    first = ("--title", "Call from the weir", "--publisher", "Weir Wire", *common, "2024-05-04")
    newsroom.run("add", tmp_path / "call.wav", *first)
    second = ("--title", "Heard at the weir", "--publisher", "Clip Channel", *common, "2024-05-06")
    told = newsroom.run("add", tmp_path / "clip.wav", *second)
    assert "recognised: already have 0:00–0:" in told
    assert "in “Call from the weir” (0:08–0:1" in told
    assert "first published 2\xa0days earlier by Weir Wire (sure)" in " ".join(told.split("\n"))

    page = visitor("irena")
    page.get_by_role("link", name="Heard at the weir").click()
    panel = page.locator(".or-repost")
    expect(panel).to_contain_text("Surely the same sound")
    picture(page, "reposts-proposed")
    sounds = panel.locator("audio")
    expect(sounds).to_have_count(2)
    sounds.nth(1).evaluate("sound => sound.play()")
    page.wait_for_function("heard.length > 3")
    assert page.evaluate("heard[0]") == pytest.approx(8_000, abs=700)

    page.get_by_role("button", name="File this as a copy of it").click()
    expect(page.get_by_text("is filed as a copy of this")).to_be_visible()
    expect(page.locator("main")).to_contain_text("2 publishers, 1 independent origin")
    picture(page, "reposts-filed")
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("a recording of its own again")).to_be_visible()
    expect(page.get_by_text("Surely the same sound")).to_be_visible()
