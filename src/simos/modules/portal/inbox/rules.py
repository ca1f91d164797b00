"""How a browser is called, so that a person knows which of theirs it is. Pure; guesses, and decides nothing."""

from collections.abc import Sequence

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""By what stands in the name that it sends; the first that fits, since most also claim to be others."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_in(user_agent: str) -> str:
    """Such as `Firefox, Android`; `?` for what cannot be told."""
    known = filter(None, (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)))
    return ", ".join(known) or "?"


def _first(table: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for mark, name in table if mark in user_agent), "")
