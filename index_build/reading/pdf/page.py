"""One page of a PDF: its lines of text in reading order, and the tables ruled on it with the lines of each cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from index_build.reading.cleaning import clean
from index_build.reading.pdf.drawn import Box, Frame, address_of, read_drawn
from index_build.reading.pdf.rulings import Grid, find_tables

_ENDS = ("\r", "\n", "\ufffe")  # the last is PDFium's sign for a hyphen at the end of a line
_FILLED = 0.3  # of the cells of a table hold text; in a drawing fewer do


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text with its place and the size of its characters, in points from the top left corner."""

    text: str
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with its place, the lines between its columns, and each cell: row, column, rows, columns, lines of text."""

    box: Box
    across: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What one page holds, in reading order. `is_recognised` where its text lies unseen over a picture of the page."""

    width: float
    height: float
    items: tuple[TextLine | RuledTable, ...]
    hidden: str
    is_blank: bool
    is_recognised: bool


def read_page(page: pdfium.PdfPage) -> Page:
    """Read one page. Raises PdfiumError where PDFium cannot."""
    frame = Frame(page)
    drawn = read_drawn(page, frame)
    text_page = page.get_textpage()
    text = _Text(text_page, frame, drawn.unseen)
    tables = [_Filling(grid) for grid in find_tables(drawn.rulings)]
    found: list[TextLine | _Filling] = []
    for line in text.lines():
        for table, part in _parts(line, text, [table for table in tables if table.overlaps(line.box)]):
            if table is None:
                found.append(text.text_line(part))
            else:
                table.take(text.chars(part))
                found += [] if table in found else [table]
    items = [item for each in found for item in (each.finished() if isinstance(each, _Filling) else [each])]
    text_page.close()
    return Page(frame.width, frame.height, tuple(items), text.hidden, drawn.is_blank, drawn.is_scan)


def _parts(line: _Span, text: _Text, tables: Sequence[_Filling]) -> Iterator[tuple[_Filling | None, _Span]]:
    """The parts of a line in each of the tables and beside them; a space goes where the character before it went."""
    if not tables:
        yield None, line
        return
    shares: dict[_Filling | None, list[int]] = {}
    place = None
    for number, (_, box) in zip(line.numbers, text.chars(line), strict=True):
        if box is not None:
            place = next((table for table in tables if table.holds(box)), None)
        shares.setdefault(place, []).append(number)
    for table, numbers in shares.items():
        if part := text.span(numbers):
            yield table, part


@dataclass(frozen=True, slots=True)
class _Span:
    """The characters of one line by their numbers, and its place."""

    numbers: Sequence[int]
    box: Box


class _Text:
    """The text of one page, character by character as PDFium numbers them, without what nobody sees."""

    def __init__(self, text_page: pdfium.PdfTextPage, frame: Frame, unseen: set[int]) -> None:
        self._page, self._frame = text_page, frame
        count = text_page.count_chars()
        text = text_page.get_text_range()
        # PDFium leaves some signs out of the text of a range, and numbers them all the same.
        self._all = text if len(text) == count else [self._char(number) for number in range(count)]
        self._unseen = (
            {number for number in range(count) if self._owner(number) in unseen} if unseen else set()
        )
        self.hidden = clean("".join(self._all[number] for number in sorted(self._unseen)))

    def _char(self, number: int) -> str:
        code = int(raw.FPDFText_GetUnicode(self._page, number))
        return chr(code) if 0 < code < 0x110000 else ""

    def _owner(self, number: int) -> int:
        return address_of(raw.FPDFText_GetTextObject(self._page, number))

    def lines(self) -> Iterator[_Span]:
        """The lines that hold something to see on the page."""
        numbers: list[int] = []
        for number, char in enumerate([*self._all, "\n"]):
            if char not in ("\r", "\n") and number not in self._unseen:
                numbers.append(number)
            if char not in _ENDS:
                continue
            for part in self._level_parts(numbers) if self._frame.is_on_its_side else [numbers]:
                line = self.span(part)
                if line and self._is_on_page(line.box):
                    yield line
                elif line:
                    self.hidden += "".join(self._all[place] for place in part)
            numbers = []

    def _level_parts(self, numbers: Sequence[int]) -> Iterator[list[int]]:
        """The lines in what PDFium takes for one: on a page stored on its side it sees no line ends."""
        part: list[int] = []
        last: Box | None = None
        for number in numbers:
            if not self._all[number].isspace():
                box = self._box(number)
                middle = (box[1] + box[3]) / 2
                if (
                    last
                    and not last[1] - (last[3] - last[1]) / 2 <= middle <= last[3] + (last[3] - last[1]) / 2
                ):
                    yield part
                    part = []
                last = box
            part.append(number)
        yield part

    def span(self, numbers: Sequence[int]) -> _Span | None:
        """The characters of a line with their place; None where they are white space."""
        seen = [number for number in numbers if not self._all[number].isspace()]
        if not clean("".join(self._all[number] for number in seen)):
            return None
        first, last = self._box(seen[0]), self._box(seen[-1])
        box = min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3])
        return _Span(numbers, box)

    def _is_on_page(self, box: Box) -> bool:
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return bool(0 <= across <= self._frame.width and 0 <= down <= self._frame.height)

    def _box(self, number: int) -> Box:
        """The place of a character as its font gives it, of the same height for a letter and a full stop."""
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._page, number, box)
        return self._frame.box(box.left, box.bottom, box.right, box.top)

    def text_line(self, line: _Span) -> TextLine:
        """A line as text, with the size of the character in its middle."""
        seen = [number for number in line.numbers if not self._all[number].isspace()]
        text = "".join(self._all[number] for number in line.numbers)
        return TextLine(text.strip(), line.box, self._size(seen[len(seen) // 2]))

    def _size(self, number: int) -> float:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._page, number, matrix)
        return round(float(raw.FPDFText_GetFontSize(self._page, number)) * math.hypot(matrix.c, matrix.d), 1)

    def chars(self, line: _Span) -> Iterator[tuple[str, Box | None]]:
        """The characters of a line with their places; white space has none."""
        for number in line.numbers:
            char = self._all[number]
            yield char, None if char.isspace() else self._box(number)


@dataclass(slots=True, eq=False)
class _Filling:
    """A ruled table while the lines of the page are put into its cells."""

    grid: Grid
    _lines: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        """The place the table covers."""
        return self.grid.across[0], self.grid.down[0], self.grid.across[-1], self.grid.down[-1]

    def overlaps(self, box: Box) -> bool:
        """Whether a part of a box is in the table."""
        left, top, right, bottom = self.box
        return box[0] <= right and left <= box[2] and box[1] <= bottom and top <= box[3]

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box is in the table."""
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return self.overlaps((across, down, across, down))

    def take(self, chars: Iterator[tuple[str, Box | None]]) -> None:
        """Put each character of a line into the cell its middle is in; a space goes where the one before it went."""
        parts: dict[tuple[int, int], str] = {}
        place = None
        for char, box in chars:
            if box is not None:
                place = self.grid.cell_at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) or place
            if place is not None:
                parts[place] = parts.get(place, "") + char
        for cell, text in parts.items():
            if text.strip():
                self._lines.setdefault(cell, []).append(text.strip())

    def finished(self) -> list[RuledTable | TextLine]:
        """The table; or, where it is a drawing or a form with little text, that text as lines."""
        spans = sorted(self.grid.spans())
        if len(self._lines) < 2 or len(self._lines) < _FILLED * len(spans):
            return [TextLine(text, self.box, 0) for lines in self._lines.values() for text in lines]
        cells = tuple((*span, tuple(self._lines.get(span[:2], ()))) for span in spans)
        return [RuledTable(self.box, tuple(self.grid.across), cells)]
