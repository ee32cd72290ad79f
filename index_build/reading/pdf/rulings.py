"""Tables that lines are drawn around: from the lines of a page to cells with the rows and columns they cover.

Korean tables often have no line at the left and right edge; their columns there end where the level lines end.
Coordinates are points from the top left corner of the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_NEAR = 3.5  # points; lines closer than this are one (double lines, borders of neighbouring cells)
_SHORT = 5.0  # points; shorter lines are parts of drawings
_MOST_LINES = 600  # of one page after joining; more is a drawing


@dataclass(frozen=True, slots=True)
class Line:
    """A level line (`at` its height, from `start` to `end` across) or an upright one (`at` its place across)."""

    is_level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Grid:
    """A table: where its columns (`across`) and rows (`down`) begin and end, and the cell of each elementary place.

    `cells` maps (row, column) of an elementary place to that of the cell's first place.
    """

    across: list[float]
    down: list[float]
    cells: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The first place of the cell at a point, or None beside the table."""
        place = bisect_right(self.down, y) - 1, bisect_right(self.across, x) - 1
        return self.cells.get(place)

    def spans(self) -> Iterator[tuple[int, int, int, int]]:
        """Row, column, rows and columns covered of each cell."""
        ends: dict[tuple[int, int], tuple[int, int]] = {}
        for (row, column), first in self.cells.items():
            last = ends.get(first, first)
            ends[first] = max(last[0], row), max(last[1], column)
        for (row, column), (last_row, last_column) in ends.items():
            yield row, column, last_row - row + 1, last_column - column + 1


def find_tables(lines: Iterable[Line]) -> list[Grid]:
    """The tables of a page: lines that touch each other and part it into at least two rows and two columns."""
    joined = [line for line in _joined(lines) if line.end - line.start >= _SHORT]
    if len(joined) > _MOST_LINES:
        return []
    grids = [_grid(group) for group in _touching(joined)]
    return [grid for grid in grids if grid is not None]


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of one direction at nearly the same place as one line each stretch."""
    ordered = sorted(lines, key=lambda line: (line.is_level, line.at))
    group: list[Line] = []
    for line in ordered:
        if group and (line.is_level != group[-1].is_level or line.at - group[-1].at > _NEAR):
            yield from _stretches(group)
            group = []
        group.append(line)
    yield from _stretches(group)


def _stretches(group: Sequence[Line]) -> Iterator[Line]:
    if not group:
        return
    at = sum(line.at for line in group) / len(group)
    start, end = None, 0.0
    for line in sorted(group, key=lambda line: line.start):
        if start is None or line.start - end > _NEAR:
            if start is not None:
                yield Line(line.is_level, at, start, end)
            start, end = line.start, line.end
        end = max(end, line.end)
    if start is not None:
        yield Line(group[0].is_level, at, start, end)


def _touching(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Groups of lines in which each touches another."""
    left = list(lines)
    while left:
        group: list[Line] = []
        fresh = [left.pop()]
        while fresh:
            line = fresh.pop()
            group.append(line)
            apart: list[Line] = []
            for other in left:
                (fresh if _touch(line, other) else apart).append(other)
            left = apart
        yield group


def _touch(one: Line, other: Line) -> bool:
    if one.is_level == other.is_level:
        return False
    return (
        one.start - _NEAR <= other.at <= one.end + _NEAR
        and other.start - _NEAR <= one.at <= other.end + _NEAR
    )


def _grid(group: Sequence[Line]) -> Grid | None:
    level = [line for line in group if line.is_level]
    upright = [line for line in group if not line.is_level]
    if not level or not upright:
        return None
    across = _places([line.at for line in upright], [end for line in level for end in (line.start, line.end)])
    down = _places([line.at for line in level], [end for line in upright for end in (line.start, line.end)])
    grid = Grid(across, down, _cells(across, down, level, upright))
    rows, columns = {row for row, _ in grid.cells.values()}, {column for _, column in grid.cells.values()}
    return grid if len(rows) > 1 and len(columns) > 1 else None


def _places(lines: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Where lines stand, and the outermost ends of those across them where they reach further."""
    places = sorted(lines)
    kept = [place for before, place in pairwise([places[0] - 2 * _NEAR, *places]) if place - before > _NEAR]
    first, last = min(ends), max(ends)
    return [
        *([first] if first < kept[0] - _NEAR else []),
        *kept,
        *([last] if last > kept[-1] + _NEAR else []),
    ]


def _cells(
    across: Sequence[float], down: Sequence[float], level: Sequence[Line], upright: Sequence[Line]
) -> dict[tuple[int, int], tuple[int, int]]:
    """The elementary places, joined where no line stands between them."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    on_left = [[line for line in upright if abs(line.at - place) <= _NEAR] for place in across]
    on_top = [[line for line in level if abs(line.at - place) <= _NEAR] for place in down]
    for row, (top, bottom) in enumerate(pairwise(down)):
        for column, (left, right) in enumerate(pairwise(across)):
            first = row, column
            if column and not _has_wall(on_left[column], (top + bottom) / 2):
                first = cells[row, column - 1]
            elif row and not _has_wall(on_top[row], (left + right) / 2):
                first = cells[row - 1, column]
            cells[row, column] = first
    return cells


def _has_wall(lines: Sequence[Line], middle: float) -> bool:
    return any(line.start <= middle <= line.end for line in lines)
