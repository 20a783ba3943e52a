"""The guide lists the desk's keys as the desk knows them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_key_of_the_transcript_desk_is_in_the_guide() -> None:
    source = (ROOT / "client/desk/transcript/keys.ts").read_text()
    keys = re.findall(r'\{ keys: "([^"]+)", does: "([^"]+)"', source)
    assert len(keys) > 25
    guide = (ROOT / "docs/guide/reporter.md").read_text()
    for key, does in keys:
        assert f"| `{key}` | {does} |" in guide, key
