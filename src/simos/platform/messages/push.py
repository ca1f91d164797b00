"""Sending a push message to a browser (RFC 8030), encrypted for it alone (RFC 8291). Looks up and keeps nothing.

Addresses of push services come from browsers: what they name is never reached in a private network, unless allowed.
"""

from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from pywebpush import WebPusher
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from simos.hub.addresses import Reach
from simos.platform.messages.models import Subscription
from simos.platform.messages.vapid import signature_for

PATIENCE_S = 15
LONGEST = 3000
"""Bytes of a message; every push service takes 4096 when they are encrypted (RFC 8030, 7.2)."""


def reach() -> Reach:
    """Which addresses may be named by a browser."""
    return Reach(hosts=frozenset(settings.SIMOS.private_receivers))


def pushed(subscription: Subscription, said: bytes, *, topic: str, seconds: int) -> int:
    """The status with which the push service answered (201: it has taken the message and keeps it for `seconds`).

    `topic` (at most 32 signs of base64url): a message with the same one takes the place of one not yet shown. OSError
    or urllib3's HTTPError where the service cannot be reached; ValueError where the browser's keys are none.
    """
    if len(said) > LONGEST:
        raise ValueError(f"a push message has at most {LONGEST} bytes")
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    body = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(said)["body"]
    headers = {
        "Authorization": signature_for(subscription.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Topic": topic,
        "Urgency": "normal",
    }
    return _posted(subscription.endpoint, body, headers)


def _posted(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """Connects to the very address that was judged, so that a name cannot mean another one a moment later."""
    parts = urlsplit(endpoint)
    host, is_safe = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    address = reach().resolved(host, port)
    timeout = urllib3.Timeout(PATIENCE_S)
    pool: HTTPConnectionPool = (
        HTTPSConnectionPool(address, port, timeout=timeout, server_hostname=host, assert_hostname=host)
        if is_safe
        else HTTPConnectionPool(address, port, timeout=timeout)
    )
    with pool:
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        answer = pool.urlopen(
            "POST", path, body, headers={**headers, "Host": parts.netloc}, retries=False, redirect=False,
            preload_content=False,
        )  # fmt: skip
        return int(answer.status)
