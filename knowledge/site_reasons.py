"""Why a district suits a company or does not: one function a criterion, each reason with its points and the row it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from knowledge.catalogue import Catalogue, Incentive, LandFact, LandSummary
from knowledge.company import Company
from knowledge.site_grounds import DistrictIndustry, Ground
from knowledge.source import TELLABLE, age_in_years

Kind = Literal["for", "against", "rules_out", "unknown"]

# Points. Only their order and sums matter; one point is what separates two sites that suit about equally.
LAND = {
    "left": 3.0,
    "unknown": 0.0,  # neither left nor gone: between the two
    "resale_only": -2.0,  # still open, but through a present owner and under a price ceiling
    "not_on_sale": -3.0,  # nothing to buy or rent as recorded, for years perhaps
    "not_offered": -4.0,
    "none": -4.0,
}
# Nine cities sold 6 points of their land in the two years to 2023 (L008, L010): a small rest seen years ago may be gone.
NEARLY_GONE, SMALL_REST, OLD_YEARS = -1.5, 0.10, 2
# A wish outweighs all that a better place can gain over a sold-out one: land 5, area 1, industry 2, tax 1.
WISH = 10.0
ENOUGH = 1.0  # the area left is an old figure, so it adds less than there being land at all
WITHIN_BUDGET, OVER_BUDGET = 0.5, -1.0  # prices are of 2014-2017: a hint, no more
# A factory hardly fits where no industrial land is recorded: as bad as no land.
COMPLEX, NO_COMPLEX = 2.0, -4.0
FITS = 1.0
INDUSTRY = 2.0  # the district names the industry: counts in admission, and neighbours of the trade
# After a zone's target year there should be land (together 2), which is less sure than land on record (3).
AFTER_PLAN, BEFORE_PLAN = 5.0, -1.0
CAPITAL = -4.0  # neither relief nor subsidy for a move there, which is what companies come for
TAX_YEAR = 0.5  # a year of full relief more or less than the usual five outside the capital region
USUAL_YEARS = 5
UNSURE = 0.5  # share of the tax points that counts until the tests of the relief are known to be met
FLOOR_SHARE = 0.3  # who rents rooms needs owners and buildings, so what is left of the land tells less

# Rooms, not lots: their area is floor space, which no row of the catalogue counts.
_ROOMS = frozenset({"office", "knowledge_industry_centre"})
CLUSTER_USES = frozenset({"headquarters", "office", "research_institute", "knowledge_industry_centre"})
ON_LAND = frozenset({"factory", "data_centre"})
_METROPOLITAN = frozenset({"busan", "daegu", "gwangju", "daejeon", "ulsan"})
# Tax-relief act art. 63 and 63-2 with its decree art. 60-2: what a moved head office must have, and who is left out.
_RELIEVED = frozenset({"headquarters", "factory"})
_NO_HQ_RELIEF = frozenset({"construction", "real_estate"})
_HQ_STAFF, _HQ_INVESTMENT = 20, 1e9


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a site suits or does not. `weight`: its points.

    `source` is the key of a row (see `knowledge.site_grounds.source_of_reason`) or empty, `as_of` and `status` are those of
    the row; `values` fill the words of `code`.
    """

    kind: Kind
    code: str
    weight: float = 0.0
    values: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A company on a day; `places` are the regions that its wish for a place covers."""

    company: Company
    today: date
    places: frozenset[str]

    @property
    def needs_land(self) -> bool:
        """Whether it is known to want a lot rather than rooms: by the facility, or because it named an area or a budget for land."""
        told = self.company
        return told.facility in ON_LAND or (
            told.facility not in _ROOMS and (told.area_m2 is not None or told.budget is not None)
        )


def case_of(company: Company, catalogue: Catalogue, today: date) -> Case:
    """The company on a day, with the regions that its wish covers: a city its own, a province all in it."""
    covered = (catalogue.gazetteer.covers(region) for region in company.regions)
    return Case(company, today, frozenset().union(*covered))


def reasons_of(case: Case, ground: Ground) -> tuple[Reason, ...]:
    """All reasons of a site, criterion by criterion."""
    return tuple(reason for criterion in _CRITERIA for reason in criterion(case, ground))


def _reason(
    kind: Kind,
    code: str,
    weight: float = 0.0,
    row: LandFact | Incentive | DistrictIndustry | None = None,
    **values: Any,
) -> Reason:
    if row is None:
        return Reason(kind, code, weight, values)
    return Reason(kind, code, weight, values, row.id, row.as_of, row.status)


def _wishes(case: Case, ground: Ground) -> Iterator[Reason]:
    company, district = case.company, ground.district
    only = company.answers.get("only_there", False)
    if company.regions:
        met = not case.places.isdisjoint(district.regions)
        yield _wish("region", met, only)
    if company.programme:
        yield _wish("programme", company.programme == district.programme, only, programme=company.programme)


def _wish(what: str, met: bool, only: bool, **values: Any) -> Reason:
    if met:
        return _reason("for", f"{what}.wished", WISH, **values)
    return _reason("rules_out" if only else "against", f"{what}.{'only' if only else 'other'}", **values)


def _land(case: Case, ground: Ground) -> Iterator[Reason]:
    summary, state = ground.summary, ground.availability
    share = FLOOR_SHARE if case.company.facility in _ROOMS else 1.0
    weight = LAND.get(state, 0.0) * share
    if summary is None or state == "unknown":
        yield _reason("unknown", f"land.{state}", weight, summary.evidence if summary else None)
    elif state == "left":
        known = {} if summary.left_m2 is None else {"left": summary.left_m2}
        code = "land.left" if known else "land.left_some"
        yield _reason("for", code, weight, summary.evidence, **known)
        yield from _small_rest(case, summary, NEARLY_GONE * share)
    else:
        known_gone = state in ("none", "not_offered") and summary.evidence.status in TELLABLE
        out = known_gone and case.needs_land
        yield _reason("rules_out" if out else "against", f"land.{state}", weight, summary.evidence)


def _small_rest(case: Case, summary: LandSummary, weight: float) -> Iterator[Reason]:
    if summary.left_m2 is None or summary.planned is None or not float(summary.planned.value):
        return
    rest = summary.left_m2 / float(summary.planned.value)
    if rest < SMALL_REST and age_in_years(summary.evidence.as_of, case.today) >= OLD_YEARS:
        yield _reason("against", "land.small_rest", weight, summary.evidence, rest=round(rest * 100))


def _area(case: Case, ground: Ground) -> Iterator[Reason]:
    wanted, summary = case.company.area_m2, ground.summary
    if wanted is None:
        return
    if case.company.facility in _ROOMS:
        yield _reason("unknown", "area.floor", wanted=wanted)
        return
    total = summary.planned if summary else None
    if total and 0 < float(total.value) < wanted:
        yield _reason("rules_out", "area.over_total", row=total, wanted=wanted, total=float(total.value))
    elif summary and summary.left_m2 is not None:
        enough = wanted <= summary.left_m2
        yield _reason(
            "for" if enough else "rules_out",
            "area.enough" if enough else "area.short",
            ENOUGH if enough else 0.0,
            summary.evidence,
            wanted=wanted,
            left=summary.left_m2,
        )
    elif ground.availability in ("unknown", "resale_only", "no_record"):
        earlier = ground.earlier
        known = {"left": float(earlier.value)} if earlier else {}
        yield _reason(
            "unknown", "area.last" if earlier else "area.unknown", 0.0, earlier, wanted=wanted, **known
        )


def _price(case: Case, ground: Ground) -> Iterator[Reason]:
    company = case.company
    if company.budget is None or company.area_m2 is None or company.facility in _ROOMS:
        return
    row = ground.summary.price if ground.summary else None
    if row is None:
        yield _reason("unknown", "price.unknown", budget=company.budget)
        return
    price = float(row.value) / (3.3 if row.unit.endswith("3.3m2") else 1.0)
    cost = price * company.area_m2
    within = cost <= company.budget
    yield _reason(
        "for" if within else "against",
        "price.within" if within else "price.over",
        WITHIN_BUDGET if within else OVER_BUDGET,
        row,
        price=price,
        cost=round(cost, -4),  # no more exact than the price is
        area=company.area_m2,
        budget=company.budget,
    )


def _facility(case: Case, ground: Ground) -> Iterator[Reason]:
    facility, programme = case.company.facility, ground.district.programme
    rule = ground.rules.get({"innovation_city": "L013", "urban_convergence_zone": "L210"}.get(programme, ""))
    if facility == "factory":
        if ground.complex:
            yield _reason("for", "facility.complex", COMPLEX, ground.complex)
        else:
            yield _reason("against", "facility.no_complex", NO_COMPLEX, rule)
    elif facility in CLUSTER_USES and rule:
        yield _reason("for", f"facility.fits.{programme}", FITS, rule, facility=facility)
    elif facility:
        yield _reason("unknown", "facility.unknown", 0.0, rule, facility=facility)


def _industry(case: Case, ground: Ground) -> Iterator[Reason]:
    industry = case.company.industry
    if not industry:
        return
    if row := ground.industries.get(industry):
        notes = {"note_ko": row.note_ko, "note_en": row.note_en}
        yield _reason("for", "industry.named", INDUSTRY, row, industry=industry, **notes)
    elif ground.industries:
        yield _reason(
            "unknown", "industry.other", 0.0, next(iter(ground.industries.values())), industry=industry
        )
    else:
        yield _reason("unknown", "industry.none_named")


def _start(case: Case, ground: Ground) -> Iterator[Reason]:
    start, plan = case.company.start, ground.completion
    if start is None or ground.availability != "not_on_sale":
        return
    if plan is None:
        yield _reason("unknown", "start.unknown", start=start)
    elif start.year > int(plan.value):
        yield _reason("for", "start.after_plan", AFTER_PLAN, plan, start=start, year=int(plan.value))
    else:
        yield _reason("against", "start.before_plan", BEFORE_PLAN, plan, start=start, year=int(plan.value))


def _tax(case: Case, ground: Ground) -> Iterator[Reason]:
    if not ground.taxes:
        return
    company, first = case.company, ground.taxes[0]
    closed, told = _closed(case, first)
    if not first.years_full:
        yield _reason("against", "tax.capital", CAPITAL, first)
    elif closed:
        # Closed wherever the company goes, so it tells no site from another and has no points.
        rule = ground.rules.get("T09") if company.facility == "headquarters" else first
        yield _reason("against", closed, 0.0, rule, **told)
    elif _needs_complex(company, ground) and not ground.complex:
        yield _reason("against", "tax.no_complex", _tax_points(0), first)
    else:
        yield from _years(case, ground)


def _years(case: Case, ground: Ground) -> Iterator[Reason]:
    company = case.company
    for row in ground.taxes:
        if _needs_complex(company, ground):
            code = "tax.years_in_complex"
        elif company.start is None and ground.completion and ground.completion.value > row.deadline[:4]:
            code = "tax.years_late"
        elif company.origin == "overconcentration" and company.facility in _RELIEVED:
            code = "tax.years"
        else:
            code = "tax.years_if"
        sure = code == "tax.years"
        yield _reason(
            "for" if sure else "unknown",
            code,
            _tax_points(int(row.years_full)) / len(ground.taxes) * (1.0 if sure else UNSURE),
            row,
            full=int(row.years_full),
            half=int(row.years_half or 0),
            place_ko=row.name_ko.partition(": ")[2],
            place_en=row.name_en.partition(": ")[2],
            deadline=row.deadline,
        )


def _tax_points(years: int) -> float:
    return TAX_YEAR * (years - USUAL_YEARS)


def _needs_complex(company: Company, ground: Ground) -> bool:
    """Art. 63(1)1: who is no SME and moves a factory to a metropolitan city must enter an industrial complex there."""
    return (
        company.facility == "factory"
        and company.size in ("mid_sized", "large")
        and ground.district.regions[0] in _METROPOLITAN
    )


def _closed(case: Case, row: Incentive) -> tuple[str, dict[str, Any]]:
    """The code of a test of relocation relief that the company is known to miss, with its measure; empty where none is known."""
    told = case.company
    least = 2 if told.facility == "factory" and told.size in ("sme", "startup") else 3
    start = max(told.start or case.today, case.today)
    tests: list[tuple[bool, str, dict[str, Any]]] = [
        (told.origin not in ("", "overconcentration"), "tax.origin", {}),
        (told.facility not in ("", *_RELIEVED), "tax.facility", {}),
        (told.years is not None and told.years < least, "tax.years_there", {"years": least}),
        (bool(row.deadline) and start.isoformat() > row.deadline, "tax.deadline", {"deadline": row.deadline}),
        *(_closed_to_head_offices(told) if told.facility == "headquarters" else ()),
    ]
    return next(((code, measure) for missed, code, measure in tests if missed), ("", {}))


def _closed_to_head_offices(told: Company) -> list[tuple[bool, str, dict[str, Any]]]:
    few = told.headcount is not None and told.headcount < _HQ_STAFF
    little = told.investment is not None and told.investment < _HQ_INVESTMENT
    return [
        (told.industry in _NO_HQ_RELIEF, "tax.industry", {"industry": told.industry}),
        (few, "tax.headcount", {"staff": _HQ_STAFF}),
        (little, "tax.investment", {"least": _HQ_INVESTMENT}),
    ]


_CRITERIA: tuple[Callable[[Case, Ground], Iterator[Reason]], ...] = (
    _wishes,
    _land,
    _area,
    _price,
    _facility,
    _industry,
    _start,
    _tax,
)
