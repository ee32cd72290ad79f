"""A question that opens a conversation and is taken for a guided step is answered from the documents before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.library import Library
from tests.walking import Walk, starter


@pytest.fixture(scope="module")
def begin(library: Library) -> Callable[[], Walk]:
    return starter(library)


def test_question_of_rules_is_answered_before_eligibility_is_asked_for(begin: Callable[[], Walk]) -> None:
    walk = begin()

    reply = walk.say(
        "감면 되는지 안 되는지 최종 판정은 국세는 누가, 지방세는 누가 하나요", "check_eligibility"
    )

    assert "세무서" in reply["text"].split("\n\n")[0]
    assert reply["sources"]
    assert reply["status"] == "answered"
    assert (walk.open_question, reply["reason"]) == ("facility", "asked_facility")


def test_rule_comes_before_a_result_that_the_company_did_not_ask_for(begin: Callable[[], Walk]) -> None:
    text = "서울 강남 본사에서 열여섯 명만 진주로 옮길 건데, 옮긴 본사에 직원이 최소 몇 명 있어야 세금이 감면되나요?"
    reply = begin().say(text, "check_eligibility")

    assert "20명" in reply["text"].split("\n\n")[0]
    assert reply["sources"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("울산 특구는 뭐 키운대요?", "inform"),
        ("How large is the linked area next to Gwangju's convergence zone?", "compare_places"),
        ("서울시는 왜 하필 양재를 골랐답니까", "ask_why"),
    ],
)
def test_question_taken_for_a_detail_or_a_comparison_is_quoted(
    begin: Callable[[], Walk], text: str, intent: str
) -> None:
    reply = begin().say(text, intent)

    assert reply["status"] in ("answered", "partial")
    assert reply["sources"]


def test_question_that_the_documents_do_not_answer_shows_no_card_instead(begin: Callable[[], Walk]) -> None:
    reply = begin().say("원주 혁신도시에 중소기업 공동 직장어린이집이 있나요?", "inform")

    assert (reply["status"], reply["card"]) == ("no_answer", None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("우리 회사 지원 자격을 확인해 주세요", "check_eligibility"),
        ("도시를 비교해 주세요", "compare_places"),
    ],
)
def test_request_without_a_question_goes_straight_to_the_steps(
    begin: Callable[[], Walk], text: str, intent: str
) -> None:
    assert begin().say(text, intent)["sources"] == []


def test_question_in_the_middle_of_a_task_is_not_quoted(begin: Callable[[], Walk]) -> None:
    walk = begin()
    walk.say("우리 회사에 맞는 곳을 찾아 주세요", "find_site")

    assert walk.say("본사를 나주로 옮기면 감면 대상인가요?", "check_eligibility")["sources"] == []


@pytest.mark.parametrize("text", ["입주승인이 무슨 뜻이에요?", "what does clawback mean?"])
def test_term_is_explained_also_while_a_question_is_open(begin: Callable[[], Walk], text: str) -> None:
    walk = begin()
    walk.say("우리 회사에 맞는 곳을 찾아 주세요", "find_site")
    asked = walk.open_question

    reply = walk.say(text, "explain")

    assert reply["reason"] == "term"
    assert walk.open_question == asked
