"""Every address that the product answers, read from its own URL resolver and from the hub's table. Expects nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.utils.translation import override

_KEY = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)")
OFFICE, API = "office/", "api/"


@dataclass(frozen=True, slots=True)
class Address:
    """An address: the name by which it is reversed (its pattern where it has none), and its pattern."""

    name: str
    pattern: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of what stands in it for something else."""
        return tuple(first or second for first, second in _KEY.findall(self.pattern))

    def filled(self, keys: Mapping[str, str]) -> str:
        """The address with these keys; KeyError where one is not said."""
        plain = re.sub(r"\^|\$", "", self.pattern)
        return "/" + _KEY.sub(lambda found: keys[found[1] or found[2]], plain).replace("\\.", ".").replace(".*", "x")


def every_address() -> Sequence[Address]:
    """All addresses of the product in Slovenian; the other languages have the same views."""
    with override(settings.LANGUAGE_CODE):
        return tuple(dict.fromkeys(_walked(get_resolver(settings.ROOT_URLCONF).url_patterns, "", "")))


def _walked(patterns: Sequence[Any], before: str, names: str) -> Iterator[Address]:
    for each in patterns:
        here = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _walked(each.url_patterns, here, names + (f"{each.namespace}:" if each.namespace else ""))
        else:
            yield Address(names + each.name if each.name else here, here)


def in_the_office() -> Sequence[Address]:
    return [each for each in every_address() if each.pattern.startswith(OFFICE)]


def in_the_api() -> Sequence[Address]:
    """The addresses that modules add to the API."""
    return [each for each in every_address() if each.name.startswith("api-")]


def pages() -> Sequence[Address]:
    """All others: what people and browsers ask for."""
    apart = {*in_the_office(), *in_the_api()}
    return [each for each in every_address() if each not in apart]
