"""Writing in, in Chromium, at a desk and on a phone: kept when the newsroom is out of reach, sent once, taken back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from onrecord.readers import proofs
from onrecord.readers.models import CorrectionCase, CorrectionNote, CorrectionReport
from onrecord.readers.services.reports import withdrawal_token
from onrecord.stories.models import StoryPage
from tests import factories
from tests.browser.conftest import SELECT
from tests.functional.correcting import correction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opener = Callable[..., Page]
Picture = Callable[[Page, str], None]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TOMORROW = "{ const now = Date.now; Date.now = () => now() + 864e5; }"


@pytest.fixture
def story(live_server: Any, settings: Any) -> StoryPage:
    settings.SITE_URL = live_server.url
    return factories.story(
        "Two people called. The road is shut, the woman said.",
        "Asked about that, the district said nothing.",
        title="Nobody told us, says a caller", publish=True,
    )  # fmt: skip


@pytest.fixture
def opened(browser: Browser, live_server: Any, story: StoryPage) -> Iterator[Opener]:
    """Opens a path of the site; a script that fails or a cookie fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(path: str, script: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(30_000)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield visit
    for context in contexts:
        faults += [f"cookie {cookie['name']}" for cookie in context.cookies()]
        context.close()
    assert faults == []


def suggest(page: Page, words: str = "The road", says: str = "It was opened on Monday.") -> Any:
    """Select, press the button beside it, write; gives the dialog, ready to be sent."""
    page.evaluate(SELECT, words)
    near = page.locator(".near").get_by_role("button", name="Suggest a correction")
    near.tap() if page.evaluate("matchMedia('(pointer: coarse)').matches") else near.click()
    dialog = page.get_by_role("dialog", name="Suggest a correction")
    expect(dialog.locator(".sheet-passage")).to_have_text(words)
    dialog.get_by_label("What is wrong").fill(says)
    return dialog


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_suggestion_is_sent_and_taken_back(
    opened: Opener, story: StoryPage, options: dict[str, Any], picture: Picture
) -> None:
    page = opened(story.url, **options)
    name = "phone" if options else "desktop"
    page.evaluate(SELECT, "The road")
    expect(page.locator(".near")).to_be_visible()
    picture(page, f"suggest-button-{name}")
    dialog = suggest(page)
    dialog.get_by_label("What kind of mistake").select_option(label="Fact")
    dialog.get_by_text("What happens with it").click()
    expect(dialog.get_by_text("If you left an e-mail address")).to_be_visible()
    picture(page, f"suggest-dialog-{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")
    picture(page, f"suggest-sent-{name}")
    report = CorrectionReport.objects.get()
    assert (report.kind_given, report.case.kind, report.exact) == ("fact", "fact", "The road")

    dialog.get_by_role("link", name="Take it back").click()
    expect(page.get_by_role("heading", name="Take back what you sent")).to_be_visible()
    picture(page, f"withdraw-{name}")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()
    report.refresh_from_db()
    assert (report.suggestion, report.case.status) == ("", "withdrawn")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_out_of_reach_it_is_kept_and_sent_later(
    opened: Opener, story: StoryPage, options: dict[str, Any], picture: Picture
) -> None:
    page = opened(story.url, **options)
    dialog = suggest(page)
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("is kept in this browser")
    dialog.get_by_role("button", name="Close").click()
    notice = page.get_by_role("complementary", name="What you wrote")
    expect(notice).to_contain_text("Not sent yet")
    expect(notice).to_contain_text("It was opened on Monday.")
    picture(page, f"waiting-{'phone' if options else 'desktop'}")
    assert not CorrectionReport.objects.exists()
    page.context.set_offline(False)
    expect(notice).to_contain_text("Sent now, as you asked: “It was opened on Monday.”")
    assert CorrectionReport.objects.get().proved
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(notice).to_be_hidden()


def test_it_is_sent_from_another_page_on_another_day(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.route("**/corrections/suggest/", lambda route: route.fulfill(status=503, body="busy"))
    suggest(page).get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("is kept in this browser")
    page.unroute("**/corrections/suggest/")
    page.goto(page.url.replace(story.url, "/corrections/"))
    expect(page.get_by_role("complementary", name="What you wrote")).to_contain_text("Sent now")
    assert CorrectionReport.objects.get().suggestion == "It was opened on Monday."


def test_an_answer_that_is_lost_makes_no_second_message(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)

    def lose(route: Route) -> None:
        route.fetch()  # the newsroom has it; the reader does not hear so
        route.abort()

    page.route("**/corrections/suggest/", lose)
    suggest(page).get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("is kept in this browser")
    assert CorrectionReport.objects.count() == 1
    page.unroute("**/corrections/suggest/")
    page.reload()
    expect(page.get_by_role("complementary", name="What you wrote")).to_contain_text("Sent now")
    assert CorrectionReport.objects.count() == 1


def test_what_the_newsroom_refuses_is_told_and_stays_to_be_copied(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.context.set_offline(True)
    suggest(page).get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("is kept in this browser")
    StoryPage.objects.get(pk=story.pk).unpublish()
    page.context.set_offline(False)
    notice = page.get_by_role("complementary", name="What you wrote")
    expect(notice).to_contain_text("The newsroom could not take this: There is no such story.")
    expect(notice).to_contain_text("It was opened on Monday.")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    notice.get_by_role("button", name="Throw away").click()
    expect(notice).to_be_hidden()


def test_a_browser_that_keeps_nothing_says_so_and_leaves_the_words(opened: Opener, story: StoryPage) -> None:
    forbidden = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"
    page = opened(story.url, script=forbidden)
    page.context.set_offline(True)
    dialog = suggest(page)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("It could not be sent.")
    expect(dialog.get_by_label("What is wrong")).to_have_value("It was opened on Monday.")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")


def test_a_proof_that_grew_too_old_is_made_anew(
    opened: Opener, story: StoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "VALID_FOR", timedelta(seconds=-60))
    page = opened(story.url)
    with page.expect_response("**/api/challenge/"):
        dialog = suggest(page)
    monkeypatch.setattr(proofs, "VALID_FOR", timedelta(minutes=20))
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")
    assert CorrectionReport.objects.count() == 1


@pytest.mark.parametrize("clock", [TOMORROW, TOMORROW.replace("+ 864e5", "- 864e5")], ids=["tomorrow", "yesterday"])
def test_the_readers_clock_does_not_matter(opened: Opener, story: StoryPage, clock: str) -> None:
    page = opened(story.url, script=clock)
    dialog = suggest(page)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")
    assert CorrectionReport.objects.get().proved


def test_the_whole_page_selected_is_cut_to_its_first_passage(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Suggest a correction")
    expect(dialog.locator(".sheet-passage")).to_have_text(story.title)
    dialog.get_by_label("What is wrong").fill("All of it.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")
    assert CorrectionReport.objects.get().block_id == "headline"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_letter(opened: Opener, story: StoryPage, options: dict[str, Any], picture: Picture) -> None:
    page = opened(story.url, **options)
    page.get_by_role("link", name="Write to us").click()
    page.get_by_label("Your letter").fill("Why no word of the ferry?")
    picture(page, f"letter-{'phone' if options else 'desktop'}")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.locator("form").get_by_role("status")).to_contain_text("Your letter has reached the editors")
    expect(page.get_by_role("link", name="Take it back")).to_be_visible()
    case = CorrectionCase.objects.get()
    assert (case.origin, case.reports.get().proved) == ("letter", True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_writing_in_are_accessible_and_fit_320_px(
    opened: Opener, story: StoryPage, scheme: str, picture: Picture
) -> None:
    now = timezone.now()
    for meaning in (True, False):
        CorrectionNote.objects.create(
            story=story, kind="fact", old_words="The road is open", new_words="The road is shut",
            reason="The district says so.", changes_meaning=meaning, created_at=now, published_at=now,
        )  # fmt: skip
    token = withdrawal_token(correction(story).reports.get())
    paths = {
        "write": "/write/", "log": "/corrections/", "log-kind": "/corrections/kind/fact/", "noted-story": story.url,
        "log-story": f"/corrections/story/{story.slug}/", "withdraw-page": f"/corrections/withdraw/{token}/",
        "suggest-page": f"/corrections/suggest/?story={story.pk}",
    }  # fmt: skip
    for name, path in paths.items():
        page = opened(path, color_scheme=scheme, bypass_csp=True)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        if name == "noted-story":
            page.get_by_role("link", name=re.compile("suggest a correction")).click()
        picture(page, f"{name}-{scheme}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        if scheme == "light":
            picture(page, f"{name}-320")
