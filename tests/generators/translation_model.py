"""A translation model of the tests' own making: real files, random weights, and always the same words.

As with the Whisper model beside it, the place of a token in the answer decides which one it is; so the code that loads
and runs real models can be tried whole, and what must come out is known.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import transformer_spec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

WORDS = ("The", "water", "came", "over", "the", "bridge.")
SOURCE = (
    "Вода перейшла міст о шостій, і ніхто нам не сказав.",
    "Казали, що автобуси поїдуть у вівторок, не раніше.",
    "Без худоби ми не поїдемо.",
)
_WIDTH, _HEADS = 64, 2


def make_translation_model(
    folder: Path,
    *,
    words: Sequence[str] = WORDS,
    languages: Sequence[str] = (),
    cutter: str = "pair",
    first: int | None = None,
) -> Path:
    """Write a model that translates every sentence into `words`.

    `languages` are tokens of a model of several languages (`eng_Latn`, `__en__`); `cutter` is what cuts words: `pair`
    (source.spm and target.spm), `one` (sentencepiece.bpe.model) or `tokenizer` (tokenizer.json). The answer begins at
    place `first`: after the token of the language where there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if cutter == "tokenizer":
        pieces = _tokenizer(folder / "tokenizer.json", words)
        answer = [*words]
    else:
        trained = _sentencepiece([*SOURCE, " ".join(words)])
        names = ("source.spm", "target.spm") if cutter == "pair" else ("sentencepiece.bpe.model",)
        for name in names:
            (folder / name).write_bytes(trained)
        model = sentencepiece.SentencePieceProcessor(model_proto=trained)
        pieces = [model.id_to_piece(number) for number in range(model.get_piece_size())]
        answer = list(model.encode(" ".join(words), out_type=str))
    vocabulary = list(dict.fromkeys(["<unk>", "<s>", "</s>", *pieces, *languages]))
    place = {token: number for number, token in enumerate(vocabulary)}
    spec = _spec(
        [place[token] for token in (*answer, "</s>")],
        len(vocabulary),
        first=first if first is not None else int(bool(languages)),
    )
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.decoder_start_token = "</s>"
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    return folder


def _sentencepiece(lines: Sequence[str]) -> bytes:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, vocab_size=120, hard_vocab_limit=False, model_type="unigram",
        minloglevel=2,
    )  # fmt: skip
    return out.getvalue()


def _tokenizer(file: Path, words: Sequence[str]) -> list[str]:
    known = list(dict.fromkeys(["[UNK]", *words, *(word for line in SOURCE for word in line.split())]))
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(known)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    tokenizer.save(str(file))
    return known


def _spec(answer: Sequence[int], size: int, *, first: int) -> Any:
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
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], noise(3 * _WIDTH, _WIDTH))
        linear(layer.self_attention.linear[1], zeros(_WIDTH, _WIDTH))
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, noise(_WIDTH, _WIDTH))
        linear(layer.ffn.linear_1, zeros(_WIDTH, _WIDTH))

    spec = transformer_spec.TransformerSpec.from_config(num_layers=1, num_heads=_HEADS, pre_norm=True)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.embeddings[0].weight, encoder.scale_embeddings = noise(size, _WIDTH), False
    encoder.position_encodings.encodings = noise(512, _WIDTH)
    norm(encoder.layer_norm)
    block(encoder.layer[0])
    block(decoder.layer[0])
    attention = decoder.layer[0].attention
    norm(attention.layer_norm)
    linear(attention.linear[0], noise(_WIDTH, _WIDTH))
    linear(attention.linear[1], noise(2 * _WIDTH, _WIDTH))
    linear(attention.linear[2], zeros(_WIDTH, _WIDTH))
    norm(decoder.layer_norm)
    decoder.embeddings.weight, decoder.scale_embeddings = zeros(size, _WIDTH), False
    # The place in the answer, one of at most _WIDTH, is all that the decoder knows; it decides the token.
    steps = {first + number: token for number, token in enumerate(answer)}
    last = max(steps)
    positions, projection = zeros(512, _WIDTH), zeros(size, _WIDTH)
    for at in range(512):
        positions[at, min(at, last)] = 10.0
    for at, token in steps.items():
        projection[token, at] = 10.0
    decoder.position_encodings.encodings = positions
    linear(decoder.projection, projection)
    return spec
