"""One page of a list, and where the others are."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from onrecord.publishing.structured_data import absolute


class Paging(Schema):
    """Which page, of which size."""

    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=100)] = 20


Pages = Annotated[Paging, Query()]


def paged(
    request: HttpRequest, rows: Any, paging: Paging, show: Callable[[Sequence[Any]], list[Any]]
) -> dict[str, Any]:
    """The fields of a page: `rows` is a query set or a sequence, `show` makes results of the rows of one page."""
    count = len(rows) if isinstance(rows, list) else rows.count()
    start = (paging.page - 1) * paging.per_page
    chosen = list(rows[start : start + paging.per_page])
    more = start + paging.per_page < count
    return {
        "count": count,
        "next": _address(request, paging.page + 1) if more else None,
        "previous": _address(request, paging.page - 1) if paging.page > 1 else None,
        "results": show(chosen),
    }


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return absolute(f"{request.path}?{query.urlencode()}")
