"""State and questions of guided steps: what is asked next, skipping, going back, and what is said of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from actions.guide import (
    MOST_BUTTONS,
    MOST_TRIES,
    Guided,
    choices,
    is_enough,
    next_question,
    plain,
    question,
    summary,
    with_choices,
)
from actions.hearing import YES_NO, Heard
from knowledge.library import Library
from knowledge.words_guide import CHOICES, LABELS, QUESTIONS, WHY

TODAY = date(2026, 11, 23)
MOVING: dict[str, Any] = {
    "facility": "headquarters", "origin_place": "seoul", "origin": "overconcentration", "regions": ["naju"],
    "size": "sme", "industry": "ict",
}  # fmt: skip


def titles(state: Guided, language: str = "ko") -> list[str]:
    return [button["title"] for button in choices(state, language)]


def test_state_survives_the_slot_of_the_engine() -> None:
    state = Guided("site", "area_m2", ("size",), ("facility",), dict(MOVING), 2, 3000.0, ("a", "b"))

    assert Guided.from_slot(json.loads(json.dumps(state.slots()["guide"]))) == state


def test_empty_state_clears_the_slots() -> None:
    assert Guided().slots() == {"guide": None, "guiding": False}


@pytest.mark.parametrize("facts", [{}, MOVING], ids=["nothing", "much"])
@pytest.mark.parametrize("task", ["site", "eligibility"])
def test_next_question_is_never_one_known_or_skipped(
    library: Library, task: str, facts: dict[str, Any]
) -> None:
    state, seen = Guided(task, facts=dict(facts)), []
    while name := next_question(state, library.release, TODAY):
        seen.append(name)
        state = state.put(name).skip()

    assert len(seen) == len(set(seen)) > 0
    assert not set(seen) & {*facts}


def test_next_question_of_eligibility_starts_with_what_decides_all(library: Library) -> None:
    state, seen = Guided("eligibility"), []
    for _ in range(5):
        seen.append(next_question(state, library.release, TODAY))
        state = state.put(seen[-1]).skip()

    assert seen == ["facility", "origin", "regions", "size", "industry"]


@pytest.mark.parametrize("task", ["site", "eligibility"])
def test_next_question_ends_where_nothing_would_change(library: Library, task: str) -> None:
    known = MOVING | dict.fromkeys(YES_NO, True) | {
        "area_m2": 3000.0, "budget": 1e9, "headcount": 30.0, "hires": 10.0, "investment": 2e9, "equipment": 1e9,
        "land_price": 1e9, "rent": 3e6, "years": 5.0, "start": "2027-10-31", "acquired": "2027-06-30",
        "programme": "innovation_city",
    }  # fmt: skip

    assert next_question(Guided(task, facts=known), library.release, TODAY) == ""


def test_next_question_depends_on_the_place_left(library: Library) -> None:
    outside = MOVING | {"origin": "outside", "origin_place": "daejeon"}
    here, there = (
        {name for name in _asked(Guided("eligibility", facts=dict(facts)), library)}
        for facts in (MOVING, outside)
    )

    assert "old_site_closed" in here - there


def _asked(state: Guided, library: Library) -> list[str]:
    seen: list[str] = []
    while name := next_question(state, library.release, TODAY):
        seen.append(name)
        state = state.put(name).skip()
    return seen


def test_result_is_shown_from_enough_facts_on() -> None:
    assert not is_enough(Guided("site", facts={"facility": "factory"}))
    assert is_enough(Guided("site", facts={"facility": "factory", "area_m2": 1.0}))


def test_result_of_eligibility_needs_the_facility_and_the_place_or_their_skipping() -> None:
    facts = {"size": "sme", "industry": "bio", "origin": "outside"}

    assert not is_enough(Guided("eligibility", facts=facts))
    assert is_enough(Guided("eligibility", facts=facts, skipped=("facility", "regions")))


def test_told_replaces_an_old_fact_and_moves_it_to_the_end_of_the_trail() -> None:
    state = (
        Guided("site").told(Heard({"facility": "factory", "size": "sme"})).told(Heard({"facility": "office"}))
    )

    assert (state.facts, state.trail) == ({"facility": "office", "size": "sme"}, ("size", "facility"))


def test_told_drops_what_is_taken_back() -> None:
    state = Guided("site").told(Heard({"facility": "factory", "regions": ["naju", "jinju"]}))

    left = state.told(Heard(denied={"facility": "factory", "regions": ["naju"]}))

    assert (left.facts, left.trail) == ({"regions": ["jinju"]}, ("regions",))


def test_told_keeps_what_is_not_meant_by_a_denial() -> None:
    state = Guided("site").told(Heard({"facility": "factory", "regions": ["naju"]}))

    assert state.told(Heard(denied={"facility": "office", "regions": ["jinju"]})) == state


def test_told_drops_the_zone_of_a_place_that_is_taken_back() -> None:
    state = Guided("site").told(Heard({"origin_place": "seoul", "origin": "overconcentration"}))

    assert state.told(Heard(denied={"regions": ["seoul"]})).facts == {}


def test_told_asks_the_zone_anew_where_the_new_place_has_none() -> None:
    state = Guided("site").told(Heard({"origin_place": "seoul", "origin": "overconcentration"}))

    assert state.told(Heard({"origin_place": "incheon"})).facts == {"origin_place": "incheon"}


def test_told_keeps_a_place_whose_zone_was_open_and_drops_one_whose_zone_was_not() -> None:
    zone = Heard({"origin": "growth_management"})

    open_one = Guided("site").told(Heard({"origin_place": "incheon"})).told(zone)
    known = Guided("site").told(Heard({"origin_place": "seoul", "origin": "overconcentration"})).told(zone)

    assert open_one.facts == {"origin_place": "incheon", "origin": "growth_management"}
    assert known.facts == {"origin": "growth_management"}


def test_told_takes_a_skipped_fact_after_all() -> None:
    state = Guided("site", asked="size").skip().told(Heard({"size": "sme"}))

    assert (state.skipped, state.trail) == ((), ("size",))


def test_back_twice_takes_the_last_two_answers_one_by_one() -> None:
    state = (
        Guided("site")
        .told(Heard({"facility": "factory"}))
        .told(Heard({"size": "sme"}))
        .told(Heard({"years": 3.0}))
    )

    once = state.back()
    twice = once.back()

    assert (once.asked, set(once.facts)) == ("years", {"facility", "size"})
    assert (twice.asked, set(twice.facts)) == ("size", {"facility"})


def test_back_forgets_the_place_with_its_zone() -> None:
    state = Guided("site").told(Heard({"origin_place": "incheon"}))

    assert (state.trail, state.back().facts) == (("origin",), {})


def test_back_of_nothing_changes_nothing() -> None:
    assert Guided("site", "facility").back() == Guided("site", "facility")


def test_put_counts_the_times_a_question_is_put_running() -> None:
    state = Guided("site").put("size").put("size")

    assert (state.tries, state.put("years").tries, state.skip().put("size").tries) == (MOST_TRIES, 1, 1)


def test_question_of_a_place_with_several_zones_names_it_and_offers_them(library: Library) -> None:
    state = Guided("eligibility", "origin", facts={"origin_place": "incheon"})

    assert (
        question("origin", state, library.release, "ko")
        == "인천은 주소에 따라 권역이 다릅니다. 어느 권역에 있나요?"
    )
    assert titles(state) == ["과밀억제권역", "성장관리권역", "자연보전권역", "모르겠어요"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_reason_label_and_few_choices(name: str) -> None:
    assert name in WHY
    assert name in LABELS
    assert 1 <= len(titles(Guided("site", name))) <= MOST_BUTTONS - 1


@pytest.mark.parametrize("name", CHOICES)
def test_choices_end_with_not_knowing_in_both_languages(name: str) -> None:
    assert (titles(Guided("site", name))[-1], titles(Guided("site", name), "en")[-1]) == (
        "모르겠어요",
        "I don't know",
    )


@pytest.mark.parametrize(
    ("name", "number", "offered"),
    [
        ("area_m2", 3000.0, ["3,000㎡", "3,000평"]),
        ("area_m2", 1_000_000.0, ["1,000,000㎡", "1,000,000평"]),
        ("investment", 20.0, ["20억 원", "20만 원"]),
        ("investment", 2.5, ["2.5억 원", "2.5만 원"]),
        ("budget", 50_000.0, ["50,000만 원", "50,000원"]),
    ],
)
def test_choices_of_a_bare_number_are_its_units(name: str, number: float, offered: list[str]) -> None:
    assert titles(Guided("site", name, number=number)) == [*offered, "모르겠어요"]


def test_units_of_a_bare_number_are_the_same_sums_in_english() -> None:
    assert titles(Guided("site", "budget", number=20.0), "en")[:2] == ["2,000 million won", "0.2 million won"]


def test_choices_before_other_buttons_stay_few_and_keep_the_person() -> None:
    others = [{"title": str(n), "payload": str(n)} for n in range(5)] + [{"title": "person", "payload": "/p"}]

    shown = with_choices(Guided("site", "facility"), others, "ko")

    assert len(shown) == MOST_BUTTONS
    assert shown[-1]["title"] == "person"


def test_summary_tells_what_was_taken_down_with_the_source_of_the_zone(library: Library) -> None:
    told = summary(
        Guided("site", facts=MOVING | {"start": "2027-10-31", "headcount": 1200.0}), library.release, "ko"
    )

    assert told == (
        "확인한 조건: 시설 본사 · 규모 중소기업 · 업종 정보통신 · 현재 위치 서울 (과밀억제권역, 수도권정비계획법 시행령 별표 1 "
        "2025-10-01 기준) · 희망 지역 나주 · 인원 1,200명 · 사업 시작 2027-10-31까지"
    )


def test_summary_of_a_zone_told_by_the_visitor_names_no_source(library: Library) -> None:
    facts = {"origin_place": "incheon", "origin": "growth_management"}

    assert (
        summary(Guided("site", facts=facts), library.release, "ko")
        == "확인한 조건: 현재 위치 인천 (성장관리권역)"
    )


def test_summary_of_new_facts_alone_leaves_the_others_out(library: Library) -> None:
    state = Guided("site", facts={"facility": "factory", "origin_place": "incheon"})

    assert (
        summary(state, library.release, "en", ["origin_place"]) == "What I took down: present place Incheon"
    )


def test_plain_numbers_have_no_exponent() -> None:
    assert [plain(n) for n in (3000.0, 2.5, 1e9, 0.0)] == ["3,000", "2.5", "1,000,000,000", "0"]
