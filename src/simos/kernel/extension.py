"""The extension points on one page: what a file in a module's folder may export, and which floor it stands on.

The tables here are what the loader, `simos check`, the architecture tests and the reference page all read.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtensionPoint:
    """File `<file>.py` of a module may export `export`; the platform makes `becomes` of it."""

    file: str
    export: str
    becomes: str


EXTENSION_POINTS: tuple[ExtensionPoint, ...] = (
    ExtensionPoint("pages", "pages", "public pages under /<city>/<address>/"),
    ExtensionPoint("root", "root", "pages at the root, `/` and `/<city>/`, and files such as /robots.txt"),
    ExtensionPoint("tiles", "tiles", "what is live now, as values on a city's home"),
    ExtensionPoint("office", "office", "registers and desks of the officers' side, at /office/"),
    ExtensionPoint("api", "router", "the module's part of /api/, described in the one OpenAPI document"),
    ExtensionPoint("reactions", "reactions", "a mapping from Event or EntityChange to handlers, run by the worker"),
    ExtensionPoint("gateways", "gateways", "wires to hardware, kept up by the worker"),
    ExtensionPoint("search", "searchables", "what the platform's search finds, kept fresh by events and each night"),
    ExtensionPoint("privacy", "privacy", "what is held of a person, how it is erased and what ends by itself"),
    ExtensionPoint(
        "indicators", "compute", "what the manifest's indicators come to, measured once a period, with lineage"
    ),
    ExtensionPoint("jobs", "jobs", "scheduled work with a deadline, run by the worker"),
    ExtensionPoint("commands", "cli", "a mapping from words to click commands: {'replay parking': command}"),
    ExtensionPoint("simulators", "simulators", "what plays hardware and foreign systems, run by `simos simulate`"),
    ExtensionPoint("seeds", "seed", "what is there from the beginning, called after every migration"),
    ExtensionPoint("demo", "load", "seeded demo data for a city, loaded by `simos demo`"),
    ExtensionPoint("checks", "checks", "named health checks, shown at /health"),
)
"""Honoured today. FLOORS keeps more file names ready; each gets its line here with its first user."""

FLOORS: tuple[tuple[str, ...], ...] = (
    (
        "pages",
        "root",
        "tiles",
        "seeds",
        "api",
        "office",
        "forms",
        "feeds",
        "formats",
        "gateways",
        "jobs",
        "reactions",
        "indicators",
        "dashboards",
        "commands",
        "checks",
        "simulators",
        "demo",
        "privacy",
        "search",
    ),
    ("public",),
    ("actions",),
    ("queries",),
    ("models",),
    ("rules",),
    ("events",),
    ("values",),
    ("module",),
)
"""Files (or packages of the same name) of a module from top to bottom; a lower floor never imports a higher one."""

PURE: frozenset[str] = frozenset({"rules", "events", "values", "module"})
"""Floors that know no Django, hub, platform or web."""

CONTENT_LABELS: frozenset[str] = frozenset({"wagtailcore", "wagtailimages", "wagtaildocs"})
"""Django labels under which pages, pictures and documents are kept: they stand under all content as the platform's
tables stand under services, so that a page type may point to its picture."""

DOORS_ONLY: frozenset[str] = frozenset({"pages", "root", "tiles", "api", "jobs", "feeds", "search"})
"""Adapters that reach tables only through actions and queries: they never import `models`."""

EXEMPT: frozenset[str] = frozenset({"__init__", "apps", "migrations", "templatetags", "tests"})
"""Files that frameworks ask for."""

FOLDERS: frozenset[str] = frozenset({"templates", "static", "locale"})
"""Folders without Python."""
