"""Readers' corrections and letters: the forms, taking them back, and the public log."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from onrecord.readers.forms import LetterForm, SuggestForm
from onrecord.readers.models import CorrectionReport, Kind
from onrecord.readers.origins import is_same_origin
from onrecord.readers.reading import notes_kinds, notes_log
from onrecord.readers.services import correction_report_add, letter_add, report_withdraw
from onrecord.readers.services.intake import Envelope
from onrecord.readers.services.reports import BadWithdrawal, withdrawable_report, withdrawal_token
from onrecord.readers.views.writing import WriteIn
from onrecord.stories.models import StoryPage


@require_safe
def corrections_log(request: HttpRequest, kind: str = "", slug: str = "") -> HttpResponse:
    """Every correction of substance, newest first; or those of a kind, or those on a story."""
    story = StoryPage.objects.cleared().filter(slug=slug).first() if slug else None
    if (slug and story is None) or (kind and kind not in Kind.values):
        raise Http404
    context = {
        "notes": notes_log(kind, story.pk if story else None),
        "kinds": notes_kinds(),
        "kind": kind,
        "kind_words": Kind(kind).label if kind else "",
        "of_story": story,
    }
    return render(request, "site/corrections.html", context)


class SuggestCorrection(WriteIn):
    """A suggested correction of a passage."""

    form_class = SuggestForm
    template = "readers/suggest.html"
    thanks = _("Thank you. An editor will look at it.")

    def store(self, story: StoryPage, form: SuggestForm, envelope: Envelope) -> dict[str, str]:
        report = correction_report_add(
            story=story,
            selected=form.selected(),
            suggestion=form.cleaned_data["suggestion"],
            kind=form.cleaned_data["kind"],
            email=form.cleaned_data["email"],
            revision_read=form.cleaned_data["revision"],
            envelope=envelope,
        )
        return {"withdraw_url": _withdraw_url(report)}


class WriteToUs(WriteIn):
    """A letter to the newsroom."""

    form_class = LetterForm
    template = "readers/write.html"
    thanks = _("Thank you. Your letter has reached the editors.")
    about_story = False

    def store(self, story: None, form: LetterForm, envelope: Envelope) -> dict[str, str]:
        data = form.cleaned_data
        return {
            "withdraw_url": _withdraw_url(letter_add(words=data["suggestion"], email=data["email"], envelope=envelope))
        }


def _withdraw_url(report: CorrectionReport) -> str:
    """Where the sender, and nobody else, may take it back."""
    return reverse("correction-withdraw", args=[withdrawal_token(report)])


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Withdraw(View):
    """A page with one button: take back what I sent. The signed address is the reader's only key."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            report = withdrawable_report(token)
        except BadWithdrawal as error:
            return render(request, "readers/refused.html", {"message": str(error)}, status=404)
        return self._page(request, report)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not is_same_origin(request):
            message = _("This came from another site. Open the link that we gave you and press the button there.")
            return render(request, "readers/refused.html", {"message": message}, status=403)
        try:
            report = report_withdraw(token=token)
        except BadWithdrawal as error:
            return render(request, "readers/refused.html", {"message": str(error)}, status=404)
        return self._page(request, report)

    def _page(self, request: HttpRequest, report: CorrectionReport | None) -> HttpResponse:
        context: dict[str, Any] = {"report": report, "is_gone": report is None or report.withdrawn_at is not None}
        if report and report.story and report.story.live:
            context["story"] = report.story
        return render(request, "readers/withdraw.html", context)
