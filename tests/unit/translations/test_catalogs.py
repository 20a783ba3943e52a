"""The interface in Ukrainian and Russian: every string has a translation, and what is shipped is compiled from them."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

import messages  # noqa: E402

PLACES = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")


@pytest.fixture(scope="module")
def template() -> messages.Catalog:
    return messages.strings()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_string_is_translated(template: messages.Catalog, language: str) -> None:
    lacking = messages.missing(language, template)
    assert not lacking, "run `python scripts/messages.py update`, translate, and `compile`"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_shipped_is_compiled_from_the_catalog(language: str) -> None:
    assert messages.catalog_path(language, ".mo").read_bytes() == messages.compiled(language)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_fills_in_what_the_string_fills_in(language: str) -> None:
    for message in messages.catalog(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        known = set(PLACES.findall(" ".join(ids)))
        for form in forms:
            there = set(PLACES.findall(form))
            assert there <= known, (message.id, form)
            assert len(ids) > 1 or there == known, (message.id, form)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    for message in messages.catalog(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms:
            assert not set("“”„") & set(form), form
            assert form.count("«") == form.count("»"), form


def test_strings_are_found_in_templates_code_and_errors(template: messages.Catalog) -> None:
    assert template.get("Nothing was found for “%(words)s”.") is not None  # a template's
    assert template.get("%(n)s warning") is not None  # a plural
    assert template.get("to", "end of a span of dates") is not None  # with a context
    assert template.get("Best match") is not None  # Python's
    assert (
        template.get("This search took too long and was stopped. Add a word, or choose a language or dates.")
        is not None
    )
    assert template.get("this is not a .docx document") is not None  # a reason inside an error
