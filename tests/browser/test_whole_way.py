"""The whole way, as the people of a newsroom and its readers walk it: from a file to a correction in the log."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.browser.conftest import Newsroom, Visitor
from tests.browser.steps import accept_correction, play, press_publish, quotations, read, suggest_correction

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], None]
CALL = "A call from the lower town"
HEADLINE = "“Nobody told us”, says a caller"


def add_a_recording(desk: Page, picture: Picture) -> None:
    """The form, a chosen file with transcript and translation, and the worker's part."""
    desk.get_by_role("link", name="Recordings", exact=True).click()
    desk.get_by_role("link", name=re.compile("Add recordings")).first.click()
    with desk.expect_file_chooser() as chooser:
        desk.locator("input[name=files]").click()
    chooser.value.set_files({"name": "lower-town-call.wav", "mimeType": "audio/wav", "buffer": factories.sound()})
    desk.get_by_label("Publisher").fill("Velna Wire")
    desk.get_by_label("Published").fill("2024-05-04 09:00")
    desk.get_by_label("Language spoken").fill("uk")
    card = desk.locator("[data-or-card]")
    card.get_by_label("Title").fill(CALL)
    card.get_by_label("Address").fill("https://wire.example/call")
    for name, text in (("transcript", factories.CALL_UK_VTT), ("translation", factories.CALL_VTT)):
        file: Any = {"name": f"{name}.vtt", "mimeType": "text/vtt", "buffer": text.encode()}
        card.locator(f"[name={name}]").set_input_files(file)
    card.get_by_label("Language of the translation").fill("en")
    picture(desk, "add")
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(card).to_contain_text("Transcript (uk): 3 segments")
    card.get_by_role("link", name="Open").click()
    until(desk, desk.locator("audio"))
    picture(desk, "recording")


def edit_a_segment(desk: Page, picture: Picture) -> None:
    desk.get_by_role("link", name="Read side by side").click()
    row = desk.locator("tbody tr").nth(2)
    expect(row).to_contain_text("Без худоби ми не поїдемо.")
    expect(row).to_contain_text("We are not leaving without the animals.")
    desk.get_by_role("link", name="Edit").nth(1).click()
    words = desk.get_by_role("textbox", name=re.compile(r"Words \(en\) at 0:08"))
    expect(words).to_contain_text("without the animals")
    words.fill("We are not leaving without the goats.")
    desk.keyboard.press("Control+s")
    desk.get_by_label("What did you change?").fill("It is goats")
    picture(desk, "transcript-edit")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Saved as version 2 (en).")).to_be_visible()
    desk.go_back()
    expect(row).to_contain_text("without the goats")


def write_a_story(desk: Page, *paragraphs: str) -> None:
    """A new story in the page editor, typed; the editor saves it by itself."""
    desk.get_by_role("link", name="Stories", exact=True).click()
    desk.get_by_role("link", name=re.compile("Add story")).first.click()
    desk.locator("#id_title").fill(HEADLINE)
    desk.locator("#id_standfirst").fill("Two people in the lower town speak of the night when the river rose.")
    desk.locator("#id_story_recordings-ADD").click()
    desk.get_by_role("button", name=re.compile("Choose")).first.click()
    desk.locator(".modal").get_by_role("link", name=CALL).click()
    expect(desk.locator(".modal")).to_have_count(0)
    body = desk.locator("#panel-child-content-body-section")
    body.locator("button.c-sf-add-button").first.click()
    desk.get_by_role("option", name="Paragraph").click()
    text = body.locator("[contenteditable=true]")
    text.click()
    for number, paragraph in enumerate(paragraphs):
        if number:
            desk.keyboard.press("Enter")
        desk.keyboard.type(paragraph)
    desk.wait_for_url(re.compile(r"/desk/pages/\d+/edit/$"))
    desk.wait_for_timeout(2500)  # what is typed around the first save, Wagtail takes for what was there
    desk.keyboard.type(" ")


def until(page: Page, wanted: Locator, tries: int = 30) -> None:
    """Reload the page until it has what the worker makes."""
    for _ in range(tries):
        if wanted.count():
            break
        page.wait_for_timeout(300)
        page.reload()
    expect(wanted.first).to_be_visible()


def test_from_a_file_to_a_correction_in_the_log(newsroom: Newsroom, visitor: Visitor, picture: Picture) -> None:
    reporter = visitor("irena")
    add_a_recording(reporter, picture)
    edit_a_segment(reporter, picture)
    write_a_story(
        reporter,
        "The river rose on Monday. “The water came over the bridge at nine and nobody told us,” the woman said.",
        "Her husband was told to wait: “They said the buses would leave on Tuesday.” «Казали, що автобуси поїдуть», "
        "he said.",
        "“We are not leaving without the goats,” the woman said.",
    )
    panel = quotations(reporter)
    expect(panel.locator("[data-verdict=altered]")).to_have_count(1)
    expect(panel.locator("[data-verdict=altered]")).to_contain_text("“six” was said, “nine” is printed")
    expect(panel.locator("[data-verdict=verbatim]")).to_have_count(3)
    picture(reporter, "panel-reporter")
    story = reporter.url.removeprefix(newsroom.url).removesuffix("edit/")
    reporter.close()

    # The editor presses Publish with the wrong words: refused, and what was written is kept.
    editor = visitor("edda")
    editor.goto(f"{story}edit/")
    press_publish(editor)
    refusal = editor.locator(".messages .error")
    expect(refusal).to_contain_text("was not published: 1 quotation is not borne out by the record")
    expect(refusal).to_contain_text("The water came over the bridge at nine")
    picture(editor, "gate-refuses")
    text = editor.locator("#panel-child-content-body-section [contenteditable=true]")
    expect(text).to_contain_text("over the bridge at nine and")
    reader = visitor()
    assert reader.goto("/stories/nobody-told-us-says-a-caller/").status == 404  # type: ignore[union-attr]

    # The words are mended, and it goes out.
    editor.wait_for_timeout(2500)  # what is typed in the first two seconds, Wagtail takes for what was there
    replace_word(editor, text, "nine", "six")
    picture(editor, "mended")
    expect(quotations(editor).locator("[data-verdict=altered]")).to_have_count(0)
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")

    # A reader reads a file and hears what was said.
    read(reader, "/stories/nobody-told-us-says-a-caller/", "The water came over the bridge at six and nobody told us")
    start, end = play(reader.get_by_role("button", name="Play: A woman, 0:08"))
    assert 8000 <= start < 8300
    assert 11_500 <= end < 12_150

    # The reader sends a correction.
    suggest_correction(reader, "Monday", "The river rose on Sunday.")

    # The editor finds it in the queue, accepts it, and lands at the passage.
    editor.goto("/desk/")
    editor.get_by_role("link", name=re.compile(r"Corrections \(\d+\)")).click()
    picture(editor, "corrections")
    editor.get_by_role("link", name="The river rose on Sunday.").click()
    expect(editor.locator(".or-passage").first).to_contain_text("The river rose on Monday. “The water came")
    expect(editor.locator(".or-passage mark").first).to_have_text("Monday")
    picture(editor, "case")
    accept_correction(editor, "Sunday", "The flood gauge was read on Sunday.")
    assert editor.url.removeprefix(newsroom.url).startswith(f"{story}edit/#block-")
    passage = editor.locator("#panel-child-content-body-section [contenteditable=true]")
    expect(passage).to_contain_text("The river rose on Sunday.")
    expect(passage).to_be_in_viewport(ratio=0.5)
    picture(editor, "accepted")
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")

    # The story and the log show it.
    read(reader, "/stories/nobody-told-us-says-a-caller/", "The river rose on Sunday.")
    note = reader.locator(".story .correction")
    expect(note.locator("del")).to_have_text("Monday")
    expect(note.locator("ins")).to_have_text("Sunday")
    expect(note).to_contain_text("The flood gauge was read on Sunday.")
    read(reader, "/corrections/", "The flood gauge was read on Sunday.")
    reader.get_by_role("link", name=HEADLINE).click()
    expect(reader.locator(".story .correction")).to_be_in_viewport()


def replace_word(desk: Page, text: Locator, old: str, new: str) -> None:
    """Select a word in Draftail as a double click does, and type over it."""
    box = text.evaluate(
        """(root, word) => {
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.data.search(new RegExp(`\\\\b${word}\\\\b`));
                if (at < 0) continue;
                node.parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + word.length);
                const { left, top, width, height } = range.getBoundingClientRect();
                return { x: left + width / 2, y: top + height / 2 };
            }
        }""",
        old,
    )
    desk.mouse.dblclick(box["x"], box["y"])
    desk.keyboard.type(new)
    expect(text).not_to_contain_text(f" {old} ")


PUBLISHED = """
from tests import factories
call = factories.recording(title={title!r}, seed={seed})
factories.transcript(call)
page = factories.story({paragraph!r}, title={title!r}, recordings=[call], publish={publish})
answer = [page.pk, page.slug]
"""


@pytest.fixture
def story(newsroom: Newsroom) -> Callable[..., tuple[int, str]]:
    """Makes a story of one paragraph with a recording of its own; gives its number and its path for readers."""

    def make(paragraph: str, *, publish: bool = True) -> tuple[int, str]:
        mark = uuid4().hex[:8]
        code = PUBLISHED.format(title=f"Story {mark}", seed=int(mark, 16), paragraph=paragraph, publish=publish)
        number, slug = newsroom.manage(code)
        return number, f"/stories/{slug}/"

    return make


StoryMaker = Callable[..., tuple[int, str]]


def test_a_reporter_may_not_publish_and_an_editor_overrides_with_a_reason(
    visitor: Visitor, story: StoryMaker, picture: Picture
) -> None:
    number, path = story("“We shall leave tomorrow with all the sheep,” the woman said.", publish=False)
    reporter = visitor("irena")
    reporter.goto(f"/desk/pages/{number}/edit/")
    # It is a story of somebody else: a reporter changes only their own.
    expect(reporter.get_by_role("button", name="Publish", exact=True)).to_have_count(0)

    editor = visitor("edda")
    editor.goto(f"/desk/pages/{number}/edit/")
    panel = quotations(editor)
    expect(panel.locator("[data-verdict=unbound], [data-verdict=altered]")).to_have_count(1)
    panel.get_by_text("Override: print it all the same").click()
    panel.get_by_label("Reason").fill("Heard by two of our reporters on the bridge.")
    panel.get_by_role("button", name="Override the check").click()
    expect(panel.locator("[data-verdict=overridden]")).to_contain_text("Heard by two of our reporters on the bridge.")
    picture(editor, "overridden")
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")
    reader = visitor()
    read(reader, path, "We shall leave tomorrow")
    expect(reader.locator("#how-we-know")).to_have_count(1)
    expect(reader.locator("main")).to_contain_text("Heard by two of our reporters on the bridge.")


def test_a_comment_is_sent_approved_and_shown(visitor: Visitor, story: StoryMaker, picture: Picture) -> None:
    _, path = story("“We are not leaving without the animals,” the woman said.")
    reader = visitor()
    read(reader, path, "Comments (0)")
    form = reader.locator(".comment-form")
    form.get_by_label("Name").fill("Halyna")
    form.get_by_label("Comment", exact=True).fill("I was on that bridge. <b>It shook.</b>")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("status")).to_contain_text("moderator")

    moderator = visitor("mo")
    moderator.get_by_role("link", name=re.compile(r"Comments \(\d+\)")).click()
    picture(moderator, "comments")
    row = moderator.get_by_role("row").filter(has_text="I was on that bridge.")
    row.get_by_role("button", name="Approve").click()
    expect(moderator.locator(".messages .success")).to_contain_text("approved")
    read(reader, path, "Comments (1)")
    expect(reader.locator(".comment")).to_contain_text("Halyna")
    expect(reader.locator(".comment")).to_contain_text("I was on that bridge.")


def test_without_scripts_a_story_is_read_heard_and_answered(visitor: Visitor, story: StoryMaker) -> None:
    _, path = story("“We are not leaving without the animals,” the woman said. The road is shut.")
    reader = visitor(java_script_enabled=False)
    read(reader, path, "We are not leaving without the animals")
    link = reader.locator(".prose a.play")
    address, _, moment = (link.get_attribute("href") or "").partition("#")
    start, end = (float(second) for second in moment.removeprefix("t=").split(","))
    assert (pytest.approx(start, abs=0.1), pytest.approx(end, abs=0.1)) == (8, 12.1)
    sound = reader.request.get(address, headers={"Range": "bytes=0-99"})
    assert (sound.status, sound.headers["content-type"], len(sound.body())) == (206, "audio/mpeg", 100)

    reader.get_by_role("link", name="suggest a correction").click()
    reader.get_by_label(re.compile("What is wrong")).fill("The road was opened at noon.")
    reader.get_by_role("button", name=re.compile("Send")).click()
    expect(reader.get_by_role("heading", name="Received")).to_be_visible()

    read(reader, path, "Comments (0)")
    form = reader.locator(".comment-form")
    form.get_by_label("Name").fill("Petro")
    form.get_by_label("Comment", exact=True).fill("Without scripts.")
    form.get_by_role("button", name="Send").click()
    expect(reader.get_by_role("heading", name="Received")).to_be_visible()

    editor = visitor("edda")
    editor.goto("/desk/corrections/")
    expect(editor.get_by_role("link", name="The road was opened at noon.")).to_be_visible()
    editor.goto("/desk/comments/")
    expect(editor.get_by_role("row").filter(has_text="Without scripts.")).to_contain_text("Sent without scripts")
