"""Guidance's public pages: all panels, each by itself, and the screen of an information panel, to touch."""

from simos.kernel.text import Text
from simos.modules.mobility.guidance.pages.panel import panel
from simos.modules.mobility.guidance.pages.panels import panels
from simos.modules.mobility.guidance.pages.screen import screen
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=panels, name="panels"),
    PageRoute(view=panel, name="panel", address="<str:code>"),
    PageRoute(
        view=screen,
        name="screen",
        address=Text(sl="<str:code>/zaslon", en="<str:code>/screen", it="<str:code>/schermo"),
    ),
)
