"""The newsroom's glossary laid over texts: what is written otherwise, and which terms a translation lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onrecord.text.glossary import Entry, Glossary, missing_terms
from onrecord.text.languages import base
from onrecord.transcripts.models import GlossaryTerm


@dataclass(frozen=True)
class Looked:
    """What was found in one side of a segment: `[start, end, suggestion, note, near]`; `[term, its translation]`."""

    variants: list[list[str | int | bool]]
    missing: list[list[str]]


def glossaries() -> dict[str, Glossary]:
    """The newsroom's terms by language, those of translations with them; entries of one term share their id."""
    entries: dict[str, list[Entry]] = {}
    for term in GlossaryTerm.objects.prefetch_related("translations"):
        entries.setdefault(base(term.language), []).append(
            Entry(term.pk, term.term, lines_of(term.variants), term.note)
        )
        for translation in term.translations.all():
            entries.setdefault(base(translation.language), []).append(
                Entry(term.pk, translation.words, lines_of(translation.variants), term.note)
            )
    return {language: Glossary(found, language) for language, found in entries.items()}


def sides_look(sides: Mapping[str, str], *, original: str, known: Mapping[str, Glossary]) -> dict[str, Looked]:
    """What the glossary has to say on each side of a segment, by language; nothing for a side without words."""
    result = {}
    for language, text in sides.items():
        glossary = known.get(base(language))
        if glossary is None or not text.strip():
            continue
        variants: list[list[str | int | bool]] = [
            [found.start, found.end, found.suggestion, found.entry.note, found.near]
            for found in glossary.variants_in(text)
        ]
        missing: list[list[str]] = []
        of_original = known.get(base(original))
        if language != original and of_original is not None:
            pairs = missing_terms(sides.get(original, ""), text, of_original, glossary)
            missing = [[term.preferred, words.preferred] for term, words in pairs]
        if variants or missing:
            result[language] = Looked(variants, missing)
    return result


def terms_for(
    texts: list[str], language: str, to_language: str, known: Mapping[str, Glossary]
) -> list[tuple[str, str]]:
    """Terms that the texts have, with their translation, for who is about to translate them."""
    here, there = known.get(base(language)), known.get(base(to_language))
    if here is None or there is None:
        return []
    into = {entry.id: entry.preferred for entry in there.entries}
    wanted = {entry.id: entry.preferred for text in texts for entry in here.entries_in(text) if entry.id in into}
    return [(preferred, into[key]) for key, preferred in wanted.items()]


def lines_of(text: str) -> tuple[str, ...]:
    """The variants as somebody typed them, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
