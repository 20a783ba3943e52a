"""LibreTranslate, on the newsroom's own machine or elsewhere, by URL (https://docs.libretranslate.com/)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onrecord.transcripts.engines.interface import Event, Order
from onrecord.transcripts.engines.translation import TranslationUnreadable, translated
from onrecord.transcripts.engines.translation_http import ask, host_of

NAME = "LibreTranslate"
RUN = f"{__name__}:run"
AT_ONCE = 20


def run(order: Order) -> Iterator[Event]:
    """Translate with `POST /translate`; the newsroom's terms cannot be passed on."""
    url = f"{str(order.parameters['url']).rstrip('/')}/translate"
    fixed = {"source": order.language or "auto", "target": order.to_language, "format": "text"}
    if key := order.secrets.get("key"):
        fixed["api_key"] = key

    def translate(texts: Sequence[str]) -> Sequence[str]:
        answer = ask(url, {"q": list(texts), **fixed})
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if isinstance(found, str) and len(texts) == 1:
            found = [found]
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise TranslationUnreadable(host=host_of(url), reason="there is no list translatedText in it")
        return found

    yield from translated(order, translate, at_once=AT_ONCE)
