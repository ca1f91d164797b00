"""What modules and the platform say of work: scheduled jobs, runners, giving up. Pure: no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from simos.kernel.module import Level

Handler = Callable[..., None]


class GiveUp(Exception):
    """Raised by work that trying again cannot help: it goes to the dead letters at once, with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Scheduled work: `handler(scope, *, by, at)` is called in each scope every so often, at full multiples since 1970.

    `deadline`: how long after its time it may still start or be tried again. `level`: in each city where the module is
    on, or once in the federation. `outside`: runs in no transaction, as writing to the hub and long work must; it may
    then run twice after a crash and is to be idempotent. Otherwise its effects happen once, in one transaction.
    """

    name: str
    handler: Handler
    every: timedelta
    deadline: timedelta
    level: Level = Level.CITY
    outside: bool = False

    def __post_init__(self) -> None:
        if self.every <= timedelta() or self.deadline <= timedelta():
            raise ValueError(f"job {self.name!r}: every and deadline are above zero")


@dataclass(frozen=True, slots=True)
class Runner:
    """Does one kind of work. `run(work)` is called in the transaction that marks it done, or `outside` of any."""

    run: Callable[[Any], None]
    outside: bool = False
