"""A panel and facilities that tests of guidance's rules share."""

from datetime import UTC, datetime, timedelta

from simos.kernel.geo import Point
from simos.modules.mobility.guidance.values import Arrow, Known, Line, PanelFacts

NOW = datetime(2025, 9, 1, 10, 0, tzinfo=UTC)
"""In Celje that is noon."""
MINUTE = timedelta(minutes=1)

HERE = Point(15.2650, 46.2300)
PANEL = PanelFacts(
    code="P01",
    name="Mariborska cesta",
    place=HERE,
    street="Mariborska cesta 1",
    facing=180,
    lines=(
        Line(arrow=Arrow.LEFT, label="GLAZIJA", serves=("glazija",)),
        Line(arrow=Arrow.AHEAD, label="CENTER", serves=("group:center",)),
        Line(arrow=Arrow.NONE, label="PROSTO", serves=("glazija", "dvor", "lava"), advice=True),
    ),
    characters=8,
)


def known(code: str, free: int | None, capacity: int | None = 100, age: float = 0, **more: object) -> Known:
    """A facility counted so many minutes ago."""
    seen = None if free is None else NOW - age * MINUTE
    fields = {"name": f"Parkirišče {code.capitalize()}", **more}
    return Known(code=code, capacity=capacity, free=free, observed_at=seen, **fields)  # type: ignore[arg-type]
