"""The ranking of sites: order and reasons of concrete companies against the shipped rows, and which facts are worth asking for."""

from __future__ import annotations

import re
import time
from dataclasses import fields, replace
from datetime import date

import pytest

from index_build.catalogue_files import read_tables
from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, to_row
from knowledge.company import Company
from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer
from knowledge.site_grounds import district_industries, read_industries, source_of_reason
from knowledge.site_reasons import WISH
from knowledge.sites import facts_that_matter, find_sites
from knowledge.source import TELLABLE
from knowledge.words_sites import WORDS_SITES, reason_words, won_words

TODAY = date(2026, 11, 23)
KINDS = {"districts": District, "land": LandFact, "incentives": Incentive, "contacts": Contact}
# Target years of the zones' plans, as the notes of these rows give them.
PLANS = {"L202": "2030", "L204": "2035", "L205": "2031", "L206": "2030", "L207": "2034"}


@pytest.fixture(scope="module")
def catalogue():
    tables = read_tables([DOCUMENTS])
    rows = {name: [to_row(kind, row) for row in tables[name]] for name, kind in KINDS.items()}
    land = {row.id: row for row in rows["land"]}
    if not any(row.metric == "completion_year" for row in rows["land"]):
        rows["land"] += [
            replace(
                land[key], id=f"{key}c", metric="completion_year", value=year, unit="year", availability=""
            )
            for key, year in PLANS.items()
        ]
    return Catalogue(Gazetteer.from_rows(tables["gazetteer"]), **rows)


@pytest.fixture(scope="module")
def find(catalogue):
    def found(**told):
        return find_sites(Company(**told), catalogue, TODAY)

    return found


def ids(sites):
    return [site.district.id for site in sites]


def site_of(report, district):
    return next(s for s in (*report.ranked, *report.ruled_out) if s.district.id == district)


def reason_of(report, district, code):
    return next(r for r in site_of(report, district).reasons if r.code == code)


def codes(report, district):
    return {reason.code for reason in site_of(report, district).reasons}


LEFT = ["ic-gyeongbuk", "ic-chungbuk", "ic-ulsan"]
NO_LAND = {"ic-busan", "ai-yangjae"}
# What a company says; the first three sites; what is ruled out.
COMPANIES = {
    "nothing said": ({}, LEFT, set()),
    "SME factory": (
        {"facility": "factory", "size": "sme", "area_m2": 20_000.0, "origin": "overconcentration"},
        ["ic-chungbuk", "ic-daegu", "ic-gyeongbuk"], {*NO_LAND, "ic-jeonbuk"},
    ),
    "head office wanting Naju": (
        {"facility": "headquarters", "regions": ("naju",), "origin": "overconcentration"},
        ["ic-gwangju-jeonnam", "ic-gyeongbuk", "ic-chungbuk"], set(),
    ),
    "head office wanting sold-out Wonju": (
        {"facility": "headquarters", "regions": ("wonju",), "area_m2": 3_000.0},
        ["ic-gangwon", "ic-gyeongbuk", "ic-chungbuk"], NO_LAND,
    ),
    "battery institute, from 2036": (
        {"facility": "research_institute", "industry": "battery", "start": date(2036, 1, 1)},
        ["ucz-ulsan", "ic-chungbuk", "ic-gyeongbuk"], set(),
    ),
    "battery institute, from 2028": (
        {"facility": "research_institute", "industry": "battery", "start": date(2028, 1, 1)},
        ["ic-chungbuk", "ic-gyeongbuk", "ic-ulsan"], set(),
    ),
    "agri-food institute": (
        {"facility": "research_institute", "industry": "agri_food", "area_m2": 5_000.0},
        ["ic-gyeongbuk", "ic-jeonbuk", "ic-chungbuk"], NO_LAND,
    ),
    "AI office": (
        {"facility": "office", "industry": "ai", "area_m2": 300.0},
        ["ucz-gwangju", "ic-chungbuk", "ic-gyeongbuk"], set(),
    ),
    "robot head office in a zone": (
        {"facility": "headquarters", "programme": "urban_convergence_zone", "industry": "robot"},
        ["ucz-busan", "ucz-daegu", "ucz-gwangju"], set(),
    ),
    "200,000 m2": (
        {"area_m2": 200_000.0}, ["ic-chungbuk", "ic-daegu", "ic-gyeongnam"],
        {*NO_LAND, "ic-gyeongbuk", "ic-ulsan", "ic-gwangju-jeonnam", "ic-jeonbuk", "ic-jeju", "ic-gangwon"},
    ),
    "only Jinju": (
        {"regions": ("jinju",), "answers": {"only_there": True}}, ["ic-gyeongnam"],
        {"ic-busan", "ic-daegu", "ic-gwangju-jeonnam", "ic-ulsan", "ic-gangwon", "ic-chungbuk", "ic-jeonbuk",
         "ic-gyeongbuk", "ic-jeju", "ucz-busan", "ucz-daegu", "ucz-gwangju", "ucz-daejeon", "ucz-ulsan",
         "ai-yangjae", "ict-yangjae"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPANIES)
def test_ranking_of_a_company(find, name):
    told, first, out = COMPANIES[name]
    report = find(**told)

    assert (ids(report.ranked[:3]), set(ids(report.ruled_out))) == (first, out)
    assert len(report.ranked) + len(report.ruled_out) == 17


@pytest.mark.parametrize("name", COMPANIES)
def test_every_reason_rests_on_its_row_and_adds_up_to_the_score(find, catalogue, name):
    sites = [s for group in (find(**COMPANIES[name][0]),) for s in (*group.ranked, *group.ruled_out)]
    keyed = [reason for site in sites for reason in site.reasons if reason.source]

    assert [(r.as_of, r.status) for r in keyed] == [
        (s.as_of, s.status) for r in keyed for s in [source_of_reason(r.source, catalogue)]
    ]
    assert [s.score for s in sites] == [round(sum(r.weight for r in s.reasons), 2) for s in sites]


def test_scores_are_the_sums_of_their_points(find):
    report = find(facility="factory", size="sme", area_m2=20_000.0, origin="overconcentration", budget=6e9)
    scores = {site.district.id: site.score for site in report.ranked}

    assert scores["ic-chungbuk"] == 3 + 1 + 0.5 + 2  # left, enough, within budget, industrial complex
    assert (
        scores["ic-gyeongbuk"] == 3 + 1 - 1 - 4 + 1
    )  # left, enough, over budget, no complex, two more tax years
    assert scores["ic-gwangju-jeonnam"] == 3 - 1.5 + 1 - 4 + 1  # a small rest, and no price on record
    assert scores["ic-gangwon"] == -2 - 4  # resale only, no complex
    assert scores["ucz-busan"] == -3 + 2


def test_whole_order_when_nothing_is_said(find):
    assert ids(find().ranked) == [
        *LEFT, "ic-gwangju-jeonnam", "ic-jeonbuk", "ic-daegu", "ic-jeju", "ic-gangwon", "ic-gyeongnam",
        "ucz-busan", "ucz-daegu", "ucz-gwangju", "ucz-daejeon", "ucz-ulsan", "ic-busan", "ict-yangjae", "ai-yangjae",
    ]  # fmt: skip


# State of a district's land, the row that says so, and the kind of reason for a company that wants a lot.
STATES = {
    "ic-chungbuk": ("land.left", "L082", "for"),
    "ic-daegu": ("land.unknown", "L044", "unknown"),
    "ic-gangwon": ("land.resale_only", "L072", "against"),
    "ucz-daegu": ("land.not_on_sale", "L204", "against"),
    "ai-yangjae": ("land.not_offered", "L303", "rules_out"),
    "ic-busan": ("land.none", "L029", "rules_out"),
    "ict-yangjae": ("land.no_record", "", "unknown"),
}


@pytest.mark.parametrize("district", STATES)
def test_states_of_land_are_told_apart(find, catalogue, district):
    code, row, kind = STATES[district]
    reason = reason_of(find(area_m2=1_000.0), district, code)
    said = {reason_words(reason, language, TODAY, catalogue.gazetteer) for language in ("ko", "en")}
    others = {
        text for other, _, _ in STATES.values() if other != code for text in WORDS_SITES[other].values()
    }

    assert (reason.source, reason.kind) == (row, kind)
    assert said.isdisjoint(others)


def test_area_left_and_its_row_are_those_of_the_catalogue(find, catalogue):
    report = find(area_m2=20_000.0)
    enough = reason_of(report, "ic-gwangju-jeonnam", "area.enough")
    short = reason_of(report, "ic-jeonbuk", "area.short")

    assert (enough.values["left"], enough.source) == (float(catalogue.land["L052"].value), "L052")
    assert (short.kind, short.values["left"], short.source) == ("rules_out", 8956.0, "L091")


def test_unknown_area_is_no_ground_to_rule_out_and_tells_the_last_figure(find):
    report = find(area_m2=250_000.0)

    assert "ic-daegu" in ids(report.ranked)
    assert reason_of(report, "ic-daegu", "area.last").values["left"] == 234_000.0


def test_whole_area_too_small_rules_out_a_sold_out_city(find):
    reason = reason_of(find(area_m2=120_000.0), "ic-gangwon", "area.over_total")

    assert (reason.kind, reason.values["total"], reason.source) == ("rules_out", 112_000.0, "L023")


def test_floor_space_of_an_office_is_not_held_against_the_land(find):
    report = find(facility="office", area_m2=50_000.0)

    assert report.ruled_out == ()
    assert {r.kind for s in report.ranked for r in s.reasons if r.code.startswith("area.")} == {"unknown"}


@pytest.mark.parametrize(
    ("budget", "code", "kind"), [(5e8, "price.over", "against"), (3e9, "price.within", "for")]
)
def test_past_price_is_a_hint_and_never_rules_out(find, budget, code, kind):
    report = find(area_m2=3_000.0, budget=budget)
    reason = reason_of(report, "ic-gyeongbuk", code)

    assert (reason.kind, reason.source, reason.values["cost"]) == (kind, "L103", 1_348_180_000)
    assert {"ic-gyeongbuk", "ic-ulsan"} <= set(ids(report.ranked))
    assert "price.unknown" in codes(report, "ic-ulsan")


@pytest.mark.parametrize(
    ("district", "code"),
    [
        ("ic-daegu", "facility.complex"),
        ("ic-chungbuk", "facility.complex"),
        ("ucz-busan", "facility.complex"),
        ("ic-gyeongbuk", "facility.no_complex"),
        ("ucz-ulsan", "facility.no_complex"),
    ],
)
def test_factory_goes_where_an_industrial_complex_is_on_record(find, district, code):
    assert code in codes(find(facility="factory"), district)


@pytest.mark.parametrize("facility", ["headquarters", "office", "research_institute"])
def test_offices_and_institutes_fit_clusters_and_zones_and_a_data_centre_is_unknown(find, facility):
    fits, other = find(facility=facility), find(facility="data_centre")

    assert reason_of(fits, "ic-ulsan", "facility.fits.innovation_city").weight == 1.0
    assert reason_of(fits, "ucz-ulsan", "facility.fits.urban_convergence_zone").source == "L210"
    assert reason_of(other, "ic-ulsan", "facility.unknown").kind == "unknown"


def test_small_rest_seen_years_ago_counts_less(find):
    report = find()
    small = [s.district.id for s in report.ranked if "land.small_rest" in codes(report, s.district.id)]

    assert small == ["ic-gwangju-jeonnam", "ic-jeonbuk"]
    assert reason_of(report, "ic-gwangju-jeonnam", "land.small_rest").values["rest"] == 7


@pytest.mark.parametrize(
    ("start", "code"), [(date(2030, 7, 1), "start.before_plan"), (date(2031, 1, 1), "start.after_plan")]
)
def test_start_is_held_against_the_target_year_of_a_zone(find, start, code):
    report = find(start=start)

    assert reason_of(report, "ucz-busan", code).values["year"] == 2030
    assert not any(c.startswith("start.") for c in codes(report, "ic-chungbuk"))


def test_zone_without_a_target_year_leaves_the_start_unknown(catalogue):
    plain = Catalogue(
        catalogue.gazetteer,
        catalogue.districts.values(),
        [row for row in catalogue.land.values() if row.metric != "completion_year"],
        catalogue.incentives.values(),
        catalogue.contacts.values(),
    )
    report = find_sites(Company(start=date(2027, 1, 1)), plain, TODAY)

    assert reason_of(report, "ucz-busan", "start.unknown").kind == "unknown"
    assert report.ruled_out == ()


def test_more_tax_years_speak_for_a_place_when_the_move_qualifies(find):
    report = find(facility="headquarters", origin="overconcentration")
    naju, ulsan = (reason_of(report, d, "tax.years") for d in ("ic-gwangju-jeonnam", "ic-ulsan"))

    assert (naju.source, naju.values["full"], naju.values["half"], naju.weight) == ("T43", 7, 4, 1.0)
    assert (ulsan.source, ulsan.values["full"], ulsan.weight) == ("T44", 5, 0.0)


@pytest.mark.parametrize(
    ("told", "code", "row"),
    [
        ({"origin": "outside"}, "tax.origin", "T43"),
        ({"origin": "growth_management"}, "tax.origin", "T43"),
        ({"facility": "office"}, "tax.facility", "T43"),
        ({"start": date(2029, 1, 1)}, "tax.deadline", "T43"),
        ({"years": 2.0}, "tax.years_there", "T43"),
        ({"facility": "headquarters", "headcount": 19}, "tax.headcount", "T09"),
        ({"facility": "headquarters", "investment": 9e8}, "tax.investment", "T09"),
        ({"facility": "headquarters", "industry": "construction"}, "tax.industry", "T09"),
    ],
)
def test_known_miss_of_a_relief_test_takes_its_points_away(find, told, code, row):
    reason = reason_of(find(**told), "ic-gwangju-jeonnam", code)

    assert (reason.kind, reason.weight, reason.source) == ("against", 0.0, row)


@pytest.mark.parametrize(
    "told",
    [
        {
            "facility": "headquarters",
            "headcount": 20,
            "investment": 1e9,
            "years": 3.0,
            "start": date(2028, 12, 31),
        },
        {"facility": "factory", "size": "sme", "years": 2.0},
        {"facility": "factory", "size": "startup", "years": 2.0},
    ],
)
def test_relief_test_just_met_leaves_the_years_in(find, told):
    report = find(origin="overconcentration", **told)

    assert "tax.years" in codes(report, "ic-gwangju-jeonnam")


@pytest.mark.parametrize(
    ("district", "code"),
    [
        ("ic-ulsan", "tax.no_complex"),
        ("ic-daegu", "tax.years_in_complex"),
        ("ic-chungbuk", "tax.years"),
        ("ict-yangjae", "tax.capital"),
    ],
)
def test_large_factory_needs_an_industrial_complex_in_a_metropolitan_city(find, district, code):
    assert code in codes(find(facility="factory", size="large", origin="overconcentration"), district)


def test_zone_that_comes_after_the_reliefs_deadline_is_no_tax_reason(find):
    reason = reason_of(
        find(facility="headquarters", origin="overconcentration"), "ucz-ulsan", "tax.years_late"
    )

    assert (reason.kind, reason.values["deadline"]) == ("unknown", "2028-12-31")


@pytest.mark.parametrize(
    ("regions", "found"),
    [
        (("jeonnam",), {"ic-gwangju-jeonnam"}),
        (("gwangju",), {"ic-gwangju-jeonnam", "ucz-gwangju"}),
        (("busan",), {"ic-busan", "ucz-busan"}),
        (("yuseong",), {"ucz-daejeon"}),
        (("seoul", "jinju"), {"ai-yangjae", "ict-yangjae", "ic-gyeongnam"}),
        (("suncheon",), set()),
    ],
)
def test_city_finds_its_own_and_a_province_all_in_it(find, regions, found):
    report = find(regions=regions)

    assert {s.district.id for s in report.ranked if "region.wished" in codes(report, s.district.id)} == found


def test_wish_is_a_preference_unless_only_there_is_said(find):
    preferred = find(regions=("jinju",), programme="innovation_city")
    only = find(regions=("jinju",), programme="innovation_city", answers={"only_there": True})

    assert (preferred.ranked[0].district.id, preferred.ruled_out) == ("ic-gyeongnam", ())
    assert preferred.ranked[0].score - preferred.ranked[1].score > WISH / 10
    assert ids(only.ranked) == ["ic-gyeongnam"]


SAID = {
    "facility": "headquarters", "size": "sme", "industry": "ai", "origin": "overconcentration", "regions": ("naju",),
    "programme": "innovation_city", "budget": 1e9, "investment": 1e10, "headcount": 50, "years": 5.0,
    "start": date(2028, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_no_single_fact_without_area_or_budget_rules_anything_out(find, name):
    report = find(**{name: SAID[name]})

    assert set(ids(report.ruled_out)) <= (NO_LAND if name == "budget" else set())


def test_rows_lost_from_the_catalogue_rule_nothing_out(catalogue):
    bare = Catalogue(catalogue.gazetteer, catalogue.districts.values(), [], [], [])
    report = find_sites(Company(area_m2=1e6, budget=1.0, facility="factory"), bare, TODAY)

    assert (len(report.ranked), report.ruled_out) == (17, ())


def test_next_step_is_the_seller_where_land_may_be_left_and_else_the_deciding_office(find, catalogue):
    steps = {s.district.id: s.next_step for s in find().ranked}

    assert (steps["ic-chungbuk"], steps["ic-daegu"]) == ("contact-lh", "contact-lh")
    assert (steps["ic-gangwon"], steps["ucz-ulsan"], steps["ai-yangjae"]) == (
        "contact-gangwon",
        "contact-molit-ucz",
        "contact-seocho",
    )
    assert set(steps.values()) <= catalogue.contacts.keys()


def all_reasons(find):
    more = [
        {"facility": "factory", "size": "large", "industry": "battery", "area_m2": 5e4, "budget": 1e9},
        {"area_m2": 3e3, "budget": 3e9, "programme": "urban_convergence_zone", "answers": {"only_there": True}},
        {"facility": "data_centre", "start": date(2027, 1, 1), "programme": "ai_district"},
        *({"facility": "headquarters", **test} for test in (
            {"headcount": 1}, {"investment": 1.0}, {"years": 1.0}, {"industry": "construction"},
            {"start": date(2033, 1, 1)}, {"origin": "outside"},
        )),
    ]  # fmt: skip
    for told in (*(told for told, _, _ in COMPANIES.values()), *more):
        report = find(**told)
        yield from (reason for site in (*report.ranked, *report.ruled_out) for reason in site.reasons)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_reason_has_words_and_old_figures_say_their_age(find, catalogue, language):
    wrong = set()
    for reason in all_reasons(find):
        said = reason_words(reason, language, TODAY, catalogue.gazetteer)
        dated = "{dated}" in WORDS_SITES[reason.code][language] and reason.as_of
        age = re.search(r"(\d+)(?:년 전| years ago)", said)
        if dated and (reason.as_of not in said or bool(age) != (reason.as_of < "2024-11-24")):
            wrong.add(said)
        if re.search(r"[{}]|\bNone\b", said) or not said.endswith("."):
            wrong.add(said)

    assert wrong == set()


def test_every_code_of_a_reason_is_met_and_every_figure_dated(find):
    met = {reason.code for reason in all_reasons(find)}
    said = {
        c
        for c in WORDS_SITES
        if c.split(".")[0]
        in {"region", "programme", "land", "area", "price", "facility", "industry", "start", "tax"}
    }
    rows = ("left", "total", "price", "rest", "year", "full", "staff", "least", "deadline", "years")
    undated = [
        c
        for c in said
        for text in WORDS_SITES[c].values()
        if any(f"{{{r}}}" in text for r in rows) and "{dated}" not in text
    ]

    assert said - met == {"land.left_some", "start.unknown"}
    assert undated == []


def test_words_of_an_old_derived_area_in_both_languages(find, catalogue):
    reason = reason_of(find(), "ic-gwangju-jeonnam", "land.left")
    korean, english = (
        reason_words(reason, language, TODAY, catalogue.gazetteer) for language in ("ko", "en")
    )

    assert "30,000㎡(약 9,075평)" in korean
    assert "(2021-12 기준, 4년 전, 도출·추정한 값)" in korean
    assert "30,000 ㎡ (about 9,075 pyeong)" in english
    assert "(as of 2021-12, 4 years ago, worked out or estimated)" in english


@pytest.mark.parametrize(
    ("won", "ko"),
    [(289_094, "289,094원"), (1_348_180_000, "13억 4,818만 원"), (1e9, "10억 원"), (2e12, "20,000억 원")],
)
def test_won_are_said_in_hundred_millions(won, ko):
    assert won_words(won, "ko") == ko


def test_industries_name_districts_industries_and_a_source(catalogue):
    rows = district_industries()

    assert {row.district for row in rows} <= catalogue.districts.keys()
    assert [row.id for row in rows if catalogue.gazetteer.get("industry", row.industry) is None] == []
    assert [
        row.id for row in rows if not (row.note_ko and row.note_en and row.as_of and row.source_title)
    ] == []
    assert {row.status for row in rows} <= TELLABLE
    assert len({row.id for row in rows}) == len(rows) == 35


@pytest.mark.parametrize(
    "line", ["ucz-busan,robot,로봇,robots", "ucz-busan,robot,로봇,robots,2024,title,paper,,verified,surplus"]
)
def test_industry_row_with_too_few_or_too_many_cells_is_named(tmp_path, line):
    header = (DOCUMENTS / "district_industries.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "own.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"^own.csv row 2: .*columns district, industry.*Quote"):
        read_industries(tmp_path / "own.csv")


FACTS = [
    ("facility", "headquarters"), ("regions", ("gyeongbuk",)), ("area_m2", 5_000.0), ("origin", "overconcentration"),
    ("programme", "innovation_city"), ("start", date(2027, 7, 1)), ("industry", "energy"), ("budget", 1e10),
    ("headcount", 50), ("investment", 5e9), ("years", 5.0), ("size", "sme"),
]  # fmt: skip


def test_facts_that_matter_shrink_to_none_as_facts_come(catalogue):
    told, lengths = Company(), []
    for name, value in FACTS:
        asked = facts_that_matter(told, catalogue, TODAY)
        assert set(asked).isdisjoint(
            f.name for f in fields(told) if getattr(told, f.name) not in ("", None, (), {})
        )
        lengths.append(len(asked))
        told = replace(told, **{name: value})

    assert lengths[0] >= 8
    assert lengths[-1] <= 1
    assert facts_that_matter(told, catalogue, TODAY) == []


def test_facts_that_matter_put_land_before_details(catalogue):
    asked = facts_that_matter(Company(), catalogue, TODAY)

    assert set(asked[:3]) == {"area_m2", "regions", "facility"}
    assert {"headcount", "investment", "size"}.isdisjoint(asked)


def test_fact_is_asked_for_only_where_it_changes_something(catalogue):
    office = facts_that_matter(Company(facility="office"), catalogue, TODAY)
    head_office = facts_that_matter(
        Company(facility="headquarters", origin="overconcentration"), catalogue, TODAY
    )

    assert {"origin", "headcount", "investment", "area_m2", "budget"}.isdisjoint(office)
    assert {"headcount", "investment", "area_m2"} <= set(head_office)


def test_facts_that_matter_are_found_while_a_person_waits(catalogue):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        facts_that_matter(Company(), catalogue, TODAY)
        times.append(time.perf_counter() - start)

    assert min(times) < 0.25
