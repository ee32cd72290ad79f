"""The made document as DOCX, XLSX and HTML, with automatic list numbers and real merged cells."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
from docx.oxml import OxmlElement
from openpyxl.worksheet.worksheet import Worksheet

from tests.made.source import ARTICLES, ITEMS, PARAGRAPHS, TABLES, TITLE, SourceTable

# How Excel shows these texts of the source: the number in the file, and its format.
_NUMBERS = {
    "858": (858, "General"), "415": (415, "General"), "151": (151, "General"), "500": (500, "#,##0"),
    "96.7": (96.7, "General"), "77.0": (77, "0.0"), "100.0": (100, "0.0_ "), "9%": (0.09, "0%"), "6%": (0.06, "0%"),
    "1,000": (1000, "#,##0"), "3,000": (3000, "#,##0_);(#,##0)"), "2,000": (2000, "_-* #,##0_-;-* #,##0_-"), "1,500": (1500, "#,##0"),
}  # fmt: skip


def placed(table: SourceTable) -> list[tuple[int, int, int, int, str]]:
    """The cells of a table as (row, column, rowspan, columnspan, text), counted from 0."""
    cells, taken = [], set()
    for row, drawn in enumerate(table.drawn):
        column = 0
        for cell in drawn:
            while (row, column) in taken:
                column += 1
            taken |= {(row + y, column + x) for y in range(cell.rows) for x in range(cell.columns)}
            cells.append((row, column, cell.rows, cell.columns, cell.text))
    return cells


def as_docx(path: Path) -> None:
    """Write the document with Word's heading styles, an automatic list, and merged cells."""
    document = docx.Document()
    document.add_heading(TITLE, 0)
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    for item in ITEMS:
        document.add_paragraph(item.split(". ", 1)[1], style="List Number")
    for heading, text in ARTICLES:
        document.add_heading(heading, 2)
        document.add_paragraph(text)
    for table in TABLES:
        document.add_paragraph(table.caption)
        document.add_paragraph(f"(단위: {table.unit})")
        _word_table(document, table)
    document.save(str(path))


def _word_table(document: docx.document.Document, table: SourceTable) -> None:
    drawn = document.add_table(len(table.grid), len(table.grid[0]))
    for row, column, down, across, text in placed(table):
        corner = drawn.cell(row, column)
        corner.merge(drawn.cell(row + down - 1, column + across - 1)).text = text
    for row in drawn.rows[: table.header_rows]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def as_xlsx(path: Path) -> None:
    """Write a sheet of text and one sheet for each table, with a line for its caption and one for its unit."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = TITLE
    for text in (*PARAGRAPHS, *ITEMS, *(text for article in ARTICLES for text in article)):
        sheet.append([text])
    for number, table in enumerate(TABLES, 1):
        _sheet(book.create_sheet(f"표 {number}"), table)
    book.save(path)


def _sheet(sheet: Worksheet, table: SourceTable) -> None:
    top, left = 4, 2
    sheet.cell(2, left, table.caption)
    sheet.cell(3, left + len(table.grid[0]) - 1, f"(단위: {table.unit})")
    for row, column, down, across, text in placed(table):
        cell = sheet.cell(top + row, left + column)
        cell.value, cell.number_format = _NUMBERS.get(text, (text, "General"))
        if (down, across) != (1, 1):
            sheet.merge_cells(
                start_row=cell.row, start_column=cell.column, end_row=cell.row + down - 1, end_column=cell.column + across - 1
            )  # fmt: skip


def as_html(path: Path) -> None:
    """Write a page with navigation, a numbered list, and tables with `<caption>`."""
    items = "".join(f"<li>{item.split('. ', 1)[1]}</li>" for item in ITEMS)
    articles = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in ARTICLES)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    tables = "".join(map(_html_table, TABLES))
    path.write_text(
        f"<!DOCTYPE html><html lang=ko><head><meta charset=utf-8><title>{TITLE}</title></head><body>"
        f"<nav><a href=/>처음으로</a></nav><main><h1>{TITLE}</h1>{text}<ol>{items}</ol>{articles}{tables}</main>"
        "<footer>© 시청</footer></body></html>",
        encoding="utf-8",
    )


def _html_table(table: SourceTable) -> str:
    rows = [""] * len(table.drawn)
    for row, _, down, across, text in placed(table):
        tag = "th" if row < table.header_rows else "td"
        rows[row] += f"<{tag} rowspan={down} colspan={across}>{text}</{tag}>"
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><caption>{table.caption}</caption>{body}</table><p>(단위: {table.unit})</p>"
