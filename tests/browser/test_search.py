"""Search in Chromium: a moment is found and heard, with and without scripts, on a narrow phone, and at the desk."""

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Newsroom, Visitor

pytestmark = pytest.mark.browser

MAKE = '''
import io
from tests import factories
vtt = """WEBVTT

00:00:00.000 --> 00:00:03.000
<v A woman>The ferryman counted seventeen lanterns on the quay.

00:00:03.000 --> 00:00:06.000
<v A man>Nobody had lit them since the autumn.
"""
call = factories.recording(title="A call about lanterns", seed=77)
factories.transcript(call, vtt)
factories.transcript(call, vtt.replace("The ferryman counted seventeen lanterns on the quay", "Паромник нарахував сімнадцять ліхтарів на причалі"), language="uk")
factories.story("“Nobody had lit them since the autumn,” a man says.", title="Lanterns on the quay", recordings=[call], publish=True)
'''  # noqa: E501


@pytest.fixture(scope="module")
def lanterns(newsroom: Newsroom) -> None:
    newsroom.manage(MAKE)


def found(page: Page, address: str, wanted: str) -> None:
    """Open the page until the worker has taken in what is looked for."""
    for _ in range(60):
        page.goto(address)
        if page.locator(wanted).count():
            return
        time.sleep(0.5)
    raise AssertionError(page.content())


def heard(page: Page) -> list[float]:
    """Where the sound was, in milliseconds, once some was heard; the page lets no text be run as code."""
    for _ in range(150):
        places: list[float] = page.evaluate("window.heard")
        if len(places) > 3 and places[-1] > places[0]:
            return places
        page.wait_for_timeout(100)
    raise AssertionError("nothing was heard")


def no_faults(page: Page) -> None:
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_a_reader_finds_a_moment_and_hears_it(
    lanterns: None, visitor: Visitor, picture: Callable[[Page, str], None]
) -> None:
    page = visitor()
    found(page, "/search/?q=lantern", ".found-moment")
    page.goto("/search/")
    no_faults(page)
    picture(page, "search-help")
    page.get_by_role("searchbox").fill("ліхтар")
    page.keyboard.press("Enter")
    moment = page.locator(".found-moment")
    expect(moment).to_have_count(1)
    expect(moment.locator("mark")).to_have_text("ліхтарів")
    no_faults(page)
    moment.locator("a.play").click()
    assert max(heard(page)) < 3200
    picture(page, "search-found")
    moment.locator(".meta a").click()
    expect(page).to_have_url(re.compile(r"/recordings/[0-9a-f-]+/#s-"))


def test_filters_and_nothing_found(lanterns: None, visitor: Visitor) -> None:
    page = visitor()
    found(page, "/search/?q=lantern", ".found-moment")
    page.get_by_text("Narrow down").click()
    page.get_by_label("Speaker").fill("a man")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    page.get_by_role("link", name="Search without these limits").first.click()
    expect(page.locator(".found-moment")).to_have_count(1)


def test_on_a_narrow_phone_nothing_is_wider_than_the_page(
    lanterns: None, visitor: Visitor, picture: Callable[[Page, str], None]
) -> None:
    page = visitor(viewport={"width": 320, "height": 640}, has_touch=True)
    found(page, "/search/?q=lantern&speaker=woman", ".found-moment")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    no_faults(page)
    picture(page, "search-phone")


def test_without_scripts(lanterns: None, visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    found(page, "/search/?q=lantern", ".found-moment")
    page.locator("#q").fill('"lit them"')
    page.keyboard.press("Enter")
    play = page.locator(".found-moment a.play")
    expect(play).to_have_attribute("href", re.compile(r"#t=3\.000,6\.000$"))


def test_an_editor_hears_what_is_found(lanterns: None, visitor: Visitor, picture: Callable[[Page, str], None]) -> None:
    page = visitor("edda")
    found(page, "/desk/record-search/?q=lanterns", ".or-found__moment")
    page.locator(".or-found__moment [data-controller='or-moment']").click()
    heard(page)
    expect(page.locator(".or-playing")).to_have_count(1)
    picture(page, "search-desk")
