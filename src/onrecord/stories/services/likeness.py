"""Which published stories are alike: kept when a story is published, for it and for those that it is like."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction

from onrecord.stories.models import StoryPage, StoryProfile, StorySimilar
from onrecord.stories.passages import story_passages
from onrecord.stories.services.listeners import tell_listeners
from onrecord.text.similarity import Corpus, terms

KEPT = 12
MOST_SCORED = 2000
MOST_WITH_ONE_RECORDING = 60
LEAST_SCORE = 0.06
SHARED_RECORDING, SHARED_TOPIC, SHARED_PLACE = 0.3, 0.12, 0.05
MOST_TOPICS = 2


def story_compare(story_id: int) -> list[int]:
    """Compare a published story with all others; gives the stories whose lists changed, itself among them.

    May run twice: the second time nothing changes.
    """
    story = StoryPage.objects.cleared().filter(pk=story_id).first()
    if story is None:
        return []
    profile_write(story)
    corpus = _corpus()
    facts = _Facts(corpus)
    mine = _scores(story.pk, corpus, facts)
    naming_it = StorySimilar.objects.filter(other=story.pk).values_list("story_id", flat=True)
    changed = []
    with transaction.atomic():
        if _write(story.pk, _best(mine)):
            changed.append(story.pk)
        for other in sorted({*_best(mine), *naming_it}):
            rows = dict(StorySimilar.objects.filter(story=other).values_list("other_id", "score"))
            if _write(other, _best({**rows, story.pk: mine.get(other, 0.0)})):
                changed.append(other)
        for one in StoryPage.objects.filter(pk__in=changed):
            tell_listeners(one)
    return changed


def stories_compare_all() -> int:
    """Count and compare every published story anew; gives the number of those whose lists changed."""
    for story in StoryPage.objects.cleared().iterator(chunk_size=100):
        profile_write(story)
    corpus = _corpus()
    facts = _Facts(corpus)
    changed = 0
    for story_id in corpus:
        with transaction.atomic():
            if _write(story_id, _best(_scores(story_id, corpus, facts))):
                changed += 1
                tell_listeners(StoryPage.objects.get(pk=story_id))
    return changed


def profile_write(story: StoryPage) -> StoryProfile:
    """Count the words of a story's live revision, once; the headline's count twice."""
    known = StoryProfile.objects.filter(story=story).first()
    if known is not None and known.revision_id == story.live_revision_id:
        return known
    text = "\n".join([story.title, *(passage.text for passage in story_passages(story))])
    row, _ = StoryProfile.objects.update_or_create(
        story=story,
        defaults={
            "revision_id": story.live_revision_id,
            "terms": terms(text, story.language or settings.NEWSROOM_LANGUAGE),
        },
    )
    return row


class _Facts:
    """What stories share beside words: recordings, topics, places."""

    def __init__(self, stories: Iterable[int]) -> None:
        self.places: dict[int, str] = {
            pk: place.strip().casefold()
            for pk, place in StoryPage.objects.values_list("pk", "dateline_place")
            if place.strip()
        }
        self.topics: defaultdict[int, set[object]] = defaultdict(set)
        self.recordings: defaultdict[int, set[object]] = defaultdict(set)
        self.by_recording: defaultdict[object, list[int]] = defaultdict(list)
        known = set(stories)
        for story, topic in StoryPage.topics.through.objects.values_list("storypage_id", "topicpage_id"):
            self.topics[story].add(topic)
        named = StoryPage.objects.filter(story_recordings__isnull=False)
        for story, recording in named.values_list("pk", "story_recordings__recording"):
            if story in known:
                self.recordings[story].add(recording)
                self.by_recording[recording].append(story)

    def bonus(self, one: int, other: int) -> float:
        topics = min(MOST_TOPICS, len(self.topics[one] & self.topics[other]))
        place = bool(self.places.get(one)) and self.places.get(one) == self.places.get(other)
        shares = bool(self.recordings[one] & self.recordings[other])
        return SHARED_RECORDING * shares + SHARED_TOPIC * topics + SHARED_PLACE * place

    def heard_with(self, story: int) -> set[int]:
        """Stories that name one of its recordings, the newest as far as there are very many."""
        newest = (sorted(self.by_recording[key])[-MOST_WITH_ONE_RECORDING:] for key in self.recordings[story])
        return {other for stories in newest for other in stories}


def _corpus() -> Corpus[int]:
    cleared = StoryPage.objects.cleared().values("pk")
    return Corpus(dict(StoryProfile.objects.filter(story__in=cleared).values_list("story_id", "terms")))


def _scores(story: int, corpus: Corpus[int], facts: _Facts) -> dict[int, float]:
    """How much other stories are like this one, as far as they have words or a recording in common."""
    by_words = dict(corpus.likest(story, MOST_SCORED))
    others = {*by_words, *facts.heard_with(story)} - {story}
    return {other: round(by_words.get(other, 0.0) + facts.bonus(story, other), 4) for other in others}


def _best(scores: Mapping[int, float]) -> dict[int, float]:
    """The best of them in order, those that are alike enough to be named."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
    return {other: score for other, score in ranked if score >= LEAST_SCORE}


def _write(story: int, scores: Mapping[int, float]) -> bool:
    """Keep this as the story's list; True if other stories stand there now, or in another order."""
    best = list(scores.items())
    before = list(StorySimilar.objects.filter(story=story).values_list("other_id", "score"))
    if before == best:
        return False
    StorySimilar.objects.filter(story=story).delete()
    StorySimilar.objects.bulk_create(StorySimilar(story_id=story, other_id=other, score=score) for other, score in best)
    return [other for other, _ in before] != [other for other, _ in best]
