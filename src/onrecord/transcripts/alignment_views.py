"""Tying words to the sound, on a recording's page in the desk."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages

from onrecord.archive.desk import RecordingPanel
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.aligning import alignment_start, alignment_stop
from onrecord.transcripts.models import Alignment
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import latest_version

REASONS = {
    "missing": _("not found in the recording"),
    "unsure": _("the sound fits the words badly"),
    "gap": _("beside it something is said that the text does not have"),
}


class AlignmentPanel(RecordingPanel):
    """How the words hang on the sound."""

    name = "alignment"
    heading = _("Words and sound")
    icon = "time"
    order = 12
    template_name = "transcripts/desk/alignment.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), **_shown(self.recording, self.user)}


class AlignmentView(View):
    """Starts and stops; answers with the section alone, for a page that waits."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        if not request.user.has_perm("archive.view_recording") and not request.user.has_perm("archive.add_recording"):
            return HttpResponse(status=403)
        context = {"recording": recording, **_shown(recording, request.user)}
        return render(request, "transcripts/desk/alignment.html", context)

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        actor = cast(User, request.user)
        try:
            if request.POST.get("do") == "stop":
                alignment_stop(actor=actor, recording=recording)
            else:
                alignment_start(actor=actor, recording=recording)
        except OnrecordError as error:
            messages.error(request, str(error))
        return redirect("recording_desk:inspect", recording.pk)


def _shown(recording: Recording, user: Any) -> dict[str, Any]:
    alignment = Alignment.objects.filter(recording=recording).select_related("version").first()
    version = alignment.version if alignment and alignment.flagged else None
    texts = {segment.id: segment.text for segment in segments_from_json(version.segments)} if version else {}
    return {
        "alignment": alignment,
        "under_way": alignment is not None and alignment.status in Alignment.UNDER_WAY,
        "has_words": latest_version(recording, recording.language) is not None,
        "sure": alignment.words - alignment.words_unsure if alignment else 0,
        "flagged": [
            (start, REASONS.get(flag, flag), texts.get(segment, ""))
            for segment, flag, start, _end in (alignment.flagged if alignment else ())
        ],
        "can_edit": user.has_perm("transcripts.change_transcript") and recording.filed_under_id is None,
    }
