"""Learns forests from rows of features, by gradient boosting (LightGBM), the same for the same rows. Pure.

The library is loaded only when something is learnt: forecasting does without (see `forest`).
"""

from typing import Any

import numpy as np

from simos.kernel.errors import Invalid
from simos.modules.mobility.parking.rules.forest import LEAF, Forest
from simos.modules.mobility.parking.rules.grid import Floats

MIDDLE: dict[str, Any] = {"objective": "l1", "num_leaves": 127, "min_data_in_leaf": 50}
"""For the middle forecast: the mean absolute error is what is judged."""

EDGE: dict[str, Any] = {"objective": "quantile", "num_leaves": 31, "min_data_in_leaf": 100}
"""For an end of the interval; `alpha` says which."""

SHARED: dict[str, Any] = {
    "learning_rate": 0.1,
    "feature_fraction": 0.7,
    "max_bin": 127,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def learn(features: Floats, labels: Floats, *, how: dict[str, Any], trees: int, threads: int) -> Any:
    """A LightGBM booster. Invalid, saying what to install, where the library cannot be loaded."""
    try:
        import lightgbm
    except OSError as error:  # its wheel needs the system's OpenMP
        raise Invalid(
            f"forecasts cannot be learnt here: LightGBM does not load ({error}). On Debian: apt-get install libgomp1"
        ) from None
    settings = SHARED | how | {"num_threads": threads}
    return lightgbm.train(settings, lightgbm.Dataset(features, labels), trees)


def forest_of(booster: Any) -> Forest:
    """The same trees as plain arrays."""
    nodes: list[tuple[int, float, int, int, bool, float]] = []

    def add(node: dict[str, Any]) -> int:
        place = len(nodes)
        if "split_feature" not in node:
            nodes.append((LEAF, 0.0, place, place, False, float(node["leaf_value"])))
            return place
        if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
            raise ValueError("only splits of numbers, with NaN for the unknown, are understood")
        nodes.append((0, 0.0, 0, 0, False, 0.0))
        left, right = add(node["left_child"]), add(node["right_child"])
        # Where training saw nothing unknown the library takes NaN for 0.
        unknown_left = node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0.0
        nodes[place] = (node["split_feature"], float(node["threshold"]), left, right, bool(unknown_left), 0.0)
        return place

    roots = [add(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    features, thresholds, left, right, unknown_left, values = zip(*nodes, strict=True)
    return Forest(
        roots=np.array(roots, dtype=np.int32),
        features=np.array(features, dtype=np.int32),
        thresholds=np.array(thresholds, dtype=np.float64),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        unknown_left=np.array(unknown_left, dtype=np.bool_),
        values=np.array(values, dtype=np.float64),
    )
