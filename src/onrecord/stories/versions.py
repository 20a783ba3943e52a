"""The published states of a story, each beside the one before, without words that are masked by now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.models import StoryEdition, StoryPage
from onrecord.stories.passages import story_passages
from onrecord.stories.words import is_masked, newest_texts
from onrecord.text.masks import masked_text
from onrecord.text.revisions import PassageChange, Run, hiding, passage_changes, without_words
from onrecord.transcripts.segments import segments_from_json

MOST_EDITIONS = 100


@dataclass(frozen=True)
class Version:
    """One published state: when, what changed since the one before, what the newsroom said of it."""

    number: int
    published_at: datetime
    note: str
    changes: tuple[PassageChange, ...]
    withheld_reason: str = ""
    is_first: bool = False

    @property
    def struck(self) -> int:
        return _words(run for change in self.changes for run in change.runs if run.kind == "old")

    @property
    def added(self) -> int:
        return _words(run for change in self.changes for run in change.runs if run.kind == "new")


def story_versions(story: StoryPage, hidden: Callable[[str], str | None]) -> list[Version]:
    """Newest first: the states in which readers had the story, those left out in which no word was another.

    An earlier text shows no word that is masked in a recording it rested on, unless today's story has the word:
    `hidden` is what `story_hiding` gives.
    """
    editions = list(story.editions.select_related("revision").order_by("published_at", "pk"))[-MOST_EDITIONS:]
    contents = {edition.pk: edition.revision.content for edition in editions}
    texts = {pk: [(passage.id, passage.text) for passage in story_passages(_page(row))] for pk, row in contents.items()}
    versions: list[Version] = []
    before: list[tuple[str, str]] | None = None
    for edition in editions:
        if edition.withheld_at:
            versions.append(_withheld(edition, len(versions) + 1))
            continue
        text = [(key, without_words(words, hidden)) for key, words in texts[edition.pk]]
        changes = tuple(passage_changes(before, text)) if before is not None else ()
        if before is None or changes or edition.note:
            versions.append(
                Version(
                    len(versions) + 1,
                    edition.published_at,
                    without_words(edition.note, hidden),
                    changes,
                    is_first=edition == editions[0],
                )
            )
        before = text
    return versions[::-1]


def story_hiding(story: StoryPage) -> Callable[[str], str | None]:
    """For `without_words`: what stands for a word that is masked in any recording the story ever rested on."""
    return stories_hiding([story])[story.pk]


def stories_hiding(stories: Iterable[StoryPage]) -> dict[int, Callable[[str], str | None]]:
    """The same for several stories by their ids, in as many queries as for one."""
    known = {story.pk: story for story in stories}
    if not known:
        return {}
    rested: dict[int, set[UUID]] = {pk: set() for pk in known}
    for page, content in StoryEdition.objects.filter(page__in=known).values_list("page_id", "revision__content"):
        rested[page] |= {UUID(str(row["recording"])) for row in content.get("story_recordings", ()) if row["recording"]}
    quoted = QuotationBinding.objects.filter(check_run__page_id__in=known).exclude(recording=None)
    for page, recording in quoted.values_list("check_run__page_id", "recording_id"):
        rested[page].add(recording)
    masked = _masked(set().union(*rested.values()))
    return {
        pk: hiding(
            {text: shown for recording in recordings for text, shown in masked.get(recording, {}).items()},
            [passage.text for passage in story_passages(known[pk])],
        )
        for pk, recordings in rested.items()
    }


def _page(content: dict[str, Any]) -> StoryPage:
    """The words of a revision, without what else belongs to it."""
    body = StoryPage._meta.get_field("body").to_python(content["body"])
    return StoryPage(title=content["title"], standfirst=content["standfirst"], body=body)


def _withheld(edition: StoryEdition, number: int) -> Version:
    return Version(number, edition.published_at, "", (), withheld_reason=edition.withheld_reason)


def _masked(recordings: set[UUID]) -> dict[UUID, dict[str, str]]:
    """By recording every masked word, with what stands for it."""
    found: dict[UUID, dict[str, str]] = {pk: {} for pk in recordings}
    for version in newest_texts(sorted(recordings)):
        for row in version.segments:
            if any(is_masked(word) for word in row["words"]):
                (segment,) = segments_from_json([row])
                words = found[version.transcript.recording_id]
                words.update({word.text: masked_text(word) for word in segment.words if word.mask})
    return found


def _words(runs: Iterable[Run]) -> int:
    return sum(len(run.text.split()) for run in runs)
