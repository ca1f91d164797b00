"""The personal data of the platform's own parts, in the form in which modules declare theirs: one table of all."""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from simos.kernel.text import Text
from simos.platform.access.models import Mandate, Membership, RoleGrant, Substitution
from simos.platform.audit.models import AuditRecord
from simos.platform.events.models import EventRecord
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.messages.models import Delivery, Message, Preference, Subscription
from simos.platform.people.models import Account, Identifier, Party
from simos.platform.privacy.holdings import declared
from simos.platform.privacy.models import Consent, DataExport, Erasure
from simos.platform.privacy.own_data import CONSENTS_KEPT, SIGN_INS_KEPT
from simos.platform.privacy.values import Holding, Kept, Person
from simos.platform.tokens.models import ApiToken

_WHEN, _NAME, _CITY = (
    Text(sl="Čas", en="Time", it="Ora"),
    Text(sl="Ime", en="Name", it="Nome"),
    Text(sl="Mesto", en="City", it="Città"),
)

_IN_LOG = Kept(
    Text(
        sl="Zakon zahteva sled o tem, kdo je kaj storil. V njej ni imena, le številka brez pomena.",
        en="The law asks for a trace of who did what. It holds no name, only a number without meaning.",
        it="La legge richiede una traccia di chi ha fatto cosa. Non c’è il nome, solo un numero senza significato.",
    )
)
_PROOF = Kept(
    Text(
        sl="Dokazati moramo, s čim ste soglašali in kdaj ste soglasje preklicali. Vašega imena v tem zapisu ni.",
        en="We must be able to prove what you agreed to and when you withdrew it. Your name is not in this record.",
        it="Dobbiamo poter dimostrare a cosa ha acconsentito e quando l’ha revocato. Il suo nome non vi compare.",
    )
)
_ERASED = Kept(
    Text(
        sl="Dokazati moramo, da in kdaj smo vas izbrisali. V tem zapisu ni imena, le številka brez pomena.",
        en="We must be able to prove that and when we erased you. This record holds no name, only a number without "
        "meaning.",
        it="Dobbiamo poter dimostrare che e quando l’abbiamo cancellata. Non c’è il nome, solo un numero senza "
        "significato.",
    )
)
_WORK = Text(
    sl="Delo, ki še teče, se mora končati; dva tedna pozneje zapis izgine. V njem ni imena, le številka brez pomena.",
    en="Work under way has to end; two weeks later its record is gone. It holds no name, only a number without "
    "meaning.",
    it="Il lavoro in corso deve concludersi; due settimane dopo la traccia scompare. Non c’è il nome, solo un numero "
    "senza significato.",
)
_SHELL = Text(
    sl="Ostane prazen zapis s številko brez pomena, da drugi zapisi ne kažejo v prazno.",
    en="An empty record with a number without meaning stays, so that other records do not point nowhere.",
    it="Resta una registrazione vuota con un numero senza significato, cui altre registrazioni rimandano.",
)


def _of_accounts(name: str = "user") -> Callable[[Person], Q]:
    return lambda person: Q(**{f"{name}__in": person.accounts})


def _sessions(person: Person) -> Q:
    return Q(session_key__in=UserSession.objects.filter(user__in=person.accounts).values("session_key"))


def _named_by_email(person: Person) -> Q:
    """As it was typed, in small letters or capitals."""
    return reduce(or_, (Q(username__iexact=email) for email in person.emails), Q(pk__in=()))


def _naming(*fields: str) -> Callable[[Person], Q]:
    """Rows in whose JSON an id of the person stands, whoever acted."""
    return lambda person: reduce(
        or_,
        (Q(**{f"{field}__icontains": each}) for field in fields for each in person.ids()),
        Q(pk__in=()),
    )


def _old_sign_ins(at: datetime) -> Q:
    return Q(attempt_time__lt=at - SIGN_INS_KEPT)


_SIGN_IN = {
    "attempt_time": _WHEN,
    "ip_address": Text(sl="Naslov IP", en="IP address", it="Indirizzo IP"),
    "user_agent": Text(sl="Brskalnik", en="Browser", it="Browser"),
}

HOLDINGS = (
    Holding(data="sign-ins", model=Session, of=_sessions, past=lambda at: Q(expire_date__lt=at)),
    Holding(
        data="sign-ins",
        model=UserSession,
        title=Text(sl="Prijave", en="Sign-ins", it="Accessi"),
        of=_of_accounts(),
        shown={
            "created_at": _WHEN,
            "ip": _SIGN_IN["ip_address"],
            "user_agent": _SIGN_IN["user_agent"],
            "last_seen_at": Text(sl="Nazadnje", en="Last seen", it="Ultimo accesso"),
        },
        past=lambda at: Q(last_seen_at__lt=at - SIGN_INS_KEPT),
    ),
    *(
        Holding(
            data="sign-ins",
            model=model,
            title=Text(sl="Neuspele prijave", en="Failed sign-ins", it="Accessi falliti"),
            of=_named_by_email,
            shown=_SIGN_IN,
            past=_old_sign_ins,
        )
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    ),
    Holding(
        data="messages",
        model=Delivery,
        title=Text(sl="Obveščanje", en="How you were told", it="Avvisi"),
        of=lambda person: Q(message__to__in=person.parties),
        shown={
            "message.subject": Text(sl="Sporočilo", en="Message", it="Messaggio"),
            "channel": Text(sl="Pot", en="Channel", it="Canale"),
            "state": Text(sl="Stanje", en="State", it="Stato"),
            "changed_at": _WHEN,
        },
    ),
    Holding(
        data="messages",
        model=Message,
        title=Text(sl="Sporočila", en="Messages", it="Messaggi"),
        of=lambda person: Q(to__in=person.parties),
        shown={
            "sent_at": _WHEN,
            "scope": Text(sl="Pošiljatelj", en="Sender", it="Mittente"),
            "subject": Text(sl="Zadeva", en="Subject", it="Oggetto"),
            "body": Text(sl="Besedilo", en="Text", it="Testo"),
            "read_at": Text(sl="Prebrano", en="Read", it="Letto"),
        },
        past=lambda at: Q(keep_until__lte=at),
        files=True,
    ),
    Holding(
        data="messages",
        model=Preference,
        title=Text(sl="Izbire", en="Choices", it="Scelte"),
        of=lambda person: Q(party__in=person.parties),
        shown={
            "template": Text(sl="Vrsta", en="Kind", it="Tipo"),
            "channel": Text(sl="Pot", en="Channel", it="Canale"),
            "wanted": Text(sl="Želim", en="Wanted", it="Desiderato"),
        },
    ),
    Holding(
        data="messages",
        model=Subscription,
        title=Text(sl="Brskalniki z obvestili", en="Browsers with notifications", it="Browser con notifiche"),
        of=_of_accounts("account"),
        shown={"browser": _SIGN_IN["user_agent"], "subscribed_at": _WHEN},
    ),
    Holding(
        data="consents",
        model=Consent,
        title=Text(sl="Soglasja", en="Consents", it="Consensi"),
        of=lambda person: Q(party__in=person.parties),
        shown={
            "consent": Text(sl="Namen", en="Purpose", it="Finalità"),
            "text": Text(sl="Besedilo", en="Text", it="Testo"),
            "given_at": Text(sl="Dano", en="Given", it="Dato"),
            "withdrawn_at": Text(sl="Preklicano", en="Withdrawn", it="Revocato"),
        },
        kept=_PROOF,
        past=lambda at: Q(withdrawn_at__lt=at - CONSENTS_KEPT),
    ),
    Holding(
        data="account",
        model=DataExport,
        title=Text(sl="Izvozi", en="Copies", it="Copie"),
        of=lambda person: Q(party__in=person.parties),
        shown={"asked_at": _WHEN},
        past=lambda at: Q(keep_until__lte=at),
        files=True,
    ),
    Holding(
        data="log",
        model=AuditRecord,
        title=Text(sl="Vpogledi in dejanja", en="Reads and acts", it="Letture e azioni"),
        of=lambda person: Q(object_type=Party._meta.label_lower, object_id__in=person.party_ids()),
        shown={
            "at": _WHEN,
            "action": Text(sl="Dejanje", en="Act", it="Azione"),
            "purpose": Text(sl="Namen", en="Purpose", it="Finalità"),
            "scope": _CITY,
        },
        kept=_IN_LOG,
    ),
    Holding(
        data="log",
        model=Work,
        of=_naming("payload", "actor"),
        kept=Kept(_WORK, lambda at: Q(state__in=UNFINISHED)),
    ),
    Holding(data="log", model=EventRecord, of=_naming("payload", "actor"), kept=_IN_LOG),
    Holding(
        data="log",
        model=Erasure,
        title=Text(sl="Izbrisi", en="Erasures", it="Cancellazioni"),
        of=lambda person: Q(party__in=person.parties),
        shown={"asked_at": _WHEN},
        kept=_ERASED,
        past=lambda at: Q(ended_at__lt=at - CONSENTS_KEPT),
    ),
    Holding(
        data="roles",
        model=Mandate,
        title=Text(sl="Pooblastila", en="Mandates", it="Deleghe"),
        of=lambda person: Q(principal__in=person.parties) | Q(holder__in=person.parties),
        shown={
            "kind": Text(sl="Vrsta", en="Kind", it="Tipo"),
            "principal.name": Text(sl="Za koga", en="For whom", it="Per conto di"),
            "holder.name": Text(sl="Kdo", en="Who", it="Chi"),
            "begins_at": Text(sl="Od", en="From", it="Da"),
            "ends_at": Text(sl="Do", en="Until", it="Fino a"),
        },
        emptied={"proof": ""},
        shell=_SHELL,
    ),
    *(
        Holding(
            data="roles",
            model=model,
            of=of,
            shown={"scope" if model is not Membership else "unit.scope": _CITY},
            kept=_IN_LOG,
        )
        for model, of in (
            (RoleGrant, _of_accounts("account")),
            (Membership, _of_accounts("account")),
            (Substitution, lambda person: Q(absent__in=person.accounts) | Q(substitute__in=person.accounts)),
        )
    ),
    Holding(
        data="roles",
        model=ApiToken,
        title=Text(sl="Žetoni za programe", en="Tokens for programs", it="Token per programmi"),
        of=_of_accounts("account"),
        shown={
            "name": _NAME,
            "scope": _CITY,
            "issued_at": Text(sl="Izdan", en="Issued", it="Emesso"),
            "used_at": _WHEN,
        },
        emptied={"name": ""},
        shell=_IN_LOG.why,
    ),
    Holding(data="account", model=Token, of=_of_accounts(), past=lambda at: Q(expires_at__lt=at)),
    Holding(data="account", model=SocialToken, of=_of_accounts("account__user")),
    Holding(
        data="account",
        model=SocialAccount,
        title=Text(sl="E-identitete", en="E-identities", it="Identità elettroniche"),
        of=_of_accounts(),
        shown={
            "provider": Text(sl="Ponudnik identitete", en="Identity provider", it="Fornitore d’identità"),
            "uid": Text(sl="Oznaka", en="Identifier", it="Identificativo"),
            "last_login": _WHEN,
        },
    ),
    Holding(
        data="account",
        model=Authenticator,
        title=Text(sl="Ključi", en="Keys", it="Chiavi"),
        of=_of_accounts(),
        shown={"type": Text(sl="Vrsta ključa", en="Kind of key", it="Tipo di chiave"), "created_at": _WHEN},
    ),
    Holding(data="account", model=EmailConfirmation, of=_of_accounts("email_address__user")),
    Holding(
        data="account",
        model=EmailAddress,
        title=Text(sl="E-naslovi", en="E-mail addresses", it="Indirizzi e-mail"),
        of=_of_accounts(),
        shown={"email": Text(sl="E-naslov", en="E-mail address", it="Indirizzo e-mail")},
    ),
    Holding(
        data="account",
        model=Identifier,
        title=Text(sl="Uradne številke", en="Official numbers", it="Numeri ufficiali"),
        of=lambda person: Q(party__in=person.parties),
        shown={"scheme": Text(sl="Vrsta številke", en="Kind of number", it="Tipo di numero"), "added_at": _WHEN},
    ),
    Holding(
        data="account",
        model=Account,
        title=Text(sl="Račun", en="Account", it="Conto"),
        of=lambda person: Q(pk__in=person.accounts),
        shown={
            "email": Text(sl="E-naslov", en="E-mail address", it="Indirizzo e-mail"),
            "created_at": Text(sl="Ustvarjen", en="Made", it="Creato"),
            "last_login": Text(sl="Zadnja prijava", en="Last sign-in", it="Ultimo accesso"),
        },
        emptied={
            "is_active": False,
            "email": Concat(Cast("pk", CharField()), Value("@erased.invalid")),
            "password": "!",
            "last_login": None,
            "is_superuser": False,
        },
        shell=_SHELL,
    ),
    Holding(
        data="account",
        model=Party,
        title=Text(sl="Oseba", en="Person", it="Persona"),
        of=lambda person: Q(pk__in=person.parties),
        shown={
            "name": _NAME,
            "born_on": Text(sl="Datum rojstva", en="Date of birth", it="Data di nascita"),
            "language": Text(sl="Jezik", en="Language", it="Lingua"),
            "created_at": Text(sl="Ustvarjeno", en="Made", it="Creato"),
        },
        emptied={"name": "", "born_on": None},
        shell=_SHELL,
    ),
)
"""In the order of erasure: what others hang on comes last."""

privacy = declared(*HOLDINGS)
