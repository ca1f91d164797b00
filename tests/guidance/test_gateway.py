"""The wire as devices have it: what is wanted lies retained at the broker and is asked for with a tag; reports come."""

import json

import pytest

from simos.hub.client import HubClient
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.gateways import WANTED_NAME, News, Wire, news_since, send_all
from simos.modules.mobility.guidance.simulators.panel import PlayedPanel
from simos.modules.mobility.guidance.values import REPORT, report_of, sign_of
from simos.platform.things.door import reader
from simos.testing.acting import SYSTEM
from tests.guidance.conftest import CELJE, NOW, TWO, SteppingClock, counted, follow, reported, work

pytestmark = pytest.mark.usefixtures("facilities")


class Noted(Wire):
    """A wire that only notes what is sent."""

    def __init__(self) -> None:
        super().__init__(None)
        self.sent: list[tuple[str, str, object]] = []

    def send(self, city, sign, wanted) -> None:
        self.sent.append((city, sign, wanted["value"]["pages"]))


@pytest.fixture(autouse=True)
def panel(facilities: None) -> None:
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    work()


def test_all_that_is_wanted_is_sent_when_the_broker_is_there_anew() -> None:
    wire = Noted()
    send_all(reader(), wire)
    assert wire.sent == [("celje", sign_of("celje", "P01"), [["112", "40"]])]


def test_what_has_changed_is_followed_and_the_newest_is_sent(hub: HubClient, present: SteppingClock) -> None:
    since = reader().head()
    assert news_since(reader(), since, since) == News()
    for free in (9, 8):
        present.let_pass(seconds=1)
        counted(hub, "glazija", free)
        assert news_since(reader(), since, reader().head()).cities == {"celje"}
        follow()
    wanted = news_since(reader(), since, reader().head()).wanted
    assert list(wanted) == [("celje", sign_of("celje", "P01"))]
    assert wanted["celje", sign_of("celje", "P01")][WANTED_NAME][0]["value"] == {"pages": [["8", "40"]]}


def test_a_heartbeat_is_no_news_and_a_report_is(hub: HubClient, present: SteppingClock) -> None:
    reported(hub, "P01", [["112", "40"]])
    since = reader().head()
    present.let_pass(seconds=20)
    alive = {"type": "Property", "value": "x", "observedAt": "2025-09-01T10:00:20Z"}
    hub.upsert("celje", [{"id": report_of("celje", "P01"), "type": REPORT, "heartbeat": alive}])
    assert reader().head().seq > since.seq
    assert news_since(reader(), since, reader().head()) == News()
    reported(hub, "P01", [["1", "40"]])
    assert news_since(reader(), since, reader().head()).cities == {"celje"}


def test_a_played_panel_shows_what_it_is_told_and_says_so() -> None:
    panel = PlayedPanel("celje", "P01")
    told = {"wanted": {"type": "Property", "value": {"pages": [["112", "40"]]}}}
    report = panel.take(told)
    assert report is not None
    assert report["shown"]["value"] == {"pages": [["112", "40"]]}
    assert panel.take(told) is None
    assert panel.take({"wanted": {"pages": [["7", "40"]]}}) is not None
    assert panel.heartbeat() is None  # it has spoken just now
    for nonsense in ({}, {"wanted": 7}, {"wanted": {"pages": "x"}}):
        assert panel.take(nonsense) is None


def test_a_lying_panel_says_something_else() -> None:
    report = PlayedPanel("celje", "P01", lies=True).take({"wanted": {"pages": [["112", "40"]]}})
    assert report is not None
    assert report["shown"]["value"] == {"pages": [["88", "88"]]}
    json.dumps(report)


def test_a_wire_without_a_broker_sends_nothing_and_harms_nobody() -> None:
    wire = Wire(None)
    wire.send("celje", "urn:x", {"value": 1})
    wire.close()
