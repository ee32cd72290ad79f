"""Lines and ruled tables of a PDF's pages put together: paragraphs, headings, and tables that go on over pages.

A paragraph ends where its last line had room for the next word, where the next line stands further below or further in, is
of another size, or begins with the sign of an article or a list. It may go on over the end of a column or a page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index_build.reading.cleaning import clean
from index_build.reading.document import Block, Heading, Paragraph, Table
from index_build.reading.pdf.lines import HYPHEN, join_lines
from index_build.reading.pdf.page import Page, RuledTable, TextLine
from index_build.reading.tables import grid, header_rows

_LARGER = 1.12  # times the size of the body: a heading
_DEEPEST = 6
_HEADING_LENGTH = 100
_SENTENCE_END = re.compile(r"[가-힣a-z][.。]$")
_FURTHER = 1.35  # times the usual distance of lines: a new paragraph
_HEADING_GAP = 2.0  # times the size: lines of one heading stand no further apart
_INDENT = 0.7  # times the size
_SPARE = 1.0  # times the size: room that layouts leave at the end of a line
_OTHER_SIZE = 0.1  # times the size
_COLUMN = 0.3  # of the lines of a page stand on each side of its middle: it has two columns
_MANY, _OVER = 10, 2  # of more than ten lines two may run over the margin
_NEAR = 3.0  # points; columns of one table on two pages may differ by this
_SIGN = re.compile(
    r"제\d+조(?:의\d+)?\s?\(|제\d+[장절편관](?:의\d+)?\s|부\s*칙(?:\s*<|$)|[①-⑳㉠-㉻]|\d{1,2}[.)]\s|\(\d{1,2}\)\s|"
    r"[□■○●◦ㅇ◇◆▪▶➢•·∙※*–-]\s|[<\[(〔]\s?(?:표|그림|단위|별[표지])"
)
_LETTER = re.compile(r"[가-하][.)]\s")  # also how a line begins where the layout broke the word `한|다.`
_STOP = re.compile(r"[.。:;!?)]$")


@dataclass(slots=True)
class _Text:
    """The lines of one paragraph, or of one heading of a level from 1, and how far right its last line could reach."""

    lines: list[TextLine]
    level: int
    edge: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual on a page: how far right its lines reach, those of a left column too, and how far apart lines stand.

    `pitch` is what a quarter of the distances do not exceed: a page may hold more paragraphs than lines within them.
    """

    right: float
    middle: float
    left_column: float
    pitch: float

    def edge(self, line: TextLine) -> float:
        """How far right a line at this place could reach."""
        return self.left_column if self.left_column and line.box[2] <= self.middle else self.right


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """The blocks of all pages in order; tables hold neither caption nor unit yet."""
    pieces = _pieces(pages)
    parts: list[Sequence[str]] = []
    for piece in pieces:
        if isinstance(piece, _Text):
            parts.append([line.text for line in piece.lines])
        else:
            parts += [lines for *_, lines in piece.cells]
    texts = iter([clean(text) for text in join_lines(parts)])
    return [_block(piece, texts) for piece in pieces]


def _block(piece: _Text | RuledTable, texts: Iterator[str]) -> Block:
    if isinstance(piece, RuledTable):
        cells = [(row, column, down, across, next(texts)) for row, column, down, across, _ in piece.cells]
        return Table(grid(cells), header_rows(cells))
    text = next(texts)
    is_heading = piece.level and len(text) <= _HEADING_LENGTH and not _SENTENCE_END.search(text)
    return Heading(piece.level, text) if is_heading else Paragraph(text)


def _pieces(pages: Sequence[Page]) -> list[_Text | RuledTable]:
    levels = _levels(pages)
    pieces: list[_Text | RuledTable] = []
    for page in pages:
        layout = _layout(page)
        for place, item in enumerate(page.items):
            last = pieces[-1] if pieces else None
            if isinstance(item, RuledTable):
                joined = _continued(last, item) if isinstance(last, RuledTable) and not place else None
                pieces[len(pieces) - bool(joined) :] = [joined or item]
                continue
            level = levels.get(item.size, 0)
            if isinstance(last, _Text) and last.level == level and _goes_on(last, item, layout, not place):
                last.lines.append(item)
                last.edge = layout.edge(item)
            else:
                pieces.append(_Text([item], level, layout.edge(item)))
    return pieces


def _levels(pages: Sequence[Page]) -> dict[float, int]:
    """The level of each size of type that is larger than the body's, the largest being 1."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.items:
            if isinstance(line, TextLine):
                sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0
    larger = sorted((size for size in sizes if size >= _LARGER * body), reverse=True)
    return {size: min(place, _DEEPEST) for place, size in enumerate(larger, 1)} if body else {}


def _layout(page: Page) -> _Layout:
    lines = [item for item in page.items if isinstance(item, TextLine)]
    middle = page.width / 2
    left = [line.box[2] for line in lines if line.box[2] <= middle]
    right = [line for line in lines if line.box[0] >= middle]
    has_columns = min(len(left), len(right)) > _COLUMN * len(lines)
    gaps = [
        gap
        for before, after in pairwise(lines)
        if 0 < (gap := _height(after) - _height(before)) < 3 * max(after.size, 1)
    ]
    return _Layout(
        _reach([line.box[2] for line in lines]),
        middle,
        _reach(left) if has_columns else 0,
        sorted(gaps)[len(gaps) // 4] if gaps else 0,
    )


def _reach(ends: Sequence[float]) -> float:
    """How far right lines reach, without the few that run over the margin."""
    return sorted(ends, reverse=True)[_OVER if len(ends) > _MANY else 0] if ends else 0


def _height(line: TextLine) -> float:
    return (line.box[1] + line.box[3]) / 2


def _goes_on(text: _Text, line: TextLine, layout: _Layout, is_first: bool) -> bool:
    """Whether a line goes on with the paragraph above it. `is_first` where it is the first of its page."""
    last = text.lines[-1]
    gap = _height(line) - _height(last)
    if HYPHEN.search(last.text):
        return True
    if _SIGN.match(line.text) or abs(line.size - last.size) > _OTHER_SIZE * last.size:
        return False
    if text.level:
        return not is_first and 0 < gap < _HEADING_GAP * line.size
    if _has_room(last, line, text.edge) or (_LETTER.match(line.text) and _STOP.search(last.text)):
        return False
    if is_first or gap < 0:
        return not _STOP.search(last.text)
    is_indented = len(text.lines) > 1 and line.box[0] - last.box[0] > _INDENT * line.size
    return gap <= _FURTHER * layout.pitch and not is_indented


def _has_room(last: TextLine, line: TextLine, edge: float) -> bool:
    """Whether the first word of a line would have stood at the end of the line above it."""
    word, _, _ = line.text.partition(" ")
    width = (line.box[2] - line.box[0]) * len(word) / len(line.text)
    return edge - last.box[2] > width + _SPARE * line.size


def _continued(before: RuledTable, after: RuledTable) -> RuledTable | None:
    """One table of two on pages that follow each other, without the header rows said again; None where they differ."""
    if len(before.across) != len(after.across):
        return None
    if any(abs(one - other) > _NEAR for one, other in zip(before.across, after.across, strict=True)):
        return None
    end = max(row + down for row, _, down, _, _ in before.cells)
    again = 0
    while again < end and _row(before, again) == _row(after, again):
        again += 1
    shift = end - again
    more = ((row + shift, *rest) for row, *rest in after.cells if row >= again)
    return RuledTable(after.box, before.across, (*before.cells, *more))  # type: ignore[arg-type]


def _row(table: RuledTable, row: int) -> list[tuple[int, int, int, int, tuple[str, ...]]]:
    return [cell for cell in table.cells if cell[0] == row]
