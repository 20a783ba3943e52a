"""A newsroom in Ukrainian or Russian: no word of English is left on its pages, and dates are the language's."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.utils import translation
from wagtail.users.models import UserProfile

from onrecord.core.baked import baked_file
from onrecord.errors import NotSubtitles
from onrecord.publishing.addresses import all_paths
from onrecord.publishing.bake import bake_all
from onrecord.publishing.rendering import render
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

WORD = re.compile(r"[A-Za-z]{3,}")
ADDRESS = re.compile(r"https?://\S+|/recordings/\S+")
ALLOWED = {
    "uk": {
        "RSS",
        "Atom",
        "JSON",
        "SHA",
        "UTC",
        "Ctrl",
        "Enter",
        "cookie",
        "WAV",
        "pcm",
        "wav",
        "mail",
        "Onrecord",
        "http",
        "testserver",
    },
}
ALLOWED["ru"] = ALLOWED["uk"]
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-failed", "data-playing-label", "data-paused-label")
CALL = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v Жінка>Вода перейшла міст о шостій, і {profanity|бісів} ніхто нам не сказав.

00:00:04.000 --> 00:00:08.000
<v Чоловік>Казали, що автобуси поїдуть у вівторок, не раніше.
"""
DATES = {"uk": "4 травня 2024 р.", "ru": "4 мая 2024 г."}


@pytest.fixture(params=["uk", "ru"])
def language(request: Any, settings: Any) -> Iterator[str]:
    settings.LANGUAGE_CODE = settings.NEWSROOM_LANGUAGE = request.param
    settings.NEWSROOM_NAME = "Газета"
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def story(language: str, monkeypatch: pytest.MonkeyPatch) -> StoryPage:
    monkeypatch.setattr("onrecord.search.keeping.on_commit", lambda work: work())
    call = factories.recording(title="Дзвінок", language="uk", publisher="Агенція", url="")
    factories.transcript(call, CALL)
    factories.transcript(call, CALL.replace("Вода", "Водичка"), language="ru")
    return factories.story(
        "«Казали, що автобуси поїдуть у вівторок, не раніше», — каже чоловік.",
        title="«Ніхто нам не сказав», — каже жінка", standfirst="Про воду.", byline="Олена", recordings=[call],
        publish=True,
    )  # fmt: skip


def english(html: bytes, language: str) -> set[str]:
    """English words that a reader of the page sees or hears."""
    page = BeautifulSoup(html, "html.parser")
    for hidden in page.select("script, style, code, .hash, abbr, template, [hidden][data-raw]"):
        hidden.decompose()
    texts = [page.get_text(" "), *(str(tag[name]) for name in SHOWN for tag in page.select(f"[{name}]"))]
    return {word for text in texts for word in WORD.findall(ADDRESS.sub(" ", text))} - ALLOWED[language]


def test_pages_have_no_english_left(story: StoryPage, language: str) -> None:
    left = {}
    for path in map(unquote, all_paths()):
        content = render(path).content or b""
        if content.lstrip().startswith(b"<!") and (words := english(content, language)):
            left[path] = words
    for typed in ({}, {"q": "автобус"}, {"q": "дирижабль", "lang": "uk"}, {"q": "-міст"}, {"from": "учора"}):
        if words := english(Client().get("/search/", typed).content, language):
            left[str(typed)] = words
    assert left == {}


def test_forms_have_no_english_left(story: StoryPage, language: str) -> None:
    for address in ("/corrections/suggest/", "/write/", "/comments/add/"):
        response = Client().get(address, {"story": story.pk})
        assert response.status_code == 200, address
        assert english(response.content, language) == set(), address
        refused = Client().post(f"{address}?story={story.pk}", {"exact": "", "body": ""})
        assert english(refused.content, language) == set(), address


def test_addresses_in_cyrillic_are_baked(story: StoryPage) -> None:
    bake_all()
    assert "вівторок" in baked_file(settings.BAKED_DIR, f"/stories/{story.slug}/").read_text()


def test_dates_are_written_as_the_language_writes_them(story: StoryPage, language: str) -> None:
    recording = story.named_recordings()[0]
    text = BeautifulSoup(render(recording.get_absolute_url()).content or b"", "html.parser").get_text(" ")
    assert DATES[language] in " ".join(text.split())


def test_errors_are_said_in_the_language_of_who_reads(language: str) -> None:
    error = NotSubtitles(file="a.srt", line=3, reason="x", remedy="y")
    assert str(error).startswith({"uk": "a.srt, рядок 3", "ru": "a.srt, строка 3"}[language])
    with translation.override("en"):
        assert str(error) == "a.srt, line 3: x. y"


def test_the_desk_speaks_the_language_of_the_account(settings: Any) -> None:
    factories.newsroom()
    client = Client(headers={"user-agent": "test"})
    editor = factories.person("Editor")
    client.force_login(editor)
    profile = UserProfile.get_for_user(editor)
    for language, words in {"uk": "Пошук у записах", "ru": "Поиск по записям", "en": "Search the record"}.items():
        profile.preferred_language = language
        profile.save()
        assert words in client.get("/desk/record-search/").content.decode()
