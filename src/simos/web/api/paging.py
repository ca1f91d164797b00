"""Pages of long answers: `limit` and `offset` in, `Link` and `Results-Count` headers out. Sorts and filters nothing."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

LONGEST = 1000


class Paging(Schema):
    """Which part of the answer is wanted."""

    limit: int = Field(100, ge=1, le=LONGEST, description="At most so many items.")
    offset: int = Field(0, ge=0, description="Leave out so many items first.")


def page_of(found: Any, paging: Paging, request: HttpRequest, response: HttpResponse) -> Sequence[Any]:
    """The part of `found` (a queryset or list in a fixed order); `response` gets the count and links to its neighbours.

    Links are those of RFC 8288: `next` and `prev`, with the request's other parameters.
    """
    total = len(found) if isinstance(found, Sequence) else found.count()
    links = []
    if paging.offset + paging.limit < total:
        links.append(_link(request, "next", paging.limit, paging.offset + paging.limit))
    if paging.offset > 0:
        links.append(_link(request, "prev", paging.limit, max(0, paging.offset - paging.limit)))
    if links:
        response["Link"] = ", ".join(links)
    response["Results-Count"] = str(total)
    return list(found[paging.offset : paging.offset + paging.limit])


def _link(request: HttpRequest, relation: str, limit: int, offset: int) -> str:
    others = [
        (name, value) for name, values in request.GET.lists() for value in values if name not in ("limit", "offset")
    ]
    query = urlencode([*others, ("limit", limit), ("offset", offset)])
    return f'<{request.path}?{query}>; rel="{relation}"'
