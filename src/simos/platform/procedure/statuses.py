"""Which statuses a matter can have, and who may change which into which, as a table. Pure; saves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from simos.kernel.errors import Conflict, Invalid
from simos.kernel.ids import CODE
from simos.kernel.text import Text

LONGEST_STATUS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """`before` may become `after`, by whom has `permission`; None: the action itself knows who may (the applicant)."""

    before: str
    after: str
    permission: str | None
    needs_reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTable:
    """The statuses by code with their names, the one that each matter begins with, and the changes that are allowed.

    ValueError for a change to or from an unknown status, one that is listed twice, or a status that is never reached.
    """

    statuses: Mapping[str, Text]
    first: str
    allowed: tuple[Allowed, ...]

    def __post_init__(self) -> None:
        for code in self.statuses:
            if not CODE.fullmatch(code) or len(code) > LONGEST_STATUS:
                raise ValueError(
                    f"a status is lower-case letters, digits and dashes, {LONGEST_STATUS} at most: {code!r}"
                )
        named = {self.first, *(each.before for each in self.allowed), *(each.after for each in self.allowed)}
        if unknown := sorted(named - set(self.statuses)):
            raise ValueError(f"unknown status: {', '.join(unknown)}")
        seen: set[tuple[str, str]] = set()
        for each in self.allowed:
            if each.before == each.after or (each.before, each.after) in seen:
                raise ValueError(f"a change leads from one status to another, and is listed once: {each}")
            if each.permission == "":
                raise ValueError(f"say the permission, or None where the action decides: {each}")
            seen.add((each.before, each.after))
        if unreached := sorted(set(self.statuses) - self._reached()):
            raise ValueError(f"no change leads to {', '.join(unreached)} from {self.first!r}")

    def _reached(self) -> set[str]:
        reached, fresh = set[str](), {self.first}
        while fresh:
            reached |= fresh
            fresh = {each.after for each in self.allowed if each.before in reached} - reached
        return reached

    def changes_from(self, before: str) -> tuple[Allowed, ...]:
        """What may follow `before`, in the table's order; empty where it is final."""
        return tuple(each for each in self.allowed if each.before == before)

    def may_change(self, before: str, after: str) -> bool:
        """Whether the table allows the change, whoever makes it."""
        return any(each.after == after for each in self.changes_from(before))

    def change_of(self, before: str, after: str, *, reason: str = "") -> Allowed:
        """The line that allows the change. Conflict where none does, Invalid where it needs a reason and has none."""
        for each in self.changes_from(before):
            if each.after == after:
                if each.needs_reason and not reason.strip():
                    raise Invalid(f"say why this becomes {after!r}", field="reason")
                return each
        possible = ", ".join(each.after for each in self.changes_from(before)) or "nothing: it is final"
        raise Conflict(f"{before!r} does not become {after!r}; it may become {possible}", field="status")

    def is_final(self, status: str) -> bool:
        """Whether nothing follows."""
        return not self.changes_from(status)
