"""Some damaged inputs to each parser, the same in every run; `tests/soak/test_fuzz.py` gives more of them."""

import random

import pytest

from tests.fuzzing import TARGETS, give


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_inputs_are_refused_or_taken(name: str) -> None:
    chance = random.Random(name)
    assert sum(give(TARGETS[name], chance) for _ in range(100))
