"""How each part of a tariff is written in a cell and read from it: the table behind its form and its trail. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from simos.kernel.text import Text
from simos.modules.mobility.parking.rules.tariff_text import periods_of, written
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.tariffs import CountedFrom, Relief, Rounding, Tariff


def cells_of_tariff(tariff: Tariff) -> Mapping[str, str]:
    """The tariff, each part as text."""
    name = tariff.name
    return {
        "code": tariff.code,
        "name_sl": name.sl,
        "name_en": "" if name.en == name.sl else name.en,
        "name_it": name.it,
        "periods": "\n".join(map(written, tariff.periods)),
        "free_minutes": str(tariff.free_minutes),
        "cap": _euros(tariff.cap_cents),
        "counted_from": tariff.counted_from,
        "max_stay": "" if tariff.max_stay is None else str(tariff.max_stay),
        "round_to": str(tariff.round_to),
        "rounding": tariff.rounding,
        "reliefs": "\n".join(
            _written_relief(each, tariff.reliefs[each]) for each in Exemption if each in tariff.reliefs
        ),
    }


def tariff_from(cells: Mapping[str, str]) -> tuple[Tariff | None, Mapping[str, str]]:
    """The tariff that the cells write, or what is wrong with which of them."""
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, reader in _READ.items():
        try:
            read[name] = reader(cells.get(name, "").strip())
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        return None, wrong
    sl, en, it = (" ".join(cells.get(f"name_{language}", "").split()) for language in ("sl", "en", "it"))
    return Tariff(
        code=cells["code"],
        name=Text(sl=sl, en=en or sl, it=it),
        periods=read["periods"],
        free_minutes=read["free_minutes"] or 0,
        cap_cents=read["cap"],
        counted_from=read["counted_from"],
        max_stay=read["max_stay"],
        round_to=read["round_to"] or 1,
        rounding=read["rounding"],
        reliefs=read["reliefs"],
    ), {}


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _cents(text: str) -> int | None:
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,5})(?:[.,]([0-9]{2}))?", text)
    if found is None:
        raise ValueError("an amount in euros, such as 5.00, or empty where there is none")
    return int(found[1]) * 100 + int(found[2] or 0)


def _whole(text: str) -> int | None:
    if text and not re.fullmatch("[0-9]{1,5}", text):
        raise ValueError("a whole number, or empty")
    return int(text) if text else None


def _reliefs(text: str) -> Mapping[Exemption, Relief]:
    lines = [" ".join(line.split()) for line in re.split(r"[\n|]", text)]
    return dict(_relief(line) for line in lines if line)


def _relief(line: str) -> tuple[Exemption, Relief]:
    found = re.fullmatch(r"([a-z-]+)(?: ([0-9]{1,3}) ?%)?(?: ([0-9]{1,5}) min)?", line)
    if found is None or found[1] not in set(Exemption) or not (found[2] or found[3]):
        raise ValueError(f"a line such as resident-permit 50 % or charging 120 min, for {', '.join(Exemption)}")
    return Exemption(found[1]), Relief(percent=int(found[2] or 0), free_minutes=int(found[3] or 0))


def _written_relief(exemption: Exemption, relief: Relief) -> str:
    percent = f" {relief.percent} %" if relief.percent or not relief.free_minutes else ""
    return f"{exemption}{percent}" + (f" {relief.free_minutes} min" if relief.free_minutes else "")


_READ = {
    "periods": periods_of,
    "free_minutes": _whole,
    "cap": _cents,
    "counted_from": lambda text: CountedFrom(text or CountedFrom.MIDNIGHT),
    "max_stay": _whole,
    "round_to": _whole,
    "rounding": lambda text: Rounding(text or Rounding.NEAREST),
    "reliefs": _reliefs,
}
