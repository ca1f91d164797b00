"""Rules of the portal's addresses and answers. Pure."""

from simos.kernel.text import Text

CONSORTIUM = Text(sl="konzorcij", en="consortium", it="consorzio", hu="konzorcium")
"""The consortium's part of an address in each language."""
CONSORTIUM_SLUGS = frozenset(CONSORTIUM.in_(language) for language in CONSORTIUM.languages())

SEARCH = Text(sl="iskanje", en="search", it="ricerca")
OFFLINE = Text(sl="brez-povezave", en="offline", it="senza-rete")
ROOT_ADDRESSES = (SEARCH, OFFLINE)
"""The portal's own pages below a home: no page of content stands there."""
