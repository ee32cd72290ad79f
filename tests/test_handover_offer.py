"""When a person is offered unasked, the reason that is recorded, and what is handed on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assistant.handover import slots_of
from assistant.handover_records import HandoverRecords
from assistant.records import NewMessage, Outcome, Records, Turn
from tests.desks import FORM, NOON, TICKET, Service, ask, serving
from tests.visitor import Visitor

UNKNOWN = ["블랙홀의 사건 지평선은 어떤 색으로 보이나요?", "피아노 소나타 월광은 몇 악장까지 있나요?"]


@pytest.fixture(scope="module")
def staffed(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("staffed"), shipped_home, True) as service:
        yield service


@pytest.fixture(scope="module")
def empty(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("empty"), shipped_home, False) as service:
        yield service


@pytest.fixture
def desk(staffed: Service) -> Service:
    staffed.now = NOON
    return staffed


def attended(service: Service, turns: list[Turn]) -> list[Turn]:
    """The turns of one conversation as they would be shown."""
    chat = service.chat
    conversation, _ = chat.records.start_conversation("tests", "ko")
    shown = []
    for turn in turns:
        dressed, also = service.run(service.reception.attend, conversation, turn)
        outcome = Outcome(turn.status, turn.reason, turn.intent, 1.0, 1)
        chat.records.add_turn(
            conversation.id, [NewMessage("user", "말", "ko"), dressed.message()], outcome, also
        )
        shown.append(dressed)
    return shown


def is_offered(turn: Turn) -> bool:
    assert ("‘사람과 상담’을 눌러" in turn.text) == any(
        b["payload"] == "/talk_to_person" for b in turn.buttons
    )
    return "‘사람과 상담’을 눌러" in turn.text


LOST = Turn("모름", "ko", "no_answer", "nothing_found", "ask_policy")
UNCLEAR = Turn("네?", "ko", "clarify", "vague", "inform")
BROKEN = Turn("고장", "ko", "failed", "exception")
FINE = Turn("답", "ko", "answered", "", "ask_policy")
STEP = Turn("어느 지역인가요?", "ko", "clarify", "asked_region", "find_site")


@pytest.mark.parametrize(
    ("turns", "offered"),
    [
        ([LOST, LOST], [False, True]),
        ([UNCLEAR, BROKEN, LOST], [False, True, True]),
        ([LOST, FINE, LOST], [False, False, False]),
        ([STEP, STEP, STEP], [False, False, False]),
        ([LOST, STEP, UNCLEAR], [False, False, False]),
        ([replace(UNCLEAR, reason="", intent="complain")], [True]),
        ([Turn("판단 불가", "ko", "handoff", "decision", "ask_decision")], [True]),
    ],
)
def test_person_is_offered_after_two_turns_that_did_not_help(
    empty: Service, turns: list[Turn], offered: list[bool]
) -> None:
    assert [is_offered(turn) for turn in attended(empty, turns)] == offered


def test_offer_says_what_the_button_does_now(desk: Service, empty: Service) -> None:
    complaint = replace(UNCLEAR, intent="complain")
    texts = [attended(service, [complaint])[0].text for service in (desk, empty)]

    assert "접수합니다" in texts[0]
    assert "연락처와 전화 상담 신청" in texts[1]
    assert "접수" not in texts[1]


def test_nobody_is_offered_what_is_under_way(desk: Service) -> None:
    person = Turn("", "ko", "handoff", "asked", "talk_to_person")
    shown = attended(desk, [person, LOST, LOST])

    assert [is_offered(turn) for turn in shown[1:]] == [False, False]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ([], "asked"), ([FINE], "asked"), ([LOST], "not_in_sources"), ([UNCLEAR], "not_understood"),
        ([BROKEN], "not_understood"), ([replace(LOST, intent="nlu_fallback")], "not_understood"),
        ([replace(UNCLEAR, intent="complain")], "complaint"), ([LOST, FINE], "asked"),
        ([Turn("", "ko", "handoff", "decision", "ask_decision")], "decision"),
    ],
)  # fmt: skip
def test_reason_is_that_of_the_turn_before(desk: Service, before: list[Turn], reason: str) -> None:
    person = Turn("", "ko", "handoff", "asked", "talk_to_person")
    ticket = (attended(desk, [*before, person])[-1].card or {})["ticket"]

    assert desk.reception.kept.by_ticket(ticket).reason == reason


def test_reply_given_again_is_no_new_request(desk: Service) -> None:
    [turn] = attended(desk, [Turn("연락처", "ko", "handoff", "asked", "repeat")])

    assert turn.text == "연락처"
    assert turn.card is None


def test_offer_comes_through_the_service(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    answers = [visitor.hear(text) for text in UNKNOWN]

    assert [a["outcome"]["status"] for a in answers] == ["no_answer", "no_answer"]
    assert ["전화 상담 신청" in a["text"] for a in answers] == [False, True]
    assert ask(visitor, callback=FORM).status_code == 201
    assert empty.handovers(visitor)[0][1] == "not_in_sources"


def test_slots_are_the_last_values_of_the_tracker(tmp_path: Path) -> None:
    database = tmp_path / "engine.db"
    told = [
        ("s", "slot", {"name": "region", "value": ["jinju"]}), ("s", "slot", {"name": "area", "value": 100.0}),
        ("s", "slot", {"name": "region", "value": ["naju"]}), ("s", "slot", {"name": "area", "value": None}),
        ("s", "slot", {"name": "requested_slot", "value": "area"}), ("s", "user", {"text": "안녕"}),
        ("t", "slot", {"name": "region", "value": ["jeju"]}),
    ]  # fmt: skip
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, data TEXT)"
        )
        rows = [(sender, kind, json.dumps(data)) for sender, kind, data in told]
        connection.executemany("INSERT INTO events (sender_id, type_name, data) VALUES (?, ?, ?)", rows)

    assert slots_of(database, "s") == {"region": ["naju"]}


def test_slots_that_cannot_be_read_do_not_stop_a_hand_over(tmp_path: Path) -> None:
    (tmp_path / "engine.db").write_bytes(b"not a database" * 100)

    assert [slots_of(tmp_path / name, "s") for name in ("engine.db", "missing.db")] == [{}, {}]


def test_tickets_are_all_different_and_easy_to_read_out(tmp_path: Path) -> None:
    records = Records(f"sqlite:///{tmp_path / 'service.db'}")
    tickets = [HandoverRecords(records).new_ticket() for _ in range(500)]
    records.close()

    assert all(TICKET.fullmatch(ticket) for ticket in tickets)
    assert len(set(tickets)) >= 499


def test_conversation_has_one_hand_over_at_a_time_in_the_database(tmp_path: Path) -> None:
    records = Records(f"sqlite:///{tmp_path / 'service.db'}")
    kept = HandoverRecords(records)
    conversation, _ = records.start_conversation("tests", "ko")
    for ticket in ("R-22222", "R-33333"):
        also = kept.opening(conversation.id, ticket, "asked", "ko", {}, NOON)
        if ticket == "R-22222":
            records.add_turn(conversation.id, [NewMessage("notice", "접수", "ko")], also=also)
        else:
            with pytest.raises(IntegrityError):
                records.add_turn(conversation.id, [NewMessage("notice", "접수", "ko")], also=also)
    messages = records.messages(conversation.id)
    records.close()

    assert len(messages) == 1
