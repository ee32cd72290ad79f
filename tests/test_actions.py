"""The engine's actions, run by the SDK's executor on the shipped release: what they say, show and remember."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.interfaces import ActionNotFoundException

from actions.reply import menu
from actions.understood import understand
from knowledge.library import Library
from knowledge.words import say
from tests.asking import Run, runner, titles, tracker, values


@pytest.fixture(scope="module")
def run(library: Library) -> Run:
    return runner(library)


def test_land_in_gimcheon_is_left_with_area_date_and_age(run: Run) -> None:
    reply = run("action_find_land", "김천에 클러스터 용지가 남았나요?", region="gimcheon")

    assert titles(reply) == ["경북 혁신도시(김천)"]
    assert values(reply)["상태"] == "남은 용지 기록 있음"
    assert values(reply)["남은 면적"] == "145,700㎡ (약 44,074평) (2021-12 기준, 4년 전)"


def test_land_in_busan_is_none_in_the_innovation_city(run: Run) -> None:
    reply = run(
        "action_find_land", "부산에 클러스터 땅이 있나요?", region="busan", programme="innovation_city"
    )

    assert titles(reply) == ["부산 혁신도시"]
    assert values(reply) == {"상태": "클러스터 용지 없음"}


def test_land_in_wonju_is_resale_only(run: Run) -> None:
    reply = run("action_find_land", "Is there cluster land in Wonju?", region="wonju")

    assert (values(reply)["state"], values(reply)["sold share"]) == (
        "first sale over, resale only",
        "100% (as of 2021-12, 4 years ago)",
    )
    assert "area left" not in values(reply)


def test_land_of_an_area_comes_from_the_places_with_that_much_left(run: Run) -> None:
    reply = run("action_find_land", "3만㎡ 땅이 남은 곳은?", area=30_000)
    left = [float(values(reply, n)["남은 면적"].split("㎡")[0].replace(",", "")) for n in range(4)]

    assert "30,000㎡ (약 9,075평) 이상" in reply["text"]
    assert left == sorted(left, reverse=True)
    assert min(left) >= 30_000


def test_land_without_place_says_that_it_is_no_live_list(run: Run) -> None:
    reply = run("action_find_land", "Which places have cluster land left?")

    assert len(reply["card"]["rows"]) == 10
    assert "not a live list" in reply["text"]


def test_land_where_nothing_is_on_record_has_no_card(run: Run) -> None:
    reply = run("action_find_land", "평양에 땅이 있나요?", region="pyongyang")

    assert (reply["status"], reply["card"]) == ("no_answer", None)


def test_incentives_of_a_head_office_in_naju_begin_with_its_years(run: Run) -> None:
    asked = "나주로 본사를 옮기면 어떤 지원이 있나요?"
    reply = run("action_find_incentives", asked, region="naju", facility_type="headquarters")

    assert ("나주" in reply["text"], "7년" in reply["text"], "4년" in reply["text"]) == (True, True, True)
    assert "7년간 100%" in reply["text"]
    assert titles(reply)[0] == "이전 세액감면 기간: 전남 나주시"


def test_incentives_of_a_construction_company_leave_out_the_relief_it_is_shut_out_of(run: Run) -> None:
    asked = "건설회사 본사를 나주로 옮기면 세금 혜택이 있나요?"
    reply = run("action_find_incentives", asked, region="naju", facility_type="headquarters")

    assert ("건설업" in reply["text"].split(".")[0], "7년" in reply["text"]) == (True, False)
    assert {row["row"] for row in reply["card"]["rows"]}.isdisjoint({"T09", "T43"})


def test_incentives_in_yangjae_are_none_since_it_lies_in_the_capital_region(run: Run) -> None:
    reply = run("action_find_incentives", "양재로 옮기면 세금 감면이 되나요?", region="yangjae")

    assert "수도권" in reply["text"]
    assert "적용되지 않는" in reply["text"]


def test_incentives_are_those_of_the_destination_and_not_of_the_origin(run: Run) -> None:
    reply = run("action_find_incentives", "서울에서 나주로 옮기면 세금은?", region=["seoul", "naju"])

    assert titles(reply)[0].endswith("나주시")
    assert ("나주" in reply["text"], "7년" in reply["text"]) == (True, True)


def test_incentives_do_not_speak_of_moving_to_the_origin(run: Run) -> None:
    reply = run("action_find_incentives", "서울에서 나주로 옮기면 세금은?", region=["seoul", "naju"])

    assert "양재" not in reply["text"]


def test_incentives_without_place_ask_for_one(run: Run) -> None:
    reply = run("action_find_incentives", "지원이 뭐가 있나요?")

    assert reply["text"].endswith("어느 지역으로 옮기실 계획인가요?")
    assert {"title": "나주", "payload": "나주는요?"} in reply["buttons"]


def test_incentives_of_one_kind_are_of_that_kind(run: Run, library: Library) -> None:
    reply = run("action_find_incentives", "What grants are there in Wonju?", region="wonju")
    kinds = {library.release.catalogue.incentives[row["row"]].category for row in reply["card"]["rows"]}

    assert kinds == {"cash"}


@pytest.mark.parametrize(
    ("slots", "begins"),
    [
        ({"last_task": "land", "region": ["naju"]}, "진주의 클러스터·특구 토지"),
        ({"last_task": "incentives", "region": ["naju"]}, "경남 진주시로 본사를 옮기면"),
    ],
    ids=["land", "incentives"],
)
def test_follow_up_does_the_last_look_up_for_the_new_place(
    run: Run, slots: dict[str, Any], begins: str
) -> None:
    reply = run("action_follow_up", "진주는요?", slots, region="jinju")

    assert reply["text"].startswith(begins)
    assert all("나주" not in title for title in titles(reply))


def test_follow_up_asks_the_last_question_of_the_new_place(run: Run) -> None:
    slots = {
        "last_task": "answer",
        "last_question": "나주 클러스터 입주승인은 누가 하나요?",
        "region": ["naju"],
    }
    reply = run("action_follow_up", "진주는요?", slots, region="jinju")

    assert reply["status"] == "answered"
    assert "경상남도지사" in reply["text"]


def test_follow_up_on_nothing_offers_the_menu(run: Run) -> None:
    reply = run("action_follow_up", "50명이요")

    assert reply["status"] == "clarify"
    assert reply["buttons"] == menu(["land", "incentives", "approval", "person"], "ko")


def test_hand_over_names_the_office_with_its_telephone(run: Run) -> None:
    reply = run("action_hand_over", "사람과 통화하고 싶어요", {"region": ["wonju"], "last_task": "land"})
    first, second = reply["card"]["rows"]

    assert (reply["status"], reply["card"]["type"]) == ("handoff", "contact")
    assert (first["title"], first["phone"], values(reply)["전화"]) == (
        "강원특별자치도",
        "033-249-4924",
        "033-249-4924",
    )
    assert "LH" in second["title"]


def test_hand_over_by_button_speaks_the_language_of_the_button(run: Run) -> None:
    reply = run("action_hand_over", "", language="en")

    assert reply["text"].startswith("To talk to a person")
    assert "No phone number is confirmed" in reply["text"]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Do you have a phone number for the Chungbuk rent scheme?", "043-220-4683"),
        ("센텀2 도심융합특구 물어볼 국토부 과 전화번호좀요", "044-201-3649"),
    ],
)
def test_number_asked_for_is_told_with_its_source_and_offices_beneath(
    run: Run, question: str, number: str
) -> None:
    reply = run("action_hand_over", question)

    assert (reply["status"], reply["reason"], reply["card"]["type"]) == ("answered", "", "contact")
    assert number in reply["sources"][0]["quote"]


def test_person_asked_for_is_handed_over_to_whatever_else_is_asked(run: Run) -> None:
    reply = run("action_hand_over", "나주 클러스터 면적은 얼마죠? 상담원 연결해 주세요")

    assert (reply["status"], reply["reason"]) == ("handoff", "asked")


def test_decision_is_declined_with_the_offices_that_decide(run: Run) -> None:
    reply = run("action_decline_decision", "우리 회사가 감면받을 수 있나요?", region="naju")

    assert (reply["status"], reply["reason"]) == ("handoff", "decision")
    assert "보장할 수 없습니다" in reply["text"]
    assert any("세무서" in title for title in titles(reply))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How long do they keep an eye on us after the investment grant has been paid?", "5 years"),
        ("취득세를 깎아 줄지 마지막으로 어디서 결정하나요?", "시·군·구"),
    ],
)
def test_question_for_a_fact_that_sounds_like_a_decision_is_answered(
    run: Run, question: str, told: str
) -> None:
    reply = run("action_decline_decision", question)

    assert (reply["status"], told in " ".join(source["quote"] for source in reply["sources"])) == (
        "answered",
        True,
    )
    assert reply["text"].index(told) < reply["text"].index(say("decision", reply["language"]))


@pytest.mark.parametrize(
    ("intent", "text", "response"),
    [
        ("complain", "답이 틀렸잖아요, 왜 이래요?", "utter_complain"),
        ("bot_challenge", "Are you a real person?", "utter_bot_challenge"),
        ("ask_help", "뭘 할 수 있어요?", "utter_help"),
        ("switch_language", "Can you answer in English please?", "utter_language_switched"),
    ],
)
def test_small_talk_is_answered_by_the_domain(run: Run, intent: str, text: str, response: str) -> None:
    reply = run("action_small_talk", text, intent=intent)

    assert (reply["response"], "status" in reply, "buttons" in reply) == (response, False, False)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("complain", "서울시는 왜 하필 양재를 AI 특구로 골랐대요?"),
        ("bot_challenge", "Wonju 클러스터는 언제 다 팔렸습니까?"),
        ("bot_challenge", "Are these answers written by a person?"),
    ],
)
def test_question_taken_for_small_talk_is_answered_from_the_documents(
    run: Run, intent: str, text: str
) -> None:
    reply = run("action_small_talk", text, intent=intent)

    assert (reply["response"], bool(reply["sources"])) == ("", True)


def test_source_is_told_of_the_last_reply_that_had_one(run: Run) -> None:
    told = run("action_answer", "클러스터 분양률은 얼마인가요?")
    events = [{"event": "bot", "data": {"custom": told}}, {"event": "user", "text": "출처가 어디예요?"}]
    reply = run("action_explain_source", "출처가 어디예요?", events=events)

    assert told["sources"][0]["title"] in reply["text"]
    assert f"{told['sources'][0]['as_of']} 기준" in reply["text"]


def test_answer_is_declined_where_the_documents_say_nothing(run: Run) -> None:
    reply = run("action_answer", "오늘 점심으로 뭘 먹을까요?")

    assert (reply["status"], reply["sources"]) == ("no_answer", [])
    assert reply["buttons"][-1]["payload"] == "/talk_to_person"


LOOK_UPS = [
    ("action_find_land", {}), ("action_find_land", {"region": "busan"}), ("action_find_incentives", {}),
    ("action_find_incentives", {"region": "naju"}), ("action_find_incentives", {"region": "yangjae"}),
    ("action_decline_decision", {"region": "jinju"}), ("action_hand_over", {"region": "daegu"}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "entities"), LOOK_UPS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_row_of_a_card_has_its_source_and_date(
    run: Run, action: str, entities: dict[str, Any], language: str
) -> None:
    rows = run(action, "", language=language, **entities)["card"]["rows"]

    assert rows
    assert [row["title"] for row in rows if not (row["source"] and row["as_of"])] == []


@pytest.mark.parametrize(("action", "entities"), LOOK_UPS)
def test_english_question_gets_no_korean_words(run: Run, action: str, entities: dict[str, Any]) -> None:
    reply = run(action, "", language="en", **entities)
    said = [reply["text"], reply["card"]["title"], *titles(reply), *(b["title"] for b in reply["buttons"])]
    said += [text for n in range(len(titles(reply))) for pair in values(reply, n).items() for text in pair]

    assert reply["language"] == "en"
    assert [text for text in said if re.search("[가-힣]", text)] == []


PENSION = "How big will my national pension be at 65?"
SHUT = "준공했는데 경기가 안 좋아 몇 달 문 닫아 두려고요. 며칠, 몇 달까지 괜찮은지"


@pytest.mark.parametrize(
    ("text", "confidence", "status"), [(PENSION, 0.84, "out_of_scope"), (SHUT, 0.24, "answered")]
)
def test_another_subject_is_pointed_elsewhere_only_where_it_is_fairly_sure(
    run: Run, text: str, confidence: float, status: str
) -> None:
    reply = run("action_stay_in_scope", text, intent="out_of_scope", confidence=confidence)

    assert reply["status"] == status


def test_rule_leads_where_a_promise_was_hardly_asked_for(run: Run) -> None:
    text = "If our approval is withdrawn may we at least finish the production run we already started?"
    sure, doubtful = (
        run("action_decline_decision", text, intent="ask_decision", confidence=confidence, language="en")
        for confidence in (0.9, 0.45)
    )

    assert (sure["status"], doubtful["status"]) == ("handoff", "answered")
    assert "six months" in doubtful["text"].split("\n\n")[0]
    assert "cannot judge" in doubtful["text"]


def test_look_ups_remember_task_and_question(run: Run) -> None:
    asked = "김천에 땅이 있나요?"

    assert run("action_find_land", asked, region="gimcheon")["set"] == {
        "last_task": "land",
        "last_question": asked,
    }
    assert run("action_hand_over", "사람이요")["set"] == {}


def test_understanding_prefers_what_is_said_to_what_is_remembered(library: Library) -> None:
    state = tracker("진주는요?", {"region": "jinju"}, {"region": ["naju"], "area": 5000.0, "programme": "x"})
    asked = understand(Tracker.from_dict(state), library.release.gazetteer)

    assert (asked.regions, asked.said_regions) == (("jinju",), True)
    assert (asked.area_m2, asked.programme) == (5000.0, "")


def test_action_that_does_not_exist_is_refused(run: Run) -> None:
    with pytest.raises(ActionNotFoundException):
        run("action_delete_everything", "")


def test_a_question_about_places_at_large_leaves_the_place_talked_about(run: Run) -> None:
    reply = run("action_find_land", "어느 지역에 용지가 남았나요?", {"region": ["naju"]})

    assert len(titles(reply)) >= 5


def test_land_of_one_place_leads_to_all_places(run: Run) -> None:
    reply = run("action_find_land", "나주에 땅이 있나요?", region="naju")

    assert "어느 지역에 클러스터 용지가 남았나요?" in [button["payload"] for button in reply["buttons"]]
