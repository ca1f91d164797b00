"""What a file is told by its content, whatever its name; names are made harmless; SVG, HTML and macros stay out."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.platform.files import kinds
from simos.platform.files.kinds import KINDS, SUFFIXES, kind_of
from simos.platform.files.names import LONGEST, safe_name, suffix_of


def packed(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def ooxml(part: str, *more: str) -> bytes:
    return packed(**{"[Content_Types]_xml": "<Types/>", part: "<x/>"}, **dict.fromkeys(more, "x"))


def odf(kind: str, *more: str) -> bytes:
    return packed(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_xml="<x/>", **dict.fromkeys(more, "x"))


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

TAKEN = [
    (b"%PDF-1.7\n%\xe2\xe3", "x.exe", kinds.PDF),
    (PNG, "x.jpg", kinds.PNG),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "x", kinds.JPEG),
    (b"GIF89a\x01\0\x01\0", "x.svg", kinds.GIF),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "x.webp", kinds.WEBP),
    (ooxml("word__document_xml"), "x.docx", kinds.DOCX),
    (ooxml("xl__workbook_xml"), "x", kinds.XLSX),
    (odf("text"), "x.odt", kinds.ODT),
    (odf("spreadsheet"), "x.zip", kinds.ODS),
    ("ime;št.\nGlazija;12\n".encode(), "x.CSV", kinds.CSV),
    ("ime;št.\nŽalec;12\n".encode("cp1250"), "x.csv", kinds.CSV),
    ("\ufeffime\n".encode(), "x.csv", kinds.CSV),
    ("Čakalna doba".encode(), "x.txt", kinds.TXT),
    (b"plain words", "x.exe", kinds.TXT),
    (b'{"type": "FeatureCollection"}', "x.geojson", kinds.JSON),
    (b'<?xml version="1.0"?><gpx><trk/></gpx>', "x.gpx", kinds.XML),
]
REFUSED = {
    "a program": (b"MZ\x90\0\x03\0", "x.pdf"),
    "an ELF program": (b"\x7fELF\x02\x01", "x.png"),
    "a drawing that runs scripts": (SVG, "x.xml"),
    "one within XML": (b"<a><b>" + SVG + b"</b></a>", "x.xml"),
    "one with a prefix": (b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "x.xml"),
    "a page as XML": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "x.xml"),
    "XML with entities": (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "x.xml"),
    "broken XML": (b"<a>", "x.xml"),
    "XML in an unknown code": (b'<?xml version="1.0" encoding="x-lost"?><a/>', "x.xml"),
    "broken JSON": (b"{", "x.json"),
    "JSON too deep": (b"[" * 100_000, "x.json"),
    "a plain archive": (packed(a="b"), "x.docx"),
    "Word with macros": (ooxml("word__document_xml", "word__vbaProject.bin"), "x.docx"),
    "OpenDocument with macros": (odf("text", "Basic__script-lc"), "x.odt"),
    "an OpenDocument kind not taken": (odf("graphics"), "x.odg"),
    "a broken archive": (ooxml("word__document_xml")[:-30], "x.docx"),
    "text with a zero": (b"a\0b", "x.txt"),
    "UTF-16": ("ime;1".encode("utf-16"), "x.csv"),
    "a picture with an empty head": (b"\x89PNG\r\n\x1a\n", "x.png"),
}


@pytest.mark.parametrize(("content", "name", "kind"), TAKEN, ids=[f"{each[2].name} {each[1]}" for each in TAKEN])
def test_a_file_is_what_its_content_is(tmp_path, content, name, kind):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert kind_of(path, name) == kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_nothing(tmp_path, what):
    path = tmp_path / "file"
    path.write_bytes(REFUSED[what][0])
    assert kind_of(path, REFUSED[what][1]) is None


@given(content=st.binary(min_size=1, max_size=200), head=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"<", b"RIFF"]))
def test_no_content_breaks_the_looking(tmp_path_factory, content, head):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(head + content)
    for name in ("x", "x.xml", "x.json", "x.csv"):
        assert kind_of(path, name) in (*KINDS, None)


@pytest.mark.parametrize(
    ("given_name", "suffixes", "made"),
    [
        ("potrdilo.pdf", (".pdf",), "potrdilo.pdf"),
        ("../../etc/passwd", (".txt",), "passwd.txt"),
        ("C:\\Users\\ana\\Račun št. 5.PDF", (".pdf",), "Račun št. 5.pdf"),
        ("slika.jpg", (".webp",), "slika.webp"),
        ("slika.jpeg", (".jpg", ".jpeg"), "slika.jpeg"),
        ("program.exe", (".pdf",), "program.exe.pdf"),
        ("racun\u202efdp.exe", (".pdf",), "racunfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.csv", (".csv",), "a Set-Cookie_ x.csv"),
        (".pdf", (".pdf",), "pdf.pdf"),
        ("", (".pdf",), "datoteka.pdf"),
        ("...", (".pdf",), "datoteka.pdf"),
        ("con.txt", (".txt",), "_con.txt"),
        ("c\u030c.txt", (".txt",), "č.txt"),
    ],
)
def test_names_are_made_harmless(given_name, suffixes, made):
    assert safe_name(given_name, suffixes, SUFFIXES) == made


@given(st.text(max_size=300), st.sampled_from([kind.suffixes for kind in KINDS]))
def test_every_name_is_short_printable_has_its_ending_and_stays(name, suffixes):
    made = safe_name(name, suffixes, SUFFIXES)
    assert made.endswith(suffixes)
    assert suffix_of(made) in suffixes
    assert len(made) <= LONGEST
    assert len(made.encode()) <= 200
    assert made.replace(" ", "").isprintable()
    assert not set(made) & set('/\\<>:"|?*')
    assert made[0] not in ". "
    assert safe_name(made, suffixes, SUFFIXES) == made
