"""What people do on the way, as far as several tests walk it."""

import re

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.conftest import SELECT


def read(reader: Page, path: str, words: str) -> Response:
    """Open a page when the worker has written these words into its file; it is a file that is answered with."""
    for _ in range(50):
        answer = reader.goto(path)
        assert answer is not None
        if answer.ok and words in (reader.locator("main").text_content() or ""):
            break
        reader.wait_for_timeout(300)
    expect(reader.locator("main")).to_contain_text(words)
    assert re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+(-br|-gz)?"', answer.headers["etag"])  # the application gives none
    assert "set-cookie" not in answer.headers
    return answer


def play(link: Locator) -> tuple[float, float]:
    """Press play and wait for the end; from where to where was played, in milliseconds."""
    link.page.evaluate("heard.length = 0")
    link.click()
    expect(link).to_have_attribute("aria-pressed", "true")
    expect(link).to_have_attribute("aria-pressed", "false", timeout=20_000)
    assert link.page.evaluate("sound.paused")
    first, last = link.page.evaluate("[Math.min(...heard), Math.max(...heard)]")
    return first, last


def suggest_correction(reader: Page, words: str, suggestion: str) -> None:
    """Select words of the story, press Ctrl+Enter, send."""
    reader.evaluate(SELECT, words)
    reader.keyboard.press("Control+Enter")
    dialog = reader.get_by_role("dialog", name="Suggest a correction")
    expect(dialog.locator(".sheet-passage")).to_have_text(words)
    dialog.get_by_label("What is wrong").fill(suggestion)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you")


def accept_correction(editor: Page, new_words: str, reason: str) -> None:
    """On a case: accept it, and land in the editor, where the words are changed."""
    editor.get_by_label("New words").fill(new_words)
    editor.get_by_label("Reason").first.fill(reason)
    editor.get_by_role("button", name="Accept and open the story").click()
    editor.wait_for_url(re.compile(r"/desk/pages/\d+/edit/#block-"))
    expect(editor.locator(".messages .success")).to_contain_text("The words are changed in this draft")


def quotations(desk: Page) -> Locator:
    return desk.locator("[data-side-panel='quotations']")


def press_publish(desk: Page) -> None:
    actions = desk.locator("footer .w-dropdown-button, footer [data-controller*='w-dropdown']").first
    actions.locator("button[data-w-dropdown-target='toggle']").click()
    desk.get_by_role("button", name="Publish", exact=True).click()
