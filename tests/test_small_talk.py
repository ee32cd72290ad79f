"""Small talk and misread messages while a question is open: the facts in them are taken, and the question is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.library import Library
from tests.walking import Walk, starter

SITE = "우리 회사에 맞는 곳을 찾아 주세요"


@pytest.fixture(scope="module")
def begin(library: Library) -> Callable[[], Walk]:
    return starter(library)


@pytest.fixture
def walk(begin: Callable[[], Walk]) -> Walk:
    """A site is looked for, and the area is asked for."""
    walk = begin()
    walk.say(SITE, "find_site")
    walk.say("본사를 옮깁니다")
    return walk


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("고마워요", "thank", "도움이 되었다니"),
        ("안녕하세요", "greet", "안녕하세요"),
        ("무엇을 할 수 있나요?", "ask_help", "출처와 기준일"),
        ("사람인가요?", "bot_challenge", "인공지능"),
        ("답답하네요", "complain", "죄송합니다"),
    ],
)
def test_small_talk_is_answered_and_leads_back_to_the_open_question(
    walk: Walk, text: str, intent: str, said: str
) -> None:
    asked = walk.open_question

    reply = walk.say(text, intent)

    assert said in reply["text"]
    assert walk.open_question == asked
    assert "면적" in reply["text"].rsplit("\n", 1)[-1]


def test_goodbye_leaves_the_question_open_behind_a_button(walk: Walk) -> None:
    asked = walk.open_question

    reply = walk.say("안녕히 계세요", "goodbye")

    assert (walk.open_question, walk.slots["guiding"]) == (asked, True)
    assert "면적" not in reply["text"]
    assert "면적" in walk.say(reply["buttons"][0]["payload"], "resume_assistant")["text"]


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "bot_challenge", "nlu_fallback"])
@pytest.mark.parametrize(
    ("text", "name", "value"),
    [("바이오", "industry", "bio"), ("공장은요?", "facility", "factory"), ("나주요", "regions", ["naju"])],
)
def test_fact_taken_for_small_talk_is_taken_all_the_same(
    walk: Walk, intent: str, text: str, name: str, value: object
) -> None:
    walk.say(text, intent)

    assert walk.facts[name] == value


def test_long_message_that_fits_no_intent_may_give_facts(walk: Walk) -> None:
    walk.say(
        "저희는 수원에 있는 중소기업이고 이차전지 소재를 만드는 회사로 공장을 옮기려고 합니다", "nlu_fallback"
    )

    assert {"size": "sme", "facility": "factory", "industry": "battery"}.items() <= walk.facts.items()


def test_question_is_never_taken_for_a_fact(walk: Walk) -> None:
    reply = walk.say("바이오 기업은 나주에 들어갈 수 있나요?", "nlu_fallback")

    assert "industry" not in walk.facts
    assert reply["reason"] != "asked_area_m2"


def test_change_taken_for_a_look_up_changes_the_fact(walk: Walk) -> None:
    walk.say("정보통신입니다")
    walk.say("1,000평이요")
    walk.say("면적을 5천 평으로 고쳐 주세요", "find_land")

    assert walk.facts["area_m2"] == pytest.approx(16528.9)


def test_yes_to_a_question_that_is_no_yes_or_no_puts_it_again(walk: Walk) -> None:
    reply = walk.say("네, 계속할게요", "affirm")

    assert walk.open_question == "area_m2"
    assert "이해하지 못" not in reply["text"]
