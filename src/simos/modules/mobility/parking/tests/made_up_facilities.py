"""Facilities as hypothesis draws them: every fact in every form that an office could give it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.values import (
    Closure,
    DayRule,
    Entrance,
    Exemption,
    FacilityFacts,
    Kind,
    OpeningHours,
    Outline,
    Payment,
    Span,
    Way,
)

words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=1, max_size=4).map(
    " ".join
)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
points = st.builds(
    Point,
    longitude=st.floats(-180, 180).map(lambda each: round(each, 6)),
    latitude=st.floats(-90, 90).map(lambda each: round(each, 6)),
)
counts = st.none() | st.integers(0, 30)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Spans that do not overlap, the last perhaps past midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
    found = [Span(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False)]
    if found and found[-1].opens > 0 and draw(st.booleans()):
        last = found.pop()
        found.append(Span(last.opens, draw(st.integers(1441, last.opens + 1440))))
    return tuple(found)


@st.composite
def hours(draw: st.DrawFn) -> OpeningHours:
    """Some weekdays with one rule or two, perhaps holidays, perhaps dates."""
    first = sorted(draw(st.sets(st.integers(0, 6), min_size=1)))
    rules = [DayRule(weekdays=tuple(first), spans=draw(spans()))]
    if others := [day for day in range(7) if day not in first]:
        rules.append(DayRule(weekdays=tuple(others), spans=draw(spans())))
    if draw(st.booleans()):
        rules.append(DayRule(holidays=True, spans=draw(spans())))
    if draw(st.booleans()):
        day = draw(st.dates(date(2024, 1, 1), date(2028, 12, 1)))
        rules.append(DayRule(dates=(day, day + timedelta(days=draw(st.integers(0, 20)))), spans=draw(spans())))
    return OpeningHours(tuple(rules))


def some(of: type[Payment] | type[Exemption]) -> st.SearchStrategy[tuple[object, ...]]:
    """Some of the choices, in their own order."""
    return st.sets(st.sampled_from(of)).map(lambda chosen: tuple(each for each in of if each in chosen))


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    sl = draw(words)
    since = draw(st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - naive by contract
    since = since.replace(tzinfo=UTC) if since else None
    until = draw(st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=90)))
    return Closure(
        reason=Text(sl=sl, en=draw(st.just(sl) | words), it=draw(st.just("") | words)),
        since=since,
        until=(since or datetime(2026, 1, 1, tzinfo=UTC)) + until if until else None,
    )


@st.composite
def facilities(draw: st.DrawFn) -> FacilityFacts:
    kept = [draw(counts) for _ in range(3)]
    line = draw(st.none() | st.lists(points, min_size=3, max_size=5, unique=True))
    area = draw(st.booleans())
    return FacilityFacts(
        code=draw(codes),
        name=draw(words),
        kind=draw(st.sampled_from(Kind)),
        capacity=draw(st.none() | st.integers(max(1, sum(each or 0 for each in kept)), 100_000)),
        disabled=kept[0],
        charging=kept[1],
        permit=kept[2],
        place=draw(st.none() | points),
        outline=Outline((*line, line[0]) if area else tuple(line)) if line else None,
        address=draw(st.just("") | words),
        entrances=tuple(
            draw(
                st.lists(
                    st.builds(Entrance, place=points, way=st.sampled_from(Way), street=st.just("") | words), max_size=3
                )
            )
        ),
        height_cm=draw(st.none() | st.integers(100, 600)),
        hours=draw(st.none() | hours()),
        operator=draw(st.just("") | words),
        payments=draw(some(Payment)),
        exemptions=draw(some(Exemption)),
        closure=draw(st.none() | closures()),
    )
