"""Reposts on a recording's page in the desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from onrecord.archive.desk import RecordingPanel
from onrecord.archive.filing import filing_obstacles
from onrecord.archive.models import FingerprintedFile
from onrecord.archive.reposts import independent_origins, proposals


class RepostsPanel(RecordingPanel):
    """Where else the sound is on record, and what to make of it."""

    name = "reposts"
    heading = _("The same sound elsewhere")
    icon = "copy"
    order = 5
    template_name = "archive/desk/reposts.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        recording = self.recording
        found = proposals(recording)
        files = {copy.sha256 for copy in recording.copies.all()}
        looked = FingerprintedFile.objects.filter(pk__in=files)
        publishers = len({copy.publisher_id for copy in recording.copies.all()})
        origins = independent_origins([recording])[recording.pk]
        return {
            **super().get_context_data(parent_context),
            "open": [
                {
                    "proposal": one,
                    "this_blocked": filing_obstacles(recording, one.other),
                    "other_blocked": filing_obstacles(one.other, recording),
                }
                for one in found
                if one.dismissed_at is None
            ],
            "dismissed": [one for one in found if one.dismissed_at is not None],
            "can_change": self.user.has_perm("archive.change_recording"),  # type: ignore[attr-defined]
            "waiting": len(files) > looked.count(),
            "problems": [row.problem for row in looked if row.problem],
            "several": publishers > 1,
            "origins": ngettext(
                "%(publishers)d publishers, %(n)d independent origin",
                "%(publishers)d publishers, %(n)d independent origins",
                origins,
            )
            % {"publishers": publishers, "n": origins},
        }  # fmt: skip
