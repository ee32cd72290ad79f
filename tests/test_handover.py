"""Hand-over as its visitor meets it: what is said, tickets, call backs with consent, and what remains of them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.handover_records import HandoverError
from tests.conftest import Running
from tests.desks import FORM, NOON, PHONE, TICKET, Service, ask, serving
from tests.visitor import Visitor, stored_bytes

NIGHT = NOON + timedelta(hours=11)


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


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "약속드리지는 않습니다"), ("en", "a call is not promised")]
)
def test_nobody_at_the_desk_is_never_promised(empty: Service, language: str, words: str) -> None:
    visitor = Visitor.begin(empty.http, language)
    answer = visitor.hear("/talk_to_person")

    assert words in answer["text"]
    assert not TICKET.search(json.dumps(answer))
    assert (answer["card"]["type"], answer["card"]["callback"], answer["card"]["callback_days"]) == (
        "contact",
        True,
        30,
    )
    assert empty.handovers(visitor) == []


def test_open_desk_queues_the_conversation_and_tells_the_ticket(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    answer = visitor.hear("/talk_to_person")
    [(ticket, reason, state)] = desk.handovers(visitor)

    assert TICKET.fullmatch(ticket)
    assert ticket in answer["text"]
    assert (answer["card"]["ticket"], answer["outcome"]["status"]) == (ticket, "handoff")
    assert (reason, state) == ("asked", "open")


def test_desk_after_hours_tells_its_hours_and_opens_nothing(desk: Service) -> None:
    desk.now = NIGHT
    visitor = Visitor.begin(desk.http)
    answer = visitor.hear("/talk_to_person")

    assert "평일 09:00~18:00" in answer["text"]
    assert answer["card"]["callback"] is True
    assert desk.handovers(visitor) == []


def test_asking_twice_gives_the_same_ticket(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    cards = [visitor.hear("/talk_to_person")["card"] for _ in range(2)]

    assert cards[0]["ticket"] == cards[1]["ticket"]
    assert len(desk.handovers(visitor)) == 1


def test_assistant_goes_on_answering_until_somebody_takes_it(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    visitor.hear("/talk_to_person")

    assert visitor.hear("입주승인은 누가 하나요?")["sources"]


def test_nothing_is_promised_that_could_not_be_stored(shipped_home: Path, tmp_path: Path) -> None:
    with serving(tmp_path, shipped_home, True) as desk:
        visitor = Visitor.begin(desk.http)
        with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
            connection.execute(
                "CREATE TRIGGER full BEFORE INSERT ON handovers BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        codes = [visitor.say("/talk_to_person").status_code, ask(visitor).status_code]

        assert codes == [503, 503]
        assert visitor.transcript() == visitor.opening


def test_request_with_a_number_is_a_ticket_even_without_a_desk(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    response = ask(visitor, callback=FORM)
    body = response.json()

    assert (response.status_code, body["state"], body["callback"]) == (201, "open", True)
    assert body["ticket"] in body["message"]["text"]
    assert visitor.transcript()[-1] == body["message"]
    assert empty.rows("SELECT c.name, c.phone, c.time FROM callbacks c JOIN handovers h ON h.id = c.handover_id WHERE h.ticket = ?", body["ticket"]) == [
        ("김하나", PHONE, "평일 오후")
    ]  # fmt: skip


def test_number_is_kept_in_the_call_back_only(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    said = visitor.say(f"전화 주세요 {PHONE}").json()["messages"][0]["text"]
    ask(visitor, callback=FORM)

    assert said == "전화 주세요 [전화번호]"
    assert PHONE not in json.dumps(visitor.transcript(), ensure_ascii=False)


def test_request_without_a_number_and_without_a_desk_shows_the_ways_once(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    first, second = ask(visitor), ask(visitor)

    assert (first.status_code, first.json()["ticket"], first.json()["state"]) == (200, None, "offered")
    assert first.json()["message"]["card"]["callback"] is True
    assert second.json() == first.json()


def test_request_at_an_open_desk_is_queued_with_its_reason(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    response = ask(visitor, reason="complaint")

    assert response.status_code == 201
    assert desk.handovers(visitor) == [(response.json()["ticket"], "complaint", "open")]


def test_request_again_is_the_same_request(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    first, again = ask(visitor, callback=FORM), ask(visitor, callback=FORM)

    assert (again.status_code, again.json()) == (200, first.json())
    assert len(visitor.transcript()) == len(visitor.opening) + 1


def test_requests_at_once_are_one(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    with ThreadPoolExecutor(8) as threads:
        tickets = {body["ticket"] for body in threads.map(lambda _: ask(visitor).json(), range(24))}

    assert [(ticket,) for ticket in tickets] == [row[:1] for row in desk.handovers(visitor)]


def test_other_number_takes_the_place_of_the_first(empty: Service) -> None:
    visitor = Visitor.begin(empty.http)
    first = ask(visitor, callback=FORM).json()
    second = ask(visitor, callback=FORM | {"phone": "+82 2-555-0199"}).json()
    kept = empty.rows(
        "SELECT phone FROM callbacks JOIN handovers ON id = handover_id WHERE ticket = ?", first["ticket"]
    )

    assert second["ticket"] == first["ticket"]
    assert second["message"]["seq"] == first["message"]["seq"] + 1
    assert kept == [("+82 2-555-0199",)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"consent": False}, {"ko": "동의", "en": "consent"}),
        ({"name": " \u200b "}, {"ko": "이름", "en": "name"}),
        ({"phone": "나중에"}, {"ko": "전화번호", "en": "telephone"}),
        ({"phone": "12345"}, {"ko": "전화번호", "en": "telephone"}),
        ({"phone": "900101-1234567"}, {"ko": "전화번호", "en": "telephone"}),
        ({"phone": "000101-3234567"}, {"ko": "전화번호", "en": "telephone"}),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_form_that_cannot_be_used_is_refused_in_words(
    empty: Service, language: str, wrong: dict[str, Any], words: dict[str, str]
) -> None:
    visitor = Visitor.begin(empty.http, language)
    response = ask(visitor, callback=FORM | wrong)

    assert (response.status_code, response.json()["type"]) == (422, "urn:problem:malformed")
    assert words[language] in response.json()["detail"]
    assert visitor.transcript() == visitor.opening


def test_form_without_consent_reaches_no_disk(empty: Service) -> None:
    ask(Visitor.begin(empty.http), callback=FORM | {"phone": "010-9753-8642", "consent": False})
    ask(Visitor.begin(empty.http), callback={"name": "이둘", "phone": "010-9753-8642"})

    assert b"010-9753-8642" not in stored_bytes(empty.folder)


@pytest.mark.parametrize("phone", ["02-123-4567", "(031) 123 4567", "0505.1234.5678", "1588-1234", "+49 30 901820", "０１０-1234-5678"])  # fmt: skip
def test_usual_ways_to_write_a_number_are_accepted(empty: Service, phone: str) -> None:
    assert ask(Visitor.begin(empty.http), callback=FORM | {"phone": phone}).status_code == 201


def test_personal_numbers_in_other_fields_of_the_form_are_masked(empty: Service) -> None:
    form = FORM | {"name": "880808-1357913", "time": "me@example.org"}
    ticket = ask(Visitor.begin(empty.http), callback=form).json()["ticket"]
    kept = empty.rows(
        "SELECT name, time FROM callbacks JOIN handovers ON id = handover_id WHERE ticket = ?", ticket
    )

    assert kept == [("[주민등록번호]", "[이메일]")]


def test_deleting_the_conversation_deletes_all_of_it(desk: Service) -> None:
    visitor = Visitor.begin(desk.http)
    ticket = ask(visitor, callback=FORM | {"name": "곧지워질이", "phone": "010-7531-8642"}).json()["ticket"]
    assert ticket.encode() in stored_bytes(desk.folder)
    visitor.http.delete(visitor.path, headers=visitor.headers).raise_for_status()
    stored = stored_bytes(desk.folder)

    assert [s for s in (ticket, "곧지워질이", "010-7531-8642") if s.encode() in stored] == []
    with pytest.raises(HandoverError, match="no hand-over"):
        desk.run(desk.reception.staff_takes, ticket, "mina")


def test_number_past_its_time_is_deleted_and_the_request_stays(desk: Service) -> None:
    old, new = Visitor.begin(desk.http), Visitor.begin(desk.http)
    ask(old, callback=FORM | {"phone": "010-8080-9090"})
    desk.now = NOON + timedelta(days=2)
    ask(new, callback=FORM | {"phone": "010-7070-6060"})
    desk.reception.kept.cut_callbacks(NOON + timedelta(days=1))
    stored = stored_bytes(desk.folder)

    assert (b"010-8080-9090" in stored, b"010-7070-6060" in stored) == (False, True)
    assert [state for _, _, state in desk.handovers(old)] == ["open"]


def test_numbers_past_their_time_are_deleted_at_start(shipped_home: Path, tmp_path: Path) -> None:
    with serving(tmp_path, shipped_home, False) as service:
        service.now = datetime.now(UTC) - timedelta(days=31)
        ask(Visitor.begin(service.http), callback=FORM)
    (tmp_path / "knowledge").unlink()
    with serving(tmp_path, shipped_home, False) as service:
        for _ in range(100):
            if not service.rows("SELECT * FROM callbacks"):
                break
            service.run(asyncio.sleep, 0.05)

        assert service.rows("SELECT * FROM callbacks") == []
        assert len(service.reception.kept.queue()) == 1


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("저희 회사가 확실히 보조금 대상인지 판정해 주세요", "decision"),
        ("답변이 전혀 도움이 안 돼요", "complaint"),
    ],
)
def test_slots_and_reason_are_handed_on_from_the_engine(running: Running, text: str, reason: str) -> None:
    with httpx.Client(base_url=running.url, timeout=15, trust_env=False) as client:
        visitor = Visitor.begin(client)
        visitor.hear("나주에 클러스터 용지가 남았나요?")
        answer = visitor.hear(text)
        ticket = ask(visitor, callback=FORM).json()["ticket"]
    with closing(sqlite3.connect(running.data / "service.db")) as connection:
        [kept] = connection.execute(
            "SELECT reason, slots FROM handovers WHERE ticket = ?", (ticket,)
        ).fetchall()

    assert "‘사람과 상담’을 눌러" in answer["text"]
    assert (kept[0], json.loads(kept[1])["region"]) == (reason, ["naju"])
