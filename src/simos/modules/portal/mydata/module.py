"""What the person's side of privacy is, as data. It holds nothing itself: the platform and the modules do."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module
from simos.kernel.text import Text

module = Module(
    name=ModuleName("portal/mydata"),
    title=Text(sl="Moji podatki", en="My data", it="I miei dati"),
    address=Text(sl="moji-podatki", en="my-data", it="i-miei-dati"),
    summary=Text(
        sl="Kaj hranimo o vas, zakaj in do kdaj, kdo je to bral, vaša soglasja, izvoz in izbris.",
        en="What is held about you, why and until when, who read it, your consents, a copy and erasure.",
        it="Che cosa conserviamo su di lei, perché e fino a quando, chi l’ha letto, consensi, copia e cancellazione.",
    ),
    level=Level.FEDERATION,
    always_on=True,
)
