"""What the catalogue holds of each district that companies choose between, looked up once."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from knowledge.catalogue import Catalogue, District, Incentive, LandFact, LandSummary
from knowledge.config import DOCUMENTS
from knowledge.source import TELLABLE, Source

# Rows that speak of no one district: local admission criteria, supply of land in zones, tests of relief for head offices.
_RULES = ("L013", "L210", "T09")


@dataclass(frozen=True, slots=True)
class DistrictIndustry:
    """An industry that a district names as its own. `industry` is a gazetteer id, `status` as in `knowledge.source`."""

    district: str
    industry: str
    note_ko: str
    note_en: str
    as_of: str
    source_title: str
    publisher: str
    url: str
    status: str

    @property
    def id(self) -> str:
        """Its key as a source: `ucz-ulsan/battery`."""
        return f"{self.district}/{self.industry}"


def read_industries(path: Path) -> tuple[DistrictIndustry, ...]:
    """The tellable rows of a file like `district_industries.csv`. Raises ValueError naming the row where its cells are others."""
    columns = [column.name for column in fields(DistrictIndustry)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        if list(row) != columns or None in row.values():
            raise ValueError(
                f"{path.name} row {number}: its cells do not match the columns {', '.join(columns)}. "
                "Quote cells that hold a comma."
            )
    return tuple(found for row in rows if (found := DistrictIndustry(**row)).status in TELLABLE)


@cache
def district_industries() -> tuple[DistrictIndustry, ...]:
    """The industries that the shipped districts name as their own."""
    return read_industries(DOCUMENTS / "district_industries.csv")


def source_of_reason(key: str, catalogue: Catalogue) -> Source | None:
    """The source of a row that a reason rests on: of the catalogue or of `district_industries.csv`."""
    for row in district_industries():
        if row.id == key:
            return Source(key, row.source_title, row.publisher, "", row.as_of, row.url, row.status)
    return catalogue.source(key)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the catalogue holds of one district, looked up once.

    `complex`: the row that says that part of it is an industrial complex; `completion`: the target year of its plan;
    `earlier`: the latest figure of what was left, however old.
    """

    district: District
    summary: LandSummary | None
    taxes: tuple[Incentive, ...]
    complex: LandFact | None
    completion: LandFact | None
    earlier: LandFact | None
    industries: Mapping[str, DistrictIndustry]
    rules: Mapping[str, LandFact | Incentive]

    @property
    def availability(self) -> str:
        """What is left, in the catalogue's words; `no_record` where it has no row on it."""
        return self.summary.availability if self.summary else "no_record"


def grounds_of(catalogue: Catalogue) -> list[Ground]:
    """All districts, in the order of `districts.csv`."""
    rows: dict[str, list[LandFact]] = {}
    for fact in catalogue.land.values():
        if fact.status in TELLABLE:
            rows.setdefault(fact.district, []).append(fact)
    found = ((key, catalogue.land.get(key) or catalogue.incentives.get(key)) for key in _RULES)
    rules = {key: row for key, row in found if row is not None}
    return [
        _ground(catalogue, district, rows.get(district.id, []), rules)
        for district in catalogue.districts.values()
    ]


def _ground(
    catalogue: Catalogue,
    district: District,
    rows: Sequence[LandFact],
    rules: Mapping[str, LandFact | Incentive],
) -> Ground:
    def latest(*metrics: str) -> LandFact | None:
        found = (row for row in rows if row.metric in metrics and row.value)
        return max(found, key=lambda row: row.as_of, default=None)

    taxes = (catalogue.incentives.get(key) for key in district.tax_rows)
    return Ground(
        district=district,
        summary=catalogue.land_summary(district.id),
        taxes=tuple(row for row in taxes if row is not None and row.status in TELLABLE),
        complex=next(
            (r for r in rows if "산업단지" in r.site_ko or (r.metric == "overlay" and "산업단지" in r.value)),
            None,
        ),
        completion=latest("completion_year"),
        earlier=latest("remaining_area", "unsold_area"),
        industries={row.industry: row for row in district_industries() if row.district == district.id},
        rules=rules,
    )
