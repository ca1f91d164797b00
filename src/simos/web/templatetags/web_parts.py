"""`{% load web_parts %}`: the larger parts of pages. Each takes values of `simos.web.parts` and looks nothing up."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from django import template

from simos.web.comparisons import HeatMap
from simos.web.parts import Card, Empty, KeyFigure, Link, Moment, Section, Tab, Task

register = template.Library()


@register.inclusion_tag("web/parts/hero.html")
def hero(title: str, *, lead: str = "", search: str = "", links: Sequence[Link] = ()) -> dict[str, Any]:
    """The head of a home, with the page's one heading; `search` is the address of the search page."""
    return {"title": title, "lead": lead, "search": search, "links": links}


@register.inclusion_tag("web/parts/cards.html")
def cards(cards: Sequence[Card]) -> dict[str, Any]:
    """Ways to things of one kind, under a heading of the second level."""
    return {"cards": cards}


@register.inclusion_tag("web/parts/key_figures.html")
def key_figures(figures: Sequence[KeyFigure]) -> dict[str, Any]:
    """Numbers that matter, with how they have changed."""
    return {"figures": figures}


@register.inclusion_tag("web/parts/tabs.html")
def tabs(tabs: Sequence[Tab], label: str) -> dict[str, Any]:
    """Views of the same thing; plain links, so that each can be kept and sent."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("web/parts/accordion.html")
def accordion(sections: Sequence[Section]) -> dict[str, Any]:
    """Parts that are folded up until they are wanted."""
    return {"sections": sections}


@register.inclusion_tag("web/parts/task_list.html")
def task_list(tasks: Sequence[Task]) -> dict[str, Any]:
    """Several things to do, in any order, each with how it stands."""
    return {"tasks": tasks, "mark": f"task-{crc32(repr(tasks).encode()):08x}"}


@register.inclusion_tag("web/parts/timeline.html")
def timeline(moments: Sequence[Moment]) -> dict[str, Any]:
    """The way of a matter: what was, where it is, what is to come."""
    return {"moments": moments}


@register.inclusion_tag("web/parts/empty.html")
def empty(it: Empty) -> dict[str, Any]:
    """What stands where there is nothing yet."""
    return {"it": it}


@register.inclusion_tag("web/parts/heat_map.html")
def heat_map(it: HeatMap) -> dict[str, Any]:
    """Values by weekday and hour, in shades."""
    return {"it": it}
