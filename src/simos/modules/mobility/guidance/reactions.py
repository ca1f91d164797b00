"""What guidance does when an officer has done something: the hub is told of each panel, and panels are looked after.

Counts and reports are followed by the gateway, many at a time; whether panels have failed is its to find.
"""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import now
from simos.kernel.errors import NotFound
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.events import OverrideEnded, OverrideSet, PanelRemoved, PanelSaved
from simos.modules.mobility.guidance.queries import panel_of
from simos.modules.mobility.guidance.rules.entities import sign_entity
from simos.modules.mobility.guidance.values import ORDER, report_of, sign_of
from simos.platform.things.publishing import publish


def tell_hub(event: PanelSaved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the panel as the register has it now, and what it is to show."""
    try:
        panel = panel_of(event.code)
    except NotFound:
        return  # it has been removed since
    publish([sign_entity(panel.facts, scope.code, is_demo=panel.is_demo)], scope=scope, order_key=ORDER)
    _look(scope, by)


def take_from_hub(event: PanelRemoved, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The hub is to have the panel no more, nor what it reported; unless it has been added again since."""
    try:
        panel_of(event.code)
    except NotFound:
        gone = (sign_of(scope.code, event.code), report_of(scope.code, event.code))
        publish([], scope=scope, order_key=ORDER, gone=gone)


def _look(scope: Scope, by: Actor) -> None:
    """Whether panels have failed is the gateway's to find, which knows since when it has listened."""
    at = now()
    look_after(scope, listening=at, by=by, at=at)


def follow_officer(event: OverrideSet | OverrideEnded, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The panel is to show what the officer wrote, or the counts again."""
    _look(scope, by)


reactions = {
    PanelSaved: (tell_hub,),
    PanelRemoved: (take_from_hub,),
    OverrideSet: (follow_officer,),
    OverrideEnded: (follow_officer,),
}
