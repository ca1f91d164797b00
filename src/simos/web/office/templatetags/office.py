"""What the office's frame shows of where one works. Reads the request; decides nothing."""

from typing import Any

from django import template

from simos.web.brands import PLATFORM_HUE, hue_of
from simos.web.office.pages import name_of

register = template.Library()


@register.simple_tag(takes_context=True)
def office_name(context: Any) -> str:
    """The city's name, or that of the federation or partner."""
    office = getattr(context["request"], "office", None)
    return name_of(office.scope) if office else "SiMOS"


@register.simple_tag(takes_context=True)
def office_hue(context: Any) -> int:
    """The hue of the city's colours."""
    office = getattr(context["request"], "office", None)
    return hue_of(office.city.code) if office and office.city else PLATFORM_HUE
