"""The shipped districts, land, incentives and contacts, and the look-ups over them."""

import re

import pytest

from index_build.catalogue_files import read_tables
from knowledge.catalogue import (
    AVAILABILITY,
    Catalogue,
    Contact,
    District,
    Incentive,
    LandFact,
    source_of,
    to_row,
)
from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer
from knowledge.source import TELLABLE
from tests.conftest import SHARED_SOURCES

KINDS = {"districts": District, "land": LandFact, "incentives": Incentive, "contacts": Contact}
ISO = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
# Cluster areas of the ministry's table, in thousand m2; Busan has none.
FOUNDING = {
    "daegu": 858, "naju": 415, "ulsan": 141, "wonju": 112, "chungbuk": 684,
    "jeonbuk": 230, "gimcheon": 307, "jinju": 216, "seogwipo": 151,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    tables = read_tables([DOCUMENTS])
    rows = {name: [to_row(kind, row) for row in tables[name]] for name, kind in KINDS.items()}
    return Catalogue(Gazetteer.from_rows(tables["gazetteer"]), **rows)


def sourced(catalogue):
    return [*catalogue.land.values(), *catalogue.incentives.values(), *catalogue.contacts.values()]


def test_every_told_row_names_its_source(catalogue):
    told = [row for row in sourced(catalogue) if row.status in TELLABLE]

    assert len(told) > 150
    assert [row.id for row in told if not (row.source_title and row.publisher)] == []


def test_every_row_has_an_as_of_date_or_says_why_not(catalogue):
    dateless = [row for row in sourced(catalogue) if not source_of(row).as_of]

    assert [row.id for row in dateless if not (row.note_ko and row.note_en)] == []
    assert [row.id for row in sourced(catalogue) if not ISO.fullmatch(source_of(row).as_of)] == []


def test_every_numeric_land_value_is_a_plain_number(catalogue):
    numeric = [row for row in catalogue.land.values() if row.value and row.unit not in ("text", "date")]

    assert len(numeric) > 50
    assert [row.id for row in numeric if not re.fullmatch(r"\d+(\.\d+)?", row.value)] == []


def test_every_row_speaks_both_languages(catalogue):
    halves = [
        (row.id, name)
        for row in [*catalogue.districts.values(), *sourced(catalogue)]
        for name in row.__slots__
        if name.endswith("_ko") and bool(getattr(row, name)) != bool(getattr(row, f"{name[:-3]}_en"))
    ]

    assert halves == []


def test_ids_of_all_sourced_rows_differ(catalogue):
    ids = [row.id for row in sourced(catalogue)]

    assert len(ids) == len(set(ids))


def test_founding_areas_are_in_square_metres_and_add_up(catalogue):
    areas = {
        row.region: float(row.value)
        for row in catalogue.land.values()
        if row.metric == "planned_area" and row.district and row.as_of == "2019-12"
    }

    assert areas == {region: thousands * 1000 for region, thousands in FOUNDING.items()}
    assert sum(areas.values()) == float(catalogue.land["L001"].value) == 3_114_000


@pytest.mark.skipif(not SHARED_SOURCES.is_dir(), reason="the founding texts lie beside the repository only")
def test_founding_areas_are_those_of_the_ministrys_table():
    page = next((SHARED_SOURCES / "founding").glob("000_*.txt")).read_text(encoding="utf-8")
    numbers = [int(line) for line in re.findall(r"^(\d{3}) \|$", page, re.MULTILINE)]

    assert sorted(numbers) == sorted(FOUNDING.values())


def test_every_district_of_land_says_what_is_left(catalogue):
    summaries = catalogue.find_land() + catalogue.find_land(programme="urban_convergence_zone")

    assert len(summaries) == 15
    assert {s.availability for s in summaries} <= set(AVAILABILITY)


def test_busan_has_no_cluster_land(catalogue):
    (busan,) = catalogue.find_land(["busan"], "innovation_city")

    assert (busan.availability, busan.left_m2) == ("none", None)


@pytest.mark.parametrize("region", ["wonju", "jinju", "seogwipo"])
def test_sold_out_city_has_resale_only(catalogue, region):
    (city,) = catalogue.find_land([region], "innovation_city")

    assert (city.availability, city.left_m2, city.sold.value) == ("resale_only", None, "100")


def test_find_land_puts_what_is_left_first_and_none_last(catalogue):
    found = [(s.availability, s.left_m2 or 0) for s in catalogue.find_land()]
    left = [area for availability, area in found if availability == "left"]

    assert [s for s, _ in found] == ["left"] * 5 + ["unknown"] + ["resale_only"] * 3 + ["none"]
    assert left == sorted(left, reverse=True)


def test_find_land_with_an_area_puts_districts_with_enough_first(catalogue):
    areas = [
        s.left_m2 or 0 for s in catalogue.find_land(["busan", "naju", "ulsan"], "innovation_city", 40_000)
    ]
    enough = [s.district.id for s in catalogue.find_land(area_m2=100_000)][:2]

    assert areas == [52_000, 30_000, 0]
    assert enough == ["ic-chungbuk", "ic-gyeongbuk"]


def test_find_land_of_a_place_without_land_is_empty(catalogue):
    assert catalogue.find_land(["sejong"]) == []
    assert catalogue.land_summary("ict-yangjae") is None


def test_land_summary_tells_no_figure_of_an_untold_row(catalogue):
    summaries = [s for d in catalogue.districts if (s := catalogue.land_summary(d)) is not None]
    facts = [f for s in summaries for f in (s.planned, s.sold, s.price) if f]

    assert {f.status for f in facts} <= TELLABLE
    assert [s.evidence.id for s in summaries if s.left_m2 and s.evidence.status not in TELLABLE] == []


HOST_YEARS = {
    "naju": ["7+4"], "jinju": ["5+3"], "yeongdo": ["7+4"], "centum": ["5+3"], "seogwipo": ["7+4"],
    "jeonbuk": ["5+3", "7+4"], "yangjae": ["+"], "sejong": [],
}  # fmt: skip


@pytest.mark.parametrize(("region", "years"), HOST_YEARS.items())
def test_host_tax_rows_give_the_years_of_the_place(catalogue, region, years):
    rows = catalogue.host_tax_rows([region])

    assert [f"{row.years_full}+{row.years_half}" for row in rows] == years
    assert {row.status for row in rows} <= TELLABLE


@pytest.mark.parametrize("facility", ["factory", "headquarters", "research_institute"])
def test_find_incentives_by_facility_leaves_out_those_of_others(catalogue, facility):
    found = catalogue.find_incentives(facility=facility)

    assert found
    assert [row.id for row in found if row.facility and facility not in row.facility] == []


def test_find_incentives_by_company_type_and_category(catalogue):
    found = {row.id for row in catalogue.find_incentives(company_type="large", category="cash")}

    assert {"C02", "C10"} <= found
    assert found.isdisjoint({"C01", "C03", "T01"})


def test_find_incentives_never_returns_unverified_rows_or_those_of_others(catalogue):
    found = catalogue.find_incentives()

    assert {row.status for row in found} <= TELLABLE
    assert {row.audience for row in found} == {"tenant"}


def test_source_of_a_row_bears_its_id(catalogue):
    assert catalogue.source("L006").publisher.startswith("국토교통부")
    assert [catalogue.source(key).key for key in ("L006", "T43", "contact-lh")] == [
        "L006",
        "T43",
        "contact-lh",
    ]
    assert catalogue.source("X99") is None


def test_row_without_a_column_is_refused():
    with pytest.raises(KeyError, match="programme"):
        to_row(District, {"id": "ic-busan"})
