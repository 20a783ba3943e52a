"""Speech to text, and words that do not fit the sound, on a recording's page in the desk."""

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
from onrecord.transcripts.doubts import doubt_set_aside
from onrecord.transcripts.engines.jobs import job_cancel, job_retry, jobs_newest
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.engines.running import job_is_abandoned
from onrecord.transcripts.transcribing import (
    KIND,
    model_name,
    transcription_setup,
    transcription_start,
    words_by_people,
)
from onrecord.transcripts.versions import latest_version


class SpeechPanel(RecordingPanel):
    """What a machine may write down of the recording, and how far it is."""

    name = "speech"
    heading = _("Speech to text")
    icon = "cogs"
    order = 11
    template_name = "transcripts/desk/speech.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), **_shown(self.recording, self.user)}


class SpeechView(View):
    """Starts, cancels, resumes; answers with the section alone, for a page that waits."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        if not request.user.has_perm("archive.view_recording") and not request.user.has_perm("archive.add_recording"):
            return HttpResponse(status=403)
        context = {"recording": recording, **_shown(recording, request.user)}
        return render(request, "transcripts/desk/speech.html", context)

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        actor, do = cast(User, request.user), request.POST.get("do")
        try:
            if do == "start":
                transcription_start(
                    actor=actor,
                    recording=recording,
                    language=request.POST.get("language", "")[:12],
                    replace=request.POST.get("replace") == "yes",
                )
            else:
                pk = request.POST.get("job", "")
                rows = EngineJob.objects.filter(recording=recording, kind=KIND, pk=int(pk) if pk.isdigit() else 0)
                (job_cancel if do == "cancel" else job_retry)(actor=actor, job=get_object_or_404(rows))
        except OnrecordError as error:
            messages.error(request, str(error))
        return redirect("recording_desk:inspect", recording.pk)


class DoubtView(View):
    """Somebody says that the words are right all the same."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        doubt_set_aside(actor=cast(User, request.user), recording=recording)
        return redirect("recording_desk:inspect", recording.pk)


def _shown(recording: Recording, user: Any) -> dict[str, Any]:
    setup = transcription_setup()
    job = next(iter(jobs_newest(recording, KIND)), None)
    under_way = job is not None and job.is_under_way
    newest = latest_version(recording, recording.language) if job and job.version_id else None
    return {
        "setup": setup,
        "model": model_name(setup.model) if setup else "",
        "fetched": setup is not None and not setup.model.startswith("/"),
        "job": job,
        "under_way": under_way,
        "abandoned": job is not None and job.state == EngineJob.State.RUNNING and job_is_abandoned(job),
        "is_newest": newest is not None and job is not None and newest.pk == job.version_id,
        "by_people": not under_way and words_by_people(recording),
        "can_edit": user.has_perm("transcripts.change_transcript") and recording.filed_under_id is None,
    }
