"""The only way over the wall between cities. It is written down before the first row is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor
from simos.platform.audit.log import record
from simos.platform.scopes.acting import _filter_lifted


@contextmanager
def across(reason: str, *, by: Actor, at: datetime) -> Iterator[None]:
    """Within the block rows of every city exist; who, when and why is audited in the federation's chain.

    A row written there must name its city. `with acting(...)` inside closes the wall again. ValueError for no reason.
    """
    if not reason.strip():
        raise ValueError("reading across cities needs a reason; it is kept in the audit log")
    with transaction.atomic():
        record("read-across-cities", obj=("scope", str(FEDERATION)), by=by, scope=FEDERATION, at=at, purpose=reason)
    with _filter_lifted(by, FEDERATION):
        yield
