"""Forms around transcripts in the desk."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from onrecord.archive.forms import LanguageField
from onrecord.archive.models import Recording
from onrecord.errors import OnrecordError
from onrecord.text.subtitles import Reading, read_subtitles, readings
from onrecord.transcripts.services import transcript_import

ACCEPT = ".vtt,.srt,.ttml,.dfxp,.xml,.json,.otr,.docx,.txt,text/plain,text/vtt,application/json"
FORMATS = _("WebVTT, SRT, TTML, Word, JSON of Whisper or a podcast, oTranscribe or plain text.")
ENCODINGS = {
    "cp1251": "windows-1251",
    "koi8_u": "KOI8-U",
    "cp866": "DOS 866",
    "iso8859_5": "ISO 8859-5",
    "mac_cyrillic": "Mac Cyrillic",
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "cp437": "DOS 437",
}
"""Encodings as people know them."""
LARGEST = 50 * 1024 * 1024
LARGEST_KEPT = 2_000_000
"""Characters of a form: a file that its reader is asked about travels with the question."""


class TranscriptFileField(forms.FileField):
    """A file of words; it is read here once, so that a bad one is refused before anything is stored."""

    def __init__(self, *, checks: bool = True, **kwargs: Any) -> None:
        self.checks = checks
        super().__init__(**{"widget": forms.FileInput(attrs={"accept": ACCEPT}), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("This is too large for a transcript."))
        if self.checks:
            words_check(file.read(), file.name or "transcript")
            file.seek(0)
        return file


def words_check(data: bytes, filename: str, encoding: str | None = None) -> None:
    """See that there are words in a file. Raises ValidationError."""
    try:
        parsed = read_subtitles(data, filename, encoding=encoding)
    except OnrecordError as error:
        raise forms.ValidationError(str(error)) from error
    if not any(segment.words for segment in parsed.segments):
        raise forms.ValidationError(_("There are no words in this file."))


class TranscriptFilesForm(forms.Form):
    """The words that come along with an added file."""

    transcript = TranscriptFileField(
        label=_("Transcript"),
        required=False,
        help_text=FORMATS,
        allow_empty_file=False,
    )
    translation = TranscriptFileField(label=_("Translation"), required=False, help_text=FORMATS)
    translation_language = LanguageField(label=_("Language of the translation"), required=False)
    translated_by = forms.CharField(
        label=_("Translated by"),
        required=False,
        max_length=200,
        help_text=_("As readers see it. Empty: the newsroom."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("translation") and not data.get("translation_language"):
            self.add_error("translation_language", _("Give the language of the translation."))
        return data


class WithTranscripts:
    """Takes transcript and translation in with an added recording."""

    form_class = TranscriptFilesForm

    def take(self, *, actor: Any, recording: Recording, data: dict[str, Any]) -> list[str]:
        lines: list[str] = []
        for name, language, made_by in (
            ("transcript", recording.language, ""),
            ("translation", data.get("translation_language", ""), data.get("translated_by", "")),
        ):
            file = data.get(name)
            if not file:
                continue
            version = transcript_import(
                actor=actor,
                recording=recording,
                data=file.read(),
                filename=file.name,
                language=language,
                made_by=made_by,
            )
            kind = _("Translation") if version.transcript.is_translation else _("Transcript")
            lines.append(
                ngettext(
                    "%(kind)s (%(language)s): %(count)s segment.",
                    "%(kind)s (%(language)s): %(count)s segments.",
                    len(version.segments),
                )
                % {"kind": kind, "language": language, "count": len(version.segments)}
            )
            lines.extend(version.warnings)
        return lines


class ImportForm(forms.Form):
    """A file that becomes the next version of a transcript or translation.

    Where its bytes do not tell how its letters are written, people are shown how it reads and asked; the file goes
    along with the question, so that it need not be chosen again.
    """

    file = TranscriptFileField(label=_("File"), help_text=FORMATS, required=False, checks=False)
    encoding = forms.ChoiceField(label=_("Which of these reads right?"), widget=forms.RadioSelect, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    kept_name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=250)
    language = LanguageField(
        label=_("Language of the words"),
        help_text=_("In the language of the recording it is the transcript; in another one, a translation of it."),
    )
    made_by = forms.CharField(
        label=_("Made by"),
        max_length=200,
        required=False,
        help_text=_("Transcriber or translator, as readers see it. Empty: the newsroom."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=250,
        required=False,
        help_text=_("For colleagues: why there is a new version."),
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.content = b""
        self.filename = ""
        kept = _unpacked(data.get("kept", "")) if data and not (files and files.get("file")) else b""
        if kept:
            self.content, self.filename = kept, str(data.get("kept_name", ""))[:250] or "transcript"
            self._ask(readings(kept))
        else:
            del self.fields["encoding"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file:
            self.content, self.filename = file.read(), file.name or "transcript"
        if "file" in self.errors:
            return data
        if not self.content:
            self.add_error("file", _("Choose a file."))
            return data
        found = () if data.get("encoding") else readings(self.content)
        if found:
            self._keep(found)
            return data
        try:
            words_check(self.content, self.filename, data.get("encoding") or None)
        except forms.ValidationError as error:
            self.add_error("file", error)
        return data

    def _keep(self, found: Sequence[Reading]) -> None:
        """Ask how the letters read, the file in hand."""
        packed = b64encode(zlib.compress(self.content)).decode()
        if len(packed) > LARGEST_KEPT:
            self.add_error("file", _("The file does not say how its letters are written. Save it as UTF-8."))
            return
        given = cast("QueryDict", self.data).dict()
        self.data = {**given, "kept": packed, "kept_name": self.filename, "encoding": found[0].encoding}
        self.fields["encoding"] = self.base_fields["encoding"]
        self._ask(found)
        self.add_error("encoding", _("The file does not say how its letters are written. Choose what reads right."))

    def _ask(self, found: Sequence[Reading]) -> None:
        field = cast(forms.ChoiceField, self.fields["encoding"])
        field.choices = [(one.encoding, f"{one.sample} ({ENCODINGS.get(one.encoding, one.encoding)})") for one in found]
        self.order_fields(["encoding"])


def _unpacked(packed: str) -> bytes:
    """What `_keep` packed; nothing when it is not that."""
    try:
        return zlib.decompressobj().decompress(b64decode(packed, validate=True), LARGEST)
    except (ValueError, zlib.error):
        return b""
