"""The sample module's manifest."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Module
from simos.kernel.text import Text

module = Module(
    name=ModuleName("sample/lots"),
    title=Text(sl="Parkirišča", en="Car parks", it="Parcheggi"),
    address=Text(sl="parkirisca", en="car-parks", it="parcheggi"),
    summary=Text(sl="Koliko je prostora.", en="How much room there is.", it="Quanto posto c’è."),
)
