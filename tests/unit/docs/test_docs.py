"""The documents are whole: every command, setting and error is described, and the README's commands are real."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import onrecord
from onrecord.cli.main import COMMANDS
from onrecord.errors import AudioError, OnrecordError, TextError

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "docs" / "reference"


def test_every_command_is_described() -> None:
    text = (REFERENCE / "commands.md").read_text()
    assert len(COMMANDS) >= 9
    for name in COMMANDS:
        assert f"`onrecord {name} " in text or f"`onrecord {name}`" in text, name


@pytest.mark.parametrize("command", ["add", "check"])
def test_every_option_is_described(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "onrecord", command, "--help"], capture_output=True, text=True, check=True
    ).stdout
    text = (REFERENCE / "commands.md").read_text()
    for option in set(re.findall(r"--[a-z-]+", shown)) - {"--help"}:
        assert option in text, option


def test_every_setting_is_described() -> None:
    tree = ast.parse((ROOT / "src/onrecord/config/settings.py").read_text())
    names = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(names) > 10
    text = (REFERENCE / "settings.md").read_text()
    for name in names:
        assert f"| `{name}` |" in text, name


def _errors(kind: type[OnrecordError]) -> Iterator[type[OnrecordError]]:
    for found in kind.__subclasses__():
        yield found
        yield from _errors(found)


def test_every_error_is_described_and_has_a_code_of_its_own() -> None:
    for module in walk_packages(onrecord.__path__, "onrecord."):
        if not re.search(r"migrations|__main__|config\.test", module.name):
            import_module(module.name)
    found = [error for error in _errors(OnrecordError) if error not in (AudioError, TextError)]
    found = [error for error in found if error.__module__.startswith("onrecord.")]
    codes = [error.code for error in found]
    assert len(codes) == len(set(codes))
    text = (REFERENCE / "errors.md").read_text()
    for code in codes:
        assert f"| `{code}` |" in text, code


@pytest.mark.parametrize("target", ["demo", "test", "lint", "format", "assets", "bench"])
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / link).exists(), (document.name, link)
