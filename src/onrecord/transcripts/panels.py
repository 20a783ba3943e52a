"""Transcripts on a recording's page in the desk."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from onrecord.archive.desk import RecordingPanel
from onrecord.transcripts.models import SoundCheck, TranscriptVersion


class TranscriptsPanel(RecordingPanel):
    """Every transcript and translation with its versions."""

    name = "transcripts"
    heading = _("Transcript and translations")
    icon = "doc-full"
    order = 10
    template_name = "transcripts/desk/panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        versions = TranscriptVersion.objects.defer("segments").select_related("created_by")
        transcripts = list(self.recording.transcripts.prefetch_related(Prefetch("versions", versions)))
        return {
            **super().get_context_data(parent_context),
            "transcripts": transcripts,
            "check": SoundCheck.objects.filter(recording=self.recording).select_related("kept_by").first(),
            "has_original": any(not transcript.is_translation for transcript in transcripts),
            "can_edit": self.user.has_perm("transcripts.change_transcript"),  # type: ignore[attr-defined]
        }
