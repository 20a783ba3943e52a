"""What a change touches: keys of what pages are made from, and the addresses that become due with it.

All of it happens inside the transaction of the change. Nothing is due without having changed, and nothing that changed
is forgotten by a process that dies: the rows are there, and whoever bakes next finds them.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from onrecord.archive.models import Recording
from onrecord.publishing.addresses import all_paths, common_paths, recording_paths, story_paths
from onrecord.publishing.models import BakedPage, Change, DuePage, PublicPage
from onrecord.stories.authors import AuthorPage
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.cards import cleared_stories, story_card
from onrecord.stories.models import SeriesPage, StandardPage, StoryPage, TopicPage

# Pages that gather stories: the prefix of their key, and the story's field that names them.
GATHER = {SeriesPage: ("series", "series"), TopicPage: ("topic", "topics"), AuthorPage: ("author", "authors")}


_wakes: list[Callable[[], None]] = []


def register_wake(wake: Callable[[], None]) -> None:
    """Have this called after the commit of a change that may have made pages due."""
    _wakes.append(wake)


def touch(keys: Iterable[str], paths: Iterable[str] = ()) -> list[str]:
    """Make every page due that was made from one of these keys, and these addresses; gives them all."""
    touched = sorted(set(keys))
    now = timezone.now()
    with transaction.atomic():
        Change.objects.bulk_create([Change(key=key, at=now) for key in touched], batch_size=500)
        due = set(paths)
        for start in range(0, len(touched), 500):
            rows = BakedPage.objects.filter(dependencies__key__in=touched[start : start + 500])
            due.update(rows.values_list("path", flat=True))
        pages_due(due)
        for wake in _wakes:
            transaction.on_commit(wake)
    return sorted(due)


def pages_due(paths: Iterable[str]) -> None:
    """Have these addresses baked by whoever bakes next."""
    now = timezone.now()
    due = sorted(set(map(unquote, paths)))
    for start in range(0, len(due), 500):  # rows of a whole site at once would take as much memory as its pages
        DuePage.objects.bulk_create(
            [
                DuePage(path=path, token=secrets.randbits(62), since=now, touched_at=now)
                for path in due[start : start + 500]
            ],
            update_conflicts=True, unique_fields=["path"], update_fields=["token", "touched_at"],
        )  # fmt: skip


def story_touch(story_id: int) -> list[str]:
    """A story was published, changed, given another address or taken down; or its quotations were judged anew."""
    story = cleared_stories().filter(pk=story_id).first()
    with transaction.atomic():
        before = PublicPage.objects.select_for_update().filter(page=story_id).first() or PublicPage(page=story_id)
        lists, recordings = _places(story) if story else (set(), set())
        card = digest(_card(story)) if story else ""
        known = set(before.keys)
        heard = {UUID(key.removeprefix("moments:")) for key in known if key.startswith("moments:")} | recordings
        now = lists | {f"moments:{pk}" for pk in recordings}
        keys = {f"story:{story_id}", "any:stories", *(f"moments:{pk}" for pk in heard)}
        if card != before.card or now != known:
            keys |= {f"card:{story_id}", "stories", *known, *now}
            if not card or not before.card or {k for k in known ^ now if k.startswith("moments:")}:
                keys.add("recordings")
            PublicPage.objects.update_or_create(page=story_id, defaults={"keys": sorted(now), "card": card})
        paths = [*(story_paths([story]) if story else ()), *recording_paths(sorted(heard)), *_new(common_paths())]
        return touch(keys, paths)


def readers_touch(story_id: int, what: str = "") -> list[str]:
    """A story has a comment or a note more or less (`what`: "comments" or "notes"; both when it is not said)."""
    kinds = [what] if what else ["comments", "notes"]
    story = StoryPage.objects.cleared().filter(pk=story_id).first()
    keys = {"any:readers", *kinds, *(f"{kind}:{story_id}" for kind in kinds)}
    return touch(keys, _new(story_paths([story]) if story else ()))


def recording_touch(recording: Recording) -> list[str]:
    """A recording has other words, masks, sound, copies or another title."""
    keys = {f"recording:{recording.pk}", "any:recordings", "recordings"}
    if recording.filed_under_id:
        keys.add(f"recording:{recording.filed_under_id}")
    is_public = BakedPage.objects.filter(path=reverse("recording", args=[recording.pk])).exists()
    return touch(keys, recording_paths([recording.pk]) if is_public else ())


def page_touch(page: Page) -> list[str]:
    """A page that is no story was published, changed, moved or taken down."""
    keys = {f"page:{page.pk}", "any:pages"}
    with transaction.atomic():
        live = Page.objects.live().filter(pk=page.pk).first()
        card = digest([live.title, live.url, live.specific.description if _gathers(page) else ""]) if live else ""
        before = PublicPage.objects.select_for_update().filter(page=page.pk).first() or PublicPage(page=page.pk)
        if card != before.card:
            PublicPage.objects.update_or_create(page=page.pk, defaults={"card": card})
            if _gathers(page):
                key, field = GATHER[type(page)]
                keys |= {f"{key}:{page.pk}", "stories", "any:stories"}
                members = StoryPage.objects.filter(**{field: page.pk})
                for known in PublicPage.objects.filter(page__in=members.values("pk")):
                    keys |= {f"story:{known.page}", f"card:{known.page}", *known.keys}
            elif isinstance(page, StandardPage):
                keys.add("nav")
            else:  # the addresses of all that lies under it may be others now
                return touch(keys, [*BakedPage.objects.values_list("path", flat=True), *all_paths()])
        return touch(keys, [*_new(common_paths()), *([live.url] if live and live.url else [])])


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=str, ensure_ascii=False).encode()).hexdigest()


def _places(story: StoryPage) -> tuple[set[str], set[UUID]]:
    """The lists that a story is in, and the recordings that it names or quotes."""
    lists = {f"topic:{topic.pk}" for topic in story.topics.all()} | {f"author:{one.pk}" for one in story.authors.all()}
    if story.series_id:
        lists.add(f"series:{story.series_id}")
    quoted = QuotationBinding.objects.filter(check_run__page_id=story.pk, check_run__revision=story.live_revision_id)
    named = {recording.pk for recording in story.named_recordings()}
    return lists, named | set(quoted.exclude(recording=None).values_list("recording_id", flat=True))


def _card(story: StoryPage) -> list[Any]:
    return [story_card(story), story.slug, story.last_published_at]


def _gathers(page: Page) -> bool:
    return type(page) in GATHER


def _new(paths: Iterable[str]) -> list[str]:
    """Those that have never been baked."""
    wanted = list(paths)
    known = set(BakedPage.objects.filter(path__in=wanted).values_list("path", flat=True))
    return [path for path in wanted if path not in known]
