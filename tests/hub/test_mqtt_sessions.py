"""What waits for subscribers is bounded, in order, and sent again until it is acknowledged."""

import asyncio
from collections.abc import Callable
from functools import wraps

from hypothesis import given
from hypothesis import strategies as st

from simos.hub.grants import EVERYTHING, Grant
from simos.hub.mqtt import sessions
from simos.hub.mqtt.packets import REFUSED, Message
from simos.hub.mqtt.sessions import Session, Subscriptions

GORICA = Grant(name="g", tenants=frozenset({"gorica"}), types=frozenset({"T"}))


def in_a_loop(test: Callable[..., None]) -> Callable[..., None]:
    @wraps(test)
    def run(*arguments: object, **named: object) -> None:
        async def running() -> None:
            test(*arguments, **named)

        asyncio.run(running())

    return run


def connected(grant: Grant = EVERYTHING, *, clean: bool = False) -> Session:
    session = Session(grant, "d", clean=clean)
    session.connected = True
    return session


def all_sent(session: Session) -> list[Message]:
    sent = []
    while (message := session.to_send()) is not None:
        sent.append(message)
    return sent


@in_a_loop
def test_of_too_many_messages_the_newest_are_kept() -> None:
    session = connected()
    for number in range(sessions.WAITING_MESSAGES + 10):
        session.leave_for(Message(topic="t", payload=b"%d" % number))
    sent = all_sent(session)
    assert len(sent) == sessions.WAITING_MESSAGES
    assert sent[0].payload == b"10"


@in_a_loop
def test_of_too_long_messages_the_newest_is_kept() -> None:
    session = connected()
    for mark in (b"a", b"b", b"c"):
        session.leave_for(Message(topic="t", payload=mark * (sessions.WAITING_BYTES - 1)))
    assert [message.payload[:1] for message in all_sent(session)] == [b"c"]


@in_a_loop
def test_what_is_not_acknowledged_stops_at_the_window_and_comes_again_first() -> None:
    session = connected()
    for number in range(sessions.WINDOW + 5):
        session.leave_for(Message(topic="t", payload=b"%d" % number, qos=1))
    first = all_sent(session)
    assert len(first) == sessions.WINDOW
    session.acknowledged(first[0].packet_id)
    (next_one,) = all_sent(session)
    assert next_one.payload == b"%d" % sessions.WINDOW
    session.reconnected()
    again = all_sent(session)
    assert [message.payload for message in again] == [b"%d" % n for n in range(1, sessions.WINDOW + 1)]
    assert all(message.dup for message in again)
    assert [message.packet_id for message in again] == [message.packet_id for message in (*first[1:], next_one)]


@in_a_loop
def test_for_who_is_away_only_qos_1_waits_and_only_in_a_kept_session() -> None:
    for clean, expected in ((False, [b"1"]), (True, [])):
        session = Session(EVERYTHING, "d", clean=clean)
        for qos in (0, 1):
            session.leave_for(Message(topic="t", payload=b"%d" % qos, qos=qos))
        assert [message.payload for message in all_sent(session)] == expected


@given(st.lists(st.sampled_from(["leave", "fetch", "acknowledge", "reconnect"]), max_size=200))
@in_a_loop
def test_a_message_at_qos_1_is_never_lost_below_the_bounds(steps: list[str]) -> None:
    session, left, acknowledged, fetched = connected(), 0, set(), []
    for step in steps:
        if step == "leave":
            session.leave_for(Message(topic="t", payload=b"%d" % left, qos=1))
            left += 1
        elif step == "fetch" and (message := session.to_send()) is not None:
            fetched.append(message)
        elif step == "acknowledge" and fetched:
            message = fetched.pop(0)
            session.acknowledged(message.packet_id)
            acknowledged.add(message.payload)
        elif step == "reconnect":
            session.reconnected()
            fetched.clear()
    session.reconnected()
    while sent := all_sent(session):
        for message in sent:
            session.acknowledged(message.packet_id)
            assert message.payload not in acknowledged
            acknowledged.add(message.payload)
    assert acknowledged == {b"%d" % number for number in range(left)}


@in_a_loop
def test_two_filters_bring_a_message_once_at_the_better_quality() -> None:
    subscriptions, session = Subscriptions(), connected()
    assert subscriptions.subscribe(session, "gorica/#", 0) == 0
    assert subscriptions.subscribe(session, "gorica/+", 2) == 1
    subscriptions.pass_on(Message(topic="gorica/x", payload=b"", qos=2), ())
    (message,) = all_sent(session)
    assert message.qos == 1
    subscriptions.unsubscribe(session, "gorica/+")
    subscriptions.pass_on(Message(topic="gorica/x", payload=b"", qos=2), ())
    assert [message.qos for message in all_sent(session)] == [0]
    subscriptions.forget(session)
    assert not subscriptions.concerns(Message(topic="gorica/x", payload=b""))


@in_a_loop
def test_filters_of_one_client_are_bounded() -> None:
    subscriptions, session = Subscriptions(), connected()
    codes = [subscriptions.subscribe(session, f"gorica/{n}", 0) for n in range(sessions.FILTERS + 1)]
    assert codes[-2:] == [0, REFUSED]
    assert subscriptions.subscribe(session, "gorica/0", 1) == 1


@in_a_loop
def test_retained_messages_are_bounded_and_shown_by_type() -> None:
    subscriptions = Subscriptions()
    half = sessions.RETAINED_BYTES // 2
    for name in ("a", "b", "c"):
        message = Message(topic=f"gorica/{name}", payload=b"x" * half, retain=True)
        subscriptions.pass_on(message, ("T",) if name == "b" else ("U",))
    for grant, expected in ((EVERYTHING, {"gorica/c"}), (GORICA, {"gorica/b"})):
        session = connected(grant)
        subscriptions.subscribe(session, "gorica/#", 0)
        subscriptions.leave_retained(session, "gorica/#")
        assert {message.topic for message in all_sent(session)} == expected
    subscriptions.pass_on(Message(topic="gorica/c", payload=b"", retain=True), ())
    late = connected()
    subscriptions.subscribe(late, "gorica/c", 0)
    subscriptions.leave_retained(late, "gorica/c")
    assert all_sent(late) == []
