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

OWN = (DATA_READY,)
