"""The personal data of the platform's own parts, in the form in which modules declare theirs: one table of all."""

from collections.abc import Callable
from datetime import datetime, timedelta
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

from simos.kernel.module import PersonalData
from simos.kernel.text import Text
from simos.platform.access.models import Mandate, Membership, RoleGrant, Substitution
from simos.platform.audit.models import AuditRecord
from simos.platform.messages.models import Delivery, Message, Preference, Subscription
from simos.platform.people.models import Account, Identifier, Party
from simos.platform.privacy.holdings import declared
from simos.platform.privacy.models import Consent, DataExport
from simos.platform.privacy.values import Holding, Kept, Person
from simos.platform.tokens.models import ApiToken

SIGN_INS_KEPT = timedelta(days=90)
CONSENTS_KEPT = timedelta(days=5 * 365)
_WHEN, _NAME, _CITY = (
    Text(sl="Čas", en="Time", it="Ora"),
    Text(sl="Ime", en="Name", it="Nome"),
    Text(sl="Mesto", en="City", it="Città"),
)

NAME = Text(sl="Platforma", en="Platform", it="Piattaforma")
_GDPR = "Uredba (EU) 2016/679 (GDPR)"

PERSONAL_DATA = (
    PersonalData(
        name="account",
        title=Text(sl="Račun in oseba", en="Account and person", it="Conto e persona"),
        tables=(),
        purpose=Text(
            sl="Da vas prepoznamo, ko se prijavite ali pridete k okencu.",
            en="So that we know you when you sign in or come to the counter.",
            it="Per riconoscerla quando accede o viene allo sportello.",
        ),
        legal_basis=f"{_GDPR}, 6(1)(b), 6(1)(e)",
        retention=None,
    ),
    PersonalData(
        name="sign-ins",
        title=Text(sl="Prijave in naprave", en="Sign-ins and devices", it="Accessi e dispositivi"),
        tables=(),
        purpose=Text(
            sl="Da varujemo vaš račun pred tujo prijavo.",
            en="To guard your account against others who try to sign in.",
            it="Per proteggere il suo conto dagli accessi di altri.",
        ),
        legal_basis=f"{_GDPR}, 6(1)(f), 32",
        retention=SIGN_INS_KEPT,
    ),
    PersonalData(
        name="roles",
        title=Text(sl="Pooblastila in vloge", en="Mandates and roles", it="Deleghe e ruoli"),
        tables=(),
        purpose=Text(
            sl="Da vemo, kdo sme delovati v čigavem imenu.",
            en="So that we know who may act for whom.",
            it="Per sapere chi può agire per conto di chi.",
        ),
        legal_basis=f"{_GDPR}, 6(1)(c), 6(1)(e)",
        retention=None,
    ),
    PersonalData(
        name="messages",
        title=Text(sl="Sporočila", en="Messages", it="Messaggi"),
        tables=(),
        purpose=Text(
            sl="Da vas obvestimo o vaših zadevah.",
            en="To tell you about your matters.",
            it="Per informarla delle sue pratiche.",
        ),
        legal_basis=f"{_GDPR}, 6(1)(b), 6(1)(e)",
        retention=timedelta(days=2 * 365),
    ),
    PersonalData(
        name="consents",
        title=Text(sl="Soglasja", en="Consents", it="Consensi"),
        tables=(),
        purpose=Text(
            sl="Da lahko dokažemo, s čim ste soglašali.",
            en="So that we can prove what you agreed to.",
            it="Per poter dimostrare a cosa ha acconsentito.",
        ),
        legal_basis=f"{_GDPR}, 7(1)",
        retention=CONSENTS_KEPT,
    ),
    PersonalData(
        name="log",
        title=Text(sl="Dnevnik vpogledov in dejanj", en="Log of reads and acts", it="Registro di letture e azioni"),
        tables=(),
        purpose=Text(
            sl="Da je mogoče pozneje ugotoviti, kdo je kaj storil in kdo je videl vaše podatke.",
            en="So that it can be found out later who did what, and who saw your data.",
            it="Per poter accertare in seguito chi ha fatto cosa e chi ha visto i suoi dati.",
        ),
        legal_basis=f"{_GDPR}, 5(2), 32; ZVOP-2, 22",
        retention=None,
    ),
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


def _of_accounts(name: str = "user") -> Callable[[Person], Q]:
    return lambda person: Q(**{f"{name}__in": person.accounts})


def _sessions(person: Person) -> Q:
    return Q(session_key__in=UserSession.objects.filter(user__in=person.accounts).values("session_key"))


def _named_by_email(person: Person) -> Q:
    """As it was typed, in small letters or capitals."""
    return reduce(or_, (Q(username__iexact=email) for email in person.emails), Q(pk__in=()))


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
            of=_named_by_email,
            shown=_SIGN_IN,
            past=_old_sign_ins,
        )
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    ),
    Holding(
        data="messages",
        model=Delivery,
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
        of=_of_accounts("account"),
        shown={"browser": _SIGN_IN["user_agent"], "subscribed_at": _WHEN},
    ),
    Holding(
        data="consents",
        model=Consent,
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
        of=lambda person: Q(party__in=person.parties),
        shown={"asked_at": _WHEN},
        past=lambda at: Q(keep_until__lte=at),
        files=True,
    ),
    Holding(
        data="log",
        model=AuditRecord,
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
        data="roles",
        model=Mandate,
        of=lambda person: Q(principal__in=person.parties) | Q(holder__in=person.parties),
        shown={
            "kind": Text(sl="Vrsta", en="Kind", it="Tipo"),
            "principal.name": Text(sl="Za koga", en="For whom", it="Per conto di"),
            "holder.name": Text(sl="Kdo", en="Who", it="Chi"),
            "begins_at": Text(sl="Od", en="From", it="Da"),
            "ends_at": Text(sl="Do", en="Until", it="Fino a"),
        },
        emptied={"proof": ""},
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
        of=_of_accounts("account"),
        shown={
            "name": _NAME,
            "scope": _CITY,
            "issued_at": Text(sl="Izdan", en="Issued", it="Emesso"),
            "used_at": _WHEN,
        },
        emptied={"name": ""},  # the row stays: who could do what must be answerable
    ),
    Holding(data="account", model=Token, of=_of_accounts(), past=lambda at: Q(expires_at__lt=at)),
    Holding(data="account", model=SocialToken, of=_of_accounts("account__user")),
    Holding(
        data="account",
        model=SocialAccount,
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
        of=_of_accounts(),
        shown={"type": Text(sl="Vrsta ključa", en="Kind of key", it="Tipo di chiave"), "created_at": _WHEN},
    ),
    Holding(data="account", model=EmailConfirmation, of=_of_accounts("email_address__user")),
    Holding(
        data="account",
        model=EmailAddress,
        of=_of_accounts(),
        shown={"email": Text(sl="E-naslov", en="E-mail address", it="Indirizzo e-mail")},
    ),
    Holding(
        data="account",
        model=Identifier,
        of=lambda person: Q(party__in=person.parties),
        shown={"scheme": Text(sl="Vrsta številke", en="Kind of number", it="Tipo di numero"), "added_at": _WHEN},
    ),
    Holding(
        data="account",
        model=Account,
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
    ),
    Holding(
        data="account",
        model=Party,
        of=lambda person: Q(pk__in=person.parties),
        shown={
            "name": _NAME,
            "born_on": Text(sl="Datum rojstva", en="Date of birth", it="Data di nascita"),
            "language": Text(sl="Jezik", en="Language", it="Lingua"),
            "created_at": Text(sl="Ustvarjeno", en="Made", it="Creato"),
        },
        emptied={"name": "", "born_on": None},
    ),
)
"""In the order of erasure: what others hang on comes last."""

privacy = declared(*HOLDINGS)
