"""Events reach those who react: after the commit, once, in order, in today's shape, and only where a module is on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.events import Event
from simos.kernel.ids import ModuleName
from simos.kernel.module import Module
from simos.kernel.registry import Installed, RegistryError, registry_of
from simos.kernel.text import Text
from simos.platform.audit.transactions import OutsideTransaction, in_transaction
from simos.platform.events import reactions as reactions_module
from simos.platform.events.models import EventRecord
from simos.platform.events.outbox import emit
from simos.platform.events.reactions import Reaction, reactions_in
from simos.platform.events.stored import event_from, payload_of
from simos.platform.jobs.models import Work
from simos.platform.jobs.queries import dead_letters
from simos.platform.people.models import Party
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import CityModule
from simos.testing.acting import SYSTEM
from simos.testing.work import react

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
LAMPS = Module(
    name=ModuleName("city/lamps"),
    title=Text(sl="Svetilke", en="Lamps"),
    address=Text(sl="svetilke", en="lamps"),
    summary=Text(sl="Svetilke", en="Lamps"),
)
database = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class LampBroke(Event):
    """Version 1 had `number` in place of `code`, version 2 no `parts`."""

    version: ClassVar[int] = 3
    upcasts: ClassVar = {
        1: lambda old: {"code": f"lamp-{old['number']}", "on": old["on"]},
        2: lambda old: old | {"parts": []},
    }
    code: str
    on: date
    parts: tuple[str, ...] = ()

    def subject(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class LampMended(Event):
    code: str


BROKE = LampBroke(code="lamp-7", on=date(2026, 3, 1), parts=("bulb", "žarnica"))


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.fixture
def lamps_on(db):
    CityModule.objects.create(city_id="celje", module="city/lamps", switched_on_at=AT, switched_on_by={})


def reaction_to(kind, handler) -> Reaction:
    return Reaction(LAMPS, kind, handler)


def happen(*events: Event, to: list[Reaction], scope: Scope = CELJE, by: Actor = SYSTEM, at: datetime = AT) -> None:
    with transaction.atomic():
        for event in events:
            emit(event, scope=scope, by=by, at=at, reactions=to)


@pytest.mark.usefixtures("lamps_on")
class TestEmitting:
    def test_needs_a_transaction(self):
        with pytest.raises(OutsideTransaction):
            emit(BROKE, scope=CELJE, by=SYSTEM, at=AT, reactions=())

    def test_goes_with_the_action_that_failed(self):
        calls = []

        @transaction.atomic
        def failing_action():
            emit(BROKE, scope=CELJE, by=SYSTEM, at=AT, reactions=[reaction_to(LampBroke, calls.append)])
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            failing_action()
        assert not EventRecord.objects.exists()
        assert not Work.objects.exists()

    def test_calls_who_reacts_to_it_as_who_did_it_where_and_when(self):
        calls = []

        def mend(event, *, scope, by, at):
            calls.append((event, scope, by, at, current().actor, current().scope, in_transaction()))

        def never(event, *, scope, by, at):
            raise AssertionError

        actor = Actor(account="7", channel="web")
        earlier = AT - timedelta(days=300)
        to = [reaction_to(LampBroke, mend), reaction_to(LampMended, never)]
        happen(BROKE, to=to, by=actor, at=earlier)
        assert calls == []
        assert react(to) == 1
        assert react(to) == 0
        assert calls == [(BROKE, CELJE, actor, earlier, actor, CELJE, True)]

    def test_a_citys_clock_that_is_ahead_does_not_hold_up_the_event(self):
        calls = []
        to = [reaction_to(LampBroke, lambda event, **_: calls.append(event))]
        happen(BROKE, to=to, at=AT + timedelta(days=400))
        react(to)
        assert calls == [BROKE]

    def test_reaches_no_module_that_is_off_there(self):
        to = [reaction_to(LampBroke, lambda event, **_: 1 / 0)]
        happen(BROKE, to=to, scope=KOPER)
        assert react(to) == 0
        happen(BROKE, to=to)
        CityModule.objects.all().delete()
        assert react(to) == 1
        assert not dead_letters().exists()
        assert not Work.objects.exclude(state="done").exists()

    def test_in_the_federation_reaches_every_module(self):
        calls = []
        to = [reaction_to(LampBroke, lambda event, *, scope, **_: calls.append(scope))]
        happen(BROKE, to=to, scope=FEDERATION)
        react(to)
        assert calls == [FEDERATION]


@pytest.mark.usefixtures("lamps_on")
class TestReacting:
    def test_events_of_one_subject_come_in_order_even_when_one_fails_first(self, caplog):
        calls, failed = [], []

        def slow(event, **_):
            if event.parts == ("1",) and not failed:
                failed.append(1)
                raise ValueError
            calls.append((event.code, event.parts[0]))

        to = [reaction_to(LampBroke, slow)]
        happen(*(LampBroke(code=code, on=AT.date(), parts=(n,)) for n in "12" for code in ("a", "b")), to=to)
        react(to)
        assert calls == [("b", "1"), ("b", "2")]
        with clock_set_to(FrozenClock(AT + timedelta(minutes=1))):
            react(to)
        assert calls[2:] == [("a", "1"), ("a", "2")]

    def test_one_handler_that_fails_does_not_hold_up_another(self, caplog):
        calls = []

        def bad(event, **_):
            Party.objects.create(kind="unit", name="half done")
            raise ValueError("no ladder")

        def good(event, **_):
            calls.append(event.code)

        to = [reaction_to(LampBroke, bad), reaction_to(LampBroke, good)]
        happen(BROKE, BROKE, to=to)
        react(to)
        assert calls == ["lamp-7", "lamp-7"]
        assert not Party.objects.exists()

    def test_an_event_of_an_older_release_comes_in_todays_shape(self):
        calls = []
        to = [reaction_to(LampBroke, lambda event, **_: calls.append(event))]
        happen(BROKE, to=to)
        EventRecord.objects.update(version=1, payload={"number": 7, "on": "2026-03-01"})
        react(to)
        assert calls == [LampBroke(code="lamp-7", on=date(2026, 3, 1))]

    @pytest.mark.parametrize("stored", [(4, {"code": "x", "on": "2026-03-01"}), (3, {"code": "x", "on": "soon"})])
    def test_an_event_that_cannot_be_read_is_tried_again_and_kept(self, stored, caplog):
        to = [reaction_to(LampBroke, lambda event, **_: None)]
        happen(BROKE, to=to)
        EventRecord.objects.update(version=stored[0], payload=stored[1])
        react(to)
        left = Work.objects.get()
        assert (left.state, left.attempts) == ("waiting", 1)
        assert "ValueError" in left.last_error or "ValidationError" in left.last_error

    def test_a_handler_that_is_gone_leaves_a_dead_letter(self, caplog):
        happen(BROKE, to=[reaction_to(LampBroke, lambda event, **_: None)])
        react([])
        assert "react" in dead_letters().get().last_error


def test_reactions_are_read_from_modules_and_clash_in_words(monkeypatch):
    def mend(event, **_):
        raise AssertionError

    exports = {LampBroke: (mend,), LampMended: (mend,)}
    monkeypatch.setattr(Installed, "load", lambda self, file: exports if file == "reactions" else None)
    registry = registry_of([Installed(LAMPS, "tests.none")])
    assert [(each.module, each.to) for each in reactions_in(registry)] == [(LAMPS, LampBroke), (LAMPS, LampMended)]
    exports[LampBroke] = (mend, mend)
    with pytest.raises(RegistryError, match="twice"):
        reactions_in(registry)


@database
def test_without_further_word_the_installed_modules_react(monkeypatch, lamps_on):
    calls = []
    to = (reaction_to(LampBroke, lambda event, **_: calls.append(event)),)
    monkeypatch.setattr("simos.platform.events.outbox.installed_reactions", lambda: to)
    with transaction.atomic():
        emit(BROKE, scope=CELJE, by=SYSTEM, at=AT)
    react(to)
    assert calls == [BROKE]
    assert reactions_module.installed_reactions() is reactions_module.installed_reactions()


words = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.builds(LampBroke, code=words, on=st.dates(), parts=st.lists(words).map(tuple)))
def test_any_event_is_the_same_when_it_is_read_back(event):
    assert event_from(LampBroke, payload_of(event), 3) == event


@given(st.integers(0, 10**9), st.dates())
def test_each_older_version_leads_to_todays_shape(number, on):
    stored = {1: {"number": number, "on": str(on)}, 2: {"code": f"lamp-{number}", "on": str(on)}}
    for version, payload in stored.items():
        before = dict(payload)
        assert event_from(LampBroke, payload, version) == LampBroke(code=f"lamp-{number}", on=on)
        assert payload == before


def test_an_event_that_would_change_on_the_way_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Odd(Event):
        anything: object

    with pytest.raises(ValueError, match="plainer"):
        payload_of(Odd(anything=(1, 2)))
