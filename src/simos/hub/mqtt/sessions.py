"""Who is subscribed to what, what waits for whom, and what is retained: the passing-on side of the embedded broker.

Bounded everywhere: a subscriber that is slow or away loses its oldest messages, never the hub its memory. Whoever must
have every change reads the hub's change log instead.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from simos.hub.grants import Grant
from simos.hub.mqtt.packets import REFUSED, Message
from simos.hub.mqtt.topics import may_see_all, may_subscribe
from simos.hub.topic_filters import matches

WAITING_MESSAGES = 500
WAITING_BYTES = 1024 * 1024
"""What may wait for one subscriber."""

WINDOW = 20
"""Messages at QoS 1 that one subscriber may leave unacknowledged."""

FILTERS = 100
"""Subscriptions of one client."""

RETAINED_MESSAGES = 10_000
RETAINED_BYTES = 32 * 1024 * 1024

_HIGHEST_QOS = 1
"""Granted to subscribers: at QoS 2 they get 1, as the standard allows (clause 3.9.3)."""

_KNOWN_TOPICS = 10_000


class Session:
    """What is kept of one client between its connections. `received`: packet ids at QoS 2 that are not released yet."""

    def __init__(self, grant: Grant, device: str, *, clean: bool) -> None:
        self.grant = grant
        self.device = device
        self.clean = clean
        self.filters: dict[str, int] = {}
        self.received: set[int] = set()
        self.connected = False
        self.left_at = 0.0
        self.wake = asyncio.Event()
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._sent: OrderedDict[int, Message] = OrderedDict()
        self._last_id = 0

    def leave_for(self, message: Message) -> bool:
        """Puts `message` where the connection fetches it; False where an older one had to go for it."""
        if not self.connected and (self.clean or not message.qos):
            return True
        self._waiting.append(message)
        self._waiting_bytes += len(message.payload)
        lost = False
        while len(self._waiting) > WAITING_MESSAGES or (self._waiting_bytes > WAITING_BYTES and len(self._waiting) > 1):
            self._waiting_bytes -= len(self._waiting.popleft().payload)
            lost = True
        self.wake.set()
        return not lost

    def to_send(self) -> Message | None:
        """The next message for the client, with its packet id; None where there is none or the window is full."""
        if not self._waiting or (self._waiting[0].qos and len(self._sent) >= WINDOW):
            return None
        message = self._waiting.popleft()
        self._waiting_bytes -= len(message.payload)
        if message.qos:
            message = replace(message, packet_id=message.packet_id or self._free_id())
            self._sent[message.packet_id] = message
        return message

    def acknowledged(self, packet_id: int) -> None:
        """The client has it."""
        if self._sent.pop(packet_id, None) is not None:
            self.wake.set()

    def reconnected(self) -> None:
        """What was sent and not acknowledged comes again, first (clause 4.4)."""
        again = [replace(message, dup=True) for message in self._sent.values()]
        self._sent.clear()
        self._waiting.extendleft(reversed(again))
        self._waiting_bytes += sum(len(message.payload) for message in again)
        self.wake.set()

    def _free_id(self) -> int:
        while True:
            self._last_id = self._last_id % 0xFFFF + 1
            if self._last_id not in self._sent:
                return self._last_id


@dataclass(frozen=True, slots=True)
class _Retained:
    message: Message
    types: tuple[str, ...]


class Subscriptions:
    """Every session's filters, and the retained messages."""

    def __init__(self, open_types: frozenset[str] = frozenset()) -> None:
        """`open_types`: what anybody may read is passed on to every subscriber in its tenant."""
        self._open = open_types
        self._by_filter: dict[str, dict[Session, int]] = {}
        self._known: dict[str, tuple[tuple[Session, int], ...]] = {}
        self._retained: OrderedDict[str, _Retained] = OrderedDict()
        self._retained_bytes = 0
        self.lost = 0

    def subscribe(self, session: Session, topic_filter: str, qos: int) -> int:
        """The QoS granted, or REFUSED. What is retained under the filter is left for the session."""
        if not may_subscribe(session.grant, topic_filter):
            return REFUSED
        if len(session.filters) >= FILTERS and topic_filter not in session.filters:
            return REFUSED
        qos = min(qos, _HIGHEST_QOS)
        session.filters[topic_filter] = qos
        self._by_filter.setdefault(topic_filter, {})[session] = qos
        self._known.clear()
        return qos

    def leave_retained(self, session: Session, topic_filter: str) -> None:
        """What is retained under `topic_filter` waits for the session."""
        qos = session.filters[topic_filter]
        for topic, retained in self._retained.items():
            if matches(topic_filter, topic) and may_see_all(session.grant, retained.types, self._open):
                self._leave(session, replace(retained.message, qos=min(qos, retained.message.qos), retain=True))

    def unsubscribe(self, session: Session, topic_filter: str) -> None:
        if session.filters.pop(topic_filter, None) is None:
            return
        others = self._by_filter[topic_filter]
        del others[session]
        if not others:
            del self._by_filter[topic_filter]
        self._known.clear()

    def forget(self, session: Session) -> None:
        """The session is subscribed to nothing."""
        for topic_filter in tuple(session.filters):
            self.unsubscribe(session, topic_filter)

    def concerns(self, message: Message) -> bool:
        """Whether anybody is to get `message`, now or later."""
        return bool(self._by_filter) or message.retain

    def pass_on(self, message: Message, types: tuple[str, ...]) -> None:
        """Leaves `message` once for each subscriber who may see all `types`, and retains it if it says so."""
        plain = replace(message, retain=False, dup=False, packet_id=0)
        if message.retain:
            self._retain(plain, types)
        for session, qos in self._subscribers(message.topic):
            if may_see_all(session.grant, types, self._open):
                self._leave(session, plain if plain.qos <= qos else replace(plain, qos=qos))

    def _leave(self, session: Session, message: Message) -> None:
        self.lost += not session.leave_for(message)

    def _subscribers(self, topic: str) -> tuple[tuple[Session, int], ...]:
        known = self._known.get(topic)
        if known is None:
            known = tuple(self._matching(topic).items())
            if len(self._known) < _KNOWN_TOPICS:
                self._known[topic] = known
        return known

    def _matching(self, topic: str) -> dict[Session, int]:
        found: dict[Session, int] = {}
        for topic_filter, sessions in self._by_filter.items():
            if matches(topic_filter, topic):
                for session, qos in sessions.items():
                    found[session] = max(qos, found.get(session, 0))
        return found

    def _retain(self, message: Message, types: tuple[str, ...]) -> None:
        self._let_go(message.topic)
        if not message.payload or len(message.payload) > RETAINED_BYTES:
            return
        self._retained[message.topic] = _Retained(message, types)
        self._retained_bytes += len(message.payload)
        for topic in self._too_many():
            self._let_go(topic)

    def _too_many(self) -> Iterator[str]:
        while len(self._retained) > RETAINED_MESSAGES or self._retained_bytes > RETAINED_BYTES:
            yield next(iter(self._retained))

    def _let_go(self, topic: str) -> None:
        if (gone := self._retained.pop(topic, None)) is not None:
            self._retained_bytes -= len(gone.message.payload)
