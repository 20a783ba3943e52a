"""The guide lists the desk's keys as the desk knows them, and the screen has a text for all that it says."""

import re
from pathlib import Path

from onrecord.transcripts.screen_texts import COUNTED, TEXTS, screen_texts

ROOT = Path(__file__).resolve().parents[3]
CLIENT = ROOT / "client/desk/transcript"


def test_every_key_of_the_transcript_desk_is_in_the_guide() -> None:
    keys = re.findall(r'\{ keys: "([^"]+)", act: "([^"]+)"', (CLIENT / "keys.ts").read_text())
    assert len(keys) > 25
    guide = (ROOT / "docs/guide/reporter.md").read_text()
    for key, act in keys:
        assert f"| `{key}` | {TEXTS[f'key.{act}']} |" in guide, key
    assert {f"key.{act}" for _, act in keys} == {name for name in TEXTS if name.startswith("key.")}


def test_the_screen_has_every_text_that_its_script_asks_for_and_no_other() -> None:
    source = "\n".join(path.read_text() for path in sorted(CLIENT.glob("*.ts")))
    known = {*TEXTS, *COUNTED}
    asked = {name for name in known if f'"{name}"' in source}
    families = set(re.findall(r"say\(`([a-z.]+)\.\$\{", source))
    assert families == {"state", "key", "mask", "row.state"}
    for name in re.findall(r'say\(\s*"([^"]+)"', source):
        assert name in known, name
    unused = {name for name in known - asked if name.rsplit(".", 1)[0] not in families}
    assert not unused


def test_texts_that_count_have_every_form() -> None:
    texts = screen_texts()
    assert texts["speakers.count"] == {
        "one": "{speaker}, {count} segment",
        "few": "{speaker}, {count} segments",
        "many": "{speaker}, {count} segments",
        "other": "{speaker}, {count} segments",
    }
