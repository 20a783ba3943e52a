"""The archive's own pages in the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from onrecord.archive.desk import Companion, companions, recording_panels, waveform_path
from onrecord.archive.forms import CopyForm, FileForm, FilesForm
from onrecord.archive.models import CustodyEvent, Publisher, Recording
from onrecord.archive.reposts import sound_of_copies
from onrecord.archive.services import Added, FutureDate, MissingTitle, recording_add, web_copy_again
from onrecord.core.models import User
from onrecord.errors import OnrecordError

CUSTODY_WORDS = {
    "recording added": gettext_lazy("taken in"),
    "copy added": gettext_lazy("filed as another copy"),
    "web copy made": gettext_lazy("web copy made"),
    "transcript saved": gettext_lazy("transcript saved"),
    "translation saved": gettext_lazy("translation saved"),
    "filed as a copy": gettext_lazy("filed as a copy of another recording"),
    "copy filed here": gettext_lazy("another recording’s file filed here as a copy"),
    "filing taken back": gettext_lazy("filing taken back"),
    "copy given back": gettext_lazy("a copy given back to its recording"),
    "not a repost": gettext_lazy("said not to be a repost"),
    "repost reconsidered": gettext_lazy("proposed again as a repost"),
    "recording described": gettext_lazy("renamed or described anew"),
}


@dataclass
class FileResult:
    """What became of one file: the recording with lines to show, or the errors by field."""

    filename: str
    recording: Recording | None = None
    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        result: dict[str, Any] = {"filename": self.filename, "lines": self.lines, "warnings": self.warnings}
        if self.recording is None:
            return {**result, "ok": False, "errors": self.errors}
        url = reverse("recording_desk:inspect", args=[self.recording.pk])
        return {**result, "ok": True, "title": self.recording.title, "url": url}


class AddRecordingsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The form that takes recordings in. A script sends the files one by one and is answered in JSON."""

    permission_required = "add"
    model = Recording
    template_name = "archive/desk/add.html"
    page_title = gettext_lazy("Add recordings")
    header_icon = "media"
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Recordings")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def copy_of(self) -> Recording | None:
        """The recording whose page led here, to file another copy of it."""
        try:
            return Recording.objects.filter(pk=UUID(self.request.GET.get("copy_of", ""))).first()
        except (ValueError, ValidationError):
            return None

    def forms(self, data: Any = None, files: Any = None) -> dict[str, Form]:
        copy_form = CopyForm(
            data,
            initial={"language": self.copy_of.language} if self.copy_of else {},
            publishers=list(Publisher.objects.values_list("name", flat=True)),
            languages=sorted({settings.NEWSROOM_LANGUAGE, *Recording.objects.values_list("language", flat=True)}),
        )
        title = {"title": self.copy_of.title} if self.copy_of else {}
        return {
            "copy": copy_form,
            "files": FilesForm(data, files),
            "file": FileForm(data, initial=title),
            **{f"companion{n}": c.form_class(data, files) for n, c in enumerate(companions())},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = kwargs.get("forms") or self.forms()
        return {
            **context,
            "forms": shown,
            "companion_forms": [form for name, form in shown.items() if name.startswith("companion")],
            "card_form": FileForm(auto_id="card-__n__-%s"),
            "card_companion_forms": [c.form_class(auto_id="card-__n__-%s") for c in companions()],
            "results": kwargs.get("results", []),
            "copy_of": self.copy_of,
            "time_zone": settings.TIME_ZONE,
            "index_url": reverse(self.index_url_name),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shown = self.forms(request.POST, request.FILES)
        valid = sum(len(form.errors) for form in shown.values()) == 0
        files: list[UploadedFile] = shown["files"].cleaned_data.get("files", []) if valid else []
        if valid and len(files) > 1:
            valid = self._check_alone(shown)
        results = [self._take(file, shown, alone=len(files) == 1) for file in files] if valid else []
        failed = [result for result in results if result.recording is None]
        if request.headers.get("Accept", "").startswith("application/json"):
            if not valid:
                errors = {name: list(map(str, e)) for form in shown.values() for name, e in form.errors.items()}
                return JsonResponse({"ok": False, "errors": errors, "lines": [], "warnings": []}, status=422)
            return JsonResponse(results[0].as_json(), status=422 if failed else 200)
        self._say(results)
        if valid and not failed:
            only = results[0].recording if len(results) == 1 else None
            return redirect(reverse("recording_desk:inspect", args=[only.pk]) if only else reverse(self.index_url_name))
        for result in failed:
            for name, texts in result.errors.items():
                form = next((form for form in shown.values() if name in form.fields), shown["files"])
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        messages.error(request, _("Not everything was added. What was typed is kept; choose the files again."))
        return self.render_to_response(self.get_context_data(forms=shown, results=results), status=422)

    def _check_alone(self, shown: dict[str, Form]) -> bool:
        """Title, address and transcript belong to one file."""
        alone = [form for name, form in shown.items() if name == "file" or name.startswith("companion")]
        given = [(form, name) for form in alone for name in form.changed_data if form.cleaned_data.get(name)]
        for form, name in given:
            form.add_error(name, _("This belongs to one file. Add the files one by one, or leave it empty here."))
        return not given

    def _take(self, file: UploadedFile, shown: dict[str, Form], *, alone: bool) -> FileResult:
        filename = file.name or _("unnamed file")
        data, own = shown["copy"].cleaned_data, shown["file"].cleaned_data
        result = FileResult(filename)
        try:
            added = recording_add(
                actor=cast(User, self.request.user),
                stream=cast(Any, file),
                filename=filename,
                publisher=data["publisher"],
                published_at=data["published_at"],
                language=data["language"],
                title=own["title"] if alone else PurePath(filename).stem,
                url=own["url"],
            )
        except OnrecordError as error:
            result.errors = _errors_by_field(error, filename, language=data["language"])
            return result
        result.recording = added.recording
        result.lines.append(_words_of(added))
        for number, companion in enumerate(companions()):
            self._take_companion(companion, added, shown[f"companion{number}"].cleaned_data, result)
        return result

    def _take_companion(self, companion: Companion, added: Added, data: dict[str, Any], result: FileResult) -> None:
        try:
            result.lines.extend(companion.take(actor=self.request.user, recording=added.recording, data=data))
        except OnrecordError as error:
            result.warnings.append(str(error))

    def _say(self, results: Iterable[FileResult]) -> None:
        for result in results:
            if result.recording is None:
                continue
            url = reverse("recording_desk:inspect", args=[result.recording.pk])
            button = [messages.button(url, _("Open"))]
            messages.success(self.request, " ".join(result.lines), buttons=button)
            for warning in result.warnings:
                messages.warning(self.request, warning, buttons=button)


class RecordingPageView(generic.InspectView):
    """One recording: what it is, where it comes from, what was done with it, what stands on it."""

    page_title = gettext_lazy("Recording")
    model = Recording

    def get_fields(self) -> list[str]:
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Recordings")},
            {"url": "", "label": self.object.title},
        ]

    def get_page_title(self) -> str:
        return self.object.title

    def get_page_subtitle(self) -> str:
        return ""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("add"):
            return []
        url = f"{reverse('recording_desk:add')}?copy_of={self.object.pk}"
        return [HeaderButton(_("Add another copy"), url=url, icon_name="plus")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.user_has_permission("change"):
            return []
        return [
            Button(
                _("Rename"),
                url=reverse("recording_desk:edit", args=[self.object.pk]),
                icon_name="edit",
                priority=10,
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        recording: Recording = self.object
        copies = list(recording.copies.select_related("publisher", "moved_from"))
        sounds = sound_of_copies(recording) if len(copies) > 1 else {}
        events: QuerySet[CustodyEvent] = recording.custody.order_by("-sequence")
        return {
            **context,
            "recording": recording,
            "copies": [(copy, sounds.get(copy.sha256, ())) for copy in copies],
            "events": [(event, CUSTODY_WORDS.get(event.action, event.action)) for event in events[:100]],
            "facts": _facts(copies[0].facts if copies else {}),
            "waveform": waveform_path(recording.peaks),
            "panels": recording_panels(recording, self.request.user),
            "can_change": self.user_has_permission("change"),
        }


class WebCopyAgainView(PermissionCheckedMixin, View):
    """Has the worker make the sound that the desk and the readers hear once more."""

    permission_required = "change"
    model = Recording
    index_url_name = ""
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=pk)
        web_copy_again(actor=cast(User, request.user), recording=recording)
        messages.success(request, _("The web copy is being made again. This page shows it when it is ready."))
        return redirect("recording_desk:inspect", pk)


def _words_of(added: Added) -> str:
    title, publisher = added.recording.title, added.copy.publisher.name
    if added.known_copy:
        words = _("Already on record: this copy of “%(title)s” by %(publisher)s. Nothing was changed.")
        return words % {
            "title": title,
            "publisher": publisher,
        }
    if added.known_recording:
        return _("Already on record: filed as another copy of “%(title)s”, by %(publisher)s.") % {
            "title": title,
            "publisher": publisher,
        }
    return _("“%(title)s” is on record. It is being read now; its page shows when it can be heard.") % {"title": title}


def _errors_by_field(error: OnrecordError, filename: str, *, language: str) -> dict[str, list[str]]:
    """A refusal of the archive in the words of the form, at the field where it is put right."""
    match error:
        case MissingTitle():
            errors = {"title": [_("Give the recording a title.")]}
            if not language:
                errors["language"] = [_("Give the language spoken in it.")]
            return errors
        case FutureDate():
            return {"published_at": [_("This lies in the future. Give the time when the publisher put it out.")]}
    return {"files": [str(error)]}


def _facts(facts: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """What the file is, in words; unknown facts are left out."""
    known = {
        "container": _("Container"),
        "codec": _("Codec"),
        "sample_rate": _("Sample rate"),
        "channels": _("Channels"),
        "bit_rate": _("Bit rate"),
        "bitrate": _("Bit rate"),
    }
    units = {"sample_rate": " Hz", "bit_rate": " bit/s", "bitrate": " bit/s"}
    return [(label, f"{facts[name]}{units.get(name, '')}") for name, label in known.items() if facts.get(name)]
