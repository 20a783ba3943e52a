"""What moderators do with comments."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from onrecord.core.models import User
from onrecord.readers.models import Comment
from onrecord.readers.reading import (
    comments_visible_to,
)
from onrecord.readers.services import (
    comment_approve,
    comment_reject,
)


class CommentDecisionView(PermissionCheckedMixin, View):
    """One comment approved or rejected, from the list."""

    model = Comment
    permission_required = "change"
    http_method_names = ["post"]
    index_url_name = ""
    approve = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actor = cast(User, request.user)
        comment = get_object_or_404(comments_visible_to(actor), pk=pk)
        if self.approve:
            comment_approve(actor=actor, comment=comment)
            messages.success(request, _("The comment is approved: it is shown under the story in a moment."))
        else:
            comment_reject(actor=actor, comment=comment)
            messages.success(request, _("The comment is rejected."))
        return redirect(get_valid_next_url_from_request(request) or reverse(self.index_url_name))
