"""Whether a story takes comments, and networks that may not comment."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from onrecord.core.models import User
from onrecord.readers.forms import DiscussionForm
from onrecord.readers.models import Comment, Discussion, SenderBan
from onrecord.readers.reading import bans_visible_to, discussion_state
from onrecord.readers.services import ban_lift, discussion_set
from onrecord.stories.models import StoryPage


class ModerationView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page beside the queue of comments, for those who may decide."""

    model = Comment
    permission_required = "change"
    header_icon = "comment"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("comment_desk:index"), "label": _("Comments")},
            {"url": "", "label": self.get_page_title()},
        ]


class DiscussionView(ModerationView):
    """Open, closed or hidden: one story's comments."""

    page_title = gettext_lazy("Comments of a story")
    template_name = "readers/desk/discussion.html"

    @cached_property
    def story(self) -> StoryPage:
        return get_object_or_404(StoryPage, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = Discussion.objects.filter(story=self.story).select_related("changed_by").first()
        form = DiscussionForm(initial={"state": discussion_state(self.story)})
        return super().get_context_data(**{"story": self.story, "known": known, "form": form, **kwargs})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        form = DiscussionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        discussion_set(actor=cast(User, request.user), story=self.story, state=form.cleaned_data["state"])
        messages.success(request, _("Done. The story's page follows in a moment."))
        return redirect("comment_desk:discussion", self.story.pk)


class BansView(ModerationView):
    """Networks that may not comment, and the way back."""

    page_title = gettext_lazy("Banned networks")
    template_name = "readers/desk/bans.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bans=bans_visible_to(cast(User, self.request.user)), **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        given = request.POST.get("ban", "")
        ban = get_object_or_404(SenderBan, pk=int(given) if given.isascii() and given.isdigit() else 0)
        ban_lift(actor=cast(User, request.user), ban=ban)
        messages.success(request, _("The ban is lifted."))
        return redirect("comment_desk:bans")
