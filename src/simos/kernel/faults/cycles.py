"""Imports that go round in a circle, whole files or functions' own imports alike."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from simos.kernel.faults.sources import Fault, Import, Source


def faults_of_cycles(sources: Sequence[Source]) -> Iterator[Fault]:
    """One fault for each circle, until none is left; a package's `__init__` may be imported by what lies inside it."""
    by_name = {source.dotted: source for source in sources}
    graph = {source.dotted: dict(_imported(source, by_name)) for source in sources}
    while circle := _circle(graph):
        importer, imported = circle[0], circle[1]
        line = graph[importer].pop(imported).line
        way = " -> ".join(circle)
        yield by_name[importer].fault(
            line, "cycle", f"imports go in a circle: {way}; move what both need one floor down"
        )


def _imported(source: Source, by_name: Mapping[str, Source]) -> Iterator[tuple[str, Import]]:
    for each in source.imports:
        parts = each.name.split(".")
        found = next((name for end in range(len(parts), 0, -1) if (name := ".".join(parts[:end])) in by_name), None)
        if found is not None and found != source.dotted:
            yield found, each


def _circle(graph: Mapping[str, Mapping[str, Import]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]  # graphlib names each before the one that needs it
    return []
