"""Made-up parking counts, the same in every run, as entities of NGSI-LD. Bytes are made here, nothing is sent."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import orjson

Document = dict[str, Any]

FACILITIES = 100
FIRST = datetime(2025, 9, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
EIGHT = ("availableSpotNumber", "occupiedSpotNumber", "entering", "leaving", "queue", "price", "co2", "temperature")
"""What a station with eight sensors tells."""


def facility_id(name: str, place: int) -> str:
    return f"urn:ngsi-ld:OffStreetParking:celje:{name}-{place:03}"


def counts(name: str, wanted: int, *, facilities: int = FACILITIES) -> list[Document]:
    """`wanted` counts in order of time, of facilities whose codes begin with `name`."""
    return list(islice(_observations(name, facilities, EIGHT[:1]), wanted))


def stations(name: str, wanted: int, *, facilities: int) -> list[Document]:
    """As `counts`, each with eight attributes."""
    return list(islice(_observations(name, facilities, EIGHT), wanted))


def _observations(name: str, facilities: int, attributes: Sequence[str]) -> Iterator[Document]:
    chance, at = random.Random(1), FIRST
    ids = [facility_id(name, place) for place in range(facilities)]
    while True:
        stamp = at.isoformat().replace("+00:00", "Z")
        for each in ids:
            said = {
                attribute: {"type": "Property", "value": chance.randint(0, 500), "observedAt": stamp}
                for attribute in attributes
            }
            yield {"id": each, "type": "OffStreetParking", **said}
        at += STEP


def batches(documents: Sequence[Document], size: int) -> list[Sequence[Document]]:
    return [documents[start : start + size] for start in range(0, len(documents), size)]


def bodies(documents: Sequence[Document], size: int) -> list[bytes]:
    """The documents as bodies of a batch request."""
    return [orjson.dumps(list(each)) for each in batches(documents, size)]
