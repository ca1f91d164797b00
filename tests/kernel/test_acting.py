"""Who acts, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope, ScopeKind
from simos.kernel.ids import CODE

codes = st.from_regex(CODE, fullmatch=True)


@given(codes)
def test_a_scope_is_read_back_as_it_was_written(code: str) -> None:
    for scope in (Scope.city(code), Scope.partner(code), FEDERATION):
        assert Scope.parse(str(scope)) == scope


@pytest.mark.parametrize(("kind", "code"), [(ScopeKind.CITY, ""), (ScopeKind.PARTNER, ""), (ScopeKind.FEDERATION, "x")])
def test_a_scope_without_its_code_is_refused(kind: ScopeKind, code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        Scope(kind, code)


@pytest.mark.parametrize("text", ["", "celje", "planet:earth", "city:", "federation:celje"])
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Scope.parse(text)


def test_acting_for_somebody_keeps_who_acts() -> None:
    officer = Actor(account="7", party="officer", office="traffic", channel=Channel.WEB, assurance=Assurance.HIGH)
    acting = officer.for_("citizen")
    assert (acting.account, acting.party, acting.office, acting.assurance) == (
        "7",
        "officer",
        "traffic",
        Assurance.HIGH,
    )
    assert (acting.on_behalf_of, acting.channel) == ("citizen", Channel.COUNTER)
    assert officer.on_behalf_of == ""


def test_the_platform_names_its_program_and_a_visitor_has_nothing() -> None:
    assert Actor.system("simos replay").program == "simos replay"
    assert Actor.nobody() == Actor(channel=Channel.WEB, assurance=Assurance.NONE)
