"""`onrecord align`: files in and out, what it prints, its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from onrecord.cli.main import app
from onrecord.errors import OnrecordError
from onrecord.text.subtitles import read_subtitles
from tests.unit.audio.alignment.speaking import spoken, written

STRANGE = "Three generals quarrelled loudly beneath Vesuvius while judges photographed giraffes."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    said = spoken("en")
    lines = [" ".join(words) for words in said.segments]
    written(tmp_path / "call.wav", said.sound)
    (tmp_path / "call.txt").write_text("\n".join(f"A woman: {line}" for line in lines), encoding="utf-8")
    cues = "\n\n".join(f"00:{n:02}.000 --> 00:{n:02}.900\n<v A man>{line}" for n, line in enumerate(lines))
    (tmp_path / "call.vtt").write_text(f"WEBVTT\n\n{cues}\n", encoding="utf-8")
    (tmp_path / "more.txt").write_text("\n".join([*lines[:3], STRANGE, *lines[3:]]), encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["align", *map(str, arguments)])


@pytest.mark.parametrize(
    ("text", "out", "speaker"),
    [("call.txt", "out.json", "A woman"), ("call.vtt", "out.vtt", "A man"), ("call.txt", "out.ttml", "A woman"),
     ("call.vtt", "out.srt", "A man")],
)  # fmt: skip
def test_segments_are_kept_and_get_their_times(text: str, out: str, speaker: str, folder: Path) -> None:
    said = spoken("en")
    result = run(folder / "call.wav", folder / text, "--language", "en", "-o", folder / out)
    assert result.exit_code == 0, result.output
    assert "8 segments" in result.stdout
    assert "0 segments flagged" in result.stdout
    parsed = read_subtitles((folder / out).read_bytes(), out)
    assert [tuple(segment.text.split()) for segment in parsed.segments] == list(said.segments)
    assert {segment.speaker for segment in parsed.segments} == {speaker}
    for segment, starts in zip(parsed.segments, said.starts_ms, strict=True):
        assert abs(segment.start_ms - starts[0]) <= 200
        if out != "out.srt":
            assert [word.exact for word in segment.words] == [True] * len(starts)
            assert max(abs((w.start_ms or 0) - at) for w, at in zip(segment.words, starts, strict=True)) <= 300


def test_json_has_scores_and_flags_and_the_summary_says_why(folder: Path) -> None:
    out = folder / "out.json"
    result = run(folder / "call.wav", folder / "more.txt", "--language", "en", "-o", out, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert list(summary) == ["out", "duration_ms", "segments", "words", "words_unsure", "flagged", "unclaimed"]
    assert [(row["segment"], row["flag"], row["text"]) for row in summary["flagged"]] == [("s4", "missing", STRANGE)]
    rows = json.loads(out.read_text())["segments"]
    assert [row.get("flag") for row in rows] == [None, None, None, "missing", None, None, None, None, None]
    assert all(0.5 <= word["score"] <= 1 for word in rows[0]["words"])
    assert all(word["score"] == 0 for word in rows[3]["words"])
    strict = run(folder / "call.wav", folder / "more.txt", "--language", "en", "-o", out, "--strict")
    assert strict.exit_code == 1
    assert "missing: not found in the recording" in strict.stdout
    assert "1 segments flagged: 1 missing." in strict.stdout


@pytest.mark.parametrize(
    ("audio", "text", "language", "out", "code"),
    [
        ("call.wav", "call.txt", "en", "out.pdf", "unknown-format"),
        ("call.wav", "none.txt", "en", "out.vtt", "text-unreadable"),
        ("call.wav", "empty.txt", "en", "out.vtt", "not-subtitles"),
        ("call.wav", "call.txt", "uk", "out.vtt", "other-language"),
        ("call.wav", "call.txt", "xx-none", "out.vtt", "speech-failed"),
        ("none.wav", "call.txt", "en", "out.vtt", "unreadable-file"),
        ("call.txt", "call.txt", "en", "out.vtt", "not-audio"),
        ("call.wav", "call.txt", "en", "nowhere/out.vtt", "not-written"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    audio: str, text: str, language: str, out: str, code: str, folder: Path
) -> None:
    (folder / "empty.txt").write_text("  \n")
    before = sorted(path.name for path in folder.iterdir())
    result = run(folder / audio, folder / text, "--language", language, "-o", folder / out)
    assert isinstance(result.exception, OnrecordError)
    assert result.exception.code == code
    assert sorted(path.name for path in folder.iterdir()) == before
