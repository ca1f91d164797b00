"""Figures of one run, each beside its baseline, as a table for people and a file for programs."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` and the `baseline` of the same run, in `unit`; `against` says what the baseline is."""

    part: str
    what: str
    value: float
    baseline: float
    unit: str
    against: str

    @property
    def ratio(self) -> float:
        return self.value / self.baseline if self.baseline else float("nan")


@dataclass(slots=True)
class Figures:
    """What one run has found so far."""

    found: list[Figure] = field(default_factory=list)

    def add(self, part: str, what: str, value: float, baseline: float, unit: str, against: str) -> None:
        self.found.append(Figure(part=part, what=what, value=value, baseline=baseline, unit=unit, against=against))

    def table(self) -> str:
        """All of it as aligned text."""
        heads = ("what", "value", "baseline", "unit", "ratio", "baseline is")
        lines: list[tuple[str, ...]] = []
        for part in dict.fromkeys(each.part for each in self.found):
            lines.append((f"-- {part}", "", "", "", "", ""))
            lines += [_line(each) for each in self.found if each.part == part]
        widths = [max(len(line[place]) for line in [heads, *lines]) for place in range(len(heads))]
        return "\n".join(_aligned(line, widths) for line in [heads, *lines])

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(each) | {"ratio": each.ratio} for each in self.found], indent=1))


def _line(figure: Figure) -> tuple[str, ...]:
    value, baseline = _number(figure.value), _number(figure.baseline)
    return (figure.what, value, baseline, figure.unit, f"{figure.ratio:.2f}", figure.against)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _aligned(line: tuple[str, ...], widths: list[int]) -> str:
    right = (1, 2, 4)
    cells = [
        text.rjust(width) if place in right else text.ljust(width)
        for place, (text, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
