"""What the engines that translate share: texts in, in batches, texts out, each kept as soon as it is there.

`given["segments"]` are `[id, text]` in order; a text that is empty needs no translation (any more). `given["terms"]`
are `[term, its translation]` as the newsroom writes them. A text that an engine gives nothing for, also when it is
asked for it alone, is left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from onrecord.transcripts.engines.errors import EngineFailed
from onrecord.transcripts.engines.interface import Event, Fact, Order, Piece, Progress

LEFT_OUT = "left_out"
Translate = Callable[[Sequence[str]], Sequence[str]]
"""Gives a translation for each text, empty where there is none; may give fewer where an answer broke off."""


class TranslationUnreachable(EngineFailed):
    code = "translation-unreachable"
    message = (
        "{host} can't be reached ({reason}). What was translated until then is in the text. See that it runs, then "
        "resume."
    )


class TranslationRefused(EngineFailed):
    code = "translation-refused"
    message = (
        "{host} refuses to translate ({reason}). What was translated until then is in the text. Check the languages "
        "and the settings TRANSLATE_URL, TRANSLATE_MODEL and TRANSLATE_KEY, then resume."
    )


class TranslationBusy(EngineFailed):
    code = "translation-busy"
    message = "{host} takes no more work now ({reason}). What was translated until then is in the text. Resume later."


class TranslationUnreadable(EngineFailed):
    code = "translation-unreadable"
    message = (
        "{host} answers with something that is no translation ({reason}). What was translated until then is in the "
        "text. Check TRANSLATE_ENGINE and TRANSLATE_URL, then resume."
    )


class LanguageNotInModel(EngineFailed):
    code = "language-not-in-model"
    message = "The model {model} can't translate from {language} to {to_language}. Set a model that can."


def translated(order: Order, translate: Translate, *, at_once: int) -> Iterator[Event]:
    """Translate the order's texts, `at_once` at a time; a piece after each batch."""
    segments: list[list[str]] = list(order.given["segments"])
    total = len(segments)
    left_out = int(order.facts.get(LEFT_OUT, 0))
    yield Progress(order.done, total)
    for start in range(order.done, total, at_once):
        batch = segments[start : start + at_once]
        wanted = [(key, text) for key, text in batch if text.strip()]
        texts = _complete(translate, [text for _, text in wanted]) if wanted else []
        left_out += sum(not text for text in texts)
        yield Fact(LEFT_OUT, left_out)
        content = [[key, text] for (key, _), text in zip(wanted, texts, strict=True) if text]
        yield Piece({"segments": content}, start + len(batch))
        yield Progress(start + len(batch), total)


def _complete(translate: Translate, texts: Sequence[str]) -> list[str]:
    """A translation of each text; what is missing is asked for again, one by one."""
    first = list(translate(texts))
    if len(first) > len(texts):
        first = []  # whose is which cannot be told
    found = [" ".join(text.split()) for text in first] + [""] * (len(texts) - len(first))
    if len(texts) == 1:
        return found
    for number, text in enumerate(texts):
        if not found[number]:
            alone = list(translate([text]))
            found[number] = " ".join(alone[0].split()) if len(alone) == 1 else ""
    return found
