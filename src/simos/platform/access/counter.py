"""The counter: an officer finds or enters a person who stands there, with a purpose, and acts for them.

Nobody is looked up by half a name: people are found by a number, or by full name and date of birth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from simos.kernel.acting import Actor, Channel, Scope
from simos.kernel.errors import Conflict, Invalid
from simos.kernel.text import LANGUAGES, folded
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.people.identifiers import add_identifier, party_known_by
from simos.platform.people.models import Party

ACT = "act-at-counter"


def find_at_counter(
    scope: Scope,
    *,
    purpose: str,
    number: tuple[str, str] | None = None,
    name: str = "",
    born_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Sequence[Party]:
    """Those who have this number (scheme, value), or this full name and date of birth; that one looked is audited."""
    require(by, ACT, scope)
    _with_purpose(purpose)
    if number is not None:
        party = party_known_by(*number)
        found = [party] if party is not None else []
    elif name.strip() and born_on is not None:
        same_day = Party.objects.filter(kind=Party.Kind.NATURAL, born_on=born_on, merged_into=None)
        found = [each for each in same_day if folded(each.name) == folded(name)]
    else:
        raise Invalid("give a number, or the full name and the date of birth", field="name")
    with transaction.atomic():
        data = {"by": number[0] if number else "name", "found": [str(each.pk) for each in found]}
        record("find-at-counter", obj=("party", ""), by=by, scope=scope, at=at, purpose=purpose, data=data)
    return found


def enter_at_counter(
    scope: Scope,
    *,
    name: str,
    purpose: str,
    proof: str,
    kind: str = Party.Kind.NATURAL,
    born_on: date | None = None,
    language: str = LANGUAGES[0],
    numbers: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> Party:
    """A person or company without account is known from now on; `proof`: the document that was seen.

    Conflict where a number is somebody's who is known here; Invalid without name, purpose or proof.
    """
    require(by, ACT, scope)
    _with_purpose(purpose)
    for field, value in (("name", name), ("proof", proof)):
        if not value.strip():
            raise Invalid("this is needed", field=field)
    if kind not in (Party.Kind.NATURAL, Party.Kind.LEGAL) or language not in LANGUAGES:
        raise Invalid("a person or a company, with a language of the platform", field="kind")
    with transaction.atomic():
        for scheme, value in (numbers or {}).items():
            if party_known_by(scheme, value) is not None:
                raise Conflict("who has this number is known here: look them up by it", field=scheme)
        party = Party.objects.create(
            kind=kind, name=" ".join(name.split())[:200], born_on=born_on, language=language, created_at=at
        )
        for scheme, value in (numbers or {}).items():
            add_identifier(scope, party, scheme=scheme, value=value, proof=proof.strip()[:200], by=by, at=at)
        data = {"proof": proof.strip()}
        record("enter-at-counter", obj=party, by=by, scope=scope, at=at, purpose=purpose, data=data)
    return party


def begin_at_counter(scope: Scope, party: Party, *, purpose: str, office: str = "", by: Actor, at: datetime) -> Actor:
    """The officer acts for `party` at the counter from now on, audited with the purpose; as whom they act then."""
    require(by, ACT, scope)
    _with_purpose(purpose)
    if party.kind == Party.Kind.UNIT:
        raise Invalid("units do not come to the counter", field="party")
    acting = at_counter(by, str(party.pk), office=office)
    with transaction.atomic():
        record("begin-at-counter", obj=party, by=acting, scope=scope, at=at, purpose=purpose)
    return acting


def at_counter(actor: Actor, party: str, *, office: str = "") -> Actor:
    """The officer, acting for `party` at the counter in the name of the unit `office`."""
    return replace(actor, on_behalf_of=party, office=office or actor.office, channel=Channel.COUNTER)


def _with_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise Invalid("say for what the person came", field="purpose")
