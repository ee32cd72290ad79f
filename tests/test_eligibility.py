"""What a company is likely to get: outcomes, places and years, deadlines, sums, and the facts to ask for."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.eligibility import Outcome, State, evaluate, missing_facts
from tests.moving import CATALOGUE, FACTORY, OFFICE, ROWS, SHIPPED, TODAY, YES, verdict

MAIN = {"T06": FACTORY, "P05": FACTORY, "T09": OFFICE, "P01": OFFICE, "P02": OFFICE, "P03": OFFICE}


def ids(company, **more):
    return [row.id for v in evaluate(company, CATALOGUE, SHIPPED, TODAY, **more) for row in v.rows]


# Outcomes


@pytest.mark.parametrize("key", MAIN)
def test_an_incentive_is_likely_where_everything_is_met_on_the_last_day(key):
    company = MAIN[key] if key != "P03" else replace(OFFICE, start=date(2027, 12, 31))

    assert (verdict(company, key).outcome, verdict(company, key).missing) == (Outcome.LIKELY, ())


MISSES = [
    ("T06", {"origin": "growth_management"}, "제63조 제1항 제1호 가목"),
    ("T06", {"origin": "outside"}, "제63조 제1항 제1호 가목"),
    ("T06", {"years": 1.9}, "시행령 제60조 제2항"),
    ("T06", {"answers": YES | {"whole_site": False}}, "제63조 제1항 제1호 나목"),
    ("T06", {"answers": YES | {"same_industry": False}}, "제63조 제7항"),
    ("T06", {"answers": YES | {"relieved_before": True}}, "제63조 제1항 제1호 가목"),
    ("T06", {"start": date(2029, 1, 1)}, "제63조 제1항"),
    ("T09", {"origin": "nature_conservation"}, "제63조의2 제1항 제1호 가목"),
    ("T09", {"years": 2.9}, "시행령 제60조의2 제2항"),
    ("T09", {"headcount": 19}, "시행령 제60조의2 제4항 제2호"),
    ("T09", {"investment": 999_999_999}, "시행령 제60조의2 제4항 제1호"),
    ("T09", {"industry": "construction"}, "시행령 제60조의2 제1항"),
    ("T09", {"industry": "real_estate"}, "시행령 제60조의2 제1항"),
    ("P01", {"origin": "growth_management"}, "시행령 제39조"),
    ("P01", {"acquired": date(2028, 1, 1)}, "제79조 제1항"),
    ("P01", {"answers": YES | {"old_site_closed": False}}, "시행규칙 제7조"),
    ("P01", {"answers": YES | {"origin_in_complex": True}}, "시행령 제39조"),
    ("P02", {"acquired": date(2028, 1, 1)}, "제79조 제1항"),
    ("P03", {"origin": "growth_management"}, "제79조 제2항"),
    ("P05", {"origin": "growth_management"}, "제80조 제1항"),
    ("P05", {"answers": YES | {"same_industry": False}}, "제80조 제1항"),
    ("P05", {"regions": ("suwon",)}, "제80조 제1항"),
    ("C01", {"origin": "growth_management"}, "제24조 제1항"),
    ("C02", {"regions": ("yangjae",)}, "제24조 제1항"),
]


@pytest.mark.parametrize(("key", "change", "clause"), MISSES)
def test_one_miss_makes_it_unlikely_and_names_the_clause(key, change, clause):
    told = verdict(replace(MAIN.get(key, FACTORY), **change), key)

    missed = [c.clause_ko for c in told.conditions if c.state is State.MISSED]
    assert told.outcome is Outcome.UNLIKELY
    assert [c for c in missed if clause in c] == missed != []


OPEN = [
    ("T06", {"origin": ""}, ("origin",)),
    ("T06", {"years": None}, ("years",)),
    ("T06", {"size": "", "years": 2.5}, ("size",)),
    ("T06", {"answers": {}}, ("whole_site", "same_industry", "relieved_before")),
    ("T09", {"headcount": None, "industry": ""}, ("headcount", "industry")),
    ("P01", {"answers": YES | {"leased_before": True}, "years": None}, ("years",)),
    ("P05", {"acquired": None, "start": date(2028, 6, 1)}, ("acquired",)),
]


@pytest.mark.parametrize(("key", "change", "missing"), OPEN)
def test_a_required_fact_not_known_needs_an_officer_and_is_named(key, change, missing):
    told = verdict(replace(MAIN[key], **change), key)

    assert (told.outcome, told.missing) == (Outcome.NEEDS_OFFICER, missing)


def test_a_size_not_known_matters_only_between_its_bounds():
    assert verdict(replace(FACTORY, size="", years=3.0), "T06").outcome is Outcome.LIKELY
    assert verdict(replace(FACTORY, size="", years=1.9), "T06").outcome is Outcome.UNLIKELY


def test_a_duty_after_the_move_or_a_date_not_named_changes_no_outcome():
    told = verdict(replace(FACTORY, start=None), "T06")

    assert {c.kind for c in told.conditions if c.state is State.UNKNOWN} == {"deadline", "later"}
    assert told.outcome is Outcome.LIKELY


def test_a_large_company_needs_an_industrial_complex_only_in_a_metropolitan_city():
    large = replace(FACTORY, size="large", answers=YES | {"in_complex": False})

    assert verdict(large, "T06").outcome is Outcome.LIKELY
    assert verdict(replace(large, regions=("ulsan",)), "T02").outcome is Outcome.UNLIKELY
    assert verdict(replace(large, regions=("ulsan",), size="sme"), "T02").outcome is Outcome.LIKELY


def test_a_subsidy_stays_with_the_officer_until_an_agreement_is_signed():
    company = replace(FACTORY, regions=("jincheon",))

    assert verdict(company, "C03").outcome is Outcome.LIKELY
    assert (
        verdict(replace(company, answers=YES | {"agreement": False}), "C03").outcome is Outcome.NEEDS_OFFICER
    )


# Places and years


@pytest.mark.parametrize("host", [row for row in ROWS["incentives"] if row.scheme == "host-city-tax-zone"])
@pytest.mark.parametrize("facility", ["factory", "headquarters"])
def test_years_are_those_of_the_host_row_and_said_to_be_derived(host, facility):
    company = replace(FACTORY if facility == "factory" else OFFICE, regions=host.regions[:1])
    key = "hq-relocation-tax" if facility == "headquarters" else "factory-relocation-tax"

    told = next(v for v in evaluate(company, CATALOGUE, SHIPPED, TODAY) if v.incentive.scheme == key)
    assert (told.rate_full, told.years_full, told.years_half) == (
        host.rate_full,
        host.years_full,
        host.years_half,
    )
    assert told.derived
    assert (told.outcome is Outcome.UNLIKELY) == (host.id == "T53")


ELSEWHERE = [
    ("cheonan", {}, ["T01"], ("5", "3"), Outcome.LIKELY),
    ("changwon", {}, ["T04", "T05"], ("", ""), Outcome.NEEDS_OFFICER),
    ("changwon", {"growth_area": True}, ["T05"], ("10", "5"), Outcome.LIKELY),
    ("changwon", {"growth_area": False}, ["T04"], ("5", "3"), Outcome.LIKELY),
    ("gangneung", {"growth_area": True}, ["T07"], ("10", "5"), Outcome.LIKELY),
    ("hongcheon", {"growth_area": False}, ["T01", "T06"], ("", ""), Outcome.NEEDS_OFFICER),
    ("gangnam", {}, ["T01"], ("5", "3"), Outcome.UNLIKELY),
    ("pyeongtaek", {}, ["T01"], ("5", "3"), Outcome.UNLIKELY),
    ("yeoncheon", {"decline_area": False}, ["T01"], ("5", "3"), Outcome.UNLIKELY),
    ("yeoncheon", {"decline_area": True}, ["T01"], ("5", "3"), Outcome.NEEDS_OFFICER),
]


@pytest.mark.parametrize(("region", "answers", "rows", "years", "outcome"), ELSEWHERE)
def test_years_elsewhere_follow_the_class_of_the_place(region, answers, rows, years, outcome):
    told = verdict(replace(FACTORY, regions=(region,), answers=YES | answers), rows[0])

    assert ([row.id for row in told.rows], (told.years_full, told.years_half)) == (rows, years)
    assert told.outcome is outcome


def test_head_office_years_depend_on_a_class_that_is_not_known():
    told = verdict(replace(OFFICE, regions=("changwon",)), "T09")

    assert (told.years_full, told.outcome, told.missing) == ("", Outcome.NEEDS_OFFICER, ("growth_area",))


def test_each_part_of_an_innovation_city_is_told_with_its_own_years():
    company = replace(OFFICE, regions=("jeonbuk",), programme="innovation_city")

    told = [v for v in evaluate(company, CATALOGUE, SHIPPED, TODAY) if v.incentive.id == "T09"]
    assert {v.places: (v.years_full, v.outcome) for v in told} == {
        ("jeonju",): ("5", Outcome.LIKELY),
        ("wanju",): ("7", Outcome.LIKELY),
    }
    assert verdict(company, "P01").places == ("jeonju", "wanju")


def test_jeju_is_the_city_too_unless_the_innovation_city_is_meant():
    def told(programme):
        found = evaluate(replace(FACTORY, regions=("jeju",), programme=programme), CATALOGUE, SHIPPED, TODAY)
        return {v.places for v in found if v.incentive.scheme == "factory-relocation-tax"}

    assert told("innovation_city") == {("seogwipo",)}
    assert told("") == {("seogwipo",), ("jeju",)}


def test_a_site_new_to_a_decline_area_comes_from_the_capital_region_unless_it_is_a_new_business():
    company = replace(
        FACTORY, regions=("yeongdo",), origin="outside", answers=YES | {"listed_industry": True}
    )

    assert verdict(company, "P11").outcome is Outcome.UNLIKELY
    founded = replace(company, answers={**company.answers, "new_business": True})
    assert verdict(founded, "P11").outcome is Outcome.LIKELY


def test_without_a_place_the_seven_classes_are_one_question():
    told = verdict(replace(FACTORY, regions=(), size="large", answers=YES | {"in_complex": False}), "T01")

    assert [row.id for row in told.rows] == [f"T0{n}" for n in range(1, 8)]
    assert (told.missing, told.name("en")) == (
        ("regions",),
        "Factory relocation income and corporate tax relief",
    )


# Deadlines and being in force


def test_a_deadline_has_passed_by_the_date_planned_or_by_today():
    idle = replace(FACTORY, start=None, acquired=None)

    assert verdict(replace(FACTORY, start=date(2029, 1, 1)), "T06").standing == "passed"
    assert verdict(idle, "T06", today=date(2028, 12, 31)).standing == ""
    assert verdict(idle, "T06", today=date(2029, 1, 1)).outcome is Outcome.UNLIKELY


def test_property_is_bought_before_a_start_in_time():
    company = replace(FACTORY, acquired=None, start=date(2027, 12, 31))

    assert verdict(company, "P05").outcome is Outcome.LIKELY
    assert verdict(replace(company, start=date(2028, 1, 1)), "P05").missing == ("acquired",)


def test_a_rule_not_in_force_at_the_date_planned_is_at_best_for_an_officer():
    told = verdict(replace(FACTORY, start=date(2026, 6, 1)), "T06")

    assert (told.standing, told.outcome) == ("not_yet", Outcome.NEEDS_OFFICER)
    assert verdict(replace(FACTORY, start=date(2026, 6, 2)), "T06").standing == ""


LATE = {"start": date(2031, 12, 31), "acquired": date(2028, 12, 31)}


@pytest.mark.parametrize(
    ("change", "answers", "outcome"),
    [
        (LATE, {"new_build": True, "plan_filed": True}, Outcome.LIKELY),
        (LATE, {"new_build": True}, Outcome.NEEDS_OFFICER),
        (LATE, {"plan_filed": True}, Outcome.UNLIKELY),
        (LATE | {"acquired": date(2029, 1, 1)}, {"new_build": True, "plan_filed": True}, Outcome.UNLIKELY),
        (LATE | {"start": date(2032, 1, 1)}, {"new_build": True, "plan_filed": True}, Outcome.UNLIKELY),
    ],
)
def test_a_new_building_on_land_held_has_three_years_more(change, answers, outcome):
    assert verdict(replace(FACTORY, **change, answers=YES | answers), "T06").outcome is outcome


# Estimates


def test_the_ceiling_is_a_share_of_investment_and_a_sum_a_head():
    told = verdict(FACTORY, "T08").estimate

    assert (told.low, told.high, told.unit) == (7.75e9, 8e9, "KRW")
    assert "100억 원의 70%" in told.formula_ko
    assert told.formula_en.endswith("= KRW 7.75 billion to KRW 8 billion")


def test_a_subsidy_is_capped_for_each_project():
    company = replace(FACTORY, regions=("jincheon",), equipment=3e11)

    assert verdict(replace(company, equipment=5e9), "C04").estimate.high == 5e8
    assert [verdict(company, "C04").estimate.high, verdict(company, "C04").estimate.ceiling] == [15e9, 15e9]


def test_a_tier_not_known_gives_a_range_over_all_tiers():
    told = verdict(FACTORY, "C01")

    assert [row.id for row in told.rows] == ["C01", "C03", "C05", "C07"]
    assert (told.outcome, told.missing) == (Outcome.NEEDS_OFFICER, ("tier",))
    assert (told.estimate.low, told.estimate.high) == (1.8e8, 1e9)
    assert verdict(FACTORY, "C13").estimate.ceiling == 30e9
    assert any("보조금 등급" in c.text_ko and c.source == "C16" for c in told.conditions)


@pytest.mark.parametrize(
    ("size", "hires", "points"),
    [("sme", 15, (2, 2)), ("sme", 20, (2, 10)), ("sme", 80, (10, 10)), ("mid_sized", 49, (1, 1)), ("large", 80, (3, 3))],
)  # fmt: skip
def test_new_hires_add_points_of_the_equipment(size, hires, points):
    told = verdict(replace(FACTORY, regions=("jincheon",), size=size, hires=hires), "C12").estimate

    assert (told.low, told.high) == (points[0] * 5e7, points[1] * 5e7)


def test_rent_support_is_a_share_with_a_monthly_cap():
    company = replace(OFFICE, programme="innovation_city", rent=3e6)

    assert verdict(company, "R01").estimate.high == 86_400_000
    assert verdict(replace(company, regions=("ulsan",)), "R02").estimate.high == 72_000_000
    assert verdict(replace(company, regions=("jinju",)), "R02").estimate.unit == "KRW/month"
    assert verdict(replace(company, rent=5e6), "R03").estimate.high == 40_000_000


def test_no_sum_is_told_without_its_amounts_or_where_it_is_unlikely():
    assert verdict(replace(FACTORY, investment=None), "T08").estimate is None
    assert verdict(replace(FACTORY, regions=("jincheon",), size="large"), "C03").estimate is None
    assert verdict(replace(FACTORY, origin="outside"), "C01").estimate is None


# What is told, and what to ask


def test_likely_ones_come_first_and_others_facilities_are_left_out():
    told = evaluate(FACTORY, CATALOGUE, SHIPPED, TODAY)

    assert [v.outcome for v in told] == sorted((v.outcome for v in told), key=list(Outcome).index)
    assert {"T09", "P01", "C09", "P07"}.isdisjoint(row.id for v in told for row in v.rows)


def test_an_incentive_asked_for_by_name_is_told_with_why_it_is_not_for_the_company():
    told = verdict(replace(FACTORY, facility="data_centre"), "T09", asked=("T09",))

    assert (told.outcome, told.conditions[0].fact) == (Outcome.UNLIKELY, "facility")
    assert "T53" in ids(replace(OFFICE, regions=("yangjae",)), asked=("T53",))


def test_the_facts_asked_for_change_something_and_run_out():
    company = replace(FACTORY, size="large", regions=("ulsan",), answers={"whole_site": True})
    wanted = missing_facts(company, CATALOGUE, SHIPPED, TODAY)

    assert {"in_complex", "same_industry", "relieved_before", "old_site_closed"} <= set(wanted)
    assert wanted.index("in_complex") < wanted.index("hires")
    assert wanted.index("in_complex") < wanted.index("programme")
    assert "in_complex" not in missing_facts(replace(company, answers=YES), CATALOGUE, SHIPPED, TODAY)
