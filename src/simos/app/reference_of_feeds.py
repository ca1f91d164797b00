"""The reference pages of what feeds and mappings may say, made from the models that read them."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from simos.hub.ingest.feeds import DeviceRule, Feed, Mqtt, Poll
from simos.hub.ingest.mapping import AttributeRule, Csv, Location, Mapping, Moment
from simos.hub.ingest.units import UNITS

Parts = Sequence[tuple[str, str, type[BaseModel]]]

MAPPING_PARTS: Parts = (
    ("A mapping", "How records of another's making become entities of one type.", Mapping),
    ("`observedAt`", "Short: the expression alone, `observedAt: time`.", Moment),
    ("`location`", "In WGS 84.", Location),
    ("An attribute", "Under its name. Short: the expression alone, `pm10: PM10`.", AttributeRule),
    ("`csv`", "How a CSV file is written.", Csv),
)
FEED_PARTS: Parts = (
    ("A feed", "The file's name is the feed's.", Feed),
    ("`mqtt`", "Messages with QoS 1 are acknowledged when they are on disk.", Mqtt),
    ("`poll`", "With `ETag` and `Last-Modified`; after failures less often, at least once an hour.", Poll),
    ("`device`", "Short: the template of its id alone, `device: '{device}'`.", DeviceRule),
)

_MAPPING = """\
# Mappings

{made}

A mapping says in YAML how records of others become entities. `simos feed try MAP FILE` shows what it makes. A key
that is not known is refused, with its line and the one that was probably meant.

Where a value stands is said as an expression: JMESPath, as in `deviceInfo.devEui` or `rxInfo[0].rssi`. A name with
other signs than letters, digits and `_` stands in double quotes. In CSV and Parquet it is the name of a column as
it is written. A template is a text with expressions in braces; in ids, signs that an id cannot have are escaped.

What is wrong with a value loses that value; without id or time the record is lost. Both are told.

{parts}
## Units

Converted among the units of one quantity, by code (UN/CEFACT) or as people write them (°F, mph, hPa, kWh). For
others say `factor` and `offset`.

| quantity | codes |
| --- | --- |
{units}
"""

_FEED = """\
# Feeds

{made}

A feed is a YAML file in the folder `feeds` of the home folder (`simos hub serve --feeds` names another): where data
of others comes from, and by `map` what it [means](mappings.md). Files count within seconds of being put there or
changed; one that is wrong is not at work, and `simos feed list` says why.

What is right is stored; each record with a fault is kept with the reason: `simos hub rejections`.

{parts}
## Records of each format

| format | a record has |
| --- | --- |
| `json`, `jsonl`, `csv` | what was sent; JSON over MQTT also `_topic`, the levels of its topic |
| `chirpstack` (v4), `ttn` (v3) | `device`, `name`, `application`, `tags`, `time`, `port`, `counter`, `values`, \
`data`, `rssi`, `snr`, `gateways`, `battery`, `session`, `simulated` (`ttn`) |
| `sensorthings` (1.1) | `datastream` (its id), `result`, `time`, `resultTime`, `parameters`, `quality` |

`values` is the decoded payload. JSON over MQTT that is no object stands under `value`. An uplink that comes again,
with frame counter, session and content of one of the device's last 16, is counted as a duplicate and passed over.

## What is pushed

`POST /ingest/<feed>` with `Authorization: Bearer <token>`; the token must write the type in the feed's city.

| answer | when |
| --- | --- |
| 200 | all is on disk: `records`, `stored`, `duplicates` |
| 207 | a part is; `faults` says what is not |
| 401, 403, 404 | no known token; not for this city or type; no such feed |
| 422 | nothing could be stored: a problem document says why |
| 503 | nothing was stored: send it again |

## Devices

With `device` each is registered when it is first heard. One that has sent nothing for three of its usual intervals
(`every`, else learnt), at least for five minutes, has fallen silent: `simos hub devices` says so, the metric
`simos_hub_devices_silent` counts it, and its entity of the type `Device` has the `deviceState` `silent`, else
`heard`, with `batteryLevel` (0 to 1) and `dateLastValueReported`. Nobody is missed for a time in which the hub did
not listen.
"""


def mappings_page(made: str) -> str:
    """What a mapping may say, in Markdown."""
    units = (f"| {quantity} | {', '.join(f'`{code}`' for code in codes)} |" for quantity, codes in UNITS.items())
    return _MAPPING.format(made=made, parts=_tables(MAPPING_PARTS), units="\n".join(units))


def feeds_page(made: str) -> str:
    """What a feed may say, in Markdown."""
    return _FEED.format(made=made, parts=_tables(FEED_PARTS))


def _tables(parts: Parts) -> str:
    lines = [line for title, said, part in parts for line in (f"## {title}", "", said, "", *_table(part), "")]
    return "\n".join(lines)


def _table(part: type[BaseModel]) -> Iterator[str]:
    yield from ("| key | default | meaning |", "| --- | --- | --- |")
    for name, field in part.model_fields.items():
        default = "needed" if field.is_required() else _plain(field.get_default(call_default_factory=True))
        yield f"| `{field.alias or name}` | {default} | {field.description} |"


def _plain(value: object) -> str:
    """A default as people write it in YAML; an empty cell where there is none."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""
