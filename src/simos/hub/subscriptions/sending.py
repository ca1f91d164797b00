"""How a notification leaves the hub, whatever the protocol: it arrived, was refused for good, or may be tried again.

A sender raises `Refused` where the receiver has it and will not take it, and `NotArrived` for all that may pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from simos.hub.subscriptions.notification import Sent

PATIENCE = 10.0
"""Seconds that a receiver has for its answer, where the subscriber named no other."""


class NotArrived(Exception):
    """Nobody took it; it may be tried again."""


class Refused(Exception):
    """The receiver got it and said no: to send the same again is of no use."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a subscription's notifications go. `timeout` and `cooldown` in seconds."""

    uri: str
    scheme: str
    timeout: float
    cooldown: float
    info: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Endpoint":
        """The endpoint that a subscription's `notification.endpoint` describes (its times are milliseconds)."""
        return cls(
            uri=document["uri"],
            scheme=urlsplit(document["uri"]).scheme,
            timeout=document["timeout"] / 1000 if "timeout" in document else PATIENCE,
            cooldown=document.get("cooldown", 0) / 1000,
            info={pair["key"]: pair["value"] for pair in document.get("notifierInfo", ())},
        )


class Sender(Protocol):
    """Sends over one protocol."""

    async def send(self, endpoint: Endpoint, sent: Sent) -> None:
        """Returns once it has arrived; NotArrived or Refused where not."""
        ...

    async def close(self) -> None: ...
