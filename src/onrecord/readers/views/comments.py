"""Readers' comments: written, reported, and the pages of them after the story's own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from onrecord.core.reads import covered
from onrecord.readers.forms import CommentForm, Honeypot, ReportForm
from onrecord.readers.forms.selectors import number
from onrecord.readers.models import Comment
from onrecord.readers.reading import Threads, writing_context
from onrecord.readers.senders import SenderBanned
from onrecord.readers.services import comment_add, comment_report_add, comment_token
from onrecord.readers.services.comments import CommentGone, CommentsClosed
from onrecord.readers.services.intake import Envelope
from onrecord.readers.views.writing import WriteIn
from onrecord.stories.models import StoryPage

Status = Comment.Status


@require_safe
def story_comments(request: HttpRequest, slug: str, page_number: int) -> HttpResponse:
    """A page of a story's comments after the first, which is the story's own."""
    story = StoryPage.objects.cleared().filter(slug=slug).first()
    if story is None or page_number < 2:
        raise Http404
    with covered(f"comments:{story.pk}", f"card:{story.pk}"):
        threads = Threads(story)
        page = threads.page(page_number)
        if page is None:
            raise Http404
        context = {"page": story, "comment_page": page, **writing_context(threads.state)}
    return render(request, "site/comments.html", {**context, "challenge_url": reverse("challenge")})


class AddComment(WriteIn):
    """A comment under a story, on a passage of it, or an answer to another comment."""

    form_class = CommentForm
    template = "readers/comment.html"
    thanks = gettext_lazy("Thank you. Your comment will be shown when a moderator has read it.")
    refusals = (CommentsClosed, CommentGone, SenderBanned)

    def store(self, story: StoryPage, form: CommentForm, envelope: Envelope) -> dict[str, str]:
        data = form.cleaned_data
        comment = comment_add(
            story=story, name=data["name"], text=data["text"], parent_id=data["parent"], selected=form.selected(),
            revision_read=data["revision"], envelope=envelope,
        )  # fmt: skip
        own = {"own_url": reverse("comment-own", args=[comment_token(comment)])}
        if comment.status == Status.APPROVED:
            own["message"] = _("Thank you. Your comment is shown in a moment.")
        return own

    def _page(self, story: StoryPage | None, form: Honeypot, status: int = 200, message: str = "") -> HttpResponse:
        parent = number(str(form.data.get("parent") or form.initial.get("parent") or ""), 2**62)
        known = Comment.objects.filter(story=story, status=Status.APPROVED)
        answered = known.filter(pk=parent).first() if parent else None
        if answered is not None or not (form.data.get("exact") or form.initial.get("exact")):
            form.fields["exact"].widget = form.fields["exact"].hidden_widget()
        context = {"form": form, "story": story, "message": message, "answered": answered}
        return render(self.request, self.template, context, status=status)


class ReportComment(WriteIn):
    """A reader finds that a comment should not stand."""

    form_class = ReportForm
    template = "readers/report.html"
    thanks = gettext_lazy("Thank you. A moderator will look at the comment.")
    refusals = (CommentGone,)

    def _story(self, pk: str | None) -> StoryPage | None:
        """The comment names it."""
        given = number(self.request.POST.get("comment") or self.request.GET.get("comment") or "", 2**62)
        found = Comment.objects.filter(pk=given, status=Status.APPROVED).first() if given else None
        if found is None:
            raise Http404(_("There is no such comment."))
        self.comment = found
        return super()._story(str(found.story_id))

    def store(self, story: StoryPage, form: ReportForm, envelope: Envelope) -> None:
        data = form.cleaned_data
        comment_report_add(comment=self.comment, kind=data["kind"], note=data["note"], envelope=envelope)

    def _page(self, story: StoryPage | None, form: Honeypot, status: int = 200, message: str = "") -> HttpResponse:
        context: dict[str, Any] = {"form": form, "story": story, "message": message, "comment": self.comment}
        return render(self.request, self.template, context, status=status)
