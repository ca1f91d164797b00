"""Full text behind one condition: FTS5 on SQLite, tsvector on PostgreSQL. Both see folded words only, so that they
answer alike; neither's own ranking, stemming or stop words are used."""

from typing import Any

from django.db import models
from django.db.models import F, Func

TABLE, FULL_TEXT = "platform_search_entry", "platform_search_words"


class Matches(Func):
    """True for entries that hold, for each of `beginnings` (folded words), a word that begins so; `in_title`: there."""

    conditional = True

    def __init__(self, beginnings: tuple[str, ...] = (), *, in_title: bool = False) -> None:
        self.beginnings, self.in_title = beginnings, in_title
        columns = (F("pk"), F("folded_title"), F("folded_body"))
        super().__init__(*columns, output_field=models.BooleanField())

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        key, _title, _body = self._columns(compiler)
        words = " AND ".join(f'"{word}"*' for word in self.beginnings)
        match = f"folded_title : ({words})" if self.in_title else words
        return f"{key} IN (SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH %s)", (match,)  # noqa: S608 - no word of the asker stands in it

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        _key, title, body = self._columns(compiler)
        words = " & ".join(f"'{word}':*" for word in self.beginnings)
        text = words_of(title) if self.in_title else words_of(f"{title} || ' ' || {body}")
        return f"{text} @@ %s::tsquery", (words,)

    def _columns(self, compiler: Any) -> list[str]:
        return [compiler.compile(each)[0] for each in self.get_source_expressions()]


def words_of(text: str) -> str:
    """SQL for the words of a folded text as a tsvector. The index of the first migration is on just this expression."""
    return f"array_to_tsvector(string_to_array(btrim({text}), ' '))"
