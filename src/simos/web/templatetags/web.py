"""`{% load web %}`: the design system's parts, and words and numbers in the page's language.

A tag takes values of `simos.web.parts` and renders one template of `web/parts/`; it looks nothing up.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.text import Text
from simos.web.basemap import basemap_address
from simos.web.charts import Chart
from simos.web.formatting import number_in
from simos.web.forms.shown import errors_of
from simos.web.maps import MapView
from simos.web.pages import FRESH
from simos.web.parts import FieldError, LiveNumber, Row, State, Table
from simos.web.tables import Listing

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file (of another app: `app/file`), changing with its content: browsers may keep it."""
    path = name if "/" in name else f"web/{name}"
    return f"{static(path)}?v={_fingerprint(path)}"


@register.simple_tag(takes_context=True)
def bring(context: Context, name: str) -> SafeString:
    """The built style sheet or script `name`, unless the page has it by now: a part brings what it needs with it."""
    shell = context.get("shell")
    if shell is not None:
        if name in shell.brought:
            return SafeString()
        shell.brought.add(name)
    if name.endswith(".css"):
        return format_html('<link rel="stylesheet" href="{}">', asset(name))
    return format_html('<script type="module" src="{}"></script>', asset(name))


@cache
def _fingerprint(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise LookupError(f"no built file {path}: run `make assets`")
    return sha256(Path(found).read_bytes()).hexdigest()[:10]


@register.filter
def words(text: Text) -> str:
    """The text in the page's language."""
    return text.in_(get_language() or "sl")


@register.filter
def number(value: float | None, digits: int | None = None) -> str:
    """The number as the page's language writes it; a dash where there is none."""
    return "–" if value is None else number_in(value, get_language() or "sl", digits=digits)


@register.filter
def absolute(address: str, request: HttpRequest) -> str:
    """The address with scheme and host."""
    return request.build_absolute_uri(address)


@register.inclusion_tag("web/parts/summary_list.html")
def summary_list(rows: Sequence[Row]) -> dict[str, Any]:
    """Facts as keys and values."""
    return {"rows": rows}


@register.inclusion_tag("web/parts/table.html")
def data_table(table: Table, *, hide_caption: bool = False) -> dict[str, Any]:
    """A table that scrolls in its own frame where it is too wide."""
    return {"table": table, "hide_caption": hide_caption}


@register.inclusion_tag("web/parts/listing.html", takes_context=True)
def listing(context: Context, it: Listing) -> dict[str, Any]:
    """A table with its search, filters, order, pages and exports (`simos.web.tables`)."""
    return {"it": it, "shell": context.get("shell")}


@register.inclusion_tag("web/parts/map_view.html", takes_context=True)
def map_view(context: Context, view: MapView) -> dict[str, Any]:
    """A map (`simos.web.maps`); give the response `with_map`. Put it above its list. Hidden without JavaScript."""
    words = {
        "AttributionControl.ToggleAttribution": _("Sources of the map"),
        "Map.Title": view.title,
        "NavigationControl.ZoomIn": _("Enlarge"),
        "NavigationControl.ZoomOut": _("Reduce"),
        "Popup.Close": _("Close"),
        "ScaleControl.Meters": "m",
        "ScaleControl.Kilometers": "km",
    }
    return {
        "view": view,
        "shell": context.get("shell"),
        "mark": f"map-{crc32(view.title.encode()):08x}",
        "words": orjson.dumps(words).decode(),
        "style": settings.MAP_STYLE,
        "basemap": basemap_address(),
    }


@register.inclusion_tag("web/parts/error_summary.html", takes_context=True)
def error_summary(context: Context, errors: BaseForm | Sequence[FieldError]) -> dict[str, Any]:
    """What is wrong with a form, each with a link to its field. First in <main>; nothing if there is no error."""
    return {"errors": errors_of(errors) if isinstance(errors, BaseForm) else errors, "shell": context.get("shell")}


@register.inclusion_tag("web/parts/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart with its title, legend and table."""
    return {"chart": chart}


@register.inclusion_tag("web/parts/live_number.html", takes_context=True)
def live_number(context: Context, it: LiveNumber) -> dict[str, Any]:
    """A big number that live.js keeps up to date, with its state, its time and a button to have changes read."""
    given = (("full", it.full), ("few", it.few), ("most", it.most))
    thresholds = format_html_join("", ' data-live-{}="{}"', ((name, f"{v:g}") for name, v in given if v is not None))
    spoken = format_html_join("", ' data-live-words-{}="{}"', ((str(state), said) for state, said in it.words.items()))
    mark = f"live-{crc32(f'{it.entity} {it.attribute}'.encode()):08x}"
    return {"it": it, "shell": context["shell"], "thresholds": thresholds, "spoken": spoken, "mark": mark}


@register.simple_tag(takes_context=True)
def observed(context: Context, at: datetime | None, entity: str, attribute: str) -> SafeString:
    """A <time> that live.js keeps up to date: when the attribute was observed, with its date where that is far from
    the city's present; a dash until it was."""
    mark = format_html('data-live-entity="{}" data-live-observed="{}"', entity, attribute)
    if at is None:
        return format_html("<time {}>–</time>", mark)
    form = "TIME_FORMAT" if abs(context["shell"].now - at) <= FRESH else "SHORT_DATETIME_FORMAT"
    return format_html('<time datetime="{}" {}>{}</time>', at.isoformat(), mark, date_format(localtime(at), form))


@register.simple_tag
def tag(text: str, state: str = State.PLAIN) -> SafeString:
    """A short word on how a thing stands."""
    return format_html('<strong class="tag tag--{}">{}</strong>', State(state), text)


@register.simple_block_tag
def notification_banner(content: SafeString, *, title: str = "", success: bool = False) -> SafeString:
    """A message above the page's content; a success is announced at once and takes the focus."""
    values = {
        "mark": f"notice-{crc32(content.encode()):08x}",
        "title": title or (_("Done") if success else _("Important")),
        "success": success,
        "content": content,
    }
    return render_to_string("web/parts/notification_banner.html", values)


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """A <time> with the day and time, in the current time zone; a dash where there is none."""
    if at is None:
        return SafeString("–")
    written = date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), written)
