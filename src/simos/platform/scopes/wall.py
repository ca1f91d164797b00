"""The wall between cities: the model that every module's city rows derive from. It fails closed.

The condition is put into every query and reads who acts when the query *runs*. So a form or a view may be defined at
import, and a query that outlives its request finds nobody and raises. Joins that start from a table without a city do
not pass the wall: start from the city's rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Never

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models import F, Func

from simos.platform.scopes.acting import city_in_force
from simos.platform.scopes.errors import AnotherCity, NoCity, ScopeError
from simos.platform.scopes.models import City


class InCityInForce(Func):
    """True for rows of the city in which one acts, as SQL. NobodyActs or NoCity when the query runs outside of one."""

    conditional = True

    def __init__(self, city: Any = None) -> None:
        super().__init__(F("city") if city is None else city, output_field=models.BooleanField())

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        city = city_in_force()
        if city is None:
            raise FullResultSet
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"{sql} = %s", (*params, city)


def settle(row: Any) -> None:
    """`row` names a city in which one may write just now: the one in force if it named none. ScopeError otherwise."""
    city = city_in_force()
    if city is None:
        if not row.city_id:
            raise NoCity("a row written across cities must name its city")
    elif not row.city_id:
        row.city_id = city
    elif row.city_id != city:
        raise AnotherCity(f"a row of {row.city_id} cannot be written while acting in {city}")


def _refuse_moving(fields: Iterable[str]) -> None:
    if {"city", "city_id"} & set(fields):
        raise ScopeError("a row never moves to another city")


class ScopedQuerySet(models.QuerySet[Any]):
    """Reads and writes of one city's rows. Raw SQL has no wall and is refused."""

    def update(self, **kwargs: Any) -> int:
        _refuse_moving(kwargs)
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Sequence[str], batch_size: int | None = None) -> int:  # type: ignore[override]
        _refuse_moving(fields)
        rows = list(objs)
        for row in rows:
            settle(row)
        return super().bulk_update(rows, fields, batch_size=batch_size)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("update_conflicts") and not {"city", "city_id"} & set(kwargs.get("unique_fields") or ()):
            raise ScopeError("an upsert must match by the city too, or it could overwrite another city's row")
        rows = list(objs)
        for row in rows:
            settle(row)
        return super().bulk_create(rows, *args, **kwargs)

    def raw(self, *_: Any, **__: Any) -> Never:
        raise ScopeError("raw SQL does not stop at the wall between cities")

    def _insert(self, objs: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
        for row in objs:  # whatever way an insert comes, loading a fixture among them
            settle(row)
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The default and the base manager of a city's rows; a manager of one's own derives from it."""

    def get_queryset(self) -> ScopedQuerySet:
        rows: ScopedQuerySet = super().get_queryset().filter(InCityInForce())
        return rows

    def raw(self, *_: Any, **__: Any) -> Never:
        self.get_queryset().raw()


class ScopedModel(models.Model):
    """A row that belongs to one city, given by who acts, never by a form. Its Meta derives from `ScopedModel.Meta`."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, editable=False, related_name="+")

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        settle(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        settle(self)
        return super().delete(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        settle(self)
        super().full_clean(*args, **kwargs)
