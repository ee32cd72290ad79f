"""Companies that move, the shipped catalogue and rules, and the verdict on one incentive: for tests of eligibility."""

from dataclasses import replace
from datetime import date

from index_build.catalogue_files import read_tables
from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, to_row
from knowledge.company import Company
from knowledge.config import DOCUMENTS
from knowledge.eligibility import Rules, evaluate
from knowledge.gazetteer import Gazetteer
from knowledge.rules import RULES

TODAY = date(2026, 11, 22)
TABLES = read_tables([DOCUMENTS])
KINDS = {"districts": District, "land": LandFact, "incentives": Incentive, "contacts": Contact}
ROWS = {name: [to_row(kind, row) for row in TABLES[name]] for name, kind in KINDS.items()}
CATALOGUE = Catalogue(Gazetteer.from_rows(TABLES["gazetteer"]), **ROWS)
SHIPPED = Rules.read(DOCUMENTS / RULES)
YES = {
    "whole_site": True, "same_industry": True, "relieved_before": False, "old_site_closed": True,
    "leased_before": False, "in_complex": True, "agreement": True,
}  # fmt: skip
FACTORY = Company(
    facility="factory", size="sme", industry="battery", origin="overconcentration", regions=("naju",), years=3.0,
    headcount=50, investment=10e9, equipment=5e9, land_price=2e9, start=date(2028, 12, 31),
    acquired=date(2027, 12, 31), answers=YES,
)  # fmt: skip
OFFICE = replace(FACTORY, facility="headquarters", industry="ict", headcount=20, investment=1e9)


def verdict(company, key, rules=SHIPPED, catalogue=CATALOGUE, today=TODAY, asked=()):
    """The verdict on the row with this id."""
    told = evaluate(company, catalogue, rules, today, asked)
    return next(v for v in told if key in [row.id for row in v.rows])
