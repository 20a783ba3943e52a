"""Readers' corrections: the form, and the public log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from onrecord.readers.forms import SuggestForm
from onrecord.readers.reading import notes_log
from onrecord.readers.services import correction_report_add
from onrecord.readers.services.intake import Envelope
from onrecord.readers.views.writing import WriteIn
from onrecord.stories.models import StoryPage


@require_safe
def corrections_log(request: HttpRequest) -> HttpResponse:
    """Every correction of substance, newest first."""
    return render(request, "site/corrections.html", {"notes": notes_log()})


class SuggestCorrection(WriteIn):
    """A suggested correction of a passage."""

    form_class = SuggestForm
    template = "readers/suggest.html"
    thanks = _("Thank you. An editor will look at it.")

    def store(self, story: StoryPage, form: SuggestForm, envelope: Envelope) -> None:
        correction_report_add(
            story=story,
            selected=form.selected(),
            suggestion=form.cleaned_data["suggestion"],
            email=form.cleaned_data["email"],
            revision_read=form.cleaned_data["revision"],
            envelope=envelope,
        )
