"""Asks whether an action's transaction is open. The wrapper that a test case puts around a test is none."""

from django.db import DEFAULT_DB_ALIAS, connections


class OutsideTransaction(RuntimeError):
    """Something that must be committed together with its action was called where nothing will be committed."""


def in_transaction(using: str = DEFAULT_DB_ALIAS) -> bool:
    """True inside `transaction.atomic`; the one of Django's TestCase does not count, as for `atomic(durable=True)`."""
    return any(not block._from_testcase for block in connections[using].atomic_blocks)  # type: ignore[attr-defined]


def require_transaction(what: str) -> None:
    """Returns inside a transaction; else raises OutsideTransaction naming `what`."""
    if not in_transaction():
        raise OutsideTransaction(f"{what} belongs to an action's transaction: call it inside transaction.atomic()")
