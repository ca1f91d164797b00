"""Push messages: encrypted for one browser, signed by the platform, tried again while that can help, never inwards."""

import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from py_vapid import Vapid02

from simos.hub.addresses import Reach
from simos.kernel.acting import FEDERATION
from simos.kernel.clock import now
from simos.kernel.errors import Invalid
from simos.platform.jobs.models import Work
from simos.platform.messages import actions, delivering
from simos.platform.messages.models import Message, Subscription
from simos.platform.messages.queries import browsers_of
from simos.platform.messages.values import Channel
from simos.platform.messages.vapid import public_key
from simos.platform.people.models import Party
from simos.testing.acting import SYSTEM, make_account
from simos.testing.work import run_all
from tests.platform.push_receiver import BrowserKeys, Receiver, bytes_of, push_service, unpadded

HERE = Reach(hosts=frozenset({"127.0.0.1"}))
KEYS = BrowserKeys()


@pytest.fixture
def service(tmp_path) -> Iterator[Receiver]:
    """A push service on this machine, which the operator has allowed."""
    allowed = settings.SIMOS.model_copy(update={"private_receivers": ["127.0.0.1"], "home": tmp_path})
    with push_service() as receiver, override_settings(SIMOS=allowed):
        yield receiver


@pytest.fixture
def person(db) -> Party:
    party = Party.objects.create(kind=Party.Kind.NATURAL, name="Ana Novak", language="en")
    make_account("ana@example.si", party=party)
    return party


def subscribe(person: Party, endpoint: str, **more) -> Subscription:
    said = {"p256dh": unpadded(KEYS.point), "auth": unpadded(KEYS.auth), "browser": "Firefox", "reach": HERE} | more
    return actions.subscribe(person.accounts.get(), endpoint=endpoint, at=now(), **said)


def send(person: Party) -> Message:
    with transaction.atomic():
        context = {"until": "1 March"}
        return actions.send(FEDERATION, to=person, template="platform:data-ready", context=context, by=SYSTEM, at=now())


def tell() -> int:
    return run_all({actions.KIND: delivering.runner})


def state_of(message: Message) -> tuple[str, str]:
    delivery = message.deliveries.get(channel="push")
    return delivery.state, delivery.reason


def test_the_reader_of_this_test_reads_the_example_of_rfc_8291():
    number = int.from_bytes(bytes_of("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    keys = BrowserKeys(ec.derive_private_key(number, ec.SECP256R1()), bytes_of("BTBZMqHH6r4Tts7J_aSIgg"))
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert keys.read(bytes_of(body)) == b"When I grow up, I want to be a watermelon"


def test_a_push_is_read_by_its_browser_alone_and_says_who_sent_it(person, service):
    subscribe(person, service.endpoint)
    message = send(person)
    tell()
    ((path, headers, body),) = service.taken
    assert path == "/push/of-ana?x=1"
    assert message.subject.encode() not in body
    said = json.loads(KEYS.read(body))
    assert (said["title"], said["lang"], said["tag"]) == (message.subject, "en", str(message.pk))
    assert said["address"] == f"/en/inbox/{message.pk}/"
    assert (headers["content-encoding"], headers["topic"]) == ("aes128gcm", message.pk.hex)
    assert int(headers["ttl"]) == 2 * 24 * 3600
    assert headers["host"] == f"127.0.0.1:{service.port}"
    assert Vapid02.verify(headers["authorization"])
    token = headers["authorization"].partition("t=")[2].partition(",")[0]
    claims = json.loads(bytes_of(token.split(".")[1]))
    assert claims["aud"] == f"http://127.0.0.1:{service.port}"
    assert now().timestamp() < claims["exp"] <= now().timestamp() + 24 * 3600
    assert claims["sub"].startswith("mailto:")
    assert headers["authorization"].endswith(f"k={public_key()}")
    assert state_of(message) == ("sent", "")


def test_the_key_stays_the_same_and_is_for_the_operator_alone(service):
    assert public_key() == public_key()
    assert len(bytes_of(public_key())) == 65
    kept = settings.SIMOS.home / "secrets" / "vapid.key"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(person, service, status):
    subscribe(person, service.endpoint)
    service.answers[:] = [status]
    message = send(person)
    tell()
    assert state_of(message) == ("failed", f"the browser has ended its subscription ({status})")
    assert browsers_of(person.accounts.get()) == []
    later = send(person)
    tell()
    assert not later.deliveries.filter(channel="push").exists()


@pytest.mark.parametrize(
    ("status", "state"), [(429, "queued"), (503, "queued"), (400, "failed"), (403, "failed"), (413, "failed")]
)
def test_it_is_tried_again_while_that_can_help(person, service, status, state):
    subscribe(person, service.endpoint)
    service.answers[:] = [status]
    message = send(person)
    tell()
    assert state_of(message) == (state, f"the push service answered {status}")
    assert browsers_of(person.accounts.get())
    work = Work.objects.get(name="push")
    assert work.state == ("waiting" if state == "queued" else "done")
    if state == "queued":
        service.answers[:] = [201]
        Work.objects.update(run_at=now())
        tell()
        assert state_of(message) == ("sent", "")


def test_a_service_that_is_away_is_tried_again_and_its_address_is_kept_out_of_the_reason(person, service):
    subscribe(person, "http://127.0.0.1:9/push")
    message = send(person)
    tell()
    state, reason = state_of(message)
    assert (state, "127" in reason) == ("queued", False)
    assert "127" not in Work.objects.get(name="push").last_error


def test_no_push_goes_into_a_private_network(person):
    subscribe(person, "https://localhost.example/push", reach=Reach(everywhere=True))
    Subscription.objects.update(endpoint="https://127.0.0.1/push")
    message = send(person)
    tell()
    assert state_of(message) == ("queued", "the push service cannot be reached (NotAllowed)")


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/x"},
        {"endpoint": "https://127.0.0.1/x", "reach": Reach()},
        {"endpoint": "https://localhost/x", "reach": Reach()},
        {"endpoint": "https:///x"},
        {"endpoint": "ftp://push.example/x"},
        {"p256dh": "AAAA"},
        {"p256dh": "č"},
        {"auth": "AAAA"},
    ],
)
def test_what_no_browser_gives_is_refused(person, wrong):
    with pytest.raises(Invalid):
        subscribe(person, **{"endpoint": "https://push.example/x", **wrong})
    assert not Subscription.objects.exists()


def test_one_browser_has_one_subscription_whoever_uses_it(person):
    subscribe(person, "https://push.example/x")
    subscribe(person, "https://push.example/x", browser="Firefox, Linux")
    assert [each.browser for each in browsers_of(person.accounts.get())] == ["Firefox, Linux"]
    other = Party.objects.create(kind=Party.Kind.NATURAL, name="Bor")
    make_account("bor@example.si", party=other)
    subscribe(other, "https://push.example/x")
    assert browsers_of(person.accounts.get()) == []


def test_who_said_no_to_push_gets_mail_alone(person, service):
    subscribe(person, service.endpoint)
    actions.choose(person, "platform:data-ready", Channel.PUSH, wanted=False, at=now())
    message = send(person)
    tell()
    assert list(message.deliveries.values_list("channel", flat=True)) == ["mail"]
    assert service.taken == []
