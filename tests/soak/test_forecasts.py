"""Forecasts of five real cities' September, as issue 4 asks for them: better than drift, with intervals that hold."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simos.modules.mobility.parking.commands.judged import backtest

pytestmark = [pytest.mark.soak, pytest.mark.data]
HORIZONS = ("30", "60", "120")


def test_september_of_five_cities(shared_data: Path):
    parking = shared_data / "mobility/parking"
    files = (
        "--facilities",
        parking / "german_parking_meta.csv",
        "--counts",
        parking / "german_parking_free_2025.csv.gz",
    )
    span = ("--train-to", "2025-09-01", "--test-to", "2025-10-01", "--horizons", ",".join(HORIZONS), "--json")
    answer = CliRunner().invoke(backtest, [*map(str, files), *span])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["facilities"] == 84
    assert set(found["places"]) == {"Bonn", "Braunschweig", "Dresden", "Heilbronn", "Ingolstadt"}
    for horizon in HORIZONS:
        whole = found["horizons"][horizon]
        assert whole["model_mae_pct"] <= 0.88 * whole["drift_mae_pct"]
        assert 77 <= whole["interval_coverage"] <= 83
        for place in found["places"].values():
            judged = place["horizons"][horizon]
            assert judged["model_mae_pct"] <= 0.93 * judged["drift_mae_pct"]
            assert 74 <= judged["interval_coverage"] <= 86
