"""What the module is, as data."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Module
from simos.kernel.text import Text

module = Module(
    name=ModuleName("portal/indicators"),
    title=Text(sl="Kazalniki", en="Indicators", it="Indicatori"),
    address=Text(sl="kazalniki", en="indicators", it="indicatori"),
    summary=Text(
        sl="Kaj storitve mesta dosegajo: izmerjene vrednosti ob ciljih in od kod prihajajo.",
        en="What the city’s services achieve: measured values beside their targets, and where they come from.",
        it="Che cosa ottengono i servizi della città: valori misurati accanto agli obiettivi, e da dove provengono.",
    ),
    always_on=True,
)
