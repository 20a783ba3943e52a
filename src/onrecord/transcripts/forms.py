"""Forms around transcripts in the desk."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from onrecord.archive.forms import LanguageField
from onrecord.archive.models import Recording
from onrecord.errors import OnrecordError
from onrecord.text.subtitles import read_subtitles
from onrecord.transcripts.services import transcript_import

ACCEPT = ".vtt,.srt,.ttml,.json,.otr,.txt,text/plain,text/vtt,application/json"
FORMATS = _("WebVTT, SRT, TTML, Whisper JSON, oTranscribe or plain text.")
LARGEST = 50 * 1024 * 1024


class TranscriptFileField(forms.FileField):
    """A file of words; it is read here once, so that a bad one is refused before anything is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.FileInput(attrs={"accept": ACCEPT}), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("This is too large for a transcript."))
        try:
            parsed = read_subtitles(file.read(), file.name or "transcript")
        except OnrecordError as error:
            raise forms.ValidationError(str(error)) from error
        finally:
            file.seek(0)
        if not any(segment.words for segment in parsed.segments):
            raise forms.ValidationError(_("There are no words in this file."))
        return file


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
    """A file that becomes the next version of a transcript or translation."""

    file = TranscriptFileField(label=_("File"), help_text=FORMATS)
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
