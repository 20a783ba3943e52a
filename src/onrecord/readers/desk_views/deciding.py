"""What each button of a case does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onrecord.core.models import User
from onrecord.readers.forms import AcceptForm, AnswerForm, DeclineForm, NoteForm, SortForm
from onrecord.readers.models import CorrectionCase, ReaderMail
from onrecord.readers.reading import correction_cases_visible_to
from onrecord.readers.services import (
    Accepted,
    case_merge,
    case_note_add,
    case_sort,
    correction_accept,
    correction_answer,
    correction_decline,
    reader_mail_retry,
    report_split,
)
from onrecord.stories.models import StoryPage


@dataclass(frozen=True)
class Acted:
    """What to say to the editor, and where to go: to an address, to the case again (`stays`), or to the queue."""

    words: str
    url: str = ""
    stays: bool = False
    is_well: bool = True


Act = Callable[[User, CorrectionCase, Mapping[str, Any]], Acted]
FORMS: dict[str, Any] = {
    "accept": AcceptForm, "decline": DeclineForm, "answer": AnswerForm, "note": NoteForm, "sort": SortForm,
}  # fmt: skip


def story_edit_url(story: StoryPage, block_id: str = "") -> str:
    """The story in the editor, at a block of its body."""
    url = reverse("wagtailadmin_pages:edit", args=[story.pk])
    return f"{url}#block-{block_id}-section" if "-" in block_id else url


def case_url(case: CorrectionCase) -> str:
    """The case in the desk."""
    return reverse("correction_desk:inspect", args=[case.pk])


def _accept(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    done: Accepted = correction_accept(actor=actor, case=case, **data)
    story = done.case.story
    if done.changed:
        words = _("Accepted. The words are changed in this draft: look at them, then publish.")
    else:
        words = _(
            "Accepted, but the old words could not be changed for you: they are not at the passage any "
            "more, not there just once, reach over a link or bold text, or the story is locked. Change "
            "them by hand, then publish."
        )
    if done.note:
        words = f"{words} {_('The public note follows when the story is published.')}"
    may_edit = story is not None and story.permissions_for_user(actor).can_edit()
    return Acted(words, story_edit_url(story, done.block_id) if story and may_edit else "", is_well=done.changed)


def _decline(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    correction_decline(actor=actor, case=case, reason=data["decline_reason"], answer=data["decline_answer"])
    return Acted(_("The suggestion is declined."))


def _answer(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    mails = correction_answer(actor=actor, case=case, words=data["words"], close=data["close"])
    if not mails:
        return Acted(_("The case is closed. Nobody left an address to answer to."))
    words = ngettext("The answer goes to %(n)s reader.", "The answer goes to %(n)s readers.", len(mails))
    return Acted(words % {"n": len(mails)}, stays=not data["close"])


def _note(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    case_note_add(actor=actor, case=case, words=data["words"])
    return Acted(_("The note is kept with the case."), stays=True)


def _sort(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    case_sort(actor=actor, case=case, kind=data["kind"], assignee=data["assignee"])
    return Acted(_("Kept."), stays=True)


def _merge(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    into = get_object_or_404(correction_cases_visible_to(actor), pk=_number(data.get("into")))
    case_merge(actor=actor, case=case, into=into)
    return Acted(_("The two are one case now. Any message can be parted from it again."), case_url(into))


def _split(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    report = get_object_or_404(case.reports, pk=_number(data.get("report")))
    own = report_split(actor=actor, report=report)
    return Acted(_("The message is a case of its own now."), case_url(own))


def _retry(actor: User, case: CorrectionCase, data: Mapping[str, Any]) -> Acted:
    mail = get_object_or_404(ReaderMail, pk=_number(data.get("mail")), report__case=case)
    reader_mail_retry(actor=actor, mail=mail)
    return Acted(_("The mail is on its way again."), stays=True)


def _number(given: Any) -> int:
    text = str(given or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


ACTS: dict[str, Act] = {
    "accept": _accept, "decline": _decline, "answer": _answer, "note": _note, "sort": _sort,
    "merge": _merge, "split": _split, "retry": _retry,
}  # fmt: skip
