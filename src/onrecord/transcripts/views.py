"""Reading, editing and importing transcripts in the desk."""

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from onrecord.archive.desk import waveform_path
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.drafts import text_open
from onrecord.transcripts.exporting import FORMATS, words_export
from onrecord.transcripts.forms import ImportForm
from onrecord.transcripts.history import version_changes, version_restore
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.screen_texts import screen_texts
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import latest_version, latest_versions, side_by_side, transcript_import
from onrecord.transcripts.sound import original_piece, outline_url

READ = ("transcripts.view_transcript", "transcripts.change_transcript")
EDIT = ("transcripts.change_transcript",)
ADDRESSES = (
    "draft", "publish", "pulse", "suggestions", "times", "glossary", "memory", "sound", "versions", "read",
)  # fmt: skip
"""What the desk's screen asks for, by the names of its addresses."""


class TranscriptView(WagtailAdminTemplateMixin, TemplateView):
    """What the pages share: who may see them, and the way back to the recording."""

    permissions: tuple[str, ...] = READ
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(permission) for permission in self.permissions):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def recording(self) -> Recording:
        return get_object_or_404(Recording, pk=self.kwargs["recording_id"])

    @property
    def can_edit(self) -> bool:
        return self.request.user.has_perm("transcripts.change_transcript")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("recording_desk:index"), "label": _("Recordings")},
            {
                "url": reverse("recording_desk:inspect", args=[self.recording.pk]),
                "label": self.recording.title,
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "recording": self.recording,
            "waveform": waveform_path(self.recording.peaks),
            "can_edit": self.can_edit,
        }

    def downloads(self) -> dict[str, Any]:
        """What the menu of downloads needs; two columns only where there is a translation."""
        languages = list(
            self.recording.transcripts.order_by("is_translation", "language").values_list("language", flat=True)
        )
        formats = [(key, kind) for key, kind in FORMATS.items() if key != "docx-two" or len(languages) > 1]
        return {"export_formats": formats, "export_languages": languages}


class ReadView(TranscriptView):
    """Transcript and translations side by side with the player."""

    template_name = "transcripts/desk/read.html"
    page_title = gettext_lazy("Transcript")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.can_edit:
            return []
        url = reverse("transcript_desk:import", args=[self.recording.pk])
        return [HeaderButton(_("Import a file"), url=url, icon_name="upload")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = sorted(
            latest_versions([self.recording]),
            key=lambda version: (version.transcript.is_translation, version.transcript.language),
        )
        return {
            **super().get_context_data(**kwargs),
            **self.downloads(),
            "versions": versions,
            "rows": [
                (row.original, [row.translations.get(v.transcript.language) for v in versions[1:]])
                for row in side_by_side(self.recording)
            ],
        }


class VersionView(TranscriptView):
    """One version as it was."""

    template_name = "transcripts/desk/version.html"

    @cached_property
    def version(self) -> TranscriptVersion:
        return get_object_or_404(
            TranscriptVersion.objects.select_related("transcript__recording", "created_by"),
            pk=self.kwargs["version_id"],
        )

    @cached_property
    def recording(self) -> Recording:
        return self.version.transcript.recording

    def get_page_title(self) -> str:
        kind = _("Translation") if self.version.transcript.is_translation else _("Transcript")
        return _("%(kind)s (%(language)s), version %(number)s") % {
            "kind": kind,
            "language": self.version.transcript.language,
            "number": self.version.number,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = self.version.transcript.versions.defer("segments").first()
        return {
            **super().get_context_data(**kwargs),
            "version": self.version,
            "newest": newest,
            "segments": segments_from_json(self.version.segments),
            "changes": version_changes(self.version),
        }

    def post(self, request: HttpRequest, version_id: int) -> HttpResponseBase:
        if not self.can_edit:
            raise PermissionDenied
        made = version_restore(actor=cast(User, request.user), version=self.version)
        messages.success(
            request,
            _("The words of version %(old)s are the newest ones again, as version %(new)s.")
            % {"old": self.version.number, "new": made.number},
        )
        return redirect("transcript_desk:versions", self.recording.pk)


class EditView(TranscriptView):
    """The transcript desk: one screen for the words of a recording in all its languages."""

    template_name = "transcripts/desk/edit.html"
    permissions = EDIT

    def get_page_title(self) -> str:
        return _("Words: %(title)s") % {"title": self.recording.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recording = self.recording
        address = {name: reverse(f"transcript_desk:{name}", args=[recording.pk]) for name in ADDRESSES}
        desk = {
            **address,
            "recording": str(recording.pk),
            "person": str(self.request.user),
            "language": recording.language,
            "durationMs": recording.duration_ms or 0,
            "peaks": recording.peaks,
            "webCopy": recording.audio_url,
            "outline": outline_url(recording),
        }
        return {
            **super().get_context_data(**kwargs),
            **self.downloads(),
            "desk": desk,
            "texts": screen_texts(),
            "has_original": latest_version(recording, recording.language) is not None,
        }


class VersionsView(TranscriptView):
    """Every version of every language: who, when, why, and by which engine."""

    template_name = "transcripts/desk/versions.html"
    page_title = gettext_lazy("Versions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = TranscriptVersion.objects.defer("segments", "reviews").select_related("created_by")
        return {
            **super().get_context_data(**kwargs),
            "transcripts": self.recording.transcripts.prefetch_related(Prefetch("versions", versions)),
            "unsaved": text_open(self.recording).changed,
        }


class SoundView(TranscriptView):
    """The original in pieces, for people who may change transcripts."""

    permissions = EDIT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return original_piece(self.recording, request)


class DownloadView(TranscriptView):
    """The words as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("transcript_desk:read", self.recording.pk)

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
        try:
            export = words_export(
                actor=cast(User, request.user),
                recording=self.recording,
                format=request.POST.get("format", ""),
                language=request.POST.get("language", ""),
                whole=request.POST.get("whole") == "yes",
            )
        except OnrecordError as error:
            messages.error(request, str(error))
            return redirect("transcript_desk:read", self.recording.pk)
        answer = HttpResponse(export.data, content_type=export.media_type)
        answer["Content-Disposition"] = content_disposition_header(True, export.filename) or "attachment"
        return answer


class ImportView(TranscriptView):
    """A file becomes the next version."""

    template_name = "transcripts/desk/import.html"
    permissions = EDIT
    page_title = gettext_lazy("Import a file")

    def form(self, *args: Any) -> ImportForm:
        language = self.request.GET.get("language") or self.recording.language
        data, files = args if args else (None, None)
        form = ImportForm(data, files, initial={"language": language})
        known = [self.recording.language, *self.recording.transcripts.values_list("language", flat=True)]
        form.fields["language"].widget.values = sorted(set(known))
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "form": kwargs.get("form") or self.form(),
            "has_original": latest_version(self.recording, self.recording.language) is not None,
        }

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                version = transcript_import(
                    actor=cast(User, request.user),
                    recording=self.recording,
                    data=form.content,
                    filename=form.filename,
                    encoding=data.get("encoding", ""),
                    language=data["language"],
                    made_by=data["made_by"],
                    note=data["note"],
                )
            except OnrecordError as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, _("Imported as version %(number)s.") % {"number": version.number})
                return redirect("transcript_desk:read", self.recording.pk)
        if "encoding" in form.errors:
            messages.warning(request, _("Not imported yet: choose how the file reads."))
        else:
            messages.error(request, _("Nothing was imported."))
        return self.render_to_response(self.get_context_data(form=form), status=422)
