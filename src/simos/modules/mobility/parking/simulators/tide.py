"""How many spaces of a facility are free at an instant of a played day: a pure function of facility, time and seed."""

import random
from datetime import datetime
from math import exp, pi, sin
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Ljubljana")


def _bump(hour: float, peak: float, width: float) -> float:
    return exp(-(((hour - peak) / width) ** 2))


def free_at(code: str, capacity: int, at: datetime, seed: int) -> int:
    """Free spaces of a facility at an instant: a working day's or a weekend's tide, with waves of its own."""
    own = random.Random(f"{seed} {code}")  # noqa: S311 - play, not secrets
    size, shift, phase = own.uniform(0.75, 1.02), own.uniform(-0.7, 0.7), own.uniform(0, 2 * pi)
    local = at.astimezone(ZONE)
    hour = local.hour + local.minute / 60 + local.second / 3600 + shift
    working = 0.85 * _bump(hour, 10.5, 3.6) + 0.35 * _bump(hour, 17.0, 2.2)
    weekend = 0.55 * _bump(hour, 11.0, 3.0) + 0.3 * _bump(hour, 19.0, 3.0)
    tide = weekend if local.weekday() >= 5 else working
    seconds = at.timestamp()
    waves = 0.03 * sin(seconds / 1700 + phase) + 0.015 * sin(seconds / 97 + 3 * phase)
    occupied = 0.08 + size * tide + waves
    return max(0, round(capacity * (1 - occupied)))
