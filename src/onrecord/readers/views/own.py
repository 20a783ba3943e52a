"""One's own comment, for five minutes: changed or taken back by a link, with or without scripts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from onrecord.readers.forms import OwnForm
from onrecord.readers.models import Comment
from onrecord.readers.origins import is_same_origin
from onrecord.readers.services import comment_edit, comment_own, comment_withdraw
from onrecord.readers.services.own import NotYours, TimeOver
from onrecord.readers.views.writing import MAX_BODY_BYTES


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class OwnComment(View):
    """What the link that came with one's comment opens."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            comment = comment_own(token)
        except (NotYours, TimeOver) as error:
            return self._refused(error)
        return self._page(comment, OwnForm(initial={"text": comment.text}, label_suffix=""))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not is_same_origin(request):
            message = _("This came from another site. Open the link that came after you sent your comment.")
            return render(request, "readers/refused.html", {"message": message}, status=403)
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
            return render(request, "readers/refused.html", {"message": _("This is too long to send.")}, status=413)
        try:
            comment = comment_own(token)
            if request.POST.get("act") == "withdraw":
                comment = comment_withdraw(token=token)
                return self._done(comment, _("Your comment is taken back. Its words are deleted."))
            form = OwnForm(request.POST, label_suffix="")
            if not form.is_valid():
                return self._page(comment, form, status=400)
            comment = comment_edit(token=token, text=form.cleaned_data["text"])
        except (NotYours, TimeOver) as error:
            return self._refused(error)
        if comment.status == Comment.Status.APPROVED:
            return self._done(comment, _("Your comment is changed; the page follows in a moment."))
        return self._done(comment, _("Your comment is changed. It is shown when a moderator has read it."))

    def _page(self, comment: Comment, form: OwnForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "story": comment.story, "comment": comment}
        return render(self.request, "readers/own.html", context, status=status)

    def _done(self, comment: Comment, message: str) -> HttpResponse:
        return render(self.request, "readers/thanks.html", {"message": message, "story": comment.story})

    def _refused(self, error: NotYours | TimeOver) -> HttpResponse:
        status = 404 if isinstance(error, NotYours) else 410
        return render(self.request, "readers/refused.html", {"message": str(error)}, status=status)
