"""From a machine's draft to a quotation: told where words go, mended by glossary and memory, reviewed, passed."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Newsroom, Visitor
from tests.browser.test_quotations_desk import open_story
from tests.browser.test_transcript_desk import field, press, ready, saved, state, texts
from tests.functional.translation_servers import Server, libre, serving
from tests.processes import Serving

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], None]
TRANSLATIONS = {
    "Вода перейшла міст о шостій, і ніхто нам не сказав.": "The water of Velnagrad came over the bridge at six.",
    "Казали, що автобуси поїдуть у вівторок, не раніше.": "They said that the buses would go on Tuesday.",
    "Без худоби ми не поїдемо.": "Without cattle we will not go.",
}
BY_PEOPLE = "We are not leaving without the animals."
TERMS = """language,term,variants,note,to_language,translation,translation_variants
uk,Велноград,,the lower town,en,Velnograd,Velnagrad
uk,автобус,,,en,coach,
"""
MAKE = """
from tests import factories
from onrecord.transcripts.glossary_file import glossary_import
glossary_import(actor=None, data={terms!r}.encode(), filename="terms.csv")
first = factories.recording(title="The first call", language="uk", seed=61)
factories.transcript(first, factories.CALL_UK_VTT)
factories.transcript(first, factories.CALL_VTT, language="en")
call = factories.recording(title="The second call", language="uk", seed=62)
factories.transcript(call, factories.CALL_UK_VTT)
story = factories.story("“{words}” a woman said.", title="Nobody leaves", recordings=[call])
answer = [str(call.pk), story.pk]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(libre) as made:
        made.answer = lambda asked: {"translatedText": [TRANSLATIONS.get(text, text) for text in asked["q"]]}
        yield made


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Newsroom]:
    """A newsroom whose operator has set a translation server."""
    made = Newsroom(tmp_path_factory.mktemp("translating") / "newsroom")
    with (made.folder / "onrecord.env").open("a") as env:
        env.write(f"\nTRANSLATE_ENGINE=libretranslate\nTRANSLATE_URL={server.url}\n")
    serving_it = Serving(made.folder, port=made.port)
    serving_it.wait("/")
    serving_it.wait("/desk/login/")
    yield made
    serving_it.stop()
    assert "Traceback" not in serving_it.log.read_text(), serving_it.log.read_text()


def machine_cell(page: Page, number: int) -> Locator:
    return page.locator(".or-row").nth(number).locator(".or-cell").nth(1)


def test_a_machines_draft_becomes_a_quotation_by_way_of_a_person(
    newsroom: Newsroom, server: Server, visitor: Visitor, picture: Picture
) -> None:
    call, story = newsroom.manage(MAKE.format(terms=TERMS, words=BY_PEOPLE[:-1] + ","))
    page = visitor("irena", viewport={"width": 1280, "height": 800})

    page.goto(f"/desk/recordings/{call}/")
    panel = page.get_by_role("region", name="Translation", exact=True)
    host = server.url.removeprefix("http://")
    expect(panel).to_contain_text(f"The words go to {host} (LibreTranslate).")
    assert not server.asked
    panel.scroll_into_view_if_needed()
    picture(page, "translation-panel")
    panel.get_by_label("Language").first.fill("en")
    panel.get_by_role("button", name="Translate the empty segments").first.click()
    expect(page.get_by_text(re.compile("Into en by LibreTranslate"))).to_be_visible(timeout=40_000)
    assert len(server.asked) == 1

    page.goto(f"/desk/transcripts/{call}/edit/")
    ready(page)
    for number in range(3):
        expect(machine_cell(page, number).locator(".or-cell__state")).to_have_text("machine: LibreTranslate")
    variant = machine_cell(page, 0).get_by_role("button", name="Velnagrad → Velnograd")
    expect(variant).to_be_visible()
    assert page.evaluate("[...CSS.highlights.get('or-term')].map(String)") == ["Velnagrad"]
    expect(machine_cell(page, 1)).to_contain_text("not as listed: автобус → coach")

    field(page, 0, 1).focus()
    press(page, "Control+Home", "Alt+g")
    expect(field(page, 0, 1)).to_have_text("The water of Velnograd came over the bridge at six.")
    expect(variant).to_be_hidden()
    expect(machine_cell(page, 0).locator(".or-cell__state")).to_have_text("machine, changed: not reviewed")

    field(page, 2, 1).focus()
    offers = page.get_by_role("region", name="Translated before")
    expect(offers).to_contain_text("100 %")
    expect(offers).to_contain_text("The first call")
    expect(offers).to_contain_text(BY_PEOPLE)
    picture(page, "translation-memory")
    found = Axe().run(page).response["violations"]
    assert not found, [violation["id"] for violation in found]
    press(page, "Alt+1")
    expect(field(page, 2, 1)).to_have_text(BY_PEOPLE)
    press(page, "Control+z")
    expect(field(page, 2, 1)).to_have_text("Without cattle we will not go.")
    press(page, "Alt+1")
    saved(page)
    assert texts(page, "en")[2] == BY_PEOPLE

    # The machine’s words again, with the same meaning to the gate: a person has not reviewed them.
    press(page, "Control+z")
    saved(page)
    newsroom.manage(REWORD.format(call=call, words=BY_PEOPLE))
    page.reload()
    ready(page)
    save_version(page)
    editor = visitor("edda")
    quotations = open_story(editor, story)
    expect(quotations).to_contain_text("Translated by a machine, reviewed by nobody")
    picture(editor, "translation-gate")
    with editor.expect_popup() as opened:
        quotations.get_by_role("link", name="Open the segment in the transcript desk").click()
    desk = opened.value
    ready(desk)
    expect(field(desk, 2, 1)).to_be_focused()
    press(desk, "Alt+r")
    expect(machine_cell(desk, 2).locator(".or-cell__state")).to_contain_text("reviewed by Edda")
    saved(desk)
    save_version(desk)
    quotations = open_story(editor, story)
    expect(quotations).to_contain_text("borne out by the record")


REWORD = """
from onrecord.archive.models import Recording
from onrecord.transcripts.draft_fills import draft_fill
from onrecord.transcripts.models import DraftRow
call = Recording.objects.get(pk={call!r})
row = DraftRow.objects.filter(draft__recording=call).order_by("content__start")[2]
row.content["sides"]["en"]["words"] = []
row.save()
draft_fill(actor=None, recording=call, language="en", texts={{row.segment_id: {words!r}}}, by="LibreTranslate")
"""


def save_version(page: Page) -> None:
    press(page, "Control+s")
    page.get_by_role("dialog", name="Save as the next version").get_by_role("button", name="Save").click()
    expect(page.locator(".or-desk__notice")).to_contain_text("Saved as version")
    expect(state(page)).to_have_text("Saved")
