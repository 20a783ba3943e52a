"""`onrecord check`: exit status, JSON contract, what people read."""

import json

import pytest
import typer
from typer.testing import CliRunner

from onrecord.cli.check import check

APP = typer.Typer()
APP.command()(check)
VTT = """WEBVTT

a1
00:00:01.000 --> 00:00:05.000
<v A woman>The water rose at night, and we left for the school.

a2
00:00:05.000 --> 00:00:08.000
<v A man>They don't answer the telephone.
"""
GOOD = "# Flood\n\nA woman said: “The water *rose* at night,” and “we left for the school”. It was “night”.\n"
BAD = "He said: “They answer the telephone every day.”\n\n“The water rose,” the woman said, “at night.”\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "call.en.vtt").write_text(VTT, encoding="utf-8")
    (tmp_path / "record" / "other.json").write_text("{}", encoding="utf-8")
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.html").write_text(f"<p>{BAD}</p>", encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(APP, [str(a) for a in arguments])


def test_borne_out_is_0_and_json_keeps_the_contract(folder):
    result = run(folder / "good.md", "--against", folder / "record", "--json")
    assert result.exit_code == 0, result.output
    (story,) = json.loads(result.stdout)
    assert story["story"] == str(folder / "good.md")
    assert story["summary"] == {"verbatim": 2, "fragment": 1}
    first = story["quotations"][0]
    assert list(first) == [
        "quote", "offset", "length", "verdict", "score", "attributed_to", "evidence", "changes"
    ]  # fmt: skip
    assert GOOD[first["offset"] : first["offset"] + first["length"]] == "The water *rose* at night,"
    assert first["quote"] == "The water rose at night,"
    evidence = first["evidence"]
    assert (evidence["transcript"], evidence["segment"]) == (str(folder / "record" / "call.en.vtt"), "s1")
    assert (evidence["start_ms"], evidence["speaker"], evidence["offset"]) == (1000, "A woman", 0)
    assert evidence["text"] == "The water rose at night,"
    assert evidence["length"] == len(evidence["text"])


def test_findings_are_1_and_a_split_quotation_has_an_object_a_part(folder):
    result = run(folder / "bad.html", folder / "good.md", "--against", folder / "record", "--json")
    assert result.exit_code == 1
    bad, good = json.loads(result.stdout)
    assert bad["quotations"][0]["verdict"] in ("altered", "unbound")
    assert [q["quote"] for q in bad["quotations"][1:]] == ["The water rose,", "at night."]
    assert good["summary"]["verbatim"] == 2


def test_people_read_the_verdict_the_difference_the_place_and_a_summary(folder):
    (folder / "one.txt").write_text("He said “They do answer the telephone.”", encoding="utf-8")
    result = run(folder / "one.txt", "--against", folder / "record")
    assert result.exit_code == 1
    for part in (
        "altered",
        "GRAVE",
        "don't",
        "A man, 0:00:05",
        "call.en.vtt",
        "1 quotations in 1 story: 1 altered.",
    ):
        assert part in result.stdout


def test_strict_and_language(folder):
    (folder / "one.txt").write_text("“The water rose at night, and we left”", encoding="utf-8")
    assert run(folder / "one.txt", "--against", folder / "record", "--strict", "--lang", "en").exit_code == 0
    assert run(folder / "one.txt", "--against", folder / "record", "--lang", "uk").exit_code == 1


@pytest.mark.parametrize(
    ("story", "against", "said"),
    [
        ("none.md", "record", "none.md"),
        ("good.md", "nowhere", "nowhere"),
        ("good.md", "record/other.json", "no list of segments"),
        ("good.md", "empty", "no transcript was found"),
    ],
)
def test_bad_input_is_2_and_names_the_file(folder, story, against, said):
    (folder / "empty").mkdir()
    result = run(folder / story, "--against", folder / against, "--json")
    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", "")
    assert not result.stdout


def test_a_story_without_quotations(folder):
    (folder / "none.txt").write_text("Nothing was said.", encoding="utf-8")
    result = run(folder / "none.txt", "--against", folder / "record")
    assert result.exit_code == 0
    assert "no quotations" in result.stdout
