"""What was measured, and what is aimed at. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.module import Target
from simos.platform.indicators.declared import Declared
from simos.platform.indicators.models import Measurement


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an indicator stands in a scope: the newest value that counts, and the target of its year."""

    declared: Declared
    newest: Measurement | None
    target: Target | None

    @property
    def reached(self) -> bool | None:
        """Whether the value is as good as the target; None where one of them is missing."""
        if self.newest is None or self.target is None:
            return None
        falling = self.declared.indicator.falling
        return self.newest.value <= self.target.value if falling else self.newest.value >= self.target.value


def measurements_of(scope: Scope, declared: Declared) -> QuerySet[Measurement]:
    """All rows of the indicator in the scope, those that were replaced too, newest period first."""
    rows = Measurement.objects.filter(
        scope=str(scope), module=declared.module.name, indicator=declared.indicator.name, every=declared.indicator.every
    )
    return rows.select_related("replaces").order_by("-since", "-pk")


def counting_of(scope: Scope, declared: Declared) -> QuerySet[Measurement]:
    """The rows that count, newest period first."""
    return measurements_of(scope, declared).filter(replaced_at=None)


def counting_in(scope: Scope, declared: Sequence[Declared]) -> Mapping[str, Sequence[Measurement]]:
    """The rows that count of these indicators by their keys, oldest period first, asked for in one go."""
    every = {each.key: each.indicator.every for each in declared}
    found: dict[str, list[Measurement]] = {key: [] for key in every}
    for row in Measurement.objects.filter(scope=str(scope), replaced_at=None).order_by("since"):
        key = f"{row.module}:{row.indicator}"
        if row.every == every.get(key):
            found[key].append(row)
    return found


def target_of(scope: Scope, declared: Declared, year: int) -> Target | None:
    """What is aimed at there in that year."""
    return declared.indicator.target_in(scope.code if scope.kind is ScopeKind.CITY else "", year)


def standing_of(scope: Scope, declared: Declared, newest: Measurement | None) -> Standing:
    """Where the indicator stands with this as its newest value."""
    return Standing(declared, newest, target_of(scope, declared, newest.first.year) if newest else None)
