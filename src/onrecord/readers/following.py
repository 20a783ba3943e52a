"""A selected passage followed from the revision that the reader had open to a later one."""

from collections.abc import Iterator

from wagtail.models import Revision

from onrecord.readers.models import Comment, CorrectionReport
from onrecord.readers.passages import Found, Selected, passage_find
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import Passage, story_passages
from onrecord.text.carrying import Place, carry

_WORDS = ("title", "standfirst", "body")
_UNCHANGED, _CHANGED = 1.0, 0.9


def report_place(report: CorrectionReport | Comment, state: StoryPage, revision_id: int | None) -> Found | None:
    """Where a message's passage is in one state of the story, the one of this revision; None when it is gone.

    Followed through every revision made since the reader's, so that it is where those words went and not where
    words like them are. Where it is not known what the reader had open, the words are looked for.
    """
    now, selected = story_passages(state), Selected.of(report)
    if report.revision_read is None or revision_id is None:
        return passage_find(now, selected)
    read = Revision.objects.filter(pk=report.revision_read).first()
    first = passage_find(story_passages(read.as_object()), selected) if read else None
    if read is None or first is None or read.pk == revision_id:
        return passage_find(now, selected)
    if any((passage.id, passage.text) == (first.passage.id, first.passage.text) for passage in now):
        return first
    states = [_texts(passages) for passages in _between(state.pk, read, revision_id)]
    place = carry(Place(first.passage.id, first.start, first.end), [*states, _texts(now)])
    if place is None:
        return None
    passage = next(passage for passage in now if passage.id == place.passage)
    return Found(passage, place.start, place.end, _CHANGED if place.changed else _UNCHANGED)


def _between(page_id: int, read: Revision, last_id: int) -> Iterator[list[Passage]]:
    """What each revision from the reader's to the last one says; those that change no words are left out."""
    made = Revision.page_revisions.filter(object_id=str(page_id), pk__gte=read.pk, pk__lte=last_id).order_by("pk")
    before = None
    for revision in made:
        words = [revision.content.get(name) for name in _WORDS]
        if words != before:
            yield story_passages(revision.as_object())
        before = words


def _texts(passages: list[Passage]) -> dict[str, str]:
    return {passage.id: passage.text for passage in passages}
