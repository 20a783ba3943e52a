"""What readers do with comments, in Chromium, at a desk and on a phone; and what moderators see of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from onrecord.readers.models import Comment, CommentReport
from onrecord.readers.services import comment_answer, comment_approve, comment_token
from onrecord.stories.models import StoryPage
from tests import factories
from tests.browser.conftest import SELECT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [
    pytest.param({"viewport": {"width": 1280, "height": 900}}, id="desk"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}, id="phone"),
]
Opener = Callable[..., Page]


@pytest.fixture
def story(live_server: Any, settings: Any) -> StoryPage:
    settings.SITE_URL = live_server.url
    settings.COMMENTS_PER_PAGE = 2
    return factories.story("The river rose over the lower bridge.", "Nobody was told.", publish=True)


@pytest.fixture
def opened(browser: Browser, live_server: Any) -> Iterator[Opener]:
    """Opens a path of the site; an error, a cookie or a request to anybody else fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(path: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(live_server.url) else faults.append(one.url))
        page.goto(live_server.url + path)
        return page

    yield visit
    assert [cookie for context in contexts for cookie in context.cookies()] == []
    for context in contexts:
        context.close()
    assert faults == []


def comment(story: StoryPage, **fields: Any) -> Comment:
    values = {"name": "Ann", "text": "I was there.", "created_at": timezone.now(), "proved": True, "status": "approved"}
    return Comment.objects.create(story=story, **{**values, **fields})


@pytest.mark.parametrize("size", SIZES)
def test_words_are_commented_on_and_the_comment_is_changed(
    opened: Opener, story: StoryPage, size: dict[str, Any]
) -> None:
    page = opened(story.url, **size)
    page.evaluate(SELECT, "lower bridge")
    near = page.locator(".near").get_by_role("button", name="Comment")
    near.tap() if size.get("has_touch") else near.click()
    form = page.locator(".comment-form")
    expect(form.locator(".comment-passage")).to_have_text("lower bridge")
    expect(form.get_by_label("Name")).to_be_focused()
    expect(form).to_be_in_viewport()
    form.get_by_label("Name").fill("Halyna")
    form.get_by_label("Comment", exact=True).fill("It was the uper bridge.")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("moderator")
    row = Comment.objects.get()
    assert (row.exact, row.start, row.end, row.revision_read) == ("lower bridge", 24, 36, story.live_revision_id)

    page.reload()  # the browser keeps the link for five minutes
    page.get_by_role("link", name="Change it or take it back").click()
    page.get_by_label("Your comment").fill("It was the upper bridge.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator("main")).to_contain_text("Your comment is changed")

    comment_approve(actor=factories.person("Moderator"), comment=Comment.objects.get())
    page.goto(page.url.split("/comments/")[0] + story.url)
    mark = page.locator("[data-passage-mark]", has_text="Comment by Halyna")
    expect(mark).to_be_visible()
    marked = "[...CSS.highlights.get('commented')].map((range) => range.toString()).join('|')"
    assert page.evaluate(marked) == "lower bridge"
    mark.click()
    expect(page.locator(f"#comment-{row.pk}")).to_be_in_viewport()
    expect(page.locator(f"#comment-{row.pk}")).to_contain_text("It was the upper bridge.")


@pytest.mark.parametrize("size", SIZES)
def test_a_comment_is_answered_and_reported(opened: Opener, story: StoryPage, size: dict[str, Any]) -> None:
    first = comment(story)
    comment_answer(actor=factories.person("Editor"), comment=first, text="We know.")
    page = opened(story.url, **size)
    page.locator(f"#comment-{first.pk}").get_by_role("link", name="Answer").click()
    form = page.locator(".comment-form")
    expect(form).to_contain_text("Your answer to Ann")
    form.get_by_label("Name").fill("Ben")
    form.get_by_label("Comment", exact=True).fill("So was I.")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("moderator")
    assert Comment.objects.get(name="Ben").parent == first
    form.get_by_role("button", name="Write another").click()
    expect(form.locator(".comment-about")).to_be_hidden()

    page.locator(f"#comment-{first.pk}").get_by_role("link", name="Report").click()
    page.get_by_label("It tells private things").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("main")).to_contain_text("A moderator will look")
    assert CommentReport.objects.get().kind == "private"


def test_all_of_it_works_without_scripts(opened: Opener, story: StoryPage) -> None:
    rows = [comment(story, name=f"Reader {n}") for n in range(3)]
    page = opened(story.url, java_script_enabled=False)
    page.get_by_role("navigation", name="Pages of comments").get_by_role("link", name="2").click()
    expect(page.locator(f"#comment-{rows[2].pk}")).to_be_visible()
    page.locator(f"#comment-{rows[2].pk}").get_by_role("link", name="Answer").click()
    expect(page.get_by_role("heading", name="Answer Reader 2")).to_be_visible()
    page.get_by_label("Your name").fill("Cem")
    page.get_by_label("Your comment").fill("Hm.")
    page.get_by_role("button", name="Send the comment").click()
    page.get_by_role("link", name="change it or take it back").click()
    page.get_by_role("button", name="Take the comment back").click()
    expect(page.locator("main")).to_contain_text("Its words are deleted")
    row = Comment.objects.get(parent=rows[2])
    assert (row.status, row.text) == ("withdrawn", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_with_comments_are_accessible_and_fit(opened: Opener, story: StoryPage, scheme: str) -> None:
    first = comment(
        story, name="A reader who signs in full every single time, with all names and the place", text="x" * 400
    )
    comment_answer(actor=factories.person("Editor"), comment=first, text="We know. " * 30)
    gone = comment(story, status="withdrawn", name="", text="")
    comment(story, parent=gone)
    passage = {"exact": "lower bridge", "start": 24, "end": 36, "block_id": story.body[0].id}
    comment(story, **passage, status="held")
    comment_approve(actor=factories.person("Moderator"), comment=Comment.objects.get(exact="lower bridge"))
    own = f"/comments/own/{comment_token(comment(story))}/"
    page = opened(story.url, color_scheme=scheme, bypass_csp=True)
    origin = page.url.partition(story.url)[0]
    faults = []
    for path in (
        story.url, f"{story.url}comments/2/", own, f"/comments/report/?comment={first.pk}",
        f"/comments/add/?story={story.pk}&parent={first.pk}",
    ):  # fmt: skip
        page.goto(origin + path)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                faults.append(f"{path} at {width} px: {wide} px wide")
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            faults += [f"{path} at {width} px: {row['id']} {row['nodes'][0]['html'][:200]}" for row in found]
    assert faults == []
