"""The readers' search page."""

from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from onrecord.errors import OnrecordError
from onrecord.search.asking import MOST_COUNTED, Order, SearchTookTooLong
from onrecord.search.finding import Found, SearchBusy, Wish, languages, search_site
from onrecord.text.searching import LONGEST_QUERY

AMONG = ("stories", "recordings", "moments")
RETRY_SECONDS = 5


def search(request: HttpRequest) -> HttpResponse:
    """A form, and under it what was found; every state of it is an address."""
    wish = wish_of(request.GET)
    found, problem = Found(), None
    try:
        found = search_site(wish)
    except (SearchBusy, SearchTookTooLong) as error:
        problem = error
    context = {
        **page_context(wish, found, problem, request.GET, public_only=True),
        "canonical_url": request.build_absolute_uri(request.path),
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE if problem else HTTPStatus.OK
    response = render(request, "site/search.html", context, status=status)
    if problem:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    patch_cache_control(response, private=True, max_age=0)
    return response


def page_context(
    wish: Wish, found: Found, problem: OnrecordError | None, typed: QueryDict, *, public_only: bool
) -> dict[str, Any]:
    """What both search pages, the readers' and the desk's, show."""
    return {
        "wish": wish,
        "found": found,
        "problem": str(problem) if problem else "",
        "languages": languages(public_only=public_only),
        "orders": [
            (Order.BEST, gettext("Best match")),
            (Order.NEWEST, gettext("Newest first")),
            (Order.OLDEST, gettext("Oldest first")),
        ],
        "kinds": [
            (name, label, address(wish, among=name, page=1), found.totals.get(name, 0))
            for name, label in (
                ("stories", gettext("Stories")),
                ("recordings", gettext("Recordings")),
                ("moments", gettext("Moments")),
            )
        ],
        "everything_url": address(wish, among="", page=1),
        "previous_url": address(wish, page=found.page - 1) if found.page > 1 else "",
        "next_url": address(wish, page=found.page + 1) if found.page < found.pages else "",
        "is_narrowed": bool(wish.language or wish.speaker or wish.since or wish.until or wish.order is not Order.BEST),
        "without_filters": address(Wish(words=wish.words, among=wish.among)),
        "most_counted": MOST_COUNTED,
        "only_left_out": bool(wish.query.unwanted and not wish.query.wanted),
        "unreadable_date": any(typed.get(name) and not _day(typed.get(name, "")) for name in ("from", "to")),
    }


def wish_of(typed: QueryDict) -> Wish:
    """What was asked for; what cannot be read is as if it were not there."""
    order = typed.get("sort", "")
    page = typed.get("page", "")
    return Wish(
        words=typed.get("q", "").replace("\0", "")[: LONGEST_QUERY + 1],
        among=typed.get("in", "") if typed.get("in") in AMONG else "",
        language=typed.get("lang", "")[:12],
        speaker=typed.get("speaker", "").replace("\0", "")[:100],
        since=_day(typed.get("from", "")),
        until=_day(typed.get("to", "")),
        order=Order(order) if order in set(Order) else Order.BEST,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def address(wish: Wish, **other: Any) -> str:
    """The query part of the address of a wish, with some of it changed."""
    values = {
        "q": wish.words,
        "in": other.get("among", wish.among),
        "lang": wish.language,
        "speaker": wish.speaker,
        "from": wish.since.isoformat() if wish.since else "",
        "to": wish.until.isoformat() if wish.until else "",
        "sort": "" if wish.order is Order.BEST else str(wish.order),
        "page": other.get("page", wish.page),
    }
    return "?" + urlencode({name: value for name, value in values.items() if value and (name, value) != ("page", 1)})


def _day(text: str) -> date | None:
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day and 1800 <= day.year <= 9000 else None
