"""One context from elsewhere, over HTTP: what may be one is a JSON document with an `@context`. Keeps none."""

from typing import Any

import aiohttp
import orjson
from yarl import URL

from simos.hub import fetching
from simos.hub.addresses import Reach
from simos.hub.fetching import CannotFetch
from simos.hub.problems import BadRequestData, LdContextNotAvailable

_ACCEPT = "application/ld+json, application/json;q=0.9, */*;q=0.1"


async def fetch(address: str, reach: Reach) -> Any:
    """The `@context` that lies at `address`. LdContextNotAvailable: nothing is to be had there; BadRequestData: what
    is there is no context (5.5.6)."""
    try:
        found = await fetching.fetch(address, reach, headers={"Accept": _ACCEPT}, onward=_alternate)
    except CannotFetch as error:
        raise LdContextNotAvailable(f"the context {address[:200]} cannot be had: {error}") from None
    if found.status != 200:
        raise LdContextNotAvailable(f"the context {address[:200]} cannot be had: status {found.status}")
    try:
        document = orjson.loads(found.body)
    except orjson.JSONDecodeError:
        raise BadRequestData(f"@context: what lies at {address[:200]} is not JSON") from None
    if not isinstance(document, dict) or "@context" not in document:
        raise BadRequestData(f"@context: what lies at {address[:200]} has no '@context'")
    return document["@context"]


def _alternate(answer: aiohttp.ClientResponse) -> URL | None:
    """Where a page that is no JSON says that its context lies (JSON-LD 1.1, 6.1)."""
    alternate = answer.links.get("alternate")
    if alternate is None or alternate.get("type") != "application/ld+json" or "json" in answer.content_type:
        return None
    return URL(str(alternate["url"]))
