"""Words that the platform's own addresses begin with, so that no city is ever called so. The one place for them."""

from collections.abc import Mapping

RESERVED_FOR: Mapping[str, str] = {
    "languages": "sl en it hu",
    "pages": "city cities federation consortium partners start home index search help about contact privacy terms "
    "accessibility design offline preview error me my konzorcij consorzio iskanje ricerca brez-povezave senza-rete "
    "odprti-podatki open-data dati-aperti "
    "sporocila inbox messaggi moji-podatki my-data i-miei-dati",
    "accounts": "accounts account login logout oauth oidc openid identity",
    "office": "office admin first-password",
    "interfaces": "api hub ingest ngsi-ld ogc sensorthings lake mqtt stream live events webhooks graphql schema docs",
    "operation": "health metrics status internal system simos www test demo",
    "files": "static media documents assets files uploads favicon robots sitemap manifest sw service-worker well-known",
}
"""First segments by use. Codes hold no dots, so `robots.txt` and `.well-known` can be none in any case."""

RESERVED: frozenset[str] = frozenset(word for words in RESERVED_FOR.values() for word in words.split())
