"""What a file is, by what is in it, never by what it is called. Only these kinds are taken; pure but for reading it.

Not taken: SVG and HTML (they run scripts), archives (what is in them is not looked at), documents with macros.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import orjson

from simos.platform.files.names import suffix_of

_HEAD = 32
_MOST_ENTRIES = 10_000
_MARKUP = frozenset(("svg", "html"))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MOST_JSON = 20_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name for people, its media type (IANA), and the endings that its names may have."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

PDF = Kind("PDF", "application/pdf", (".pdf",))
PNG = Kind("PNG", "image/png", (".png",))
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"))
GIF = Kind("GIF", "image/gif", (".gif",))
WEBP = Kind("WebP", "image/webp", (".webp",))
DOCX = Kind("Word", f"{_OOXML}.wordprocessingml.document", (".docx",))
XLSX = Kind("Excel", f"{_OOXML}.spreadsheetml.sheet", (".xlsx",))
ODT = Kind("OpenDocument", f"{_ODF}.text", (".odt",))
ODS = Kind("OpenDocument", f"{_ODF}.spreadsheet", (".ods",))
CSV = Kind("CSV", "text/csv", (".csv",))
JSON = Kind("JSON", "application/json", (".json", ".geojson"))
XML = Kind("XML", "application/xml", (".xml", ".gml", ".gpx", ".kml"))
TXT = Kind("text", "text/plain", (".txt",))

IMAGES = (JPEG, PNG, WEBP, GIF)
DOCUMENTS = (PDF, DOCX, XLSX, ODT, ODS)
DATA = (CSV, JSON, XML, TXT)
"""Texts: the ending says which, and the content is held against it."""
KINDS = (*DOCUMENTS, *IMAGES, *DATA)
SUFFIXES = frozenset(suffix for kind in KINDS for suffix in kind.suffixes)


def kind_of(path: Path, name: str) -> Kind | None:
    """What the file at `path` is, among all the kinds that are taken; None: none of them. `name` only parts texts."""
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    for kind, fits in _BY_HEAD:
        if fits(head):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    kind = next((each for each in DATA if suffix_of(name) in each.suffixes), TXT)
    return kind if _TEXTS[kind](path) else None


_BY_HEAD: Iterable[tuple[Kind, Callable[[bytes], bool]]] = (
    (PDF, lambda head: head.startswith(b"%PDF-")),
    (PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR"),
    (JPEG, lambda head: head.startswith(b"\xff\xd8\xff")),
    (GIF, lambda head: head.startswith((b"GIF87a", b"GIF89a"))),
    (WEBP, lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
)


def _zipped(path: Path) -> Kind | None:
    """An office document without macros. Of its parts only the few bytes that tell its kind are unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            if len(names) > _MOST_ENTRIES or any("vbaproject" in each.lower() for each in names):
                return None
            if "mimetype" in names:
                with packed.open("mimetype") as said:
                    found = said.read(100).decode("ascii", "replace").strip()
                macros = any(each.startswith(("Basic/", "Scripts/")) for each in names)
                return next((each for each in (ODT, ODS) if each.media_type == found and not macros), None)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _OOXML_PARTS if part in names), None)


_OOXML_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))


def _is_text(path: Path) -> bool:
    """No sign that no text has. UTF-8, or an older code of one byte a sign such as windows-1250."""
    with path.open("rb") as opened:
        return not any(_CONTROL.search(part) for part in iter(lambda: opened.read(1 << 16), b""))


def _is_json(path: Path) -> bool:
    if path.stat().st_size > _MOST_JSON:
        return False
    try:
        orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return False
    return True


class _Refused(Exception):
    """This XML is not taken."""


def _is_xml(path: Path) -> bool:
    """Well formed, without a document type (entities can blow up or fetch), and no page or drawing at any depth."""

    def refuse(*_: object) -> None:
        raise _Refused

    def element(name: str, _attributes: object) -> None:
        if name.rpartition(":")[2].lower() in _MARKUP:
            raise _Refused

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = element
    try:
        with path.open("rb") as opened:
            parser.ParseFile(opened)
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return False
    return True


_TEXTS: dict[Kind, Callable[[Path], bool]] = {CSV: _is_text, TXT: _is_text, JSON: _is_json, XML: _is_xml}
