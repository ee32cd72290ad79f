"""Districts, land, incentives and contacts: typed rows, each with its source and as-of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from knowledge.gazetteer import Gazetteer
from knowledge.source import TELLABLE, Source

AVAILABILITY = ("left", "none", "resale_only", "unknown", "not_on_sale", "not_offered")
_LEFT_METRICS = ("remaining_area", "unsold_area", "unsold_area_estimate")


@dataclass(frozen=True, slots=True)
class District:
    """An innovation city, convergence zone or designated area that companies ask about."""

    id: str
    programme: str
    regions: tuple[str, ...]
    name_ko: str
    name_en: str
    host_ko: str
    host_en: str
    approver_ko: str
    approver_en: str
    tax_rows: tuple[str, ...]
    contact: str
    as_of: str
    source_title: str
    publisher: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class LandFact:
    """One fact on land. `value` is a plain number for a numeric metric; areas are in m2, shares in %.

    `availability` stands on the one row of a district that best says what is left there.
    """

    id: str
    district: str
    programme: str
    region: str
    site_ko: str
    site_en: str
    metric: str
    value: str
    unit: str
    as_of: str
    availability: str
    note_ko: str
    note_en: str
    contact: str
    source_title: str
    publisher: str
    published: str
    url: str
    status: str
    demo: str


@dataclass(frozen=True, slots=True)
class Incentive:
    """One incentive, duty or restriction with its law, conditions, deadline and source.

    Full and half relief are given in % and years where the row has that form, else empty.
    """

    id: str
    scheme: str
    category: str
    name_ko: str
    name_en: str
    law_ko: str
    law_en: str
    programmes: tuple[str, ...]
    regions: tuple[str, ...]
    facility: tuple[str, ...]
    company_type: tuple[str, ...]
    audience: str
    benefit_ko: str
    benefit_en: str
    rate_full: str
    years_full: str
    rate_half: str
    years_half: str
    period_ko: str
    period_en: str
    conditions_ko: str
    conditions_en: str
    clawback_ko: str
    clawback_en: str
    deadline: str
    deadline_note_ko: str
    deadline_note_en: str
    in_force_from: str
    source_title: str
    publisher: str
    published: str
    as_of: str
    url: str
    status: str
    note_ko: str
    note_en: str
    demo: str


@dataclass(frozen=True, slots=True)
class Contact:
    """An office and what it answers for. `phone` is empty where no source gives one."""

    id: str
    name_ko: str
    name_en: str
    for_ko: str
    for_en: str
    phone: str
    web: str
    hours_ko: str
    hours_en: str
    as_of: str
    source_title: str
    publisher: str
    url: str
    status: str


Row = TypeVar("Row", District, LandFact, Incentive, Contact)
_LISTS = frozenset({"regions", "tax_rows", "programmes", "facility", "company_type"})


def to_row(kind: type[Row], record: Mapping[str, Any]) -> Row:
    """A typed row from a CSV or database record; lists are split at semicolons. Raises KeyError for a missing column."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        text = str(record[field.name] or "").strip()
        values[field.name] = (
            tuple(part.strip() for part in text.split(";") if part.strip()) if field.name in _LISTS else text
        )
    return kind(**values)


def source_of(row: LandFact | Incentive | Contact) -> Source:
    """The source of a row of the catalogue, its key being the row's id."""
    published = "" if isinstance(row, Contact) else row.published
    return Source(row.id, row.source_title, row.publisher, published, row.as_of, row.url, row.status)


@dataclass(frozen=True, slots=True)
class LandSummary:
    """What is known of one district's land: the row that says what is left, and the tellable facts beside it.

    `left_m2` is the last known area left, in m2, or None where it is not a figure.
    """

    district: District
    availability: str
    evidence: LandFact
    left_m2: float | None
    planned: LandFact | None
    sold: LandFact | None
    price: LandFact | None


class Catalogue:
    """Look-ups over the rows of one release."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        districts: Iterable[District],
        land: Iterable[LandFact],
        incentives: Iterable[Incentive],
        contacts: Iterable[Contact],
    ) -> None:
        """Hold the rows of one release, by id, in file order."""
        self.gazetteer = gazetteer
        self.districts = {row.id: row for row in districts}
        self.land = {row.id: row for row in land}
        self.incentives = {row.id: row for row in incentives}
        self.contacts = {row.id: row for row in contacts}

    def source(self, key: str) -> Source | None:
        """The source of the row with this id."""
        row = self.land.get(key) or self.incentives.get(key) or self.contacts.get(key)
        return source_of(row) if row else None

    def districts_of(self, regions: Iterable[str], programme: str = "") -> list[District]:
        """Districts at these regions, of one programme where given. A city finds its own, a province all of its own."""
        found = []
        for district in self.districts.values():
            if programme and district.programme != programme:
                continue
            if any(region in district.regions for region in regions):
                found.append(district)
        return found

    def find_land(
        self, regions: Iterable[str] = (), programme: str = "", area_m2: float | None = None
    ) -> list[LandSummary]:
        """Land by region and programme, all districts where neither is given.

        With an area in m2, districts known to have at least that much left come first. Otherwise those with
        land left come first, then unknown, resale only, not on sale, none.
        """
        regions = list(regions)
        districts = (
            self.districts_of(regions, programme)
            if regions
            else [d for d in self.districts.values() if d.programme == (programme or "innovation_city")]
        )
        summaries = [
            summary for district in districts if (summary := self.land_summary(district.id)) is not None
        ]

        def order(summary: LandSummary) -> tuple[int, int, float]:
            enough = area_m2 is not None and summary.left_m2 is not None and summary.left_m2 >= area_m2
            rank = ("left", "unknown", "resale_only", "not_on_sale", "not_offered", "none").index(
                summary.availability
            )
            return (0 if enough else 1, rank, -(summary.left_m2 or 0.0))

        return sorted(summaries, key=order)

    def land_summary(self, district: str) -> LandSummary | None:
        """The land of one district, or None where the catalogue does not say what is left there."""
        rows = [row for row in self.land.values() if row.district == district]
        evidence = next((row for row in rows if row.availability), None)
        if evidence is None:
            return None
        tellable = [row for row in rows if row.status in TELLABLE]

        def latest(*metrics: str) -> LandFact | None:
            found = [row for row in tellable if row.metric in metrics and row.value]
            return max(found, key=lambda row: row.as_of, default=None)

        left = (
            evidence
            if evidence.metric in _LEFT_METRICS and evidence.status in TELLABLE and evidence.value
            else None
        )
        return LandSummary(
            district=self.districts[district],
            availability=evidence.availability,
            evidence=evidence,
            left_m2=float(left.value) if left else None,
            planned=latest("planned_area", "designated_area"),
            sold=latest("sold_share"),
            price=latest("price"),
        )

    def host_tax_rows(self, regions: Iterable[str]) -> list[Incentive]:
        """The rows that say which relief years a host place gets, for each region asked for, the nearest place first."""
        rows: dict[str, Incentive] = {}
        hosts = [row for row in self.incentives.values() if row.scheme == "host-city-tax-zone"]
        for region in regions:
            near = self.gazetteer.covers(region)
            exact = [row for row in hosts if region in row.regions]
            for row in exact or [row for row in hosts if near & set(row.regions)]:
                rows[row.id] = row
        return list(rows.values())

    def find_incentives(
        self, facility: str = "", company_type: str = "", category: str = ""
    ) -> list[Incentive]:
        """Tellable incentives open to a moving company, by facility, company type and category where given."""
        return [
            row
            for row in self.incentives.values()
            if row.status in TELLABLE
            and row.audience == "tenant"
            and (not category or row.category == category)
            and (not facility or not row.facility or facility in row.facility)
            and (not company_type or not row.company_type or company_type in row.company_type)
        ]
