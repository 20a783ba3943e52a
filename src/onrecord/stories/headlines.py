"""The words that stand for a story in a list: the quotation of its headline, to be played there."""

from collections.abc import Sequence

from django.db.models import F

from onrecord.archive.models import Recording
from onrecord.core.reads import note
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.checked import BORNE_OUT
from onrecord.stories.gate import bound_quotation
from onrecord.stories.models import StoryPage
from onrecord.stories.quoted import QuotationView, quotations_view
from onrecord.stories.words import Words


def headline_moments(stories: Sequence[StoryPage]) -> dict[str, QuotationView]:
    """For each story (by address) the quotation of its headline, where it can be heard."""
    by_pk = {story.pk: story for story in stories}
    rows = (
        QuotationBinding.objects.filter(
            check_run__page__in=by_pk,
            check_run__revision=F("check_run__page__live_revision"),
            passage="headline",
            verdict__in=BORNE_OUT,
            recording__isnull=False,
        )
        .select_related("check_run")
        .order_by("check_run__page_id", "number")
    )
    first: dict[int, QuotationBinding] = {}
    for row in rows:
        first.setdefault(row.check_run.page_id, row)
    recordings = list(Recording.objects.filter(pk__in={row.recording_id for row in first.values()}))
    unread = {str(recording.pk): Words(recording.language) for recording in recordings}  # a list shows no transcript
    note(*(f"story:{pk}" for pk in first))
    found = {}
    for pk, row in first.items():
        view = quotations_view(by_pk[pk], [bound_quotation(row)], named=recordings, statements=(), words=unread)[0]
        if view.play_url:
            found[by_pk[pk].url or ""] = view
    return found
