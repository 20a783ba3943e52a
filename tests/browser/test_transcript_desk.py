"""The transcript desk by keyboard, in Chromium against a served newsroom: what the screen says is saved, is."""

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Newsroom, Visitor
from tests.processes import Serving

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], None]
SEGMENTS = 4000
WAVE = "document.querySelector('.or-desk__wave div').shadowRoot.querySelector('.wrapper')"

MAKE = """
from tests import factories
from onrecord.transcripts.services import transcript_import
WORDS = '''{{"language": "en", "segments": [
 {{"start": 0, "end": 4, "text": "the damn bridge fell", "speaker": "A woman", "words": [
  {{"word": "the", "start": 0.5, "end": 0.9}}, {{"word": "damn", "start": 1.0, "end": 1.6}},
  {{"word": "bridge", "start": 1.8, "end": 2.4}}, {{"word": "fell", "start": 2.6, "end": 3.2}}]}},
 {{"start": 4, "end": 8, "text": "call me on 555 01 02 77", "speaker": "A man"}},
 {{"start": 8, "end": 12, "text": "nobody told us", "speaker": "A woman"}}]}}'''
answer = []
for number in range({count}):
    row = factories.recording(title=f"Call {{number}} {mark}", seed={seed} + number)
    transcript_import(actor=None, recording=row, data=WORDS.encode(), filename="w.json")
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    answer.append(str(row.pk))
"""
LONG = """
from tests import factories
from onrecord.archive.models import Recording
def cues(words):
    lines = ["WEBVTT", ""]
    for n in range({count}):
        start, end = n * 2700, n * 2700 + 2600
        clock = lambda ms: f"{{ms // 3600000:02}}:{{ms // 60000 % 60:02}}:{{ms // 1000 % 60:02}}.{{ms % 1000:03}}"
        lines += [f"{{clock(start)}} --> {{clock(end)}}", f"<v Voice {{n % 7}}>{{words}} {{n}}", ""]
    return "\\n".join(lines)
row = factories.recording(title="A hearing of three hours", seed=4711, prepared=False)
Recording.objects.filter(pk=row.pk).update(duration_ms={count} * 2700)
row.refresh_from_db()
factories.transcript(row, cues("the clerk of the lower town reads out paper number"))
factories.transcript(row, cues("писар нижнього міста зачитує папір номер"), language="uk")
answer = str(row.pk)
"""


@pytest.fixture(scope="module")
def calls(newsroom: Newsroom) -> Iterator[Any]:
    """Recordings of twelve seconds, one for each test that takes one."""
    made: list[str] = newsroom.manage(MAKE.format(count=16, mark="desk", seed=900))
    return iter(made)


@pytest.fixture
def opened(visitor: Visitor, calls: Any) -> Callable[..., Page]:
    """Opens the desk on a recording: a fresh one, or the one given."""

    def enter(login: str = "irena", recording: str = "", **options: Any) -> Page:
        page = visitor(login, viewport={"width": 1280, "height": 800}, **options)
        page.goto(f"/desk/transcripts/{recording or next(calls)}/edit/")
        ready(page)
        return page

    return enter


def ready(page: Page) -> None:
    expect(page.locator("[data-controller=or-transcript][data-ready]")).to_be_attached()


def field(page: Page, number: int, side: int = 0) -> Locator:
    return page.locator(".or-row").nth(number).locator(".or-field").nth(side)


def state(page: Page) -> Locator:
    return page.locator(".or-desk__state")


def saved(page: Page) -> None:
    expect(state(page)).to_have_text("Saved")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def rows(page: Page) -> list[dict[str, Any]]:
    """What is in the database, asked for by another way than the screen's."""
    recording = re.search(r"transcripts/([0-9a-f-]{36})/", page.url)
    assert recording
    answer = page.request.get(f"/desk/transcripts/{recording[1]}/draft/")
    return answer.json()["rows"]  # type: ignore[no-any-return]


def texts(page: Page, language: str = "en") -> list[str]:
    return [" ".join(word[1] for word in row["sides"][language]["words"]) for row in rows(page)]


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def test_words_are_edited_by_keyboard_and_keep_their_times(opened: Callable[..., Page], picture: Picture) -> None:
    page = opened()
    before = rows(page)[0]["sides"]["en"]["words"]
    field(page, 0).focus()
    press(page, "Control+Home", "Control+ArrowRight", "Control+ArrowRight")
    page.keyboard.type(" old")
    saved(page)
    words = rows(page)[0]["sides"]["en"]["words"]
    assert [word for word in words if word[1] != "old"] == before
    assert before[1][3] <= words[2][2] <= words[2][3] <= before[2][2]

    press(page, "Enter")  # before "bridge"
    expect(page.locator(".or-row")).to_have_count(4)
    expect(field(page, 1)).to_be_focused()
    expect(field(page, 1)).to_have_text("bridge fell")
    saved(page)
    assert texts(page)[:2] == ["the damn old", "bridge fell"]
    assert rows(page)[1]["start"] == 1800  # where the first word of it is said
    press(page, "Backspace")  # joined again
    expect(page.locator(".or-row")).to_have_count(3)
    saved(page)
    assert [word for word in rows(page)[0]["sides"]["en"]["words"] if word[1] != "old"] == before

    press(page, "Control+z", "Control+z", "Control+z")
    saved(page)
    assert rows(page)[0]["sides"]["en"]["words"] == before
    press(page, "Control+Shift+z")
    saved(page)
    assert texts(page)[0] == "the damn old bridge fell"

    field(page, 1, 1).focus()  # the other side
    press(page, "Control+End", "Alt+KeyU", "Alt+KeyN")
    expect(page.locator(".or-row")).to_have_count(4)
    page.keyboard.type("[собака гавкає]")
    press(page, "Alt+KeyJ", "Alt+ArrowUp", "Alt+ArrowLeft", "Alt+KeyR")
    expect(page.locator(".or-row").nth(1).get_by_role("button", name="reviewed by Irena")).to_be_visible()
    press(page, "Alt+ArrowUp", "Control+Home", "Control+Shift+ArrowRight", "Alt+KeyB")
    saved(page)
    first, second, third = rows(page)
    assert first["sides"]["en"]["words"][0][6] == "clarification"
    assert (second["sides"]["en"]["state"], second["sides"]["en"]["by"]) == ("reviewed", "Irena")
    assert second["sides"]["uk"]["words"][-1][6] == "unclear"
    assert third["sides"]["uk"]["words"][1][6] == "sound"

    press(page, "Alt+KeyS")
    page.keyboard.type("x")
    press(page, "Tab")
    page.get_by_role("button", name="Speakers").click()
    speakers = dialog(page, "Speakers")
    speakers.get_by_label("A man,").fill("A woman")
    picture(page, "desk-speakers")
    press(page, "Enter")
    saved(page)
    assert {row["speaker"] for row in rows(page)} == {"A woman", "x"}
    press(page, "Control+z")
    saved(page)
    assert {row["speaker"] for row in rows(page)} == {"A man", "A woman", "x"}
    picture(page, "desk")


def test_search_replace_versions_and_going_back(opened: Callable[..., Page], picture: Picture) -> None:
    page = opened()
    field(page, 0).focus()
    press(page, "Control+h")
    page.keyboard.type("Told")
    found = page.locator("[data-or-transcript-target=found]")
    expect(found).to_have_text("1 found")
    page.get_by_label("Match case").check()
    expect(found).to_have_text("Not found")
    page.get_by_role("textbox", name="Find").fill("the")
    expect(found).to_have_text("1 found")
    page.get_by_role("textbox", name="Find").fill("о")  # in the translation
    expect(found).not_to_have_text("Not found")
    page.get_by_role("textbox", name="Find").fill("us")
    page.get_by_label("Whole words").check()
    page.get_by_label("Replace with").fill("anybody here")
    press(page, "F3")
    expect(found).to_have_text("1 of 1")
    picture(page, "desk-find")
    page.get_by_role("button", name="Replace all").click()
    expect(found).to_have_text("1 replaced")
    saved(page)
    assert texts(page)[2] == "nobody told anybody here"
    press(page, "Escape")
    expect(page.locator(".or-desk__find")).to_be_hidden()
    press(page, "Control+s")
    page.get_by_label("What did you change?").fill("Heard again")
    press(page, "Enter")
    expect(page.get_by_text("Saved as version 2 (en).")).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("cell", name="Heard again")).to_be_visible()
    page.get_by_role("link", name="Version 2").click()
    expect(page.locator(".or-diff del")).to_have_text("us")
    expect(page.locator(".or-diff ins")).to_have_text("anybody here")
    picture(page, "desk-version")
    page.get_by_role("link", name="All versions").click()
    page.get_by_role("link", name="Version 1").first.click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".messages")).to_contain_text("as version 3")
    assert texts(page)[2] == "nobody told us"


def test_the_sound_obeys_while_typing(opened: Callable[..., Page]) -> None:
    page = opened()
    audio = page.locator("audio")

    def now() -> float:
        return float(audio.evaluate("audio => audio.currentTime"))

    field(page, 0).focus()
    press(page, "Escape")
    page.wait_for_function("document.querySelector('audio').currentTime > 1.2")
    page.wait_for_function("CSS.highlights.get('or-heard').size > 0")
    press(page, "Escape")
    assert audio.evaluate("audio => audio.paused")
    assert now() < 1.2  # a second back
    press(page, "F4")
    assert 3 < now() < 5
    press(page, "F2", "Shift+F7", "Shift+F7", "F7")
    assert audio.evaluate("audio => [audio.playbackRate, audio.preservesPitch]") == [1.1, True]
    press(page, "F8")  # loops the segment of the cursor, from its start
    page.evaluate("document.querySelector('audio').currentTime = 3.8")
    page.wait_for_function("document.querySelector('audio').currentTime < 1")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    press(page, "F8", "Escape", "Control+Home", *["Control+ArrowRight"] * 3, "F9")
    page.wait_for_function("heard.at(-1) > 1750 && heard.at(-1) < 3900")
    press(page, "Escape")
    field(page, 2).click()  # plays from the word
    page.wait_for_function("heard.at(-1) > 8000")
    press(page, "Escape")
    assert texts(page)[0] == "the damn bridge fell"  # no key typed anything
    page.keyboard.type("?")
    expect(dialog(page, "Keys")).to_have_count(0)
    press(page, "Control+z", "F1")
    expect(dialog(page, "Keys")).to_contain_text("Split the segment at the cursor")
    press(page, "F1")

    # Borders, by keys and on the waveform.
    field(page, 1).focus()
    press(page, "Alt+Period", "Alt+Shift+Comma")
    saved(page)
    assert [(row["start"], row["end"]) for row in rows(page)] == [(0, 4050), (4050, 7950), (7950, 12_000)]
    page.evaluate("document.querySelector('audio').currentTime = 8.5")
    press(page, "Alt+BracketRight")
    saved(page)
    assert rows(page)[1]["end"] == 8500
    wave = page.locator(".or-desk__wave").bounding_box()
    assert wave
    x, y = wave["x"] + wave["width"] * 8.5 / 12, wave["y"] + 30
    page.mouse.move(x - 2, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=4)
    page.mouse.up()
    saved(page)
    assert 8700 < rows(page)[1]["end"] < 9000
    assert rows(page)[2]["start"] == rows(page)[1]["end"]


def test_masks_are_suggested_chosen_heard_and_act_at_once(opened: Callable[..., Page], picture: Picture) -> None:
    page = opened()
    page.get_by_role("button", name="Masks").click()
    suggestions = dialog(page, "Masks")
    expect(suggestions.get_by_role("listitem")).to_have_count(2)
    expect(suggestions).to_contain_text("“555 01 02 77” (en): telephone number")
    picture(page, "desk-suggestions")
    assert not any(word[5] for row in rows(page) for word in row["sides"]["en"]["words"])
    suggestions.get_by_role("button", name="Mask as number").click()
    press(page, "Escape")
    saved(page)
    expect(page.locator(".or-row").nth(1)).to_contain_text("masked: 555 (number), 01 (number)")

    field(page, 0).focus()
    press(page, "Control+Home", "Control+ArrowRight", "Shift+Control+ArrowRight", "Alt+KeyM")
    mask = dialog(page, "Mask damn")
    mask.get_by_label("Readers read").fill("d***")
    picture(page, "desk-mask")
    page.evaluate("""() => {
        window.bleeped = [];
        const audio = document.querySelector('audio');
        const look = () => { if (audio.muted) bleeped.push(audio.currentTime); requestAnimationFrame(look); };
        look();
    }""")
    press(page, "Shift+F9")  # heard as it would be
    page.wait_for_function("bleeped.length > 3 && !document.querySelector('audio').muted")
    first, last = page.evaluate("[Math.min(...bleeped), Math.max(...bleeped)]")
    assert 0.85 < first < 1.2
    assert 1.4 < last < 1.8
    press(page, "Escape")
    expect(mask).to_be_hidden()
    assert not rows(page)[0]["sides"]["en"]["words"][1][5]
    press(page, "Alt+KeyM")
    mask.get_by_label("Readers read").fill("d***")
    press(page, "Enter")
    expect(page.get_by_text("Masked in text and sound")).to_be_visible()
    saved(page)
    assert rows(page)[0]["sides"]["en"]["words"][1][5:] == ["profanity", None, "d***"]
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("cell", name="Masked at the desk")).to_have_count(2)


def test_two_people_and_a_lost_connection(opened: Callable[..., Page], calls: Any, picture: Picture) -> None:
    recording = next(calls)
    irena = opened("irena", recording)
    edda = opened("edda", recording)
    expect(edda.locator(".or-desk__people")).to_have_text("Also editing: Irena")

    field(irena, 0).focus()
    press(irena, "Control+End")
    irena.keyboard.type(" at six")
    saved(irena)
    irena.context.set_offline(True)
    irena.keyboard.type(" sharp")
    field(irena, 1).focus()
    press(irena, "Control+End")
    irena.keyboard.type(" tonight")
    expect(state(irena)).to_have_text("Not saved: no connection. Kept in this browser")
    picture(irena, "desk-offline")

    # Edda sees what was saved before, and changes one of the two passages that Irena could not save.
    expect(field(edda, 0)).to_have_text("the damn bridge fell at six")
    field(edda, 0).focus()
    press(edda, "Control+End")
    edda.keyboard.type(" and no later")
    saved(edda)

    irena.context.set_offline(False)
    trouble = irena.get_by_role("group", name="Two texts")
    expect(trouble).to_contain_text("Edda changed this meanwhile:")
    expect(trouble).to_contain_text("the damn bridge fell at six and no later")
    expect(field(irena, 0)).to_have_text("the damn bridge fell at six sharp")
    expect(state(irena)).to_contain_text("both are kept below")
    picture(irena, "desk-conflict")
    assert texts(edda)[0] == "the damn bridge fell at six and no later"  # never overwritten
    expect(field(edda, 1)).to_have_text("call me on 555 01 02 77 tonight")  # what was free to save is saved
    trouble.get_by_role("button", name="Keep mine").press("Enter")
    saved(irena)
    assert texts(irena)[0] == "the damn bridge fell at six sharp"

    # The window is closed while there is no connection: the next one finds what was typed.
    irena.context.set_offline(True)
    field(irena, 2).focus()
    press(irena, "Control+End")
    irena.keyboard.type(" in time")
    expect(state(irena)).to_have_text("Not saved: no connection. Kept in this browser")
    again = irena.context.new_page()
    irena.close(run_before_unload=False)
    again.context.set_offline(False)
    again.goto(f"/desk/transcripts/{recording}/edit/")
    ready(again)
    expect(again.get_by_text("1 segment that had not been saved")).to_be_visible()
    saved(again)
    assert texts(again)[2] == "nobody told us in time"


def test_what_was_shown_as_saved_survives_a_killed_server(
    browser: Browser, newsroom: Newsroom, calls: Any, tmp_path: Path
) -> None:
    folder, recording = tmp_path / "copy", next(calls)
    shutil.copytree(newsroom.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        sqlite3.connect(newsroom.folder / "onrecord.sqlite3") as of,
        sqlite3.connect(folder / "onrecord.sqlite3") as to,
    ):
        of.backup(to)
    of.close()
    to.close()
    serving = Serving(folder)
    context: BrowserContext = browser.new_context(base_url=f"http://127.0.0.1:{serving.port}")
    try:
        serving.wait("/desk/login/")
        page = context.new_page()
        page.goto("/desk/login/")
        page.locator("[name=username]").fill("irena")
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/")
        page.goto(f"/desk/transcripts/{recording}/edit/")
        ready(page)
        field(page, 0).focus()
        press(page, "Control+End")
        page.keyboard.type(" down")
        saved(page)
        for pid in serving.group():
            os.kill(pid, signal.SIGKILL)
        serving.process.wait()
        connection = sqlite3.connect(folder / "onrecord.sqlite3")
        rows_kept = connection.execute(
            "SELECT content FROM transcripts_draftrow WHERE content LIKE '%down%'"
        ).fetchall()
        connection.close()
        assert len(rows_kept) == 1
        page.keyboard.type(" again")
        expect(state(page)).to_have_text("Not saved: no connection. Kept in this browser")
        serving = Serving(folder, port=serving.port)
        serving.wait("/desk/login/")
        saved(page)
        assert texts(page)[0] == "the damn bridge fell down again"
    finally:
        context.close()
        serving.stop()


def test_a_hearing_of_four_thousand_segments(newsroom: Newsroom, opened: Callable[..., Page], picture: Picture) -> None:
    page = opened(recording=newsroom.manage(LONG.format(count=SEGMENTS)))
    nodes = page.locator(".or-desk *")
    assert page.locator(".or-row").count() < 40
    most = nodes.count()
    assert most < 1000
    field(page, 3).focus()
    press(page, "Control+End")
    page.keyboard.type(" and stops")
    saved(page)
    assert texts(page)[3].endswith("reads out paper number 3 and stops")
    press(page, "Control+f")
    page.keyboard.type("number 3987")
    press(page, "Enter", "Escape")
    expect(page.locator(".or-row").filter(has_text="number 3987")).to_be_in_viewport()
    page.get_by_role("button", name="Speakers").click()
    dialog(page, "Speakers").get_by_label("Voice 3,").fill("The clerk")
    press(page, "Enter")
    saved(page)
    assert sum(row["speaker"] == "The clerk" for row in rows(page)) == SEGMENTS // 7
    for _ in range(12):
        page.locator(".or-desk__scroll").evaluate("list => list.scrollBy(0, -9000)")
        page.wait_for_timeout(30)
        assert nodes.count() < most + 400
    press(page, "Control+z")
    saved(page)
    assert not any(row["speaker"] == "The clerk" for row in rows(page))
    picture(page, "desk-long")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    opened: Callable[..., Page], calls: Any, scheme: Any, picture: Picture, newsroom: Newsroom
) -> None:
    page = opened(color_scheme=scheme, bypass_csp=True)
    field(page, 0).focus()
    press(page, "Alt+KeyR", "Control+h")
    page.keyboard.type("damn")
    saved(page)
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, context=".or-desk", options=wanted)
    assert found.violations_count == 0, found.generate_report()
    picture(page, f"desk-{scheme}")
    for key, name in (("F1", "Keys"), ("Control+s", "Save as the next version")):
        press(page, key)
        expect(dialog(page, name)).to_be_visible()
        found = Axe().run(page, context="dialog[open]", options=wanted)
        assert found.violations_count == 0, found.generate_report()
        press(page, "Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_words_go_out_and_come_in_as_files(
    opened: Callable[..., Page], calls: Any, picture: Picture, tmp_path: Path
) -> None:
    recording = next(calls)
    page = opened(recording=recording, accept_downloads=True)
    menu = page.locator("summary", has_text="Download")
    menu.focus()
    press(page, "Enter")
    picture(page, "desk-download")
    press(page, "Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("button", name="Download the file")).to_be_hidden()
    press(page, "Enter")
    page.locator("select[name=format]").select_option("docx-two")
    page.locator("select[name=language]").select_option("uk")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").press("Enter")
    assert download.value.suggested_filename.endswith(".en-uk.docx")
    taken = tmp_path / "taken.docx"
    download.value.save_as(taken)
    expect(page.get_by_role("button", name="Download the file")).to_be_hidden()
    assert page.locator("audio").evaluate("audio => audio.paused")

    page.goto(f"/desk/transcripts/{recording}/import/?language=uk")
    page.locator("[name=file]").set_input_files(taken)
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(page.locator(".messages")).to_contain_text("Imported as version")

    old = tmp_path / "old.srt"
    old.write_bytes("1\n00:00:00,000 --> 00:00:04,000\nЦей міст упав учора.\n".encode("koi8_u"))
    page.goto(f"/desk/transcripts/{recording}/import/?language=uk")
    page.locator("[name=file]").set_input_files(old)
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(page.get_by_role("radio", name="Цей міст упав учора. (KOI8-U)")).to_be_checked()
    picture(page, "desk-encoding")
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(page.locator(".messages")).to_contain_text("Imported as version")
    expect(page.get_by_text("Цей міст упав учора.")).to_be_visible()


def test_words_typed_since_are_listened_for(opened: Callable[..., Page]) -> None:
    page = opened()  # its sound is no speech: what is not heard clearly keeps its estimate, and the screen says so
    before = rows(page)[0]["sides"]["en"]["words"]
    field(page, 0).focus()
    press(page, "Control+Home", "Control+ArrowRight", "Control+ArrowRight")
    page.keyboard.type(" old")
    press(page, "Alt+KeyT")
    notice = page.locator(".or-desk__notice")
    expect(notice).not_to_contain_text("Listening", timeout=200_000)
    expect(notice).to_contain_text(re.compile("measured time|could not|cannot|can't|no words|not heard"))
    saved(page)
    assert [word for word in rows(page)[0]["sides"]["en"]["words"] if word[1] != "old"] == before


def test_what_overlaps_is_marked_and_the_view_can_be_changed(opened: Callable[..., Page], picture: Picture) -> None:
    page = opened()
    field(page, 1).focus()
    press(page, "Alt+KeyN")  # a segment over the end of another one, said by another voice
    page.keyboard.type("wait")
    press(page, "Alt+KeyS")
    page.keyboard.type("A child")
    press(page, "Tab")
    saved(page)
    over = next(row for row in rows(page) if row["speaker"] == "A child")
    assert any(row["end"] > over["start"] and row["start"] < over["end"] for row in rows(page) if row is not over)
    expect(page.get_by_text("talks over").locator("visible=true")).to_have_count(1)
    press(page, "Alt+Delete")
    saved(page)
    assert len(rows(page)) == 3
    press(page, "Control+z")
    saved(page)
    assert len(rows(page)) == 4
    width = page.evaluate(f"{WAVE}.clientWidth")
    page.get_by_label("Zoom").focus()
    press(page, "End")
    page.wait_for_function(f"before => {WAVE}.clientWidth > 2 * before", arg=width)
    press(page, "F8")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.locator(".or-desk__bar button").first.focus()
    page.keyboard.type("?")
    expect(dialog(page, "Keys")).to_contain_text("Measure when the words are said")
    picture(page, "desk-keys")
