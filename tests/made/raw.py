"""Containers written byte by byte, so that every field can lie: zip, Office, Hangul and PDF files with little in them."""

from __future__ import annotations

import functools
import importlib.resources
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hwpx.hwp5.cfb import build_compound_file
from hwpx.hwp5.summary import DEFAULT_HEADER_SCRIPT, DEFAULT_SOURCE_SCRIPT, write_scripts
from hwpx.hwp5.writer import write_hwp5

WORDS = "입주승인을 받은 기업은 용지를 분양받을 수 있습니다."
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = f"{_OFFICE}/package/2006/content-types"
_RELATIONS = f"{_OFFICE}/package/2006/relationships"
_LINK = f"{_OFFICE}/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True)
class Case:
    """A hostile or odd file: its name, how to make its bytes, and how reading may end: `read` or codes of reasons."""

    id: str
    name: str
    expected: frozenset[str]
    make: Callable[[], bytes]


def case(id: str, name: str, expected: str, make: Callable[[], bytes]) -> Case:
    """A Case; `expected` are words."""
    return Case(id, name, frozenset(expected.split()), make)


@dataclass(frozen=True)
class Entry:
    """An entry of a zip file. What is not given is told truly; `at` is another entry whose bytes it claims."""

    name: str
    content: bytes = b""
    packed: bytes | None = None
    size: int | None = None
    method: int = 8
    flags: int = 0x800
    mode: int = 0
    at: int | None = None


def deflated(content: bytes) -> bytes:
    """A raw Deflate stream."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@functools.cache
def blanks(megabytes: int) -> bytes:
    """The Deflate stream of that many MiB of blanks, which are never held."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()


def zip_of(entries: Iterable[Entry]) -> bytes:
    """A zip file as told, true or not."""
    body, directory, count, offsets = bytearray(), bytearray(), 0, []
    for entry in entries:
        name = entry.name.encode()
        packed = entry.packed if entry.packed is not None else deflated(entry.content)
        packed = entry.content if entry.method == 0 else packed
        crc, size = zlib.crc32(entry.content), len(entry.content) if entry.size is None else entry.size
        fields = struct.pack(
            "<HHHHHIIIHH", 20, entry.flags, entry.method, 0, 33, crc, len(packed), size, len(name), 0
        )
        offsets.append(len(body) if entry.at is None else offsets[entry.at])
        if entry.at is None:
            body += b"PK\3\4" + fields + name + packed
        directory += (
            b"PK\1\2\x14\3" + fields + struct.pack("<HHHII", 0, 0, 0, entry.mode << 16, offsets[-1]) + name
        )
        count += 1
    few = min(count, 0xFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, few, few, len(directory), len(body), 0)
    return bytes(body + directory + end)


def _office(main: str, content_type: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    overrides = f'<Override PartName="/{main}" ContentType="{content_type}"/>'
    if "xl/worksheets/sheet1.xml" in parts:
        sheet_type = SHEET_TYPE.replace("sheet.main", "worksheet")
        overrides += f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}"/>'
    types = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    relation = f'<Relationship Id="r1" Type="{_LINK}/officeDocument" Target="{main}"/>'
    relations = f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'
    return {"[Content_Types].xml": XML + types.encode(), "_rels/.rels": XML + relations.encode()} | dict(
        parts
    )


def paragraph(text: str = WORDS) -> str:
    """A paragraph of a DOCX body."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_parts(
    body: str | None = None, doctype: bytes = b"", content_type: str = WORD_TYPE, encoding: str = "utf-8"
) -> dict[str, bytes]:
    """The parts of a DOCX file."""
    document = (
        f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body>'
        f"{paragraph() if body is None else body}</w:body></w:document>"
    )
    head = XML.replace(b"UTF-8", encoding.upper().encode()).decode() + doctype.decode()
    return _office(
        "word/document.xml", content_type, {"word/document.xml": (head + document).encode(encoding)}
    )


def xlsx_parts(
    rows: str | None = None, before: str = "", after: str = "", content_type: str = SHEET_TYPE
) -> dict[str, bytes]:
    """The parts of an XLSX file with one sheet."""
    main = f"{_OFFICE}/spreadsheetml/2006/main"
    rows = rows if rows is not None else cell("A1", WORDS) + cell("A2", "858")
    sheet = f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    book = f'<workbook xmlns="{main}" xmlns:r="{_LINK}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    relation = f'<Relationship Id="r1" Type="{_LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl/workbook.xml": XML + book.encode(),
        "xl/_rels/workbook.xml.rels": XML
        + f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": XML + sheet.encode(),
    }
    return _office("xl/workbook.xml", content_type, parts)


def cell(place: str, text: str) -> str:
    """A row with one cell of text."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def packed(parts: Mapping[str, bytes], *more: Entry) -> bytes:
    """Parts as a zip file, `more` entries behind them."""
    return zip_of([*(Entry(name, content) for name, content in parts.items()), *more])


@functools.cache
def skeleton() -> dict[str, bytes]:
    """The parts of an HWPX file with WORDS in it."""
    with zipfile.ZipFile(str(importlib.resources.files("hwpx") / "data" / "Skeleton.hwpx")) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    section = parts["Contents/section0.xml"]
    assert section.count(b"<hp:t/>") == 1
    return parts | {"Contents/section0.xml": section.replace(b"<hp:t/>", f"<hp:t>{WORDS}</hp:t>".encode())}


def hwpx_parts(before_end: str = "", doctype: bytes = b"") -> dict[str, bytes]:
    """The parts of an HWPX file, with something more at the end of its only section."""
    section = skeleton()["Contents/section0.xml"]
    section = section.replace(b"</hs:sec>", before_end.encode() + b"</hs:sec>")
    if doctype:
        section = section.replace(b"?>", b"?>" + doctype, 1)
    return skeleton() | {"Contents/section0.xml": section}


def hwpml(body: str = WORDS, doctype: str = "", script: str = "", encoding: str = "utf-8") -> bytes:
    """An HWPML file of one paragraph."""
    return (
        f'<?xml version="1.0" encoding="{encoding.upper()}" standalone="no" ?>{doctype}'
        '<HWPML Style="embed" SubVersion="8.0.0.0" Version="2.8"><HEAD SecCnt="1"/><BODY><SECTION Id="0">'
        f'<P ParaShape="0" Style="0"><TEXT CharShape="0"><CHAR>{body}</CHAR></TEXT></P></SECTION></BODY>'
        f'<TAIL><SCRIPTCODE Type="JScript" Version="1.0"><SCRIPTHEADER>{DEFAULT_HEADER_SCRIPT}</SCRIPTHEADER>'
        f"<SCRIPTSOURCE>{script or DEFAULT_SOURCE_SCRIPT}</SCRIPTSOURCE></SCRIPTCODE></TAIL></HWPML>"
    ).encode(encoding)


@functools.cache
def _hwp_streams() -> dict[str, bytes]:
    import io

    import olefile

    with olefile.OleFileIO(io.BytesIO(write_hwp5(skeleton()))) as ole:
        paths = ["/".join(parts) for parts in ole.listdir()]
        return {path: ole.openstream(path).read() for path in paths}


def hwp(flags: int = 0, script: str = "", streams: Mapping[str, bytes] | None = None) -> bytes:
    """An HWP 5 file with WORDS in it; `flags` are added to those of its header, `streams` take the place of its own."""
    own = _hwp_streams()
    header = own["FileHeader"]
    (before,) = struct.unpack_from("<I", header, 36)
    changed = {"FileHeader": header[:36] + struct.pack("<I", before | flags) + header[40:]}
    if script:
        changed["Scripts/DefaultJScript"] = write_scripts(DEFAULT_HEADER_SCRIPT, script)
    return build_compound_file((own | changed | dict(streams or {})).items())


def hwp_stream(path: str) -> bytes:
    """One stream of the HWP file, packed as it stands there."""
    return _hwp_streams()[path]


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of any streams."""
    return build_compound_file(streams.items())


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of numbered objects; the first is the catalogue."""
    body, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(body) + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(body))


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A PDF stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
LETTERS = b"BT /F 12 Tf 72 720 Td (Sites are sold at cost price.) Tj ET"


def page_pdf(
    content: bytes = stream(LETTERS), *more: bytes, catalogue: bytes = CATALOGUE, names: bytes = b""
) -> bytes:
    """A PDF file of one page; objects 1 to 5 are catalogue, pages, page, content and font."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
        % names
    )
    return pdf([catalogue, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content, FONT, *more])
