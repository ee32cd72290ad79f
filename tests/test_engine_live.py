"""The whole service with its Rasa engine, over HTTP: conversations, the engine's isolation, its death and return."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.app import ACTIONS_PATH
from assistant.engine import Engine, EngineUnavailable
from assistant.settings import Settings
from tests.conftest import Running, wait_ready
from tests.inside import engine_of, events_of, listening, rows, sender_of
from tests.visitor import Visitor, stored_bytes

pytestmark = pytest.mark.engine
LOOPBACK = "0100007F"
WITHOUT_ENGINE = "자료 검색 결과로만 답합니다"
ODD_TEXTS = [
    "[]", "?", "...", "ㅋ", "😀", "0", "None", "{}", "\ufffd", "a" * 1000, "'; DROP TABLE events; --", "﷽",
]  # fmt: skip
# What is said, and the intent, status and card that answer it.
TALKS = {
    "ko": [
        ("안녕하세요", "greet", "answered", None),
        ("김천에 클러스터 용지가 남았나요?", "find_land", "answered", "land"),
        ("진주는요?", "inform", "answered", "land"),
        ("본사를 진주로 옮기면 어떤 지원이 있나요?", "find_incentives", "answered", "incentives"),
        ("혁신도시 클러스터 분양률은 얼마인가요?", "ask_policy", "answered", None),
        ("출처가 어디예요?", "ask_source", "answered", None),
        ("오늘 날씨 어때?", "out_of_scope", "out_of_scope", None),
        ("/talk_to_person", "talk_to_person", "handoff", "contact"),
        ("고마워요", "thank", "answered", None),
    ],
    "en": [
        ("Hello", "greet", "answered", None),
        ("Is there cluster land in Gimcheon?", "find_land", "answered", "land"),
        ("What about Jinju?", "inform", "answered", "land"),
        ("What incentives has Jinju for a head office?", "find_incentives", "answered", "incentives"),
        ("Who approves entry to a cluster?", "ask_policy", "answered", None),
        ("Where does that come from?", "ask_source", "answered", None),
        ("Can I talk to a person?", "talk_to_person", "handoff", "contact"),
        ("/talk_to_person", "talk_to_person", "handoff", "contact"),
        ("Thanks", "thank", "answered", None),
    ],
}


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, timeout=15, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("language", TALKS)
def test_conversation_goes_through_the_engine(client: httpx.Client, language: str) -> None:
    visitor = Visitor.begin(client, language)
    for text, intent, status, card in TALKS[language]:
        answer = visitor.hear(text)
        outcome = answer["outcome"]

        assert (text, outcome["intent"], outcome["status"]) == (text, intent, status)
        assert (answer["language"], (answer["card"] or {}).get("type")) == (language, card)


def test_follow_up_speaks_of_the_new_place(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear("나주로 본사를 옮기면 세금이 얼마나 감면되나요?")
    answer = visitor.hear("진주는요?")

    assert answer["card"]["rows"][0]["title"].endswith("경남 진주시")
    assert "5년간 100%" in answer["text"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("After how long am I free to ask whatever price I like for my cluster building?", "ask_policy"),
        ("Sneaking in without anybody's say-so: could the boss actually go to jail, and for how long at worst?", "ask_policy"),
        ("hello there, good to see you this fine morning", "greet"),
        ("그만할래요", "cancel"),
    ],
)  # fmt: skip
def test_long_message_is_small_talk_only_where_it_surely_is(
    client: httpx.Client, text: str, intent: str
) -> None:
    assert Visitor.begin(client).hear(text)["outcome"]["intent"] == intent


def test_language_button_is_confirmed_in_the_language_chosen(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)

    assert visitor.hear('/switch_language{"language": "en"}')["text"] == "I will go on in English."
    assert visitor.hear("/talk_to_person")["language"] == "en"


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text[:24]))
def test_any_text_gets_words_back(client: httpx.Client, text: str) -> None:
    answer = Visitor.begin(client).hear(text)

    assert answer["text"].strip()
    assert answer["outcome"]["status"] != "failed"


def test_engine_that_says_nothing_counts_as_unavailable(trained: Settings, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(trained.model_path.parent)
    engine = Engine(replace(trained, data_dir=tmp_path), "http://127.0.0.1:1/nothing", "token")

    async def ask() -> None:
        await engine.start()
        try:
            await engine.wait_until_ready()
            await engine.send("0123456789abcdef", "입주승인은 누가 하나요?", None, "")
        finally:
            await engine.stop()

    with pytest.raises(EngineUnavailable, match="no reply"):
        asyncio.run(ask())


def test_typed_commands_do_not_reach_the_engine_as_intents(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    refused = [
        visitor.say(text).status_code
        for text in ("/restart", '/bye{"x":1}', "/session_start", "/action_hand_over")
    ]
    visitor.hear("/restart now")
    events = events_of(running.data, sender_of(running.data, visitor.id))

    assert refused == [422] * 4
    assert [event["text"] for event in events if event["event"] == "user"] == ["restart now"]


def test_tracker_holds_neither_vector_nor_personal_data(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear("010-4321-8765 로 전화 주세요. 나주 땅이 있나요?")
    [said] = [e for e in events_of(running.data, sender_of(running.data, visitor.id)) if e["event"] == "user"]

    assert "vector" not in said["metadata"]
    assert all(
        b"4321-8765" not in stored_bytes(running.data, name)
        for name in ("engine.db", "service.db", "engine.log", "service.log")
    )


def test_engine_knows_no_public_id(running: Running, client: httpx.Client) -> None:
    Visitor.begin(client).hear("안녕하세요")
    senders = {
        sender for (sender,) in rows(running.data / "engine.db", "SELECT DISTINCT sender_id FROM events")
    }
    public = {id for (id,) in rows(running.data / "service.db", "SELECT id FROM conversations")}

    assert senders
    assert not any(id.encode() in stored_bytes(running.data, "engine.db") for id in public)


def test_service_and_engine_listen_on_loopback_only(running: Running) -> None:
    sockets = {pid: listening(pid) for pid in (running.process.pid, engine_of(running.process.pid))}

    assert all(sockets.values())
    assert {address for found in sockets.values() for address, _ in found} == {LOOPBACK}


def test_another_loopback_address_reaches_neither(running: Running) -> None:
    ports = [
        port for pid in (running.process.pid, engine_of(running.process.pid)) for _, port in listening(pid)
    ]
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.2", port)) != 0


@pytest.mark.parametrize("headers", [{}, {"X-Actions-Token": "guess"}])
def test_actions_webhook_without_its_token_is_not_found(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    call = {"next_action": "action_answer", "sender_id": "x", "tracker": {"sender_id": "x"}}

    assert client.post(ACTIONS_PATH, json=call, headers=headers).status_code == 404


def test_events_resume_after_the_last_one_seen(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear("안녕하세요")
    with client.stream(
        "GET", f"{visitor.path}/events", headers=visitor.headers | {"Last-Event-ID": "1"}
    ) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("data:"))
        seen = [json.loads(next(lines)[5:]) for _ in range(2)]

    assert seen == visitor.transcript()[1:]


def test_messages_at_once_keep_their_order_in_the_engine(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(visitor.hear, ["김천 땅이 있나요?", "나주 세금 감면은?", "안녕하세요", "고마워요"]))
    asked = [m["text"] for m in visitor.transcript() if m["sender"] == "user"]
    events = events_of(running.data, sender_of(running.data, visitor.id))

    assert [e["text"] for e in events if e["event"] == "user"] == asked


def test_deleting_removes_the_tracker(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear("곧 지워질 문장입니다")
    sender = sender_of(running.data, visitor.id)
    before = len(events_of(running.data, sender))
    client.delete(visitor.path, headers=visitor.headers).raise_for_status()

    assert before > 0
    assert events_of(running.data, sender) == []
    assert sender.encode() not in stored_bytes(running.data, "engine.db")


def test_deleting_during_a_turn_removes_the_tracker(running: Running, client: httpx.Client) -> None:
    visitors = [Visitor.begin(client) for _ in range(8)]
    senders = [sender_of(running.data, visitor.id) for visitor in visitors]
    with ThreadPoolExecutor(8) as threads:
        for visitor in visitors:
            turn = threads.submit(visitor.say, "김천에 땅이 있나요?")
            time.sleep(0.005)
            client.delete(visitor.path, headers=visitor.headers)
            turn.result()

    assert [sender for sender in senders if events_of(running.data, sender)] == []


def test_deleted_text_is_not_on_the_disk(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear("이 문장은 디스크에서도 사라져야 합니다")
    client.delete(visitor.path, headers=visitor.headers).raise_for_status()

    assert "디스크에서도 사라져야".encode() not in stored_bytes(running.data)


def test_killed_engine_is_stood_in_for_and_comes_back(running: Running, client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    killed = engine_of(running.process.pid)
    os.kill(killed, signal.SIGKILL)
    asked = time.monotonic()
    answer = visitor.hear("혁신도시 클러스터 분양률은 얼마인가요?")
    seconds = time.monotonic() - asked
    degraded = [client.get("/readyz").json()["degraded"] for _ in range(300)]
    wait_ready(running.url, 40)

    assert (WITHOUT_ENGINE in answer["text"], bool(answer["sources"]), seconds < 4) == (True, True, True)
    assert ["engine"] in map(list, degraded)
    assert engine_of(running.process.pid) != killed
    assert visitor.hear("고마워요")["outcome"]["intent"] == "thank"
