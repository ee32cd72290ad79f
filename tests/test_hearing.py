"""What a message says of a company: any facts in any order, with the open question as context."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from actions.hearing import MONEY, company_of
from knowledge.library import Library
from knowledge.words_guide import CHOICES
from tests.walking import heard

Facts = dict[str, Any]


def test_hearing_takes_all_facts_of_one_message(library: Library) -> None:
    text = "수원에 있는 중소기업인데 공장을 김천으로 옮깁니다. 직원 30명, 신규 채용 10명, 투자 20억, 5년째 운영, 2027년 10월 시작"

    assert heard(library, text, task="eligibility").facts == {
        "facility": "factory", "size": "sme", "origin_place": "suwon", "origin": "overconcentration",
        "regions": ["gimcheon"], "headcount": 30, "hires": 10, "investment": 2e9, "years": 5, "start": "2027-10-31",
    }  # fmt: skip


def test_hearing_takes_all_facts_of_one_english_message(library: Library) -> None:
    text = "We are an SME with 30 employees in Seoul and move our head office to Naju, investing 2 billion won, starting in 2027"

    assert heard(library, text, task="eligibility").facts == {
        "facility": "headquarters", "size": "sme", "origin_place": "seoul", "origin": "overconcentration",
        "regions": ["naju"], "headcount": 30, "investment": 2e9, "start": "2027-12-31",
    }  # fmt: skip


@pytest.mark.parametrize(
    "parts", list(permutations(["나주로 가려는 본사", "직원 30명", "투자 20억 원", "3,000평 필요"]))
)
def test_hearing_takes_facts_in_any_order(library: Library, parts: tuple[str, ...]) -> None:
    facts = heard(library, ", ".join(parts), task="eligibility").facts

    assert facts == {
        "facility": "headquarters", "regions": ["naju"], "headcount": 30, "investment": 2e9, "area_m2": 9917.4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "facts", "denied"),
    [
        ("진주 말고 나주요", {"regions": ["naju"]}, {"regions": ["jinju"]}),
        ("나주가 아니라 진주입니다", {"regions": ["jinju"]}, {"regions": ["naju"]}),
        ("not Jinju but Naju", {"regions": ["naju"]}, {"regions": ["jinju"]}),
        ("Naju instead of Jinju", {"regions": ["naju"]}, {"regions": ["jinju"]}),
        ("30명이 아니라 50명입니다", {"headcount": 50}, {}),
        ("본사 말고 공장", {"facility": "factory"}, {"facility": "headquarters"}),
        ("not a factory, an office", {"facility": "office"}, {"facility": "factory"}),
        ("it isn't a factory, it is an office", {"facility": "office"}, {"facility": "factory"}),
        ("중소기업이 아니고 중견기업입니다", {"size": "mid_sized"}, {"size": "sme"}),
        ("바이오가 아닙니다", {}, {"industry": "bio"}),
        ("나주는 빼 주세요", {}, {"regions": ["naju"]}),
        ("나주 빼고요", {}, {"regions": ["naju"]}),
        ("나주뿐만 아니라 진주도", {"regions": ["naju", "jinju"]}, {}),
        ("본사 아닌가요", {"facility": "headquarters"}, {}),
    ],
)
def test_hearing_drops_what_is_denied(library: Library, text: str, facts: Facts, denied: Facts) -> None:
    said = heard(library, text)

    assert (said.facts, said.denied) == (facts, denied)


@pytest.mark.parametrize(
    ("text", "origin", "regions"),
    [
        ("서울에서 나주로 옮깁니다", "seoul", ["naju"]),
        ("나주로, 서울에서요", "seoul", ["naju"]),
        ("from Suwon to Gimcheon", "suwon", ["gimcheon"]),
        ("to Gimcheon from Suwon", "suwon", ["gimcheon"]),
        ("부산 공장을 김천으로 이전", "busan", ["gimcheon"]),
        ("대전에 있는 본사를 나주나 진주로", "daejeon", ["naju", "jinju"]),
        ("서울 본사를 나주로", "seoul", ["naju"]),
        ("나주에 본사를 두려고 합니다", None, ["naju"]),
        ("나주에서 사업하고 싶어요", None, ["naju"]),
        ("나주에 있는 땅", None, ["naju"]),
        ("본사가 성남에 있습니다", "seongnam", None),
        ("We are based in Seoul", "seoul", None),
        ("We're in Naju and want to go to Jinju", "naju", ["jinju"]),
    ],
)
def test_hearing_tells_origin_from_destination(
    library: Library, text: str, origin: str | None, regions: list[str] | None
) -> None:
    facts = heard(library, text).facts

    assert (facts.get("origin_place"), facts.get("regions")) == (origin, regions)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("서울입니다", {"origin_place": "seoul", "origin": "overconcentration"}),
        ("서울이랑 수원이요", {"origin_place": "seoul", "origin": "overconcentration"}),
        ("대전이요", {"origin_place": "daejeon", "origin": "outside"}),
        ("인천이요", {"origin_place": "incheon"}),
        ("수도권 밖", {"origin": "outside"}),
        ("성장관리권역이에요", {"origin": "growth_management"}),
        ("나주로 갈 거예요", {"regions": ["naju"]}),
    ],
)
def test_hearing_of_a_place_where_the_origin_was_asked(library: Library, text: str, facts: Facts) -> None:
    assert heard(library, text, "origin").facts == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("투자 20억, 예산 5억", {"investment": 2e9, "budget": 5e8}),
        ("예산 5억, 투자 20억", {"investment": 2e9, "budget": 5e8}),
        ("5억 투자하고 예산은 2억입니다", {"investment": 5e8, "budget": 2e8}),
        ("투자 20억 원 중 설비 12억 원", {"investment": 2e9, "equipment": 1.2e9}),
        ("월세 300만 원, 장비 1억", {"rent": 3e6, "equipment": 1e8}),
        ("토지 매입비 10억", {"land_price": 1e9}),
        (
            "an investment of 2 billion won and equipment of 500 million won",
            {"investment": 2e9, "equipment": 5e8},
        ),
        ("The rent is 3 million won", {"rent": 3e6}),
        ("10억", {"budget": 1e9}),
        ("3.3㎡당 150만 원이면 좋겠어요", {}),
        ("1.5 million won per pyeong", {}),
    ],
)
def test_hearing_tells_amounts_by_the_words_around_them(library: Library, text: str, facts: Facts) -> None:
    assert heard(library, text).facts == facts


def test_hearing_gives_a_bare_amount_to_the_task(library: Library) -> None:
    assert heard(library, "10억", task="eligibility").facts == {"investment": 1e9}
    assert heard(library, "10억", "equipment", task="eligibility").facts == {"equipment": 1e9}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("직원 30명, 신규 채용 10명", {"headcount": 30, "hires": 10}),
        ("신규 채용 10명, 직원 30명", {"headcount": 30, "hires": 10}),
        ("10명을 뽑을 겁니다", {"hires": 10}),
        ("30 employees and 12 new employees", {"headcount": 30, "hires": 12}),
        ("서른 명", {"headcount": 30}),
    ],
)
def test_hearing_tells_staff_from_new_hires(library: Library, text: str, facts: Facts) -> None:
    assert heard(library, text).facts == facts


@pytest.mark.parametrize(
    ("waiting", "text", "number"),
    [
        ("headcount", "30", 30), ("headcount", "약 30명 정도요", 30), ("headcount", "1,200", 1200),
        ("hires", "10명", 10), ("years", "5년", 5), ("years", "2 years", 2), ("years", "3.5", 3.5),
        ("years", "10년 정도입니다", 10),
    ],
)  # fmt: skip
def test_hearing_gives_a_number_to_the_open_question(
    library: Library, waiting: str, text: str, number: float
) -> None:
    assert heard(library, text, waiting).facts == {waiting: number}


@pytest.mark.parametrize(
    ("waiting", "text", "facts"),
    [
        ("years", "30명", {"headcount": 30}),
        ("headcount", "5년", {}),
        ("years", "2015", {}),
        ("years", "2027년", {"start": "2027-12-31"}),
        ("area_m2", "30명", {"headcount": 30}),
        ("industry", "30", {}),
    ],
)
def test_hearing_takes_no_number_for_what_it_cannot_be(
    library: Library, waiting: str, text: str, facts: Facts
) -> None:
    said = heard(library, text, waiting)

    assert (said.facts, said.bare) == (facts, None)


@pytest.mark.parametrize("waiting", ["area_m2", *MONEY])
def test_hearing_leaves_the_unit_of_a_number_open(library: Library, waiting: str) -> None:
    said = heard(library, "3000", waiting)

    assert (said.facts, said.bare) == ({}, 3000)


@pytest.mark.parametrize(
    ("waiting", "number", "text", "value"),
    [
        ("area_m2", 3000, "평", 9917.4), ("area_m2", 3000, "평이요", 9917.4), ("area_m2", 3000, "㎡", 3000),
        ("area_m2", 3000, "제곱미터입니다", 3000), ("area_m2", 3000, "square metres", 3000),
        ("area_m2", 3000, "pyeong", 9917.4),
        ("investment", 20, "억", 2e9), ("investment", 20, "억 원이에요", 2e9), ("budget", 5000, "만원", 5e7),
        ("budget", 5000, "만", 5e7), ("budget", 500, "million won", 5e8), ("rent", 300, "만 원", 3e6),
        ("budget", 1_000_000, "원", 1e6), ("budget", 3, "billion won", 3e9),
    ],
)  # fmt: skip
def test_hearing_takes_a_unit_alone_after_it_was_asked_for(
    library: Library, waiting: str, number: float, text: str, value: float
) -> None:
    assert heard(library, text, waiting, number=number).facts == {waiting: value}


@pytest.mark.parametrize(
    ("text", "area"),
    [("3000평", 9917.4), ("3.3㎡당 가격 말고 총 5000㎡", 5000), ("3,000 square metres", 3000)],
)
def test_hearing_takes_areas_in_square_metres(library: Library, text: str, area: float) -> None:
    assert heard(library, text).facts == {"area_m2": area}


@pytest.mark.parametrize(
    ("waiting", "text", "facts"),
    [
        ("start", "2027년", {"start": "2027-12-31"}),
        ("start", "2027년 6월", {"start": "2027-06-30"}),
        ("start", "2028년 2월에 시작합니다", {"start": "2028-02-29"}),
        ("start", "in June 2027", {"start": "2027-06-30"}),
        ("start", "2027-03-15", {"start": "2027-03-15"}),
        ("start", "2027년 하반기", {"start": "2027-12-31"}),
        ("acquired", "2027년", {"acquired": "2027-12-31"}),
        ("", "2027년 6월에 땅을 사서 2028년 1월에 시작합니다", {"acquired": "2027-06-30", "start": "2028-01-31"}),
        ("", "We buy the land in June 2027 and start in 2028", {"acquired": "2027-06-30", "start": "2028-12-31"}),
        ("", "업력 7년이고 2027년에 이전합니다", {"years": 7, "start": "2027-12-31"}),
    ],
)  # fmt: skip
def test_hearing_takes_a_moment_as_its_last_day(
    library: Library, waiting: str, text: str, facts: Facts
) -> None:
    assert heard(library, text, waiting).facts == facts


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("네", "affirm", True), ("아니요", "deny", False), ("네, 그렇습니다", "inform", True), ("예", "inform", True),
        ("아직 아니에요", "inform", False), ("없습니다", "inform", False), ("Yes", "affirm", True),
        ("no, not yet", "inform", False), ("있어요", "inform", True),
    ],
)  # fmt: skip
def test_hearing_takes_yes_and_no_for_the_open_question(
    library: Library, text: str, intent: str, answer: bool
) -> None:
    assert heard(library, text, "agreement", intent=intent).facts == {"agreement": answer}


def test_hearing_takes_yes_for_nothing_where_the_question_is_another(library: Library) -> None:
    assert heard(library, "네", "industry", intent="affirm").facts == {}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("전부 옮깁니다", {"whole_site": True}),
        ("일부만 옮겨요", {"whole_site": False}),
        ("산업단지에 들어갑니다", {"in_complex": True}),
        ("산업단지가 아닌 곳입니다", {"in_complex": False}),
        ("감면을 받은 적이 없습니다", {"relieved_before": False}),
        ("We move the whole company", {"whole_site": True}),
    ],
)
def test_hearing_takes_plain_words_for_yes_or_no(library: Library, text: str, facts: Facts) -> None:
    assert heard(library, text).facts == facts


@pytest.mark.parametrize(
    ("name", "pair"),
    [(name, pair) for name, pairs in CHOICES.items() for pair in pairs if pair[1] != "anywhere is fine"],
    ids=str,
)
def test_hearing_takes_every_choice_offered(library: Library, name: str, pair: tuple[str, str]) -> None:
    korean, english = (heard(library, text, name).facts for text in pair)

    assert korean.get(name) == english.get(name) is not None


def test_company_of_makes_plain_numbers_dates_and_answers() -> None:
    company = company_of(
        {
            "headcount": 30.0,
            "start": "2027-10-31",
            "regions": ["naju"],
            "whole_site": True,
            "origin_place": "seoul",
        }
    )

    assert (company.headcount, company.start, company.regions) == (30, date(2027, 10, 31), ("naju",))
    assert company.answers == {"whole_site": True}


KNOWN = {"origin_place": "suwon", "origin": "overconcentration", "regions": ["jinju"], "area_m2": 9917.4}


@pytest.mark.parametrize(
    ("text", "intent", "facts"),
    [
        ("수원이 아니라 화성입니다", "correct", {"origin_place": "hwaseong", "origin": "growth_management"}),
        ("We are in Hwaseong, not Suwon", "correct", {"origin_place": "hwaseong", "origin": "growth_management"}),
        ("아니, 용인이요", "correct", {"origin_place": "yongin", "origin": "growth_management"}),
        ("아니, 나주요", "correct", {"regions": ["naju"]}),
        ("김천도 추가해 주세요", "inform", {"regions": ["jinju", "gimcheon"]}),
        ("나주도요", "inform", {"regions": ["jinju", "naju"]}),
        ("add Naju too", "inform", {"regions": ["jinju", "naju"]}),
        ("나주도 괜찮은가요", "inform", {"regions": ["naju"]}),
        ("제가 평이라고 했는데 제곱미터였어요", "correct", {"area_m2": 3000.0}),
        ("평이 아니라 제곱미터입니다", "correct", {"area_m2": 3000.0}),
        ("I meant square metres, not pyeong", "correct", {"area_m2": 3000.0}),
        ("평가는 어떻게 하나요", "inform", {}),
    ],
)  # fmt: skip
def test_hearing_corrects_what_is_known(library: Library, text: str, intent: str, facts: Facts) -> None:
    assert heard(library, text, "budget", intent=intent, facts=KNOWN).facts == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("대전 식품 공장을 나주로 옮깁니다", {"origin_place": "daejeon", "origin": "outside", "regions": ["naju"]}),
        ("나주나 김천으로 갑니다", {"regions": ["naju", "gimcheon"]}),
        ("from Seoul to Naju or Gimcheon", {"origin_place": "seoul", "origin": "overconcentration", "regions": ["naju", "gimcheon"]}),
        ("Our factory in Anyang makes batteries", {"origin_place": "anyang", "origin": "overconcentration"}),
        ("Our new plant in Gimcheon needs a lot of room", {"regions": ["gimcheon"]}),
    ],
)  # fmt: skip
def test_hearing_tells_where_a_company_is_from_where_it_goes(
    library: Library, text: str, facts: Facts
) -> None:
    said = heard(library, text).facts

    assert {name: said[name] for name in ("origin_place", "origin", "regions") if name in said} == facts
