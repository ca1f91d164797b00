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
    from django.core.wsgi import get_wsgi_application

    pages = WSGIMiddleware(get_wsgi_application(), workers=settings.web_threads)  # type: ignore[arg-type]  # its types
    # The front says for whom it asks; nobody else can reach the local socket.
    config = server_config(pages, proxy_headers=False, date_header=False)
    collect_seldom()
    asyncio.run(Server(config, before_stop=lambda: None).serve(sockets=list(sockets)))
