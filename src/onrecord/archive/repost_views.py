"""What is done about reposts in the desk; each by one press, each can be taken back."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from onrecord.archive.filing import filing_undo, recording_file, repost_decide
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError


class RepostView(PermissionCheckedMixin, View):
    """A press on a recording's page: `other` is the other recording's id."""

    permission_required = "change"
    model = Recording
    index_url_name = ""
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        recording = get_object_or_404(Recording, pk=pk)
        try:
            shown = self.carry_out(recording, cast(User, request.user), request.POST)
        except OnrecordError as error:
            messages.error(request, str(error))
            shown = recording
        return redirect(reverse("recording_desk:inspect", args=[shown.pk]))

    def carry_out(self, recording: Recording, actor: User, data: Any) -> Recording:
        raise NotImplementedError

    def other(self, data: Any) -> Recording:
        try:
            pk = UUID(data.get("other", ""))
        except ValueError:
            pk = UUID(int=0)
        return get_object_or_404(Recording, pk=pk)


class FileView(RepostView):
    """Files the recording as a copy of the other one."""

    def carry_out(self, recording: Recording, actor: User, data: Any) -> Recording:
        under = recording_file(actor=actor, recording_id=recording.pk, under_id=self.other(data).pk)
        words = _("“%(title)s” is filed as a copy of this. Its file is among the copies below.")
        messages.success(
            self.request,
            words % {"title": recording.title},
            buttons=[messages.button(reverse("recording_desk:inspect", args=[recording.pk]), _("Take it back"))],
        )
        return under


class FilingUndoView(RepostView):
    """Gives a recording its file back."""

    def carry_out(self, recording: Recording, actor: User, data: Any) -> Recording:
        filing_undo(actor=actor, recording_id=recording.pk)
        messages.success(self.request, _("This is a recording of its own again."))
        return recording


class DecideView(RepostView):
    """Says that two recordings are not one, or that it is open again."""

    def carry_out(self, recording: Recording, actor: User, data: Any) -> Recording:
        dismissed = bool(data.get("dismissed"))
        repost_decide(actor=actor, recording_id=recording.pk, other_id=self.other(data).pk, dismissed=dismissed)
        messages.success(self.request, _("Kept as two recordings.") if dismissed else _("It is proposed again."))
        return recording
