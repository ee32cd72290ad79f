"""What all readers share about tables: full grids, rows of headings, captions and units beside them, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from index_build.reading import limits
from index_build.reading.document import Block, Notice, Paragraph, Table

Cell = tuple[int, int, int, int, str]
Rows = tuple[tuple[str, ...], ...]

CAPTION_LENGTH = 60
UNIT_LINE_LENGTH = 80
# Two far cells must not fill the memory; a table that is only long is cut later, with a notice that counts it.
_MOST_PLACES = 10 * limits.MAX_CELLS

_INSIDE = r"(?:[^()（）\[\]〔〕【】<>]|\([^()]*\))"
_UNIT_WORD = r"(?:단\s*위|units?)\s*[:：]\s*"
_UNIT = re.compile(
    rf"(?P<open>[(（\[〔【<])\s*(?P<before>{_INSIDE}*?[,;/·])?\s*{_UNIT_WORD}(?P<unit>{_INSIDE}+?)\s*(?P<close>[)）\]〕】>])",
    re.IGNORECASE,
)
_BARE_UNIT = re.compile(rf"^[※*\-]?\s*{_UNIT_WORD}(?P<unit>[^.:：]{{1,30}})$", re.IGNORECASE)
_NOTE = re.compile(r"※|\*|주\s*[):：\d]|(?:자료|출처|비고|sources?|notes?)\s*[:：]", re.IGNORECASE)
_SIGN = re.compile(r"(?:\d+|[가나다라마바사아자차카타파하])[.)]|[①-⑳]|[-•·○ㅇ◦□■▪▶]")
_SENTENCE_END = re.compile(r"(?:(?<!\d)[.。．]|[!?])$")


def grid(cells: Iterable[Cell]) -> Rows:
    """The full grid of (row, column, rowspan, columnspan, text) cells, counted from 0; "" where nothing stands.

    The text of a merged cell stands in every place it covers; where two overlap, the first keeps the place. The grid
    ends with the last row and the last column in which a cell begins, so an absurd span adds nothing. Rows past ten
    times MAX_CELLS places are left out; `within_limits` then reports the cut.
    """
    listed = list(cells)
    width = min(max((column for _, column, *_ in listed), default=-1) + 1, _MOST_PLACES)
    height = min(max((row for row, *_ in listed), default=-1) + 1, _MOST_PLACES // max(width, 1))
    places: dict[tuple[int, int], str] = {}
    for row, column, down, across, text in listed:
        for y in range(row, min(row + down, height)):
            for x in range(column, min(column + across, width)):
                places.setdefault((y, x), text)
    return tuple(tuple(places.get((y, x), "") for x in range(width)) for y in range(height))


def header_rows(cells: Iterable[Cell], marked: int = 0) -> int:
    """How many rows at the top name the columns: those `marked` as such; else 2 where a cell of the first row is
    merged across columns, rows follow, and the second row differs; else 1.
    """
    rows = grid(cells := list(cells))
    if marked:
        return min(marked, len(rows))
    merged = any(row == 0 and across > 1 for row, _, _, across, _ in cells)
    return 2 if merged and len(rows) > 2 and rows[0] != rows[1] else 1


def split_unit(text: str) -> tuple[str, str]:
    """A caption without its unit, and the unit: `면적 (단위: 천㎡)` gives `("면적", "천㎡")`."""
    if bare := _BARE_UNIT.match(text):
        return "", bare["unit"].strip()
    found = _UNIT.search(text)
    if found is None:
        return text, ""
    before = (found["before"] or "").rstrip(",;/· ")
    kept = f"{found['open']}{before}{found['close']}" if before else ""
    return " ".join(f"{text[: found.start()]} {kept} {text[found.end() :]}".split()), found["unit"].strip()


def attach_captions(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, where each table holds the caption and the unit found beside it, and those lines are gone.

    A caption is the paragraph directly above: at most 60 characters, no sentence, no note and no part of a list. A unit is
    in the caption or in a short line of its own above (on either side of the caption) or directly below.
    """
    left: list[Block] = []
    taken = -1
    for place, block in enumerate(blocks):
        if place == taken:
            continue
        if isinstance(block, Table):
            block = _with_lines_above(block, left)
            unit = "" if block.unit else _unit_below(blocks, place + 1)
            if unit:
                block, taken = replace(block, unit=unit), place + 1
        left.append(block)
    return tuple(left)


def _with_lines_above(table: Table, left: list[Block]) -> Table:
    """Take the unit and the caption off the end of `left`."""
    caption, unit = split_unit(table.caption)
    unit = table.unit or unit
    remark = ""
    for _ in range(3):
        line = left[-1].text if left and isinstance(left[-1], Paragraph) else ""
        words, found = split_unit(line) if len(line) <= UNIT_LINE_LENGTH else (line, "")
        aside = found and (not words or words[0] in "(（[〔【<")
        if aside and not unit:
            unit, remark = found, words
        elif not caption and _is_caption(words, left) and not (found and unit):
            caption, unit = words, unit or found
        else:
            break
        left.pop()
    return replace(table, caption=" ".join(f"{caption} {remark}".split()), unit=unit)


def list_sign(line: str) -> str:
    """The number or sign that a line begins with: `1.`, `가)`, `①`, `-`; "" where there is none."""
    found = _SIGN.match(line)
    return found[0] if found else ""


def is_note(line: str) -> bool:
    """Whether a line beside a table is a remark or names its source: `※ …`, `주) …`, `자료: …`."""
    return bool(_NOTE.match(line))


def _is_caption(line: str, left: list[Block]) -> bool:
    if not 0 < len(line) <= CAPTION_LENGTH or _SENTENCE_END.search(line) or is_note(line):
        return False
    above = left[-2] if len(left) > 1 else None
    sign = _kind(list_sign(line))
    return not (sign and isinstance(above, Paragraph) and _kind(list_sign(above.text)) == sign)


def _kind(sign: str) -> str:
    """Signs of one list have one kind: `1.` and `2.`, `가)` and `나)`, `①` and `②`."""
    return re.sub(r"\d+", "1", re.sub(r"[가-힣]", "가", re.sub(r"[①-⑳]", "①", sign)))


def _unit_below(blocks: Sequence[Block], place: int) -> str:
    """The unit in a line of its own at `place`, under a table. In a row of tables and units, the last one tells whether
    units stand below their tables.
    """
    end = place
    while _own_unit(blocks, end) and isinstance(blocks[min(end + 1, len(blocks) - 1)], Table):
        end += 2
    return _own_unit(blocks, place) if _own_unit(blocks, end) else ""


def _own_unit(blocks: Sequence[Block], place: int) -> str:
    block = blocks[place] if place < len(blocks) else None
    if not isinstance(block, Paragraph) or len(block.text) > UNIT_LINE_LENGTH:
        return ""
    words, unit = split_unit(block.text)
    return "" if words else unit


def within_limits(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Notice, ...]]:
    """The blocks up to MAX_CELLS cells and MAX_CHARACTERS characters of one file, and a notice for each limit passed.

    A table that passes a limit keeps its first rows, a text its first characters. Past MAX_CELLS only tables are left out.
    """
    kept: list[Block] = []
    cells, characters = limits.MAX_CELLS, limits.MAX_CHARACTERS
    for block in blocks:
        part = _rows_within(block, cells) if isinstance(block, Table) else block
        cells = cells - _cells(part) if part == block else 0
        fitting = _characters_within(part, characters)
        characters = characters - _characters(fitting) if fitting == part else 0
        if _characters(fitting):
            kept.append(fitting)
    counted = (("cells", _cells, limits.MAX_CELLS), ("characters", _characters, limits.MAX_CHARACTERS))
    notices = []
    for what, count, most in counted:
        total = sum(map(count, blocks))
        if total > most:
            notices.append(Notice("cut_off", {"kept": sum(map(count, kept)), "total": total, "what": what}))
    return tuple(kept), tuple(notices)


def _cells(block: Block) -> int:
    return len(block.rows) * len(block.rows[0]) if isinstance(block, Table) and block.rows else 0


def _characters(block: Block) -> int:
    if isinstance(block, Table):
        return sum(len(text) for row in block.rows for text in row)
    return len(block.text)


def _rows_within(table: Table, cells: int) -> Table:
    return table if _cells(table) <= cells else replace(table, rows=table.rows[: cells // len(table.rows[0])])


def _characters_within(block: Block, most: int) -> Block:
    if _characters(block) <= most:
        return block
    if not isinstance(block, Table):
        return replace(block, text=block.text[:most])
    passed = accumulate(sum(map(len, row)) for row in block.rows)
    return replace(block, rows=block.rows[: sum(length <= most for length in passed)])
