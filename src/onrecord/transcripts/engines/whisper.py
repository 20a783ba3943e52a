"""Speech to text by faster-whisper: words with their times, in the child process of an engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.transcripts.engines.errors import EngineMissing, ModelUnusable, is_lack_of_memory
from onrecord.transcripts.engines.interface import Event, Fact, Order, Piece, Progress
from onrecord.transcripts.engines.sound_windows import WINDOW_S, Sound, length_ms, windows

NAME = "faster-whisper"
RUN = "onrecord.transcripts.engines.whisper:transcribe"
SETTING = "WHISPER_MODEL"
PARAMETERS: dict[str, Any] = {"beam_size": 5, "vad_filter": True, "condition_on_previous_text": False}
"""Without the text before, a mistake stays where it is instead of being repeated to the end of the hour."""

OTHER_CODES = {"nb": "no", "fil": "tl", "jv": "jw", "iw": "he"}
_UNSPACED = {"zh", "ja", "th", "lo", "my", "yue", "km"}
_DETECTED_IN = 4
"""Half minutes of speech that the language is told by, unless one is enough."""


def transcribe(order: Order) -> Iterator[Event]:
    """Segments with words and their times, as pieces; the language heard as a fact.

    `given` has the sound, `parameters` device, compute_type and what `WhisperModel.transcribe` takes. Raises
    EngineMissing, ModelUnusable.
    """
    parameters = dict(order.parameters)
    device, compute_type = parameters.pop("device", "cpu"), parameters.pop("compute_type", "default")
    model = _model(order, device, compute_type)
    sound = Path(order.given["sound"])
    total = length_ms(sound)
    yield Progress(order.done, total)
    yield from (Fact(name, value) for name, value in _versions().items())
    language = str(order.facts.get("language", "")) or _named(model, order)
    for start_ms, end_ms, samples in windows(sound, from_ms=order.done, window_s=WINDOW_S):
        if not language:
            detected = _detected(model, samples)
            if detected is not None:
                language, surely = detected
                yield Fact("language_probability", round(surely, 3))
        if language:
            yield Fact("language", language)
            segments, _ = model.transcribe(samples, language=language, word_timestamps=True, **parameters)
            for segment in segments:
                content = _content(segment, start_ms, end_ms, language)
                if content["words"]:
                    yield Piece(content, max(content["end_ms"], start_ms + 1))
        yield Progress(end_ms, total)


def _model(order: Order, device: str, compute_type: str) -> Any:
    local = Path(order.model).is_dir()
    if not local and (order.model.startswith((".", "/", "~")) or "\\" in order.model):
        raise ModelUnusable(model=order.model, reason="there is no such folder", setting=SETTING)
    if local:
        for name in ("model.bin", "config.json", "tokenizer.json"):
            if not (Path(order.model) / name).is_file():
                raise ModelUnusable(model=order.model, reason=f"there is no {name} in this folder", setting=SETTING)
        os.environ["HF_HUB_OFFLINE"] = "1"  # a folder is all there is: nothing is fetched in addition
    try:
        from faster_whisper import WhisperModel  # an optional library
    except ModuleNotFoundError as error:
        raise EngineMissing(engine=NAME, extra="whisper") from error
    try:
        return WhisperModel(order.model, device=device, compute_type=compute_type)
    except Exception as error:  # the loaders of four libraries, each with errors of its own
        if is_lack_of_memory(error):
            raise
        reason = f"{'' if local else 'it could not be fetched: '}{str(error)[:200] or type(error).__name__}"
        raise ModelUnusable(model=order.model, reason=reason, setting=SETTING) from error


def _named(model: Any, order: Order) -> str:
    """The language asked for, as the model calls it; empty to have it detected."""
    known = model.supported_languages
    if not order.language:
        return "" if len(known) > 1 else str(known[0])
    language = OTHER_CODES.get(order.language, order.language)
    if language not in known:
        what = "it knows English only" if len(known) == 1 else f"it does not know the language {order.language}"
        raise ModelUnusable(model=order.model, reason=what, setting=SETTING)
    return language


def _detected(model: Any, samples: Sound) -> tuple[str, float] | None:
    """The language and how surely; None where nobody speaks."""
    from faster_whisper.vad import collect_chunks, get_speech_timestamps

    spoken = get_speech_timestamps(samples)
    if not spoken:
        return None
    chunks, _ = collect_chunks(samples, spoken)

    language, surely, _ = model.detect_language(np.concatenate(chunks), language_detection_segments=_DETECTED_IN)
    return str(language), float(surely)


def _content(segment: Any, start_ms: int, end_ms: int, language: str) -> dict[str, Any]:
    """Times from the start of the recording, words as people write them, each with how surely it was heard."""

    def at(seconds: float) -> int:
        return min(max(start_ms + round(1000 * seconds), start_ms), end_ms)

    words: list[list[Any]] = []
    for word in segment.words or ():
        text = word.word.strip()
        if not text:
            continue
        if words and not word.word.startswith(" ") and language not in _UNSPACED:
            words[-1][0] += text
            words[-1][2] = at(word.end)
        else:
            words.append([text, at(word.start), at(word.end), round(float(word.probability), 3)])
    return {"start_ms": at(segment.start), "end_ms": at(segment.end), "words": words}


def _versions() -> dict[str, str]:
    import ctranslate2
    import faster_whisper

    return {"faster_whisper": faster_whisper.__version__, "ctranslate2": ctranslate2.__version__}
