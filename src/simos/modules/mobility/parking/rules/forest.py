"""Regression trees as plain arrays: a forecast needs numpy only, a stored model holds no code. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from simos.modules.mobility.parking.rules.grid import Doubles, Flags, Floats

Places = npt.NDArray[np.int32]
LEAF = -1
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees one after another in one array of nodes; `roots`: where each begins. A node with the feature LEAF bears
    its tree's value; another goes left where the feature is at most `threshold`, or is unknown and `unknown_left`."""

    roots: Places
    features: Places
    thresholds: Doubles
    left: Places
    right: Places
    unknown_left: Flags
    values: Doubles

    def predict(self, rows: Floats) -> Doubles:
        """The sum of all trees' values for each row of features."""
        parts = [self._sum(rows[first : first + ROWS_AT_ONCE]) for first in range(0, len(rows), ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _sum(self, rows: Floats) -> Doubles:
        nodes = np.tile(self.roots, (len(rows), 1))
        line = np.arange(len(rows))[:, None]
        while True:
            feature = self.features[nodes]
            inner = feature != LEAF
            if not inner.any():
                return np.asarray(self.values[nodes].sum(axis=1), dtype=np.float64)
            seen = rows[line, np.maximum(feature, 0)].astype(np.float64)
            goes_left = np.where(np.isnan(seen), self.unknown_left[nodes], seen <= self.thresholds[nodes])
            nodes = np.where(inner, np.where(goes_left, self.left[nodes], self.right[nodes]), nodes)

    def as_arrays(self, name: str) -> Mapping[str, npt.NDArray[np.generic]]:
        """The arrays by a name each, as `of_arrays` takes them."""
        return {f"{name}.{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_arrays(cls, name: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> "Forest":
        """The inverse of `as_arrays`; KeyError where one is missing."""
        return cls(**{field.name: arrays[f"{name}.{field.name}"] for field in fields(cls)})  # type: ignore[arg-type]
