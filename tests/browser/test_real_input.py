"""A published recording with its captions and their translation, read in place, goes the whole way."""

import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newsroom, Visitor
from tests.browser.steps import accept_correction, play, press_publish, read, suggest_correction

pytestmark = [pytest.mark.browser, pytest.mark.real]

# Each quotation with the captions that it was taken from, counted from one.
WHOLE = "Creative Commons is the bridge to this future."
ACROSS = (
    "It’s only in the last 100, or 150 years or so, that we started tightly restricting how that culture gets used."
)
PART = "the law’s getting in the way"
FRENCH = "L’objectif des Creative Commons (CC) est de lever cet obstacle, partout dans le monde."
CAPTIONS = {WHOLE: (43, 43), ACROSS: (3, 4), PART: (7, 7), FRENCH: (8, 8)}
PARAGRAPHS = (
    f"A film of 2008 asks who owns what is shared. “{ACROSS}” says one voice. “The trouble,” says the film, is that"
    f" “{PART}” of people who want to share.",
    f"En français : « {FRENCH} »",
    f"It ends on a promise. “{WHOLE}”",
)

STORY = """
from tests import factories
from onrecord.archive.models import Recording
recording = Recording.objects.get(pk={id!r})
page = factories.story(*{paragraphs!r}, title="Who owns a shared culture", recordings=[recording], publish=True)
answer = [page.pk, page.slug]
"""
FACTS = """
from onrecord.archive.models import Recording
from onrecord.archive.services import originals
from onrecord.transcripts.services import as_text, latest_versions
recording = Recording.objects.get(pk={id!r})
copy = recording.copies.get()
answer = {{
    "id": str(recording.pk), "url": recording.get_absolute_url(),
    "duration_ms": recording.duration_ms, "status": recording.status, "peaks": len(recording.peaks),
    "facts": copy.facts, "sha256": copy.sha256, "original": str(originals().path(copy.sha256)),
    "texts": {{
        version.transcript.language: [[s.id, s.start_ms, s.end_ms, s.text] for s in as_text(version).segments]
        for version in latest_versions([recording])
    }},
}}
"""


def captions(path: Path) -> list[tuple[int, int, str]]:
    """The cues of a WebVTT file, read without the product."""
    found = []
    for cue in re.split(r"\n\s*\n", path.read_text(encoding="utf-8-sig")):
        match = re.search(r"(\d+):(\d+):(\d+)\.(\d+) --> (\d+):(\d+):(\d+)\.(\d+)[^\n]*\n(.+)", cue, re.DOTALL)
        if match:
            times = [int(part) for part in match.groups()[:8]]
            start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (times[:4], times[4:]))
            found.append((start, end, " ".join(match[9].split())))
    return found


@pytest.fixture(scope="module")
def film(shared_data: Path, newsroom: Newsroom) -> dict[str, Any]:
    """The recording as the newsroom has it, taken in by `onrecord add` with both texts."""
    recordings = shared_data / "recordings"
    rows = json.loads(newsroom.run(
        "add", recordings / "shared-culture.mp3", "--publisher", "Creative Commons", "--published", "2008-11-01",
        "--title", "A Shared Culture", "--language", "en", "--url", "https://creativecommons.example/shared-culture",
        "--transcript", recordings / "shared-culture.en.vtt", "--translation", recordings / "shared-culture.fr.vtt",
        "--translation-language", "fr", "--json",
    ))  # fmt: skip
    assert [(row["known_recording"], "error" in row) for row in rows] == [(False, False)]
    deadline = time.monotonic() + 60
    while (facts := newsroom.manage(FACTS.format(id=rows[0]["recording"])))["status"] == "pending":
        assert time.monotonic() < deadline
    return dict(facts)


def test_the_recording_is_on_record_as_it_came(film: dict[str, Any], shared_data: Path, newsroom: Newsroom) -> None:
    came = (shared_data / "recordings" / "shared-culture.mp3").read_bytes()
    assert film["sha256"] == hashlib.sha256(came).hexdigest()
    assert Path(film["original"]).read_bytes() == came
    assert film["status"] == "ready"
    assert film["duration_ms"] == pytest.approx(204_000, abs=500)
    assert {name: film["facts"][name] for name in ("container", "codec", "sample_rate", "channels")} == {
        "container": "mp3", "codec": "mp3", "sample_rate": 48_000, "channels": 2,
    }  # fmt: skip
    assert film["peaks"] > 500
    checks = json.loads(newsroom.run("doctor", "--json"))
    assert {check["result"] for check in checks["checks"]} == {"verified"}
    assert (checks["unclaimed_files"], checks["tasks_failed"]) == ([], [])


def test_captions_are_transcript_and_translation_segment_by_segment(film: dict[str, Any], shared_data: Path) -> None:
    english = captions(shared_data / "recordings" / "shared-culture.en.vtt")
    french = captions(shared_data / "recordings" / "shared-culture.fr.vtt")
    transcript, translation = film["texts"]["en"], film["texts"]["fr"]
    assert [tuple(segment[1:]) for segment in transcript] == english
    assert (len(english), len(french)) == (56, 55)

    assert [segment[0] for segment in translation] == [segment[0] for segment in transcript]
    said = {start: text for start, _, text in french}
    for number, (_, start, _, text) in enumerate(translation, start=1):
        if number == 1:
            assert text == said[1000]  # a second after the voice
        elif number == 17:
            assert text == ""  # the translator left it out
        else:
            assert text == said[start]


def test_a_story_in_both_languages_is_published_read_heard_and_corrected(
    film: dict[str, Any], newsroom: Newsroom, visitor: Visitor, shared_data: Path
) -> None:
    number, slug = newsroom.manage(STORY.format(id=film["id"], paragraphs=PARAGRAPHS))
    path = f"/stories/{slug}/"
    reader = visitor()
    read(reader, path, "A film of 2008 asks")

    english = captions(shared_data / "recordings" / "shared-culture.en.vtt")
    for words, (first, last) in CAPTIONS.items():
        printed = reader.locator(".body .quotation").filter(has_text=words.rstrip(".,"))
        link = reader.locator(f".body a.play[data-quotation='{printed.get_attribute('data-quotation')}']")
        start, end = english[first - 1][0], english[last - 1][1]
        named = int(link.get_attribute("data-start-ms") or -1), int(link.get_attribute("data-end-ms") or -1)
        if words == PART:  # inside of a caption: its times are spread over the words
            assert start < named[0] < named[1] <= end
        else:
            assert named == (start, end)
        # These captions name no speakers.
        expect(link).to_have_accessible_name(re.compile(r"^Play: this quotation, \d:\d\d$"))
        heard = play(link)
        assert named[0] - 50 <= heard[0] < named[0] + 400
        assert named[1] - 400 < heard[1] <= named[1] + 150

    read(reader, film["url"], "Creative Commons is designed to save the world from failed sharing.")
    row = reader.locator(".row").filter(has_text="Creative Commons is designed to save the world")
    expect(row).to_contain_text("L’objectif des Creative Commons (CC)")
    row.locator(".row-time").click()
    expect(row).to_have_class(re.compile("is-now"))
    assert 27_000 <= reader.evaluate("sound.currentTime * 1000") < 31_000

    read(reader, path, "A film of 2008 asks")
    suggest_correction(reader, "2008", "The film is of 2007, says its maker.")
    editor = visitor("edda")
    editor.goto("/desk/corrections/")
    editor.get_by_role("link", name="The film is of 2007, says its maker.").click()
    accept_correction(editor, "2007", "The film’s own titles give the year.")
    assert f"/pages/{number}/edit/" in editor.url
    press_publish(editor)
    expect(editor.locator(".messages .success")).to_contain_text("published")
    read(reader, path, "A film of 2007 asks")
    expect(reader.locator(".story .correction del")).to_have_text("2008")
    read(reader, "/corrections/", "The film’s own titles give the year.")
