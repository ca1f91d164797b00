"""Made-up panels for trying the platform out in Celje: 35 at the roads in, 6 screens in the town. Places are plausible,
none of them is real."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.geo import Point
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.rules.lines import lines_of
from simos.modules.mobility.guidance.values import Kind, PanelFacts

PLACES: dict[str, str] = {
    "GLAZIJA": "glazija",
    "KNEŽJI DVOR": "knezji-dvor",
    "POSTAJA": "zelezniska-postaja",
    "BOLNIŠNICA": "bolnisnica",
    "MUZEJSKI TRG": "muzejski-trg",
    "LAVA": "lava",
    "GOLOVEC": "golovec",
    "MESTNI PARK": "mestni-park",
    "HUDINJA P+R": "hudinja",
    "NABREŽJE": "savinjsko-nabrezje",
    "CENTER": "knezji-dvor, muzejski-trg, savinjsko-nabrezje",
}
"""What is printed on panels, and which facilities that is."""

EVERYWHERE = ", ".join(dict.fromkeys(", ".join(PLACES.values()).split(", ")))

DIRECTION: tuple[tuple[str, float, float, int, str], ...] = (
    ("Mariborska cesta, priključek Celje vzhod", 46.2585, 15.2788, 215, "ahead CENTER|right HUDINJA P+R|ahead GOLOVEC"),
    ("Mariborska cesta pri Hudinji", 46.2532, 15.2741, 210, "right HUDINJA P+R|ahead GOLOVEC|ahead CENTER"),
    ("Mariborska cesta, Spodnja Hudinja", 46.2478, 15.2712, 190, "ahead GLAZIJA|left GOLOVEC|advice"),
    ("Mariborska cesta pri Golovcu", 46.2431, 15.2693, 185, "left GOLOVEC|ahead GLAZIJA|ahead CENTER"),
    ("Mariborska cesta pri Mercator centru", 46.2392, 15.2679, 185, "ahead GLAZIJA|ahead POSTAJA|advice"),
    ("Mariborska cesta, Dečkova", 46.2357, 15.2668, 185, "right GLAZIJA|ahead POSTAJA|ahead CENTER"),
    ("Dečkova cesta pri Golovcu", 46.2409, 15.2722, 250, "left GOLOVEC|ahead GLAZIJA"),
    ("Dečkova cesta, Nova vas", 46.2412, 15.2604, 110, "ahead GOLOVEC|right GLAZIJA|ahead LAVA"),
    ("Ulica mesta Grevenbroich", 46.2381, 15.2583, 170, "left GLAZIJA|right BOLNIŠNICA|ahead CENTER"),
    ("Ljubljanska cesta, Medlog", 46.2389, 15.2344, 95, "ahead CENTER|left LAVA|ahead BOLNIŠNICA"),
    ("Ljubljanska cesta, Lava", 46.2369, 15.2452, 100, "left LAVA|ahead BOLNIŠNICA|ahead CENTER"),
    ("Ljubljanska cesta pri Kladivarju", 46.2352, 15.2521, 105, "ahead BOLNIŠNICA|ahead GLAZIJA|advice"),
    ("Ljubljanska cesta pri bolnišnici", 46.2338, 15.2562, 110, "right BOLNIŠNICA|ahead GLAZIJA|ahead CENTER"),
    ("Ljubljanska cesta, Glazija", 46.2327, 15.2612, 105, "left GLAZIJA|ahead CENTER|right MESTNI PARK"),
    ("Čopova ulica", 46.2421, 15.2551, 190, "right LAVA|left GLAZIJA|ahead BOLNIŠNICA"),
    ("Lava, vhod z avtoceste", 46.2441, 15.2494, 165, "ahead LAVA|ahead BOLNIŠNICA|ahead CENTER"),
    ("Cesta na Ostrožno", 46.2429, 15.2423, 140, "ahead LAVA|left GLAZIJA"),
    ("Opekarniška cesta", 46.2362, 15.2497, 120, "ahead BOLNIŠNICA|left LAVA"),
    ("Oblakova ulica", 46.2341, 15.2586, 160, "right BOLNIŠNICA|left GLAZIJA|ahead MESTNI PARK"),
    ("Kidričeva ulica, vzhod", 46.2349, 15.2863, 265, "ahead POSTAJA|ahead CENTER|right GOLOVEC"),
    ("Kidričeva ulica pri tržnici", 46.2334, 15.2772, 260, "ahead POSTAJA|right GOLOVEC|advice"),
    ("Kidričeva ulica, Aškerčeva", 46.2318, 15.2706, 255, "left POSTAJA|ahead GLAZIJA|ahead CENTER"),
    ("Teharska cesta", 46.2311, 15.2798, 275, "ahead POSTAJA|ahead CENTER|right GOLOVEC"),
    ("Bežigrajska cesta", 46.2372, 15.2745, 215, "ahead POSTAJA|right GOLOVEC|ahead CENTER"),
    ("Aškerčeva ulica", 46.2303, 15.2689, 200, "left POSTAJA|right KNEŽJI DVOR|advice"),
    ("Levstikova ulica", 46.2311, 15.2646, 180, "ahead KNEŽJI DVOR|right MUZEJSKI TRG|left POSTAJA"),
    ("Gregorčičeva ulica", 46.2317, 15.2621, 170, "ahead MUZEJSKI TRG|left KNEŽJI DVOR|right GLAZIJA"),
    ("Krekov trg", 46.2289, 15.2681, 250, "ahead KNEŽJI DVOR|left NABREŽJE|right POSTAJA"),
    ("Savinjsko nabrežje, vzhod", 46.2259, 15.2689, 285, "ahead NABREŽJE|right KNEŽJI DVOR|advice"),
    ("Partizanska cesta, most", 46.2244, 15.2642, 15, "ahead NABREŽJE|left MESTNI PARK|right POSTAJA"),
    ("Partizanska cesta, Polule", 46.2166, 15.2668, 5, "ahead CENTER|left MESTNI PARK|ahead POSTAJA"),
    ("Cesta v Laško, Polule", 46.2121, 15.2689, 355, "ahead CENTER|ahead POSTAJA|ahead MESTNI PARK"),
    ("Breg, Lisce", 46.2257, 15.2529, 85, "ahead MESTNI PARK|ahead NABREŽJE|left BOLNIŠNICA"),
    ("Trubarjeva ulica", 46.2311, 15.2601, 165, "right MESTNI PARK|left MUZEJSKI TRG|advice"),
    ("Čuprijska ulica", 46.2352, 15.2719, 200, "ahead POSTAJA|right GLAZIJA|ahead CENTER"),
)
"""Where, latitude, longitude, heading of the traffic, and its lines."""

INFORMATION: tuple[tuple[str, float, float, str], ...] = (
    ("Krekov trg, pred železniško postajo", 46.2292, 15.2687, "Krekov trg"),
    ("Glavni trg", 46.2283, 15.2668, "Glavni trg"),
    ("Muzejski trg", 46.2277, 15.2631, "Muzejski trg"),
    ("Bolnišnica, glavni vhod", 46.2336, 15.2576, "Oblakova ulica"),
    ("Golovec, sejmišče", 46.2401, 15.2736, "Dečkova cesta"),
    ("Mestni park, letno gledališče", 46.2265, 15.2589, "Partizanska cesta"),
)


def _lines(text: str) -> str:
    """`right LAVA|advice` as an officer would write it."""
    written = []
    for part in text.split("|"):
        arrow, _, label = part.partition(" ")
        written.append(f"{arrow}: {label} = {PLACES[label]}" if label else f"advice: PROSTO = {EVERYWHERE}")
    return "\n".join(written)


def panels() -> tuple[PanelFacts, ...]:
    """The 41 panels of the demo."""
    direction = [
        PanelFacts(
            code=f"P{number:02}",
            name=name,
            place=Point(longitude, latitude),
            street=name.partition(",")[0].partition(" pri ")[0],
            facing=facing,
            lines=lines_of(_lines(text)),
            characters=11 if "advice" in text else 6,
        )
        for number, (name, latitude, longitude, facing, text) in enumerate(DIRECTION, start=1)
    ]
    everything = "\n".join(f"none: {label} = {served}" for label, served in PLACES.items() if label != "CENTER")
    information = [
        PanelFacts(
            code=f"I{number}",
            name=name,
            kind=Kind.INFORMATION,
            place=Point(longitude, latitude),
            street=street,
            lines=lines_of(everything),
        )
        for number, (name, latitude, longitude, street) in enumerate(INFORMATION, start=1)
    ]
    return (*direction, *information)


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The made-up panels stand in the city's register, marked as such. Done again, it changes nothing."""
    save_panels(scope, panels(), by=by, at=at, is_demo=True)
