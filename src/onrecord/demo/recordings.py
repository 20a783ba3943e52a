"""The demo's recordings: two calls, a hearing and two reposts.

Spoken by espeak-ng and put through what such recordings go through. All of it is synthetic and invented, and
each file says so in its metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onrecord.audio.blocks import Block, joined, samples_at
from onrecord.audio.convert import Resampler
from onrecord.audio.decode import decode
from onrecord.audio.effects import at_speed, levelled, room, telephone, with_noise
from onrecord.demo import scripts
from onrecord.demo.performance import Performance, Voice, perform
from onrecord.demo.published import publish
from onrecord.demo.scripts import Turn
from onrecord.demo.transcript_files import write_transcript, write_translation

NOTE = "Synthetic voices and invented events: made for the Onrecord demo."


@dataclass(frozen=True)
class Repost:
    """Which part of which recording a file is, in that recording's time, and how much faster it plays."""

    of: str
    start_ms: int
    end_ms: int
    speed: float


@dataclass(frozen=True)
class DemoRecording:
    """One published file and what is known of it; `published` is an ISO 8601 time, `url` is under `.example`.

    A repost has neither transcript nor translation of its own; no masked word is in the part it takes.
    """

    key: str
    audio_path: Path
    title: str
    language: str
    publisher: str
    published: str
    url: str
    transcript_path: Path | None
    translation_path: Path | None
    speakers: tuple[str, ...]
    repost: Repost | None = None
    note: str = NOTE

    @property
    def repost_of(self) -> str | None:
        """The key of the recording that this is a copy of."""
        return self.repost.of if self.repost else None


# Voices with breath in them (f2, f3, f5) do not sound the same twice.
_CALL_RU_VOICES = {
    scripts.WOMAN: Voice("ru+f1", 158, 50),
    scripts.HUSBAND: Voice("ru+m3", 150, 34, gain_db=-2),
}
_CALL_UK_VOICES = {
    scripts.BROTHER: Voice("uk+m1", 160, 38),
    scripts.WOMAN: Voice("uk+f4", 166, 50, gain_db=-1.5),
}
_HEARING_VOICES = {
    scripts.CHAIR: Voice("en-gb-x-rp+f1", 150, 46),
    scripts.OFFICIAL: Voice("en-gb+m3", 142, 36, 45, gain_db=-2),
    scripts.ENGINEER: Voice("en-gb-scotland+m1", 150, 46, gain_db=-1),
}
_REPOST_TURNS = slice(10, 23)
"""From "Don't shout" to "forget about us": after the masked word."""
_REPOST_SPEED = 1.03
_SECOND_REPOST_SPEED = 0.98


def build_recordings(folder: Path, progress: Callable[[str], None]) -> tuple[DemoRecording, ...]:
    """Write the five recordings with transcripts and translations into `folder` (made if need be).

    The same bytes each time. `progress` is told each file as it is begun. Raises SpeechFailed, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    progress("Speaking a telephone call in Russian")
    call_ru = _call(
        folder / "call-ru.ogg",
        scripts.CALL_RU,
        _CALL_RU_VOICES,
        seed=1,
        codec="libopus",
        rate=48_000,
        bit_rate=24_000,
    )
    progress("Speaking a telephone call in Ukrainian")
    call_uk = _call(
        folder / "call-uk.mp3",
        scripts.CALL_UK,
        _CALL_UK_VOICES,
        seed=2,
        codec="libmp3lame",
        rate=44_100,
        bit_rate=64_000,
    )
    progress("Speaking a hearing in English")
    hearing = perform(scripts.HEARING_EN, _HEARING_VOICES, tail_ms=1_500)
    _write_hearing(folder / "hearing-en.flac", hearing)
    progress("Writing transcripts and translations")
    for key, performance, language in (("call-ru", call_ru, "ru"), ("call-uk", call_uk, "uk")):
        write_transcript(folder / f"{key}.{language}.json", performance, language)
        write_translation(folder / f"{key}.en.json", performance, "en")
    write_transcript(folder / "hearing-en.en.json", hearing, "en")
    progress("Cutting a repost of the Russian call")
    turns = call_ru.turns[_REPOST_TURNS]
    repost = Repost("call-ru", turns[0].start_ms - 300, turns[-1].end_ms + 200, _REPOST_SPEED)
    _write_repost(folder / "call-ru-repost.mp3", folder / "call-ru.ogg", repost)
    progress("Cutting a repost of the Ukrainian call")
    second = Repost("call-uk", *_unmasked(call_uk), _SECOND_REPOST_SPEED)
    _write_repost(folder / "call-uk-repost.mp3", folder / "call-uk.mp3", second)
    return _described(folder, repost, second)


def _unmasked(call: Performance) -> tuple[int, int]:
    """From the first turn after the last masked word to the end of the call, or up to the first masked word."""
    masked = [n for n, turn in enumerate(call.turns) if any(word.mask for word in turn.words)]
    after, before = call.turns[masked[-1] + 1 :], call.turns[: masked[0]]
    turns = max(after, before, key=len)
    return max(0, turns[0].start_ms - 300), turns[-1].end_ms + 200


def _call(
    path: Path,
    script: Sequence[Turn],
    voices: Mapping[str, Voice],
    *,
    seed: int,
    codec: str,
    rate: int,
    bit_rate: int,
) -> Performance:
    performance = perform(script, voices)
    line = with_noise(performance.sound, snr_db=24, colour="pink", seed=seed)
    sound = levelled(telephone(line, performance.sample_rate), rms_dbfs=-20)
    sound = with_noise(sound, snr_db=38, colour="white", seed=seed + 100)
    publish(
        path,
        _resampled(sound, performance.sample_rate, rate),
        rate,
        codec=codec,
        bit_rate=bit_rate,
        note=NOTE,
    )
    return performance


def _write_hearing(path: Path, performance: Performance) -> None:
    rate = performance.sample_rate
    sound = room(performance.sound, rate, reverberation_ms=420, wet_db=-15, seed=3)
    sound = levelled(with_noise(sound, snr_db=34, colour="pink", seed=4), rms_dbfs=-22)
    publish(path, sound, rate, codec="flac", bit_rate=None, note=NOTE)


def _write_repost(path: Path, original: Path, repost: Repost) -> None:
    """A part of the call as someone else would put it out: cut, a little faster, coded again and lower."""
    rate = 22_050
    whole = joined(list(decode(original, sample_rate=rate)))
    part = whole[:, samples_at(repost.start_ms, rate) : samples_at(repost.end_ms, rate)]
    faster = levelled(at_speed(part, repost.speed), rms_dbfs=-17)
    publish(path, faster, rate, codec="libmp3lame", bit_rate=32_000, note=NOTE)


def _resampled(sound: Block, source_rate: int, target_rate: int) -> Block:
    resampler = Resampler(source_rate, target_rate, channels=1)
    return np.concatenate([resampler.push(sound), resampler.flush()], axis=1)


def _described(folder: Path, repost: Repost, second: Repost) -> tuple[DemoRecording, ...]:
    return (
        DemoRecording(
            key="call-ru",
            audio_path=folder / "call-ru.ogg",
            title="Call from Osotnia: a woman and a man on the night of 16 April",
            language="ru",
            publisher="Bereg",
            published="2025-04-17T08:20:00+00:00",
            url="https://bereg.example/2025/04/17/call-from-osotnia.ogg",
            transcript_path=folder / "call-ru.ru.json",
            translation_path=folder / "call-ru.en.json",
            speakers=(scripts.WOMAN, scripts.HUSBAND),
        ),
        DemoRecording(
            key="call-uk",
            audio_path=folder / "call-uk.mp3",
            title="Call from the shelter in Velnohirsk to Mlynova Street",
            language="uk",
            publisher="Velna Wire",
            published="2025-04-17T13:45:00+00:00",
            url="https://velna-wire.example/audio/2025-04-17-mlynova.mp3",
            transcript_path=folder / "call-uk.uk.json",
            translation_path=folder / "call-uk.en.json",
            speakers=(scripts.BROTHER, scripts.WOMAN),
        ),
        DemoRecording(
            key="hearing-en",
            audio_path=folder / "hearing-en.flac",
            title="Committee on the Velna flood, third sitting: the administration and the river authority",
            language="en",
            publisher="Velna Flood Committee",
            published="2025-05-14T15:00:00+00:00",
            url="https://flood-committee.example/sittings/3/recording.flac",
            transcript_path=folder / "hearing-en.en.json",
            translation_path=None,
            speakers=(scripts.CHAIR, scripts.OFFICIAL, scripts.ENGINEER),
        ),
        DemoRecording(
            key="call-ru-repost",
            audio_path=folder / "call-ru-repost.mp3",
            title="“It was your Grach who turned me back”: a call from the flooded bank",
            language="ru",
            publisher="Left Bank Channel",
            published="2025-04-17T17:05:00+00:00",
            url="https://left-bank.example/posts/4127/audio.mp3",
            transcript_path=None,
            translation_path=None,
            speakers=(scripts.WOMAN, scripts.HUSBAND),
            repost=repost,
        ),
        DemoRecording(
            key="call-uk-repost",
            audio_path=folder / "call-uk-repost.mp3",
            title="A call from a shelter on the Velna",
            language="uk",
            publisher="Mlyny Mirror",
            published="2025-04-18T06:10:00+00:00",
            url="https://mlyny-mirror.example/clips/shelter.mp3",
            transcript_path=None,
            translation_path=None,
            speakers=(scripts.BROTHER, scripts.WOMAN),
            repost=second,
        ),
    )
