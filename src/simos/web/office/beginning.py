"""Wagtail's choosers begin without a script in the page: `begin.js` begins what a template element names.

Its date fields and panels do the same by the templates of their names beside this file's.
"""

import json
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser


def render_chooser(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """A chooser's field, and what begins it."""
    place = (attrs or {})["id"]
    chosen = self.get_value_data(value)
    return format_html(
        '{}<template data-begin="{}" data-with="{}"></template>',
        self.render_html(name, chosen, attrs),
        self.js_constructor,
        json.dumps([place, self.get_js_init_options(place, name, chosen)]),
    )


BaseChooser.render = render_chooser


def begin_script() -> SafeString:
    """What begins them."""
    return format_html('<script type="module" src="{}"></script>', static("web_office/begin.js"))
