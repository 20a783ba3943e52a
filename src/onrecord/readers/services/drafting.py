"""A correction put into a draft so that whoever opens it sees what was changed, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Comment as Remark

from onrecord.core.models import User
from onrecord.readers.drafts import PAGE_FIELDS, words_find, words_replace
from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionCase
from onrecord.readers.passages import Found, block_of
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages


@dataclass(frozen=True)
class Change:
    """Where to look; `revision_id` and `remark_id` when the words are changed in a new draft."""

    block_id: str
    revision_id: int | None = None
    remark_id: int | None = None

    @property
    def changed(self) -> bool:
        return self.revision_id is not None


def draft_change(actor: User, case: CorrectionCase, old_words: str, new_words: str) -> Change:
    """Change the words in a new draft, if it is certain which are meant. Call in a transaction."""
    story = StoryPage.objects.select_for_update(of=("self",)).get(pk=case.story_id)
    draft = story.get_latest_revision_as_object()
    passages = story_passages(draft)
    report = case.reports.exclude(exact="").first() or case.reports.first()
    marked = report.block_id if report else ""
    place = report_place(report, draft, story.latest_revision_id) if report else None
    if place is None and any(block_of(passage.id) == block_of(marked) for passage in passages):
        passages = [passage for passage in passages if block_of(passage.id) == block_of(marked)]
    words = words_find(passages, place, old_words)
    block_id = block_of(words.passage.id if words else place.passage.id if place else marked)
    permissions = story.permissions_for_user(actor)
    if words is None or not permissions.can_edit() or permissions.page_locked():
        return Change(block_id)
    if not words_replace(draft, words, new_words):
        return Change(block_id)
    remark = Remark(page=draft, user=actor, contentpath=_content_path(draft, words), text=_remark(case))
    draft.wagtail_admin_comments.add(remark)
    revision = draft.save_revision(user=actor, log_action=True, clean=False)
    log(story, "readers.correction.draft", user=actor, data={"case": case.pk}, revision=revision)
    return Change(block_id, revision.pk, remark.pk)


def _remark(case: CorrectionCase) -> str:
    fields = {"old": case.old_words, "new": case.new_words, "number": case.pk}
    if case.origin == CorrectionCase.Origin.RECORD:
        return _("Changed because the record changed (case %(number)s): “%(old)s” is now “%(new)s”.") % fields
    return _("Changed as a reader suggested (case %(number)s): “%(old)s” is now “%(new)s”.") % fields


def _content_path(draft: StoryPage, words: Found) -> str:
    """The editor's address of the field that has the words; Wagtail knows none inside a list, as in an exchange."""
    if words.passage.id in PAGE_FIELDS:
        return PAGE_FIELDS[words.passage.id]
    block_id = block_of(words.passage.id)
    block = next(block for block in draft.body if block.id == block_id)
    field = {"pull_quote": ".text", "exchange": ".recording", "recording": ".caption", "picture": ".caption"}
    return f"body.{block_id}{field.get(block.block_type, '')}"
