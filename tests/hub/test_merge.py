"""What writes do: each mode, and the promises that hold for all of them."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.hub.contexts import CORE
from simos.hub.merge import Effect, apply
from simos.hub.ngsild import parse_fragment
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Attributes, ChangeKind, Done, Entity, Instance, Mode, Write
from tests.hub.documents import MINUTE, START, attributes, entity_with, instances

A, B, C = (CORE.expand(each) for each in "ABC")
ID = "urn:ngsi-ld:Thing:1"
NULL = "urn:ngsi-ld:null"
LATER = START + 60 * MINUTE
STAMPS = ("createdAt", "modifiedAt")


def prop(value: Any, *, minute: int | None = None, **members: Any) -> Instance:
    when = {} if minute is None else {"observedAt": text_of_micros(START + minute * MINUTE)}
    return {"type": "Property", "value": value, **when, **members}


def write(mode: Mode, given: Attributes | None = None, **members: Any) -> Write:
    return Write(**{"tenant": "", "id": ID, "mode": mode, "types": (), "attributes": given or {}, **members})


def after(*writes: Write, start: Entity | None = None, at: int = START) -> Entity | None:
    """The present after these writes, a second apart."""
    for number, each in enumerate(writes):
        start = apply(start, each, at=at + number * 1_000_000).entity
    return start


def there(**made: Instance) -> Entity:
    """An entity with these attributes, as it was stored at START."""
    created = apply(None, write(Mode.CREATE, {CORE.expand(n): [i] for n, i in made.items()}, types=("T",)), at=START)
    assert created.entity is not None
    return created.entity


def bare(entity: Entity | None) -> Attributes:
    """The attributes without what the hub adds."""
    assert entity is not None
    return {
        name: [{key: inner for key, inner in each.items() if key not in STAMPS} for each in several]
        for name, several in entity.attributes.items()
    }


def test_create_makes_the_entity_and_its_first_history() -> None:
    effect = apply(None, write(Mode.CREATE, {A: [prop(5, minute=1)], B: [prop("x")]}, types=("T",)), at=LATER)
    assert effect.outcome.done is Done.CREATED
    assert effect.entity is not None
    assert effect.entity.created_at == effect.entity.modified_at == LATER
    assert effect.entity.attributes[A] == [
        prop(5, minute=1, createdAt=text_of_micros(LATER), modifiedAt=text_of_micros(LATER))
    ]
    assert [(each.attribute, each.at, each.number) for each in effect.points] == [
        (A, START + MINUTE, 5.0),
        (B, LATER, None),
    ]
    assert orjson.loads(effect.points[0].instance) == prop(5, minute=1)
    assert effect.change is not None
    assert (effect.change.kind, sorted(effect.change.attributes)) == (ChangeKind.CREATED, [A, B])


@pytest.mark.parametrize(
    ("mode", "done"),
    [
        (Mode.CREATE, Done.EXISTS),
        *(
            (mode, Done.MISSING)
            for mode in Mode
            if mode.value in ("replace", "append", "append-new", "update", "merge")
        ),
        (Mode.PATCH_ATTRIBUTE, Done.MISSING),
        (Mode.DELETE, Done.MISSING),
        (Mode.DELETE_ATTRIBUTE, Done.MISSING),
    ],
)
def test_a_refusal_does_nothing(mode: Mode, done: Done) -> None:
    current = there(A=prop(1)) if done is Done.EXISTS else None
    effect = apply(current, write(mode, {A: [prop(5)]}, types=("T",)), at=LATER)
    assert effect.outcome.done is done
    assert effect.outcome.refused
    assert effect == Effect(entity=current, outcome=effect.outcome)


def test_upsert_overwrites_what_it_names_and_keeps_the_rest() -> None:
    effect = apply(there(A=prop(1), B=prop(2)), write(Mode.UPSERT, {A: [prop(5)]}, types=("S",)), at=LATER)
    assert bare(effect.entity) == {A: [prop(5)], B: [prop(2)]}
    assert effect.entity is not None
    assert effect.entity.types == ("S", "T")
    assert (effect.entity.created_at, effect.entity.modified_at) == (START, LATER)
    (stored,) = effect.entity.attributes[A]
    assert (stored["createdAt"], stored["modifiedAt"]) == (text_of_micros(START), text_of_micros(LATER))
    assert effect.entity.attributes[B][0]["modifiedAt"] == text_of_micros(START)
    assert (effect.outcome.done, effect.outcome.updated) == (Done.UPDATED, (A,))
    assert effect.change is not None
    assert effect.change.kind is ChangeKind.UPDATED
    assert list(effect.change.attributes) == [A]


def test_replace_leaves_nothing_else() -> None:
    effect = apply(there(A=prop(1), B=prop(2)), write(Mode.REPLACE, {C: [prop(5)]}, types=("S",)), at=LATER)
    assert bare(effect.entity) == {C: [prop(5)]}
    assert effect.entity is not None
    assert (effect.entity.types, effect.entity.created_at) == (("S",), START)
    assert effect.change is not None
    assert {name: bool(now) for name, now in effect.change.attributes.items()} == {A: False, B: False, C: True}


def test_replace_or_create_does_either() -> None:
    wanted = write(Mode.REPLACE_OR_CREATE, {A: [prop(5)]}, types=("T",))
    assert apply(None, wanted, at=LATER).outcome.done is Done.CREATED
    assert bare(apply(there(B=prop(1)), wanted, at=LATER).entity) == {A: [prop(5)]}


def test_append_new_leaves_what_is_there_and_says_so() -> None:
    effect = apply(there(A=prop(1)), write(Mode.APPEND_NEW, {A: [prop(5)], B: [prop(6)]}), at=LATER)
    assert bare(effect.entity) == {A: [prop(1)], B: [prop(6)]}
    assert effect.outcome.updated == (B,)
    assert list(effect.outcome.not_updated) == [A]
    assert [each.attribute for each in effect.points] == [B]


def test_update_changes_only_what_is_there_and_says_so() -> None:
    wanted = write(Mode.UPDATE, {A: [prop(5)], B: [prop(6)], C: [prop(NULL)]})
    effect = apply(there(A=prop(1), C=prop(3)), wanted, at=LATER)
    assert bare(effect.entity) == {A: [prop(5)]}
    assert effect.outcome.updated == (A, C)
    assert list(effect.outcome.not_updated) == [B]
    assert effect.change is not None
    assert effect.change.attributes[C] == []


def test_update_of_another_dataset_is_no_update() -> None:
    effect = apply(there(A=prop(1)), write(Mode.UPDATE, {A: [prop(5, datasetId="urn:d:1")]}), at=LATER)
    assert not effect.changed
    assert effect.outcome.done is Done.UNCHANGED
    assert list(effect.outcome.not_updated) == [A]


def merged(stored: Instance, fragment: Any) -> Any:
    parsed = parse_fragment({"A": fragment}, CORE, merging=True, nulls=True)
    effect = apply(there(A=stored), write(Mode.MERGE, parsed.attributes), at=LATER)
    assert not effect.outcome.refused
    return bare(effect.entity).get(A)


SUB = {CORE.expand("sub"): [prop(1, unitCode="CEL")]}


@pytest.mark.parametrize(
    ("stored", "fragment", "result"),
    [
        (prop(1, unitCode="CEL"), {"value": 2}, [prop(2, unitCode="CEL")]),
        (prop(1, unitCode="CEL"), {"unitCode": "FAH"}, [prop(1, unitCode="FAH")]),
        (prop(1, unitCode="CEL"), {"unitCode": NULL}, [prop(1)]),
        (prop(1), NULL, None),
        (prop({"a": 1, "b": {"c": 2, "d": 3}}), {"value": {"b": {"c": NULL}}}, [prop({"a": 1, "b": {"d": 3}})]),
        (prop({"a": 1}), {"value": [1]}, [prop([1])]),
        (prop(1, **SUB), {"sub": {"value": 2}}, [prop(1, **{CORE.expand("sub"): [prop(2, unitCode="CEL")]})]),
        (prop(1, **SUB), {"sub": NULL}, [prop(1)]),
        (prop(1), {"new": 5}, [prop(1, **{CORE.expand("new"): [prop(5)]})]),
        (prop(1, unitCode="CEL"), {"object": "urn:x:1"}, [{"type": "Relationship", "object": "urn:x:1"}]),
        (
            {"type": "LanguageProperty", "languageMap": {"sl": "a", "it": "b"}},
            {"languageMap": {"it": NULL, "en": "c"}},
            [{"type": "LanguageProperty", "languageMap": {"sl": "a", "en": "c"}}],
        ),
        (
            {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [1, 2]}},
            {"value": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
            [{"type": "GeoProperty", "value": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}],
        ),
    ],
)
def test_merge_goes_into_the_members(stored: Instance, fragment: Any, result: Any) -> None:
    assert merged(stored, fragment) == result


def test_merge_adds_what_is_new_but_not_half_an_attribute() -> None:
    added = apply(there(A=prop(1)), write(Mode.MERGE, {B: [prop({"a": 1, "b": NULL})]}), at=LATER)
    assert bare(added.entity) == {A: [prop(1)], B: [prop({"a": 1})]}
    half = apply(there(A=prop(1)), write(Mode.MERGE, {B: [{"unitCode": "CEL"}]}), at=LATER)
    assert half.outcome.done is Done.REFUSED
    assert B in half.outcome.detail
    assert not half.changed


def patched(stored: Instance, fragment: Any) -> Effect:
    parsed = parse_fragment({"A": fragment}, CORE, partial=True)
    return apply(there(A=stored), write(Mode.PATCH_ATTRIBUTE, parsed.attributes), at=LATER)


@pytest.mark.parametrize(
    ("stored", "fragment", "result"),
    [
        (prop(1, unitCode="CEL"), {"value": 2}, {A: [prop(2, unitCode="CEL")]}),
        (prop({"a": 1, "b": 2}), {"value": {"a": 5}}, {A: [prop({"a": 5})]}),
        (prop(1, unitCode="CEL"), {"unitCode": NULL}, {A: [prop(1)]}),
        (prop(1, **SUB), {"sub": NULL}, {A: [prop(1)]}),
        (prop(1), {"value": NULL}, {}),
        ({"type": "GeoProperty", "value": {"type": "Point", "coordinates": [1, 2]}}, {"value": NULL}, {}),
    ],
)
def test_part_of_an_attribute(stored: Instance, fragment: Any, result: Attributes) -> None:
    assert bare(patched(stored, fragment).entity) == result


def test_a_patch_cannot_change_the_kind_or_what_is_not_there() -> None:
    assert patched(prop(1), {"object": "urn:x:1"}).outcome.done is Done.REFUSED
    missing = patched(prop(1), {"value": 5, "datasetId": "urn:d:1"})
    assert missing.outcome.done is Done.NO_ATTRIBUTE
    assert "urn:d:1" in missing.outcome.detail


def test_delete_says_what_was_there_and_loses_no_history() -> None:
    effect = apply(there(A=prop(1)), write(Mode.DELETE), at=LATER)
    assert (effect.entity, effect.changed, effect.removed, effect.points) == (None, True, True, ())
    assert effect.change is not None
    assert (effect.change.kind, effect.change.types, effect.change.attributes) == (ChangeKind.DELETED, ("T",), {A: []})


def test_delete_of_one_dataset_or_of_all() -> None:
    current = apply(
        there(A=prop(1), B=prop(2)), write(Mode.APPEND, {A: [prop(3, datasetId="urn:d:1")]}), at=LATER
    ).entity
    one = apply(current, write(Mode.DELETE_ATTRIBUTE, {A: [{"datasetId": "urn:d:1"}]}), at=LATER)
    assert bare(one.entity) == {A: [prop(1)], B: [prop(2)]}
    assert one.outcome.done is Done.DELETED
    every = apply(current, write(Mode.DELETE_ATTRIBUTE, {A: [{}]}, all_datasets=True), at=LATER)
    assert bare(every.entity) == {B: [prop(2)]}
    assert every.change is not None
    assert every.change.attributes == {A: []}
    none = apply(current, write(Mode.DELETE_ATTRIBUTE, {A: [{"datasetId": "urn:d:9"}]}), at=LATER)
    assert none.outcome.done is Done.NO_ATTRIBUTE


def test_record_touches_history_alone() -> None:
    several = [prop(n, minute=n) for n in range(3)]
    for current in (None, there(A=prop(9))):
        effect = apply(current, write(Mode.RECORD, {A: several}), at=LATER)
        assert [each.at for each in effect.points] == [START + n * MINUTE for n in range(3)]
        assert (effect.entity, effect.changed, effect.change) == (current, False, None)


def test_a_late_measurement_goes_to_history_and_the_present_stays() -> None:
    current = there(A=prop(5, minute=5))
    effect = apply(current, write(Mode.UPSERT, {A: [prop(3, minute=3)]}), at=LATER)
    assert effect.entity is current
    assert (effect.changed, effect.change, effect.outcome.done) == (False, None, Done.UNCHANGED)
    assert [(each.at, each.number) for each in effect.points] == [(START + 3 * MINUTE, 3.0)]


def test_what_claims_to_be_from_the_future_holds_up_nothing() -> None:
    current = there(A=prop(5, minute=60 * 24))
    effect = apply(current, write(Mode.UPSERT, {A: [prop(3, minute=3)]}), at=START + 4 * MINUTE)
    assert bare(effect.entity) == {A: [prop(3, minute=3)]}


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    current = there(A=prop(5, minute=8))
    effect = apply(current, write(Mode.UPSERT, {A: [prop(3, minute=3)]}), at=START + 4 * MINUTE)
    assert (effect.changed, len(effect.points)) == (False, 1)


def test_half_a_second_later_is_later() -> None:
    whole = {"type": "Property", "value": 1, "observedAt": "2025-09-01T00:00:00Z"}
    half = {"type": "Property", "value": 2, "observedAt": "2025-09-01T00:00:00.500000Z"}
    assert bare(after(write(Mode.UPSERT, {A: [half]}, types=("T",)), write(Mode.UPSERT, {A: [whole]}))) == {A: [half]}
    assert bare(after(write(Mode.UPSERT, {A: [whole]}, types=("T",)), write(Mode.UPSERT, {A: [half]}))) == {A: [half]}


def test_another_value_at_the_same_time_corrects_the_present() -> None:
    effect = apply(there(A=prop(5, minute=5)), write(Mode.UPSERT, {A: [prop(6, minute=5)]}), at=LATER)
    assert bare(effect.entity) == {A: [prop(6, minute=5)]}
    assert [each.at for each in effect.points] == [START + 5 * MINUTE]


@pytest.mark.parametrize(("first", "second"), [(1, True), (1, 1.0), (0, False), ([1], [True])])
def test_values_that_only_python_takes_for_equal_are_changes(first: Any, second: Any) -> None:
    effect = apply(there(A=prop(first, minute=1)), write(Mode.UPSERT, {A: [prop(second, minute=1)]}), at=LATER)
    assert effect.changed


def test_without_a_time_every_write_counts() -> None:
    effect = apply(there(A=prop(5)), write(Mode.UPSERT, {A: [prop(5)]}), at=LATER)
    assert effect.changed
    assert [each.at for each in effect.points] == [LATER]


modes = st.sampled_from(list(Mode))
stored = st.none() | attributes().map(entity_with).map(
    lambda entity: (
        apply(None, write(Mode.CREATE, entity.attributes, types=entity.types, scopes=entity.scopes), at=START).entity
    )
)


@given(stored, modes, attributes())
def test_nothing_given_is_changed_in_place(current: Entity | None, mode: Mode, made: Attributes) -> None:
    wanted = write(mode, made, types=("T",))
    copies = deepcopy((current, wanted))
    apply(current, wanted, at=LATER)
    assert (current, wanted) == copies


@given(stored, modes, attributes())
def test_an_effect_agrees_with_itself(current: Entity | None, mode: Mode, made: Attributes) -> None:
    effect = apply(current, write(mode, made, types=("T",)), at=LATER)
    assert effect.changed == (effect.change is not None)
    assert effect.removed == (effect.changed and effect.entity is None)
    if effect.outcome.refused:
        assert not effect.changed
        assert not effect.points
    if not effect.changed:
        assert effect.entity is current
    elif effect.entity is not None:
        assert effect.change is not None
        for name, now in effect.change.attributes.items():
            assert effect.entity.attributes.get(name, []) == now
        untouched = set(effect.entity.attributes) - set(effect.change.attributes)
        assert current is not None or not untouched
        assert all(effect.entity.attributes[n] is current.attributes[n] for n in untouched if current)
        assert all(effect.entity.attributes.values()), "an attribute without instance is no attribute"


@given(stored, attributes(), st.sampled_from([Mode.UPSERT, Mode.REPLACE_OR_CREATE]))
def test_sending_the_same_again_changes_nothing(current: Entity | None, made: Attributes, mode: Mode) -> None:
    for several in made.values():
        for each in several:
            each["observedAt"] = text_of_micros(START)
    wanted = write(mode, made, types=("T",))
    once = apply(current, wanted, at=LATER)
    again = apply(once.entity, wanted, at=LATER + MINUTE)
    assert not again.changed
    assert again.entity is once.entity
    known = {(each.attribute, each.dataset, each.at, each.instance) for each in once.points}
    for each in again.points:
        assert current is not None
        assert (each.attribute, each.dataset, each.at, each.instance) in known


measurements = st.lists(
    st.tuples(st.sampled_from([A, B]), st.integers(0, 20), st.sampled_from(["", "urn:d:1"]), instances(depth=0)),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each[:3],
)


def as_write(attribute: str, minute: int, dataset: str, instance: Instance) -> Write:
    made = {**instance, "observedAt": text_of_micros(START + minute * MINUTE)}
    return write(Mode.UPSERT, {attribute: [{**made, "datasetId": dataset} if dataset else made]}, types=("T",))


@given(measurements, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_to_the_present(given: Any, chance: Any) -> None:
    writes = [as_write(*each) for each in given]
    shuffled = list(writes)
    chance.shuffle(shuffled)

    def present(entity: Entity | None) -> Any:
        return {(name, each.get("datasetId")): each for name, several in bare(entity).items() for each in several}

    after_all = START + 30 * MINUTE
    assert present(after(*writes, at=after_all)) == present(after(*shuffled, at=after_all))


@given(measurements)
def test_history_loses_no_measurement(given: Any) -> None:
    current, points = None, set()
    for number, each in enumerate(given):
        effect = apply(current, as_write(*each), at=LATER + number)
        current = effect.entity
        points |= {(point.attribute, point.at, point.dataset, point.instance) for point in effect.points}
    wanted = set()
    for each in given:
        ((name, (instance,)),) = as_write(*each).attributes.items()
        canonical = orjson.dumps(instance, option=orjson.OPT_SORT_KEYS)
        wanted.add((name, START + each[1] * MINUTE, each[2], canonical))
    assert points == wanted
