"""What an e-identity has told of a person, between its answer and the sign-in. In the session, and only so long."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

from simos.kernel.acting import Assurance
from simos.kernel.registry import installed_modules
from simos.platform.people.rules import EMSO, TAX_NUMBER

_KEY = "simos_e_identity_told"
NUMBERS = (TAX_NUMBER, EMSO)
EIDAS_LEVELS: Mapping[str, Assurance] = {
    f"http://eidas.europa.eu/LoA/{level}": level for level in (Assurance.LOW, Assurance.SUBSTANTIAL, Assurance.HIGH)
}
"""Commission Implementing Regulation (EU) 2015/1502's levels, as eIDAS nodes name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The provider's id, the name, the level, and numbers by their schemes."""

    provider: str = ""
    name: str = ""
    assurance: Assurance = Assurance.ACCOUNT
    numbers: Mapping[str, str] = field(default_factory=dict)

    def keep(self, request: HttpRequest) -> None:
        request.session[_KEY] = asdict(self)

    @classmethod
    def of(cls, request: HttpRequest) -> "Told":
        kept: Mapping[str, Any] = request.session.get(_KEY) or {}
        return cls(**{**kept, "assurance": Assurance(kept.get("assurance", Assurance.ACCOUNT))})

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(_KEY, None)


def numbers_needed() -> frozenset[str]:
    """The schemes of numbers that some installed module says it holds: others are not taken from an e-identity."""
    declared = {held.name for installed in installed_modules() for held in installed.module.personal_data}
    return frozenset(declared) & frozenset(NUMBERS)


def told_in(claims: Mapping[str, Any], *, provider: str, settings: Mapping[str, Any], needed: Iterable[str]) -> Told:
    """What `claims` (of an ID token and userinfo) tell by the provider's settings, and no more than is needed.

    A level that nobody has said how to read counts as a plain account.
    """
    where: Mapping[str, str] = settings.get("claims") or {}

    def said(what: str) -> str:
        value = claims.get(where.get(what, ""), "")
        return value.strip()[:200] if isinstance(value, str) else ""

    levels = {**EIDAS_LEVELS, **(settings.get("levels") or {})}
    return Told(
        provider=provider,
        name=" ".join(said("name").split()),
        assurance=Assurance(levels.get(str(claims.get("acr", "")), Assurance.ACCOUNT)),
        numbers={scheme: number for scheme in NUMBERS if scheme in needed and (number := said(scheme))},
    )
