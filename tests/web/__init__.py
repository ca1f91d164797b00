"""The design system: pages, parts, routes, charts, languages."""

from pathlib import Path
from typing import Any

OURS = ("simos.web.headers.HeadersMiddleware", "simos.web.problems.ProblemMiddleware")


def sample_settings(settings: Any) -> dict[str, Any]:
    """The product's settings with the sample site's addresses and templates."""
    return {
        "ROOT_URLCONF": "tests.web.urls",
        "TEMPLATES": [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "sample" / "templates"]}],
        "MIDDLEWARE": [*settings.MIDDLEWARE, *(each for each in OURS if each not in settings.MIDDLEWARE)],
        "FORMAT_MODULE_PATH": ["simos.web.formats"],
    }
