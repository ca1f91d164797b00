"""Media types: what a request's body may be and what its answer will be (ETSI GS CIM 009, 6.3.4). Reads headers."""

import re
from collections.abc import Sequence
from functools import lru_cache

from simos.hub.problems import NotAcceptable
from simos.kernel.errors import MEDIA_TYPE as PROBLEM_JSON

JSON = "application/json"
LD_JSON = "application/ld+json"
GEO_JSON = "application/geo+json"
MERGE_JSON = "application/merge-patch+json"
EVENTS = "text/event-stream"

PLAIN = (JSON, LD_JSON)
WITH_MAPS = (JSON, LD_JSON, GEO_JSON)
"""What is offered, in the order in which the standard prefers it where the asker does not."""

_CONTEXT_REL = re.compile(r'<([^>]*)>\s*;[^,]*?rel\s*=\s*"?http://www\.w3\.org/ns/json-ld#context"?')


@lru_cache(maxsize=512)
def chosen(accept: str, offered: Sequence[str]) -> str:
    """The first of `offered` that `accept` likes best; NotAcceptable where it likes none.

    Who takes nothing but problems or events gets JSON: those have no other choice anyway.
    """
    if not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",")[:50] if part.strip()]
    best, weight = "", 0.0
    for media_type in offered:
        quality = _quality(media_type, ranges)
        if quality > weight:
            best, weight = media_type, quality
    if best:
        return best
    if any(name in (PROBLEM_JSON, EVENTS) and quality > 0 for name, quality in ranges):
        return offered[0]
    raise NotAcceptable(f"This is answered in {' or '.join(offered)}.")


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 1.0
    return name, 1.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """Of the most specific range that holds it (RFC 9110, 12.5.1)."""
    group = media_type.split("/")[0] + "/*"
    for wanted in (media_type, group, "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0


def media_type_of(header: str) -> str:
    return header.split(";")[0].strip().lower()


def context_in_link(headers: Sequence[str]) -> str | None:
    """The address of the JSON-LD context that the Link headers name; None where they name none."""
    for header in headers:
        if found := _CONTEXT_REL.search(header):
            return found.group(1)
    return None
