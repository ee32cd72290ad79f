"""Two thousand conversations at random through the actions, by the engine's rules: nothing breaks, repeats or traps a visitor."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from actions import executor_for
from actions.guide import MOST_BUTTONS, MOST_TRIES, Guided, question
from actions.reply import menu
from knowledge.answer import Status
from knowledge.library import Library
from tests.walking import TODAY, Walk, remember, rules

CONVERSATIONS, TURNS = 2_000, (3, 10)
STATUSES = {status.value for status in Status}
# What a visitor may say, with the intents that it may be taken for.
SAID: list[tuple[str, tuple[str, ...]]] = [
    *((text, ("find_site",)) for text in ("우리 회사에 맞는 곳을 찾아 주세요", "Find a site for our factory", "바이오 회사인데 어디가 좋을까요")),
    *((text, ("check_eligibility",)) for text in (
        "받을 수 있는 지원을 확인해 주세요", "What is our SME eligible for?",
        "서울에 있는 중소기업인데 본사를 나주로 옮기면 감면되나요? 직원 30명, 투자 20억, 2027년 시작",
    )),
    *((text, ("compare_places",)) for text in ("나주랑 진주 비교해줘", "Compare Gimcheon and Wonju", "비교해 주세요")),
    *((text, ("find_land", "inform")) for text in ("나주에 땅 남았나요?", "Land in Busan?", "3000평 땅이 있는 곳은?")),
    *((text, ("find_incentives", "inform")) for text in ("진주 지원은 뭐가 있나요?", "What incentives are there?")),
    *((text, ("ask_policy", "nlu_fallback")) for text in ("입주승인은 누가 하나요?", "입주승인이 뭐예요?")),
    *((text, ("ask_source", "ask_decision", "out_of_scope", "out_of_scope_agency", "complain")) for text in ("출처가 뭐예요?", "저희 감면 되죠?", "오늘 날씨 어때")),
    *((text, ("inform", "correct", "affirm")) for text in (
        "본사요", "공장", "a research institute", "중소기업입니다", "large company", "바이오", "ICT", "서울입니다", "인천에 있어요",
        "from Suwon", "과밀억제권역", "나주로 갈래요", "Jinju", "나주 말고 진주요", "본사 말고 공장이요", "not a factory, an office",
        "공장은 아닙니다", "3,000평", "3000", "평", "20", "억 원", "10억", "예산 5억, 투자 20억", "직원 30명, 신규 채용 10명",
        "30", "5년", "2027년 6월", "네", "아니요", "전부 옮깁니다", "혁신도시요", "1,000 m2", "5 billion won", "없어요",
    )),
    *((text, ("nlu_fallback", "inform", "correct", "manipulate")) for text in (
        "ㅁㄴㅇㄹ", "asdf qwer", "글쎄요 잘", "🙂", "0", "999999999999",
    )),
    *((text, ("nlu_fallback", "find_land", "ask_policy")) for text in ("본사요", "a factory", "서울입니다", "바이오")),
    *((text, (intent,)) for text, intent in (
        ("모르겠어요", "dont_know"), ("왜 물어보세요?", "ask_why"), ("무슨 말이에요?", "explain"), ("다시 말해 주세요", "repeat"),
        ("이전으로", "go_back"), ("go back", "go_back"), ("처음부터", "start_over"), ("그만", "cancel"), ("잠깐만요", "wait"),
        ("챗봇이랑 다시 얘기할게요", "resume_assistant"), ("사람과 통화할래요", "talk_to_person"), ("네", "affirm"), ("아니요", "deny"),
        ("안녕하세요", "greet"), ("고마워요", "thank"), ("뭘 할 수 있어요?", "ask_help"), ("영어로 해 주세요", "switch_language"),
    )),
]  # fmt: skip
# Most visitors of these walks begin with guided steps.
GUIDED = [pair for pair in SAID if {"find_site", "check_eligibility"} & {*pair[1]}] * 8 + SAID
# Texts of buttons that the engine takes for these intents; other buttons are details.
OF_BUTTONS = {
    "네": "affirm", "Yes": "affirm", "아니요": "deny", "No": "deny", "모르겠어요": "dont_know", "I don't know": "dont_know",
    "/talk_to_person": "talk_to_person",
} | {
    button["payload"]: intent
    for language in ("ko", "en")
    for button, intent in zip(
        menu(["site", "eligibility", "land", "incentives", "approval"], language),
        ("find_site", "check_eligibility", "find_land", "find_incentives", "ask_policy"),
        strict=True,
    )
}  # fmt: skip
# With these a visitor asks for the open question anew.
WANTED = {"go_back", "start_over", "resume_assistant", "repeat"}


@pytest.fixture(scope="module")
def walks(library: Library) -> Iterator[list[list[dict[str, Any]]]]:
    """The turns of every conversation: what was said, the reply, and the state after it."""
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as loop:
        remember(patch)
        executor = executor_for(library, lambda: TODAY)
        yield [_walked(Walk(library, executor, loop), random.Random(seed)) for seed in range(CONVERSATIONS)]


def _walked(walk: Walk, chance: random.Random) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for _ in range(chance.randint(*TURNS)):
        text, intent = _next(turns[-1]["reply"] if turns else {}, chance)
        turns.append(_turn(walk, text, intent))
    return [*turns, _turn(walk, "그만할게요", "cancel")]


def _next(reply: dict[str, Any], chance: random.Random) -> tuple[str, str]:
    buttons = [button for button in reply.get("buttons", ()) if isinstance(button, dict)]
    if (
        reply.get("status") == "no_answer" or reply.get("reason") == "vague"
    ):  # headings of the documents: each a new search
        buttons = [button for button in buttons if button["payload"] in OF_BUTTONS]
    if buttons and chance.random() < 0.45:
        payload = chance.choice(buttons)["payload"]
        return payload, OF_BUTTONS.get(payload, "inform")
    text, intents = chance.choice(SAID if reply else GUIDED)
    return text, chance.choice(intents)


def _turn(walk: Walk, text: str, intent: str) -> dict[str, Any]:
    reply = walk.say(text, intent)
    state = Guided.from_slot(walk.slots.get("guide"))
    said = reply.get("text") or reply["said"]
    put = (
        bool(state.asked)
        and question(state.asked, state, walk.library.release, reply.get("language", "ko")) in said
    )
    guiding = walk.slots["guiding"]
    return {"text": text, "intent": intent, "reply": reply, "state": state, "put": put, "guiding": guiding}


def test_rules_cover_every_intent_that_is_walked() -> None:
    intents = {intent for _, intents in SAID for intent in intents} | {*OF_BUTTONS.values()}

    assert {(intent, guiding) for intent in intents for guiding in (True, False)} <= {*rules()}


def test_yes_is_an_answer_only_while_a_question_is_open() -> None:
    assert (rules()["affirm", True], rules()["affirm", False]) == ("action_take_answer", "utter_affirm")


def test_walks_are_many_and_reach_every_part(walks: list[list[dict[str, Any]]]) -> None:
    reached = {turn["reply"].get("reason") for turns in walks for turn in turns}

    assert len(walks) == CONVERSATIONS
    assert {
        "sites",
        "eligibility",
        "unit",
        "cancelled",
        "no_back",
        "wait",
        "resumed",
        "nothing_asked",
    } <= reached


def test_every_reply_has_text_language_and_status(walks: list[list[dict[str, Any]]]) -> None:
    replies = [turn["reply"] for turns in walks for turn in turns]

    assert {reply["status"] for reply in replies} <= STATUSES
    assert all((reply.get("text") or reply.get("said") or "").strip() for reply in replies)
    assert {reply["language"] for reply in replies if "text" in reply} == {"ko", "en"}


def test_buttons_have_title_and_payload_and_are_few(walks: list[list[dict[str, Any]]]) -> None:
    offered = [turn["reply"].get("buttons") or [] for turns in walks for turn in turns]

    assert max(map(len, offered)) == MOST_BUTTONS
    assert all(
        button["title"] and button["payload"]
        for buttons in offered
        for button in buttons
        if isinstance(button, dict)
    )


def test_buttons_of_one_reply_are_told_apart(walks: list[list[dict[str, Any]]]) -> None:
    titles = [
        [button["title"] for button in turn["reply"].get("buttons") or [] if isinstance(button, dict)]
        for turns in walks
        for turn in turns
    ]

    assert [shown for shown in titles if len(shown) != len(set(shown))] == []


def test_no_question_is_put_a_third_time_running_unless_wanted(walks: list[list[dict[str, Any]]]) -> None:
    most = 0
    for turns in walks:
        name, run = "", 0
        for turn in turns:
            if not turn["state"].asked:
                name, run = "", 0
            elif turn["put"]:
                wanted = turn["intent"] in WANTED or "이어서" in turn["text"] or "go on" in turn["text"]
                run = run + 1 if turn["state"].asked == name and not wanted else 1
                name = turn["state"].asked
                most = max(most, run)
                assert run <= MOST_TRIES, [(t["text"], t["intent"], t["state"].asked) for t in turns]

    assert most == MOST_TRIES


def test_question_given_up_comes_with_a_person(walks: list[list[dict[str, Any]]]) -> None:
    given_up = [
        turn["reply"]
        for turns in walks
        for turn in turns
        if turn["intent"] != "repeat"
        and (
            "건너뛰겠습니다. 나중에" in turn["reply"].get("text", "")
            or "I leave this out" in turn["reply"].get("text", "")
        )
    ]

    assert len(given_up) > 50
    assert all("/talk_to_person" in {b["payload"] for b in reply["buttons"]} for reply in given_up)


def test_open_question_and_its_flag_agree(walks: list[list[dict[str, Any]]]) -> None:
    assert all(turn["guiding"] is bool(turn["state"].asked) for turns in walks for turn in turns)


def test_facts_known_are_not_asked_for(walks: list[list[dict[str, Any]]]) -> None:
    assert [
        turn["state"] for turns in walks for turn in turns if turn["state"].asked in turn["state"].facts
    ] == []


def test_trail_holds_the_facts_known_and_nothing_else(walks: list[list[dict[str, Any]]]) -> None:
    for turns in walks:
        for state in (turn["state"] for turn in turns):
            known = {"origin" if name == "origin_place" else name for name in state.facts}
            assert sorted(state.trail) == sorted(known)


def test_every_walk_can_be_cancelled_at_its_end(walks: list[list[dict[str, Any]]]) -> None:
    last = [turns[-1] for turns in walks]

    assert {turn["reply"]["reason"] for turn in last} == {"cancelled"}
    assert {turn["state"] for turn in last if turn["state"] != Guided()} == set()


def test_state_is_plain_json(walks: list[list[dict[str, Any]]]) -> None:
    states = [turn["state"] for turns in walks for turn in turns]

    assert all(Guided.from_slot(json.loads(json.dumps(state.kept()))) == state for state in states)
