"""From the rows of a sheet or of a CSV file to lines of text and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index_build.reading.document import Block, Paragraph, Table
from index_build.reading.tables import Cell, grid, header_rows, is_note, split_unit

Area = tuple[int, int, int, int]  # first row, first column, rows, columns

_LONG = 40


class Sheet:
    """Visible rows of equal length, the text of a merged cell in every place it covers."""

    def __init__(self, rows: Sequence[Sequence[str]], merged: Iterable[Area] = ()) -> None:
        """`rows` hold the text of a merged cell at its first place only; `merged` are areas within them."""
        self.rows = [list(row) for row in rows]
        self._areas: dict[tuple[int, int], Area] = {}
        for area in merged:
            top, left, down, across = area
            text = self.rows[top][left]
            for row in range(top, top + down):
                self.rows[row][left : left + across] = [text] * across
                self._areas |= dict.fromkeys(((row, column) for column in range(left, left + across)), area)

    def area(self, row: int, column: int) -> Area:
        """The area of the cell that covers a place."""
        return self._areas.get((row, column), (row, column, 1, 1))

    def filled(self, row: int) -> list[int]:
        """The columns in which a cell with text begins in this row."""
        places = (column for column, text in enumerate(self.rows[row]) if text)
        return [column for column in places if self.area(row, column)[:2] == (row, column)]


def blocks_of(sheet: Sheet) -> Iterator[Block]:
    """The tables of a sheet, parted by blank rows, and the lines above and below them: titles, captions, units, notes."""
    for rows in _regions(sheet):
        columns = _columns(sheet, rows)
        start, stop = 0, len(rows)
        while start < stop and _is_line(sheet, rows[start], columns):
            start += 1
        while stop > start and _is_note(sheet, rows[stop - 1], columns):
            stop -= 1
        yield from _lines(sheet, rows[:start])
        if stop - start == 1:
            yield Paragraph(" ".join(sheet.rows[rows[start]][column] for column in sheet.filled(rows[start])))
        elif stop > start:
            yield _table(sheet, rows[start:stop])
        yield from _lines(sheet, rows[stop:])


def _regions(sheet: Sheet) -> list[list[int]]:
    """Rows that belong together. A blank row within a table, put there to loosen it, does not part it."""
    regions: list[list[int]] = []
    apart = True
    for row, texts in enumerate(sheet.rows):
        if not any(texts):
            apart = True
            continue
        if apart:
            regions.append([])
        regions[-1].append(row)
        apart = False
    joined: list[list[int]] = []
    for region in regions:
        if joined and _continues(sheet, joined[-1], region):
            joined[-1] += region
        else:
            joined.append(region)
    return joined


def _continues(sheet: Sheet, above: list[int], region: list[int]) -> bool:
    columns = _columns(sheet, region)
    first, header = sheet.rows[region[0]], (sheet.rows[row] for row in above)
    return (
        len(columns) > 1
        and columns == _columns(sheet, above)
        and not _is_line(sheet, region[0], columns)
        and not _is_note(sheet, above[-1], columns)
        and first not in header
    )


def _columns(sheet: Sheet, rows: list[int]) -> list[int]:
    return [column for column in range(len(sheet.rows[0])) if any(sheet.rows[row][column] for row in rows)]


def _is_line(sheet: Sheet, row: int, columns: list[int]) -> bool:
    """Whether a row above a table is a title, a unit, or both, and no row of headings."""
    filled = sheet.filled(row)
    words = [column for column in filled if split_unit(sheet.rows[row][column])[0]]
    if len(filled) != 1:
        return len(filled) == 2 and len(words) < 2 and len(columns) > 2
    _, left, down, across = sheet.area(row, filled[0])
    part_of_a_heading = (across > 1 and left > columns[0]) or (down > 1 and across < len(columns))
    return not words or not part_of_a_heading


def _is_note(sheet: Sheet, row: int, columns: list[int]) -> bool:
    """Whether a row below a table is a line of text. A row with a label and nothing behind it belongs to the table."""
    filled = sheet.filled(row)
    if len(filled) != 1:
        return False
    text = sheet.rows[row][filled[0]]
    wide = sheet.area(row, filled[0])[3] >= len(columns)
    return wide or is_note(text) or len(text) > _LONG or not split_unit(text)[0]


def _lines(sheet: Sheet, rows: list[int]) -> Iterator[Block]:
    return (Paragraph(sheet.rows[row][column]) for row in rows for column in sheet.filled(row))


def _table(sheet: Sheet, rows: list[int]) -> Table:
    columns = _columns(sheet, rows)
    cells: list[Cell] = []
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            top, left, down, across = sheet.area(row, column)
            if (top, left) == (row, column):
                tall = sum(top <= other < top + down for other in rows[y : y + down])
                wide = sum(left <= other < left + across for other in columns[x : x + across])
                cells.append((y, x, tall, wide, sheet.rows[row][column]))
    return Table(grid(cells), header_rows(cells))
