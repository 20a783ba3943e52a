"""Reading, editing and importing transcripts in the desk."""

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
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
from onrecord.transcripts.desk import Row, rows_changed, rows_checked, rows_compared, rows_of, rows_posted
from onrecord.transcripts.forms import ImportForm
from onrecord.transcripts.models import Transcript, TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import (
    EditConflict,
    latest_version,
    latest_versions,
    side_by_side,
    transcript_edit,
    transcript_import,
)

READ = ("transcripts.view_transcript", "transcripts.change_transcript")
EDIT = ("transcripts.change_transcript",)


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
        }


class EditView(TranscriptView):
    """The plain edit form. Saving makes the next version, or says that a colleague was faster."""

    template_name = "transcripts/desk/edit.html"
    permissions = EDIT

    @cached_property
    def transcript(self) -> Transcript:
        return get_object_or_404(Transcript.objects.select_related("recording"), pk=self.kwargs["transcript_id"])

    @cached_property
    def recording(self) -> Recording:
        return self.transcript.recording

    def get_page_title(self) -> str:
        kind = _("Edit the translation") if self.transcript.is_translation else _("Edit the transcript")
        return f"{kind} ({self.transcript.language})"

    def latest(self) -> TranscriptVersion:
        version = self.transcript.versions.select_related("created_by").first()
        if version is None:
            raise PermissionDenied
        return version

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        latest = self.latest()
        rows = rows_of(segments_from_json(latest.segments), self._counterparts())
        return self.render_to_response(self.get_context_data(rows=rows, based_on=latest.number))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = rows_posted(dict(request.POST.lists()))
        based_on = int(request.POST.get("based_on", "0") or 0)
        note = request.POST.get("note", "")[:250]
        if order := request.POST.get("do"):
            return self._again(rows_changed(rows, order), based_on, note)
        edited, checked, right = rows_checked(rows, translation=self.transcript.is_translation)
        if not right:
            messages.error(request, _("Not saved: some rows need a look. Everything you typed is below."))
            return self._again(checked, based_on, note, status=422)
        try:
            version = transcript_edit(
                actor=cast(User, request.user),
                transcript=self.transcript,
                rows=edited,
                based_on=based_on,
                note=note,
            )
        except EditConflict as conflict:
            latest = self.latest()
            compared = rows_compared(checked, segments_from_json(latest.segments))
            return self._again(compared, latest.number, note, conflict=str(conflict), newest=latest, status=409)
        except OnrecordError as error:
            messages.error(request, str(error))
            return self._again(checked, based_on, note, status=422)
        if version.number == based_on:
            messages.info(request, _("Nothing was changed, so there is no new version."))
        else:
            messages.success(request, _("Saved as version %(number)s.") % {"number": version.number})
        return redirect("transcript_desk:read", self.recording.pk)

    def _again(self, rows: list[Row], based_on: int, note: str, *, status: int = 200, **more: Any) -> HttpResponse:
        context = self.get_context_data(rows=rows, based_on=based_on, note=note, unsaved=True, **more)
        return self.render_to_response(context, status=status)

    def _counterparts(self) -> dict[str, Any]:
        """The words in the other language, to have in view: for a translation those of the transcript."""
        if self.transcript.is_translation:
            other = latest_version(self.recording, self.recording.language)
        else:
            other = next((v for v in latest_versions([self.recording]) if v.transcript.is_translation), None)
        return {segment.id: segment for segment in segments_from_json(other.segments)} if other else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows: list[Row] = kwargs["rows"]
        if kwargs.get("unsaved"):
            counterparts = self._counterparts()
            rows = [
                Row(**{**row.__dict__, "counterpart": counterparts[row.segment_id].text})
                if row.segment_id in counterparts
                else row
                for row in rows
            ]
        return {
            **super().get_context_data(**{**kwargs, "rows": rows}),
            "transcript": self.transcript,
            "counterparts": any(row.counterpart for row in rows),
            "speakers": sorted({row.speaker for row in rows if row.speaker}),
            "blank": Row("", "", "", "", ""),
        }


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
                    data=data["file"].read(),
                    filename=data["file"].name,
                    language=data["language"],
                    made_by=data["made_by"],
                    note=data["note"],
                )
            except OnrecordError as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, _("Imported as version %(number)s.") % {"number": version.number})
                return redirect("transcript_desk:read", self.recording.pk)
        messages.error(request, _("Nothing was imported."))
        return self.render_to_response(self.get_context_data(form=form), status=422)
