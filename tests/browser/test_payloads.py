"""Scripts typed into every field that readers and editors fill in: shown as typed, in the desk and on the site."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from onrecord.core.models import User
from onrecord.readers.models import CaseNote, Comment, CorrectionCase, CorrectionNote, CorrectionReport, ReaderMail
from onrecord.readers.services.reports import withdrawal_token
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import correction, letter, report
from tests.payloads import SCRIPTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CAUGHT = "window.ran = []; for (const name of ['alert', 'prompt', 'confirm']) window[name] = () => ran.push(name);"


@pytest.fixture
def editor(live_server: Any, settings: Any) -> User:
    settings.SITE_URL = live_server.url
    factories.newsroom()
    user = factories.person("Editor")
    user.first_name = "<img src=x onerror=alert(1)>"
    user.save()
    return user


@pytest.fixture
def full(editor: User) -> StoryPage:
    """A story with every payload in every field of messages, cases, notes, mails and comments."""
    story = factories.story("The bus left on Monday.", title="Nobody told us", publish=True)
    now = timezone.now()
    case = correction(story, suggestion=SCRIPTS[0], kind="fact")
    for words in SCRIPTS:
        row = report(story, case, suggestion=words, exact=words, prefix=words, suffix=words[:200])
        CaseNote.objects.create(case=case, words=words, created_at=now, by=editor)
        ReaderMail.objects.create(
            report=row, about="answer", words=words, state="failed", failure=words[:80], created_at=now
        )
        Comment.objects.create(
            story=story, name=words[:80], text=words, status="approved", created_at=now, exact=words, block_id="x"
        )
        Comment.objects.create(story=story, name=words[:80], text=words, status="held", created_at=now)
        letter(words)
    for words in SCRIPTS:
        closed = correction(story, suggestion=words, status="declined")
        CorrectionCase.objects.filter(pk=closed.pk).update(
            decline_reason=words, old_words=words, new_words=words, handled_at=now, handled_by=editor
        )
        CorrectionNote.objects.create(
            story=story, old_words=words, new_words=words, reason=words, kind="fact", by=editor,
            changes_meaning=len(words) % 2 == 0, created_at=now, published_at=now,
        )  # fmt: skip
    return story


@pytest.fixture
def watched(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page on which a script that runs, or is only kept from running by the policy, fails the test."""
    faults: list[str] = []
    context: BrowserContext = browser.new_context(base_url=live_server.url, viewport={"width": 1300, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(CAUGHT)
    page = context.new_page()
    page.on("dialog", lambda dialog: (faults.append(f"dialog on {page.url}"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(f"{error} on {page.url}"))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((live_server.url, "data:")) else faults.append(asked.url),
    )
    yield page
    context.close()
    assert faults == []


def look(page: Page, path: str, least: int) -> None:
    """Open a page, move over it, and see the payloads stand there as they were typed."""
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") == [], path
    text = page.evaluate("document.body.innerText.replace(/\\s+/g, ' ')")
    seen = sum(" ".join(words.split()) in text for words in SCRIPTS)
    assert seen >= least, (path, seen)
    assert page.evaluate("document.querySelectorAll('main [onerror], main [onload], main [onfocus]').length") == 0


def test_nothing_typed_by_readers_runs_anywhere(
    full: StoryPage, editor: User, watched: Page, live_server: Any, client: Client
) -> None:
    assert len(SCRIPTS) >= 60
    whole = len(SCRIPTS)
    for path in (full.url, "/corrections/", "/corrections/kind/fact/", f"/corrections/story/{full.slug}/"):
        look(watched, path, whole if "corrections" in path else 60)
    row = CorrectionReport.objects.filter(suggestion__contains="<svg").first()
    look(watched, f"/corrections/withdraw/{withdrawal_token(row)}/", 1)
    image = "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"
    query = "&".join(f"{name}={image}" for name in ("exact", "suggestion", "email", "prefix"))
    look(watched, f"/corrections/suggest/?story={full.pk}&{query}", 0)
    look(watched, f"/write/?{query}", 0)

    client.force_login(editor)
    cookie = client.cookies["sessionid"]
    watched.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    big = CorrectionCase.objects.filter(kind="fact").get()
    look(watched, f"/desk/corrections/{big.pk}/", whole)
    closed = CorrectionCase.objects.filter(status="declined").order_by("pk")
    for case in closed[:3]:
        look(watched, f"/desk/corrections/{case.pk}/", 1)
    for page in range(1, 5):
        look(watched, f"/desk/corrections/?p={page}", 5)
    look(watched, "/desk/comments/", 10)
    look(watched, f"/desk/corrections/?q={image}", 0)
