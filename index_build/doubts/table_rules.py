"""Rules for tables: a unit that cannot be, totals that do not add up, a sum that the text states in another size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index_build.doubts.amounts import NUMBER, areas, plain_number
from index_build.doubts.rules import Doubt, SectionText, doubt
from index_build.reading.document import Table

_CELL = re.compile(
    rf"(?:약\s?|about )?(?P<minus>[△▲−-]?)\s?(?P<number>{NUMBER})\s?(?:[천만]?㎡|m²|평|명|개(?:소|사)?|곳|건|필지|[천만억백]*\s?원)?(?:\s?\*+|\s?주?\d?\))?"
)
_NOTHING = ("", "-", "–", "—", "·", "0", "해당없음", "없음")
_TOTAL = re.compile(
    r"(?:총\s?)?(?:합\s?계|소\s?계|총\s?계|누\s?계|계)|(?:grand |sub-?)?totals?|sum", re.IGNORECASE
)
_SUBTOTAL = re.compile(r"소\s?계|sub-?total", re.IGNORECASE)
_NOT_ADDED = re.compile(
    r"%|율|률|비중|평균|단가|가격|금리|연도|연번|순번|번호|기준|일자|전화|\b(?:rate|share|ratio|average|price|year|no\.?|number|date|phone)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. `values` holds one per body row, None for a row without a figure."""

    name: str
    cells: tuple[str, ...]
    values: tuple[float | None, ...]

    @property
    def figures(self) -> list[float]:
        """The figures that stand in it."""
        return [value for value in self.values if value is not None]


def _body(table: Table) -> tuple[tuple[str, ...], ...]:
    return table.rows[table.header_rows :]


def _columns(table: Table) -> Iterator[Column]:
    """The columns in which every cell is a figure or empty, and at least two are figures."""
    header = table.rows[: table.header_rows]
    for number, cells in enumerate(zip(*_body(table), strict=True)):
        name = " ".join(dict.fromkeys(row[number].strip() for row in header))
        values = [_value(cell) for cell in cells]
        readable = all(
            v is not None or cell.strip() in _NOTHING for v, cell in zip(values, cells, strict=True)
        )
        if readable and sum(value is not None for value in values) >= 2:
            yield Column(name, cells, tuple(values))


def _value(cell: str) -> float | None:
    match = _CELL.fullmatch(cell.strip())
    if match is None:
        return None
    return -plain_number(match["number"]) if match["minus"] else plain_number(match["number"])


def _is_total(row: Sequence[str], pattern: re.Pattern[str] = _TOTAL) -> bool:
    return any(pattern.fullmatch(cell.strip(" ()[]")) for cell in row)


def _sentence(section: SectionText, row: Sequence[str], cell: str) -> str:
    """The sentence that tells a cell of a row, else the row itself."""
    label = next((text for text in row if text and _value(text) is None), row[0])
    wanted = [re.compile(rf"(?<![\w.,]){re.escape(text)}(?![\w]|[.,]\d)") for text in (label, cell)]
    told = (s for s in section.sentences if label in s and cell in s and all(w.search(s) for w in wanted))
    return next(told, " | ".join(row))


_BARE_SQUARE_METRES = re.compile(
    r"(?<![천만])(?<!thousand )(?:㎡|m²|m2\b|square met(?:er|re)s?|제곱미터)", re.IGNORECASE
)
_OTHER_UNIT = re.compile(r"천\s?㎡|만\s?㎡|천\s?m|thousand|million|㎢|km|ha\b|평|per\b|당", re.IGNORECASE)
_GROUND = re.compile(
    r"\b(?:cit(?:y|ies)|clusters?|districts?|zones?|complex(?:es)?|sites?)\b|도시|클러스터|지구|특구|단지|용지|부지",
    re.IGNORECASE,
)
_SMALL_THINGS = re.compile(
    r"\b(?:lots?|plots?|rooms?|offices?|units?|housing|apartments?|floors?)\b|필지|호실|사무실|실별|전용|공급면적|주택|세대|층|건축|연면적|임대",
    re.IGNORECASE,
)
_LEAST_ROWS, _MOST_ROWS = 3, 300  # cities and districts are few


def table_units(section: SectionText, table: Table) -> Iterator[Doubt]:
    """Grounds of cities or districts told as 10 to 999 m²: the thousand of the unit is lost."""
    about = f"{section.heading} {table.caption} {' '.join(' '.join(row) for row in table.rows[: table.header_rows])}"
    if not _GROUND.search(about) or _SMALL_THINGS.search(about):
        return
    for column in _columns(table):
        unit = column.name if _BARE_SQUARE_METRES.search(column.name) else f"{column.name} {table.unit}"
        if not _BARE_SQUARE_METRES.search(unit) or _OTHER_UNIT.search(unit) or _NOT_ADDED.search(column.name):
            continue
        if not _LEAST_ROWS <= len(column.figures) <= _MOST_ROWS:
            continue
        if all(10 <= figure < 1000 for figure in column.figures):
            detail = {"least": f"{min(column.figures):g}", "most": f"{max(column.figures):g}"}
            yield from _each_row(section, table, column, "table-unit", detail)


def _each_row(
    section: SectionText, table: Table, column: Column, rule: str, detail: dict[str, str]
) -> Iterator[Doubt]:
    for row, cell, value in zip(_body(table), column.cells, column.values, strict=True):
        if value is not None:
            yield doubt(rule, _sentence(section, row, cell), section.heading, (column.name, detail))


_FACTORS = (10, 100, 1_000, 10_000)
_FEWEST_FIGURES = 3  # significant figures of a sum that no other total shares by chance


def sum_factors(section: SectionText, table: Table, stated: dict[float, str]) -> Iterator[Doubt]:
    """An area column whose sum is a tenth, a hundredth, … of an area that the text states. `stated` maps m² to words."""
    for column in _columns(table) if stated else ():
        unit = f"{column.name} {table.unit}"
        if not _BARE_SQUARE_METRES.search(unit) or _OTHER_UNIT.search(unit):
            continue
        rows = zip(_body(table), column.values, strict=True)
        total = sum(value for row, value in rows if value is not None and not _is_total(row))
        few = len(f"{total:.0f}".strip("0")) < _FEWEST_FIGURES
        if few or round(total, 2) in stated or not _LEAST_ROWS <= len(column.figures) <= _MOST_ROWS:
            continue
        for factor in _FACTORS:
            if words := stated.get(round(total * factor, 2)):
                detail = {"sum": f"{total:,.10g}", "stated": words, "factor": f"{factor:,}"}
                yield from _each_row(section, table, column, "sum-factor", detail)


_MOST_TOTALS = 100  # a table with more is a register, in which 계 may be a name


def column_sums(section: SectionText, table: Table) -> Iterator[Doubt]:
    """A row of totals (계, 합계, 소계, Total) that is none of the sums it could be."""
    rows = _body(table)
    totals = [place for place, row in enumerate(rows) if _is_total(row)]
    if not 0 < len(totals) < min(len(rows), _MOST_TOTALS):
        return
    for column in _columns(table):
        if _NOT_ADDED.search(f"{column.name} {table.unit}"):
            continue
        for place in totals:
            value = column.values[place]
            sums = [] if value is None else _possible_sums(column, rows, totals, place)
            if value is not None and sums and not any(_equal(value, added, column) for added in sums):
                cell = column.cells[place]
                found = (f"{column.name}: {cell}", {"sum": f"{sums[0]:,.10g}"})
                yield doubt("column-sum", _sentence(section, rows[place], cell), section.heading, found)


def _possible_sums(
    column: Column, rows: Sequence[Sequence[str]], totals: Sequence[int], place: int
) -> list[float]:
    """All rows, the subtotals, the rows since the last total, the rows up to the next; those of at least two figures."""
    before = max((t for t in totals if t < place), default=-1)
    after = min((t for t in totals if t > place), default=len(rows))
    subtotals = [t for t in totals if _is_total(rows[t], _SUBTOTAL)]
    plain = [p for p in range(len(rows)) if p not in totals]
    groups = (
        plain,
        [t for t in subtotals if t != place],
        [t for t in totals if t != place],
        range(before + 1, place),
        range(place + 1, after),
        [p for p in plain if p < place],
        [p for p in plain if p > place],
    )
    figures = [[v for p in group if (v := column.values[p]) is not None] for group in groups]
    return [sum(group) for group in figures if len(group) >= 2]


_DECIMALS = re.compile(r"\.(\d+)")


def _equal(value: float, added: float, column: Column) -> bool:
    """Equal but for rounding of each row, which small counts are never given."""
    decimals = max(len(point[1]) if (point := _DECIMALS.search(cell)) else 0 for cell in column.cells)
    rounding = 0.5 * 10**-decimals * len(column.figures)
    return bool(abs(value - added) <= min(rounding, 0.01 * abs(value)) + 1e-9)


def check_tables(sections: Sequence[SectionText]) -> Iterator[Doubt]:
    """Every rule of this module, over the tables of one document."""
    tables = [
        (section, section.table) for section in sections if section.table and len(section.table.rows) > 1
    ]
    stated: dict[float, str] = {}
    for section in sections if tables else ():
        for sentence in section.sentences if section.table is None else ():
            stated |= {round(area.value, 2): area.text for area in areas(sentence)}
    for section, table in tables:
        yield from table_units(section, table)
        yield from sum_factors(section, table, stated)
        yield from column_sums(section, table)
