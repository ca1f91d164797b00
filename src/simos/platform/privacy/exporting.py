"""Making a copy of a person's data: a ZIP with JSON, a page to read, and their files. Killed, it is made anew."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Any
from uuid import UUID

import orjson
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from simos.kernel.acting import FEDERATION
from simos.kernel.clock import now
from simos.platform.files import disk
from simos.platform.files.actions import attach
from simos.platform.files.kinds import Kind
from simos.platform.files.models import StoredFile
from simos.platform.files.queries import owner_of
from simos.platform.files.receiving import keep_made
from simos.platform.files.values import Purpose
from simos.platform.messages.actions import send
from simos.platform.privacy.addresses import page
from simos.platform.privacy.models import DataExport
from simos.platform.privacy.parts import parts, person_of, steps
from simos.platform.privacy.queries import Section, held_in
from simos.platform.privacy.reading import Read, as_read, reads_of

KEPT_FOR = timedelta(days=7)
ZIP = Kind("ZIP", "application/zip", (".zip",))
COPY = Purpose(name="my-data", kinds=(ZIP,), most_bytes=2_000_000_000, keep=KEPT_FOR)
_CHUNK = 1 << 20


def export(task: str) -> None:
    """The copy is there for its person alone, for a week, and they are told."""
    asked = DataExport.objects.select_related("party").get(pk=task)
    if asked.ended_at:
        return
    sections = _gathered(asked)
    reads = [as_read(row) for row in reads_of(asked.party_id).iterator()]
    with tempfile.TemporaryFile() as opened:
        _write(opened, asked, sections, reads)
        opened.seek(0)
        chunks = iter(lambda: opened.read(_CHUNK), b"")
        received = keep_made(chunks, name="simos-my-data.zip", kind=ZIP, purpose=COPY, at=now())
    with transaction.atomic():
        fresh = DataExport.objects.select_for_update().filter(pk=task, ended_at=None).first()
        if fresh is None:
            return
        at = now()
        fresh.ended_at, fresh.keep_until = at, at + KEPT_FOR
        fresh.save(update_fields=("ended_at", "keep_until"))
        attach(FEDERATION, received, owner=owner_of(fresh), by=fresh.by, at=at, keep_until=fresh.keep_until)
        _tell(fresh)


def _gathered(asked: DataExport) -> list[Section]:
    """From each part in turn, noted for those who watch."""
    person, todo, at = person_of(asked.party), steps(), now()
    DataExport.objects.filter(pk=asked.pk).update(parts=len(todo), done=[])
    found: dict[tuple[str, str], list[Any]] = {}
    done: list[str] = []
    for step in todo:
        for held in held_in(step, person, by=asked.by, at=at):
            found.setdefault((step.part, held.data), []).append((step.scope, held))
        done.append(str(step))
        DataExport.objects.filter(pk=asked.pk).update(done=done)
    return [
        Section(part, data, tuple((scope, held) for scope, held in found.get((part.name, data.name), ()) if held.rows))
        for part in parts()
        for data in part.personal_data
    ]


def _write(opened: IO[bytes], asked: DataExport, sections: Sequence[Section], reads: Sequence[Read]) -> None:
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", orjson.dumps(as_data(asked, sections, reads), option=orjson.OPT_INDENT_2))
        packed.writestr("index.html", as_page(asked, sections, reads))
        for file in _files(sections):
            packed.write(disk.path_of(file.content_id), f"files/{file.pk}-{file.name}")


def _files(sections: Sequence[Section]) -> Iterator[StoredFile]:
    """The person's files; copies made earlier are left out of this one."""
    for section in sections:
        for _, held in section.held:
            for owner in held.files:
                theirs = StoredFile.objects.filter(owner_type=owner.type, owner_id=owner.id)
                yield from theirs.exclude(purpose=COPY.name)


def as_data(asked: DataExport, sections: Sequence[Section], reads: Sequence[Read]) -> dict[str, Any]:
    """The copy for programs: names stay the same in every language."""
    return {
        "person": str(asked.party_id),
        "asked_at": asked.asked_at,
        "held": [
            {
                "module": section.part.name,
                "data": section.data.name,
                "purpose": section.data.purpose.in_(asked.language),
                "legal_basis": section.data.legal_basis,
                "kept_days": section.data.retention.days if section.data.retention else None,
                "tables": [
                    {
                        "scope": str(scope),
                        "table": held.table,
                        "rows": [{name: plain(value) for name, value in row.items()} for row in held.rows],
                    }
                    for scope, held in section.held
                ],
            }
            for section in sections
        ],
        "reads": [
            {
                "at": read.at,
                "scope": str(read.scope),
                "office": read.office,
                "roles": read.roles,
                "channel": str(read.channel),
                "module": read.module,
                "data": read.what,
                "purpose": read.purpose,
                "matter": read.matter,
            }
            for read in reads
        ],
    }


def plain(value: Any) -> Any:
    """A value as JSON can say it."""
    return (
        value if value is None or isinstance(value, str | bool | int | float | datetime | date | UUID) else str(value)
    )


def as_page(asked: DataExport, sections: Sequence[Section], reads: Sequence[Read]) -> str:
    """The copy for people, in one page that needs nothing else."""
    language = asked.language
    blocks = [
        {
            "title": f"{section.part.title.in_(language)}: {section.data.title.in_(language)}",
            "data": section.data,
            "purpose": section.data.purpose.in_(language),
            "tables": [
                table_of(held.columns, held.rows, language) | {"scope": str(scope)} for scope, held in section.held
            ],
        }
        for section in sections
        if section.held
    ]
    with override(language):
        context = {"asked": asked, "blocks": blocks, "reads": reads, "language": language}
        return render_to_string("platform_privacy/export.html", context)


def table_of(columns: Any, rows: Any, language: str) -> dict[str, Any]:
    """Heads and cells as texts in the language."""
    with override(language):
        cells = [[shown(row[name]) for name in columns] for row in rows]
    return {"heads": [title.in_(language) for title in columns.values()], "rows": cells}


def shown(value: Any) -> str:
    """A value as people read it, in the active language."""
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return "–" if value is None or value == "" else str(value)


def _tell(asked: DataExport) -> None:
    with override(asked.party.language):
        until = date_format(localtime(asked.keep_until), "SHORT_DATE_FORMAT")
    key, at = f"export {asked.pk}", asked.ended_at or asked.asked_at
    send(
        FEDERATION,
        to=asked.party,
        template="platform:data-ready",
        context={"until": until},
        link=page("export", asked.party.language),
        key=key,
        by=asked.by,
        at=at,
    )
