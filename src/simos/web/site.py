"""All public pages with their addresses: Slovenian ones bare, other languages behind their prefix."""

from collections.abc import Sequence

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, path

from simos.kernel.registry import Registry
from simos.web.design.page import design
from simos.web.routes import federation_page, module_patterns, root_of, root_patterns


def site_patterns(registry: Registry) -> Sequence[URLPattern | URLResolver]:
    """The patterns of the root URLconf for the installed modules. Put last there: a city's code may be any word."""
    root = root_of(registry)
    designs = path("design/", federation_page(design), name="design")
    before, after = root_patterns(root)
    return [
        *root.files,
        *i18n_patterns(
            designs,
            *before,
            *module_patterns(registry),
            *after,
            prefix_default_language=False,
        ),
    ]
