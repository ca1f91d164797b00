"""Parking as DATEX II 3.3: ParkingTablePublication (what there is) and ParkingStatusPublication (how it stands)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from simos.modules.mobility.parking.formats.tables import Shown
from simos.modules.mobility.parking.public import FacilityNow
from simos.modules.mobility.parking.values import FacilityFacts, Kind, Space, State

NAMESPACES: Mapping[str, str] = {
    "d2": "http://datex2.eu/schema/3/d2Payload",
    "com": "http://datex2.eu/schema/3/common",
    "loc": "http://datex2.eu/schema/3/locationReferencing",
    "prk": "http://datex2.eu/schema/3/parking",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
MEDIA_TYPE = "application/xml"
STATUS = {
    State.FREE: "spacesAvailable",
    State.FEW: "almostFull",
    State.FULL: "full",
    State.CLOSED: "closed",
}
KEPT_FOR = {Space.DISABLED: "disabled", Space.PERMIT: "permitHolder"}
LONGEST = 1024


def table_xml(facilities: Shown, *, city: str, at: datetime) -> bytes:
    """All facilities with place and spaces; `at`: when any of it last changed."""
    payload = _payload("ParkingTablePublication", city, at)
    table = _add(payload, "prk:parkingTable", id=f"{city}-parking", version=_version(at))
    for facts, now in facilities:
        _record(table, facts, now)
    return _written(payload)


def status_xml(facilities: Shown, *, city: str, at: datetime) -> bytes:
    """How each facility stands: a number only where there is a fresh one and it is open."""
    payload = _payload("ParkingStatusPublication", city, at)
    reference = _add(payload, "prk:parkingTableReference", id=f"{city}-parking", version=_version(at))
    reference.set("targetClass", "prk:ParkingTable")
    for facts, now in facilities:
        _status(payload, facts, now)
    return _written(payload)


def _payload(publication: str, city: str, at: datetime) -> ET.Element:
    root = ET.Element("d2:payload", {f"xmlns:{prefix}": name for prefix, name in NAMESPACES.items()})
    root.set("xsi:type", f"prk:{publication}")
    root.set("lang", "sl")
    root.set("modelBaseVersion", "3")
    _add(root, "com:publicationTime", _time(at))
    creator = _add(root, "com:publicationCreator")
    _add(creator, "com:country", "SI")
    _add(creator, "com:nationalIdentifier", f"simos-{city}")
    return root


def _record(table: ET.Element, facts: FacilityFacts, now: FacilityNow) -> None:
    record = _add(table, "prk:parkingRecord", id=now.entity, version="1")
    record.set("xsi:type", "prk:UrbanParkingSite")
    _words(_add(record, "prk:parkingName"), facts.name)
    if facts.capacity is not None:
        _add(record, "prk:parkingNumberOfSpaces", str(facts.capacity))
    _place(record, facts)
    for index, (space, count) in enumerate(facts.kept_spaces(), start=1):
        group = _add(record, "prk:groupOfParkingSpaces", groupIndex=str(index))
        basics = _add(group, "prk:parkingSpaceBasics")
        basics.set("xsi:type", "prk:GroupOfParkingSpaces")
        if space in KEPT_FOR:
            _add(_add(basics, "prk:onlyAssignedParking"), "prk:applicableForUser", KEPT_FOR[space])
        _add(basics, "prk:parkingNumberOfSpaces", str(count))
    if facts.kind is Kind.GARAGE:
        _add(record, "prk:parkingLayout", "multiStorey")
    site = "onStreetParking" if facts.kind is Kind.STREET else "offStreetParking"
    _add(record, "prk:urbanParkingSiteType", site)


def _place(record: ET.Element, facts: FacilityFacts) -> None:
    if facts.place is not None:
        location = _add(record, "prk:parkingLocation")
        location.set("xsi:type", "loc:PointLocation")
        point = _add(_add(location, "loc:pointByCoordinates"), "loc:pointCoordinates")
        _add(point, "loc:latitude", repr(facts.place.latitude))
        _add(point, "loc:longitude", repr(facts.place.longitude))
    elif facts.outline is not None:
        line = " ".join(f"{point.latitude:.7f} {point.longitude:.7f}" for point in facts.outline.points)
        location = _add(record, "prk:parkingLocation")
        location.set("xsi:type", "loc:AreaLocation" if facts.outline.is_area else "loc:LinearLocation")
        if facts.outline.is_area:
            shape = _add(_add(_add(location, "loc:gmlMultiPolygon"), "loc:gmlPolygon"), "loc:exterior")
        else:
            shape = _add(location, "loc:gmlLineString")
        shape.set("srsName", "EPSG:4326")
        _add(shape, "loc:posList", line)


def _status(payload: ET.Element, facts: FacilityFacts, now: FacilityNow) -> None:
    status = _add(payload, "prk:parkingRecordStatus")
    status.set("xsi:type", "prk:ParkingSiteStatus")
    reference = _add(status, "prk:parkingRecordReference", id=now.entity, version="1")
    reference.set("targetClass", "prk:ParkingRecord")
    if now.free is not None and now.observed_at is not None:
        _add(status, "prk:parkingStatusOriginTime", _time(now.observed_at))
        occupancy = _add(status, "prk:parkingOccupancy")
        _add(occupancy, "prk:parkingNumberOfVacantSpaces", str(now.free))
        if facts.capacity:
            occupied = max(0, facts.capacity - now.free)
            _add(occupancy, "prk:parkingNumberOfOccupiedSpaces", str(occupied))
            _add(occupancy, "prk:parkingOccupancy", f"{100 * occupied / facts.capacity:.1f}")
    _add(status, "prk:parkingSiteStatus", STATUS.get(now.state, "unknown"))
    _add(status, "prk:parkingSiteOpeningStatus", "closed" if now.state is State.CLOSED else "open")


def _words(parent: ET.Element, text: str) -> None:
    _add(_add(parent, "com:values"), "com:value", text[:LONGEST], lang="sl")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _version(at: datetime) -> str:
    return str(int(at.timestamp()))


def _written(root: ET.Element) -> bytes:
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found
