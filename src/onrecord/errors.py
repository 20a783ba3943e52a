"""One base error and one class per meaning.

An error carries a `code` (stable, for the API and the desk) and `fields` (what it is about). The words are made at
the edge from both; `str()` names the thing, says what is wrong and what to do: in English, and in the language of
whoever is reading where `OnrecordError.translate` has been set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

TOLD = frozenset({"reason", "remedy", "what", "kept"})
"""Fields that hold words of ours."""


class OnrecordError(Exception):
    """Something that a person can put right.

    A subclass sets `code` and `message`; the message is a `str.format` template over the fields.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "Something went wrong."
    translate: ClassVar[Callable[[str], str]] = staticmethod(str)

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields: dict[str, object] = fields

    def __str__(self) -> str:
        return self._said(self.message)

    def _said(self, text: str) -> str:
        """A template filled in, in the language that is read; so are the reasons among the fields that we wrote."""
        translate = OnrecordError.translate
        message = translate(text)
        fields = {
            name: translate(value) if name in TOLD and isinstance(value, str) and value else value
            for name, value in self.fields.items()
        }
        try:
            return message.format(**fields)
        except (KeyError, IndexError, ValueError):
            return f"{message} ({fields})" if fields else message


# --- audio ---------------------------------------------------------------------------------------------------------


class AudioError(OnrecordError):
    """A file, or an order for one, that the audio core cannot carry out. `path` names the file where there is one."""

    code = "audio"


class EmptyFile(AudioError):
    code = "empty-file"
    message = "{path}: the file is empty (0 bytes). Fetch or export it again."


class NotAudio(AudioError):
    code = "not-audio"
    message = "{path}: this is not an audio or video file that can be read ({reason}). Check that it is the right file."


class NoAudioStream(AudioError):
    code = "no-audio-stream"
    message = "{path}: the file has no sound ({found}). Add a version of it with its sound track."


class UnreadableFile(AudioError):
    code = "unreadable-file"
    message = "{path}: the file cannot be read: {reason}. Check the file and its permissions, then try again."


class UnsupportedSound(AudioError):
    code = "unsupported-sound"
    message = "{path}: {what} is {value}, and the limit is {limit}. Convert the file with another program first."


class SoundTooShort(AudioError):
    code = "sound-too-short"
    message = "{path}: {seconds} s of sound is too short to be recognised. Give at least {least} s."


class IndexUnreadable(AudioError):
    code = "index-unreadable"
    message = "{path}: this is no index of fingerprints that can be used: {reason}. {remedy}"


class DecodingFailed(AudioError):
    """The decoder crashed or went past a limit; the file is damaged or made to do harm."""

    code = "decoding-failed"
    message = "{path}: reading this file ended in {reason}. Convert it with another program and use that."


class IndexUnwritable(AudioError):
    code = "index-unwritable"
    message = "{path}: the index could not be written: {reason}. What was in it is there; free space, try again."


class EncodeFailed(AudioError):
    code = "encode-failed"
    message = "{path}: the audio could not be written: {reason}. Nothing was left behind; free space or fix the folder."


class MaskFailed(AudioError):
    code = "mask-failed"
    message = "The masked words could not be taken out of the sound: {reason}. No audio was made; check the masks."


class SpeechFailed(AudioError):
    code = "speech-failed"
    message = "The text could not be spoken with voice {voice}: {reason}."


class NothingToAlign(AudioError):
    code = "nothing-to-align"
    message = "{path}: the words cannot be tied to the sound: {reason}. Check that both are the right files."


class AlignmentStopped(AudioError):
    code = "alignment-stopped"
    message = "{path}: stopped before the words were tied to the sound. Nothing was changed; start it again."


# --- text ----------------------------------------------------------------------------------------------------------


class TextError(OnrecordError):
    """A text, or a file of text, that the text core cannot take."""

    code = "text"


class BadMaskMarkup(TextError):
    code = "bad-mask-markup"
    message = 'Near "{near}": {reason}. A mask is written {{kind|words}}, for example {{profanity|damn}}.'


class NotSubtitles(TextError):
    """A file that cannot be read as a transcript; `line` counts from 1, and 0 is the file as a whole."""

    code = "not-subtitles"
    message = "{file}, line {line}: {reason}. {remedy}"
    whole: ClassVar[str] = "{file}: {reason}. {remedy}"

    def __str__(self) -> str:
        return self._said(self.whole if self.fields.get("line") == 0 else self.message)


class BadSelection(TextError):
    code = "bad-selection"
    message = "The selected passage cannot be used: {reason}. Select the words again."


class RecordIndexUnreadable(TextError):
    code = "record-index-unreadable"
    message = (
        "{path}: this index of transcripts cannot be used: {reason}. Delete the folder and index again; "
        "it holds nothing that the transcripts do not."
    )


class UnreadableStory(TextError):
    code = "unreadable-story"
    message = "{file}: {reason}. {remedy}"
