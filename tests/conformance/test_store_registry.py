"""The store port: tenants, tokens, devices, and what had to be turned away."""

from dataclasses import replace

import pytest

from simos.hub.store.base import Store
from simos.hub.values import Device, Rejection, Token
from tests.conformance.things import AT, TENANT

TOKEN = Token(
    id="t1",
    name="Števec pri Glaziji",
    secret_sha256="ab" * 32,
    tenants=frozenset({"celje", "koper"}),
    types=frozenset({"OffStreetParking"}),
    may_write=True,
    expires_at=AT,
    created_at=AT - 1,
)
DEVICE = Device(tenant=TENANT, id="d1", name="Zanka 1", token="t1")


def test_tenants(store: Store) -> None:
    assert list(store.reader.tenants()) == []
    with store.transaction() as transaction:
        assert transaction.add_tenant("koper")
        assert transaction.add_tenant("celje")
        assert not transaction.add_tenant("koper")
    with store.transaction() as transaction:
        assert not transaction.add_tenant("celje")
    assert list(store.reader.tenants()) == ["celje", "koper"]


def test_tokens(store: Store) -> None:
    other = Token(id="t2", name="", secret_sha256="cd" * 32, tenants=frozenset({"*"}), may_administer=True)
    with store.transaction() as transaction:
        transaction.put_token(other)
        transaction.put_token(TOKEN)
    assert store.reader.token(TOKEN.secret_sha256) == TOKEN
    assert store.reader.token(other.secret_sha256) == other
    assert store.reader.token("ef" * 32) is None
    assert list(store.reader.tokens()) == [TOKEN, other]
    changed = replace(TOKEN, secret_sha256="12" * 32, may_write=False, expires_at=None)
    with store.transaction() as transaction:
        transaction.put_token(changed)
        assert transaction.delete_token("t2")
        assert not transaction.delete_token("t2")
    assert list(store.reader.tokens()) == [changed]
    assert store.reader.token(TOKEN.secret_sha256) is None, "the old secret opens nothing"


def test_two_tokens_never_share_a_secret(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.put_token(TOKEN)
    with pytest.raises(Exception, match=r"(?i)unique"), store.transaction() as transaction:
        transaction.put_token(replace(TOKEN, id="t2", tenants=frozenset({"*"})))
    assert list(store.reader.tokens()) == [TOKEN]


def test_devices(store: Store) -> None:
    second, theirs = replace(DEVICE, id="d2", last_seen_at=AT), replace(DEVICE, tenant="koper")
    with store.transaction() as transaction:
        for device in (second, DEVICE, theirs):
            transaction.put_device(device)
    assert list(store.reader.devices(TENANT)) == [DEVICE, second]
    with store.transaction() as transaction:
        transaction.seen([(TENANT, "d1", AT + 1), (TENANT, "unknown", AT), (TENANT, "d2", AT - 1)])
        transaction.seen([])
    seen = replace(DEVICE, last_seen_at=AT + 1)
    assert list(store.reader.devices(TENANT)) == [seen, second], "the newest counts, whatever comes late"
    assert list(store.reader.devices("koper")) == [theirs]
    with store.transaction() as transaction:
        transaction.put_device(replace(seen, name="Zanka A"))
    assert store.reader.devices(TENANT)[0] == replace(seen, name="Zanka A")


def rejection(number: int, **given: object) -> Rejection:
    return Rejection(
        **{
            "tenant": TENANT,
            "source": "mqtt",
            "topic": f"celje/{number}",
            "payload": b"",
            "reason": "not JSON",
            "at": AT + number,
        }
        | given
    )  # type: ignore[arg-type]


def test_what_was_turned_away_is_kept_as_it_came(store: Store) -> None:
    odd = rejection(1, payload=bytes(range(256)), reason="U+0000 \x00, half a pair \ud800, č")
    with store.transaction() as transaction:
        transaction.reject([rejection(0), odd])
    newest, oldest = store.reader.rejections()
    assert newest.payload == odd.payload
    assert newest.reason == "U+0000 \ufffd, half a pair ?, č"
    assert replace(oldest, id=0) == rejection(0)
    assert newest.id > oldest.id


def test_only_so_many_are_kept(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.reject([rejection(n) for n in range(9_990)])
    with store.transaction() as transaction:
        transaction.reject([rejection(n) for n in range(9_990, 10_030)])
    kept = store.reader.rejections(limit=20_000)
    assert [each.at - AT for each in kept] == list(range(10_029, 29, -1))
    assert [each.at - AT for each in store.reader.rejections(limit=2)] == [10_029, 10_028]
