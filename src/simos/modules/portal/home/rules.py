"""Rules of the portal's addresses and answers. Pure."""

import re

from simos.kernel.text import Text

CONSORTIUM = Text(sl="konzorcij", en="consortium", it="consorzio", hu="konzorcium")
"""The consortium's part of an address in each language."""
CONSORTIUM_SLUGS = frozenset(CONSORTIUM.in_(language) for language in CONSORTIUM.languages())

SEARCH = Text(sl="iskanje", en="search", it="ricerca")
OFFLINE = Text(sl="brez-povezave", en="offline", it="senza-rete")
OPINION = Text(sl="mnenje", en="opinion", it="opinione")
ROOT_ADDRESSES = (SEARCH, OFFLINE, OPINION)
"""The portal's own pages below a home: no page of content stands there."""

LONGEST_REMARK = 1000
_NAMES_SOMEBODY = re.compile(r"[^\s@]+(?:@+[^\s@]+)+|\+?\d(?:[ /-]?\d){5,}")


def without_names(text: str) -> str:
    """The text with a sign in place of each e-mail address and each number of six digits or more, by which people are
    known: telephone, tax number, EMŠO, bank account."""
    return _NAMES_SOMEBODY.sub("…", text)
