"""Refusals that people and programs can read: RFC 9457 problem details.

A `Problem` says what is wrong and what to do. It must not carry secrets or a stack trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Something was refused. `status` is the HTTP status that says so, `type` an address-like name of the kind."""

    status: int = 400
    type: str = "about:blank"
    title: str = "Bad request"

    def __init__(self, detail: str = "", *, title: str | None = None, status: int | None = None, **extra: Any) -> None:
        super().__init__(detail or title or self.title)
        self.detail = detail
        self.title = title or self.title
        self.status = status or self.status
        self.extra: Mapping[str, Any] = extra

    def as_dict(self) -> dict[str, Any]:
        """The members of an RFC 9457 problem document."""
        body: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        return body | dict(self.extra)


class Invalid(Problem):
    """What was sent cannot be understood or breaks a rule of form."""

    status, title = 422, "The content is not valid"


class Unauthenticated(Problem):
    """Nobody known is asking."""

    status, title = 401, "Sign in or send a valid token"


class Forbidden(Problem):
    """Somebody known is asking for what is not theirs."""

    status, title = 403, "Not permitted"


class NotFound(Problem):
    """There is no such thing, or none that the one who asks may know of."""

    status, title = 404, "Not found"


class Conflict(Problem):
    """The thing has changed or exists already."""

    status, title = 409, "In conflict with what is there"


class Unavailable(Problem):
    """Try again later: nothing was stored."""

    status, title = 503, "Not available just now"


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row of a file. `row` counts from 1 as a spreadsheet shows it, the header being row 1."""

    row: int
    field: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        where = f"row {self.row}" + (f", {self.field}" if self.field else "")
        return f"{where}: {self.message}" + (f" (found {self.value!r})" if self.value else "")
