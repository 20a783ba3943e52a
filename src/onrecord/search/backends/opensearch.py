"""Search by an OpenSearch server, for newsrooms whose archive has outgrown a table.

The server answers with primary keys of entries, which are looked up in the newsroom's own database: it is asked, not
believed. Documents hold keys and lemmas, cut and bent by Python as everywhere (text/searching.py); the server only
splits them at spaces. Where it does not answer, the newsroom's own database does.
"""

import logging
from collections.abc import Iterable
from typing import Any

from onrecord.search import asking
from onrecord.search.asking import MOST_COUNTED, Answer, Ask, Backend, Order, SearchTookTooLong
from onrecord.text.searching import Term

log = logging.getLogger(__name__)

# How much it counts where a word is met; a title before a text, the word itself before another form of it.
_KEYS = {"title_keys": 10.0, "keys": 2.0}
_LEMMAS = {"title_lemmas": 6.0, "lemmas": 1.0}
_BY_DAY = {"published_at": {"order": "desc", "missing": "_last"}}
_FROM_DAY = {"published_at": {"order": "asc", "missing": "_last"}}
_ORDERS: dict[Order, list[Any]] = {
    Order.BEST: ["_score", _BY_DAY, "place", "entry"],
    Order.NEWEST: [_BY_DAY, "recording", "place", "entry"],
    Order.OLDEST: [_FROM_DAY, "recording", "place", "entry"],
}
_MOST_EXPANDED = 1000

Clause = dict[str, Any]


class OpensearchBackend:
    """Asks the server, and `instead` when it cannot be reached."""

    def __init__(self, client: Any, index: str, instead: Backend) -> None:
        from opensearchpy.exceptions import OpenSearchException

        self._client, self._index, self._instead = client, index, instead
        self._unanswered = OpenSearchException

    def find(self, ask: Ask) -> Answer:
        try:
            found = self._client.search(
                index=self._index, body=body(ask), request_timeout=asking.SECONDS + 1, ignore_unavailable=False
            )
        except self._unanswered as error:
            log.warning("search-server-unanswered error=%s", type(error).__name__)
            return self._instead.find(ask)
        if found.get("timed_out"):
            raise SearchTookTooLong
        hits = found["hits"]
        return Answer(tuple(int(hit["_id"]) for hit in hits["hits"]), min(MOST_COUNTED, hits["total"]["value"]))


def body(ask: Ask) -> dict[str, Any]:
    """What the server is asked, in its own language; what was typed is in values only."""
    order = ask.order if ask.query or ask.order is not Order.BEST else Order.NEWEST
    return {
        "query": {
            "bool": {
                "must": [_term(term) for term in ask.query.wanted],
                "must_not": [_term(term) for term in ask.query.unwanted],
                "filter": list(_filters(ask)),
            }
        },
        "sort": _ORDERS[order],
        "from": ask.offset,
        "size": ask.limit,
        "track_total_hits": MOST_COUNTED,
        "timeout": f"{asking.SECONDS:g}s",
        "_source": False,
    }


def _filters(ask: Ask) -> Iterable[Clause]:
    if ask.kinds:
        yield {"terms": {"kind": list(ask.kinds)}}
    if ask.public_only:
        yield {"term": {"is_public": True}}
    if ask.language:
        yield {"term": {"language": ask.language}}
    yield from ({"prefix": {"speaker_keys": key}} for key in ask.speaker)
    days = {"gte": ask.since and ask.since.isoformat(), "lt": ask.until and ask.until.isoformat()}
    if any(days.values()):
        yield {"range": {"published_at": {name: day for name, day in days.items() if day}}}


def _term(term: Term) -> Clause:
    """Any of the fields has the words in this order, or the word in another form."""
    *before, last = term.keys
    if not term.is_prefix:
        ways = [{"match_phrase": {field: {"query": " ".join(term.keys), "boost": b}}} for field, b in _KEYS.items()]
    elif before:
        phrase = {"query": " ".join(term.keys), "max_expansions": _MOST_EXPANDED}
        ways = [{"match_phrase_prefix": {field: {**phrase, "boost": b}}} for field, b in _KEYS.items()]
    else:
        ways = [{"prefix": {field: {"value": last, "boost": b}}} for field, b in _KEYS.items()]
    ways += [{"term": {field: {"value": one, "boost": b}}} for one in term.lemmas for field, b in _LEMMAS.items()]
    return {"bool": {"should": ways, "minimum_should_match": 1}}
