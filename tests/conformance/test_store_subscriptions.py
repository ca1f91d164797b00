"""The store port: subscriptions and how their deliveries went, and what the log keeps of before."""

from dataclasses import replace

import pytest

from simos.hub.store.base import Store
from simos.hub.values import Delivery, Subscription
from tests.conformance.things import AT, FREE, PARKING, TENANT, change, free

ONE = Subscription(
    tenant=TENANT,
    id="urn:s:1",
    document={"type": "Subscription", "name": "žirafa 😀", "notification": {"endpoint": {"uri": "http://x/"}}},
    context=["https://example.org/context.jsonld", {"a": "https://example.org/a"}],
    types=frozenset({PARKING}),
    since=7,
    created_at=AT,
    modified_at=AT + 1,
)
STATE = Delivery(tenant=TENANT, subscription=ONE.id, waiting_from=3, times_sent=4, times_failed=1, last_failure=AT)


def test_subscriptions(store: Store) -> None:
    theirs = replace(ONE, tenant="koper", types=None, context="https://example.org/other.jsonld")
    with store.transaction() as transaction:
        assert transaction.add_subscription(ONE)
        assert transaction.add_subscription(theirs)
        assert not transaction.add_subscription(replace(ONE, since=9))
    assert store.reader.subscription(TENANT, ONE.id) == ONE
    assert store.reader.subscription(TENANT, "urn:s:2") is None
    assert list(store.reader.subscriptions()) == [ONE, theirs]
    assert list(store.reader.subscriptions("koper")) == [theirs]
    changed = replace(ONE, since=12, document={"type": "Subscription"}, types=frozenset())
    with store.transaction() as transaction:
        transaction.put_subscription(changed)
    assert store.reader.subscription(TENANT, ONE.id) == changed
    with store.transaction() as transaction:
        assert transaction.delete_subscription(TENANT, ONE.id)
        assert not transaction.delete_subscription(TENANT, ONE.id)
    assert list(store.reader.subscriptions()) == [theirs]


def test_deliveries_are_put_down_together_with_what_was_looked_at(store: Store) -> None:
    assert (list(store.reader.deliveries()), store.reader.dispatched()) == ([], 0)
    fresh = Delivery(tenant="koper", subscription=ONE.id)
    with store.transaction() as transaction:
        transaction.add_subscription(ONE)
        transaction.put_deliveries([STATE, fresh], dispatched=12)
    assert {each.key: each for each in store.reader.deliveries()} == {STATE.key: STATE, fresh.key: fresh}
    assert store.reader.dispatched() == 12
    later = replace(STATE, waiting_from=None, times_sent=5, last_success=AT + 2, last_notification=AT + 1)
    with store.transaction() as transaction:
        transaction.put_deliveries([later], dispatched=15)
    assert {each.key: each for each in store.reader.deliveries()}[STATE.key] == later
    assert store.reader.dispatched() == 15

    def fail() -> None:
        with store.transaction() as transaction:
            transaction.put_deliveries([STATE], dispatched=99)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.reader.dispatched() == 15
    with store.transaction() as transaction:
        transaction.delete_subscription(TENANT, ONE.id)
    assert [each.key for each in store.reader.deliveries()] == [fresh.key], "its deliveries go with it"


def test_the_log_keeps_what_was_before_where_it_is_given(store: Store) -> None:
    told, untold = change("one", free(2), former=free(1)), change("one", {FREE: []})
    with store.transaction() as transaction:
        assert transaction.head() == 0
        transaction.append([told, untold])
        assert transaction.head() == 2
    assert [each.former for each in store.reader.changes(0)] == [free(1), {}]
