"""One context from elsewhere, over HTTP: bounded in time, size, redirects, never from private networks. Keeps none."""

from typing import Any

import aiohttp
import orjson
from yarl import URL

from simos.hub.addresses import NotAllowed, Reach, ReachingResolver
from simos.hub.problems import BadRequestData, LdContextNotAvailable

SECONDS, CONNECT_SECONDS = 10.0, 3.0
BYTES = 4 * 1024 * 1024
REDIRECTS = 5
_ACCEPT = "application/ld+json, application/json;q=0.9, */*;q=0.1"


async def fetch(address: str, reach: Reach) -> Any:
    """The `@context` that lies at `address`. LdContextNotAvailable: nothing is to be had there; BadRequestData: what
    is there is no context (5.5.6)."""
    content = await _content_at(address, reach)
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise BadRequestData(f"@context: what lies at {address[:200]} is not JSON") from None
    if not isinstance(document, dict) or "@context" not in document:
        raise BadRequestData(f"@context: what lies at {address[:200]} has no '@context'")
    return document["@context"]


async def _content_at(address: str, reach: Reach) -> bytes:
    timeout = aiohttp.ClientTimeout(total=SECONDS, connect=CONNECT_SECONDS)
    try:
        connector = aiohttp.TCPConnector(resolver=ReachingResolver(reach), use_dns_cache=False, force_close=True)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session:
            return await _followed(session, address, reach)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        said = str(error) or type(error).__name__
        raise LdContextNotAvailable(f"the context {address[:200]} cannot be had: {said[:200]}") from None


async def _followed(session: aiohttp.ClientSession, address: str, reach: Reach) -> bytes:
    """Redirects are followed by hand, since an address in numbers is resolved by nobody and must be judged too."""
    place = URL(address)
    for _ in range(REDIRECTS + 1):
        if place.scheme not in ("http", "https") or not reach.may_name(place.host or ""):
            raise NotAllowed(f"{place.host} is in a private network")
        async with session.get(place, headers={"Accept": _ACCEPT}, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
                place = place.join(URL(answer.headers["Location"]))
                continue
            if answer.status != 200:
                raise LdContextNotAvailable(f"the context {address[:200]} cannot be had: status {answer.status}")
            alternate = answer.links.get("alternate")
            if (
                alternate is not None
                and alternate.get("type") == "application/ld+json"
                and "json" not in (answer.content_type)
            ):
                place = place.join(URL(str(alternate["url"])))
                continue
            content = await answer.content.read(BYTES + 1)
            while len(content) <= BYTES and (more := await answer.content.read(BYTES + 1)):
                content += more
            if len(content) > BYTES:
                raise LdContextNotAvailable(f"the context {address[:200]} is longer than {BYTES} bytes")
            return content
    raise LdContextNotAvailable(f"the context {address[:200]} leads on and on: more than {REDIRECTS} redirects")
