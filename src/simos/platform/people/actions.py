"""What holders of accounts do to their own party. Rights are not asked: everybody may, for themselves."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.errors import Forbidden, Invalid
from simos.kernel.text import LANGUAGES
from simos.platform.audit.log import record
from simos.platform.people.models import Account, Party


def party_for(account: Account, *, at: datetime) -> Party:
    """The party that holds the account; one without a name is made where there was none."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("party").get(pk=account.pk)
        if locked.party is None:
            made = Party.objects.create(kind=Party.Kind.NATURAL, name="", language=locked.language, created_at=at)
            locked.party = made
            locked.save(update_fields=("party",))
    account.party = locked.party
    return locked.party


def describe_person(account: Account, *, name: str, language: str, by: Actor, at: datetime) -> Party:
    """The account's holder is called `name` and is written to in `language`, audited without the name.

    Forbidden for another's account, Invalid for a language that the platform does not have.
    """
    if by.account != str(account.pk):
        raise Forbidden("one describes only oneself")
    if language not in LANGUAGES:
        raise Invalid("this is none of the platform's languages", field="language")
    with transaction.atomic():
        party = party_for(account, at=at)
        party.name, party.language, account.language = " ".join(name.split())[:200], language, language
        party.save(update_fields=("name", "language"))
        account.save(update_fields=("language",))
        record("describe-person", obj=party, by=by, scope=FEDERATION, at=at, data={"language": language})
    return party
