"""Which districts suit a company: ranked, and what a known fact rules out. Reasons: `knowledge/site_reasons.py`.

Nothing is ruled out because a fact is missing: what is not known of the company adds no reason, what is not known of a district
adds one of kind `unknown`. The words stand in `knowledge/words_sites.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from knowledge.catalogue import Catalogue, District, LandSummary
from knowledge.company import Company
from knowledge.site_grounds import Ground, district_industries, grounds_of
from knowledge.site_reasons import CLUSTER_USES, ON_LAND, Case, Reason, case_of, reasons_of


@dataclass(frozen=True, slots=True)
class Site:
    """A district with its reasons; `score` is the sum of their points.

    `next_step` is the contact to ask next, `tax_rows` the ids of the rows on relief years of the host place.
    """

    district: District
    summary: LandSummary | None
    score: float
    reasons: tuple[Reason, ...]
    next_step: str
    tax_rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteReport:
    """`ranked`: the best first. `ruled_out`: each with at least one reason of kind `rules_out`."""

    ranked: tuple[Site, ...]
    ruled_out: tuple[Site, ...]


def find_sites(company: Company, catalogue: Catalogue, today: date) -> SiteReport:
    """All districts for a company, ranked; a wish for a place or programme is a preference unless `answers["only_there"]`.

    Equal scores: more land left first, then the order of `districts.csv`.
    """
    case = case_of(company, catalogue, today)
    sites = sorted((_site(case, ground) for ground in grounds_of(catalogue)), key=_order)
    out = {site.district.id for site in sites if _is_out(site.reasons)}
    return SiteReport(
        tuple(site for site in sites if site.district.id not in out),
        tuple(site for site in sites if site.district.id in out),
    )


def _order(site: Site) -> tuple[float, float]:
    return -site.score, -((site.summary and site.summary.left_m2) or 0.0)


def _is_out(reasons: Iterable[Reason]) -> bool:
    return any(reason.kind == "rules_out" for reason in reasons)


def _site(case: Case, ground: Ground) -> Site:
    reasons = reasons_of(case, ground)
    # What is left is asked of whoever sells; admission, resale and the stage of a zone of whoever decides on it.
    asked = ground.summary if ground.availability in ("left", "unknown") else None
    return Site(
        ground.district,
        ground.summary,
        round(sum(reason.weight for reason in reasons), 2),
        reasons,
        asked.evidence.contact if asked else ground.district.contact,
        ground.district.tax_rows,
    )


def facts_that_matter(company: Company, catalogue: Catalogue, today: date) -> list[str]:
    """Names of unknown fields of the company whose answer could change the first three or what is ruled out.

    Each is tried with representative values; most changes on average first.
    """
    case, grounds = case_of(company, catalogue, today), grounds_of(catalogue)
    before = _outcome(case, grounds)
    moved: dict[str, float] = {}
    for name, values in _possible(grounds, today).items():
        if getattr(company, name) not in ("", None, ()):
            continue
        changes = 0
        for value in values:
            told = replace(company, **{name: value})
            tried = case_of(told, catalogue, today) if name == "regions" else replace(case, company=told)
            changes += _difference(before, _outcome(tried, grounds))
        if changes:
            moved[name] = changes / len(values)
    return sorted(moved, key=lambda name: -moved[name])


def _possible(grounds: Sequence[Ground], today: date) -> dict[str, list[Any]]:
    """Representative values of each field, in the order in which equally telling fields are asked for."""
    industries = dict.fromkeys(row.industry for row in district_industries())
    return {
        "regions": [(region,) for region in dict.fromkeys(ground.district.regions[0] for ground in grounds)],
        "facility": [*sorted(CLUSTER_USES), *sorted(ON_LAND)],
        "area_m2": [3_000.0, 20_000.0, 100_000.0, 300_000.0],
        "industry": [*industries, "construction"],
        "start": [date(today.year + years, 7, 1) for years in (1, 3, 6, 10)],
        "origin": ["overconcentration", "growth_management", "outside"],
        "programme": list(dict.fromkeys(ground.district.programme for ground in grounds)),
        "budget": [3e8, 1e9, 3e9, 1e10],
        "size": ["sme", "large"],
        "headcount": [10, 50],
        "investment": [5e8, 5e9],
        "years": [1.0, 5.0],
    }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a visitor would see: the first three, and what is ruled out."""

    first: tuple[str, ...]
    out: frozenset[str]


def _outcome(case: Case, grounds: Sequence[Ground]) -> _Outcome:
    sites = sorted((_site(case, ground) for ground in grounds), key=_order)
    out = frozenset(site.district.id for site in sites if _is_out(site.reasons))
    return _Outcome(tuple(site.district.id for site in sites if site.district.id not in out)[:3], out)


def _difference(before: _Outcome, after: _Outcome) -> int:
    places = sum(before.first[place : place + 1] != after.first[place : place + 1] for place in range(3))
    return places + len(before.out ^ after.out)
