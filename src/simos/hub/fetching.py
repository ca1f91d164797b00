"""A document from elsewhere over HTTP: bounded in time, size and redirects, never from private networks. Keeps none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from simos.hub.addresses import NotAllowed, Reach, ReachingResolver

REDIRECTS = 5
_REDIRECTING = (301, 302, 303, 307, 308)


class CannotFetch(Exception):
    """There is nothing to be had; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much."""

    seconds: float = 10.0
    connect_seconds: float = 3.0
    bytes: int = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What lies there. `body` is empty where the status is not 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def stay(_answer: aiohttp.ClientResponse) -> URL | None:
    """Nothing but redirects leads elsewhere."""
    return None


async def fetch(
    address: str,
    reach: Reach,
    *,
    headers: Mapping[str, str],
    limits: Limits = Limits(),
    onward: Callable[[aiohttp.ClientResponse], URL | None] = stay,
) -> Document:
    """What lies at `address`; CannotFetch where nobody answers in time, it is too long or in a private network.

    `onward`: where an answer leads, besides redirects. Headers go to the first host only.
    """
    timeout = aiohttp.ClientTimeout(total=limits.seconds, connect=limits.connect_seconds)
    try:
        connector = aiohttp.TCPConnector(resolver=ReachingResolver(reach), use_dns_cache=False, force_close=True)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session:
            return await _followed(session, URL(address), reach, headers, limits, onward)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        said = str(error) or type(error).__name__
        raise CannotFetch(said[:200]) from None


async def _followed(
    session: aiohttp.ClientSession,
    place: URL,
    reach: Reach,
    headers: Mapping[str, str],
    limits: Limits,
    onward: Callable[[aiohttp.ClientResponse], URL | None],
) -> Document:
    """Redirects are followed by hand, since an address in numbers is resolved by nobody and must be judged too."""
    first = place
    for _ in range(REDIRECTS + 1):
        if place.scheme not in ("http", "https") or not reach.may_name(place.host or ""):
            raise NotAllowed(f"{place.host} is in a private network")
        sent = headers if place.origin() == first.origin() else {"Accept": headers.get("Accept", "*/*")}
        async with session.get(place, headers=sent, allow_redirects=False) as answer:
            if answer.status in _REDIRECTING and "Location" in answer.headers:
                place = place.join(URL(answer.headers["Location"]))
                continue
            if answer.status != 200:
                return Document(status=answer.status, headers=answer.headers, body=b"")
            if (elsewhere := onward(answer)) is not None:
                place = place.join(elsewhere)
                continue
            content = await answer.content.read(limits.bytes + 1)
            while len(content) <= limits.bytes and (more := await answer.content.read(limits.bytes + 1)):
                content += more
            if len(content) > limits.bytes:
                raise CannotFetch(f"it is longer than {limits.bytes} bytes")
            return Document(status=200, headers=answer.headers, body=content)
    raise CannotFetch(f"it leads on and on: more than {REDIRECTS} redirects")
