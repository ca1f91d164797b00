"""Opinions of pages, of which nothing tells whose they are: they end by themselves after a year."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.modules.portal.home.models import Opinion
from simos.modules.portal.home.module import OPINIONS_KEPT
from simos.platform.privacy.values import Privacy


def _end(scope: Scope, *, by: Actor, at: datetime) -> int:
    if scope.kind is not ScopeKind.CITY:
        return 0
    ended: int = Opinion.objects.filter(on__lt=(at - OPINIONS_KEPT).date()).delete()[0]
    return ended


privacy = Privacy(
    export_of=lambda person, scope, at: (),
    erase=lambda person, scope, *, by, at: {},
    retention=_end,
    tables=frozenset({Opinion._meta.db_table}),
)
