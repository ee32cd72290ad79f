"""Guided conversations as a visitor has them: through the actions, by the engine's rules, with its entities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.library import Library
from tests.walking import Walk, starter

Start = Callable[[], Walk]
SITE, ELIGIBILITY = (
    ("우리 회사에 맞는 곳을 찾아 주세요", "find_site"),
    ("받을 수 있는 지원을 확인해 주세요", "check_eligibility"),
)
WHOLE = "서울에 있는 중소기업인데 본사를 나주로 옮기면 감면되나요? IT 회사, 직원 30명, 투자 20억, 5년째 운영, 2027년 10월 시작"


@pytest.fixture(scope="module")
def start(library: Library) -> Start:
    return starter(library)


def talk(walk: Walk, *turns: str | tuple[str, str]) -> dict[str, Any]:
    """The reply to the last of some messages; a message alone was taken for a bare detail."""
    for turn in turns:
        reply = walk.say(*((turn,) if isinstance(turn, str) else turn))
    return reply


def titles(reply: dict[str, Any]) -> list[str]:
    return [button["title"] for button in reply["buttons"]]


def test_site_is_found_after_two_answers(start: Start) -> None:
    walk = start()
    first, second, third = (talk(walk, turn) for turn in (SITE, "본사요", "3,000평"))

    assert first["text"] == "맞는 곳을 찾아보겠습니다.\n무엇을 옮기시나요?"
    assert second["text"].startswith("확인한 조건: 시설 본사\n")
    assert (third["reason"], third["card"]["type"]) == ("sites", "land")


def test_eligibility_told_at_once_is_answered_at_once(start: Start) -> None:
    walk = start()
    reply = talk(walk, (WHOLE, "check_eligibility"))

    assert (reply["reason"], reply["card"]["type"]) == ("eligibility", "eligibility")
    assert (walk.slots["guiding"], walk.open_question in walk.facts) == (True, False)


def test_summary_shows_all_with_a_new_result_and_the_new_fact_alone_with_an_old_one(start: Start) -> None:
    walk = start()
    before = talk(walk, (WHOLE, "check_eligibility"))
    assert walk.open_question == "agreement"
    after = talk(walk, ("네", "affirm"))

    assert before["text"].splitlines()[0].count(" · ") > 5
    assert after["text"].splitlines()[:2] == [
        "확인한 조건: 투자협약 네",
        "판단은 앞서 안내해 드린 것과 같고, 아래 표의 세부 내용만 바뀌었습니다.",
    ]


def test_result_that_is_the_same_in_all_is_told_in_one_line_without_its_card(start: Start) -> None:
    walk = start()
    reply = talk(walk, (WHOLE, "check_eligibility"), ("모르겠어요", "dont_know"))

    assert reply["text"].splitlines()[:2] == ["네, 건너뛰겠습니다.", "결과는 앞서 안내해 드린 것과 같습니다."]
    assert reply["card"] is None


def test_result_is_told_whole_again_where_it_is_asked_for(start: Start) -> None:
    walk = start()
    first = talk(walk, (WHOLE, "check_eligibility"))
    again = talk(walk, ("모르겠어요", "dont_know"), ELIGIBILITY)

    assert again["card"] == first["card"]


def test_correction_changes_the_result(start: Start) -> None:
    walk = start()
    naju = talk(walk, (WHOLE, "check_eligibility"))
    jinju = talk(walk, ("나주 말고 진주요", "correct"))

    assert ("7년 100%" in naju["text"], "7년 100%" in jinju["text"]) == (True, False)
    assert walk.facts["regions"] == ["jinju"]


def test_correction_without_a_new_value_drops_the_old_one(start: Start) -> None:
    walk = start()
    talk(walk, SITE, "공장이요", ("공장은 아닙니다", "correct"))

    assert (walk.facts, walk.open_question) == ({}, "facility")


@pytest.mark.parametrize("turn", [("모르겠어요", "dont_know"), "어디든 괜찮아요", "상관없어요"])
def test_question_is_skipped_and_not_asked_again(start: Start, turn: Any) -> None:
    walk = start()
    talk(walk, SITE, "본사", ("모르겠어요", "dont_know"))
    assert walk.open_question == "regions"
    talk(walk, turn)

    assert "regions" in walk.slots["guide"]["skipped"]
    assert walk.open_question not in ("regions", "")


def test_question_not_understood_twice_is_skipped_and_a_person_offered(start: Start) -> None:
    walk = start()
    talk(walk, SITE)
    once, twice = talk(walk, "그게 뭐랄까"), talk(walk, "음")

    assert once["text"].startswith("말씀을 이해하지 못했습니다.")
    assert twice["text"].startswith("시설은 건너뛰겠습니다.")
    assert titles(twice)[-1] == "사람과 상담"
    assert walk.open_question != "facility"


def test_question_passed_over_by_other_facts_is_not_put_a_third_time(start: Start) -> None:
    walk = start()
    talk(walk, ELIGIBILITY, "30명입니다", "투자는 20억입니다")

    assert walk.slots["guide"]["skipped"] == ["facility"]
    assert {"headcount", "investment"} <= {*walk.facts}


def test_unit_is_asked_back_and_taken_alone(start: Start) -> None:
    walk = start()
    asked = talk(walk, SITE, "본사", "3000")
    talk(walk, "평이요")

    assert (asked["text"], titles(asked)) == (
        "숫자 3,000의 단위를 골라 주세요.",
        ["3,000㎡", "3,000평", "모르겠어요"],
    )
    assert walk.facts["area_m2"] == pytest.approx(9917.4)


def test_unit_not_given_twice_is_given_up(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, "본사", "3000", "3000")

    assert reply["text"].startswith("면적은 건너뛰겠습니다.")


def test_button_of_a_unit_is_understood(start: Start) -> None:
    walk = start()
    offered = talk(walk, SITE, "본사", "3000")["buttons"]
    talk(walk, offered[1]["payload"])

    assert walk.facts["area_m2"] == pytest.approx(9917.4)


def test_number_alone_is_answered_in_the_language_spoken(start: Start) -> None:
    walk = start()
    reply = talk(walk, ("Find a site for us", "find_site"), "head office", "1,000 m2")

    assert reply["language"] == "en"


def test_zone_by_address_is_asked_for_by_the_name_of_the_place(start: Start) -> None:
    walk = start()
    asked = talk(walk, ELIGIBILITY, "본사", "인천이요")
    assert walk.open_question == "origin"
    talk(walk, asked["buttons"][0]["payload"])

    assert "인천은 주소에 따라 권역이 다릅니다." in asked["text"]
    assert walk.facts["origin"] == "overconcentration"


def test_going_back_twice_asks_the_last_two_again(start: Start) -> None:
    walk = start()
    talk(walk, ELIGIBILITY, "본사", "서울", "나주")
    first = talk(walk, ("이전으로", "go_back"))
    second = talk(walk, ("이전으로", "go_back"))

    assert first["text"].startswith("앞의 답을 지웠습니다. 어느 지역을")
    assert second["text"].startswith("앞의 답을 지웠습니다. 지금 사업장은")
    assert {*walk.facts} == {"facility"}


def test_going_back_from_the_start_says_so(start: Start) -> None:
    reply = talk(start(), ("이전으로", "go_back"))

    assert (reply["text"], reply["reason"]) == ("더 돌아갈 곳이 없습니다.", "no_back")


def test_starting_over_forgets_the_facts_and_asks_the_first_question(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, "본사", "3,000평", ("처음부터 다시", "start_over"))

    assert reply["text"].startswith("처음부터 다시 하겠습니다.")
    assert (walk.facts, walk.open_question) == ({}, "facility")


def test_cancelling_forgets_all_and_yes_is_no_answer_then(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, "본사", ("그만할게요", "cancel"))

    assert (reply["reason"], walk.slots["guide"], walk.slots["guiding"]) == ("cancelled", None, False)
    assert talk(walk, ("네", "affirm"))["intent"] == "affirm"


def test_cancelling_nothing_says_so(start: Start) -> None:
    assert talk(start(), ("그만", "cancel"))["text"].startswith("진행 중인 안내가 없습니다.")


def test_why_a_question_is_asked_is_told_with_its_choices(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, ("왜 물어보세요?", "ask_why"))

    assert reply["text"].startswith("본사, 공장, 연구소는")
    assert titles(reply)[0] == "본사"


def test_meaning_of_a_question_names_it_with_its_particle(start: Start) -> None:
    reply = talk(start(), SITE, ("무슨 말이에요?", "explain"))

    assert reply["text"].startswith("시설을 여쭌 것입니다.")


def test_repeating_gives_the_same_payload(start: Start) -> None:
    walk = start()
    first = talk(walk, (WHOLE, "check_eligibility"))
    again = talk(walk, ("다시 말해 주세요", "repeat"))
    third = talk(walk, ("다시 한번요", "repeat"))

    assert again | {"intent": first["intent"]} == third | {"intent": first["intent"]} == first
    assert walk.open_question


def test_repeating_nothing_says_so(start: Start) -> None:
    assert talk(start(), ("다시요", "repeat"))["reason"] == "nothing_to_repeat"


def test_facts_of_one_task_serve_the_other(start: Start) -> None:
    walk = start()
    talk(walk, SITE, "본사", "3,000평", ELIGIBILITY)

    assert (walk.slots["guide"]["task"], walk.open_question) == ("eligibility", "origin")


def test_waiting_keeps_the_question_open(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, ("잠깐만요", "wait"))

    assert (reply["reason"], walk.open_question, titles(reply)[0]) == ("wait", "facility", "본사")


def test_digression_is_followed_by_the_open_question_once(start: Start) -> None:
    walk = start()
    first = talk(walk, SITE, "본사", ("나주 땅 남았나요?", "find_land"))
    second = talk(walk, ("진주 땅은 남았나요?", "find_land"))

    assert first["text"].count("면적은 얼마나 필요하신가요?") == 1
    assert "면적은 얼마나" not in second["text"]
    assert titles(second)[0] == "이어서 하기"


def test_digression_can_be_ended_by_the_button_to_go_on(start: Start) -> None:
    walk = start()
    there = talk(walk, SITE, "본사", ("나주 땅 남았나요?", "find_land"), ("진주 땅은 남았나요?", "find_land"))
    back = talk(walk, there["buttons"][0]["payload"])

    assert back["text"] == "네, 이어서 안내하겠습니다.\n면적은 얼마나 필요하신가요?"


@pytest.mark.parametrize("intent", ["nlu_fallback", "ask_policy", "find_land", "find_incentives"])
def test_answer_taken_for_something_else_is_still_the_answer(start: Start, intent: str) -> None:
    walk = start()
    reply = talk(walk, SITE, ("본사", intent))

    assert walk.facts == {"facility": "headquarters"}
    assert reply["text"].count("면적은 얼마나 필요하신가요?") == 1


def test_digression_leaves_the_look_up_the_last_one(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, "본사", ("나주 땅 남았나요?", "find_land"), "진주는요?")

    assert walk.slots["last_task"] == "land"
    assert [row["title"] for row in reply["card"]["rows"]] == ["경남 혁신도시(진주)"]


def test_fact_that_no_look_up_takes_goes_to_the_questions_after_a_digression(start: Start) -> None:
    walk = start()
    talk(walk, SITE, "본사", ("나주 땅 남았나요?", "find_land"), "직원은 30명입니다")

    assert walk.facts["headcount"] == 30


def test_person_asked_for_is_not_followed_by_a_question(start: Start) -> None:
    walk = start()
    reply = talk(walk, SITE, ("/talk_to_person", "talk_to_person"))

    assert (reply["status"], "무엇을 옮기시나요?" in reply["text"]) == ("handoff", False)
    assert walk.open_question == "facility"


def test_message_without_meaning_and_without_question_gets_the_menu(start: Start) -> None:
    reply = talk(start(), "ㅁㄴㅇㄹ")

    assert (reply["status"], titles(reply)[-1]) == ("clarify", "사람과 상담")


def test_buttons_beside_a_digression_stay_few(start: Start) -> None:
    reply = talk(start(), ELIGIBILITY, ("나주랑 진주 비교해줘", "compare_places"))

    assert len(reply["buttons"]) == 6
    assert titles(reply)[-1] == "사람과 상담"
