"""The made document as PDF, printed by Chromium; and small files written by hand, for what browsers do not print."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.made import source

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
STYLE = """<meta charset="utf-8"><style>
body { font: 11pt NanumGothic; text-align: justify } h1 { font-size: 18pt } h2 { font-size: 13pt }
table { border-collapse: collapse; page-break-inside: auto } td { border: 1px solid black; padding: 4px }
.open td:first-child { border-left: none } .open td:last-child { border-right: none } .unit { text-align: right }
</style>"""
MARGIN = {"top": "20mm", "bottom": "20mm", "left": "20mm", "right": "20mm"}
FOOT = (
    '<div style="font-size: 9px; width: 100%; text-align: center">- <span class="pageNumber"></span> -</div>'
)
HEAD = '<div style="font-size: 9px; width: 100%; text-align: center">클러스터 공급 지침</div>'


def as_pdf(path: Path) -> Path:
    """Print the document and return its path."""
    with printer() as print_page:
        path.write_bytes(print_page(document()))
    return path


@contextmanager
def printer() -> Iterator[Callable[..., bytes]]:
    """Debian's Chromium as a function from HTML (and options of Playwright's `pdf`) to a PDF of A4 pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

        def print_page(html: str, **options: object) -> bytes:
            page = browser.new_page()
            page.set_content(STYLE + html)
            printed = page.pdf(format="A4", margin=MARGIN, **options)
            page.close()
            return printed

        yield print_page
        browser.close()


def document() -> str:
    """The document as HTML."""
    texts = "".join(f"<p>{text}</p>" for text in (*source.PARAGRAPHS, *source.ITEMS))
    tables = "".join(
        f'<p>{table.caption}</p><p class="unit">(단위: {table.unit})</p>{table_html(table)}'
        for table in source.TABLES
    )
    articles = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in source.ARTICLES)
    return f"<h1>{source.TITLE}</h1>{texts}{tables}{articles}"


def table_html(table: source.SourceTable, classes: str = "") -> str:
    """A table with borders and merged cells."""
    rows = "".join(
        "<tr>"
        + "".join(f'<td rowspan="{c.rows}" colspan="{c.columns}">{c.text}</td>' for c in cells)
        + "</tr>"
        for cells in table.drawn
    )
    return f'<table class="{classes}">{rows}</table>'


@dataclass(frozen=True)
class Words:
    """Latin text on a page: its place from the bottom left in points, its size, grey (0 black, 1 white) and mode."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 12
    grey: float = 0
    mode: int = 0

    def __str__(self) -> str:
        """The text as a page's program draws it."""
        return f"BT /F {self.size} Tf {self.mode} Tr {self.grey} g {self.x} {self.y} Td ({self.text}) Tj ET"


@dataclass(frozen=True)
class Ground:
    """A dark rectangle, or a picture of one: left and bottom, width and height in points."""

    x: float
    y: float
    width: float
    height: float
    is_picture: bool = False

    def __str__(self) -> str:
        """The rectangle as a page's program draws it."""
        if not self.is_picture:
            return f"0.2 g {self.x} {self.y} {self.width} {self.height} re f"
        return f"q {self.width} 0 0 {self.height} {self.x} {self.y} cm BI /W 1 /H 1 /CS /G /BPC 8 ID 3 EI Q"


def draw(*pages: Iterable[Words | Ground]) -> bytes:
    """A PDF of A4 pages that hold these things, drawn in their order."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for things in pages:
        program = "\n".join(map(str, things))
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>",
            f"<< /Length {len(program)} >>\nstream\n{program}\nendstream",
        ]
    return _file(objects)


def _file(objects: Sequence[str]) -> bytes:
    text, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{text}{end}startxref\n{len(text)}\n%%EOF\n".encode("ascii")
