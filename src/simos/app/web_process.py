"""The web process: Django under WSGI threads, on a local socket that the front of the public port speaks to."""

import asyncio
import socket
from collections.abc import Sequence

from a2wsgi import WSGIMiddleware

from simos.app.django_ready import make_django_ready
from simos.app.settings import Settings
from simos.hub.server.running import Server, collect_seldom, server_config


def run_web(settings: Settings, sockets: Sequence[socket.socket]) -> None:
    """Pages until told to stop."""
    make_django_ready()
    collect_seldom()
    serve_django(sockets, threads=settings.web_threads)


def serve_django(sockets: Sequence[socket.socket], *, threads: int) -> None:
    """Django, made ready before, answers on local sockets until told to stop."""
    from django.core.wsgi import get_wsgi_application

    pages = WSGIMiddleware(get_wsgi_application(), workers=threads)  # type: ignore[arg-type]  # a2wsgi's own WSGI types
    # The front says for whom it asks; nobody else can reach the local socket.
    config = server_config(pages, proxy_headers=False, date_header=False)
    asyncio.run(Server(config, before_stop=lambda: None).serve(sockets=list(sockets)))
