"""How often one visitor may ask: limits by use, counted in this process over a moving window. Knows no routes.

A web process counts for itself: with several of them a visitor gets as many times the limit.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from math import ceil

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from simos.kernel.clock import now
from simos.kernel.errors import Problem

_LIMITER = MovingWindowRateLimiter(MemoryStorage())


class TooMany(Problem):
    """Asked too often; `retry_after` seconds from now it will be answered again."""

    status, title = 429, "Too many requests"


@dataclass(frozen=True, slots=True)
class Use:
    """Something that is counted: requests to the API, forms sent. `setting` names the limit, such as `60/minute`."""

    name: str
    setting: str


API = Use("api", "SIMOS_RATE_API")
FORMS = Use("forms", "SIMOS_RATE_FORMS")


def keep_within(use: Use, request: HttpRequest, *, who: str = "") -> None:
    """Counts a request of `who` (an account, a token), or else of the visitor's address. TooMany past the limit."""
    limit = _limit(use)
    if limit is None:
        return
    key = who or _network_of(request.META.get("REMOTE_ADDR", ""))
    if not _LIMITER.hit(limit, use.name, key):
        reset_at = _LIMITER.get_window_stats(limit, use.name, key).reset_time
        wait = max(1, ceil(reset_at - now().timestamp()))
        raise TooMany(
            f"Try again in {wait} seconds; {limit.amount} are answered in {limit.get_expiry()} seconds.",
            retry_after=wait,
        )


def _limit(use: Use) -> RateLimitItem | None:
    said: str = getattr(settings, use.setting)
    return parse(said) if said else None


def _network_of(address: str) -> str:
    """An IPv6 visitor has a whole /64 to come from."""
    try:
        found = ip_address(address)
    except ValueError:
        return "nowhere"
    return str(found) if found.version == 4 else found.exploded[:19]
