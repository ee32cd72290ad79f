"""Results of guided steps: every figure dated, outcomes in the words of the list, sums with their formula, nothing promised."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any

import pytest

from actions.outlook import eligibility_reply, site_reply
from actions.reply import Reply
from knowledge.library import Library
from knowledge.words_guide import OUTCOMES, one

TODAY = date(2026, 11, 23)
FULL: dict[str, Any] = {
    "facility": "factory", "size": "sme", "origin": "overconcentration", "regions": ["gimcheon"], "industry": "battery",
    "headcount": 30.0, "investment": 2e10, "equipment": 1e11, "land_price": 1e10, "rent": 9e6, "hires": 50.0,
    "years": 5.0, "start": "2027-10-31", "acquired": "2027-06-30", "agreement": True, "whole_site": True,
    "same_industry": True,
}  # fmt: skip
COMPANIES = {
    "nothing": {},
    "factory": FULL,
    "headquarters": FULL | {"facility": "headquarters", "industry": "ict", "area_m2": 3000.0},
    "builder": FULL | {"facility": "headquarters", "industry": "construction"},
    "outside": FULL | {"origin": "outside", "area_m2": 30000.0, "budget": 1e9},
    "two places": FULL | {"facility": "headquarters", "industry": "ict", "regions": ["naju", "jinju"]},
    "late": FULL | {"start": "2035-12-31", "years": 1.0, "whole_site": False},
    "large": FULL | {"size": "large", "regions": ["daegu"], "area_m2": 9e6},
}
CASES = list(product(COMPANIES, ("ko", "en")))
_FIGURE = re.compile(r"\d\s*(?:%|㎡|m2|원|억|만|년|명|years?)|KRW")
_DATED = re.compile(r"\d{4}(?:-\d\d)*(?: 기준|\))|as of \d{4}|\(\d{4}(?:-\d\d)*")
_OF_LAW = re.compile(r"\([^()]*(?:법|시행령|고시|Act|Decree|notice)[^()]*\)")
_PROMISE = re.compile(
    r"보장|반드시 받|확실|받게 됩니다|받으실 수 있습니다|guarantee|you will (?:get|receive)|entitled|certain",
    re.IGNORECASE,
)


def both(case: str, language: str, library: Library) -> tuple[Reply, Reply]:
    facts = COMPANIES[case]
    tell = (eligibility_reply, site_reply)
    return tuple(one_(facts, language, library.release, TODAY) for one_ in tell)


def fields(reply: Reply, row: int) -> dict[str, str]:
    return {field["label"]: field["value"] for field in reply.card["rows"][row]["fields"]}


@pytest.mark.parametrize(("case", "language"), CASES)
def test_every_line_with_a_figure_bears_a_date(library: Library, case: str, language: str) -> None:
    lines = [line for reply in both(case, language, library) for line in reply.text.splitlines()]

    figures = [line for line in lines if _FIGURE.search(_OF_LAW.sub("", line))]

    assert [line for line in figures if not _DATED.search(line)] == []
    assert figures


@pytest.mark.parametrize(("case", "language"), CASES)
def test_every_row_of_a_card_has_source_and_date(library: Library, case: str, language: str) -> None:
    rows = [row for reply in both(case, language, library) for row in reply.card["rows"]]

    assert [row["title"] for row in rows if not (row["source"] and re.match(r"\d{4}", row["as_of"]))] == []


@pytest.mark.parametrize(("case", "language"), CASES)
def test_relief_and_sums_of_a_card_bear_their_own_date(library: Library, case: str, language: str) -> None:
    rows = eligibility_reply(COMPANIES[case], language, library.release, TODAY).card["rows"]
    told = [
        f["value"]
        for row in rows
        for f in row["fields"]
        if f["label"] in ("감면", "추정", "relief", "estimate")
    ]

    assert [value for value in told if not _DATED.search(value)] == []


@pytest.mark.parametrize(("case", "language"), CASES)
def test_outcomes_are_of_the_closed_list(library: Library, case: str, language: str) -> None:
    reply = eligibility_reply(COMPANIES[case], language, library.release, TODAY)
    words = {one(pair, language) for pair in OUTCOMES.values()}

    assert {
        fields(reply, n)["판단" if language == "ko" else "outlook"] for n in range(len(reply.card["rows"]))
    } <= words
    heads = [line.split(" – ", 1)[1] for line in reply.text.splitlines() if line.startswith("·")]
    assert all(any(head.startswith(word) for word in words) for head in heads)


@pytest.mark.parametrize(("case", "language"), CASES)
def test_nothing_is_promised(library: Library, case: str, language: str) -> None:
    for reply in both(case, language, library):
        told = [reply.text, *(field["value"] for row in reply.card["rows"] for field in row["fields"])]

        assert [text for text in told if _PROMISE.search(text)] == []


@pytest.mark.parametrize(("language", "no_promise"), [("ko", "약속이 아니며"), ("en", "It is no promise")])
def test_result_says_that_it_is_no_promise(library: Library, language: str, no_promise: str) -> None:
    assert no_promise in eligibility_reply(FULL, language, library.release, TODAY).text


def row_of(reply: Reply, name: str) -> dict[str, str]:
    [row] = [n for n, row in enumerate(reply.card["rows"]) if row["title"] == name]
    return fields(reply, row)


def test_estimate_puts_the_numbers_into_its_formula(library: Library) -> None:
    reply = eligibility_reply(FULL, "ko", library.release, TODAY)

    assert row_of(reply, "공장 이전 세액감면의 총액 한도")["추정"] == (
        "투자누계액 200억 원의 70% + 상시근로자 30명 × 1,500만 원~2,000만 원 = 144억 5,000만 원~146억 원 (2026-06-02 기준)"
    )


def test_estimate_tells_its_ceiling_in_both_languages(library: Library) -> None:
    facts = FULL | {"equipment": 1e12}
    korean, english = (
        eligibility_reply(facts, language, library.release, TODAY) for language in ("ko", "en")
    )

    assert (
        "건당 한도 300억 원(입지·설비 합산) = 300억 원"
        in row_of(korean, "지방투자촉진보조금 설비보조금")["추정"]
    )
    told = row_of(english, "Local investment subsidy for equipment and building")["estimate"]
    assert "capped at KRW 30 billion per project (land and equipment together) = KRW 30 billion" in told


def test_unlikely_support_shows_neither_relief_nor_sum_and_what_is_missed(library: Library) -> None:
    reply = eligibility_reply(COMPANIES["late"], "ko", library.release, TODAY)
    unlikely = [fields(reply, n) for n in range(len(reply.card["rows"]))]
    unlikely = [row for row in unlikely if row["판단"] == "가능성 낮음"]

    assert unlikely
    assert all("맞지 않는 조건" in row and not {"감면", "추정"} & {*row} for row in unlikely)


def test_conditions_name_their_clause(library: Library) -> None:
    met = row_of(eligibility_reply(FULL, "ko", library.release, TODAY), "공장 이전 취득세·재산세 감면")[
        "맞는 조건"
    ]

    assert "(지방세특례제한법 제80조 제1항" in met


def test_support_that_differs_between_two_places_names_the_place(library: Library) -> None:
    text = eligibility_reply(COMPANIES["two places"], "ko", library.release, TODAY).text

    assert "본사 이전 법인세 감면 (나주) – " in text
    assert "본사 이전 법인세 감면 (진주) – " in text
    assert "등록면허세 면제 – " in text


def test_derived_relief_says_so(library: Library) -> None:
    text = eligibility_reply(COMPANIES["headquarters"], "ko", library.release, TODAY).text

    [line] = [line for line in text.splitlines() if "본사 이전 법인세 감면" in line]
    assert line.endswith("도출·추정한 값]")


def test_support_beyond_the_first_is_counted_and_in_the_table(library: Library) -> None:
    reply = eligibility_reply(FULL, "ko", library.release, TODAY)
    told = sum(line.startswith("·") for line in reply.text.splitlines())

    assert f"그 밖의 지원 {len(reply.card['rows']) - told}건은 아래 표에 있습니다." in reply.text


def test_places_are_ranked_with_reasons_and_next_step(library: Library) -> None:
    reply = site_reply(COMPANIES["outside"], "ko", library.release, TODAY)

    assert re.search(r"^1\. .+: .+", reply.text, re.MULTILINE)
    assert all("다음 단계" in fields(reply, n) and "근거" in fields(reply, n) for n in range(3))


def test_places_ruled_out_say_why_without_doubled_points(library: Library) -> None:
    text = site_reply({"facility": "headquarters", "area_m2": 30000.0}, "ko", library.release, TODAY).text
    [line] = [line for line in text.splitlines() if line.startswith("제외한 곳:")]

    assert "부산 혁신도시 – 산학연 클러스터 용지가 없는 곳입니다" in line
    assert ".;" not in line


def test_small_company_without_any_fact_gets_no_false_certainty(library: Library) -> None:
    rows = eligibility_reply({}, "ko", library.release, TODAY).card["rows"]

    assert {f["value"] for row in rows for f in row["fields"] if f["label"] == "판단"} == {
        "담당 기관 확인 필요"
    }
