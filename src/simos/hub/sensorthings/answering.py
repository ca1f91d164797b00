"""A set, or one resource, as SensorThings answers it: chosen, put in order, counted, paged, with what hangs on it.

Blocks: it is asked in a reader's thread.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from simos.hub.problems import BadRequestData, TooManyResults
from simos.hub.sensorthings.conditions import Bound
from simos.hub.sensorthings.options import Options
from simos.hub.sensorthings.resources import RELATIONS, City, Resource, Span
from simos.hub.store.base import AggregateQuery, HistoryQuery

SORTED = 100_000
"""Resources that are put in order at most."""

Document = dict[str, Any]


class Answers:
    """Answers of one city at one address, `base`."""

    def __init__(self, city: City, base: str) -> None:
        self.city, self.base = city, base

    # ---- one resource ----

    def address(self, it: Resource) -> str:
        key = it.id.replace("'", "''")
        return f"{self.base}/{it.kind}('{quote(key, safe=':!')}')"

    def document(self, it: Resource, options: Options) -> Document:
        mine = self.address(it)
        whole: Document = {"@iot.id": it.id, "@iot.selfLink": mine, **it.fields}
        relations = RELATIONS[it.kind]
        whole |= {f"{name}@iot.navigationLink": f"{mine}/{name}" for name in relations}
        if options.select:
            whole = self.selected(it, whole, options)
        for name, inner in options.expand.items():
            whole |= self.expanded(it, name, inner)
        return whole

    def selected(self, it: Resource, whole: Document, options: Options) -> Document:
        found: Document = {}
        for name in options.select:
            if name in ("id", "@iot.id"):
                found["@iot.id"] = it.id
            elif name in RELATIONS[it.kind]:
                found[f"{name}@iot.navigationLink"] = whole[f"{name}@iot.navigationLink"]
            elif name in whole:
                found[name] = whole[name]
            elif name.split("/")[0] in whole:
                found[name.split("/")[0]] = whole[name.split("/")[0]]
        return found

    def expanded(self, it: Resource, name: str, options: Options) -> Document:
        kind, to_many, follow = RELATIONS[it.kind][name]
        if not to_many:
            other = next(follow(self.city, it), None)
            return {name: self.document(other, options) if other is not None else None}
        page = self.page(kind, options, f"{self.address(it)}/{name}", parent=it, relation=name)
        shown = {name: page["value"]}
        if "@iot.count" in page:
            shown[f"{name}@iot.count"] = page["@iot.count"]
        if "@iot.nextLink" in page:
            shown[f"{name}@iot.nextLink"] = page["@iot.nextLink"]
        return shown

    # ---- a set ----

    def page(
        self, kind: str, options: Options, address: str, *, parent: Resource | None = None, relation: str = ""
    ) -> Document:
        """One page of a set: all of `kind`, or those that `relation` of `parent` leads to."""
        if parent is not None and parent.kind == "Datastreams" and kind == "Observations":
            found, total = self.observed(parent, options)
        else:
            every = RELATIONS[parent.kind][relation][2](self.city, parent) if parent else self.city.every(kind)
            found, total = self.judged(every, options)
        content: Document = {}
        if options.count:
            content["@iot.count"] = total
        if len(found) > options.top:
            given = [(name, value) for name, value in options.given if name != "$skip"]
            further = [*given, ("$skip", str(options.skip + options.top))]
            content["@iot.nextLink"] = f"{address}?{urlencode(further, safe='$,/();=', quote_via=quote)}"
        content["value"] = [self.document(each, options) for each in found[: options.top]]
        return content

    def judged(self, every: Iterator[Resource], options: Options) -> tuple[list[Resource], int]:
        """The page with one more than it has room for, and (where it is counted) how many there are in all."""
        if options.condition is not None:
            holds = options.condition.holds
            every = (each for each in every if holds(lambda path, it=each: self.values(it, path)))  # type: ignore[misc]
        if options.order:
            every = iter(self.in_order(every, options))
        page, total, end = list[Resource](), 0, options.skip + options.top + 1
        for total, each in enumerate(every, 1):
            if total > end and not options.count:
                break
            if options.skip < total <= end:
                page.append(each)
        return page, total

    def in_order(self, every: Iterator[Resource], options: Options) -> list[Resource]:
        found = list(islice(every, SORTED + 1))
        if len(found) > SORTED:
            raise TooManyResults(f"More than {SORTED} would have to be put in order: begin with one thing.")
        for path, down in reversed(options.order):
            keyed = [(_rank(next(self.values(each, path), None)), each) for each in found]
            there = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=down)
            found = [each for _, each in there] + [each for rank, each in keyed if rank is None]
        return found

    def values(self, it: Resource, path: Sequence[str]) -> Iterator[Any]:
        """What a path leads to: members, and those of resources that relations lead to."""
        name, *rest = path
        if name in ("id", "@iot.id"):
            yield it.id
        elif name in RELATIONS[it.kind]:
            for other in RELATIONS[it.kind][name][2](self.city, it):
                yield from self.values(other, rest or ("id",))
        elif name in it.fields:
            value = it.fields[name]
            for key in rest:
                value = value.get(key) if isinstance(value, dict) else None
            yield value
        elif name not in _MEMBERS.get(it.kind, frozenset()):
            raise BadRequestData(f"{it.kind} have no {name[:40]!r}.")

    # ---- observations of one datastream: by the store's own index of time ----

    def observed(self, stream: Resource, options: Options) -> tuple[list[Resource], int]:
        """As `judged`. By time alone, in either direction, nothing but the page is read."""
        condition = options.condition
        span = _span(condition.bounds if condition else ())
        by_time = condition is None or condition.only_bounds
        down = options.order[:1] == ((("phenomenonTime",), True),)
        plain = not options.order or (len(options.order) == 1 and options.order[0][0] == ("phenomenonTime",))
        if not (by_time and plain):
            return self.judged(self.city.observations(stream, span), options)
        wanted = options.skip + options.top + 1
        if down:
            newest = list(self.city.observations(stream, span, last=wanted))[::-1]
            page = newest[options.skip : wanted]
        else:
            page = list(islice(self.city.observations(stream, span), options.skip, wanted))
        return page, self.total(stream, span) if options.count else 0

    def total(self, stream: Resource, span: Span) -> int:
        assert stream.entity is not None
        history = HistoryQuery(
            tenant=self.city.tenant,
            entities=(stream.entity.id,),
            attributes=(stream.attribute,),
            datasets=("",),
            since=span[0],
            until=span[1],
        )
        asked = AggregateQuery(history=history, origin=0, width=None, methods=frozenset({"totalCount"}))
        counts = [each.values["totalCount"][0] for each in self.city.reader.aggregates(asked)]
        return sum(int(each) for each in counts if each is not None)


_MEMBERS = {
    "Things": frozenset({"name", "description", "properties"}),
    "Datastreams": frozenset({"observedArea", "phenomenonTime", "resultTime", "properties"}),
    "Observations": frozenset({"parameters", "resultQuality", "validTime"}),
}
"""Members that a resource may lack."""


def _rank(value: Any) -> Any:
    """Something that sorts: numbers before texts, times among texts; None for what has no order."""
    if isinstance(value, bool):
        return (0, float(value), "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, value) if isinstance(value, str) else None


def _span(bounds: Sequence[Bound]) -> Span:
    """The time in which the bounds on phenomenonTime hold: from, and to before."""
    since: int | None = None
    until: int | None = None
    for each in bounds:
        if each.member != "phenomenonTime":
            continue
        first = each.at + (each.op == "gt") if each.op in ("gt", "ge", "eq") else None
        last = each.at + (each.op != "lt") if each.op in ("lt", "le", "eq") else None
        since = first if since is None else max(since, first) if first is not None else since
        until = last if until is None else min(until, last) if last is not None else until
    return since, until
