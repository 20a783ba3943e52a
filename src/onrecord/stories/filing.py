"""Stories that stand on a recording keep it from being filed as a copy of another one."""

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from onrecord.archive.models import Recording
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.models import StoryPage

_NAMED = 5


def stories_on_record(recording: Recording, under: Recording) -> list[str]:
    """Why the recording cannot be filed: stories, drafts included, that name it or quote it."""
    quoting = QuotationBinding.objects.filter(
        recording=recording, check_run__revision=F("check_run__page__live_revision")
    ).values("check_run__page")
    stories = (
        StoryPage.objects.annotate(content=Cast("latest_revision__content", TextField()))
        .filter(
            Q(story_recordings__recording=recording) | Q(pk__in=quoting) | Q(content__contains=str(recording.pk)),
        )
        .distinct()
        .order_by("title")
    )
    titles = list(stories.values_list("title", flat=True))
    if not titles:
        return []
    named = ", ".join(f"“{title}”" for title in titles[:_NAMED])
    more = gettext(" and %(count)s more") % {"count": len(titles) - _NAMED} if len(titles) > _NAMED else ""
    return [
        gettext("stories stand on it: %(named)s. Let them stand on “%(title)s” first, or file the other way round.")
        % {"named": named + more, "title": under.title}
    ]
