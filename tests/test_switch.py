"""The assistant switched off: a notice in the place of answers, at once, and the way to a person stays."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from assistant.admin.switch import Switch
from assistant.chat import SWITCHED_OFF, Chat
from assistant.desk import load_desk
from assistant.handover import Reception
from assistant.records import Records
from assistant.rooms import Rooms
from assistant.staff_tables import Database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
QUESTION = "입주승인은 누가 하나요?"


@pytest.fixture
def switch(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    yield Switch(database)
    database.close()


@pytest.fixture
def chat(tmp_path, library, switch):
    records = Records(f"sqlite:///{tmp_path / 'service.db'}")
    yield Chat(records, library, None, Reception(records, Rooms(), library, load_desk(False)), switch.notice)
    records.close()


def begun(chat, language="ko"):
    return asyncio.run(chat.begin(language, ""))


def said(chat, conversation, text, number=1):
    messages, outcome = asyncio.run(chat.take(conversation, text, f"m{number}"))
    return messages[-1], outcome


def off(switch, **notices):
    switch.set(False, notices, "Kim", NOW)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [("ko", QUESTION, "점검 중입니다."), ("en", "Who approves entry?", "Under maintenance.")],
)
def test_notice_stands_in_the_place_of_an_answer(chat, switch, language, text, words):
    conversation, _, _ = begun(chat, language)
    off(switch, ko="점검 중입니다.", en="Under maintenance.")
    message, outcome = said(chat, conversation, text)

    assert (message["text"], message["sources"]) == (words, [])
    assert (outcome.status, outcome.reason) == ("handoff", SWITCHED_OFF)
    assert [button["payload"] for button in message["buttons"]] == ["/talk_to_person"]


def test_switched_on_again_it_answers_in_the_same_conversation(chat, switch):
    conversation, _, _ = begun(chat)
    off(switch)
    said(chat, conversation, QUESTION)
    switch.set(True, {}, "Kim", NOW)
    message, outcome = said(chat, conversation, QUESTION, 2)

    assert outcome.reason != SWITCHED_OFF
    assert message["sources"] != []


def test_way_to_a_person_stays_open_while_it_is_off(chat, switch):
    conversation, _, _ = begun(chat)
    off(switch)
    message, outcome = said(chat, conversation, "/talk_to_person")

    assert outcome.reason != SWITCHED_OFF
    assert message["card"]["type"] == "contact"


@pytest.mark.parametrize(("language", "count"), [("ko", 1), ("en", 1), ("auto", 2)])
def test_conversation_that_begins_while_it_is_off_says_so_at_once(chat, switch, language, count):
    before = len(begun(chat, language)[2])
    off(switch)
    messages = begun(chat, language)[2]

    assert len(messages) - before == count
    assert {message["sender"] for message in messages} == {"notice"}
    assert messages[-1]["buttons"][-1]["payload"] == "/talk_to_person"


def test_empty_notice_stands_for_the_usual_one(switch):
    off(switch, ko="", en="")

    assert "사람과 상담" in switch.notice("ko")
    assert "Talk to a person" in switch.notice("en")
