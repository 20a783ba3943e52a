"""The panel “Quotations” as an editor works with it: refused, mended, heard, published, stale, overridden."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Newsroom, Visitor
from tests.browser.steps import play, press_publish, quotations, read
from tests.browser.test_whole_way import replace_word

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], None]
MADE = """
from tests import factories
call = factories.recording(title={title!r}, seed={seed})
factories.transcript(call)
page = factories.story({paragraph!r}, title={title!r}, recordings=[call] if {named} else [])
answer = [page.pk, page.slug, str(call.pk)]
"""
EDITED = """
from onrecord.archive.models import Recording
from onrecord.transcripts.services import EditedSegment, transcript_edit
transcript = Recording.objects.get(pk={recording!r}).transcripts.get()
latest = transcript.versions.first()
rows = [
    EditedSegment(s["id"], s["start_ms"], s["end_ms"], s["speaker"],
                  " ".join(w[1] for w in s["words"]).replace({old!r}, {new!r}))
    for s in latest.segments
]
transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=latest.number)
"""


def make(newsroom: Newsroom, paragraph: str, *, named: bool = True) -> tuple[int, str, str]:
    """A draft with a recording of its own; its number, its path for readers, the recording."""
    mark = uuid4().hex[:8]
    code = MADE.format(title=f"Night on the river {mark}", seed=int(mark, 16), paragraph=paragraph, named=named)
    number, slug, recording = newsroom.manage(code)
    return number, f"/stories/{slug}/", recording


def open_story(desk: Page, number: int) -> Locator:
    desk.goto(f"/desk/pages/{number}/edit/")
    panel = quotations(desk)
    for _ in range(3):  # Wagtail opens the panel that was open last, and a press at the same moment closes it again
        if not panel.is_visible():
            desk.locator("[data-side-panel-toggle='quotations']").click()
        try:
            expect(panel).to_be_visible(timeout=5_000)
        except AssertionError:
            continue
        desk.wait_for_timeout(300)
        if panel.is_visible():
            break
    expect(panel).to_be_visible()
    return panel


def until_there(desk: Page, url: str, wanted: Callable[[], Locator]) -> None:
    """Reload until the worker has done its part."""
    for _ in range(40):
        desk.goto(url)
        if wanted().count():
            break
        desk.wait_for_timeout(300)
    expect(wanted().first).to_be_visible()


def listen(panel: Locator) -> None:
    """Play the moment of the one quotation to its end."""
    confirm = panel.get_by_role("button", name=re.compile("I listened to this"))
    expect(confirm).to_be_disabled()
    desk = panel.page
    desk.evaluate("heard.length = 0")
    panel.get_by_role("button", name=re.compile("^Play 0:08")).click()
    expect(confirm).to_be_enabled(timeout=20_000)
    first, last = desk.evaluate("[Math.min(...heard), Math.max(...heard)]")
    assert first == pytest.approx(8000, abs=400)
    assert last == pytest.approx(12000, abs=500)
    confirm.click()


def clean(page: Page, where: str) -> None:
    """Nothing that axe finds wrong in this part of the page."""
    found = Axe().run(page, context={"include": [[where]]}, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    assert not found.response["violations"], found.generate_report()


def test_refused_mended_heard_published_and_stale(newsroom: Newsroom, visitor: Visitor, picture: Picture) -> None:
    number, path, recording = make(newsroom, "“We are now leaving without the animals,” the woman said. She hung up.")
    editor = visitor("edda", viewport={"width": 1280, "height": 900})
    panel = open_story(editor, number)
    row = panel.locator("[data-quotation]")
    expect(row).to_have_attribute("data-verdict", "altered")
    expect(row).to_contain_text("“not” was said, “now” is printed")
    compared = row.locator(".or-compare dd")
    expect(compared.nth(0)).to_contain_text("not (not printed)")
    expect(compared.nth(1)).to_contain_text("now (not said)")
    picture(editor, "quotations-altered")
    clean(editor, "[data-side-panel='quotations']")
    press_publish(editor)
    expect(editor.locator(".messages .error")).to_contain_text("was not published: 1 quotation")

    panel = open_story(editor, number)
    text = editor.locator("#panel-child-content-body-section [contenteditable=true]")
    panel.get_by_role("link", name=re.compile("Go to Paragraph")).click()
    expect(text).to_be_focused()
    editor.wait_for_timeout(2500)  # what is typed in the first two seconds, Wagtail takes for what was there
    replace_word(editor, text, "now", "not")
    expect(row).to_have_attribute("data-verdict", "verbatim")
    listen(panel)
    expect(row).to_contain_text("Edda listened to this on")
    expect(row).to_be_focused()
    picture(editor, "quotations-heard")
    clean(editor, "[data-side-panel='quotations']")
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")

    reader = visitor()
    read(reader, path, "We are not leaving without the animals")
    start, _ = play(reader.locator(".prose a.play"))
    assert start == pytest.approx(8000, abs=400)
    reader.locator("#how-we-know summary").click()
    checked = reader.locator("[data-cell=verdict]")
    expect(checked).to_contain_text("word for word")
    expect(checked).to_contain_text("Listened to in the newsroom on")
    expect(reader.locator("#how-we-know")).not_to_contain_text("Edda")
    picture(reader, "how-we-know")

    newsroom.manage(EDITED.format(recording=recording, old="animals", new="cattle"))
    until_there(editor, "/desk/", lambda: editor.locator("#onrecord-stale, [id*=onrecord-stale]"))
    picture(editor, "home-stale")
    panel = open_story(editor, number)
    expect(panel.locator("[data-verdict=stale]")).to_contain_text("Version 1 of the transcript bore it out")
    picture(editor, "quotations-stale")
    editor.goto("/desk/corrections/?status=open&origin=record")
    editor.get_by_role("row").filter(has_text=path.split("-")[-1].strip("/")).get_by_role(
        "link", name=re.compile("The transcript of")
    ).click()
    expect(editor.get_by_label("New words")).to_have_value("We are not leaving without the cattle,")
    picture(editor, "proposal")
    read(reader, path, "being checked again")
    newsroom.manage(EDITED.format(recording=recording, old="cattle", new="animals"))
    until_there(editor, editor.url, lambda: editor.get_by_text("Settled by the record"))


def test_overridden_listed_and_withdrawn(newsroom: Newsroom, visitor: Visitor, picture: Picture) -> None:
    number, path, _ = make(newsroom, "“We shall go tomorrow with all of the sheep,” the woman said.")
    editor = visitor("edda", viewport={"width": 1280, "height": 900})
    panel = open_story(editor, number)
    panel.get_by_text("Override: print it all the same").click()
    panel.get_by_label("Reason").fill("Heard by two of our reporters.")
    panel.get_by_role("button", name="Override the check").click()
    expect(panel.locator("[data-verdict=overridden]")).to_contain_text("Heard by two of our reporters.")
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")
    reader = visitor()
    read(reader, path, "Printed on the responsibility of the newsroom's editors")
    read(reader, path, "Heard by two of our reporters.")

    editor.get_by_role("link", name="Overrides", exact=True).click()
    row = (
        editor.get_by_role("row")
        .filter(has_text="with all of the sheep")
        .filter(has_text=re.compile(path.rsplit("-", 1)[-1].strip("/")))
    )
    expect(row).to_contain_text("In force")
    expect(row).to_contain_text("readers have these words")
    picture(editor, "overrides")
    clean(editor, "main")
    row.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(editor.locator(".messages .success")).to_contain_text("withdrawn")
    expect(row).to_contain_text("Withdrawn by Edda")
    read(reader, path, "not borne out by the record")
    panel = open_story(editor, number)
    expect(panel.locator("[data-verdict=unbound]")).to_have_count(1)
    press_publish(editor)
    expect(editor.locator(".messages .error")).to_contain_text("was not published")


def test_words_of_a_recording_that_is_not_named_are_found_and_it_is_named(
    newsroom: Newsroom, visitor: Visitor, picture: Picture
) -> None:
    number, _, recording = make(newsroom, "“They said the buses would leave on Tuesday,” the man said.", named=False)
    editor = visitor("edda", viewport={"width": 1280, "height": 900})
    panel = open_story(editor, number)
    panel.get_by_role("button", name=re.compile("Look in all recordings")).click()
    add = panel.locator(f"[data-recording='{recording}']")
    expect(add).to_be_visible()
    picture(editor, "elsewhere")
    editor.wait_for_timeout(2500)
    add.click()
    expect(panel.locator("[data-verdict=verbatim]")).to_have_count(1)


def test_the_panel_fits_a_phone(newsroom: Newsroom, visitor: Visitor, picture: Picture) -> None:
    number, _, _ = make(newsroom, "“We are leaving without the animals,” the woman said.")
    editor = visitor("edda", viewport={"width": 390, "height": 844}, has_touch=True)
    panel = open_story(editor, number)
    expect(panel.locator(".or-compare").first).to_be_in_viewport(ratio=1)
    widths: Any = editor.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    picture(editor, "quotations-phone")
