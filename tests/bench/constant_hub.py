"""A server of the hub's kind that knows one constant route: the baseline of every read. `constant_hub.py PORT`."""

import sys

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simos.hub.server.running import Server, server_config

BODY = b'{"id":"urn:ngsi-ld:OffStreetParking:celje:constant","type":"OffStreetParking","availableSpotNumber":{}}'


async def constant(_request: Request) -> Response:
    return Response(BODY, media_type="application/json")


async def health(_request: Request) -> Response:
    return Response(b"{}", media_type="application/json")


def main(port: int) -> None:
    app = Starlette(routes=[Route("/constant", constant), Route("/health", health)])
    config = server_config(app, host="127.0.0.1", port=port)
    uvloop.run(Server(config, before_stop=lambda: None).serve())


if __name__ == "__main__":
    main(int(sys.argv[1]))
