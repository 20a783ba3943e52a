"""The public notes: on a story, and in the log, whole or by kind or story."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from onrecord.readers.models import CorrectionNote, Kind
from onrecord.stories.models import StoryPage
from onrecord.stories.versions import stories_hiding
from onrecord.text.revisions import without_words


def notes_public() -> QuerySet[CorrectionNote]:
    """Notes on stories that readers may see, newest first."""
    shown = CorrectionNote.objects.filter(published_at__isnull=False, story__in=StoryPage.objects.cleared())
    return shown.select_related("story")


def notes_shown(notes: Iterable[CorrectionNote]) -> list[CorrectionNote]:
    """The notes as readers may read them: a word that is masked by now stands as its mask, also among old words.

    They are for showing only: saved, they would lose what was written.
    """
    shown = list(notes)
    hidings = stories_hiding({note.story_id: note.story for note in shown}.values())
    for note in shown:
        for field in ("old_words", "new_words", "reason"):
            setattr(note, field, without_words(getattr(note, field), hidings[note.story_id]))
    return shown


def notes_log(kind: str = "", story_id: int | None = None) -> list[dict[str, Any]]:
    """Public notes as the log shows them: all, those of a kind, those on a story."""
    notes = notes_public()
    if kind:
        notes = notes.filter(kind=kind)
    if story_id is not None:
        notes = notes.filter(story_id=story_id)
    return [
        {
            "story_title": note.story.title,
            "story_url": note.story.url,
            "story_log_url": reverse("corrections-of-story", args=[note.story.slug]),
            "kind_words": note.get_kind_display() if note.kind else "",
            "old_words": note.old_words,
            "new_words": note.new_words,
            "reason": note.reason,
            "changes_meaning": note.changes_meaning,
            "published_at": note.published_at,
            "anchor": note.anchor,
        }
        for note in notes_shown(notes)
    ]


def notes_kinds() -> list[dict[str, Any]]:
    """The kinds of which there are notes, each with its number and its page of the log."""
    numbers = dict(notes_public().order_by().values_list("kind").annotate(Count("pk")))
    return [
        {"kind": kind.value, "label": kind.label, "count": numbers[kind.value],
         "url": reverse("corrections-of-kind", args=[kind.value])}
        for kind in Kind if numbers.get(kind.value)
    ]  # fmt: skip


def notes_paths() -> Iterator[str]:
    """The log's pages by kind."""
    yield from (row["url"] for row in notes_kinds())


def notes_story_paths(stories: Sequence[StoryPage]) -> Iterator[str]:
    """The log's pages of stories that have notes."""
    noted = set(notes_public().filter(story__in=[story.pk for story in stories]).values_list("story_id", flat=True))
    yield from (reverse("corrections-of-story", args=[story.slug]) for story in stories if story.pk in noted)


def corrections_context(story: StoryPage) -> dict[str, Any]:
    """The notes that a story shows, and where it sends new suggestions."""
    return {
        "correction_notes": notes_shown(
            CorrectionNote.objects.filter(story_id=story.pk, published_at__isnull=False).select_related("story")
        ),
        "revision_id": story.live_revision_id,
        "suggest_url": reverse("correction-suggest"),
        "correction_kinds": Kind.choices,
    }
