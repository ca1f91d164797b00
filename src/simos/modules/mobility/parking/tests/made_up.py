"""Recorded counts that are made up for tests of forecasts: weekly tides with noise, the same for the same seed."""

import numpy as np

from simos.modules.mobility.parking.rules.grid import DAY, STEP, WEEK, Panel

MONDAY = 1_735_689_600 + 5 * 86_400
"""2025-01-06 00:00 UTC."""


def panel(*, facilities: int, weeks: int, seed: int = 0, gaps: float = 0.02) -> Panel:
    """So many facilities, half of them in each of two places, counted for so many weeks with some gaps."""
    drawing = np.random.default_rng(seed)
    points = weeks * WEEK
    hour = np.arange(points) % DAY / 4
    working = np.arange(points) // DAY % 7 < 5
    shares = np.empty((facilities, points), dtype=np.float32)
    for row in range(facilities):
        peak, width, size = drawing.uniform(9, 15), drawing.uniform(2, 4), drawing.uniform(0.4, 0.9)
        tide = size * np.exp(-(((hour - peak) / width) ** 2)) * np.where(working, 1, 0.4)
        wave = np.convolve(drawing.normal(0, 0.02, points + 15), np.ones(16) / 4, "valid")
        shares[row] = np.clip(1 - tide + wave, 0, 1).round(2)
    shares[drawing.random(shares.shape) < gaps] = np.nan
    return Panel(
        codes=tuple(f"p{row}" for row in range(facilities)),
        places=tuple("AB"[row % 2] for row in range(facilities)),
        capacities=np.full(facilities, 100.0),
        start=MONDAY,
        shares=shares,
        ages=np.where(np.isnan(shares), np.nan, np.float32(STEP)).astype(np.float32),
    )
