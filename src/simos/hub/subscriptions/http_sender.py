"""Notifications over HTTP: one POST each, over connections that are kept. Follows no redirect, keeps no cookie."""

import ipaddress
from urllib.parse import urlsplit

import aiohttp

from simos.hub.addresses import Reach, ReachingResolver
from simos.hub.subscriptions.notification import Sent
from simos.hub.subscriptions.sending import Endpoint, NotArrived, Refused

_TRY_AGAIN = frozenset({408, 425, 429})
_NAMES_KEPT_S = 30
"""Seconds for which the addresses of a name are remembered."""


class HttpSender:
    """Implements `Sender`. One for the whole hub: each subscription has one request under way at most."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0, resolver=ReachingResolver(self._reach), ttl_dns_cache=_NAMES_KEPT_S, keepalive_timeout=30
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._session

    async def send(self, endpoint: Endpoint, sent: Sent) -> None:
        host = urlsplit(endpoint.uri).hostname or ""
        if _is_address(host) and not self._reach.may_reach(host, host):
            raise Refused(f"{host} is in a private network")
        body = sent.as_json()
        try:
            status = await self._post(endpoint, sent.about, body)
        except aiohttp.ServerDisconnectedError:  # a kept connection that the receiver had given up meanwhile
            status = await self._post_once_more(endpoint, sent.about, body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotArrived(_told(error)) from None
        if status >= 500 or status in _TRY_AGAIN:
            raise NotArrived(f"answered {status}")
        if status >= 300:
            raise Refused(f"answered {status}")

    async def _post(self, endpoint: Endpoint, headers: dict[str, str], body: bytes) -> int:
        timeout = aiohttp.ClientTimeout(total=endpoint.timeout)
        request = self._open().post(endpoint.uri, data=body, headers=headers, timeout=timeout, allow_redirects=False)
        async with request as response:
            await response.content.readany()  # enough to use the connection again where the answer is short
            return response.status

    async def _post_once_more(self, endpoint: Endpoint, headers: dict[str, str], body: bytes) -> int:
        try:
            return await self._post(endpoint, headers, body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotArrived(_told(error)) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _told(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"[:200]
