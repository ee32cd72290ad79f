"""The made document as HWPX, HWP 5 and HWPML."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hwp2md.hwp5.distdoc import distribution_key
from hwpx.document import HwpxDocument
from hwpx.hwp5.cfb import CompoundFile, build_compound_file, read_all_streams
from hwpx.hwp5.fileheader import FLAG_BITS, parse_file_header

from tests.made import source

HH = "{http://www.hancom.co.kr/hwpml/2011/head}"


def as_hwpx(path: Path) -> Path:
    """Write the document with python-hwpx and return its path."""
    path.write_bytes(document().to_bytes())
    return path


def as_hwp(path: Path) -> Path:
    """Write the same document as HWP 5. python-hwpx writes merged cells there too."""
    path.write_bytes(document().to_bytes(format="hwp"))
    return path


def as_hwpml(path: Path) -> Path:
    """Write the same document as HWPML."""
    path.write_bytes(hwpml(*document_paragraphs()))
    return path


def document() -> HwpxDocument:
    """The document as python-hwpx holds it; the list has automatic numbers, its outline none."""
    made = HwpxDocument.new()
    for head in made.oxml.headers[0].element.iter(f"{HH}paraHead"):
        head.text = ""
    made.add_heading(source.TITLE, 1)
    for text in source.PARAGRAPHS:
        made.add_paragraph(text, inherit_style=False)
    add_items(made)
    for table in source.TABLES:
        add_table(made, table)
    for heading, text in source.ARTICLES:
        made.add_heading(heading, 2)
        made.add_paragraph(text, inherit_style=False)
    return made


def add_items(made: HwpxDocument) -> None:
    """Add the list without its numbers; Hangul draws them."""
    first = len(made.paragraphs)
    for item in source.ITEMS:
        made.add_paragraph(item.partition(" ")[2], inherit_style=False)
    places = list(range(first, len(made.paragraphs)))
    made.styles.apply_list_format(paragraph_indexes=places, kind="number")


def add_table(made: HwpxDocument, table: source.SourceTable) -> None:
    """Add a table below a line with its unit. Where the header has two rows, the caption is Hangul's own."""
    if table.header_rows == 1:
        made.add_paragraph(table.caption, inherit_style=False)
    made.add_paragraph(f"(단위: {table.unit})", inherit_style=False)
    rows = table.grid
    added = made.add_table(len(rows), len(rows[0]))
    if table.header_rows > 1:
        added.set_caption(table.caption)
    for row, column, cell in placed(table):
        added.set_cell_text(row, column, cell.text)
        if cell.rows > 1 or cell.columns > 1:
            added.merge_cells(row, column, row + cell.rows - 1, column + cell.columns - 1)


def placed(table: source.SourceTable) -> Iterator[tuple[int, int, source.Cell]]:
    """Each cell with the row and the column it begins in, from 0."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.drawn):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            taken |= {
                (row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)
            }
            yield row, column, cell


def flagged(hwp: bytes, flag: str) -> bytes:
    """An HWP 5 file whose header says `password`, `drm` or `distribution`; of the last kind the body moves too."""
    streams = dict(read_all_streams(CompoundFile(hwp)))
    header = parse_file_header(streams["FileHeader"])
    streams["FileHeader"] = replace(header, flags=header.flags | 1 << FLAG_BITS[flag]).to_bytes()
    if flag == "distribution":
        streams["ViewText/Section0"] = _scrambled(streams["BodyText/Section0"])
        del streams["BodyText/Section0"]
    return build_compound_file(streams.items())


def _scrambled(section: bytes) -> bytes:
    """A section as a distribution document holds it: a record the key comes from, then AES in blocks of 16 bytes."""
    record = bytes(range(256))
    cipher = Cipher(algorithms.AES(distribution_key(record)), modes.ECB()).encryptor()
    padded = section.ljust(-(-len(section) // 16) * 16, b"\0")
    return struct.pack("<I", 0x1C | 256 << 20) + record + cipher.update(padded) + cipher.finalize()


# Paragraph shapes 0 to 3: plain, outline of level 1 and 2, numbered. Character shapes 0 to 2: plain, white, of 1 pt.
HEAD = """<HEAD SecCnt="1"><MAPPINGTABLE><BORDERFILLLIST><BORDERFILL Id="1"/><BORDERFILL Id="2"><FILLBRUSH>
<WINDOWBRUSH Alpha="0" FaceColor="6697728"/></FILLBRUSH></BORDERFILL><BORDERFILL Id="3"><FILLBRUSH>
<WINDOWBRUSH Alpha="0" FaceColor="4294967295"/></FILLBRUSH></BORDERFILL></BORDERFILLLIST><CHARSHAPELIST>
<CHARSHAPE Id="0" Height="1000" TextColor="0" ShadeColor="4294967295"/>
<CHARSHAPE Id="1" Height="1000" TextColor="16777215" ShadeColor="4294967295"/>
<CHARSHAPE Id="2" Height="100" TextColor="0" ShadeColor="4294967295"/></CHARSHAPELIST>
<NUMBERINGLIST><NUMBERING Id="1" Start="1"><PARAHEAD Level="1" NumFormat="Digit">^1.</PARAHEAD>
<PARAHEAD Level="2" NumFormat="HangulSyllable">^2.</PARAHEAD></NUMBERING></NUMBERINGLIST>
<PARASHAPELIST><PARASHAPE Id="0" HeadingType="None" Level="0"/><PARASHAPE Id="1" HeadingType="Outline" Level="0"/>
<PARASHAPE Id="2" HeadingType="Outline" Level="1"/><PARASHAPE Id="3" Heading="1" HeadingType="Number" Level="0"/>
</PARASHAPELIST><STYLELIST><STYLE Id="0" Name="바탕글" EngName="Normal" ParaShape="0"/></STYLELIST>
</MAPPINGTABLE></HEAD>"""


def hwpml(*paragraphs: ET.Element) -> bytes:
    """A file of HWPML that holds these paragraphs in one section."""
    root = ET.Element("HWPML", Version="2.8", SubVersion="8.0.0.0")
    root.append(ET.fromstring(HEAD))
    ET.SubElement(ET.SubElement(root, "BODY"), "SECTION", Id="0").extend(paragraphs)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def paragraph(text: str = "", shape: int = 0, look: int = 0) -> ET.Element:
    """A `P` with one `TEXT`, and a `CHAR` where there is text."""
    made = ET.Element("P", ParaShape=str(shape), Style="0")
    run = ET.SubElement(made, "TEXT", CharShape=str(look))
    if text:
        ET.SubElement(run, "CHAR").text = text
    return made


def table_paragraph(table: source.SourceTable, caption: str = "") -> ET.Element:
    """A `P` that holds a table, with a caption of Hangul's own where one is given."""
    made = paragraph()
    rows, columns = len(table.grid), len(table.grid[0])
    element = ET.SubElement(made[0], "TABLE", RowCount=str(rows), ColCount=str(columns), BorderFill="3")
    holder = ET.SubElement(element, "SHAPEOBJECT", InstId="1")
    if caption:
        ET.SubElement(ET.SubElement(holder, "CAPTION", Side="Top"), "PARALIST").append(paragraph(caption))
    lines = [ET.SubElement(element, "ROW") for _ in table.drawn]
    for row, column, cell in placed(table):
        address = {"RowAddr": row, "ColAddr": column, "RowSpan": cell.rows, "ColSpan": cell.columns}
        place = ET.SubElement(
            lines[row], "CELL", {key: str(value) for key, value in address.items()}, BorderFill="3"
        )
        ET.SubElement(place, "PARALIST").append(paragraph(cell.text))
    return made


def document_paragraphs() -> Iterator[ET.Element]:
    """The paragraphs of the document in HWPML."""
    yield paragraph(source.TITLE, 1)
    yield from (paragraph(text) for text in source.PARAGRAPHS)
    yield from (paragraph(item.partition(" ")[2], 3) for item in source.ITEMS)
    for table in source.TABLES:
        has_own_caption = table.header_rows > 1
        if not has_own_caption:
            yield paragraph(table.caption)
        yield paragraph(f"(단위: {table.unit})")
        yield table_paragraph(table, table.caption if has_own_caption else "")
    for heading, text in source.ARTICLES:
        yield paragraph(heading, 2)
        yield paragraph(text)
