"""DOCX: paragraphs and tables in the order of the page, with the numbers that Word adds and without what it hides."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from index_build.reading.cleaning import WHITE, clean, hidden_text
from index_build.reading.document import Block, Heading, Notice, Paragraph, Reading, Table, UnreadableDocument
from index_build.reading.numerals import superscript
from index_build.reading.tables import Cell, attach_captions, grid, header_rows, within_limits
from index_build.reading.word.numbering import Numbering, seen_sign
from index_build.reading.word.styles import Styles, fill_of, value_of

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_VML = "{urn:schemas-microsoft-com:vml}"

# What python-docx raises on a damaged package; lxml's errors of syntax are SyntaxErrors.
_BROKEN = (zipfile.BadZipFile, SyntaxError, LookupError, ValueError, AttributeError, OSError)
_LONGEST_HEADING = 150
_DELETED = {qn("w:del"), qn("w:moveFrom")}
_NO_TEXT = _DELETED | {qn("w:pPr"), qn("w:rPr"), qn("w:sdtPr"), qn("w:rt")}
_SPACES = {qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:ptab")}
_DRAWN = {qn("w:drawing"), qn("w:pict"), qn("w:object"), f"{_MC}AlternateContent"}
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}


def read(data: bytes, name: str) -> Reading:
    """Read a Word document. Footnotes stand at the end, their places marked `[1]`; headers, footers and comments are left out.

    Raises UnreadableDocument("damaged").
    """
    try:
        body = _Body(docx.Document(io.BytesIO(data)))
        blocks = attach_captions([*body.blocks(body.element, WHITE), *body.notes()])
    except _BROKEN as error:
        raise UnreadableDocument("damaged", name, detail=type(error).__name__) from error
    kept, cut = within_limits(blocks)
    return Reading(kept, body.title, (*hidden_text(body.hidden), *body.notices(), *cut))


class _Body:
    """One document while it is read: what was hidden, what was dropped, which notes were met."""

    def __init__(self, document: Any) -> None:
        self.element = document.element.body
        self.title = clean(document.core_properties.title)
        self.hidden: list[str] = []
        self._dropped: Counter[str] = Counter()
        self._styles = Styles(document.styles.element)
        parts = {rel.reltype.rsplit("/", 1)[-1]: rel.target_part for rel in document.part.rels.values() if not rel.is_external}  # fmt: skip
        self._numbering = Numbering(parts["numbering"].element if "numbering" in parts else None)
        self._notes = {kind: parse_xml(parts[kind].blob) for kind in _NOTES.values() if kind in parts}
        self._inside = 0  # how many cells are around the text that is read
        self._met: list[tuple[str, str]] = []

    def notices(self) -> tuple[Notice, ...]:
        """What was dropped, one notice a kind."""
        return tuple(
            Notice("dropped", {"what": what, "count": count})
            for what, count in self._dropped.items()
            if count
        )

    def notes(self) -> Iterator[Block]:
        """The notes that the text refers to, in that order."""
        for number, (kind, key) in enumerate(self._met, 1):
            notes = self._notes.get(kind, ())
            texts = [self._line(note, WHITE) for note in notes if note.get(qn("w:id")) == key]
            yield from (Paragraph(f"[{number}] {text}") for text in texts if text)

    def blocks(self, container: Any, background: str) -> Iterator[Block]:
        """The blocks of the body, of a cell, a text box or a note."""
        for child in container:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, background)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, background)
            elif child.tag == qn("w:altChunk"):
                self._dropped["embedded documents (포함된 문서)"] += 1
            elif child.tag not in _NO_TEXT:
                yield from self.blocks(child, background)

    def _line(self, container: Any, background: str) -> str:
        """All text of a cell or a note on one line, tables inside included."""
        self._inside += 1
        text = clean(
            " ".join(
                block.text for block in self.blocks(container, background) if not isinstance(block, Table)
            )
        )
        self._inside -= 1
        return text

    def _paragraph(self, paragraph: Any, background: str) -> Iterator[Block]:
        boxes: list[Any] = []
        behind = self._styles.background(paragraph, background)
        text = clean("".join(self._pieces(paragraph, paragraph, behind, boxes)))
        if self._styles.is_contents(paragraph):
            self._dropped["lines of the table of contents (목차)"] += 1
        elif text:
            text = clean(self._numbering.sign(*self._styles.numbering(paragraph)) + text)
            level = self._styles.level(paragraph) if len(text) <= _LONGEST_HEADING else 0
            if not self.title and self._styles.is_title(paragraph):
                self.title = text
            yield Heading(level, text) if level else Paragraph(text)
        for box in boxes:
            yield from self.blocks(box, _behind_box(box))

    def _pieces(self, parent: Any, paragraph: Any, behind: str, boxes: list[Any]) -> Iterator[str]:
        """The visible text of a paragraph in pieces; its text boxes are put into `boxes`."""
        for child in parent:
            if child.tag == qn("w:r"):
                yield self._run(child, paragraph, behind, boxes)
            elif child.tag == f"{_MATH}t":
                yield child.text or ""
            elif child.tag in _DRAWN:
                self._drawn(child, boxes)
            elif child.tag not in _NO_TEXT:
                yield from self._pieces(child, paragraph, behind, boxes)

    def _run(self, run: Any, paragraph: Any, behind: str, boxes: list[Any]) -> str:
        look = self._styles.look(run, paragraph)
        if not look.hidden(behind):
            text = "".join(self._piece(child, paragraph, behind, boxes) for child in run)
            raised = value_of(run.find(qn("w:rPr")), "w:vertAlign") == "superscript"
            return superscript(text) if raised else text
        self.hidden += [element.text or "" for element in run.iter(qn("w:t"))]
        return ""

    def _piece(self, child: Any, paragraph: Any, behind: str, boxes: list[Any]) -> str:
        if child.tag == qn("w:t"):
            return child.text or ""
        if child.tag in _SPACES:
            return " "
        if child.tag == qn("w:noBreakHyphen"):
            return "-"
        if child.tag == qn("w:sym"):
            return seen_sign(chr(int(child.get(qn("w:char")), 16)))
        if child.tag in _NOTES:
            self._met.append((_NOTES[child.tag], child.get(qn("w:id"))))
            return f"[{len(self._met)}]"
        if child.tag in _DRAWN:
            self._drawn(child, boxes)
            return ""
        return "" if child.tag in _NO_TEXT else "".join(self._pieces(child, paragraph, behind, boxes))

    def _drawn(self, element: Any, boxes: list[Any]) -> None:
        """Find the text boxes of a drawing. Word writes each twice, for itself and for older programs; one is taken."""
        if element.tag == f"{_MC}AlternateContent":
            for child in list(element)[:1]:
                self._drawn(child, boxes)
        elif element.tag == qn("w:txbxContent"):
            boxes.append(element)
        else:
            self._dropped["pictures (그림)"] += element.tag in (qn("a:blip"), f"{_VML}imagedata")
            for child in element:
                self._drawn(child, boxes)

    def _table(self, table: Any, background: str) -> Iterator[Block]:
        rows = [row for row in _within(table, "w:tr") if not self._row_is_gone(row)]
        if len(rows) == 1 and len(frame := list(_within(rows[0], "w:tc"))) == 1:
            yield from self.blocks(frame[0], self._behind_cell(table, frame[0], background))
            return
        cells = self._cells(table, rows, background)
        if self._inside:
            yield Paragraph(" ".join(text for *_, text in cells))
        elif any(text for *_, text in cells):
            yield Table(grid(cells), header_rows(cells, _marked(rows)))

    def _row_is_gone(self, row: Any) -> bool:
        properties = row.find(qn("w:trPr"))
        if properties is None or (
            properties.find(qn("w:del")) is None and properties.find(qn("w:hidden")) is None
        ):
            return False
        if properties.find(qn("w:hidden")) is not None:
            self.hidden += [element.text or "" for element in row.iter(qn("w:t"))]
        return True

    def _cells(self, table: Any, rows: list[Any], background: str) -> list[Cell]:
        cells: list[Cell] = []
        begun: dict[
            int, int
        ] = {}  # column -> place in `cells` of the cell that a vertical merge there continues
        for y, row in enumerate(rows):
            x = _number(row.find(qn("w:trPr")), "w:gridBefore", 0)
            for cell in _within(row, "w:tc"):
                properties = cell.find(qn("w:tcPr"))
                across = _number(properties, "w:gridSpan", 1)
                merge = None if properties is None else properties.find(qn("w:vMerge"))
                text = self._line(cell, self._behind_cell(table, cell, background))
                if merge is not None and merge.get(qn("w:val")) != "restart" and x in begun:
                    top, left, down, wide, above = cells[begun[x]]
                    cells[begun[x]] = (top, left, down + 1, wide, clean(f"{above} {text}"))
                else:
                    begun[x] = len(cells)
                    cells.append((y, x, 1, across, text))
                x += across
        return cells

    def _behind_cell(self, table: Any, cell: Any, background: str) -> str:
        """The colour behind a cell; "" where the style of the table may colour it."""
        fill = fill_of(cell.find(qn("w:tcPr"))) or fill_of(table.find(qn("w:tblPr")))
        return fill or ("" if self._styles.shades(table) else background)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls, without those of tables inside."""
    for child in parent:
        if child.tag == qn(tag):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins")):
            yield from _within(child, tag)


def _marked(rows: list[Any]) -> int:
    """How many rows at the top are marked to be repeated on every page."""
    marked = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    return [*marked, False].index(False)


def _number(properties: Any, child: str, default: int) -> int:
    value = value_of(properties, child)
    return min(int(value), 1000) if value.isdigit() else default


def _behind_box(box: Any) -> str:
    """The colour behind a text box: white where it has no filling, "" where it may have one."""
    for shape in box.iterancestors(f"{_SHAPE}wsp", f"{_VML}shape", f"{_VML}rect", f"{_VML}roundrect"):
        style = shape.find(f"{_SHAPE}style/{qn('a:fillRef')}")
        filled = shape.get("fillcolor") or any(
            True for _ in shape.iterfind(f"{_SHAPE}spPr/{qn('a:solidFill')}")
        )
        return "" if filled or (style is not None and style.get("idx") != "0") else WHITE
    return WHITE
