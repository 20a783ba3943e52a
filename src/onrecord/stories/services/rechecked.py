"""What a new version of a transcript did to a story, and telling its editors."""

import logging
from dataclasses import dataclass
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.mail import send_mail
from wagtail.log_actions import log as log_action

from onrecord.stories.checked import Checked
from onrecord.stories.models import StoryPage
from onrecord.transcripts.models import TranscriptVersion

log = logging.getLogger(__name__)

NO_MAIL = ("console", "dummy")


@dataclass(frozen=True)
class StaleQuotation:
    """Published words that the record does not bear out any more; `proposed` are words that it would, or empty."""

    quotation: Checked
    proposed: str


@dataclass(frozen=True)
class Recheck:
    """What a new version did to one story.

    `stale` are all of its published quotations that this transcript does not bear out, `news` how many of them it did
    before; `restored` are keys of quotations that are borne out again; `in_draft` counts those of its newest draft,
    `moved` published ones that it bears out in other words, by another voice or at another time.
    """

    story: StoryPage
    version: TranscriptVersion
    stale: tuple[StaleQuotation, ...] = ()
    restored: tuple[str, ...] = ()
    news: int = 0
    in_draft: int = 0
    moved: int = 0


def editors_tell(recheck: Recheck) -> None:
    """Note it in the story's history, and write to who published and drafted it, where mail is set up."""
    story, version = recheck.story, recheck.version
    log.warning("story-stale page=%s version=%s", story.pk, version.pk)
    log_action(
        story, "stories.quotation.stale",
        data={"version": version.pk, "published": recheck.news, "draft": recheck.in_draft},
    )  # fmt: skip
    addresses = _addresses(story)
    if addresses and not any(name in settings.EMAIL_BACKEND for name in NO_MAIL):
        transaction.on_commit(partial(_write, story.pk, _subject(story), _words(recheck), addresses))


def _addresses(story: StoryPage) -> list[str]:
    """Of the story's owner, of who made the newest draft, of who published: those who may still edit it."""
    check = story.live_check
    draft = story.latest_revision
    people = {story.owner, draft.user if draft else None, check.checked_by if check else None} - {None}
    may = [p for p in people if p.is_active and p.email and story.permissions_for_user(p).can_edit()]
    return sorted({person.email for person in may})


def _subject(story: StoryPage) -> str:
    return _("The record has changed: %(title)s") % {"title": story.get_admin_display_title()}


def _words(recheck: Recheck) -> str:
    """Numbers and a link, no quoted words: they may be masked by now, and mail can't be called back."""
    url = reverse("wagtailadmin_pages:edit", args=[recheck.story.pk])
    lines = [
        _("The transcript of “%(recording)s” has a new version (%(language)s, version %(number)s).")
        % {
            "recording": recheck.version.transcript.recording.title,
            "language": recheck.version.transcript.language,
            "number": recheck.version.number,
        }
    ]
    if recheck.news:
        lines.append(
            _("Quotations in the published story that it does not bear out: %(n)s.") % {"n": recheck.news}
            + " "
            + _("A correction is proposed under Corrections.")
        )
    if recheck.in_draft:
        lines.append(_("Quotations in the newest draft that it does not bear out: %(n)s.") % {"n": recheck.in_draft})
    return "\n\n".join([*lines, f"{settings.SITE_URL}{url}"])


def _write(page_id: int, subject: str, words: str, addresses: list[str]) -> None:
    for address in addresses:
        try:
            send_mail(subject, words, [address])
        except (SMTPException, OSError):
            log.exception("stale-mail-failed page=%s", page_id)
