"""An operator replays a record, loses the hub, stops the platform and starts it again; pages say how things stand."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from simos.kernel.clock import now
from simos.modules.mobility.parking.values import FREE, TYPE, id_of
from tests.app.recordings import made_up
from tests.journeys.conftest import Look
from tests.journeys.watching import wait_for, watch
from tests.running import Running, until

pytestmark = pytest.mark.browser

OPEN, LOST = "Updates by itself", "Connection lost. The numbers may be old; trying again."


def counts(code: str, *free: int) -> list[dict[str, object]]:
    """One message for each number, a millisecond apart."""
    began = now()
    seen = [(began + timedelta(milliseconds=number)).isoformat().replace("+00:00", "Z") for number in range(len(free))]
    return [
        {"id": id_of("koper", code), "type": TYPE, FREE: {"type": "Property", "value": value, "observedAt": at}}
        for value, at in zip(free, seen, strict=True)
    ]


def test_a_replayed_city_says_so_and_shows_the_records_last_numbers(
    platform: Running, look: Look, tmp_path: Path
) -> None:
    record = made_up(tmp_path, every=timedelta(minutes=30))
    platform.simos(*record.arguments("kranj", "--clock", "replay"))
    page = look("/en/kranj/parking/")
    banner = page.get_by_role("region", name="About the data")
    local = "5 March 2025, 01:00"
    expect(banner).to_have_text(f"Replay This is not the present: the city’s clock shows {local}.")
    last = {code: seen[-1] for code, seen in record.seen().items()}
    fresh = {code: free for code, (at, free) in last.items() if record.until - at <= timedelta(hours=6)}
    assert 0 < len(fresh) < len(last)
    for code in last:
        number = page.locator(f"[data-live-attribute][data-live-entity='{id_of('kranj', code)}']")
        expect(number).to_have_text(f"{fresh[code]:,}" if code in fresh else "–")
    page.goto("/kranj/parkiranje/")
    expect(page.get_by_role("region", name="O podatkih")).to_contain_text("ura mesta kaže 5. marec 2025, 01:00.")


def test_a_page_survives_the_hubs_death_and_misses_no_number(platform: Running, look: Look) -> None:
    page = look("/en/koper/parking/trznica/", interrupted=True)
    expect(page.get_by_text(OPEN)).to_be_visible()
    watch(page)
    hub = platform.hub(patience=60)
    hub.upsert("koper", counts("trznica", 1001))
    wait_for(page, "seen.length === 1")
    platform.kill("hub")
    for message in counts("trznica", 1002, 1003, 1004, 1005, 1006):
        hub.upsert("koper", [message])
    expect(page.locator("[data-live-attribute]")).to_have_text("1,006")
    expect(page.get_by_text(OPEN)).to_be_visible()
    assert page.evaluate("said") == [LOST, OPEN]
    assert page.evaluate("seen") == ["1,001", "1,002", "1,003", "1,004", "1,005", "1,006"]


def test_a_page_that_nobody_sees_leaves_its_stream_and_misses_no_number(platform: Running, look: Look) -> None:
    def streams() -> int:
        return int(platform.json("/health")["checks"]["hub"]["streams"])

    page = look("/en/koper/parking/trznica/")
    expect(page.get_by_text(OPEN)).to_be_visible()
    watch(page)
    open_before = streams()
    set_hidden = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(set_hidden, True)
    until("the stream is left", lambda: streams() == open_before - 1)
    platform.hub().upsert("koper", counts("trznica", 501))
    platform.hub().upsert("koper", counts("trznica", 502))
    assert page.evaluate("seen") == []
    page.evaluate(set_hidden, False)
    wait_for(page, "seen.join() === '501,502'")


def test_three_open_pages_do_not_hold_up_the_stop_and_come_back_after_it(
    platform: Running, look: Look, tell: Callable[[str], None]
) -> None:
    pages = [look(f"/en/koper/parking/{path}", interrupted=True) for path in ("", "bonifika/", "trznica/")]
    for page in pages:
        expect(page.get_by_text(OPEN)).to_be_visible()
        watch(page)
    written = len(platform.log)
    seconds = platform.stop()
    tell(f"Ctrl-C with three pages open: ended after {seconds:.1f} s")
    assert not re.search("killed|exceeded|Cancel", platform.log[written:]), platform.log[written:]
    for page in pages:
        expect(page.get_by_text(LOST)).to_be_visible()
    platform.start()
    platform.hub().upsert("koper", counts("trznica", 77))
    for page in (pages[0], pages[2]):
        wait_for(page, "seen.includes('77')", seconds=60)
    for page in pages:
        expect(page.get_by_text(OPEN)).to_be_visible()


def test_a_garage_that_closes_while_one_looks_ceases_to_have_a_number(
    platform: Running, look: Look, tmp_path: Path
) -> None:
    page = look("/en/koper/parking/")
    page.clock.install()  # the page asks anew each minute; the test does not wait so long
    page.goto("/en/koper/parking/")
    platform.hub().upsert("koper", counts("trznica", 321))
    number = page.locator("#lot-trznica [data-live-attribute]")
    expect(number).to_have_text("321")

    file = tmp_path / "closed.csv"
    file.write_text("code,name,closed_reason,closed_reason_en\ntrznica,Garaža Tržnica,Poplava,Flood\n")
    platform.simos("parking", "import", str(file), "--city", "koper")
    page.locator("#lot-trznica a").focus()
    page.clock.fast_forward("01:01")
    row = page.locator("#lot-trznica")
    expect(row).to_contain_text("closed")
    expect(row).to_contain_text("Flood")
    expect(page.locator("#lot-trznica a")).to_be_focused()
    platform.hub().upsert("koper", counts("trznica", 320))
    page.wait_for_timeout(500)
    expect(row).not_to_contain_text("320")

    file.write_text("code,name,closed_reason,closed_reason_en\ntrznica,Garaža Tržnica,,\n")
    platform.simos("parking", "import", str(file), "--city", "koper")
    page.clock.fast_forward("01:01")
    expect(number).to_have_text("320")
    platform.hub().upsert("koper", counts("trznica", 319))
    expect(number).to_have_text("319")  # live again
    platform.hub().upsert("koper", counts("trznica", 99_999))
    expect(number).to_have_text("–")  # more than were built
