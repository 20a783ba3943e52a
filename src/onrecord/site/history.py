"""What became of a story since it was published."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onrecord.core.reads import covered
from onrecord.publishing.lookup import story_at
from onrecord.publishing.structured_data import absolute
from onrecord.readers.models import CorrectionNote
from onrecord.stories.models import StoryPage
from onrecord.stories.versions import Version, story_hiding, story_versions
from onrecord.text.revisions import without_words


@dataclass(frozen=True)
class Step:
    """A published state with the corrections that came with it."""

    version: Version
    notes: list[CorrectionNote]


def story_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every published state of a story beside the one before: when, what, why."""
    story = story_at(slug)
    with covered(f"story:{story.pk}", f"notes:{story.pk}", *_recordings(story)):
        hidden = story_hiding(story)
        versions = story_versions(story, hidden)
        notes = list(
            CorrectionNote.objects.filter(story=story, published_at__isnull=False).order_by("published_at", "pk")
        )
        for note in notes:  # shown, not kept
            note.reason = without_words(note.reason, hidden)
    context = {
        "story": story,
        "steps": _with_notes(versions, notes),
        "canonical_url": absolute(f"{story.url}history/"),
        "language": story.language,
    }
    return render(request, "site/history.html", context)


def _with_notes(versions: list[Version], notes: list[CorrectionNote]) -> list[Step]:
    """Each note with the last state that was published before it or with it, newest first."""
    steps = [Step(version, []) for version in versions]
    for note in notes:
        earlier = [step for step in steps if note.published_at and step.version.published_at <= note.published_at]
        chosen = earlier[0] if earlier else steps[-1] if steps else None
        if chosen is not None:
            chosen.notes.append(note)
    return steps


def _recordings(story: StoryPage) -> list[str]:
    """What masks depend on."""
    with covered():
        rows = story.checks.exclude(bindings__recording=None).values_list("bindings__recording", flat=True)
        named = story.story_recordings.values_list("recording", flat=True)
        return [f"recording:{pk}" for pk in sorted({str(pk) for pk in (*rows, *named)})]
