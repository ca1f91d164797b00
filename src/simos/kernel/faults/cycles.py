"""Imports that go round in a circle: between files, and between neighbouring packages at any depth.

Imports inside functions count; those of tests do not, for nothing imports a test.
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from simos.kernel.faults.sources import Fault, Source

Graph = dict[str, dict[str, tuple[Source, int]]]
"""Who imports whom, and the file and line of one import that does."""


def faults_of_cycles(sources: Sequence[Source]) -> Iterator[Fault]:
    """A fault for an import in each circle, until none is left. No import is named twice."""
    told: set[tuple[Source, int]] = set()
    for graph in _graphs(sources):
        while circle := _circle(graph):
            steps = list(pairwise(circle))
            importer, imported = next((step for step in steps if graph[step[0]][step[1]] in told), steps[0])
            source, line = place = graph[importer].pop(imported)
            if place not in told:
                way = " -> ".join(circle)
                yield source.fault(line, "cycle", f"imports go in a circle: {way}; move what both need one floor down")
            told.add(place)


def _graphs(sources: Sequence[Source]) -> Iterator[Graph]:
    """The graph of files first, then one for the children of each package."""
    files: Graph = {source.dotted: {} for source in sources}
    levels: defaultdict[str, Graph] = defaultdict(lambda: defaultdict(dict))
    for source in sources:
        if source.is_test:
            continue
        for each in source.imports:
            target = _file_of(each.name, files)
            if target and target != source.dotted:
                place = (source, each.line)
                files[source.dotted].setdefault(target, place)
                ancestor, child, other = _where_they_part(source.dotted, target)
                if child and other:
                    levels[ancestor][child].setdefault(other, place)
    yield files
    yield from levels.values()


def _file_of(name: str, known: Container[str]) -> str:
    """The file that an imported name is, or in which it is a name; empty where it is none of ours."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def _where_they_part(one: str, other: str) -> tuple[str, str, str]:
    """The package in which both lie, and its children that hold each; a child is empty where one holds the other."""
    ones, others = one.split("."), other.split(".")
    same = next((i for i, (a, b) in enumerate(zip(ones, others, strict=False)) if a != b), None)
    if same is None:
        return "", "", ""
    return ".".join(ones[:same]), ".".join(ones[: same + 1]), ".".join(others[: same + 1])


def _circle(graph: Mapping[str, Mapping[str, object]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]  # graphlib names each before the one that needs it
    return []
