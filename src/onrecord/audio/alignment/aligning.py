"""From a file and its words to moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from onrecord.audio.alignment.hearing import hear
from onrecord.audio.alignment.moments import moments
from onrecord.audio.alignment.reading import pages, phrases_of
from onrecord.audio.alignment.result import Alignment
from onrecord.audio.alignment.rounds import run
from onrecord.audio.alignment.spelling import spell
from onrecord.errors import AlignmentStopped, NothingToAlign


def align(
    source: Path,
    segments: Sequence[Sequence[str]],
    *,
    language: str,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Alignment:
    """When the words of each segment are said in a recording, in a language that espeak-ng speaks.

    No model is needed: the text is synthesised, phones are learned from that and then from the recording. Words that
    are not in the recording and sound that is not in the text are flagged. `progress` is given shares from 0 to 1;
    `cancelled` is asked now and then. Raises NothingToAlign (no words that can be spoken, or no sound), SpeechFailed
    (unknown language), AlignmentStopped, and the errors of Decoder.
    """

    def step(share: float) -> None:
        if cancelled is not None and cancelled():
            raise AlignmentStopped(path=source)
        if progress is not None:
            progress(share)

    words = [word for segment in segments for word in segment]
    phrases = phrases_of(segments)
    if not pages(words, phrases):
        raise NothingToAlign(path=source, reason="the text has no words that can be spoken")
    step(0.0)
    sound = hear(source, lambda: step(0.0))
    step(0.2)
    text = spell(words, phrases, language)
    step(0.4)
    way, fit = run(sound, text, lambda share: step(0.4 + 0.6 * share))
    phones, classes = way.graph.phone[way.states], way.graph.classes[way.states]
    return moments(segments, text.spelling, phones, classes, fit, sound.speech)
