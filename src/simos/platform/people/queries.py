"""Who is who: the party behind an id, all ids of one person, pseudonyms. Changes nothing."""

from uuid import UUID

from django.db.models import Q

from simos.kernel.errors import NotFound
from simos.platform.people.models import Party
from simos.platform.people.sealing import pseudonym


def party_of(party_id: str | UUID) -> Party:
    """The party with this id, or the one it was merged into; NotFound if there is none."""
    try:
        found = Party.objects.select_related("merged_into").filter(pk=UUID(str(party_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("there is no such party here")
    return found.merged_into or found


def same_person(party_id: str | UUID) -> frozenset[UUID]:
    """All ids under which rows may name this party: its own, and those of parties that turned out to be the same.

    `filter(party__in=same_person(actor.principal))` shows a person all that was done for them.
    """
    if not party_id:
        return frozenset()
    party = UUID(str(party_id))
    root = Party.objects.filter(pk=party).values("merged_into")
    merged = Party.objects.filter(Q(merged_into=party) | Q(merged_into__in=root) | Q(merged__id=party))
    return frozenset({party, *merged.values_list("pk", flat=True)})


def pseudonym_of(party: str | UUID, module: str) -> str:
    """The name by which `module` (domain/name) knows the party: 32 signs, the same each time and after a merge, and
    without meaning to other modules."""
    return pseudonym(str(party_of(party).pk), f"module:{module}")
