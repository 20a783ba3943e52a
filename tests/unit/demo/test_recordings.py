"""The demo's recordings: quick to make, right in time, masked, honest about what they are."""

from __future__ import annotations

import json
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from onrecord.audio import Span, probe, web_copy
from onrecord.audio.blocks import Block, joined
from onrecord.audio.decode import decode
from onrecord.demo.performance import Voice, perform
from onrecord.demo.recordings import DemoRecording, build_recordings
from onrecord.demo.scripts import CALL_RU, CALL_UK, Turn
from onrecord.demo.transcript_files import write_translation
from onrecord.text.masks import parse_marked

RATE = 16_000
LENGTHS = {
    "call-ru": (70, 110),
    "call-uk": (60, 102),
    "hearing-en": (90, 140),
    "call-ru-repost": (30, 60),
    "call-uk-repost": (15, 100),
}


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> dict[str, DemoRecording]:
    began = time.process_time()
    made = build_recordings(tmp_path_factory.mktemp("demo") / "recordings", told.append)
    assert time.process_time() - began < 40, "about 7 s on two idle cores"
    return {recording.key: recording for recording in made}


def sound_of(path: Path) -> Block:
    return joined(list(decode(path, sample_rate=RATE)))


def segments_of(path: Path | None) -> list[dict[str, Any]]:
    assert path is not None
    segments: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["segments"]
    return segments


def words_of(path: Path | None) -> list[dict[str, Any]]:
    return [word for segment in segments_of(path) for word in segment["words"]]


def masks_of(path: Path | None) -> list[Span]:
    return [Span(round(word["start"] * 1000), round(word["end"] * 1000)) for word in words_of(path) if "mask" in word]


def test_four_files_of_fitting_length_and_level(recordings: dict[str, DemoRecording], told: list[str]) -> None:
    assert len(told) == 6
    assert list(recordings) == list(LENGTHS)
    for key, (least, most) in LENGTHS.items():
        facts = probe(recordings[key].audio_path)
        assert least <= facts.duration_ms / 1000 <= most, key
        sound = sound_of(recordings[key].audio_path)
        assert np.abs(sound).max() < 1, key
        assert -27 < 20 * np.log10(np.sqrt(np.square(sound).mean())) < -18, key
    formats = {key: probe(recording.audio_path).container for key, recording in recordings.items()}
    assert formats == {
        "call-ru": "ogg",
        "call-uk": "mp3",
        "hearing-en": "flac",
        "call-ru-repost": "mp3",
        "call-uk-repost": "mp3",
    }


@pytest.mark.parametrize("key", ["call-ru", "call-uk", "hearing-en"])
def test_words_are_where_the_transcript_says(recordings: dict[str, DemoRecording], key: str) -> None:
    """Sound between word start and end; near silence in the pauses between turns."""
    recording = recordings[key]
    sound = sound_of(recording.audio_path)

    def level(start: float, end: float) -> float:
        part = sound[:, round(start * RATE) : round(end * RATE)]
        return float(np.sqrt(np.square(part).mean()))

    words = words_of(recording.transcript_path)
    levels = [level(word["start"], word["end"]) for word in words]
    # A single consonant («в», «з») has most of its sound above the telephone's band.
    assert min(level for level, word in zip(levels, words, strict=True) if len(word["word"]) > 3) > 0.01
    assert min(levels) > 0.002
    ends = [word["end"] for word in words]
    assert [word["start"] for word in words] == sorted(word["start"] for word in words)
    assert all(end <= word["start"] for end, word in zip(ends, words[1:], strict=False))
    segments = segments_of(recording.transcript_path)
    for one, two in pairwise(segments):
        # The room of the hearing rings on after a word.
        quiet = level(one["end"] + (0.1 if key == "hearing-en" else 0.03), two["start"])
        assert quiet < float(np.median(levels)) / (3 if key == "hearing-en" else 5), one["text"]
        assert level(two["start"], two["start"] + 0.15) > 1.5 * quiet, two["text"]


@pytest.mark.parametrize("key", ["call-ru", "call-uk"])
def test_a_translation_is_locked_to_its_original_and_masked_where_it_is(
    recordings: dict[str, DemoRecording], key: str
) -> None:
    original = segments_of(recordings[key].transcript_path)
    translation = segments_of(recordings[key].translation_path)
    for one, other in zip(original, translation, strict=True):
        assert (one["start"], one["end"], one["speaker"]) == (other["start"], other["end"], other["speaker"])
        assert [w.get("mask") for w in one["words"]].count("profanity") == [
            w.get("mask") for w in other["words"]
        ].count("profanity")
        assert other["text"].strip()
    assert len(masks_of(recordings[key].transcript_path)) == 1
    assert {segment["speaker"] for segment in original} == set(recordings[key].speakers)
    assert "{" not in json.dumps([s["text"] for s in original + translation])


def test_the_web_copy_of_each_is_whole_and_bleeped(recordings: dict[str, DemoRecording], tmp_path: Path) -> None:
    for key, recording in recordings.items():
        masks = masks_of(recording.transcript_path) if recording.transcript_path else []
        made = web_copy(recording.audio_path, tmp_path / f"{key}.mp3", masks=masks)
        assert not made.damage
        before, after = sound_of(recording.audio_path), sound_of(tmp_path / f"{key}.mp3")
        assert before.shape == after.shape
        for mask in masks:
            part = slice(mask.start_ms * RATE // 1000, mask.end_ms * RATE // 1000)
            assert abs(np.corrcoef(before[0, part], after[0, part])[0, 1]) < 0.05


def test_the_repost_is_that_part_at_that_speed(recordings: dict[str, DemoRecording]) -> None:
    repost = recordings["call-ru-repost"].repost
    assert repost is not None
    assert recordings["call-ru-repost"].repost_of == "call-ru"
    whole, part = (sound_of(recordings[key].audio_path)[0] for key in ("call-ru", "call-ru-repost"))
    assert len(part) / RATE == pytest.approx((repost.end_ms - repost.start_ms) / 1000 / repost.speed, abs=0.01)
    masked = masks_of(recordings["call-ru"].transcript_path)
    assert not any(mask.end_ms > repost.start_ms - 500 and mask.start_ms < repost.end_ms for mask in masked)
    # Loudness over time is alike once the speed is undone.
    at = (repost.start_ms / 1000 + np.arange(len(part)) / RATE * repost.speed) * RATE
    undone = whole[np.clip(at.astype(int), 0, len(whole) - 1)]
    frames = len(part) // 800
    one, two = (np.sqrt(np.square(s[: frames * 800].reshape(-1, 800)).mean(axis=1)) for s in (undone, part))
    assert np.corrcoef(one, two)[0, 1] > 0.97


def test_all_is_invented_and_says_so(recordings: dict[str, DemoRecording]) -> None:
    for recording in recordings.values():
        assert "Synthetic" in recording.note
        assert b"Synthetic" in recording.audio_path.read_bytes()[:8_000]
        assert (urlsplit(recording.url).hostname or "").endswith(".example")
        assert datetime.fromisoformat(recording.published).tzinfo is not None
    assert len({recording.publisher for recording in recordings.values()}) == 5


def test_the_same_bytes_each_time(recordings: dict[str, DemoRecording], tmp_path: Path) -> None:
    for again in build_recordings(tmp_path, lambda _: None):
        first = recordings[again.key]
        for one, two in (
            (first.audio_path, again.audio_path),
            (first.transcript_path, again.transcript_path),
            (first.translation_path, again.translation_path),
        ):
            if one is not None and two is not None:
                assert one.read_bytes() == two.read_bytes(), one.name


def test_scripts_are_translated_and_mask_one_word_a_call() -> None:
    for script in (CALL_RU, CALL_UK):
        for texts in ([turn.text for turn in script], [turn.english or "" for turn in script]):
            assert all(texts)
            assert sum(mask is not None for text in texts for _, mask in parse_marked(text)) == 1


def test_a_turn_without_translation_is_refused(tmp_path: Path) -> None:
    performance = perform([Turn("A woman", "Good morning.")], {"A woman": Voice("en-gb", 150, 50)})
    with pytest.raises(ValueError, match="no translation"):
        write_translation(tmp_path / "a.json", performance, "en")
