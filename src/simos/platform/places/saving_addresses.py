"""Storing house numbers within an import, some thousand at a time: there are 600,000. Called by actions only."""

from datetime import datetime

from simos.kernel.errors import RowError
from simos.platform.places.models import Address, Place
from simos.platform.places.saving import Tally
from simos.platform.places.values import AddressFacts, Kind

AT_ONCE = 2000
_TAKEN = ("settlement_id", "street_id", "postal_id", "number", "suffix", "longitude", "latitude")
_COLUMNS = tuple(name.removesuffix("_id") for name in _TAKEN)


class SavingAddresses:
    """The addresses of one file, stored as they come."""

    def __init__(self, at: datetime) -> None:
        self.tallies: dict[str, Tally] = {}
        self._at = at
        self._seen: set[str] = set()
        self._waiting: dict[str, Address] = {}
        self._within: _Within | None = None

    def take(self, row: int, facts: AddressFacts) -> list[RowError]:
        """The address is or will be stored, or the error says why not. Further flats of a house say nothing new."""
        if facts.register_id in self._seen:
            return []
        self._within = self._within or _Within()
        try:
            settlement, street, postal = self._within.of(facts)
        except ValueError as error:
            return [RowError(row, "", str(error), facts.register_id)]
        self._seen.add(facts.register_id)
        self._waiting[facts.register_id] = Address(
            register_id=facts.register_id,
            settlement_id=settlement,
            street_id=street,
            postal_id=postal,
            number=facts.number,
            suffix=facts.suffix,
            longitude=facts.point.longitude,
            latitude=facts.point.latitude,
            changed_at=self._at,
        )
        if len(self._waiting) >= AT_ONCE:
            self._save()
        return []

    def finish(self) -> list[RowError]:
        """All that was taken is stored."""
        if self._waiting:
            self._save()
        return []

    def mark_gone(self) -> None:
        """Addresses that the file does not name are marked."""
        if not self._seen:
            return
        there = Address.objects.filter(gone_at=None).values_list("pk", "register_id")
        vanished = [pk for pk, register_id in there.iterator(AT_ONCE) if register_id not in self._seen]
        for start in range(0, len(vanished), AT_ONCE):
            Address.objects.filter(pk__in=vanished[start : start + AT_ONCE]).update(gone_at=self._at)
        self._tally.gone += len(vanished)

    @property
    def _tally(self) -> Tally:
        return self.tallies.setdefault(Kind.ADDRESS, Tally())

    def _save(self) -> None:
        there = {each.register_id: each for each in Address.objects.filter(register_id__in=self._waiting)}
        added = [each for key, each in self._waiting.items() if key not in there]
        changed = []
        for key, old in there.items():
            wanted = self._waiting[key]
            if old.gone_at is None and all(getattr(old, name) == getattr(wanted, name) for name in _TAKEN):
                continue
            wanted.pk = old.pk
            changed.append(wanted)
        Address.objects.bulk_create(added, batch_size=AT_ONCE)
        Address.objects.bulk_update(changed, (*_COLUMNS, "changed_at", "gone_at"), batch_size=AT_ONCE // 4)
        self._tally.added += len(added)
        self._tally.changed += len(changed)
        self._tally.unchanged += len(there) - len(changed)
        self._waiting = {}


class _Within:
    """Settlements, streets and post offices by the numbers under which an address names them."""

    def __init__(self) -> None:
        rows = Place.objects.filter(gone_at=None)
        towns = rows.filter(kind=Kind.SETTLEMENT).values_list("municipality__code", "code", "pk")
        streets = rows.filter(kind=Kind.STREET).values_list("settlement", "code", "pk")
        posts = rows.filter(kind=Kind.POSTAL_DISTRICT).values_list("code", "pk")
        self._towns = {(municipality, code): pk for municipality, code, pk in towns}
        self._streets = {(settlement, code): pk for settlement, code, pk in streets}
        self._posts = dict(posts)

    def of(self, facts: AddressFacts) -> tuple[int, int | None, int | None]:
        """The settlement, street and post office of an address; ValueError names what is not known."""
        settlement = self._towns.get((facts.municipality, facts.settlement))
        if settlement is None:
            raise ValueError(f"settlement {facts.settlement} of municipality {facts.municipality} is not known")
        street = self._streets.get((settlement, facts.street)) if facts.street else None
        if facts.street and street is None:
            raise ValueError(f"street {facts.street} is not known in its settlement: import the streets first")
        postal = self._posts.get(facts.postal) if facts.postal else None
        if facts.postal and postal is None:
            raise ValueError(f"postal district {facts.postal} is not known: import the postal districts first")
        return settlement, street, postal
