"""Every address of the hub, of each standard that it speaks, in one table; and the hub as an application."""

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simos.hub.features import routes as features
from simos.hub.sensorthings import routes as sensorthings
from simos.hub.server import routes as ngsild
from simos.hub.server.desk import Desk
from simos.hub.server.feeds import push_routes
from simos.hub.server.routes import hub_routes, not_found, refused
from simos.hub.server.running import health_of, metrics_of

ROUTES: ngsild.Routes = (*ngsild.ROUTES, *features.ROUTES, *sensorthings.ROUTES)
"""Method, address, what answers it, and whether it writes."""

_OFFERED: Mapping[tuple[str, str], tuple[str, ...]] = {**ngsild.OFFERED, **features.OFFERED}
_WITH_SLASHES = ngsild.WITH_SLASHES | features.WITH_SLASHES | sensorthings.WITH_SLASHES


def hub_app(desk: Desk, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The hub as an ASGI application, with `routes` of others behind its own."""

    async def health(_request: Request) -> Response:
        found = await health_of(desk)
        return JSONResponse(found, 200 if found["status"] == "pass" else 503)

    async def metrics(_request: Request) -> Response:
        return Response(metrics_of(desk), media_type="text/plain; version=0.0.4")

    ours = hub_routes(desk, ROUTES, _OFFERED, _WITH_SLASHES)
    return Starlette(
        routes=[*ours, *push_routes(desk), *routes, Route("/health", health), Route("/metrics", metrics)],
        exception_handlers={404: not_found, 405: refused},
    )
