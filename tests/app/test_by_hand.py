"""What an integrator does with curl, a token and mosquitto_pub: done, or refused with a reason and nothing stored."""

import json
import shutil
import subprocess
from datetime import timedelta

import pytest

from simos.app.settings import Settings
from simos.hub.grants import digest
from simos.hub.store.opening import open_store
from simos.hub.values import Token
from simos.kernel.clock import micros_of, now
from tests.app.listening import Stream
from tests.app.showing import FREE, TYPE, changes, history, id_of, instant, list_page
from tests.running import Answer, Running

CITY = "celje"
LD = "/ngsi-ld/v1"
GARAGE = id_of(CITY, "pri-sodiscu")


@pytest.fixture(scope="module")
def token(small_platform: Running) -> str:
    """As `simos hub token add` gives it to a device that counts cars in Celje."""
    made = small_platform.simos("hub", "token", "add", "--name", "garage", "--tenant", CITY, "--type", TYPE, "--write")
    return made.stdout.strip()


def asked(platform: Running, method: str, path: str, content: object = None, *, token: str, city: str = CITY) -> Answer:
    """`content` is sent as JSON; text as it is."""
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode() if content else None
    headers = {"Authorization": f"Bearer {token}", "NGSILD_Tenant": city}
    return platform.ask(
        method, f"{LD}{path}", body, **headers, **({"Content_Type": "application/json"} if body else {})
    )


def count(free: object, at: str = "2025-09-01T06:00:00Z", kind: str = "Property") -> dict[str, object]:
    return {"type": kind, "value": free, "observedAt": at}


def test_an_entity_is_created_updated_queried_and_has_a_history(small_platform: Running, token: str) -> None:
    made = asked(small_platform, "POST", "/entities", {"id": GARAGE, "type": TYPE, FREE: count(40)}, token=token)
    assert made.status == 201, made
    newer = {FREE: count(39, "2025-09-01T06:05:00Z")}
    assert asked(small_platform, "PATCH", f"/entities/{GARAGE}/attrs", newer, token=token).status == 204

    path = f"/entities?type={TYPE}&q={FREE}<40&options=keyValues"
    found = json.loads(asked(small_platform, "GET", path.replace("<", "%3C"), token=token).body)
    assert [(each["id"], each[FREE]) for each in found] == [(GARAGE, 39)]
    assert history(small_platform, CITY, "pri-sodiscu") == [
        (instant("2025-09-01T06:00:00Z"), 40),
        (instant("2025-09-01T06:05:00Z"), 39),
    ]
    assert asked(small_platform, "DELETE", f"/entities/{GARAGE}", token=token).status == 204
    assert asked(small_platform, "GET", f"/entities/{GARAGE}", token=token).status == 404


GOOD = {"id": id_of(CITY, "refused"), "type": TYPE, FREE: count(1)}
REFUSED = {
    "wrong token": (401, GOOD, {"token": "guessed"}),
    "wrong city": (403, GOOD, {"city": "koper"}),
    "no city": (403, GOOD, {"city": ""}),
    "malformed JSON": (400, '{"id": "urn:ngsi-ld:OffStreetParking:celje:x", "type": ', {}),
    "no entity": (400, [1], {}),
    "no id": (400, {"type": TYPE, FREE: count(1)}, {}),
    "unknown kind": (400, GOOD | {FREE: count(1, kind="Measurement")}, {}),
    "malformed time": (400, GOOD | {FREE: count(1, "1. 9. 2025")}, {}),
    "another type": (403, {"id": "urn:ngsi-ld:AirQualityObserved:celje:1", "type": "AirQualityObserved"}, {}),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("way", ["/entities", "/temporal/entities"])
def test_what_is_wrong_is_refused_with_a_reason_and_nothing_stored(
    small_platform: Running, token: str, way: str, case: str
) -> None:
    status, content, otherwise = REFUSED[case]
    _, before = changes(small_platform, CITY)
    answer = asked(small_platform, "POST", way, content, **{"token": token} | otherwise)
    assert (answer.status, answer.kind) == (status, "application/problem+json"), answer
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert changes(small_platform, CITY, before)[0] == []
    assert history(small_platform, CITY, "refused") == []


def test_a_tenant_that_nobody_knows_is_not_made_by_a_write(small_platform: Running) -> None:
    answer = asked(small_platform, "POST", "/entities", GOOD, token=small_platform.service_token, city="atlantida")
    assert (answer.status, answer.kind) == (404, "application/problem+json")
    assert (
        asked(
            small_platform, "GET", f"/entities?type={TYPE}", token=small_platform.service_token, city="atlantida"
        ).status
        == 404
    )


def test_in_a_batch_the_good_part_is_kept_and_the_bad_one_told(small_platform: Running, token: str) -> None:
    good, bad = id_of(CITY, "batch-good"), id_of(CITY, "batch-bad")
    batch = [{"id": good, "type": TYPE, FREE: count(5)}, {"id": bad, "type": TYPE, FREE: count(5, kind="Measurement")}]
    answer = asked(small_platform, "POST", "/entityOperations/upsert", batch, token=token)
    assert answer.status == 207
    said = json.loads(answer.body)
    assert said["success"] == [good]
    assert [each["entityId"] for each in said["errors"]] == [bad]
    assert asked(small_platform, "GET", f"/entities/{bad}", token=token).status == 404


def test_a_reading_token_does_not_write(small_platform: Running) -> None:
    made = small_platform.simos("hub", "token", "add", "--name", "reader", "--tenant", CITY)
    answer = asked(small_platform, "POST", "/entities", GOOD, token=made.stdout.strip())
    assert (answer.status, answer.kind) == (403, "application/problem+json")


def test_a_token_that_was_taken_back_or_has_expired_counts_no_more(small_platform: Running) -> None:
    hub = small_platform.hub()
    made = hub.add_token("short", tenants=[CITY], types=["*"], mayWrite=True)
    assert asked(small_platform, "GET", f"/entities?type={TYPE}", token=made["secret"]).status == 200
    small_platform.simos("hub", "token", "delete", made["id"])
    assert asked(small_platform, "GET", f"/entities?type={TYPE}", token=made["secret"]).status == 401

    moment = micros_of(now() - timedelta(seconds=1))
    expired = Token(
        id="expired",
        name="expired",
        secret_sha256=digest("once good"),
        tenants=frozenset([CITY]),
        types=frozenset("*"),
        may_write=True,
        expires_at=moment,
    )
    store = open_store(Settings(home=small_platform.home).hub_url)
    with store.transaction() as transaction:
        transaction.put_token(expired)
    store.close()
    answer = asked(small_platform, "POST", "/entities", GOOD, token="once good")
    assert (answer.status, answer.kind) == (401, "application/problem+json")
    assert "expired" in json.loads(answer.body)["detail"]


def test_one_mosquitto_pub_is_seen_on_an_open_stream_and_page(small_platform: Running, token: str) -> None:
    program = shutil.which("mosquitto_pub")
    if program is None:
        pytest.skip("mosquitto_pub is not installed (Debian, Ubuntu: apt-get install mosquitto-clients)")
    small_platform.simos("city", "switch", CITY, "mobility/parking")
    facility = small_platform.home / "facilities.csv"
    facility.write_text("code,name,capacity\nglazija,Glazija,320\n")
    small_platform.simos("parking", "import", str(facility), "--city", CITY)
    seen = now().replace(microsecond=0).isoformat().replace("+00:00", "Z")
    to = ["-h", "127.0.0.1", "-p", str(small_platform.mqtt_port), "-u", "garage", "-P", token, "-q", "1"]
    message = json.dumps({"id": id_of(CITY, "glazija"), "type": TYPE, FREE: count(77, seen)})
    with Stream(
        small_platform, f"/hub/live?tenant={CITY}&type={TYPE}&id={id_of(CITY, 'glazija')}", seconds=5
    ) as stream:
        subprocess.run([program, *to, "-t", f"{CITY}/entities", "-m", message], check=True, timeout=20)
        while FREE not in (change := stream.change())["attributes"]:
            pass  # what the office says of it
    assert change["attributes"][FREE]["value"] == 77
    assert list_page(small_platform, CITY)["glazija"].free == 77
    wrong = [each if each != token else "guessed" for each in to]
    refused = subprocess.run(
        [program, *wrong, "-t", f"{CITY}/entities", "-m", message], check=False, timeout=20, capture_output=True
    )
    assert refused.returncode != 0
