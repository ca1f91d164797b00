"""What is known of the cities' offices. Data only.

Addresses of the town halls and their mailboxes, as the municipalities publish them; entered by hand in November 2026.
They are where a city's pages begin; its editors keep them true from then on.
"""

from dataclasses import dataclass

from simos.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A municipality's office."""

    name: Text
    address: str
    email: str
    site: str


def _hall(name: str, english: str, address: str, email: str, site: str, *, italian: str = "") -> Hall:
    return Hall(name=Text(sl=name, en=english, it=italian), address=address, email=email, site=site)


HALLS: dict[str, Hall] = {
    "celje": _hall(
        "Mestna občina Celje",
        "City Municipality of Celje",
        "Trg celjskih knezov 9, 3000 Celje",
        "mestna.obcina@celje.si",
        "celje.si",
    ),
    "koper": _hall(
        "Mestna občina Koper",
        "City Municipality of Koper",
        "Verdijeva ulica 10, 6000 Koper",
        "obcina@koper.si",
        "koper.si",
        italian="Comune città di Capodistria",
    ),
    "kranj": _hall(
        "Mestna občina Kranj", "City Municipality of Kranj", "Slovenski trg 1, 4000 Kranj", "mok@kranj.si", "kranj.si"
    ),
    "krsko": _hall(
        "Mestna občina Krško",
        "City Municipality of Krško",
        "Cesta krških žrtev 14, 8270 Krško",
        "obcina.krsko@krsko.si",
        "krsko.si",
    ),
    "ljubljana": _hall(
        "Mestna občina Ljubljana",
        "City of Ljubljana",
        "Mestni trg 1, 1000 Ljubljana",
        "glavna.pisarna@ljubljana.si",
        "ljubljana.si",
    ),
    "maribor": _hall(
        "Mestna občina Maribor",
        "City Municipality of Maribor",
        "Ulica heroja Staneta 1, 2000 Maribor",
        "mestna.obcina@maribor.si",
        "maribor.si",
    ),
    "murska-sobota": _hall(
        "Mestna občina Murska Sobota",
        "City Municipality of Murska Sobota",
        "Kardoševa ulica 2, 9000 Murska Sobota",
        "mestna.obcina@murska-sobota.si",
        "murska-sobota.si",
    ),
    "nova-gorica": _hall(
        "Mestna občina Nova Gorica",
        "City Municipality of Nova Gorica",
        "Trg Edvarda Kardelja 1, 5000 Nova Gorica",
        "mestna.obcina@nova-gorica.si",
        "nova-gorica.si",
    ),
    "novo-mesto": _hall(
        "Mestna občina Novo mesto",
        "City Municipality of Novo mesto",
        "Seidlova cesta 1, 8000 Novo mesto",
        "mestna.obcina@novomesto.si",
        "novomesto.si",
    ),
    "ptuj": _hall(
        "Mestna občina Ptuj", "City Municipality of Ptuj", "Mestni trg 1, 2250 Ptuj", "obcina.ptuj@ptuj.si", "ptuj.si"
    ),
    "slovenj-gradec": _hall(
        "Mestna občina Slovenj Gradec",
        "City Municipality of Slovenj Gradec",
        "Šolska ulica 5, 2380 Slovenj Gradec",
        "info@slovenjgradec.si",
        "slovenjgradec.si",
    ),
    "velenje": _hall(
        "Mestna občina Velenje",
        "City Municipality of Velenje",
        "Titov trg 1, 3320 Velenje",
        "info@velenje.si",
        "velenje.si",
    ),
}
