"""A Whisper model of the tests' own making: a few megabytes, real files, random ears, and always the same words.

What it says depends on nothing that it hears: the place of a token in the answer decides which one it is. So the code
that loads and runs real models can be tried whole, and what must come out is known.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from tokenizers.pre_tokenizers import ByteLevel

WORDS = ("The", "water", "came", "over", "the", "bridge", "at", "six.")
_WIDTH = 64
_TEXT_TOKENS = 50257
_LAYERS, _HEADS = 2, 2


def make_whisper_model(
    folder: Path,
    *,
    words: Sequence[str] = WORDS,
    language: str = "en",
    end_s: float = 3.0,
    english_only: bool = False,
    ears: int = 2,
) -> Path:
    """Write a model that says `words` within the first `end_s` seconds of each half minute in which somebody speaks,
    and takes every language for `language`. The more layers of `ears`, the slower it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = _vocabulary(words, english_only)
    place = {token: number for number, token in enumerate(vocabulary)}
    answer = ["<|0.00|>", *map(_token, words), f"<|{end_s:.2f}|>", "<|endoftext|>"]
    spec = _spec([place[token] for token in answer], place.get(f"<|{language}|>"), len(vocabulary), ears)
    if not english_only:
        vocabulary[_TEXT_TOKENS - 1] = ""  # by which a model is known to speak several languages
    spec.register_vocabulary(vocabulary)
    languages = [number for token, number in place.items() if token.startswith("<|") and token[2:-2] in _languages()]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [place["<|endoftext|>"]]
    spec.config.lang_ids = languages
    spec.config.alignment_heads = [[layer, head] for layer in range(_LAYERS) for head in range(_HEADS)]
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    vocabulary[_TEXT_TOKENS - 1] = "filler"
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": 80, "n_fft": 400, "hop_length": 160}))
    return folder


def _languages() -> list[str]:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    return list(_LANGUAGE_CODES)  # a hundred, as in the third large model


def _vocabulary(words: Sequence[str], english_only: bool) -> list[str]:
    text = [*ByteLevel.alphabet(), *dict.fromkeys(map(_token, words))]
    text = list(dict.fromkeys(sorted(text[:256]) + text[256:]))
    text += [f"filler{number}" for number in range(_TEXT_TOKENS - len(text))]
    languages = [] if english_only else [f"<|{code}|>" for code in _languages()]
    special = ["<|endoftext|>", "<|startoftranscript|>", *languages, "<|translate|>", "<|transcribe|>"]
    special += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    return [*text, *special, *(f"<|{step * 0.02:.2f}|>" for step in range(1501))]


def _token(word: str) -> str:
    """A word after a space, byte by byte, as such vocabularies write it."""
    pieces = pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=False).pre_tokenize_str(word)
    return "".join(piece for piece, _ in pieces)


def _tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    place = {token: number for number, token in enumerate(vocabulary) if number < _TEXT_TOKENS}
    tokenizer = Tokenizer(models.BPE(vocab=place, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(vocabulary[_TEXT_TOKENS:]))
    return tokenizer


def _spec(answer: Sequence[int], language: int | None, size: int, ears: int) -> Any:
    rng = np.random.default_rng(8)

    def noise(*shape: int) -> Any:
        return (rng.standard_normal(shape) * 0.2).astype(np.float32)

    def zeros(*shape: int) -> Any:
        return np.zeros(shape, dtype=np.float32)

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(_WIDTH, dtype=np.float32), zeros(_WIDTH)

    def linear(layer: Any, weight: Any) -> None:
        layer.weight, layer.bias = weight, zeros(len(weight))

    def block(layer: Any) -> None:
        """Listens at random, and adds nothing to what passes through it."""
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], noise(3 * _WIDTH, _WIDTH))
        linear(layer.self_attention.linear[1], zeros(_WIDTH, _WIDTH))
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, noise(_WIDTH, _WIDTH))
        linear(layer.ffn.linear_1, zeros(_WIDTH, _WIDTH))

    spec = whisper_spec.WhisperSpec(ears, _HEADS, _LAYERS, _HEADS)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = noise(_WIDTH, 80, 3), zeros(_WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = noise(_WIDTH, _WIDTH, 3), zeros(_WIDTH)
    encoder.position_encodings.encodings = noise(1500, _WIDTH)
    norm(encoder.layer_norm)
    for layer in encoder.layer:
        block(layer)
    for layer in decoder.layer:
        block(layer)
        norm(layer.attention.layer_norm)
        linear(layer.attention.linear[0], noise(_WIDTH, _WIDTH))
        linear(layer.attention.linear[1], noise(2 * _WIDTH, _WIDTH))
        linear(layer.attention.linear[2], zeros(_WIDTH, _WIDTH))
    norm(decoder.layer_norm)
    decoder.embeddings.weight = zeros(size, _WIDTH)
    # After the prompt (three tokens, one for an English model) comes the answer; its first place tells the language.
    first = 2 if language is not None else 0
    steps = {first + number: token for number, token in enumerate(answer)}
    if language is not None:
        steps[0] = language
    last = max(steps)
    positions, projection = zeros(448, _WIDTH), zeros(size, _WIDTH)
    for at in range(448):
        positions[at, min(at, last)] = 10.0
    for at, token in steps.items():
        projection[token, at] = 10.0
    decoder.position_encodings.encodings = positions
    linear(decoder.projection, projection)
    return spec
