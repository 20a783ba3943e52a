"""What machines read: every format by its rules, with masked words and unpublished things nowhere."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from onrecord.archive.services import web_copy_make
from onrecord.publishing.bake import bake_all
from onrecord.readers.models import CorrectionNote
from onrecord.stories.authors import AuthorIndexPage, AuthorPage
from onrecord.stories.models import SeriesIndexPage, SeriesPage, StoryPage, TopicIndexPage, TopicPage
from tests import factories
from tests.functional import feed_rules as rules

pytestmark = pytest.mark.django_db

QUOTE = "“The water came over the bridge at six and nobody told us,” a woman said."
MASKED = factories.CALL_VTT.replace("buses", "{profanity|buses}")


@pytest.fixture
def story() -> StoryPage:
    """A story with everything that machines could be told of."""
    factories.newsroom()
    call = factories.recording(title="Call & “answer” <1>")
    factories.transcript(call, MASKED)
    factories.transcript(call, factories.CALL_UK_VTT, language="uk")
    call = web_copy_make(str(call.pk))  # with the masks of now
    kinds = {"series": (SeriesIndexPage, SeriesPage), "topic": (TopicIndexPage, TopicPage),
             "author": (AuthorIndexPage, AuthorPage)}  # fmt: skip
    made: dict[str, Any] = {}
    for name, (index, kind) in kinds.items():
        made[name] = index.objects.get().add_child(instance=kind(title=f"A {name}", slug=f"a-{name}"))
        made[name].save_revision().publish()
    page = factories.story(QUOTE, recordings=[call], title="Water & “bridges” <today>",
                           standfirst="What a caller said.", series=made["series"])  # fmt: skip
    page.topics.add(made["topic"])
    page.authors.add(made["author"])
    page.save_revision().publish()
    CorrectionNote.objects.create(story=page, old_words="at <five>", new_words="at six", reason="A slip & no more.",
                                  created_at=timezone.now())  # fmt: skip
    page.save_revision().publish()
    factories.story(QUOTE, recordings=[call], title="Not for readers yet")
    bake_all()
    return StoryPage.objects.get(pk=page.pk)


def read(path: str) -> str:
    return (Path(settings.BAKED_DIR) / path.strip("/")).read_text()


FEEDS = ["feeds/stories", "feeds/corrections", "series/a-series/feed", "topics/a-topic/feed", "authors/a-author/feed"]


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_keep_to_their_formats(story: StoryPage, name: str) -> None:
    assert rules.rss_faults(read(f"{name}.rss")) == []
    assert rules.atom_faults(read(f"{name}.atom")) == []
    assert rules.json_feed_faults(read(f"{name}.json")) == []
    assert [item["title"] for item in json.loads(read(f"{name}.json"))["items"]] == [story.title]


def test_an_empty_feed_keeps_to_its_format_and_has_no_clock() -> None:
    factories.newsroom()
    bake_all()
    assert rules.atom_faults(read("feeds/stories.atom")) == []
    assert rules.json_feed_faults(read("feeds/stories.json")) == []
    assert "1970" in read("feeds/stories.atom")


def test_an_entry_stays_the_same_when_its_story_moves(story: StoryPage) -> None:
    before = json.loads(read("feeds/stories.json"))["items"][0]
    story.slug = "another-address"
    story.save_revision().publish()
    bake_all()
    after = json.loads(read("feeds/stories.json"))["items"][0]
    assert after["id"] == before["id"]
    assert after["url"] != before["url"]


def test_corrections_say_the_old_words_and_the_new(story: StoryPage) -> None:
    (item,) = json.loads(read("feeds/corrections.json"))["items"]
    assert "at <five>" in item["summary"]
    assert "at six" in item["summary"]
    assert item["url"].startswith(f"{settings.SITE_URL}{story.url}#correction-")


def test_the_podcast_has_the_masked_sound_and_the_masked_words(story: StoryPage) -> None:
    feed = read("feeds/recordings.rss")
    assert rules.podcast_faults(feed) == []
    (item,) = ET.fromstring(feed).iter("item")
    (call,) = story.named_recordings()
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("url") == f"{settings.SITE_URL}{call.audio_url}"
    assert int(enclosure.get("length") or 0) == (Path(settings.MEDIA_ROOT) / call.audio).stat().st_size
    addresses = [one.get("url", "") for one in item.iter(f"{rules.PODCAST}transcript")]
    assert len(addresses) == 4
    for address in addresses:
        text = read(address.removeprefix(settings.SITE_URL))
        assert "buses" not in text, address
        if address.endswith("en.vtt"):
            assert text.startswith("WEBVTT")
            assert "b***s" in text
        if address.endswith("en.json"):
            segments = json.loads(text)["segments"]
            assert segments[0]["startTime"] == 0
            assert "b***s" in segments[1]["body"]


def test_a_recording_without_sound_is_in_no_podcast(story: StoryPage) -> None:
    (call,) = story.named_recordings()
    factories.transcript(call, MASKED.replace("animals", "{name|animals}"))  # its web copy is made again
    call.refresh_from_db()
    call.audio = ""
    call.save()
    bake_all()
    assert list(ET.fromstring(read("feeds/recordings.rss")).iter("item")) == []


def test_sitemaps(story: StoryPage, client: Client) -> None:
    index = read("sitemap.xml")
    parts = re.findall(r"<loc>(.*?)</loc>", index)
    assert rules.sitemap_faults(index) == []
    found = ""
    for part in parts:
        text = read(part.removeprefix(settings.SITE_URL))
        assert rules.sitemap_faults(text) == [], part
        found += text
    (call,) = story.named_recordings()
    for path in (story.url, call.get_absolute_url(), "/series/a-series/", "/corrections/"):
        assert f"<loc>{settings.SITE_URL}{path}</loc>" in found
    assert rules.sitemap_faults(read("news-sitemap.xml")) == []
    assert "Water &amp; “bridges” &lt;today&gt;" in read("news-sitemap.xml")
    assert client.get("/sitemaps/stories-7.xml").status_code == 404


def test_structured_data_names_its_kinds_and_where_things_are(story: StoryPage) -> None:
    html = read(f"{story.url}index.html")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found.group(1))
    (call,) = story.named_recordings()
    (note,) = story.correction_notes.all()
    assert data["author"] == [{"@type": "Person", "name": "A author", "url": f"{settings.SITE_URL}/authors/a-author/"}]
    audio, correction = data["audio"][0], data["correction"][0]
    quotation = next(one for one in data["hasPart"] if one["text"] != "bridges")  # of the headline: nobody said it
    assert (audio["@type"], audio["contentUrl"]) == ("AudioObject", f"{settings.SITE_URL}{call.audio_url}")
    assert {one["inLanguage"] for one in audio["caption"]} == {"en", "uk"}
    assert (quotation["@type"], quotation["isPartOf"]["@type"]) == ("Quotation", "Clip")
    assert quotation["isPartOf"]["url"].endswith("#t=0.000,4.000")
    assert (correction["@type"], correction["url"]) == (
        "CorrectionComment", f"{settings.SITE_URL}{story.url}#{note.anchor}",
    )  # fmt: skip
    for address in addresses_in(data):
        path = address.removeprefix(settings.SITE_URL).partition("#")[0]
        if path and "://" not in path:
            file = Path(settings.BAKED_DIR) / path.strip("/")
            assert file.is_file() or (file / "index.html").is_file(), address


def addresses_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in addresses_in(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in addresses_in(inner)]
    return [value] if isinstance(value, str) and value.startswith("http") and "schema.org" not in value else []


def test_annotations_tie_the_words_in_the_story_to_the_moment(story: StoryPage) -> None:
    page = json.loads(read(f"{story.url}annotations.json"))
    jsonschema.validate(page, rules.ANNOTATIONS_SCHEMA)
    (annotation,) = page["items"]
    (call,) = story.named_recordings()
    quote = annotation["target"]["selector"][0]
    assert quote["exact"].strip("“”,") == "The water came over the bridge at six and nobody told us"
    assert quote["suffix"].endswith("a woman said.")
    assert annotation["body"]["source"] == f"{settings.SITE_URL}{call.audio_url}"
    assert annotation["body"]["selector"]["value"] == "t=0.000,4.000"


def test_what_is_masked_or_unpublished_is_in_no_file(story: StoryPage) -> None:
    for file in Path(settings.BAKED_DIR).rglob("*"):
        if file.is_file() and file.suffix in (".html", ".xml", ".rss", ".atom", ".json", ".vtt", ".txt"):
            text = file.read_text()
            assert "buses" not in text, file
            assert "Not for readers yet" not in text, file


def test_what_is_taken_down_leaves_every_file(story: StoryPage) -> None:
    (call,) = story.named_recordings()
    story.unpublish()
    bake_all()
    for file in Path(settings.BAKED_DIR).rglob("*"):
        if file.is_file() and file.suffix in (".html", ".xml", ".rss", ".atom", ".json", ".vtt", ".txt"):
            assert "bridges” &lt;today" not in file.read_text(), file
    assert not (Path(settings.BAKED_DIR) / f"recordings/{call.pk}/transcript.en.vtt").exists()
    assert not (Path(settings.BAKED_DIR) / f"{story.url.strip('/')}/annotations.json").exists()


def test_oembed_gives_a_frame_for_a_quotation_and_a_recording(story: StoryPage, client: Client) -> None:
    (call,) = story.named_recordings()
    (annotation,) = json.loads(read(f"{story.url}annotations.json"))["items"]
    page = read(f"{call.get_absolute_url()}index.html")
    assert 'type="application/json+oembed"' in page
    for url in (annotation["id"], f"{settings.SITE_URL}{call.get_absolute_url()}"):
        answer = client.get("/oembed/", {"url": url, "maxwidth": "300"})
        assert answer.status_code == 200, url
        found = answer.json()
        jsonschema.validate(found, rules.OEMBED_SCHEMA)
        assert found["width"] == 300
        frame = re.search(r'src="([^"]+)"', found["html"])
        assert frame
        assert client.get(frame.group(1).removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"url": "https://elsewhere.example/stories/a/#q-b"}, 404),
        ({"url": "http://testserver/about/"}, 404),
        ({"url": "http://testserver/stories/none/#q-b"}, 404),
        ({"url": "http://testserver/recordings/00000000-0000-0000-0000-000000000000/"}, 404),
        ({"url": "http://testserver/about/", "format": "xml"}, 501),
    ],
)
def test_oembed_of_anything_else_is_refused(client: Client, query: dict[str, str], status: int) -> None:
    factories.newsroom()
    assert client.get("/oembed/", query).status_code == status
