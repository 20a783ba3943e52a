"""What moderators do with comments."""

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.forms import DecisionForm
from onrecord.readers.models import Comment
from onrecord.readers.reading import comments_visible_to
from onrecord.readers.services import comment_answer, comment_approve, comment_ban, comment_reject, comment_spam

DECISIONS: dict[str, tuple[Callable[..., object], Any]] = {
    "approve": (comment_approve, gettext_lazy("The comment is approved: it is shown under the story in a moment.")),
    "reject": (comment_reject, gettext_lazy("The comment is rejected.")),
    "spam": (comment_spam, gettext_lazy("The comment is filed as spam.")),
    "ban": (
        comment_ban,
        gettext_lazy("The comment is filed as spam, and no more is taken from its network until the key is dropped."),
    ),
}


class CommentDecisionView(PermissionCheckedMixin, View):
    """One comment decided or answered, from the list."""

    model = Comment
    permission_required = "change"
    http_method_names = ["post"]
    index_url_name = ""

    def post(self, request: HttpRequest, pk: int, decision: str) -> HttpResponse:
        actor = cast(User, request.user)
        comment = get_object_or_404(comments_visible_to(actor), pk=pk)
        form = DecisionForm(request.POST)
        back = redirect(get_valid_next_url_from_request(request) or reverse(self.index_url_name))
        if not form.is_valid():
            messages.error(request, _("Nothing is decided: the reason or the answer is too long."))
            return back
        try:
            messages.success(request, self._decide(actor, comment, decision, form.cleaned_data))
        except OnrecordError as error:
            messages.error(request, str(error))
        return back

    def _decide(self, actor: User, comment: Comment, decision: str, data: dict[str, str]) -> str:
        if decision == "answer":
            comment_answer(actor=actor, comment=comment, text=data["text"])
            return _("The newsroom's answer is shown under the comment in a moment.")
        if decision not in DECISIONS:
            raise Http404
        decide, said = DECISIONS[decision]
        decide(actor=actor, comment=comment, reason=data["reason"])
        return str(said)
