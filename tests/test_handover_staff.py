"""While a person speaks: silence of the assistant, steps of the staff, and a clean return."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.handover_records import HandoverError
from tests.desks import FORM, NOON, Service, ask, leave, serving, taken
from tests.visitor import Visitor, stored_bytes


@pytest.fixture(scope="module")
def staffed(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("staffed"), shipped_home, True) as service:
        yield service


@pytest.fixture
def desk(staffed: Service) -> Service:
    staffed.now = NOON
    return staffed


def test_assistant_is_silent_while_a_person_speaks(desk: Service) -> None:
    visitor, _ = taken(desk)
    body = visitor.say("입주승인은 누가 하나요?").json()

    assert [m["sender"] for m in body["messages"]] == ["user"]
    assert (body["outcome"]["status"], body["outcome"]["reason"]) == ("handoff", "with_person")
    assert [m["sender"] for m in visitor.transcript()[-2:]] == ["notice", "user"]


def test_repeated_message_stays_one_while_a_person_speaks(desk: Service) -> None:
    visitor, _ = taken(desk)
    first = visitor.say("계신가요?", "once").json()
    desk.run(desk.reception.staff_says, visitor.id, "네, 말씀하세요.", "mina")

    assert visitor.say("계신가요?", "once").json() == first
    assert [m["text"] for m in visitor.transcript()[-2:]] == ["계신가요?", "네, 말씀하세요."]


def test_repeated_message_of_before_stays_the_same_after_a_person_spoke(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    first = visitor.say("입주승인은 누가 하나요?", "once").json()
    desk.run(desk.reception.staff_takes, ask(visitor).json()["ticket"], "mina")
    desk.run(desk.reception.staff_says, visitor.id, "안녕하세요.", "mina")

    assert visitor.say("입주승인은 누가 하나요?", "once").json() == first


def test_staff_message_is_stored_as_said_and_numbered(desk: Service) -> None:
    visitor, _ = taken(desk)
    said = desk.run(
        desk.reception.staff_says, visitor.id, " 담당과는 02-123-4567입니다.\u202e\n고맙습니다. ", "mina"
    )

    assert (said["sender"], said["text"]) == ("staff", "담당과는 02-123-4567입니다.\n고맙습니다.")
    assert visitor.transcript()[-1] == said


def test_assistant_resumes_when_given_back_and_both_are_told(desk: Service) -> None:
    visitor, ticket = taken(desk)
    visitor.say("상담원에게 묻는 말")
    given = desk.run(desk.reception.staff_gives_back, ticket)
    notice = visitor.transcript()[-1]

    assert (given.state, given.taken_by) == ("closed", "mina")
    assert (notice["sender"], ticket in notice["text"], "AI가 다시" in notice["text"]) == (
        "notice",
        True,
        True,
    )
    assert visitor.hear("입주승인은 누가 하나요?")["sources"]


def test_conversation_can_be_handed_over_again(desk: Service) -> None:
    visitor, ticket = taken(desk)
    desk.run(desk.reception.staff_gives_back, ticket)
    again = ask(visitor).json()["ticket"]

    assert again != ticket
    assert [state for _, _, state in desk.handovers(visitor)] == ["closed", "open"]


def test_called_back_ends_the_request_and_removes_the_number(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    ticket = ask(visitor, callback=FORM | {"phone": "010-1122-3344"}).json()["ticket"]
    before = stored_bytes(desk.folder).count(b"010-1122-3344")
    ended = desk.run(desk.reception.staff_closes, ticket, True)

    assert before >= 1
    assert (ended.state, ended.callback) == ("called_back", None)
    assert b"010-1122-3344" not in stored_bytes(desk.folder)


def test_steps_that_the_state_does_not_allow_are_refused(desk: Service) -> None:
    visitor, ticket = taken(desk)
    says, takes = desk.reception.staff_says, desk.reception.staff_takes
    refused = [
        (takes, (ticket, "jun"), "is taken"),
        (takes, ("R-00000", "jun"), "no hand-over R-00000"),
        (says, (visitor.id, "저도 한마디", "jun"), "not with you"),
        (says, (visitor.id, " \u200b\n", "mina"), "1 to 2000"),
        (says, (visitor.id, "가" * 2001, "mina"), "not 2001"),
    ]
    before = visitor.transcript()
    for step, values, words in refused:
        with pytest.raises(HandoverError, match=words):
            desk.run(step, *values)

    assert visitor.transcript() == before


def test_ended_hand_over_cannot_be_ended_or_spoken_in(desk: Service) -> None:
    visitor, ticket = taken(desk)
    desk.run(desk.reception.staff_closes, ticket)

    with pytest.raises(HandoverError, match="is closed"):
        desk.run(desk.reception.staff_gives_back, ticket)
    with pytest.raises(HandoverError, match="not with you"):
        desk.run(desk.reception.staff_says, visitor.id, "아직 계신가요?", "mina")


def test_visitor_goes_back_to_the_assistant(desk: Service) -> None:
    visitor, ticket = taken(desk)
    ask(visitor, callback=FORM | {"phone": "010-5566-7788"})
    codes = [leave(visitor), leave(visitor)]

    assert codes == [204, 204]
    assert desk.handovers(visitor) == [(ticket, "asked", "closed")]
    assert b"010-5566-7788" not in stored_bytes(desk.folder)
    assert visitor.hear("입주승인은 누가 하나요?")["sources"]


def test_visitor_sees_the_state_without_the_name_of_the_staff(desk: Service) -> None:
    visitor, ticket = taken(desk)
    body = desk.http.get(f"{visitor.path}/messages", headers=visitor.headers).json()

    assert body["handover"] == {"ticket": ticket, "state": "taken", "callback": False}
    assert "mina" not in json.dumps(body)


def test_window_is_told_of_each_state_and_of_what_the_staff_says(desk: Service) -> None:
    visitor, ticket = taken(desk)

    async def follow() -> list[tuple[str, str]]:
        heard: list[tuple[str, str]] = []
        async with asyncio.timeout(10):
            async for kind, data in desk.chat.follow(visitor.id, len(visitor.opening)):
                heard.append((kind, data.get("state") or data["sender"]))
                if heard[-1] == ("handover", "taken"):
                    await desk.reception.staff_says(visitor.id, "반갑습니다.", "mina")
                if heard[-1] == ("message", "staff"):
                    await desk.reception.staff_gives_back(ticket)
                if heard[-1] == ("handover", "closed"):
                    break
        return heard

    assert desk.run(follow)[-3:] == [("handover", "taken"), ("message", "staff"), ("handover", "closed")]


def test_queue_has_the_longest_waiting_first(shipped_home: Path, tmp_path: Path) -> None:
    with serving(tmp_path, shipped_home, True) as desk:
        tickets = []
        for minutes in (2, 0, 1):
            desk.now = NOON + timedelta(minutes=minutes)
            tickets.append(ask(Visitor.begin(desk.http)).json()["ticket"])
        desk.run(desk.reception.staff_closes, tickets[2])

        assert [h.ticket for h in desk.reception.kept.queue()] == [tickets[1], tickets[0]]
