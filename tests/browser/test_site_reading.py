"""What a reader does on the site, in Chromium: plays, follows, sends a correction and a comment."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from onrecord.readers.models import Comment, CorrectionReport
from onrecord.stories.models import (
    AuthorIndexPage,
    AuthorPage,
    SeriesIndexPage,
    SeriesPage,
    StoryPage,
    TopicIndexPage,
    TopicPage,
)
from tests import factories
from tests.browser.conftest import SELECT, WATCH
from tests.processes import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "We are not leaving without the animals"
Opener = Callable[..., Page]


@pytest.fixture
def story(live_server: Any, settings: Any) -> StoryPage:
    settings.SITE_URL = live_server.url
    call = factories.recording()
    factories.transcript(call)
    return factories.story(
        f"Two people called. “{SAID},” the woman said. The road is shut.",
        "Asked about that, the district said nothing.",
        recordings=[call],
        body=[{"type": "exchange", "value": {"recording": str(call.pk), "lines": [
            {"speaker": "A man", "text": "They said the buses would leave on Tuesday, not before."},
            {"speaker": "A woman", "text": "We are not leaving without the animals."},
        ]}}],
        publish=True,
    )  # fmt: skip


@pytest.fixture
def opened(browser: Browser, live_server: Any, story: StoryPage, folders: Path) -> Iterator[Opener]:
    """Opens a path of the site; an error logged, a cookie set or a request to anybody else fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def media(route: Route) -> None:
        """Sound in ranges, as `onrecord serve` gives it and Django's test server does not."""
        data = (folders / "public" / route.request.url.split("#")[0].removeprefix(f"{live_server.url}/")).read_bytes()
        asked = re.match(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", "bytes=0-"))
        start = int(asked[1]) if asked else 0
        end = int(asked[2]) if asked and asked[2] else len(data) - 1
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {start}-{end}/{len(data)}",
            "Content-Type": "audio/mpeg",
        }
        route.fulfill(status=206, headers=headers, body=data[start : end + 1])

    def visit(path: str, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        context.route("**/media/**", media)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                None
                if message.type != "error" or "(Service" in message.text or "/404.html" in message.location["url"]
                else faults.append(message.text)
            ),
        )
        page.on(
            "request",
            lambda request: None if request.url.startswith(live_server.url) else faults.append(request.url),
        )
        page.goto(live_server.url + path)
        return page

    yield visit
    assert [cookie for context in contexts for cookie in context.cookies()] == []
    for context in contexts:
        context.close()
    assert faults == []


def state(page: Page) -> Any:
    """The player that sounds, or sounded last."""
    return page.evaluate("({ms: window.sound.currentTime * 1000, paused: window.sound.paused})")


def test_a_quotation_plays_its_moment_and_stops(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    link = page.locator(".prose a.play").first
    start, end = int(link.get_attribute("data-start-ms") or 0), int(link.get_attribute("data-end-ms") or 0)

    link.click()

    expect(link).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".prose .quotation.is-playing")).to_have_text(f"{SAID},")
    expect(page.get_by_role("region", name="Player")).to_contain_text("A woman")
    expect(page.locator(".player-words")).to_contain_text("without the animals")
    expect(link).to_have_attribute("aria-pressed", "false", timeout=10_000)
    assert state(page)["paused"]
    assert start < state(page)["ms"] <= end + 150


def test_keys_play_pause_and_stop(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    link = page.locator(".prose a.play").first
    link.focus()
    page.keyboard.press("Space")
    expect(link).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(link).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.locator(".player")).to_be_hidden()


def test_an_exchange_is_played_line_by_line(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.get_by_role("button", name="Play the exchange").click()
    lines = page.locator(".exchange .quotation")
    expect(lines.nth(0)).to_have_class(re.compile("is-playing"))
    page.evaluate("window.sound.currentTime = 7.8")
    expect(lines.nth(1)).to_have_class(re.compile("is-playing"))
    expect(page.locator(".player-speaker")).to_have_text("A woman")


def test_a_link_opens_the_story_at_a_quotation_and_plays_it(opened: Opener, story: StoryPage) -> None:
    page = opened(f"{story.url}?play#quotation-1")
    expect(page.locator("#quotation-1")).to_have_class(re.compile("is-playing"))


def test_a_line_of_the_transcript_plays_from_there_and_is_followed(opened: Opener, story: StoryPage) -> None:
    page = opened(story.named_recordings()[0].get_absolute_url())
    row = page.locator(".row").nth(1)
    row.locator(".row-time").click()
    expect(row).to_have_class(re.compile("is-now"))
    expect(row.locator(".is-said")).to_have_count(1)
    expect(page.locator(".row").nth(2)).to_have_class(re.compile("is-now"), timeout=10_000)


def test_a_media_fragment_plays_to_its_end(opened: Opener, story: StoryPage) -> None:
    page = opened(f"{story.named_recordings()[0].get_absolute_url()}#t=4.5,5.5")
    expect(page.locator(".row").nth(1)).to_have_class(re.compile("is-now"))
    page.wait_for_timeout(2500)
    assert state(page)["paused"]
    assert 5500 <= state(page)["ms"] < 5700


def test_selected_words_and_ctrl_enter_send_a_correction(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.evaluate(SELECT, "The road")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Suggest a correction")
    expect(dialog).to_contain_text("The road")
    dialog.get_by_label("What is wrong").fill("It was opened on Monday.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")

    report = CorrectionReport.objects.get()
    text = f"Two people called. “{SAID},” the woman said. The road is shut."
    assert (report.story_id, report.block_id) == (story.pk, story.body[0].id)
    assert text[report.start : report.end] == report.exact == "The road"
    assert text[: report.start].endswith(report.prefix)
    assert text[report.end :].startswith(report.suffix)
    assert len(report.prefix) == 32
    assert report.revision_read == story.live_revision_id
    assert report.proved


def test_the_button_beside_a_selection_opens_the_same_dialog(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.evaluate(SELECT, "the district")
    page.locator(".near").get_by_role("button", name="Suggest a correction").click()
    expect(page.locator(".sheet-passage")).to_have_text("the district")


def test_what_was_typed_stays_when_it_cannot_be_sent(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.route("**/comments/add/", lambda route: route.fulfill(status=503, body="busy"))
    form = page.locator(".comment-form")
    form.get_by_label("Name").fill("Halyna")
    form.get_by_label("Comment", exact=True).fill("I was there.")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("is kept in this browser")
    page.reload()
    expect(page.get_by_role("complementary", name="What you wrote")).to_contain_text("I was there.")


def test_a_comment_is_held(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    expect(page.get_by_role("heading", name="Comments (0)")).to_be_visible()
    form = page.locator(".comment-form")
    form.get_by_label("Name").fill("Halyna")
    form.get_by_label("Comment", exact=True).fill("I was there.")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("moderator")
    comment = Comment.objects.get()
    assert (comment.name, comment.text, comment.status) == ("Halyna", "I was there.", Comment.Status.HELD)


def test_without_scripts_all_is_there(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url, java_script_enabled=False)
    href = page.locator(".prose a.play").first.get_attribute("href") or ""
    assert re.search(r"^/media/.+#t=8\.\d+,\d+\.\d+$", href)
    page.get_by_role("link", name="suggest a correction").click()
    page.get_by_label(re.compile("What is wrong")).fill("The road was opened.")
    page.get_by_role("button", name=re.compile("Send")).click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    assert CorrectionReport.objects.get().suggestion == "The road was opened."


def test_the_transcript_opens_beside_the_story_and_is_followed(opened: Opener, story: StoryPage) -> None:
    factories.transcript(story.named_recordings()[0], factories.CALL_UK_VTT, language="uk")
    page = opened(story.url)
    page.locator(".prose a.play").first.click()
    page.locator(".player-transcript").click()
    drawer = page.get_by_role("complementary", name=story.named_recordings()[0].title)
    expect(drawer.locator(".row.is-now")).to_contain_text(SAID)
    expect(drawer.locator(".row.is-now .row-translation")).to_contain_text("Без худоби")
    expect(drawer.locator(".is-said")).to_have_count(1)
    drawer.locator(".row-time").first.click()
    expect(drawer.locator(".row").first).to_have_class(re.compile("is-now"))
    assert state(page)["ms"] < 4000
    drawer.get_by_label("Ukrainian").check()
    expect(drawer.locator(".row-original").first).to_be_hidden()
    page.get_by_role("button", name="Close the transcript").click()
    expect(drawer).to_be_hidden()


def test_the_transcript_is_opened_and_closed_by_keys(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.locator(".prose a.play").first.click()
    page.locator(".player-transcript").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".drawer-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the transcript")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".drawer")).to_be_hidden()
    expect(page.locator(".player-transcript")).to_be_focused()
    expect(page.locator(".player")).to_be_visible()


def test_a_transcript_that_does_not_come_says_so(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url)
    page.route("**/recordings/*/", lambda route: route.fulfill(status=503, body="busy", headers={"x-e": "(Service"}))
    page.locator(".prose a.play").first.click()
    page.locator(".player-transcript").click()
    expect(page.locator(".drawer").get_by_role("status")).to_contain_text("could not be loaded")
    expect(page.locator(".drawer").get_by_role("link", name="Page of the recording")).to_be_visible()


def test_a_quotation_is_passed_on(opened: Opener, story: StoryPage) -> None:
    page = opened(story.url, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".prose .quotation").first.click()
    card = page.locator(".card-sheet")
    card.get_by_role("button", name="Copy link").click()
    expect(card.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    card.get_by_role("button", name="Copy embed code").click()
    expect(card.get_by_role("button", name="Code copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"#q-[0-9a-f]{10}$", link)

    page.goto(link)
    expect(page.locator(".prose .quotation").first).to_have_class(re.compile("is-playing"))

    page.route("**/elsewhere/", lambda route: route.fulfill(body=code, content_type="text/html"))
    page.goto(link.replace(story.url, "/elsewhere/").partition("#")[0])
    frame = page.frame_locator("iframe")
    expect(frame.locator("blockquote")).to_contain_text(SAID)
    expect(frame.locator("audio")).to_have_attribute("src", re.compile(r"#t=8\.\d+,12"))


@pytest.fixture
def paths(story: StoryPage) -> list[str]:
    """One address of every kind of page."""
    series, topic, author = SeriesPage(title="The flood"), TopicPage(title="Water"), AuthorPage(title="Ilma Torvek")
    for index, one in ((SeriesIndexPage, series), (TopicIndexPage, topic), (AuthorIndexPage, author)):
        index.objects.get().add_child(instance=one)
        one.save_revision().publish()
    call = story.named_recordings()[0]
    other = factories.story(f"“{SAID}.”", recordings=[call], title=f"“{SAID}”", series=series, publish=True)
    page = StoryPage.objects.get(pk=story.pk)
    page.series, page.byline, page.standfirst = series, "Ilma Torvek", "Two calls, and the answer of the district."
    page.topics.add(topic)
    page.authors.add(author)
    page.change_note = "A standfirst."
    page.save_revision().publish()
    key = page.live_check.bindings.first().key[:10]
    return [
        "/", "/stories/", "/series/", "/topics/", "/authors/", series.url, topic.url, author.url, story.url, other.url,
        f"{story.url}history/", call.get_absolute_url(), f"/embed/stories/{story.slug}/{key}/",
        f"/embed/recordings/{call.pk}/", "/corrections/", f"/corrections/suggest/?story={story.pk}", "/about/",
        "/search/?q=animals", "/404.html", reverse("write-to-us"),
    ]  # fmt: skip


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible_and_fits(opened: Opener, paths: list[str], scheme: str) -> None:
    """In both schemes; at 320 px, which is also a window of 1280 px at 400 % zoom; with folds and drawer open."""
    faults = []
    page = opened("/", color_scheme=scheme, bypass_csp=True)
    origin = page.url.rstrip("/")
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(origin + path)
        if answer is None or answer.status not in (200, 404):
            faults.append(f"{path}: {answer and answer.status}")
            continue
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                faults.append(f"{path} at {width} px: {wide} px wide")
            if width != 390:
                faults.extend(violations(page, f"{path} at {width} px"))
    page.goto(origin + paths[8])
    page.locator(".prose a.play").first.click()
    page.locator(".player-transcript").click()
    expect(page.locator(".drawer .row.is-now")).to_have_count(1)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        faults.extend(violations(page, f"drawer at {width} px"))
    assert not faults, "\n".join(faults)


def violations(page: Page, where: str) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES})
    rows = found.response["violations"]
    return [f"{where}: {row['id']} {[node['html'][:160] for node in row['nodes']][:3]}" for row in rows]


def test_the_script_of_a_story_is_small(opened: Opener, story: StoryPage) -> None:
    sizes = []
    for name in re.findall(r'<script src="([^"]+)"', opened(story.url).content()):
        file = Path(ROOT, "src/onrecord/site/static/onrecord", Path(name).name)
        sizes.append(len(gzip.compress(file.read_bytes(), 6)))
    assert sizes
    assert sum(sizes) < 25_000
