"""Full text beside the entries: on SQLite a table of FTS5 and the triggers that keep it, on PostgreSQL an index.

The table of FTS5 holds no text of its own, but refers to the entries.
"""

from django.db import migrations

_TAKE_OUT = """
INSERT INTO platform_search_words (platform_search_words, rowid, folded_title, folded_body)
VALUES ('delete', old.id, old.folded_title, old.folded_body);
"""
_PUT_IN = """
INSERT INTO platform_search_words (rowid, folded_title, folded_body)
VALUES (new.id, new.folded_title, new.folded_body);
"""
SQLITE = (
    """
    CREATE VIRTUAL TABLE platform_search_words USING fts5 (
        folded_title, folded_body, content='platform_search_entry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4'
    )
    """,
    f"CREATE TRIGGER platform_search_added AFTER INSERT ON platform_search_entry BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER platform_search_removed AFTER DELETE ON platform_search_entry BEGIN {_TAKE_OUT} END",
    f"""
    CREATE TRIGGER platform_search_changed AFTER UPDATE OF folded_title, folded_body ON platform_search_entry
    BEGIN {_TAKE_OUT} {_PUT_IN} END
    """,
)
POSTGRESQL = (
    """
    CREATE INDEX platform_search_words ON platform_search_entry
    USING gin (array_to_tsvector(string_to_array(btrim(folded_title || ' ' || folded_body), ' ')))
    """,
)
FORWARD = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
BACK = {
    "sqlite": (
        *(f"DROP TRIGGER platform_search_{name}" for name in ("added", "removed", "changed")),
        "DROP TABLE platform_search_words",
    ),
    "postgresql": ("DROP INDEX platform_search_words",),
}


def _run(by_database):
    def run(_apps, schema_editor):
        for statement in by_database[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("platform_search", "0001_initial")]
    operations = [migrations.RunPython(_run(FORWARD), _run(BACK))]
