"""Places side by side: every cell of the comparison against the rows of the CSV files, its notes and its differences."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date

import pytest

from index_build.catalogue_files import read_tables
from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, to_row
from knowledge.comparison import FACTS, compare, districts_at, notes
from knowledge.config import DOCUMENTS
from knowledge.differences import differences
from knowledge.gazetteer import Gazetteer
from knowledge.source import TELLABLE

TODAY = date(2026, 11, 22)
NAJU, JINJU, WONJU, GIMCHEON = "ic-gwangju-jeonnam", "ic-gyeongnam", "ic-gangwon", "ic-gyeongbuk"
KINDS = {"districts": District, "land": LandFact, "incentives": Incentive, "contacts": Contact}


@pytest.fixture(scope="module")
def tables():
    return read_tables([DOCUMENTS])


def catalogue_of(tables, **changed):
    rows = {name: [to_row(kind, row) for row in tables[name]] for name, kind in KINDS.items()}
    return Catalogue(Gazetteer.from_rows(tables["gazetteer"]), **(rows | changed))


@pytest.fixture(scope="module")
def catalogue(tables):
    return catalogue_of(tables)


@pytest.fixture(scope="module")
def shipped():
    """Every row of the catalogue's files by its id, read without the code under test."""
    found = {}
    for name in KINDS:
        with (DOCUMENTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found |= {row["id"]: row for row in csv.DictReader(file)}
    return found


def side_by_side(catalogue, *places, facts=FACTS, today=TODAY):
    return compare([catalogue.districts[place] for place in places], facts, catalogue, today)


def told(catalogue, place, fact, today=TODAY):
    """The statements on one place, held against another one."""
    other = WONJU if place != WONJU else NAJU
    return side_by_side(catalogue, place, other, facts=[fact], today=today).cells[place, fact]


# --- cells ---

FIGURES = [
    (NAJU, "left", "L052"), (NAJU, "planned", "L021"), (NAJU, "sold", "L050"), ("ic-ulsan", "left", "L061"),
    ("ic-ulsan", "planned", "L022"), (WONJU, "sold", "L072"), (WONJU, "planned", "L023"), ("ic-chungbuk", "left", "L082"),
    ("ic-chungbuk", "sold", "L081"), ("ic-chungbuk", "price", "L084"), ("ic-jeonbuk", "left", "L091"),
    ("ic-jeonbuk", "sold", "L090"), ("ic-jeonbuk", "price", "L092"), (GIMCHEON, "left", "L101"), (GIMCHEON, "sold", "L100"),
    (GIMCHEON, "price", "L103"), (JINJU, "price", "L111"), (JINJU, "sold", "L110"), ("ic-jeju", "sold", "L121"),
    ("ic-daegu", "planned", "L020"), ("ucz-busan", "planned", "L202"), ("ucz-daejeon", "planned", "L206"),
    ("ucz-gwangju", "planned", "L205"), ("ai-yangjae", "planned", "L300"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "fact", "row"), FIGURES)
def test_a_figure_is_that_of_its_row_with_date_and_source(catalogue, shipped, place, fact, row) -> None:
    [statement] = told(catalogue, place, fact)
    given, source = shipped[row], statement.source

    assert (source.key, statement.number) == (row, float(given["value"]))
    assert (source.as_of, source.title, source.url, source.status) == tuple(
        given[column] for column in ("as_of", "source_title", "url", "status")
    )
    assert f"{float(given['value']):,.0f}" in statement.ko or f"{float(given['value']):g}%" == statement.ko


WORDS = [
    (NAJU, "left", "30,000㎡(약 9,075평)", "30,000 ㎡ (about 9,075 pyeong)"),
    ("ic-chungbuk", "price", "㎡당 289,094원", "KRW 289,094 per ㎡"),
    (JINJU, "price", "3.3㎡당 1,750,000원", "KRW 1,750,000 per 3.3㎡"),
    (NAJU, "tax", "7년간 100%, 이후 4년간 50%", "100% for 7 years, then 50% for 4 years"),
    (JINJU, "tax", "5년간 100%, 이후 3년간 50%", "100% for 5 years, then 50% for 3 years"),
    ("ic-chungbuk", "subsidy", "진천, 음성: 중위", "Jincheon, Eumseong: middle"),
    (NAJU, "approver", "전라남도지사", "Governor of Jeollanam-do"),
    (WONJU, "contact", "강원특별자치도, 033-249-4924, https://gangwoninvest.com", "Gangwon State (province), 033-249-4924, https://gangwoninvest.com"),
    (JINJU, "contact", "경상남도, 확인된 전화번호 없음", "Gyeongsangnam-do (province), no phone number confirmed"),
    (WONJU, "stage", "혁신도시, 클러스터 첫 분양 완료", "innovation city, first sale of the cluster over"),
    ("ai-yangjae", "subsidy", "수도권이어서 대상이 아닌 것으로 판단됨", "appears not to apply: capital region"),
    ("ic-daegu", "left", "지금은 알 수 없음. 마지막 기록 234,000㎡(약 70,785평)", "not known now; last figure 234,000 ㎡ (about 70,785 pyeong)"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "fact", "korean", "english"), WORDS)
def test_a_cell_is_said_in_both_languages(catalogue, place, fact, korean, english) -> None:
    [statement] = told(catalogue, place, fact)

    assert (statement.words("ko"), statement.words("en")) == (korean, english)


STATES = {
    "left": NAJU, "none": "ic-busan", "resale_only": WONJU, "unknown": "ic-daegu", "not_on_sale": "ucz-ulsan",
    "not_offered": "ai-yangjae", "": "ict-yangjae",
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_state_of_the_land_has_its_own_words(catalogue, language) -> None:
    said = {state: told(catalogue, place, "land")[0] for state, place in STATES.items()}

    assert [statement.kind for statement in said.values()] == list(STATES)
    assert len({statement.words(language) for statement in said.values()}) == len(STATES)


MISSING = [
    ("ic-daegu", "sold"), ("ic-daegu", "price"), ("ic-ulsan", "sold"), (NAJU, "price"), (NAJU, "subsidy"), ("ucz-busan", "sold"),
    ("ucz-busan", "approver"), ("ict-yangjae", "land"), ("ict-yangjae", "left"), ("ict-yangjae", "planned"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "fact"), MISSING)
def test_a_cell_without_figure_says_so_and_has_neither_number_nor_source(catalogue, place, fact) -> None:
    [statement] = told(catalogue, place, fact)

    assert (statement.source, statement.number, statement.dated("ko")) == (None, None, "")
    assert not re.search(r"\d", statement.ko + statement.en)
    assert re.search("없음", statement.ko)
    assert re.search(r"\bno\b", statement.en)


def test_no_place_borrows_a_row_of_another_or_an_untold_one(catalogue, shipped) -> None:
    seen, wrong = 0, []
    for place in catalogue.districts:
        for fact in FACTS:
            for statement in told(catalogue, place, fact):
                if statement.source is None:
                    continue
                seen, row = seen + 1, shipped[statement.source.key]
                ours = row.get("district", place) == place and row["status"] in TELLABLE
                if fact == "tax":
                    ours = statement.source.key in shipped[place]["tax_rows"].split(";")
                if fact == "contact":
                    ours = statement.source.key == shipped[place]["contact"]
                wrong += [] if ours else [(place, fact, statement.source.key)]

    assert wrong == []
    assert seen > 80


def test_a_district_with_two_host_places_tells_both(catalogue) -> None:
    jeonju, wanju = told(catalogue, "ic-jeonbuk", "tax")

    assert (jeonju.ko, jeonju.source.key) == ("전북 전주시: 5년간 100%, 이후 3년간 50%", "T47")
    assert (wanju.ko, wanju.source.key) == ("전북 완주군: 7년간 100%, 이후 4년간 50%", "T48")


def test_a_figure_of_a_part_names_the_part(catalogue) -> None:
    assert told(catalogue, GIMCHEON, "price")[0].ko == "3.3㎡당 1,483,000원, 경북 김천 클러스터 1 소클러스터"
    assert told(catalogue, GIMCHEON, "left")[0].ko == "145,700㎡(약 44,074평)"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 11, 6), "2024-11-07 기준"),
        (date(2026, 11, 7), "2024-11-07 기준, 2년 전"),
        (date(2028, 1, 1), "2024-11-07 기준, 3년 전"),
    ],
)
def test_a_value_tells_its_age_from_two_years_on(catalogue, today, said) -> None:
    assert told(catalogue, "ucz-busan", "planned", today)[0].dated("ko") == said


def test_a_value_not_read_in_its_source_says_so(catalogue) -> None:
    assert told(catalogue, NAJU, "left")[0].dated("ko") == "2021-12 기준, 4년 전, 도출·추정한 값"
    assert told(catalogue, "ucz-busan", "contact")[0].dated("en") == "as of 2026-11-22, secondary source"
    assert told(catalogue, NAJU, "sold")[0].dated("ko") == "2021-12 기준, 4년 전"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 6, 1), "7년간 100%, 이후 4년간 50%. 2026-06-02부터 시행"),
        (date(2026, 6, 2), "7년간 100%, 이후 4년간 50%"),
        (date(2028, 12, 31), "7년간 100%, 이후 4년간 50%"),
        (date(2029, 1, 1), "7년간 100%, 이후 4년간 50%. 기한 2028-12-31 지남"),
    ],
)
def test_relief_out_of_its_time_says_so(catalogue, today, said) -> None:
    assert told(catalogue, NAJU, "tax", today)[0].ko == said


def test_the_target_year_of_a_zone_is_told_with_its_note(tables) -> None:
    land = [to_row(LandFact, row) for row in tables["land"] if row["metric"] != "completion_year"]
    [area] = [row for row in land if row.id == "L202"]
    year = replace(
        area,
        id="L999",
        metric="completion_year",
        value="2030",
        unit="year",
        availability="",
        note_ko="늦어질 수 있습니다.",
    )
    stage = told(catalogue_of(tables, land=[*land, year]), "ucz-busan", "stage")

    assert [statement.ko for statement in stage] == [
        "도심융합특구, 구역 지정됨",
        "목표 연도 2030년. 늦어질 수 있습니다.",
    ]
    assert stage[1].source.key == "L999"


def test_demonstration_data_says_what_it_is(tables) -> None:
    land = [replace(to_row(LandFact, row), demo="true") for row in tables["land"]]

    assert (
        told(catalogue_of(tables, land=land), NAJU, "sold")[0].dated("ko")
        == "2021-12 기준, 4년 전, 시연용 자료"
    )


def test_an_untellable_district_row_is_not_told(tables) -> None:
    districts = [replace(to_row(District, row), status="unverified") for row in tables["districts"]]
    told_of = [
        told(catalogue_of(tables, districts=districts), "ucz-busan", fact)[0]
        for fact in ("stage", "approver")
    ]

    assert [statement.source for statement in told_of] == [None, None]
    assert told_of[0].ko == "도심융합특구, 단계 기록 없음"


# --- the table ---


@pytest.mark.parametrize("count", [0, 1, 6, 17])
def test_two_to_five_places_are_compared(catalogue, count) -> None:
    with pytest.raises(ValueError, match=f"{count} places"):
        side_by_side(catalogue, *list(catalogue.districts)[:count])


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_every_place_has_a_cell_for_every_fact(catalogue, count) -> None:
    table = side_by_side(catalogue, *list(catalogue.districts)[-count:])

    assert list(table.cells) == [(place.id, fact) for place in table.places for fact in FACTS]
    assert all(table.cells.values())


def test_facts_come_in_their_order_and_unknown_ones_are_refused(catalogue) -> None:
    assert side_by_side(catalogue, NAJU, JINJU, facts=["tax", "land"]).facts == ("land", "tax")
    with pytest.raises(KeyError, match="gas"):
        side_by_side(catalogue, NAJU, JINJU, facts=["gas"])


NOTES = [
    ((NAJU, "ic-ulsan"), "left", "남은 면적의 기준일이 서로 달라 그대로 견줄 수 없습니다: 광주·전남 혁신도시(나주) 2021-12; 울산 혁신도시 2021-06."),
    ((NAJU, "ic-chungbuk"), "left", ""),
    ((NAJU, WONJU), "left", ""),
    (("ic-chungbuk", GIMCHEON), "price", "분양가는 단위가 서로 다릅니다(㎡당, 3.3㎡당)."),
    ((GIMCHEON, JINJU), "price", "과거 분양가의 기준일이 서로 달라 그대로 견줄 수 없습니다: 경북 혁신도시(김천) 2017-05; 경남 혁신도시(진주) 2014."),
    (("ic-busan", "ucz-busan"), "planned", ""),
    (("ic-ulsan", "ucz-ulsan"), "planned", "전체 면적은 혁신도시는 클러스터 계획 면적, 특구는 지정 구역 전체라 서로 다른 것입니다."),
]  # fmt: skip


@pytest.mark.parametrize(("places", "fact", "note"), NOTES)
def test_figures_that_do_not_compare_are_told_below_the_table(catalogue, places, fact, note) -> None:
    said = notes(side_by_side(catalogue, *places, facts=[fact]), "ko")
    warnings = [line for line in said if "서로" in line]

    assert (note in warnings) if note else (warnings == [])
    assert said[-1].startswith("실시간 분양 목록이 아니라")


def test_relief_comes_with_its_conditions_below_the_table(catalogue) -> None:
    assert "3년 이상" in notes(side_by_side(catalogue, NAJU, JINJU, facts=["tax"]), "ko")[0]
    assert notes(side_by_side(catalogue, "ai-yangjae", "ict-yangjae", facts=["tax"]), "ko") == []


def test_differences_name_who_has_land_and_who_has_the_longer_relief(catalogue) -> None:
    land, states, tax = differences(side_by_side(catalogue, NAJU, JINJU), "ko")

    assert (
        land
        == "용지가 남아 있다는 기록은 광주·전남 혁신도시(나주) 30,000㎡(2021-12 기준, 4년 전, 도출·추정한 값)에 있습니다."
    )
    assert states == "경남 혁신도시(진주)는 ‘첫 분양 완료, 재매입만 가능’(2021-12 기준, 4년 전) 상태입니다."
    assert tax == (
        "이전 세금 감면은 광주·전남 혁신도시(나주)가 가장 깁니다: 7년간 100%, 이후 4년간 50%. "
        "가장 짧은 곳은 경남 혁신도시(진주): 5년간 100%, 이후 3년간 50%(2026-11-22 기준, 도출·추정한 값)."
    )


def test_differences_in_english_have_the_same_figures(catalogue) -> None:
    land, states, tax = differences(side_by_side(catalogue, NAJU, JINJU), "en")

    assert "Gwangju-Jeonnam innovation city (Naju) 30,000㎡ (as of 2021-12, 4 years ago" in land
    assert (
        states
        == "Gyeongnam innovation city (Jinju): first sale over, resale only (as of 2021-12, 4 years ago)."
    )
    assert tax.startswith(
        "Tax relief lasts longest in Gwangju-Jeonnam innovation city (Naju): 100% for 7 years, then 50% for 4 years"
    )


def test_equal_relief_is_said_to_be_equal(catalogue) -> None:
    assert differences(side_by_side(catalogue, WONJU, JINJU, facts=["tax"]), "ko") == [
        "이전 세금 감면 기간은 모두 같습니다: 5년간 100%, 이후 3년간 50%(2026-11-22 기준, 도출·추정한 값)."
    ]


def test_a_host_place_inside_a_district_is_named_by_itself(catalogue) -> None:
    [tax] = differences(side_by_side(catalogue, "ic-jeonbuk", JINJU, facts=["tax"]), "ko")

    assert "이전 세금 감면은 전북 완주군이 가장 깁니다: 7년간 100%, 이후 4년간 50%. " in tax
    assert "가장 짧은 곳은 전북 전주시, 경남 혁신도시(진주): 5년간 100%, 이후 3년간 50%(" in tax


def test_a_place_without_relief_is_the_shortest(catalogue) -> None:
    [tax] = differences(side_by_side(catalogue, JINJU, "ai-yangjae", facts=["tax"]), "ko")

    assert "양재 AI 미래융합혁신특구: 이전 세액감면 없음" in tax


@pytest.mark.parametrize(
    ("wanted", "found", "without"),
    [
        ({"naju": [], "jinju": []}, [NAJU, JINJU], []),
        ({"busan": []}, ["ic-busan", "ucz-busan"], []),
        ({"busan": ["innovation_city"]}, ["ic-busan"], []),
        ({"naju": ["urban_convergence_zone"]}, [NAJU], []),
        ({"sejong": [], "jinju": []}, [JINJU], ["sejong"]),
        ({"jeonju": [], "wanju": []}, ["ic-jeonbuk"], []),
    ],
)
def test_districts_at_regions(catalogue, wanted, found, without) -> None:
    districts, lacking = districts_at(wanted, catalogue)

    assert ([district.id for district in districts], lacking) == (found, without)
