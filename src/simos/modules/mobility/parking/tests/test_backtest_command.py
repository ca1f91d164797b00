"""The backtest as an operator runs it: on any files of the form, with one JSON on stdout and the rest on stderr."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simos.modules.mobility.parking.commands.judged import backtest
from simos.modules.mobility.parking.tests.made_up import panel

META = "place_id,place_name,city_name,num_all,source_id\nfirst-p0,P 0,First,100,first\nfirst-p1,P 1,First,,first\n"
RECORD = panel(facilities=3, weeks=5)
CODES = ("first-p0", "first-p1", "unheard-of")


def stamp(point: int) -> str:
    day, quarter = divmod(point, 96)
    return f"2025-{1 + (5 + day) // 31:02}-{(5 + day) % 31 + 1:02}T{quarter // 4:02}:{quarter % 4 * 15:02}Z"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    rows = [
        f"{stamp(point)},{code},{round(float(share) * 100)}\n"
        for point in range(RECORD.points)
        for code, share in zip(CODES, RECORD.shares[:, point], strict=True)
        if share == share
    ]
    (tmp_path / "meta.csv").write_text(META)
    with gzip.open(tmp_path / "counts.csv.gz", "wt") as file:
        file.write("timestamp_utc,place_id,free\n" + "".join(rows) + "2025-01-20T00:00Z,first-p0,-3\n")
    return ["--facilities", str(tmp_path / "meta.csv"), "--counts", str(tmp_path / "counts.csv.gz")]


def run(*options: str):
    return CliRunner().invoke(backtest, options)


def test_it_prints_one_json_of_the_form_agreed(files):
    answer = run(*files, "--train-to", "2025-02-03", "--test-to", "2025-02-08", "--horizons", "30,120", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert set(found) == {"horizons", "facilities", "left_out", "train_seconds", "places"}
    assert set(found["places"]) == {"First", "other"}
    assert (found["facilities"], found["left_out"]) == (3, 0)
    for judged in (found["horizons"], found["places"]["First"]["horizons"]):
        assert set(judged) == {"30", "120"}
        for score in judged.values():
            assert set(score) == {
                "model_mae_pct",
                "persistence_mae_pct",
                "drift_mae_pct",
                "interval_coverage",
                "points",
            }
            assert score["points"] > 0
    assert "1 rows left out" in answer.stderr


def test_people_get_a_table(files):
    answer = run(*files, "--train-to", "2025-02-03", "--test-to", "2025-02-08", "--horizons", "60")
    assert answer.exit_code == 0, answer.output
    assert "First" in answer.stdout
    assert "3 facilities, 0 left out" in answer.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--train-to", "2025-02-08", "--test-to", "2025-02-03"), "--train-to is before --test-to"),
        (("--train-to", "2025-02-03", "--test-to", "2025-02-08", "--horizons", "20"), "multiples of 15"),
        (("--train-to", "2024-02-03", "--test-to", "2024-02-08"), "no counts before 2024-02-03"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_reason(files, options, said):
    answer = run(*files, *options)
    assert answer.exit_code != 0
    assert said in f"{answer.output}{answer.exception}"


@pytest.mark.data
def test_real_counts_of_a_city_are_forecast_better_than_by_drift(tmp_path: Path, shared_data: Path):
    parking = shared_data / "mobility/parking"
    with gzip.open(parking / "german_parking_free_2025.csv.gz", "rt") as whole, (tmp_path / "c.csv").open("w") as part:
        part.write(next(whole))
        part.writelines(row for row in whole if "2025-04-01" <= row < "2025-07-01" and "ingolstadt" in row)
    answer = run(
        *("--facilities", str(parking / "german_parking_meta.csv"), "--counts", str(tmp_path / "c.csv")),
        *("--train-to", "2025-06-15", "--test-to", "2025-07-01", "--horizons", "60", "--json"),
    )
    assert answer.exit_code == 0, answer.output
    judged = json.loads(answer.stdout)["places"]["Ingolstadt"]["horizons"]["60"]
    assert judged["model_mae_pct"] < 0.93 * judged["drift_mae_pct"]
    assert 74 <= judged["interval_coverage"] <= 86
