"""Which key a table's rows stand for, and rows whose change no event tells of."""

from typing import Any

from django.db.models import Model

from onrecord.archive.models import Copy, Publisher, Recording
from onrecord.publishing.changes import recording_touch, touch
from onrecord.publishing.models import Dependency
from onrecord.transcripts.models import Transcript

_STORIES, _PAGES, _RECORDINGS, _READERS = "any:stories", "any:pages", "any:recordings", "any:readers"

# Tables whose changes are told by events (changes.py): a draft that is saved touches nothing.
_TOLD = {
    "wagtailcore_page": (_STORIES, _PAGES),
    "wagtailcore_revision": (_STORIES, _PAGES),
    **{f"stories_{name}": (_PAGES,) for name in (
        "homepage", "storyindexpage", "seriesindexpage", "topicindexpage", "seriespage", "topicpage", "standardpage",
    )},
    **{f"stories_{name}": (_STORIES,) for name in (
        "storypage", "storypage_topics", "storyrecording", "storystatement", "storyrelated", "storycheck",
        "quotationbinding", "quotationconfirmation", "quotationoverride", "quotationplace",
    )},
    **{f"archive_{name}": (_RECORDINGS,) for name in ("recording", "copy", "publisher", "repost", "custodyevent")},
    **{f"transcripts_{name}": (_RECORDINGS,) for name in ("transcript", "transcriptversion")},
    **{f"readers_{name}": (_READERS,) for name in ("comment", "correctionnote", "correctionreport")},
}  # fmt: skip
_NEVER_SHOWN = {"wagtailcore_site", "wagtailcore_locale", "django_content_type"}
_NEVER_SHOWN_PREFIXES = ("django_", "auth_", "core_", "publishing_", "wagtailusers_", "wagtailsearch_", "sqlite_")


def keys_of_table(table: str) -> tuple[str, ...]:
    """The keys that a query on a table is noted under."""
    if table in _TOLD:
        return _TOLD[table]
    if table in _NEVER_SHOWN or table.startswith(_NEVER_SHOWN_PREFIXES):
        return ()
    return (f"table:{table}",)


def row_changed(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """A row was saved or deleted: of a table that a page was made from, or of one that belongs to a recording."""
    match instance:
        case Copy() | Transcript() if not kwargs.get("raw"):
            recording_touch(instance.recording)
        case Publisher() if not kwargs.get("created"):
            for recording in Recording.objects.filter(copies__publisher=instance).distinct():
                recording_touch(recording)
        case _ if sender._meta.db_table not in _TOLD:
            _table_changed(sender._meta.db_table)


def links_changed(sender: type[Model], instance: Any, action: str, **kwargs: Any) -> None:
    """Rows of a many-to-many table were added or removed."""
    if action.startswith("post_") and sender._meta.db_table not in _TOLD:
        _table_changed(sender._meta.db_table)


def _table_changed(table: str) -> None:
    keys = keys_of_table(table)
    if keys and Dependency.objects.filter(key=keys[0]).exists():
        touch(keys)
