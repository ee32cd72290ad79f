"""PDF: text, tables with ruling lines, hidden text and repeated lines, read with PDFium."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2 as pdfium
from pypdfium2 import raw

from index_build.reading import limits
from index_build.reading.cleaning import hidden_text
from index_build.reading.document import Notice, Reading, UnreadableDocument
from index_build.reading.pdf.page import Page, TextLine, read_page
from index_build.reading.pdf.text import blocks_of
from index_build.reading.tables import attach_captions, within_limits

_END = b"%%EOF"
_TAIL = 4096  # bytes in which the end mark must stand; mail programs add a little behind it
_EDGE = 3  # lines at the top and at the bottom of a page that may be a running head or foot
_FEWEST_PAGES = 3
_MOST_PAGES = (
    0.6  # a line that stands on so many of the pages, or of the odd or even ones, is a running head or foot
)
_NEAR = 16  # points; the place of running lines differs by half of this at most
_LISTED = 20  # page numbers in a notice


def read(data: bytes, name: str) -> Reading:
    """Read a PDF. One that only its owner's password protects can be read by anyone, and is.

    Raises UnreadableDocument: `encrypted`, `damaged`, `no_text`.
    """
    if _END not in data[-_TAIL:]:
        raise UnreadableDocument("damaged", name, detail="its end is missing")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = "encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "damaged"
        raise UnreadableDocument(code, name, detail=str(error)) from error
    try:
        return _reading(document, name)
    finally:
        document.close()


def _reading(document: pdfium.PdfDocument, name: str) -> Reading:
    total = len(document)
    pages = [_page(document, number) for number in range(min(total, limits.MAX_PAGES))]
    kept = _without_running_lines([page for page in pages if page])
    blocks, cut = within_limits(attach_captions(blocks_of(kept)))
    if not any(pages):
        raise UnreadableDocument("damaged", name, detail="none of its pages can be opened")
    if not blocks:
        raise UnreadableDocument("no_text", name)
    notices = [*hidden_text(page.hidden for page in kept), *_page_notices(pages, kept, total), *cut]
    return Reading(blocks, notices=tuple(notices))


def _page(document: pdfium.PdfDocument, number: int) -> Page | None:
    """A page, or None where it is damaged."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return None
    try:
        return read_page(page)
    except pdfium.PdfiumError:
        return None
    finally:
        page.close()


def _page_notices(pages: Sequence[Page | None], kept: Sequence[Page], total: int) -> Iterator[Notice]:
    if len(pages) < total:
        yield Notice("cut_off", {"kept": len(pages), "total": total, "what": "pages"})
    if damaged := pages.count(None):
        yield Notice("dropped", {"what": "pages", "count": damaged})
    whole = [number for number, page in enumerate(pages, 1) if page]
    empty = [number for number, page in zip(whole, kept, strict=True) if not page.items and not page.is_blank]
    if empty:
        listed = ", ".join(map(str, empty[:_LISTED])) + (", …" if len(empty) > _LISTED else "")
        yield Notice("page_without_text", {"count": len(empty), "total": total, "pages": listed})
    if recognised := sum(page.is_recognised for page in kept):
        yield Notice("recognised_text", {"count": recognised, "total": total})


def _without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """The pages without their running heads and feet: lines that most pages share at one place."""
    running = {
        key
        for some in (pages, pages[::2], pages[1::2])
        if len(some) >= _FEWEST_PAGES
        for key, count in Counter(
            key for page in some for key in {_key(line) for line in _edges(page)}
        ).items()
        if count >= max(_MOST_PAGES * len(some), _FEWEST_PAGES)
    }
    return [_without(page, running) for page in pages]


def _without(page: Page, running: set[tuple[str, int]]) -> Page:
    taken = {id(line) for line in _edges(page) if _key(line) in running}
    return replace(page, items=tuple(item for item in page.items if id(item) not in taken))


def _edges(page: Page) -> list[TextLine]:
    """The highest and the lowest lines of a page."""
    lines = sorted((item for item in page.items if isinstance(item, TextLine)), key=lambda line: line.box[1])
    return lines[:_EDGE] + lines[max(len(lines) - _EDGE, _EDGE) :]


def _key(line: TextLine) -> tuple[str, int]:
    """What running lines share: their text but for its numbers, and how far down they stand."""
    return re.sub(r"\d+", "0", "".join(line.text.split())), round((line.box[1] + line.box[3]) / _NEAR)
