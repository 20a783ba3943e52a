"""A CTranslate2 model in a folder: Opus-MT (Marian), NLLB, M2M-100, as `ct2-transformers-converter` writes them.

Words are cut by what lies in the folder: `source.spm` and `target.spm`, one SentencePiece model, or a `tokenizer.json`.
A model of many languages is told the language by a token that its vocabulary has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.transcripts.engines.errors import EngineMissing, ModelUnusable, is_lack_of_memory
from onrecord.transcripts.engines.interface import Event, Order
from onrecord.transcripts.engines.translation import LanguageNotInModel, translated

NAME = "CTranslate2"
RUN = f"{__name__}:run"
SETTING = "TRANSLATE_MODEL"
PARAMETERS = {"beam_size": 4, "max_decoding_length": 256, "no_repeat_ngram_size": 4}
AT_ONCE = 16
LONGEST_TOKENS = 400
_ONE_MODEL = ("sentencepiece.bpe.model", "sentencepiece.model", "spm.model", "spm.128k.model", "spiece.model")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+")
_NLLB = {
    "ar": "arb_Arab", "az": "azj_Latn", "be": "bel_Cyrl", "bg": "bul_Cyrl", "cs": "ces_Latn", "da": "dan_Latn",
    "de": "deu_Latn", "el": "ell_Grek", "en": "eng_Latn", "es": "spa_Latn", "et": "est_Latn", "fa": "pes_Arab",
    "fi": "fin_Latn", "fr": "fra_Latn", "he": "heb_Hebr", "hr": "hrv_Latn", "hu": "hun_Latn", "hy": "hye_Armn",
    "it": "ita_Latn", "ja": "jpn_Jpan", "ka": "kat_Geor", "kk": "kaz_Cyrl", "ko": "kor_Hang", "lt": "lit_Latn",
    "lv": "lvs_Latn", "nl": "nld_Latn", "no": "nob_Latn", "pl": "pol_Latn", "pt": "por_Latn", "ro": "ron_Latn",
    "ru": "rus_Cyrl", "sk": "slk_Latn", "sl": "slv_Latn", "sr": "srp_Cyrl", "sv": "swe_Latn", "tr": "tur_Latn",
    "uk": "ukr_Cyrl", "zh": "zho_Hans",
}  # fmt: skip


@dataclass(frozen=True)
class _Cutter:
    """Text to tokens and back."""

    cut: Callable[[str], list[str]]
    join: Callable[[list[str]], str]


def run(order: Order) -> Iterator[Event]:
    """Translate on this machine, sentence by sentence. Raises EngineMissing, ModelUnusable, LanguageNotInModel."""
    folder = Path(order.model)
    parameters = dict(order.parameters)
    translator = _translator(folder, parameters.pop("compute_type", "default"))
    cutter = _cutter(folder)
    source, target = _language_tokens(folder, order)

    def translate(texts: Sequence[str]) -> Sequence[str]:
        sentences = [(number, s) for number, text in enumerate(texts) for s in _SENTENCE.split(text) if s.strip()]
        tokens = [[*source, *cutter.cut(sentence)[:LONGEST_TOKENS], "</s>"] for _, sentence in sentences]
        prefixes = [target for _ in tokens] if target else None
        results = translator.translate_batch(tokens, target_prefix=prefixes, max_batch_size=AT_ONCE, **parameters)
        found: list[list[str]] = [[] for _ in texts]
        for (number, _), result in zip(sentences, results, strict=True):
            words = [token for token in result.hypotheses[0][len(target) :] if token not in ("</s>", "<s>", "<pad>")]
            found[number].append(cutter.join(words))
        return [" ".join(part for part in parts if part.strip()) for parts in found]

    yield from translated(order, translate, at_once=AT_ONCE)


def _translator(folder: Path, compute_type: str) -> Any:
    try:
        import ctranslate2
    except ImportError as error:
        raise EngineMissing(engine=NAME, extra="translate") from error
    if not (folder / "model.bin").is_file():
        reason = "there is no such folder" if not folder.is_dir() else "there is no model.bin in the folder"
        raise ModelUnusable(model=folder, reason=reason, setting=SETTING)
    try:
        return ctranslate2.Translator(str(folder), device="cpu", compute_type=compute_type, inter_threads=1)
    except (RuntimeError, ValueError) as error:
        if is_lack_of_memory(error):
            raise MemoryError from error
        raise ModelUnusable(model=folder, reason=str(error)[:200], setting=SETTING) from error


def _cutter(folder: Path) -> _Cutter:
    pair = folder / "source.spm", folder / "target.spm"
    if all(file.is_file() for file in pair):
        source, target = (_pieces(file) for file in pair)
        return _Cutter(lambda text: list(source.encode(text, out_type=str)), lambda tokens: str(target.decode(tokens)))
    name = next((name for name in _ONE_MODEL if (folder / name).is_file()), None)
    if name is not None:
        both = _pieces(folder / name)
        return _Cutter(lambda text: list(both.encode(text, out_type=str)), lambda tokens: str(both.decode(tokens)))
    if (folder / "tokenizer.json").is_file():
        return _tokenizer(folder / "tokenizer.json")
    reason = "there is neither source.spm with target.spm, nor a SentencePiece model, nor a tokenizer.json in it"
    raise ModelUnusable(model=folder, reason=reason, setting=SETTING)


def _pieces(file: Path) -> Any:
    try:
        import sentencepiece
    except ImportError as error:
        raise EngineMissing(engine=NAME, extra="translate") from error
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(file))
    except (RuntimeError, OSError) as error:
        raise ModelUnusable(model=file, reason="the file is damaged", setting=SETTING) from error


def _tokenizer(file: Path) -> _Cutter:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EngineMissing(engine=NAME, extra="translate") from error
    try:
        found = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises this class itself
        raise ModelUnusable(model=file, reason="the file is damaged", setting=SETTING) from error

    def join(tokens: list[str]) -> str:
        ids = [number for token in tokens if (number := found.token_to_id(token)) is not None]
        return str(found.decode(ids, skip_special_tokens=True))

    return _Cutter(lambda text: list(found.encode(text, add_special_tokens=False).tokens), join)


def _language_tokens(folder: Path, order: Order) -> tuple[list[str], list[str]]:
    """Tokens that come before the source and begin the target; none for a model of one pair of languages."""
    vocabulary = _vocabulary(folder)
    here, there = order.language, order.to_language
    for form in ("__{}__", "{}"):
        codes = [form.format(code) for code in (here, there)]
        if form == "{}":
            codes = [_NLLB.get(code, "?") for code in (here, there)]
        if all(code in vocabulary for code in codes):
            return [codes[0]], [codes[1]]
    marian = f">>{there}<<"
    if marian in vocabulary:
        return [marian], []
    if any(token in vocabulary for token in ("__en__", "eng_Latn")):
        raise LanguageNotInModel(model=folder.name, language=here, to_language=there)
    return [], []


def _vocabulary(folder: Path) -> frozenset[str]:
    for name in ("shared_vocabulary.json", "target_vocabulary.json"):
        if (folder / name).is_file():
            return frozenset(json.loads((folder / name).read_text(encoding="utf-8")))
    for name in ("shared_vocabulary.txt", "target_vocabulary.txt"):
        if (folder / name).is_file():
            return frozenset((folder / name).read_text(encoding="utf-8").splitlines())
    return frozenset()
