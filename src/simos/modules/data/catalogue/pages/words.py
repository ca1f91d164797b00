"""What the catalogue's pages say, in all languages: a table. Nothing is looked up here."""

from collections.abc import Mapping

from simos.kernel.text import Text

SAID: Mapping[str, Text] = {
    "lead": Text(
        sl="Kar mesto izmeri in objavi, lahko uporabi vsakdo: brez ključa, v živo in za nazaj, v odprtih oblikah.",
        en="What the city measures and publishes is for all: without a key, live and over time, in open formats.",
        it="Ciò che la città misura e pubblica è per tutti: senza chiave, dal vivo e nel tempo, in formati aperti.",
    ),
    "consortium_lead": Text(
        sl="Odprti podatki vseh mest konzorcija: isti modeli, iste poti, eno iskanje za državne portale.",
        en="Open data of all cities of the consortium: the same models, the same ways, one harvest for portals.",
        it="Dati aperti di tutte le città del consorzio: stessi modelli, stesse vie, un’unica raccolta per i portali.",
    ),
    "none": Text(
        sl="Mesto še ne objavlja podatkov. Ko vklopi storitev z odprtimi podatki, se pojavijo tukaj.",
        en="The city publishes no data yet. Once it switches on a service with open data, they appear here.",
        it="La città non pubblica ancora dati. Appariranno qui quando attiverà un servizio con dati aperti.",
    ),
    "live": Text(sl="v živo", en="live", it="in tempo reale"),
    "empty": Text(sl="še brez podatkov", en="no data yet", it="ancora senza dati"),
    "number": Text(sl="Število zapisov", en="Records", it="Numero di elementi"),
    "cities": Text(sl="Mesta", en="Cities", it="Città"),
    "city": Text(sl="Mesto", en="City", it="Città"),
    "sets": Text(sl="Podatkovne zbirke", en="Data sets", it="Insiemi di dati"),
    "machines": Text(
        sl="Ves katalog za programe", en="The whole catalogue for programs", it="Tutto il catalogo per programmi"
    ),
    "way": Text(sl="Način", en="Way", it="Modo"),
    "address": Text(sl="Naslov", en="Address", it="Indirizzo"),
    "publisher": Text(sl="Objavlja", en="Publisher", it="Editore"),
    "service": Text(sl="Storitev", en="Service", it="Servizio"),
    "licence": Text(sl="Licenca", en="Licence", it="Licenza"),
    "read": Text(sl="Besedilo licence", en="Text of the licence", it="Testo della licenza"),
    "things": Text(sl="Zapisov zdaj", en="Records now", it="Elementi ora"),
    "fresh": Text(sl="Zadnja meritev", en="Last observation", it="Ultima osservazione"),
    "changed": Text(sl="Zadnja sprememba", en="Last change", it="Ultima modifica"),
    "often": Text(sl="Osveževanje", en="How often", it="Aggiornamento"),
    "often_text": Text(
        sl="vsaka sprememba takoj, ko jo platforma prejme",
        en="each change as soon as the platform has it",
        it="ogni modifica non appena la piattaforma la riceve",
    ),
    "complete": Text(sl="Izpolnjenost", en="Completeness", it="Completezza"),
    "silent": Text(sl="Brez meritve že en dan", en="Nothing heard for a day", it="Senza dati da un giorno"),
    "area": Text(sl="Območje", en="Area covered", it="Area coperta"),
    "kept": Text(sl="Zgodovina", en="History", it="Storico"),
    "days": Text(sl="dni nazaj", en="days back", it="giorni indietro"),
    "for_ever": Text(sl="ni omejena", en="without limit", it="senza limite"),
    "model": Text(sl="Podatkovni model", en="Data model", it="Modello dei dati"),
    "open_model": Text(sl="Odpri model", en="Open the model", it="Apri il modello"),
    "usage": Text(
        sl="Prenosov v 30 dneh (vseh)", en="Downloads in 30 days (in all)", it="Download in 30 giorni (totale)"
    ),
    "sample": Text(
        sl="Izpolnjenost, meritve in območje so izračunani iz prvih zapisov zbirke:",
        en="Completeness, observations and area are worked out from the first records of the set:",
        it="Completezza, osservazioni e area sono calcolate dai primi elementi dell’insieme:",
    ),
    "downloads": Text(sl="Prenosi", en="Downloads", it="Download"),
    "form": Text(sl="Oblika", en="Form", it="Formato"),
    "file": Text(sl="Datoteka", en="File", it="File"),
    "period": Text(sl="Zgodovina po obdobju", en="History of a period", it="Storico di un periodo"),
    "since": Text(sl="Od dne", en="From", it="Dal"),
    "until": Text(sl="Do dne (brez njega)", en="To (not included)", it="Fino al (escluso)"),
    "as_csv": Text(sl="Prenesi CSV", en="Download CSV", it="Scarica CSV"),
    "as_parquet": Text(sl="Prenesi Parquet", en="Download Parquet", it="Scarica Parquet"),
    "at_most": Text(
        sl="Največ 366 dni naenkrat.", en="At most 366 days at a time.", it="Al massimo 366 giorni alla volta."
    ),
    "ways": Text(sl="Pet načinov za programe", en="Five ways for programs", it="Cinque modi per programmi"),
    "fields": Text(sl="Polja", en="Fields", it="Campi"),
    "field": Text(sl="Polje", en="Field", it="Campo"),
    "meaning": Text(sl="Pomen", en="Meaning", it="Significato"),
    "unit": Text(sl="Enota", en="Unit", it="Unità"),
    "filled": Text(sl="Izpolnjeno", en="Filled in", it="Compilato"),
    "more": Text(
        sl="Še več oblik objavlja storitev:",
        en="The service publishes more forms:",
        it="Il servizio pubblica altri formati:",
    ),
}

WAYS: Mapping[str, Text] = {
    "file": Text(sl="Datoteka zdaj", en="A file, as it is now", it="Un file, stato attuale"),
    "lake": Text(
        sl="Zgodovina v DuckDB ali Pythonu", en="History in DuckDB or Python", it="Lo storico in DuckDB o Python"
    ),
    "entities": Text(sl="Poizvedba NGSI-LD", en="A query in NGSI-LD", it="Un’interrogazione NGSI-LD"),
    "map": Text(
        sl="Sloj na karti (QGIS: OGC API – Features)",
        en="A layer of a map (QGIS: OGC API – Features)",
        it="Uno strato di mappa (QGIS: OGC API – Features)",
    ),
    "stream": Text(
        sl="Vsaka sprememba, ko se zgodi", en="Every change as it happens", it="Ogni modifica in tempo reale"
    ),
}

LICENCES: Mapping[str, Text] = {
    "CC-BY-4.0": Text(
        sl="Creative Commons Priznanje avtorstva 4.0 (CC BY 4.0): navedite vir",
        en="Creative Commons Attribution 4.0 (CC BY 4.0): name the source",
        it="Creative Commons Attribuzione 4.0 (CC BY 4.0): citare la fonte",
    ),
}
ADDRESSES: Mapping[str, str] = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
