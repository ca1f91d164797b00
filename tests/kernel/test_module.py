"""The manifest refuses what does not hold together, and says in which module."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from simos.kernel.ids import ModuleName
from simos.kernel.module import EntityType, Indicator, IndicatorKind, Level, Module, Permission, Role, Setting, Target
from simos.kernel.text import Text

WORDS = Text(sl="Dovolilnice", en="Permits")
GRANT = Permission(name="grant-permit", title=WORDS)
PERMITS_ISSUED = Indicator(name="permits", title=WORDS, about=WORDS, unit="C62", kind=IndicatorKind.OUTPUT)


def permits(**given: Any) -> Module:
    values: dict[str, Any] = {
        "name": ModuleName("mobility/permits"),
        "title": WORDS,
        "address": Text(sl="dovolilnice", en="permits"),
        "summary": WORDS,
    }
    return Module(**(values | given))


def test_a_small_manifest_is_enough() -> None:
    module = permits()
    assert (module.domain, module.label, module.level) == ("mobility", "mobility_permits", Level.CITY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "permits"}, "domain/name"),
        ({"name": "Mobility/permits"}, "domain/name"),
        ({"address": Text(sl="Dovolilnice", en="permits")}, "'Dovolilnice'"),
        ({"address": Text(sl="dovolilnice", en="permits", it="perm essi")}, "'perm essi'"),
        ({"permissions": (Permission(name="grant", title=WORDS),)}, "kebab"),
        ({"permissions": (GRANT, GRANT)}, "permission 'grant-permit' is declared twice"),
        ({"settings": (Setting(name="fee", title=WORDS, default=1),) * 2}, "setting 'fee' is declared twice"),
        (
            {"indicators": (PERMITS_ISSUED,) * 2},
            "indicator 'permits' is declared twice",
        ),
        (
            {"permissions": (GRANT,), "roles": (Role(name="officer", title=WORDS, permissions=("revoke-permit",)),)},
            "undeclared permissions: revoke-permit",
        ),
        ({"entity_types": (EntityType(name="Permit", title=WORDS, open=True),)}, "no licence"),
    ],
)
def test_what_does_not_hold_together_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        permits(**wrong)
    if "name" not in wrong:
        assert "mobility/permits" in str(refused.value)


def test_a_manifest_is_data_that_nobody_changes() -> None:
    module = permits(entity_types=(EntityType(name="Permit", title=WORDS, retention=timedelta(days=30)),))
    with pytest.raises(AttributeError):
        module.level = Level.BOTH  # type: ignore[misc]  # that it is refused is the point
    assert hash(module) == hash(permits(entity_types=module.entity_types))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Permits issued"}, "lower-case"),
        (
            {"targets": (Target(year=2026, value=1, source=WORDS), Target(year=2026, value=2, source=WORDS))},
            "one target",
        ),
    ],
)
def test_an_indicator_that_does_not_hold_together_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(PERMITS_ISSUED, **wrong)


def test_a_city_has_its_own_target_or_that_of_all() -> None:
    of_all, of_celje = Target(year=2026, value=1, source=WORDS), Target(year=2026, value=2, source=WORDS, city="celje")
    path = replace(PERMITS_ISSUED, targets=(of_all, of_celje))
    assert (path.target_in("celje", 2026), path.target_in("koper", 2026)) == (of_celje, of_all)
    assert path.target_in("celje", 2027) is None
