"""A subscription as its document, with what only we may say: status, counters, last times (5.2.12, 5.2.14.2)."""

from typing import Any

from simos.hub.contexts import Context
from simos.hub.ngsild import text_of_micros
from simos.hub.ngsild.times import micros_of_text
from simos.hub.query.types import names_in, with_names
from simos.hub.values import Delivery, Subscription

Document = dict[str, Any]


def status_of(document: Document, now: int) -> str:
    """active, paused or expired, at `now` (microseconds)."""
    if "expiresAt" in document and micros_of_text(document["expiresAt"]) <= now:
        return "expired"
    return "active" if document.get("isActive", True) else "paused"


def subscription_shown(
    subscription: Subscription, delivery: Delivery, context: Context, *, now: int, sys_attrs: bool = False
) -> Document:
    """The subscription in the names of `context`, which is not put in."""
    document = dict(subscription.document)
    if "entities" in document:
        document["entities"] = [_selector(each, context) for each in document["entities"]]
    if "watchedAttributes" in document:
        document["watchedAttributes"] = [context.compact(each) for each in document["watchedAttributes"]]
    if "geoproperty" in document.get("geoQ", {}):
        document["geoQ"] = {**document["geoQ"], "geoproperty": context.compact(document["geoQ"]["geoproperty"])}
    document["notification"] = _notification(document["notification"], delivery, context)
    document["status"] = status_of(document, now)
    if sys_attrs:
        document["createdAt"] = text_of_micros(subscription.created_at)
        document["modifiedAt"] = text_of_micros(subscription.modified_at)
    return document


def _selector(selector: Document, context: Context) -> Document:
    names = {name: context.compact(name) for name in names_in(selector["type"])}
    return {**selector, "type": with_names(selector["type"], names)}


def _notification(notification: Document, delivery: Delivery, context: Context) -> Document:
    shown = dict(notification)
    for name in ("attributes", "pick", "omit"):
        if name in shown:
            shown[name] = [context.compact(each) for each in shown[name]]
    if delivery.last_notification is None:
        return shown
    failed = (delivery.last_failure or 0) > (delivery.last_success or 0)
    shown |= {"status": "failed" if failed else "ok", "timesSent": delivery.times_sent}
    if delivery.times_failed:
        shown["timesFailed"] = delivery.times_failed
    for name, at in (
        ("lastNotification", delivery.last_notification),
        ("lastSuccess", delivery.last_success),
        ("lastFailure", delivery.last_failure),
    ):
        if at is not None:
            shown[name] = text_of_micros(at)
    return shown
