"""XLSX and CSV: each sheet a heading with its tables, numbers as they are shown, hidden rows and columns left out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from index_build.reading import limits
from index_build.reading.cleaning import clean, hidden_text
from index_build.reading.document import Block, Heading, Notice, Reading, Table, UnreadableDocument
from index_build.reading.encoding import decode
from index_build.reading.safety.prechecks import MAX_PLACES
from index_build.reading.spreadsheet.blocks import Area, Sheet, blocks_of
from index_build.reading.spreadsheet.layout import Layout, Package
from index_build.reading.spreadsheet.number_formats import shown
from index_build.reading.tables import attach_captions, within_limits

_BROKEN = (CalamineError, zipfile.BadZipFile, ParseError, ExpatError, KeyError, ValueError, OSError)
_USUAL_NAME = re.compile(r"(?:sheet|시트)\s*\d*", re.IGNORECASE)
_DELIMITERS = "\t,;|"
_SNIFFED_ROWS = 200
# The limit holds for the whole process and the file is bounded already, so it only must not stand in the way.
_ANY_FIELD = 2**31 - 1


def read(data: bytes, name: str) -> Reading:
    """Read an Excel workbook.

    Raises UnreadableDocument: `damaged`, `encrypted`, or `too_large` where cells lie so far apart that the sheet would
    not fit into memory.
    """
    try:
        book = _Book(data, name)
        blocks = attach_captions(list(book.blocks()))
    except UnreadableDocument:
        raise
    except PasswordError as error:
        raise UnreadableDocument("encrypted", name) from error
    except _BROKEN as error:
        raise UnreadableDocument("damaged", name, detail=type(error).__name__) from error
    kept, cut = within_limits(blocks)
    return Reading(kept, book.title or _title(kept), (*hidden_text(book.hidden), *book.notices(), *cut))


def read_csv(data: bytes, name: str) -> Reading:
    """Read a table of text whose cells are parted by commas, tabs, semicolons or bars. Raises UnreadableDocument."""
    text = decode(data, name)
    rows = [[clean(cell) for cell in row] for row in _parted(text)]
    width = max(map(len, rows), default=0)
    most = limits.MAX_CELLS // max(width, 1)
    sheet = Sheet([row + [""] * (width - len(row)) for row in rows[:most]])
    kept, cut = within_limits(attach_captions(list(blocks_of(sheet))))
    return Reading(kept, notices=(*_cut(len(sheet.rows) * width, len(rows) * width), *cut))


def _cut(kept: int, total: int) -> tuple[Notice, ...]:
    return (Notice("cut_off", {"kept": kept, "total": total, "what": "cells"}),) if kept < total else ()


def _title(blocks: tuple[Block, ...]) -> str:
    """The first line or caption of a workbook whose first sheet has the name that Excel gave it."""
    first, *rest = blocks or (Heading(1, ""),)
    if not isinstance(first, Heading) or not _USUAL_NAME.fullmatch(first.text) or not rest:
        return ""
    return rest[0].caption if isinstance(rest[0], Table) else rest[0].text


class _Book:
    """A workbook while it is read."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._package = Package(zipfile.ZipFile(io.BytesIO(data)))
        self._book = CalamineWorkbook.from_object(io.BytesIO(data))
        self.title = clean(self._package.title())
        self.hidden: list[str] = []
        self._kept = self._total = self._uncounted = 0

    def blocks(self) -> Iterator[Block]:
        """The blocks of the visible sheets, each under its name."""
        for number, sheet in enumerate(self._book.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name in self._package.paths:
                layout = self._layout(sheet.name)
                cells = self._book.get_sheet_by_index(number)
                if sheet.visible != SheetVisibleEnum.Visible:
                    self.hidden += [text for _, row in self._texts(cells, layout) for text in row if text]
                    continue
                found = list(blocks_of(self._visible(cells, layout)))
                yield from [Heading(1, clean(sheet.name)), *found] if found else ()

    def notices(self) -> tuple[Notice, ...]:
        """Formulas without a result, and cells beyond the limit."""
        what: dict[str, str | int] = {
            "what": "formulas without a saved result (계산 결과가 저장되지 않은 수식)"
        }
        missing = (Notice("dropped", what | {"count": self._uncounted}),) if self._uncounted else ()
        return (*missing, *_cut(self._kept, self._total))

    def _layout(self, sheet: str) -> Layout:
        """The layout, checked first: calamine gives memory to every place before the last filled cell, or aborts."""
        layout = self._package.layout(sheet)
        if layout.height * layout.width > MAX_PLACES:
            raise UnreadableDocument(
                "too_large",
                self._name,
                detail=f"{layout.height:,} × {layout.width:,}",
                allowed=f"{MAX_PLACES:,}",
            )
        self._uncounted += layout.uncounted
        return layout

    def _texts(self, sheet: CalamineSheet, layout: Layout) -> Iterator[tuple[int, list[str]]]:
        """The number of each row from the first filled one and its texts as shown; what a style hides is put aside."""
        top, left = sheet.start or (0, 0)
        styles = self._package.styles
        for row, values in islice(enumerate(sheet.iter_rows()), top, None):
            texts = []
            for column, value in enumerate(values, left):
                style = styles[min(layout.styles.get((row, column), 0), len(styles) - 1)]
                text = clean(shown(value, style.form)) if value != "" else ""
                self.hidden += [clean(str(value))] if style.hidden or not text else []
                texts.append("" if style.hidden else text)
            yield row, texts

    def _visible(self, sheet: CalamineSheet, layout: Layout) -> Sheet:
        """The visible rows and columns, as many as the file may still have, and the merged areas within them."""
        (top, left), (bottom, right) = sheet.start or (0, 0), sheet.end or (-1, -1)
        columns = [column for column in range(left, right + 1) if column not in layout.hidden_columns]
        height = sum(row not in layout.hidden_rows for row in range(top, bottom + 1))
        numbers: list[int] = []
        rows: list[list[str]] = []
        room = (limits.MAX_CELLS - self._kept) // max(len(columns), 1)
        for row, texts in self._texts(sheet, layout):
            if row in layout.hidden_rows:
                self.hidden += texts
            elif len(rows) == room:
                break
            else:
                self.hidden += (
                    text for column, text in enumerate(texts, left) if column in layout.hidden_columns
                )
                numbers.append(row)
                rows.append([texts[column - left] for column in columns])
        self._kept += len(rows) * len(columns)
        self._total += height * len(columns)
        return Sheet(rows, _areas(sheet, numbers, columns))


def _areas(sheet: CalamineSheet, rows: list[int], columns: list[int]) -> Iterator[Area]:
    """The merged areas of a sheet, counted in its visible rows and columns."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        row, column = bisect_left(rows, top), bisect_left(columns, left)
        down, across = bisect_right(rows, bottom) - row, bisect_right(columns, right) - column
        if down > 0 and across > 0:
            yield row, column, down, across


def _parted(text: str) -> list[list[str]]:
    """The rows of a CSV text, by the sign that parts most of its first rows into equally many cells."""
    head = "\n".join(text.splitlines()[:_SNIFFED_ROWS])
    return _rows(text, max(_DELIMITERS, key=lambda sign: _evenness(_rows(head, sign))))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Quotes are taken as such only where they come in pairs; an inch sign must not swallow the rest of the file."""
    csv.field_size_limit(_ANY_FIELD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))


def _evenness(rows: list[list[str]]) -> int:
    """How many rows have the most frequent number of cells above one."""
    return max(Counter(len(row) for row in rows if len(row) > 1).values(), default=0)
