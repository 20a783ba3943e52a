"""`onrecord check`: what it takes, its exit status, the JSON contract, what people read. All words are invented."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest
import typer
from typer.testing import CliRunner, Result

from onrecord.cli.check import CheckCommand, check, spread_against
from tests.processes import ENVIRONMENT, ROOT

APP = typer.Typer()
APP.command(cls=CheckCommand)(check)
SCHEMA = json.loads((ROOT / "docs" / "reference" / "check.schema.json").read_text())
VTT = """WEBVTT

a1
00:00:01.000 --> 00:00:05.000
<v A woman>The water rose at night, and we left for the school.

a2
00:00:05.000 --> 00:00:08.000
<v A man>They don't answer the telephone.

a3
00:01:00.000 --> 00:01:05.000
<v A woman>My brother stayed with the horses until the morning came.
"""
UK_VTT = """WEBVTT
Language: uk

00:00:01.000 --> 00:00:05.000
<v Жінка>Вода піднялася вночі, і ми пішли до школи.
"""
GOOD = "# Flood\n\nA woman said: “The water *rose* at night,” and “we left for the school”. It was “night”.\n"
BAD = "He said: “They answer the telephone every day.”\n\n“The water rose,” the woman said, “at night.”\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "call.en.vtt").write_text(VTT, encoding="utf-8")
    (tmp_path / "record" / "other.json").write_text("{}", encoding="utf-8")
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.html").write_text(f"<p>{BAD}</p>", encoding="utf-8")
    return tmp_path


def run(*arguments: object, stdin: bytes | None = None, columns: int = 80) -> Result:
    environment = {"COLUMNS": str(columns), "NO_COLOR": None, "FORCE_COLOR": None}
    return CliRunner().invoke(APP, [str(a) for a in arguments], input=stdin, env=environment)


def report(*arguments: object, status: int = 0, stdin: bytes | None = None) -> list[dict]:
    """The JSON, which is valid by the schema each time."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == status, result.output
    found = json.loads(result.stdout)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    return found


def story(folder: Path, text: str, name: str = "story.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_borne_out_is_0_and_json_keeps_the_contract(folder: Path) -> None:
    (found,) = report(folder / "good.md", "--against", folder / "record")
    assert found["story"] == str(folder / "good.md")
    assert found["summary"] == {"verbatim": 2, "fragment": 1}
    first = found["quotations"][0]
    assert list(first)[:8] == [
        "quote", "offset", "length", "verdict", "score", "attributed_to", "evidence", "changes"
    ]  # fmt: skip
    assert GOOD[first["offset"] : first["offset"] + first["length"]] == "The water *rose* at night,"
    assert first["quote"] == "The water rose at night,"
    assert (first["present"], first["unbalanced"], first["alternatives"]) == (True, False, [])
    evidence = first["evidence"]
    assert (evidence["transcript"], evidence["segment"]) == (str(folder / "record" / "call.en.vtt"), "s1")
    assert (evidence["start_ms"], evidence["speaker"], evidence["offset"]) == (1000, "A woman", 0)
    assert evidence["text"] == "The water rose at night,"
    assert evidence["length"] == len(evidence["text"])
    assert (evidence["language"], evidence["translation"]) == ("en", None)


def test_findings_are_1_and_a_split_quotation_has_an_object_a_part(folder: Path) -> None:
    bad, good = report(folder / "bad.html", folder / "good.md", "--against", folder / "record", status=1)
    assert bad["quotations"][0]["verdict"] in ("altered", "unbound")
    assert [q["quote"] for q in bad["quotations"][1:]] == ["The water rose,", "at night."]
    assert good["summary"]["verbatim"] == 2


def test_the_schema_describes_every_field(folder: Path) -> None:
    (found,) = report(folder / "bad.html", "--against", folder / "record", status=1)
    quotation = SCHEMA["$defs"]["quotation"]
    assert set(found["quotations"][0]) == set(quotation["properties"]) == set(quotation["required"])
    for name in ("story", "quotation", "evidence", "change"):
        assert all("description" in field for field in SCHEMA["$defs"][name]["properties"].values()), name


def test_fragments_say_whether_they_are_there_and_never_block(folder: Path) -> None:
    (found,) = report(story(folder, "It was “night”, not “a hurricane”."), "--against", folder / "record")
    assert [(q["verdict"], q["present"]) for q in found["quotations"]] == [("fragment", True), ("fragment", False)]


def test_the_same_words_twice_give_alternatives_and_a_missing_mark_is_told(folder: Path) -> None:
    (folder / "record" / "again.vtt").write_text(VTT, encoding="utf-8")
    path = story(folder, "She said: “The water rose at night, and we left for the school.\n\nThen it was over.")
    (found,) = report(path, "--against", folder / "record")
    (quotation,) = found["quotations"]
    assert quotation["unbalanced"] is True
    assert len(quotation["alternatives"]) == 1
    assert "mark is missing" in run(path, "--against", folder / "record").stdout


def test_people_read_the_verdict_the_difference_the_place_and_a_summary(folder: Path) -> None:
    path = story(folder, "First line.\n\nHe said “They do answer the telephone.” Nobody came.")
    result = run(path, "--against", folder / "record")
    assert result.exit_code == 1
    shown = result.stdout
    assert "ALTERED: words were changed (line 3)" in shown
    assert "    He said “They do answer the telephone.”" in shown
    said, printed, marks = (re.search(rf"^    {label} .*$", shown, re.M) for label in ("said", "printed", "    "))
    assert None not in (said, printed, marks)
    assert marks.group().index("!") == said.group().index("don't") == printed.group().index("do")
    assert "GRAVE" in shown
    assert "A man, 0:00:05, call.en.vtt" in shown
    assert f"{path}:3  altered" in shown
    assert "1 quotation in 1 story: 1 altered." in shown
    assert shown.endswith("1 quotation blocks publication, 1 with a grave change.\n")


def test_a_report_in_a_file_has_no_colour_and_keeps_to_its_columns(folder: Path) -> None:
    words = "My brother has stayed with the horses and with the old dog until the cold grey morning came."
    path = story(folder, f"At the end of a long day the woman told this newspaper: “{words}” Nobody doubted it.")
    shown = run(path, "--against", folder / "record", columns=60).stdout
    assert "\x1b" not in shown
    body = [line for line in shown.splitlines() if line.startswith("    ")]
    assert len(body) > 5
    assert max(map(len, body)) <= 60
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_quiet_shows_what_blocks_only(folder: Path) -> None:
    path = story(folder, "“The water rose at night.” “My brother stayed with the cows until the morning came.”")
    shown = run(path, "--against", folder / "record", "--quiet").stdout
    assert "horses" in shown
    assert "rose" not in shown
    assert "2 quotations in 1 story" in shown
    assert run(folder / "good.md", "--against", folder / "record", "-q").stdout.count("\n") == 2


def test_spliced_misattributed_and_unbound_are_explained(folder: Path) -> None:
    spliced = story(folder, "“The water rose at night, my brother stayed with the horses until the morning.”", "s.md")
    shown = run(spliced, "--against", folder / "record").stdout
    assert "SPLICED" in shown
    assert "“and we left for the school. They don't answer the telephone.” was left out" in " ".join(shown.split())
    between = [
        f"00:{n:02}:00.000 --> 00:{n:02}:09.000\n<v Bo Hart>Item {n} of the list was read." for n in range(1, 40)
    ]
    ends = ("We shall open the lower gate on Friday.", "Nobody is to cross the bridge before noon.")
    first, last = (
        f"00:{n:02}:00.000 --> 00:{n:02}:09.000\n<v Ann Tolliver>{end}" for n, end in zip((0, 45), ends, strict=True)
    )
    far = "\n\n".join(["WEBVTT", first, *between, last])
    (folder / "record" / "far.vtt").write_text(far + "\n", encoding="utf-8")
    joined = story(
        folder, "“We shall open the lower gate on Friday. Nobody is to cross the bridge before noon.”", "j.md"
    )
    shown = run(joined, "--against", folder / "record").stdout
    assert "1. We shall open the lower gate on Friday." in shown
    assert "2. Nobody is to cross the bridge before noon." in shown
    wrong = story(folder, "“We shall open the lower gate on Friday,” said Bo Hart.", "m.md")
    assert "the text names Bo Hart; it was Ann Tolliver" in run(wrong, "--against", folder / "record").stdout
    shown = run(story(folder, "«Ми поїхали звідти на автобусі вранці»", "u.md"), "--against", folder / "record").stdout
    assert "The quotation is in uk, and the record has only en." in shown


def test_strict_and_language(folder: Path) -> None:
    path = story(folder, "“The water rose at night, and we left”")
    assert run(path, "--against", folder / "record", "--strict", "--lang", "en").exit_code == 0
    assert run(path, "--against", folder / "record", "--lang", "English").exit_code == 0
    assert run(path, "--against", folder / "record", "--lang", "uk").exit_code == 1
    wrong = run(path, "--against", folder / "record", "--lang", "klingonese")
    assert wrong.exit_code == 2
    assert "not a language" in wrong.stderr


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("call.uk.vtt", VTT.replace("WEBVTT", "WEBVTT\nLanguage: eng"), "en"),
        ("call.ukr.srt", "1\n00:00:01,000 --> 00:00:02,000\nThe water rose at night\n", "uk"),
        ("call.wav.txt", "The water rose at night, and we left for the school that was on the hill.", "en"),
        ("call.json", '{"language": "english", "segments": [{"start": 0, "end": 2, "text": "Hm."}]}', "en"),
        (
            "call.xml",
            '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="ru-RU"><body><div>'
            '<p begin="0s" end="2s">Да.</p></div></body></tt>',
            "ru",
        ),
    ],
)
def test_a_transcript_has_the_language_it_says_then_that_of_its_name_then_of_its_words(
    tmp_path: Path, name: str, content: str, language: str
) -> None:
    from onrecord.cli.checking.record import read_against

    (tmp_path / name).write_text(content, encoding="utf-8")
    against = read_against([str(tmp_path)], [], warn=print)
    assert against.record.languages[0] == language


def test_a_quotation_is_checked_in_its_own_language(folder: Path) -> None:
    (folder / "record" / "call.uk.vtt").write_text(UK_VTT, encoding="utf-8")
    path = story(folder, "“The water rose at night”, or «Вода піднялася вночі», she said.")
    (found,) = report(path, "--against", folder / "record")
    assert [q["evidence"]["language"] for q in found["quotations"]] == ["en", "uk"]


def test_masked_words_are_not_printed(folder: Path) -> None:
    vtt = "WEBVTT\n\n00:00.000 --> 00:04.000\nThen {name|Olena} came with the {profanity|damned} dog to the bridge.\n"
    (folder / "record" / "masked.vtt").write_text(vtt, encoding="utf-8")
    kept = story(folder, "“Then [the neighbour] came with the d****d dog to the bridge.”", "kept.md")
    named = story(folder, "“Then Olena came with the d****d dog to the bridge.”", "named.md")
    for path, status in ((kept, 0), (named, 1)):
        (found,) = report(path, "--against", folder / "record", status=status)
        assert found["quotations"][0]["evidence"]["text"] == "Then [name] came with the d****d dog to the bridge."
        shown = run(path, "--against", folder / "record").stdout
        assert "damned" not in shown
        assert ("Olena" in shown) == (path == named)  # there the story itself prints it


@pytest.mark.parametrize(
    ("name", "against", "said"),
    [
        ("none.md", "record", "none.md"),
        ("good.md", "nowhere", "nowhere"),
        ("good.md", "record/other.json", "no list of segments"),
        ("good.md", "empty", "no transcript was found"),
        ("binary.md", "record", "binary file"),
        ("report.pdf", "record", "this is a PDF"),
        ("old.docx", "record", "not a .docx"),
        ("empty", "record", "no story was found in this folder"),
    ],
)
def test_bad_input_is_2_and_names_the_file(folder: Path, name: str, against: str, said: str) -> None:
    (folder / "empty").mkdir()
    (folder / "binary.md").write_bytes(bytes(range(256)) * 20)
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    (folder / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0 old")
    result = run(folder / name, "--against", folder / against, "--json")
    assert result.exit_code == 2
    assert said in result.stderr
    assert Path(name).name in result.stderr or Path(against).name in result.stderr


def test_a_bad_story_loses_nothing_of_the_others(folder: Path) -> None:
    first, bad, last = report(
        folder / "good.md", folder / "gone.md", folder / "bad.html", "--against", folder / "record", status=2
    )
    assert (first["summary"]["verbatim"], last["quotations"][0]["verdict"] != "verbatim") == (2, True)
    assert bad["error"]["code"] == "unreadable-story"
    assert "gone.md" in bad["error"]["message"]
    assert bad["quotations"] == []
    shown = run(folder / "gone.md", folder / "good.md", "--against", folder / "record")
    assert shown.exit_code == 2
    assert "verbatim" in shown.stdout


def _docx(text: str) -> bytes:
    target = io.BytesIO()
    body = f'<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", body)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("story.docx", _docx("“The water rose at night”")),
        ("story.txt", "“The water rose at night”".encode("utf-16")),
        ("story.html", b"<p>&ldquo;The water <b>rose</b> at night&rdquo;</p>"),
        ("story.md", "“The water **rose** at night”\r\n".encode("cp1251")),
    ],
)
def test_stories_of_all_kinds_and_encodings(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    (found,) = report(folder / name, "--against", folder / "record")
    assert found["summary"] == {"verbatim": 1}


def test_an_encoding_can_be_asked_for(folder: Path) -> None:
    (folder / "record" / "call.uk.vtt").write_text(UK_VTT, encoding="utf-8")
    (folder / "story.txt").write_bytes('Вона сказала: "Вода піднялася вночі, і ми пішли".'.encode("koi8-u"))
    (found,) = report(folder / "story.txt", "--against", folder / "record", "--encoding", "koi8-u")
    assert found["summary"] == {"verbatim": 1}
    wrong = run(folder / "story.txt", "--against", folder / "record", "--encoding", "utf-8")
    assert (wrong.exit_code, "is not utf-8" in wrong.stderr) == (2, True)
    unknown = run(folder / "story.txt", "--against", folder / "record", "--encoding", "morse")
    assert (unknown.exit_code, "not a known encoding" in unknown.stderr) == (2, True)


def test_an_empty_story_and_one_without_quotations_are_clean(folder: Path) -> None:
    for text in ("", "Nothing was said."):
        result = run(story(folder, text), "--against", folder / "record")
        assert result.exit_code == 0
        assert "no quotations" in result.stdout


def test_folders_patterns_standard_input_and_no_story_twice(folder: Path) -> None:
    stories = folder / "stories"
    (stories / ".hidden").mkdir(parents=True)
    for name in ("b.md", "a.html", "notes.txt", ".hidden/c.md"):
        (stories / name).write_text("“The water rose at night”", encoding="utf-8")
    found = report(stories, stories / "b.md", stories / "*.txt", "--against", folder / "record")
    assert [Path(entry["story"]).name for entry in found] == ["a.html", "b.md", "notes.txt"]
    (entry,) = report("-", "--against", folder / "record", stdin="“The water *rose* at night”".encode())
    assert (entry["story"], entry["summary"]) == ("-", {"verbatim": 1})


def test_a_story_is_no_evidence_for_itself(folder: Path) -> None:
    path = story(folder, "He said: “The horses were sold to the mill in the autumn.”", "record/story.txt")
    (found,) = report(path, "--against", folder / "record", status=1)
    assert found["quotations"][0]["evidence"] is None
    for against in (path, folder / "good.md"):
        result = run(path, "--against", against)
        assert result.exit_code == 2
        assert "no evidence for itself" in result.stderr


@pytest.mark.parametrize(
    ("given", "spread"),
    [
        ("s.md --against a.vtt b.vtt --json", "s.md --against a.vtt --against b.vtt --json"),
        ("s.md --against=a.vtt b.vtt", "s.md --against=a.vtt --against b.vtt"),
        ("--against a s.md t.md", "--against a s.md t.md"),
        ("--against a --against b s.md", "--against a --against b s.md"),
        ("s.md --against a --strict t.md", "s.md --against a --strict t.md"),
        ("--lang uk --against a - --json", "--lang uk --against a - --json"),
        ("s.md --against a b --lang uk t.md", "s.md --against a --against b --lang uk t.md"),
        ("--against a -- --odd.md", "--against a -- --odd.md"),
        ("s.md --against", "s.md --against"),
    ],
)
def test_several_values_may_follow_against(given: str, spread: str) -> None:
    assert spread_against(given.split()) == spread.split()


def test_a_shells_pattern_after_against_is_the_record(folder: Path) -> None:
    second = folder / "record" / "two.vtt"
    second.write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nThe mill was sold in the autumn.\n", encoding="utf-8")
    path = story(folder, "“The water rose at night” and “The mill was sold in the autumn”", "s.md")
    (found,) = report(path, "--against", folder / "record" / "call.en.vtt", second)
    assert found["summary"] == {"verbatim": 2}


def test_notes_for_github(folder: Path) -> None:
    path = story(folder, "One.\n\nHe said: “They do answer the telephone.” It was “a hurricane”.", "a,b.md")
    result = run(path, "--against", folder / "record", "--github")
    assert result.exit_code == 1
    error, warning = result.stdout.splitlines()
    assert error.startswith("::error file=")
    assert (
        "a%2Cb.md,line=3,col=11,title=quotation altered::“They do answer the telephone.” is altered.%0ASaid by" in error
    )
    assert warning.startswith("::warning file=")


def test_it_needs_no_framework_and_no_database() -> None:
    loaded = (
        "import sys, atexit; from onrecord.cli.main import main; sys.argv = ['onrecord', 'check', '--help']; "
        "atexit.register(lambda: print([m for m in ('django', 'wagtail', 'sqlite3') if m in sys.modules])); main()"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert "--against" in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_as_a_process(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "check", "good.md", "bad.html", "--against", "record"],
        capture_output=True, text=True, env=ENVIRONMENT, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Passed over: record/other.json" in done.stderr
    assert "4 quotations in 2 stories" in done.stdout or "5 quotations in 2 stories" in done.stdout
    outside = subprocess.run(
        [sys.executable, "-m", "onrecord", "check", "../good.md", "--against", "newsroom"],
        capture_output=True, text=True, env=ENVIRONMENT, cwd=folder / "record", check=False,
    )  # fmt: skip
    assert outside.returncode == 2
    assert "onrecord init" in outside.stderr


def test_the_guide_shows_what_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "guide" / "check.md").read_text(encoding="utf-8")
    record, text, printed = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)
    (folder / "record" / "other.json").unlink()
    (folder / "record" / "call.en.vtt").write_text(record, encoding="utf-8")
    story(folder, text, "story.md")
    monkeypatch.chdir(folder)
    assert "onrecord check story.md --against record/\n" in guide
    assert run("story.md", "--against", "record/").stdout == printed
