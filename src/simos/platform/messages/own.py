"""The kinds of message that the platform itself sends."""

from simos.kernel.module import MessageTemplate
from simos.kernel.text import Text

DATA_READY = MessageTemplate(
    name="data-ready",
    title=Text(sl="Izvoz mojih podatkov", en="Export of my data", it="Esportazione dei miei dati"),
    subject=Text(
        sl="Vaši podatki so pripravljeni za prenos",
        en="Your data are ready to download",
        it="I suoi dati sono pronti da scaricare",
    ),
    body=Text(
        sl="Datoteka z vašimi podatki je pripravljena. Prenesete jo lahko do {until}; nato jo izbrišemo.",
        en="The file with the data held about you is ready. You can download it until {until}; then we delete it.",
        it="Il file con i dati che conserviamo su di lei è pronto. Può scaricarlo fino al {until}, poi lo cancelliamo.",
    ),
    action=Text(sl="Prenesi podatke", en="Download the data", it="Scarica i dati"),
    by_law=True,
)

CONSENT_GIVEN = MessageTemplate(
    name="consent-given",
    title=Text(sl="Potrdilo o soglasju", en="Confirmation of consent", it="Conferma di consenso"),
    subject=Text(
        sl="Dali ste soglasje: {consent}", en="You have given consent: {consent}", it="Ha dato il consenso: {consent}"
    ),
    body=Text(
        sl="Soglašali ste s tem besedilom:\n\n{text}\n\nSoglasje lahko kadar koli prekličete med svojimi podatki na "
        "portalu. Preklic ne vpliva na to, kar smo storili do takrat.",
        en="You agreed to this text:\n\n{text}\n\nYou can withdraw your consent at any time, under My data on the "
        "portal. That does not affect what was done until then.",
        it="Ha acconsentito a questo testo:\n\n{text}\n\nPuò revocare il consenso in qualsiasi momento, tra i suoi "
        "dati sul portale. La revoca non pregiudica quanto fatto fino ad allora.",
    ),
    action=Text(sl="Moja soglasja", en="My consents", it="I miei consensi"),
)

OWN = (DATA_READY, CONSENT_GIVEN)
