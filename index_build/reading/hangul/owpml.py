"""Blocks of an OWPML tree, the XML inside HWPX. HWP 5 and HWPML come here too, turned into the same tree first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hwpx.oxml.namespaces import NAMESPACE_URIS
from hwpx.tools.exporter import _ListLabels
from lxml import etree

from index_build.reading.cleaning import clean
from index_build.reading.document import Block, Heading, Paragraph, Table
from index_build.reading.tables import Cell, grid, header_rows

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
HH = "{http://www.hancom.co.kr/hwpml/2011/head}"
HC = "{http://www.hancom.co.kr/hwpml/2011/core}"

Element: TypeAlias = etree._Element

_ONE_POINT = 100  # heights are in hundredths of a point
_WHITE = 0xF5  # a colour is taken as white where its red, green and blue are all at least this
_SPACES = {"tab": " ", "lineBreak": " ", "nbSpace": " ", "fwSpace": " "}
_STYLE = re.compile(r"(?:개요|제목|Outline|Heading)\s*(\d+)", re.IGNORECASE)
# Authors also number whole sentences by outline levels; those are text.
_HEADING_LENGTH = 100
_SENTENCE_END = re.compile(r"[가-힣][.。]$")


def read_tree(header: Element | None, sections: Sequence[Element]) -> tuple[list[Block], list[str]]:
    """The blocks of all sections in page order, and the hidden texts that were left out.

    `header` is the head part (`hh:head`), each section an `hs:sec`. Left out unseen are headers and footers; hidden are
    memos, hidden comments, deleted text of tracked changes, text of at most one point, and white text on no ground.
    Foot and end notes stand as paragraphs at the end of their heading's text. A box, that is a table of one cell,
    is read as the text in it.
    """
    for tree in [*sections, *([] if header is None else [header])]:
        _in_one_namespace(tree)
    walk = _Walk(header)
    blocks = [block for section in sections for block in walk.section(section)]
    return blocks, walk.hidden


def _in_one_namespace(tree: Element) -> None:
    """Rename the elements of later versions of the standard (2016, KS X 6101:2024); their names are the same."""
    for name, family in ((HP, "paragraph"), (HH, "head"), (HC, "core")):
        for address in set(NAMESPACE_URIS[family].values()) - {name[1:-1]}:
            for element in tree.iter(f"{{{address}}}*"):
                element.tag = name + etree.QName(element).localname


@dataclass(frozen=True, slots=True)
class _Look:
    """Of a character shape: too small to see, white, on a ground of its own."""

    tiny: bool
    white: bool
    shaded: bool


class _Shapes:
    """What the head part says of character shapes, paragraph shapes, styles and fills, by id."""

    def __init__(self, header: Element | None) -> None:
        head = etree.Element("none") if header is None else header
        self._fills = {fill.get("id") for fill in head.iter(f"{HH}borderFill") if is_filled(fill)}
        self._looks = {shape.get("id"): self._look(shape) for shape in head.iter(f"{HH}charPr")}
        self._levels: dict[str | None, int] = {}
        self._grounds: set[str | None] = set()
        for shape in head.iter(f"{HH}paraPr"):
            self._add_paragraph_shape(shape)
        self._styles = {style.get("id"): _style_level(style) for style in head.iter(f"{HH}style")}

    def _look(self, shape: Element) -> _Look:
        shaded = _is_colour(shape.get("shadeColor")) or shape.get("borderFillIDRef") in self._fills
        return _Look(_number(shape, "height", 1000) <= _ONE_POINT, _is_white(shape.get("textColor")), shaded)

    def _add_paragraph_shape(self, shape: Element) -> None:
        key = shape.get("id")
        heading = next(shape.iter(f"{HH}heading"), None)
        if heading is not None and heading.get("type") == "OUTLINE":
            self._levels[key] = _number(heading, "level", 0) + 1
        if any(border.get("borderFillIDRef") in self._fills for border in shape.iter(f"{HH}border")):
            self._grounds.add(key)

    def level(self, paragraph: Element) -> int:
        """The outline level of a paragraph, from 1; 0 where it has none."""
        by_shape = self._levels.get(paragraph.get("paraPrIDRef"), 0)
        return by_shape or self._styles.get(paragraph.get("styleIDRef"), 0)

    def has_ground(self, element: Element) -> bool:
        """Whether a paragraph, a cell, a table or a zone of cells is filled with a colour or a picture."""
        return element.get("borderFillIDRef") in self._fills or element.get("paraPrIDRef") in self._grounds

    def is_visible(self, run: Element, ground: bool) -> bool:
        """Whether the text of a run can be seen on its ground."""
        look = self._looks.get(run.get("charPrIDRef"), _Look(False, False, False))
        return not look.tiny and (not look.white or ground or look.shaded)


class _Walk:
    """One reading of a document: its sections, with what goes on from one paragraph to the next."""

    def __init__(self, header: Element | None) -> None:
        self.hidden: list[str] = []
        self._shapes = _Shapes(header)
        # The labels Hancom draws before numbered, outline and bullet paragraphs. The name is private, its package pinned;
        # nothing public gives the label of one paragraph.
        self._labels = _ListLabels(header)
        self._notes: list[Block] = []
        self._is_deleting = False
        self._is_in_cell = False

    def section(self, section: Element) -> Iterator[Block]:
        """The blocks of one section."""
        self._labels.start_section(section)
        for paragraph in section.findall(f"{HP}p"):
            for block in self._paragraph(paragraph, False):
                if isinstance(block, Heading):
                    yield from self._taken_notes()
                yield block
        yield from self._taken_notes()
        for memos in section.iter(f"{HP}memogroup"):
            if (text := _all_text(memos)) not in self.hidden:  # most stand at their place in the text as well
                self._hide(text)

    def _taken_notes(self) -> list[Block]:
        notes, self._notes = self._notes, []
        return notes

    def _hide(self, text: str) -> None:
        if text.strip():
            self.hidden.append(text)

    def _paragraph(self, paragraph: Element, ground: bool) -> list[Block]:
        """A paragraph's text, split where a table or a text box stands in it; its label goes with the first piece."""
        label, level = self._labels.label(paragraph), self._shapes.level(paragraph)
        ground = ground or self._shapes.has_ground(paragraph)
        blocks: list[Block] = []
        words: list[str] = []
        for piece in [*self._pieces(paragraph, ground), None]:
            if isinstance(piece, str):
                words.append(piece)
                continue
            if text := clean("".join(words)):
                blocks.append(_text_block(clean(f"{label} {text}"), level))
                label = ""
            words.clear()
            if piece is not None:
                blocks += self._placed(piece, ground)
        return blocks

    def _pieces(self, paragraph: Element, ground: bool) -> Iterator[str | Element]:
        """The text of a paragraph that is seen, and the objects in it, in order."""
        for run in paragraph.findall(f"{HP}run"):
            is_visible = self._shapes.is_visible(run, ground)
            for child in run:
                piece = self._piece(child)
                if is_visible or not isinstance(piece, str):
                    yield piece
                else:
                    self._hide(piece)

    def _piece(self, child: Element) -> str | Element:
        """What a child of a run adds to the text, or itself where it is an object placed in the text."""
        name = _name(child)
        if name == "t":
            return self._text(child)
        if name == "ctrl":
            return "".join(self._control(control) for control in child)
        if name == "dutmal":
            return child.findtext(f"{HP}mainText") or ""
        if name == "compose":
            return child.get("composeText") or ""
        if name == "equation":
            return child.findtext(f"{HP}script") or ""
        return _SPACES.get(name, child)

    def _text(self, text: Element) -> str:
        parts = [self._kept(text.text)]
        for child in text:
            name = _name(child)
            if name in ("deleteBegin", "deleteEnd"):
                self._is_deleting = name == "deleteBegin"
            parts += [_SPACES.get(name, ""), self._kept(child.tail)]
        return "".join(parts)

    def _kept(self, text: str | None) -> str:
        if not self._is_deleting:
            return text or ""
        self._hide(text or "")
        return ""

    def _control(self, control: Element) -> str:
        """The number a control shows in the text. Notes are kept for later, memos and comments are hidden."""
        name = _name(control)
        if name in ("footNote", "endNote"):
            self._notes += self._paragraphs(control, False)
        elif name in ("fieldBegin", "hiddenComment"):
            self._hide(_all_text(control))
        elif name == "autoNum":
            form = control.find(f"{HP}autoNumFormat")
            before, after = (
                ("", "") if form is None else (form.get("prefixChar", ""), form.get("suffixChar", ""))
            )
            return f"{before}{control.get('num', '')}{after}"
        return ""

    def _placed(self, element: Element, ground: bool) -> list[Block]:
        """The blocks in an object: a table, a shape with a text box, a picture with a caption, or a group of such."""
        name = _name(element)
        if name == "tbl":
            return self._table(element, ground or self._shapes.has_ground(element))
        if name in ("drawText", "caption"):
            return self._paragraphs(element, ground)
        blocks: list[Block] = []
        if name == "textart" and (text := clean(element.get("text", ""))):
            blocks.append(Paragraph(text))
        # A switch holds one object twice, for readers of different age.
        children = list(element)[:1] if name == "switch" else element
        ground = ground or is_filled(element)
        return blocks + [block for child in children for block in self._placed(child, ground)]

    def _paragraphs(self, owner: Element, ground: bool) -> list[Block]:
        """The blocks of the list of paragraphs that a cell, a note, a text box or a caption holds."""
        return [block for p in owner.findall(f"{HP}subList/{HP}p") for block in self._paragraph(p, ground)]

    def _table(self, table: Element, ground: bool) -> list[Block]:
        caption = [block for c in table.findall(f"{HP}caption") for block in self._paragraphs(c, False)]
        cells = list(_cells(table))
        if len(cells) == 1 and not self._is_in_cell:
            ground = ground or self._shapes.has_ground(cells[0].element)
            return caption + self._paragraphs(cells[0].element, ground)
        words = " ".join(words_of(block) for block in caption)
        listed = self._cell_texts(table, cells, ground)
        if self._is_in_cell:
            return [Paragraph(clean(" ".join([words, *(text for *_, text in listed)])))]
        return [Table(grid(listed), header_rows(listed, _marked_rows(cells)), words)] if listed else caption

    def _cell_texts(self, table: Element, cells: Sequence[_Place], ground: bool) -> list[Cell]:
        """The cells with their text; in a cell a nested table is its cells' texts, one after the other."""
        was_in_cell, self._is_in_cell = self._is_in_cell, True
        zones = [zone for zone in table.iter(f"{HP}cellzone") if self._shapes.has_ground(zone)]
        listed = []
        for cell in cells:
            on = ground or self._shapes.has_ground(cell.element) or any(cell.is_in(zone) for zone in zones)
            blocks = self._paragraphs(cell.element, on)
            text = clean(" ".join(words_of(block) for block in blocks))
            listed.append((cell.row, cell.column, cell.down, cell.across, text))
        self._is_in_cell = was_in_cell
        return listed


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of a table: its element, where it begins, and how many rows and columns it covers."""

    element: Element
    row: int
    column: int
    down: int
    across: int

    def is_in(self, zone: Element) -> bool:
        """Whether the cell begins in a zone of cells that share a ground."""
        rows = _number(zone, "startRowAddr", 0), _number(zone, "endRowAddr", -1)
        columns = _number(zone, "startColAddr", 0), _number(zone, "endColAddr", -1)
        return rows[0] <= self.row <= rows[1] and columns[0] <= self.column <= columns[1]


def _cells(table: Element) -> Iterator[_Place]:
    """The cells of a table; one without an address follows the cell before it."""
    for row, line in enumerate(table.findall(f"{HP}tr")):
        column = 0
        for cell in line.findall(f"{HP}tc"):
            address, span = cell.find(f"{HP}cellAddr"), cell.find(f"{HP}cellSpan")
            column = _number(address, "colAddr", column)
            across = max(_number(span, "colSpan", 1), 1)
            down = max(_number(span, "rowSpan", 1), 1)
            yield _Place(cell, _number(address, "rowAddr", row), column, down, across)
            column += across


def _marked_rows(cells: Sequence[_Place]) -> int:
    """How many rows at the top hold nothing but header cells, with the rows that those cells reach down to.

    0 where none is marked, and where the marks leave no row of values: authors mark the first column too.
    """
    end = 0
    last = max((cell.row for cell in cells), default=0)
    for row in range(last + 1):
        begin = [cell for cell in cells if cell.row == row]
        if row >= end and not (begin and all(cell.element.get("header") == "1" for cell in begin)):
            break
        end = max([end, *(row + cell.down for cell in begin)])
    return end if end <= last else 0


def _text_block(text: str, level: int) -> Block:
    if level and len(text) <= _HEADING_LENGTH and not _SENTENCE_END.search(text):
        return Heading(level, text)
    return Paragraph(text)


def words_of(block: Block) -> str:
    """All text of a block, a table's caption and cells one after the other."""
    if not isinstance(block, Table):
        return block.text
    return " ".join([block.caption, *(text for row in block.rows for text in row)])


def _all_text(element: Element) -> str:
    return " ".join("".join(text.itertext()) for text in element.iter(f"{HP}t"))


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _number(element: Element | None, key: str, missing: int) -> int:
    """An attribute as a number from 0; `missing` where it is none."""
    value = "" if element is None else element.get(key, "")
    return int(value) if value.isascii() and value.isdigit() else missing


def _style_level(style: Element) -> int:
    found = _STYLE.fullmatch(style.get("name", "")) or _STYLE.fullmatch(style.get("engName", ""))
    return int(found[1]) if found else 0


def _is_white(colour: str | None) -> bool:
    digits = (colour or "").removeprefix("#")[-6:]
    return bool(re.fullmatch("[0-9A-Fa-f]{6}", digits)) and min(bytes.fromhex(digits)) >= _WHITE


def _is_colour(colour: str | None) -> bool:
    return (colour or "none").lower() != "none" and not _is_white(colour)


def is_filled(element: Element) -> bool:
    """Whether a shape or a border with a fill (`hc:fillBrush`) shows another ground than white."""
    fill = element.find(f"{HC}fillBrush")
    if fill is None:
        return False
    return any(_name(brush) != "winBrush" or _is_colour(brush.get("faceColor")) for brush in fill)
