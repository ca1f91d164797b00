"""Measurements that take turns: what else the machine does meanwhile then spoils a round of each, not the ratio."""

from collections.abc import Callable, Mapping

from tests.bench.http_load import Load

ROUNDS = 2


def best_rates(measures: Mapping[str, Callable[[str], float]]) -> dict[str, float]:
    """The highest rate of each. A measure is given the name of the round, for things that must be new in it."""
    found = dict.fromkeys(measures, 0.0)
    for place in range(ROUNDS):
        for name, measure in measures.items():
            found[name] = max(found[name], measure(f"r{place}"))
    return found


def best_loads(measures: Mapping[str, Callable[[], Load]]) -> dict[str, Load]:
    """Of each the load whose middle latency is the lowest."""
    found: dict[str, Load] = {}
    for _ in range(ROUNDS):
        for name, measure in measures.items():
            load = measure()
            found[name] = min(found.get(name, load), load, key=lambda each: each.percentile(50))
    return found
