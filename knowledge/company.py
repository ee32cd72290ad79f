"""What is known of a company that thinks of moving. Filled step by step: what nobody has said stays empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# Ids of the gazetteer, kind company_type, on which rates and years depend. A start-up is counted as an SME by the rules.
SIZES = ("sme", "mid_sized", "large", "startup")


@dataclass(frozen=True, slots=True)
class Company:
    """The facts that sites, conditions and estimates are worked out from; money in won, areas in m2.

    `facility`, `size`, `industry`, `programme` and `regions` are ids of the gazetteer. `origin` is the region of the Seoul
    Metropolitan Area Readjustment Planning Act that is left: overconcentration, growth_management, nature_conservation, or outside.
    `budget` is for land, `investment` the whole investment at the new site, `equipment` that in equipment and building,
    `rent` by the month. `headcount` counts regular employees at the new site, `hires` those newly hired there,
    `years` the years of business at the place left. `start` is the start of business at the new site, `acquired` the purchase
    of the new property. `answers` holds yes/no facts by name, as `whole_site` (everything leaves) or `in_complex`.
    """

    facility: str = ""
    size: str = ""
    industry: str = ""
    origin: str = ""
    regions: tuple[str, ...] = ()
    programme: str = ""
    area_m2: float | None = None
    budget: float | None = None
    investment: float | None = None
    land_price: float | None = None
    equipment: float | None = None
    headcount: int | None = None
    hires: int | None = None
    years: float | None = None
    start: date | None = None
    acquired: date | None = None
    rent: float | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
