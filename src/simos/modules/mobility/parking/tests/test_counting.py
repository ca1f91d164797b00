"""Gates and single spaces add up to the same, whatever came twice, late or in another order."""

from hypothesis import given
from hypothesis import strategies as st

from simos.modules.mobility.parking.rules.counting import Gate, free_by_gates, free_by_spots

CAPACITY = 50
totals = st.integers(0, 10_000)
gates = st.builds(
    lambda entered, left, came, went: Gate(
        entered=entered + came, left=left + went, entered_before=entered, left_before=left
    ),
    totals,
    totals,
    st.integers(0, 200),
    st.integers(0, 200),
)


@given(st.lists(gates, max_size=5), st.integers(0, CAPACITY))
def test_free_is_what_was_free_less_what_came_and_what_was_clamped_is_told(given_gates, before):
    found = free_by_gates(given_gates, capacity=CAPACITY, free_before=before)
    assert found is not None
    came = sum(gate.entered - gate.entered_before for gate in given_gates)
    went = sum(gate.left - gate.left_before for gate in given_gates)
    assert 0 <= found.free <= CAPACITY
    assert found.free + found.astray == before - came + went
    assert (found.astray == 0) == (0 <= before - came + went <= CAPACITY)


@given(st.lists(gates, max_size=5), st.integers(0, CAPACITY), st.randoms())
def test_the_order_of_gates_does_not_matter(given_gates, before, chance):
    shuffled = list(given_gates)
    chance.shuffle(shuffled)
    assert free_by_gates(shuffled, capacity=CAPACITY, free_before=before) == free_by_gates(
        given_gates, capacity=CAPACITY, free_before=before
    )


@given(st.lists(gates, max_size=3), totals, st.integers(1, 500))
def test_a_gate_that_began_anew_makes_the_sum_unknown(others, before, lost):
    anew = Gate(entered=before, entered_before=before + lost)
    assert free_by_gates([*others, anew], capacity=CAPACITY, free_before=10) is None


@given(st.lists(st.sampled_from(["free", "occupied", "unknown", "closed", "broken", ""])))
def test_a_space_of_which_nothing_is_known_is_not_free_and_is_told(statuses):
    found = free_by_spots(statuses)
    assert found.free == statuses.count("free")
    assert found.free + found.unknown + statuses.count("occupied") + statuses.count("closed") == len(statuses)
