"""Messages of LoRaWAN network servers and SensorThings services in one plain form each, before a mapping. Pure.

An uplink of ChirpStack v4 or of The Things Stack v3 becomes the same record, so that one mapping does for both:
`device` (DevEUI), `name`, `application`, `time`, `port`, `counter`, `values` (the decoded payload), `data` (base64),
`rssi` and `snr` of the best gateway, `gateways`, `battery` (percent), `session`, `tags`, `simulated`. What is no uplink
(joins, acknowledgements) is no record; a status of ChirpStack is one with `battery` and without `values`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Record = dict[str, Any]

_DATASTREAM = re.compile(r"Datastreams\(('?)([^)']+)\1\)")


def _at(content: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(content, dict):
            return None
        content = content.get(name)
    return content


def _best(gateways: Any) -> Record:
    """Signal at the gateway that heard it loudest."""
    heard = [each for each in gateways if isinstance(each, dict)] if isinstance(gateways, list) else []
    best = max(heard, key=lambda each: _number(each.get("rssi"), -999.0), default={})
    return {"rssi": best.get("rssi"), "snr": best.get("snr"), "gateways": len(heard)}


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default


def _chirpstack(content: Any, _topic: str) -> Iterator[Record]:
    """https://www.chirpstack.io/docs/chirpstack/integrations/events.html: `up` and `status`. Zeros are left out."""
    info = _at(content, "deviceInfo")
    if not isinstance(info, dict) or not isinstance(content, dict):
        return
    found = {
        "device": str(info.get("devEui", "")).lower(),
        "name": info.get("deviceName"),
        "application": info.get("applicationName"),
        "tags": info.get("tags") or {},
        "time": content.get("time"),
    }
    if "batteryLevel" in content or "margin" in content:
        unknown = content.get("batteryLevelUnavailable") or content.get("externalPowerSource")
        yield {**found, "battery": None if unknown else content.get("batteryLevel", 0)}
    elif not content.keys().isdisjoint(("data", "object", "fCnt", "rxInfo")):
        yield {
            **found,
            "port": content.get("fPort", 0),
            "counter": content.get("fCnt", 0),
            "session": content.get("devAddr"),
            "values": content.get("object") or {},
            "data": content.get("data"),
            **_best(content.get("rxInfo")),
        }


def _things_stack(content: Any, _topic: str) -> Iterator[Record]:
    """https://www.thethingsindustries.com/docs/integrations/data-formats/: `uplink_message`. Zeros are left out."""
    content = _at(content, "result") or content  # as the storage integration hands it out
    uplink, ids = _at(content, "uplink_message"), _at(content, "end_device_ids")
    if not isinstance(uplink, dict) or not isinstance(ids, dict):
        return
    yield {
        "device": str(ids.get("dev_eui") or ids.get("device_id") or "").lower(),
        "name": ids.get("device_id"),
        "application": _at(ids, "application_ids", "application_id"),
        "tags": uplink.get("attributes") or {},
        "time": uplink.get("received_at") or content.get("received_at"),
        "port": uplink.get("f_port", 0),
        "counter": uplink.get("f_cnt", 0),
        "session": ids.get("dev_addr"),
        "values": uplink.get("decoded_payload") or {},
        "data": uplink.get("frm_payload"),
        "battery": _at(uplink, "last_battery_percentage", "value"),
        "simulated": content.get("simulated") is True,
        **_best(uplink.get("rx_metadata")),
    }


def _sensorthings(content: Any, topic: str) -> Iterator[Record]:
    """Observations of OGC SensorThings 1.1, one or a page of them: `datastream` (its id), `result`, `time` (of its
    begin), `resultTime`, `parameters`, `quality`."""
    for each in _listed(content):
        if not isinstance(each, dict) or "result" not in each:
            continue
        time = each.get("phenomenonTime") or each.get("resultTime")
        yield {
            "datastream": _datastream(each, topic),
            "result": each["result"],
            "time": str(time).partition("/")[0] if time else None,
            "resultTime": each.get("resultTime"),
            "parameters": each.get("parameters") or {},
            "quality": each.get("resultQuality"),
        }


def _listed(content: Any) -> Sequence[Any]:
    inner = _at(content, "value")
    found = inner if isinstance(inner, list) else content
    return found if isinstance(found, list) else [found]


def _datastream(observation: Mapping[str, Any], topic: str) -> Any:
    """By what is in it, by its link, or by the topic that it came under."""
    named = _at(observation, "Datastream", "@iot.id")
    if named is not None:
        return named
    link = observation.get("Datastream@iot.navigationLink")
    for text in (link, topic, observation.get("@iot.selfLink")):
        found = _DATASTREAM.search(text) if isinstance(text, str) else None
        if found:
            return found[2]
    return None


_FORMS: Mapping[str, Callable[[Any, str], Iterator[Record]]] = {
    "chirpstack": _chirpstack,
    "ttn": _things_stack,
    "sensorthings": _sensorthings,
}
NORMALISED = frozenset(_FORMS)
"""Formats whose messages are brought into one form first."""


def normalised(form: str, content: Any, topic: str = "") -> list[Record]:
    """The records of one message, or of a list of them."""
    read = _FORMS[form]
    messages = content if isinstance(content, list) and form != "sensorthings" else [content]
    return [record for message in messages for record in read(message, topic)]


def with_topic(records: Sequence[Any], topic: str) -> list[Any]:
    """Records of plain JSON with the levels of their topic as `_topic`; what is no object stands under `value`."""
    levels = topic.split("/")
    return [{**(each if isinstance(each, dict) else {"value": each}), "_topic": levels} for each in records]
