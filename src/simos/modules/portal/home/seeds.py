"""What the portal has from the beginning: the tree of pages, and every city's first ones."""

from datetime import datetime

from simos.kernel.acting import Actor
from simos.modules.portal.home.actions.founding import found


def seed(*, by: Actor, at: datetime) -> None:
    """The consortium and every city have their part of the tree. Done again, it changes nothing."""
    found(by=by, at=at)
