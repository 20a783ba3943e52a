"""Machine translation on a recording's page in the desk."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from onrecord.archive.desk import RecordingPanel
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.engines.jobs import job_cancel, job_retry, jobs_newest
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.engines.running import job_is_abandoned
from onrecord.transcripts.engines.translation import LEFT_OUT
from onrecord.transcripts.translating import (
    KIND,
    model_shown,
    translation_begin,
    translation_setup,
    translation_start,
    untranslated,
)
from onrecord.transcripts.versions import latest_version


class TranslationPanel(RecordingPanel):
    """What a machine may translate, where the words would go, and how far it is."""

    name = "translation"
    heading = gettext_lazy("Translation")
    icon = "openquote"
    order = 13
    template_name = "transcripts/desk/translation.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), **_shown(self.recording, self.user)}


class TranslationView(View):
    """Begins a translation; starts, cancels, resumes the machine; answers with the section for a page that waits."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        if not request.user.has_perm("archive.view_recording") and not request.user.has_perm("archive.add_recording"):
            return HttpResponse(status=403)
        context = {"recording": recording, **_shown(recording, request.user)}
        return render(request, "transcripts/desk/translation.html", context)

    def post(self, request: HttpRequest, recording_id: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=recording_id)
        actor, do = cast(User, request.user), request.POST.get("do")
        language = request.POST.get("language", "").strip()[:12]
        try:
            if do == "start":
                translation_start(actor=actor, recording=recording, to_language=language)
            elif do == "begin":
                translation_begin(actor=actor, recording=recording, language=language)
                messages.success(request, _("The translation is begun: its column stands beside the transcript."))
                return redirect("transcript_desk:edit", recording.pk)
            else:
                pk = request.POST.get("job", "")
                rows = EngineJob.objects.filter(recording=recording, kind=KIND, pk=int(pk) if pk.isdigit() else 0)
                (job_cancel if do == "cancel" else job_retry)(actor=actor, job=get_object_or_404(rows))
        except OnrecordError as error:
            messages.error(request, str(error))
        return redirect("recording_desk:inspect", recording.pk)


def _shown(recording: Recording, user: Any) -> dict[str, Any]:
    setup = translation_setup()
    jobs = jobs_newest(recording, KIND)
    languages = list(recording.transcripts.filter(is_translation=True).values_list("language", flat=True))
    return {
        "setup": setup,
        "model": model_shown(setup) if setup else "",
        "jobs": [
            {
                "job": job,
                "abandoned": job.state == EngineJob.State.RUNNING and job_is_abandoned(job),
                "left_out": job.facts.get(LEFT_OUT, 0),
            }
            for job in jobs
        ],
        "under_way": any(job.is_under_way for job in jobs),
        "languages": [
            {"language": language, "empty": len(untranslated(recording, language))} for language in languages
        ],
        "has_words": latest_version(recording, recording.language) is not None,
        "can_edit": user.has_perm("transcripts.change_transcript") and recording.filed_under_id is None,
    }
