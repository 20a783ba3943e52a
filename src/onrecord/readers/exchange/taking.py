"""An export's comments taken in: matched to stories, one level deep, with their dates, once however often it is run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onrecord.readers.exchange.formats import Found, comments_read
from onrecord.readers.models import MAX_NAME, Comment, CommentImport
from onrecord.readers.services.listeners import tell_listeners
from onrecord.stories.models import StoryPage

BATCH = 500
MAX_UNMATCHED = 1_000
Status = Comment.Status


@dataclass
class _Plan:
    """What is known after the first reading: whose answer each comment is, which are taken, and to which story."""

    parents: dict[str, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unmatched: Counter[str] = field(default_factory=Counter)
    source: str = ""

    def root(self, found_id: str) -> str:
        """The topmost comment above this one that is taken for the same story; itself where there is none."""
        root, here, seen = found_id, self.parents.get(found_id, ""), {found_id}
        while here and here not in seen:
            seen.add(here)
            if self.taken.get(here) == self.taken[found_id]:
                root = here
            here = self.parents.get(here, "")
        return root

    def wanted(self, found: Iterator[Found], *, answers: bool) -> Iterator[Found]:
        """Of the comments that are taken, those that answer others, or those that do not."""
        return (one for one in found if one.id in self.taken and (self.root(one.id) != one.id) == answers)


def comments_import(path: Path, addresses: Mapping[str, str] | None = None) -> CommentImport:
    """Take in an export of WordPress or Disqus; gives the report, which is kept. Raises CommentsUnreadable.

    `addresses` says which story (slug or address) an old address became; else the end of the address is the slug. The
    file is read three times, so that answers find what they answer wherever it stands and memory holds numbers alone.
    Nobody is written to, and no service is asked.
    """
    plan = _planned(path, {_key(old): _slug(new) for old, new in (addresses or {}).items()})
    known: dict[str, int] = {}
    taken = 0
    for answers in (False, True):
        wanted = plan.wanted(comments_read(path), answers=answers)
        while batch := list(islice(wanted, BATCH)):
            taken += _take(batch, plan, known)
    total = len(plan.taken)
    with transaction.atomic():
        for story in StoryPage.objects.filter(pk__in=set(plan.taken.values())):
            tell_listeners(story, "comments")
        return CommentImport.objects.create(
            created_at=timezone.now(), source=plan.source, file_name=path.name[:200], taken=taken, known=total - taken,
            left_out=dict(plan.left_out),
            unmatched=[list(pair) for pair in plan.unmatched.most_common(MAX_UNMATCHED)],
        )  # fmt: skip


def _planned(path: Path, addresses: Mapping[str, str]) -> _Plan:
    plan = _Plan()
    stories: dict[str, int] = dict(StoryPage.objects.order_by("pk").values_list("slug", "pk"))
    for one in comments_read(path):
        plan.source = one.source
        if one.left_out or not one.text or not one.id:
            plan.left_out[one.left_out or "empty"] += 1
            continue
        plan.parents[one.id] = one.parent
        candidates = (addresses.get(_key(one.address), ""), one.slug, _slug(one.address))
        story = next((stories[slug] for slug in candidates if slug in stories), None)
        if story is None:
            plan.unmatched[one.address or one.slug] += 1
        else:
            plan.taken[one.id] = story
    return plan


def _take(batch: list[Found], plan: _Plan, known: dict[str, int]) -> int:
    """Store those that are not here yet; `known` gets everyone's row."""
    with transaction.atomic():
        rows = Comment.objects.filter(source=plan.source, source_id__in=[one.id for one in batch])
        before = dict(rows.values_list("source_id", "pk"))
        known.update(before)
        new = [_row(one, plan, known) for one in _once(batch) if one.id not in before]
        for row in Comment.objects.bulk_create(new):
            known[row.source_id] = row.pk
    return len(new)


def _once(batch: list[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for one in batch:
        if one.id not in seen:
            seen.add(one.id)
            yield one


def _row(one: Found, plan: _Plan, known: Mapping[str, int]) -> Comment:
    root = plan.root(one.id)
    return Comment(
        story_id=plan.taken[one.id], parent_id=known.get(root) if root != one.id else None,
        name=one.name[:MAX_NAME] or _("Anonymous"), text=one.text, created_at=one.created_at,
        status=Status.APPROVED if one.is_approved else Status.HELD, source=plan.source, source_id=one.id,
    )  # fmt: skip


def _key(address: str) -> str:
    """An address without scheme, query and the slash at its end, so that old spellings meet."""
    parts = urlsplit(address.strip())
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path).rstrip('/')}"


def _slug(address: str) -> str:
    """The last part of an address: a slug, perhaps with an ending such as `.html`."""
    last = unquote(urlsplit(address.strip()).path).rstrip("/").rpartition("/")[2]
    return last.removesuffix(".html").removesuffix(".htm").removesuffix(".php")
