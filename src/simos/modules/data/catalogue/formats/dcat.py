"""The catalogue in DCAT-AP 3.0: a graph, and its forms JSON-LD, Turtle and RDF/XML. Loads rdflib when it is asked for.

The names of licences, themes, file types, languages and frequencies are those of the Publications Office of the Union.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simos.kernel.text import Text
from simos.modules.data.catalogue.formats.addresses import Site
from simos.modules.data.catalogue.module import module
from simos.modules.data.catalogue.rules import about_of, keywords_of
from simos.modules.data.catalogue.values import FORMS, DataSet, Form, Standing

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
LANGUAGE = {"sl": "SLV", "en": "ENG", "it": "ITA", "hu": "HUN"}
LICENCE = {"CC-BY-4.0": "CC_BY_4_0", "CC0-1.0": "CC0", "CC-BY-SA-4.0": "CC_BYSA_4_0"}
THEME: Mapping[str, tuple[str, Text]] = {
    "mobility": ("TRAN", Text(sl="Promet", en="Transport", it="Trasporti")),
    "environment": ("ENVI", Text(sl="Okolje", en="Environment", it="Ambiente")),
    "energy": ("ENER", Text(sl="Energija", en="Energy", it="Energia")),
}
OTHERWISE = (
    "GOVE",
    Text(sl="Vlada in javni sektor", en="Government and public sector", it="Governo e settore pubblico"),
)
FILE_TYPE = {"csv": "CSV", "geojson": "GEOJSON", "parquet": "PARQUET"}

MEDIA_TYPES: Mapping[str, tuple[str, str]] = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "pretty-xml"),
}
"""By the end of the address: media type, and how rdflib calls it."""


def written(graph: "Graph", form: str) -> bytes:
    """The graph in one of MEDIA_TYPES."""
    text: str = graph.serialize(format=MEDIA_TYPES[form][1])
    return text.encode()


def graph_of(
    site: Site, place: str, name: Text, found: Sequence[tuple[DataSet, Standing]], *, publisher: Text
) -> "Graph":
    """The catalogue of a city (`place`), or of all ('' ), with its data sets and how they stand."""
    return _Maker(site).catalogue(place, name, found, publisher)


class _Maker:
    """Puts one graph together."""

    def __init__(self, site: Site) -> None:
        from rdflib import Graph, Namespace
        from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

        self.site, self.graph = site, Graph()
        self.dcat, self.dct, self.foaf, self.skos = DCAT, DCTERMS, FOAF, SKOS
        self.a, self.xsd, self.geo = RDF.type, XSD, Namespace("http://www.opengis.net/ont/geosparql#")
        for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("skos", SKOS), ("geo", self.geo)):
            self.graph.bind(prefix, space)

    def catalogue(self, place: str, name: Text, found: Sequence[tuple[DataSet, Standing]], publisher: Text) -> "Graph":
        catalogue = self.thing(f"{self.site.api(place)}/dcat", self.dcat.Catalog)
        self.words(catalogue, self.dct.title, name)
        self.words(catalogue, self.dct.description, module.summary)
        self.say(catalogue, self.dct.publisher, self.agent(self.site.catalogue(place), publisher))
        self.say(catalogue, self.foaf.homepage, self.thing(self.site.catalogue(place), self.foaf.Document))
        languages = {each for it, _ in found for each in it.place.languages} or {"sl", "en"}
        for each in sorted(languages):
            self.say(catalogue, self.dct.language, self.language(each))
        for it, standing in found:
            self.say(catalogue, self.dcat.dataset, self.data_set(it, standing))
            self.say(catalogue, self.dcat.service, self.service(it))
        return self.graph

    def data_set(self, it: DataSet, standing: Standing) -> "URIRef":
        data_set = self.thing(self.site.page(it), self.dcat.Dataset)
        self.words(data_set, self.dct.title, it.title)
        self.words(data_set, self.dct.description, about_of(it))
        self.text(data_set, self.dct.identifier, it.key)
        self.say(data_set, self.dct.publisher, self.agent(self.site.catalogue(it.place.code), it.place.name))
        for language, words in keywords_of(it):
            self.text(data_set, self.dcat.keyword, words, language)
        code, label = THEME.get(it.module.domain, OTHERWISE)
        theme = self.thing(f"{AUTHORITY}data-theme/{code}", self.skos.Concept)
        self.words(theme, self.skos.prefLabel, label)
        self.say(data_set, self.dcat.theme, theme)
        for language in it.place.languages:
            page = self.thing(self.site.page(it, language), self.foaf.Document)
            self.say(data_set, self.dcat.landingPage, page)
        public = self.thing(f"{AUTHORITY}access-right/PUBLIC", self.dct.RightsStatement)
        self.say(data_set, self.dct.accessRights, public)
        live = self.thing(f"{AUTHORITY}frequency/UPDATE_CONT", self.dct.Frequency)
        self.say(data_set, self.dct.accrualPeriodicity, live)
        if it.type.source:
            self.say(data_set, self.dct.conformsTo, self.thing(it.type.source, self.dct.Standard))
        if changed := standing.newest or standing.changed_at:
            self.time(data_set, self.dct.modified, changed)
        if standing.box:
            self.say(data_set, self.dct.spatial, self.place(it, standing))
        for form in FORMS:
            self.say(data_set, self.dcat.distribution, self.distribution(it, form))
        return data_set

    def place(self, it: DataSet, standing: Standing) -> "URIRef":
        assert standing.box is not None
        west, south, east, north = standing.box.west, standing.box.south, standing.box.east, standing.box.north
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        place = self.thing(f"{self.site.page(it)}#place", self.dct.Location)
        ring = ", ".join(f"{x} {y}" for x, y in corners)
        self.text(place, self.dcat.bbox, f"POLYGON(({ring}))", kind=self.geo.wktLiteral)
        return place

    def distribution(self, it: DataSet, form: Form) -> "URIRef":
        made = self.thing(f"{self.site.page(it)}#{form.file}", self.dcat.Distribution)
        self.words(made, self.dct.title, form.title)
        address = self.thing(self.site.file(it, form))
        self.say(made, self.dcat.accessURL, address)
        self.say(made, self.dcat.downloadURL, address)
        self.say(made, self.dcat.mediaType, self.thing(f"{IANA}{form.media_type}", self.dct.MediaType))
        kind = f"{AUTHORITY}file-type/{FILE_TYPE[form.file.rpartition('.')[2]]}"
        self.say(made, self.dct.format, self.thing(kind, self.dct.MediaTypeOrExtent))
        self.say(made, self.dct.license, self.licence(it.type.licence))
        return made

    def service(self, it: DataSet) -> "URIRef":
        service = self.thing(f"{self.site.page(it)}#api", self.dcat.DataService)
        self.words(service, self.dct.title, it.title)
        for address in (self.site.entities(it), f"{self.site.collection(it)}/items"):
            self.say(service, self.dcat.endpointURL, self.thing(address))
        self.say(service, self.dcat.endpointDescription, self.thing(f"{self.site.host}/api/openapi.json"))
        self.say(service, self.dcat.servesDataset, self.thing(self.site.page(it)))
        self.say(service, self.dct.license, self.licence(it.type.licence))
        return service

    def agent(self, address: str, name: Text) -> "URIRef":
        agent = self.thing(f"{address}#publisher", self.foaf.Agent)
        self.words(agent, self.foaf.name, name)
        return agent

    def language(self, code: str) -> "URIRef":
        return self.thing(f"{AUTHORITY}language/{LANGUAGE[code]}", self.dct.LinguisticSystem)

    def licence(self, name: str) -> "URIRef":
        known = LICENCE.get(name)
        spdx = name if "://" in name else f"https://spdx.org/licenses/{name}"
        return self.thing(f"{AUTHORITY}licence/{known}" if known else spdx, self.dct.LicenseDocument)

    def thing(self, address: str, kind: Any = None) -> "URIRef":
        from rdflib import URIRef

        it = URIRef(address)
        if kind is not None:
            self.graph.add((it, self.a, kind))
        return it

    def say(self, of: Any, what: Any, it: Any) -> None:
        self.graph.add((of, what, it))

    def words(self, of: Any, what: Any, text: Text) -> None:
        for language in text.languages():
            self.text(of, what, text.in_(language), language)

    def text(self, of: Any, what: Any, words: str, language: str | None = None, *, kind: Any = None) -> None:
        from rdflib import Literal

        self.graph.add((of, what, Literal(words, lang=language, datatype=kind)))

    def time(self, of: Any, what: Any, at: datetime) -> None:
        self.text(of, what, at.isoformat().replace("+00:00", "Z"), kind=self.xsd.dateTime)
