"""Readers get files: baked on publish, whole, the same every time, and gone when they must go."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from onrecord.core.models import User
from onrecord.publishing.addresses import story_path
from onrecord.publishing.bake import bake, bake_all
from onrecord.publishing.files import write_file
from onrecord.readers.models import CorrectionCase
from onrecord.readers.services import correction_accept
from onrecord.readers.services.corrections import Accepted
from onrecord.stories.models import SeriesIndexPage, SeriesPage, StoryPage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

QUOTE = "“The water came over the bridge at six and nobody told us,” a woman said."


@pytest.fixture
def call() -> factories.Recording:
    recording = factories.recording()
    factories.transcript(recording)
    return recording


def baked(path: str) -> Path:
    return Path(settings.BAKED_DIR) / path.strip("/") / ("index.html" if path.endswith("/") else "")


def all_files() -> dict[str, bytes]:
    root = Path(settings.BAKED_DIR)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_publishing_bakes_the_story_and_what_shows_it(call: factories.Recording) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True)
    html = baked(page.url).read_text()
    assert "nobody told us" in html
    assert f"{call.audio_url}#t=0.000,4.000" in html
    assert brotli.decompress(baked(page.url).with_name("index.html.br").read_bytes()).decode() == html
    for path in (
        "/",
        "/stories/",
        call.get_absolute_url(),
        "/feeds/stories.rss",
        "/feeds/stories.atom",
        "/sitemaps/stories-0.xml",
    ):
        assert page.title in baked(path).read_text() or page.url in baked(path).read_text(), path


def test_unpublishing_removes_it_everywhere(call: factories.Recording) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True)
    page.unpublish()
    assert not baked(page.url).exists()
    assert not baked(page.url).with_name("index.html.br").exists()
    assert not baked(call.get_absolute_url()).exists()
    assert page.title not in baked("/").read_text()


def test_a_new_slug_moves_the_file_and_redirects(call: factories.Recording, client: Client) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True)
    old = page.url
    page.slug = "another-address"
    page.save_revision().publish()
    assert not baked(old).exists()
    assert baked("/stories/another-address/").exists()
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, "/stories/another-address/")


def test_a_deleted_story_is_gone(call: factories.Recording) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True)
    page.delete()
    assert not baked(page.url).exists()
    assert page.title not in baked("/").read_text()


def test_a_bake_is_a_pure_function_of_the_database(call: factories.Recording) -> None:
    factories.story(QUOTE, recordings=[call], publish=True)
    bake_all()
    before = all_files()
    done = bake_all()
    assert done.written == 0
    for path in Path(settings.BAKED_DIR).rglob("*.html*"):
        path.unlink()
    bake_all()
    assert all_files() == before


def test_what_publishing_bakes_is_what_a_full_bake_gives(call: factories.Recording) -> None:
    bake_all()
    series = SeriesPage(title="The flood")
    SeriesIndexPage.objects.get().add_child(
        instance=series
    ) if SeriesIndexPage.objects.exists() else factories.newsroom()
    factories.story(QUOTE, recordings=[call], publish=True, title="First")
    factories.story("“We are not leaving without the animals.”", recordings=[call], publish=True, title="Second")
    assert bake_all().written == 0


def test_nothing_half_written_is_left(call: factories.Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True)
    before = baked(page.url).read_bytes()
    StoryPage.objects.filter(pk=page.pk).update(byline="Another byline")

    def fail(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("onrecord.publishing.files.os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        bake([story_path(page.slug)])
    assert baked(page.url).read_bytes() == before
    assert not list(Path(settings.BAKED_DIR).rglob(".baking-*"))


def test_public_pages_need_no_third_party_and_no_inline_script(call: factories.Recording) -> None:
    factories.story(QUOTE, recordings=[call], publish=True)
    bake_all()
    for name, content in all_files().items():
        if not name.endswith(".html"):
            continue
        html = content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", html), name
        elements = BeautifulSoup(html, "html.parser").find_all(True)  # a frame's code to copy is text, with its style
        assert not [one for one in elements if one.name == "style" or one.has_attr("style")], name
        assert not [one for one in elements if any(attribute.startswith("on") for attribute in one.attrs)], name
        for address in re.findall(r'(?:src|href)="(https?://[^"]+)"', html):
            assert address.startswith((settings.SITE_URL, "https://wire.example/")), (name, address)


def test_structured_data(call: factories.Recording) -> None:
    page = factories.story(QUOTE, recordings=[call], publish=True, byline="Ilma Torvek")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', baked(page.url).read_text(), re.DOTALL)
    assert found
    data = json.loads(found.group(1))
    assert (data["@type"], data["headline"]) == ("NewsArticle", page.title)
    assert data["hasPart"][0]["isPartOf"]["endOffset"] == 4
    assert data["audio"][0]["contentUrl"] == f"{settings.SITE_URL}{call.audio_url}"


def test_a_story_cannot_break_out_of_structured_data(call: factories.Recording) -> None:
    page = factories.story(QUOTE, recordings=[call], title="</script><script>alert(1)</script>", slug="breakout")
    page.save_revision().publish()
    html = baked("/stories/breakout/").read_text()
    assert "<script>alert" not in html
    assert "\\u003C/script\\u003E" in html


@pytest.mark.parametrize("name", ["feeds/stories.rss", "feeds/stories.atom", "feeds/corrections.rss",
                                  "feeds/corrections.atom",
                                  "sitemap.xml", "news-sitemap.xml"])  # fmt: skip
def test_machine_files_are_well_formed(call: factories.Recording, name: str) -> None:
    factories.story(QUOTE, recordings=[call], publish=True, title="Water & “bridges” <today>")
    bake_all()
    ET.fromstring(baked("/" + name).read_text())


def test_masked_words_are_in_no_public_file() -> None:
    recording = factories.recording()
    factories.transcript(
        recording, "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n<v A man>What {profanity|damned} pass do I need today\n"
    )
    page = factories.story("“What d****d pass do I need today?” he asked.", recordings=[recording], publish=True)
    bake_all()
    assert "d****d" in baked(page.url).read_text()
    for name, content in all_files().items():
        assert b"damned" not in content, name


def test_a_story_page_takes_a_bounded_number_of_queries(
    call: factories.Recording, client: Client, django_assert_max_num_queries: object
) -> None:
    factories.story(*[QUOTE] * 12, recordings=[call], publish=True, title="Many")
    page = factories.story(*[QUOTE] * 12, recordings=[call], publish=True, title="Many more")
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        assert client.get(page.url).status_code == 200


def test_a_bare_address_is_answered_with_a_page_that_helps(client: Client) -> None:
    factories.newsroom()
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert b"<html" in response.content
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_page_that_cannot_be_baked_does_not_undo_publishing(
    call: factories.Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = factories.story(QUOTE, recordings=[call])

    def fail(path: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("onrecord.publishing.bake.render", fail)
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.live
    assert "No space left" in caplog.text
    monkeypatch.undo()
    bake_all()
    assert baked(page.url).exists()


def test_changed_words_are_never_on_the_page_without_their_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the editor's button does it: outside of a transaction, so that each step is seen by whoever bakes."""
    page = factories.story("The river rose on Monday.", publish=True)
    editor = factories.person("Editor")
    written: list[str] = []

    def keep(file: Path, content: bytes) -> bool:
        if file == baked(page.url):
            written.append(content.decode())
        return write_file(file, content)

    monkeypatch.setattr("onrecord.publishing.bake.write_file", keep)
    accepted = accept(editor, page)
    assert accepted.changed
    revision = StoryPage.objects.get(pk=page.pk).get_latest_revision()
    PublishPageRevisionAction(revision, user=editor).execute()
    assert written
    assert all("The gauge was read on Sunday." in html for html in written if "rose on Sunday" in html)
    assert "The gauge was read on Sunday." in written[-1]


def accept(editor: User, story: StoryPage) -> Accepted:
    case = CorrectionCase.objects.create(story=story, created_at=timezone.now())
    return correction_accept(
        actor=editor, case=case, weight=CorrectionCase.Weight.SUBSTANCE, old_words="Monday", new_words="Sunday",
        reason="The gauge was read on Sunday.",
    )  # fmt: skip
