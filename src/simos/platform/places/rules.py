"""Rules of places: what of a name is searched, what comes first, which city a municipality is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simos.kernel.geo import Point
from simos.kernel.text import folded
from simos.platform.places.values import Kind

IMPORTANCE: Mapping[Kind, int] = {
    Kind.MUNICIPALITY: 80,
    Kind.REGION: 70,
    Kind.SETTLEMENT: 60,
    Kind.QUARTER: 50,
    Kind.POSTAL_DISTRICT: 40,
    Kind.ADMINISTRATIVE_UNIT: 30,
    Kind.STREET: 20,
    Kind.ADDRESS: 10,
}
CITY, SEAT, IN_OUR_CITY = 15, 15, 3
"""Added for an urban municipality, for the settlement in which a municipality has its seat, and in our cities."""

NEAR_M = 30_000
"""A municipality with a city's name is that city if its point is no further from the city's centre."""


def importance_of(kind: Kind, *, is_city: bool = False, is_seat: bool = False, ours: bool = False) -> int:
    """What a place counts among others of the same name."""
    return IMPORTANCE[kind] + CITY * is_city + SEAT * is_seat + IN_OUR_CITY * ours


def words_of(*names: str) -> frozenset[str]:
    """The words by which a place of these names is found."""
    return frozenset(word for name in names for word in folded(name).split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: the words of a name and of where it is, and a house number if there is one."""

    words: tuple[str, ...]
    number: int | None = None
    suffix: str = ""
    postal: str = ""


def asked_in(text: str) -> tuple[Asked, ...]:
    """What `text` may mean: a name with all its words, and an address where a number follows a word.

    The last number of at most three digits counts, for a street's own name may hold one: `Ulica 25. maja 4 Celje`.
    Four digits are a post office's. A single letter after the number belongs to it: `12 a` is `12a`.
    """
    words = tuple(folded(text).split())
    if not words:
        return ()
    whole = Asked(words)
    places = [i for i, word in enumerate(words) if i and _number_in(word)]
    if not places:
        return (whole,)
    at = places[-1]
    number, suffix = _number_in(words[at]) or (0, "")
    after = at + 1
    if not suffix and after < len(words) and len(words[after]) == 1 and words[after].isalpha():
        suffix, after = words[after], after + 1
    postal = next((word for word in words[after:] if len(word) == 4 and word.isdecimal()), "")
    rest = tuple(word for word in words[after:] if word != postal)
    return (Asked(words[:at] + rest, number, suffix, postal), whole)


def _number_in(word: str) -> tuple[int, str] | None:
    digits, suffix = (word[:-1], word[-1]) if word[-1:].isalpha() else (word, "")
    fits = digits.isascii() and digits.isdigit() and len(digits) <= 3
    return (int(digits), suffix) if fits else None


def city_named(name: str, point: Point | None, cities: Iterable[tuple[str, str, Point]]) -> str:
    """The code of the city that a municipality is, of (code, name, centre); empty where it is none of them."""
    wanted = folded(name)
    for code, city, centre in cities:
        if point is not None and folded(city) == wanted and point.metres_to(centre) <= NEAR_M:
            return code
    return ""
