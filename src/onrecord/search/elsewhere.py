"""The entries on a search server (OPENSEARCH_URL), kept like those in the newsroom's own database.

What changes names its subject, a story or a recording, in the transaction of the change (`due`). After it the worker
compares the subject's entries with what the server has of it and sends what differs (`send_due`): a task that was
lost, done twice, or met a server that did not answer leaves the row, and the next one takes it up.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.transaction import atomic, on_commit
from django_tasks import task

from onrecord.errors import OnrecordError
from onrecord.search.models import SearchEntry, SubjectDue

log = logging.getLogger(__name__)

PAGE = 2000
WORDS = ("title_keys", "title_lemmas", "keys", "lemmas", "speaker_keys")
_BY_SPACES = {"type": "text", "analyzer": "whitespace"}
MAPPING = {
    "settings": {"index": {"max_result_window": 10_000}},
    "mappings": {
        "dynamic": False,
        "properties": {
            **dict.fromkeys(WORDS, _BY_SPACES),
            **{name: {"type": "keyword"} for name in ("subject", "stamp", "kind", "language", "recording")},
            "entry": {"type": "long"},
            "place": {"type": "integer"},
            "published_at": {"type": "date"},
            "is_public": {"type": "boolean"},
        },
    },
}


class SearchServerSilent(OnrecordError):
    code = "search-server-silent"
    message = (
        "The search server at {host} does not take the index ({reason}). The newsroom's own index is complete and "
        "answers until then; look at OPENSEARCH_URL and the server, and run `onrecord reindex` again."
    )


def is_on() -> bool:
    """Whether this newsroom has a search server."""
    return bool(settings.OPENSEARCH_URL)


def client() -> Any:
    """The server. Raises ImproperlyConfigured when its client is not installed."""
    return _client(settings.OPENSEARCH_URL)


@lru_cache(maxsize=4)
def _client(url: str) -> Any:
    try:
        from opensearchpy import OpenSearch
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(
            "OPENSEARCH_URL is set, but the client is not installed: pip install 'onrecord[opensearch]'."
        ) from error
    return OpenSearch([url], timeout=30, max_retries=1)


def _unanswered() -> type[Exception]:
    client()  # says so when it is not installed
    from opensearchpy.exceptions import OpenSearchException

    return cast(type[Exception], OpenSearchException)


def due(*subjects: str) -> None:
    """Have these subjects (`story:12`, `recording:<id>`) compared after the transaction that changes them."""
    if not subjects or not is_on():
        return
    names = sorted(set(subjects))
    with atomic():
        SubjectDue.objects.filter(subject__in=names).delete()  # another row: one that is being sent now stays due
        SubjectDue.objects.bulk_create([SubjectDue(subject=name) for name in names], ignore_conflicts=True)
        on_commit(send_subjects.enqueue)


@task()
def send_subjects() -> None:
    """Send what is due."""
    send_due()


def send_due() -> int:
    """Compare every subject that is due; gives how many were. What the server does not take stays due."""
    done = 0
    while is_on() and (row := SubjectDue.objects.order_by("pk").first()) is not None:
        try:
            send(row.subject)
        except (_unanswered(), SearchServerSilent) as error:
            log.warning("search-server-not-sent subject=%s error=%s", row.subject, type(error).__name__)
            break
        SubjectDue.objects.filter(pk=row.pk).delete()
        done += 1
    return done


def send(subject: str) -> int:
    """Bring what the server has of a subject to what is in the database; gives how many documents differed."""
    there = dict(_there(subject))
    kind, _, key = subject.partition(":")
    rows = SearchEntry.objects.filter(**{f"{kind}_id": key}) if key else SearchEntry.objects.none()
    sent = 0
    lines: list[dict[str, Any]] = []
    for entry in rows.iterator(chunk_size=PAGE):
        wanted = document(entry)
        if there.pop(str(entry.pk), "") != wanted["stamp"]:
            lines += [{"index": {"_id": str(entry.pk)}}, wanted]
        if len(lines) >= 2 * PAGE:
            sent += _bulk(lines)
            lines = []
    lines += [{"delete": {"_id": pk}} for pk in there]
    return sent + _bulk(lines)


def rebuild_all(subjects: Iterable[str]) -> None:
    """Make the server's index anew and send everything. Raises SearchServerSilent."""
    server = client()
    earlier = list(SubjectDue.objects.values_list("pk", flat=True))  # what changes meanwhile stays due
    try:
        server.indices.delete(index=settings.OPENSEARCH_INDEX, ignore=[404])
        server.indices.create(index=settings.OPENSEARCH_INDEX, body=MAPPING)
        for subject in subjects:
            send(subject)
    except _unanswered() as error:
        raise _silent(type(error).__name__) from error
    for start in range(0, len(earlier), PAGE // 4):
        SubjectDue.objects.filter(pk__in=earlier[start : start + PAGE // 4]).delete()


def _silent(reason: str) -> SearchServerSilent:
    return SearchServerSilent(host=urlsplit(settings.OPENSEARCH_URL).hostname, reason=reason)  # and not the password


def document(entry: SearchEntry) -> dict[str, Any]:
    """An entry as the server keeps it."""
    fields: dict[str, Any] = {
        "entry": entry.pk,
        "subject": f"story:{entry.story_id}" if entry.story_id else f"recording:{entry.recording_id}",
        "kind": entry.kind,
        "language": entry.language,
        "recording": str(entry.recording_id or ""),
        "place": entry.place,
        "published_at": entry.published_at and entry.published_at.isoformat(),
        "is_public": entry.is_public,
        **{name: getattr(entry, name) for name in WORDS},
    }
    return {**fields, "stamp": hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()[:16]}


def _there(subject: str) -> Iterator[tuple[str, str]]:
    """Ids and stamps of what the server has of a subject."""
    server, after = client(), None
    if not server.indices.exists(index=settings.OPENSEARCH_INDEX):
        server.indices.create(index=settings.OPENSEARCH_INDEX, body=MAPPING)
    while True:
        asked: dict[str, Any] = {
            "query": {"bool": {"filter": [{"term": {"subject": subject}}]}},
            "sort": ["entry"],
            "size": PAGE,
            "_source": ["stamp"],
        }
        if after is not None:
            asked["search_after"] = after
        hits = server.search(index=settings.OPENSEARCH_INDEX, body=asked)["hits"]["hits"]
        yield from ((hit["_id"], hit["_source"]["stamp"]) for hit in hits)
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"]


def _bulk(lines: list[dict[str, Any]]) -> int:
    if not lines:
        return 0
    answer = client().bulk(index=settings.OPENSEARCH_INDEX, body=lines, refresh=True)
    if answer["errors"]:
        kinds = {str(one.get("error", {}).get("type")) for row in answer["items"] for one in row.values()} - {"None"}
        if kinds:  # a delete of what is not there is no error
            raise _silent(f"documents refused: {', '.join(sorted(kinds))}")
    return len(answer["items"])
