"""An integrator connects a counter: a token, requests as curl makes them, MQTT; and sees the page follow."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from simos.kernel.clock import now
from tests.journeys.conftest import Look, enter_facilities
from tests.journeys.watching import wait_for, watch
from tests.running import Running

pytestmark = pytest.mark.browser

ENTITIES = "/ngsi-ld/v1/entities"
BELVEDER = "urn:ngsi-ld:OffStreetParking:koper:belveder"
BONIFIKA = "urn:ngsi-ld:OffStreetParking:koper:bonifika"


def count(free: int) -> dict[str, object]:
    return {"type": "Property", "value": free, "observedAt": now().isoformat().replace("+00:00", "Z")}


def ask(
    platform: Running, method: str, path: str, token: str, body: object = None, *, city: str = "koper"
) -> tuple[int, str, bytes]:
    """Status, media type and body of what curl would ask."""
    headers = {"Authorization": f"Bearer {token}", "NGSILD-Tenant": city, "Content-Type": "application/json"}
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(platform.url + path, data, headers, method=method), timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def test_an_entity_is_created_updated_queried_and_seen(
    platform: Running, look: Look, sensor: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    made = {"id": BELVEDER, "type": "OffStreetParking", "availableSpotNumber": count(61)}
    assert ask(platform, "POST", ENTITIES, sensor, made)[0] == 201
    assert ask(platform, "POST", ENTITIES, sensor, made)[0] == 409
    enter_facilities(platform, "koper", "code,name,capacity\nbelveder,Parkirišče Belveder,80\n", tmp_path)

    page = look("/en/koper/parking/belveder/")
    number = page.locator("[data-live-attribute]")
    expect(number).to_have_text("61")
    expect(page.get_by_text("Updates by itself")).to_be_visible()
    watch(page)
    began = time.monotonic()
    status, _, _ = ask(platform, "PATCH", f"{ENTITIES}/{BELVEDER}/attrs", sensor, {"availableSpotNumber": count(3)})
    assert status == 204
    wait_for(page, "seen.includes('3')")
    tell(f"by HTTP: on the open page after {(time.monotonic() - began) * 1000:.0f} ms")
    expect(number).to_have_class("is-low is-changed")

    _, _, body = ask(
        platform, "GET", f"{ENTITIES}?type=OffStreetParking&q=availableSpotNumber<10&options=keyValues", sensor
    )
    assert [(each["id"], each["availableSpotNumber"]) for each in json.loads(body)] == [(BELVEDER, 3)]


def test_a_message_by_mqtt_is_seen_on_the_open_page(
    platform: Running, look: Look, sensor: str, tell: Callable[[str], None]
) -> None:
    if shutil.which("mosquitto_pub") is None:
        pytest.skip("SKIPPED LOUDLY: needs mosquitto_pub (Debian, Ubuntu: apt-get install mosquitto-clients)")
    page = look("/en/koper/parking/bonifika/")
    expect(page.get_by_text("No count has come from this facility yet.")).to_be_visible()
    expect(page.get_by_text("observed at")).to_be_hidden()
    expect(page.get_by_text("Updates by itself")).to_be_visible()
    watch(page)
    message = json.dumps({"availableSpotNumber": count(217)})
    began = time.monotonic()
    broker = ("-h", "localhost", "-p", str(platform.mqtt_port), "-u", "sensor", "-P", sensor)
    said = ("-q", "1", "-t", f"koper/entities/{BONIFIKA}", "-m", message)
    subprocess.run(["mosquitto_pub", *broker, *said], check=True, timeout=30)
    wait_for(page, "seen.includes('217')")
    tell(f"by MQTT: on the open page {(time.monotonic() - began) * 1000:.0f} ms after mosquitto_pub was called")
    expect(page.get_by_text("No count has come from this facility yet.")).to_be_hidden()
    expect(page.get_by_text("observed at")).to_be_visible()


def test_what_is_wrong_is_refused_in_words_and_changes_nothing(platform: Running, look: Look, sensor: str) -> None:
    address = f"{ENTITIES}/{BONIFIKA}/attrs"
    before = ask(platform, "GET", f"{ENTITIES}/{BONIFIKA}", sensor)[2]
    good = {"availableSpotNumber": count(1)}
    for status, token, body, city in (
        (401, "wrong", good, "koper"),
        (403, sensor, good, "celje"),
        (400, sensor, b'{"availableSpotNumber": {"type"', "koper"),
        (400, sensor, {"availableSpotNumber": {"type": "Nonsense", "value": 1}}, "koper"),
    ):
        answer = ask(platform, "PATCH", address, token, body, city=city)
        assert answer[:2] == (status, "application/problem+json"), answer
        assert json.loads(answer[2])["title"]
    assert ask(platform, "GET", f"{ENTITIES}/{BONIFIKA}", sensor)[2] == before
    expect(look("/koper/parkiranje/bonifika/").locator("[data-live-attribute]")).not_to_have_text("1")
