"""What the platform says of the personal data of its own parts, as a module's manifest does. Pure data."""

from datetime import timedelta

from simos.kernel.module import PersonalData
from simos.kernel.text import Text

SIGN_INS_KEPT = timedelta(days=90)
CONSENTS_KEPT = timedelta(days=5 * 365)

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
