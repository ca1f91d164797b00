"""One panel as its maker builds it: knows its code, what it shows, and how it lies if it is told to. Knows no wire."""

import time
from collections.abc import Mapping
from typing import Any

from simos.kernel.clock import now
from simos.modules.mobility.guidance.values import HEARTBEAT, REPORT, SHOWN, STATUS, WANTED, report_of, sign_of

HEARTBEAT_SECONDS = 20.0


class PlayedPanel:
    """Shows what it is told. `lies`: it says that it shows something else, as one with broken dots would."""

    def __init__(self, city: str, code: str, *, lies: bool = False) -> None:
        self.city, self.code, self.lies = city, code, lies
        self.sign, self.report = sign_of(city, code), report_of(city, code)
        self.pages: list[list[str]] | None = None
        self._said_at = 0.0

    def take(self, told: Mapping[str, Any]) -> dict[str, Any] | None:
        """It shows what it is told (NGSI-LD, normalized or key values); what it answers, None where it showed that."""
        wanted = told.get(WANTED)
        value = wanted.get("value", wanted) if isinstance(wanted, Mapping) else None
        pages = value.get("pages") if isinstance(value, Mapping) else None
        if not isinstance(pages, list) or pages == self.pages:
            return None
        self.pages = pages
        return self.says_what_it_shows()

    def says_what_it_shows(self) -> dict[str, Any]:
        """Its report as attributes in NGSI-LD."""
        self._said_at = time.monotonic()
        shown = [["88" for _ in page] for page in self.pages or []] if self.lies else self.pages
        return {
            SHOWN: {"type": "Property", "value": {"pages": shown}, "observedAt": _stamp()},
            STATUS: {"type": "Property", "value": "working"},
        }

    def heartbeat(self) -> dict[str, Any] | None:
        """Its sign of life, when one is due."""
        if time.monotonic() - self._said_at < HEARTBEAT_SECONDS:
            return None
        self._said_at = time.monotonic()
        return {HEARTBEAT: {"type": "Property", "value": _stamp(), "observedAt": _stamp()}}

    def entity(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """The report as a whole entity, for HTTP."""
        return {"id": self.report, "type": REPORT, **attributes}


def _stamp() -> str:
    return now().isoformat().replace("+00:00", "Z")
