"""Hostile and odd DOCX, XLSX, HWPX, HWPML and HWP files."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from hwpx.document import HwpxDocument
from hwpx.hwp5.cfb import CompoundFile, read_all_streams
from hwpx.hwp5.records import TABLE

from tests.made import raw
from tests.made.raw import Case, Entry, case

MB = 2**20
XXE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10))
    + "]>"
).encode()
CODE = "function OnDocument_Open()\r\n{\r\n\tvar shell = new ActiveXObject('WScript.Shell');\r\n}\r\n"
SLIP = "../../../../slipped.xml"
FAR = 'rowCnt="1000000" colCnt="1000000"'
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def docx(*more: Entry, **how: object) -> bytes:
    return raw.packed(raw.docx_parts(**how), *more)


def xlsx(*more: Entry, **how: object) -> bytes:
    return raw.packed(raw.xlsx_parts(**how), *more)


def flat() -> bytes:
    """22 parts of 10 MB, none of them suspicious by itself."""
    pieces = random.Random(0)
    packed = raw.deflated(b"".join(pieces.randbytes(1000) * 50 for _ in range(10 * MB // 50_000 + 1)))
    size = (10 * MB // 50_000 + 1) * 50_000
    return docx(*(Entry(f"word/part{i}.bin", packed=packed, size=size) for i in range(22)))


def overlapping() -> bytes:
    """Entries that all claim the bytes of one, as in a zip quine."""
    return docx(
        Entry("word/a.bin", bytes(999)), *(Entry(f"word/b{i}.bin", bytes(999), at=3) for i in range(500))
    )


def late_doctype() -> bytes:
    """A declaration across the seam between two chunks."""
    parts = raw.docx_parts()
    head, tail = parts["word/document.xml"].split(b"<w:body>")
    filler = b"<!--" + random.Random(1).randbytes(MB).hex().encode()
    seam = (head + filler)[: MB - 8 - 3] + b"-->"
    return raw.packed(parts | {"word/document.xml": seam + b"<!DOCTYPE x>" + b"<w:body>" + tail})


def sheet_rows(count: int) -> str:
    return "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i * 7919 % 10007}</v></c></row>' for i in range(1, count + 1)
    )


def deep_tables(depth: int) -> str:
    inner = raw.paragraph()
    return "<w:tbl><w:tr><w:tc>" * depth + inner + f"{raw.paragraph('')}</w:tc></w:tr></w:tbl>" * depth


def flipped(data: bytes, start: int, stop: int) -> bytes:
    """Every 37th byte of a part turned over."""
    changed = bytearray(data)
    for at in range(start, min(stop, len(data)), 37):
        changed[at] ^= 0x55
    return bytes(changed)


def looping_ole() -> bytes:
    """A compound file whose allocation table leads from every sector to itself."""
    data = bytearray(raw.hwp())
    (table,) = struct.unpack_from("<I", data, 0x4C)
    place = (table + 1) * 512
    data[place : place + 512] = struct.pack("<128I", *range(128))
    return bytes(data)


def wide_hwp() -> bytes:
    """A table of 2 by 2 cells that says it has 65,535 by 65,535."""
    made = HwpxDocument.new()
    made.add_paragraph(raw.WORDS)
    made.add_table(2, 2)
    streams = dict(read_all_streams(CompoundFile(made.to_bytes(format="hwp"))))
    section = bytearray(zlib.decompress(streams["BodyText/Section0"], -15))
    at = 0
    while at < len(section):
        (head,) = struct.unpack_from("<I", section, at)
        if head & 0x3FF == TABLE:
            struct.pack_into("<HH", section, at + 8, 65_535, 65_535)
        at += 4 + (head >> 20)
    return raw.ole(streams | {"BodyText/Section0": raw.deflated(bytes(section))})


# fmt: off
def _zips() -> Iterator[Case]:
    yield case("zip-flat-bomb", "a.docx", "bomb", flat)
    yield case("zip-ratio-bomb", "a.docx", "bomb", lambda: raw.zip_of([Entry("[Content_Types].xml"), Entry("word/document.xml", packed=raw.blanks(100), size=100 * MB)]))
    yield case("zip-3000-entries", "a.docx", "bomb", lambda: docx(*(Entry(f"word/{i}.xml") for i in range(3000))))
    yield case("zip-100000-entries", "a.docx", "bomb", lambda: docx(*(Entry(f"{i}", method=0) for i in range(100_000))))
    yield case("zip-nested-bomb", "a.docx", "read", lambda: docx(Entry("word/embeddings/a.zip", raw.zip_of([Entry("b", packed=raw.blanks(100), size=100 * MB)]), method=0)))
    yield case("zip-overlap", "a.docx", "bomb", overlapping)
    yield case("zip-lying-small", "a.docx", "bomb damaged", lambda: docx(Entry("word/a.xml", packed=raw.blanks(50), size=10)))
    yield case("zip-lying-large", "a.docx", "damaged", lambda: docx(Entry("word/a.xml", b"<a/>", size=4 * 10**9)))
    yield case("zip-slip", "a.docx", "unsafe_name", lambda: docx(Entry(SLIP, b"<a/>")))
    yield case("zip-slip-hwpx", "a.hwpx", "unsafe_name", lambda: raw.packed(raw.hwpx_parts(), Entry(SLIP, b"<a/>")))
    yield case("zip-absolute", "a.docx", "unsafe_name", lambda: docx(Entry("/etc/cron.d/a", b"<a/>")))
    yield case("zip-backslash", "a.docx", "unsafe_name", lambda: docx(Entry("word\\..\\a.xml", b"<a/>")))
    yield case("zip-drive", "a.xlsx", "unsafe_name", lambda: xlsx(Entry("C:/windows/a.xml", b"<a/>")))
    yield case("zip-nul-in-name", "a.docx", "unsafe_name damaged", lambda: docx(Entry("word/a.xml\0.png", b"<a/>")))
    yield case("zip-symlink", "a.docx", "unsafe_name", lambda: docx(Entry("word/link", b"/etc/passwd", mode=0o120777)))
    yield case("zip-encrypted-entry", "a.docx", "encrypted", lambda: docx(Entry("word/a.xml", b"<a/>", flags=1)))
    yield case("zip-twice", "a.docx", "damaged", lambda: docx(Entry("word/Document.xml", b"<a/>")))
    yield case("zip-bzip2", "a.docx", "damaged", lambda: docx(Entry("word/a.xml", b"<a/>", method=12)))
    yield case("zip-cut-off", "a.docx", "damaged", lambda: docx()[:-40])
    yield case("zip-half", "a.xlsx", "damaged", lambda: xlsx()[: len(xlsx()) // 2])
    yield case("zip-bit-flips", "a.xlsx", "damaged", lambda: flipped(xlsx(), 60, 1200))
    yield case("zip-empty", "a.docx", "unknown_kind", lambda: raw.zip_of([]))
    yield case("zip-of-anything", "a.docx", "unknown_kind", lambda: raw.zip_of([Entry("a.txt", b"a")]))
    yield case("pptx-as-docx", "a.docx", "unknown_kind", lambda: raw.zip_of([Entry("[Content_Types].xml", b"<a/>"), Entry("ppt/presentation.xml", b"<a/>")]))
    yield case("odt", "a.odt", "unknown_kind", lambda: raw.zip_of([Entry("mimetype", b"application/vnd.oasis.opendocument.text", method=0), Entry("content.xml", b"<a/>")]))
    yield case("xlsb-as-xlsx", "a.xlsx", "unknown_kind", lambda: raw.zip_of([Entry("[Content_Types].xml", b"<a/>"), Entry("xl/workbook.bin", b"a")]))
    yield case("docx-150-mb-paragraph", "a.docx", "bomb", lambda: raw.zip_of([Entry("[Content_Types].xml"), Entry("word/document.xml", packed=raw.blanks(150), size=150 * MB)]))
    yield case("docx-image-only", "a.docx", "no_text", lambda: docx(Entry("word/media/a.png", b"\x89PNG" + bytes(99)), body="<w:p/>"))
    yield case("docx-without-document", "a.docx", "damaged", lambda: raw.packed({k: v for k, v in raw.docx_parts().items() if k != "word/document.xml"}, Entry("word/styles.xml", b"<a/>")))


def _xml() -> Iterator[Case]:
    yield case("xxe-docx", "a.docx", "entities", lambda: docx(doctype=XXE))
    yield case("laughs-docx", "a.docx", "entities", lambda: docx(doctype=LAUGHS))
    yield case("xxe-docx-utf16", "a.docx", "entities", lambda: docx(doctype=XXE, encoding="utf-16"))
    yield case("xxe-docx-utf7", "a.docx", "undecodable", lambda: docx(doctype=XXE, encoding="utf-7"))
    yield case("xxe-docx-cp037", "a.docx", "damaged", lambda: docx(doctype=XXE, body=raw.paragraph("a"), encoding="cp037"))
    yield case("xxe-docx-at-the-seam", "a.docx", "entities", late_doctype)
    yield case("xxe-docx-relations", "a.docx", "entities", lambda: docx(Entry("word/_rels/document.xml.rels", XXE + b"<a/>")))
    yield case("xxe-xlsx-strings", "a.xlsx", "entities", lambda: xlsx(Entry("xl/sharedStrings.xml", LAUGHS + b"<sst/>")))
    yield case("xxe-xlsx-unnamed", "a.xlsx", "entities", lambda: xlsx(Entry("xl/strings.dat", b"\n" + XXE + b"<sst/>")))
    yield case("laughs-hwpx", "a.hwpx", "entities", lambda: raw.packed(raw.hwpx_parts(doctype=LAUGHS)))
    yield case("xxe-hwpml", "a.hml", "entities", lambda: raw.hwpml("&x;", XXE.decode()))
    yield case("xxe-hwpml-utf16", "a.hwp", "entities", lambda: raw.hwpml("&x;", XXE.decode(), encoding="utf-16"))
    yield case("hwpml-utf16", "a.hwp", "read", lambda: raw.hwpml(encoding="utf-16"))
    yield case("hwpml-cut-off", "a.hml", "damaged", lambda: raw.hwpml()[:200])
    yield case("docx-deep-tables", "a.docx", "read damaged over_limits", lambda: docx(body=deep_tables(2000)))
    yield case("docx-grid-span", "a.docx", "too_large", lambda: docx(body=f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr>{raw.paragraph()}</w:tc></w:tr></w:tbl>'))
    yield case("hwpx-rows-and-columns", "a.hwpx", "too_large", lambda: raw.packed(raw.hwpx_parts(f"<hp:tbl {FAR}/>")))
    yield case("hwpx-span", "a.hwpx", "too_large", lambda: raw.packed(raw.hwpx_parts('<hp:cellSpan colSpan="1" rowSpan="9999999999"/>')))
    yield case("hwpml-rows-and-columns", "a.hml", "too_large", lambda: raw.hwpml('</CHAR><TABLE RowCount="99999" ColCount="99999"></TABLE><CHAR>'))
    yield case("docx-svg-picture", "a.docx", "read", lambda: docx(Entry("word/media/a.svg", b"<!DOCTYPE svg><svg/>")))


def _macros() -> Iterator[Case]:
    yield case("docm-as-docx", "a.docx", "macro", lambda: docx(content_type=MACRO_WORD))
    yield case("docm", "a.docm", "macro", lambda: docx(content_type=MACRO_WORD))
    yield case("docx-vba", "a.docx", "macro", lambda: docx(Entry("word/vbaProject.bin", b"a")))
    yield case("xlsm-as-xlsx", "a.xlsx", "macro", lambda: xlsx(content_type=MACRO_SHEET))
    yield case("xlsx-excel4", "a.xlsx", "macro", lambda: xlsx(Entry("xl/macrosheets/sheet1.xml", b"<a/>")))
    yield case("hwpx-script", "a.hwpx", "macro", lambda: raw.packed(raw.hwpx_parts(), Entry("Scripts/sourceScripts", CODE.encode("utf-16"))))
    yield case("hwpx-default-script", "a.hwpx", "read", lambda: raw.packed(raw.hwpx_parts(), Entry("Scripts/sourceScripts", raw.DEFAULT_SOURCE_SCRIPT.encode("utf-16"))))
    yield case("hwp-script", "a.hwp", "macro", lambda: raw.hwp(script=CODE))
    yield case("hwp-script-in-comment", "a.hwp", "macro", lambda: raw.hwp(script="/*@cc_on new ActiveXObject('a') @*/"))
    yield case("hwp-vba", "a.hwp", "macro", lambda: raw.hwp(streams={"Macros/VBA/dir": b"a"}))
    yield case("hwpml-script", "a.hml", "macro", lambda: raw.hwpml(script=CODE))


def _compound_files() -> Iterator[Case]:
    yield case("docx-with-password", "a.docx", "encrypted", lambda: raw.ole({"EncryptionInfo": b"a", "EncryptedPackage": bytes(5000)}))
    yield case("doc", "a.doc", "unknown_kind", lambda: raw.ole({"WordDocument": bytes(5000)}))
    yield case("xls-as-xlsx", "a.xlsx", "unknown_kind", lambda: raw.ole({"Workbook": bytes(5000)}))
    yield case("hwp", "a.hwp", "read", raw.hwp)
    yield case("hwp-with-password", "a.hwp", "encrypted", lambda: raw.hwp(flags=1 << 1))
    yield case("hwp-drm", "a.hwp", "encrypted", lambda: raw.hwp(flags=1 << 4))
    yield case("hwp-cut-off", "a.hwp", "damaged", lambda: raw.hwp()[:6000])
    yield case("hwp-header-only", "a.hwp", "damaged", lambda: raw.hwp()[:512])
    yield case("hwp-bit-flips", "a.hwp", "damaged unknown_kind", lambda: flipped(raw.hwp(), 512, 9000))
    yield case("hwp-body-flips", "a.hwp", "damaged no_text", lambda: raw.hwp(streams={"BodyText/Section0": flipped(raw.hwp_stream("BodyText/Section0"), 0, 999)}))
    yield case("hwp-body-zeros", "a.hwp", "damaged no_text", lambda: raw.hwp(streams={"BodyText/Section0": bytes(5000)}))
    yield case("hwp-body-empty", "a.hwp", "damaged no_text", lambda: raw.hwp(streams={"BodyText/Section0": b""}))
    yield case("hwp-body-bomb", "a.hwp", "bomb", lambda: raw.hwp(streams={"BodyText/Section0": raw.blanks(100)}))
    yield case("hwp-false-distribution", "a.hwp", "damaged no_text", lambda: raw.hwp(flags=1 << 2, streams={"ViewText/Section0": random.Random(2).randbytes(5000)}))
    yield case("hwp-short-header", "a.hwp", "damaged", lambda: raw.ole({"FileHeader": b"HWP Document File" + bytes(9)}))
    yield case("hwp-rows-and-columns", "a.hwp", "read too_large over_limits damaged", wide_hwp)
    yield case("hwp-loop", "a.hwp", "damaged unknown_kind", looping_ole)
    yield case("softcamp-drm", "a.pdf", "encrypted", lambda: b"SCDSA002" + bytes(range(256)) * 9)
    yield case("nasca-drm", "a.xlsx", "encrypted", lambda: b"<## NASCA DRM FILE - VER1.00 ##>" + bytes(range(256)) * 9)


def _sheets() -> Iterator[Case]:
    yield case("xlsx-far-cell", "a.xlsx", "too_large", lambda: xlsx(rows=raw.cell("A1", "a") + raw.cell("XFD1048576", "b")))
    yield case("xlsx-far-blank", "a.xlsx", "read", lambda: xlsx(rows=raw.cell("A1", raw.WORDS) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    yield case("xlsx-far-dimension", "a.xlsx", "read", lambda: xlsx(before='<dimension ref="A1:XFD1048576"/>'))
    yield case("xlsx-million-rows", "a.xlsx", "read over_limits", lambda: xlsx(rows=sheet_rows(1_000_000)))
    yield case("xlsx-far-merge", "a.xlsx", "read too_large", lambda: xlsx(after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'))
    yield case("xlsx-string-bomb", "a.xlsx", "bomb", lambda: xlsx(Entry("xl/sharedStrings.xml", packed=raw.blanks(199), size=199 * MB)))
    yield case("xlsx-no-sheet", "a.xlsx", "damaged no_text read", lambda: raw.packed({k: v for k, v in raw.xlsx_parts().items() if "sheet1" not in k}))
    yield case("xlsx-long-cell", "a.xlsx", "read", lambda: xlsx(rows=raw.cell("A1", raw.WORDS * 1000)))
# fmt: on


CASES = (*_zips(), *_xml(), *_macros(), *_compound_files(), *_sheets())
