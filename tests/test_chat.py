"""A conversation without the engine: notice, texts and buttons, repeats, parallel messages, feedback, deletion, privacy."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.visitor import CONVERSATIONS, Visitor, open_service, stored_bytes

WITHOUT_ENGINE = {"ko": "자료 검색 결과로만 답합니다", "en": "from the documents alone"}
QUESTIONS = {
    "ko": "혁신도시 클러스터 용지는 얼마나 분양되었나요?",
    "en": "How much of the cluster land has been sold?",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def client(shipped_home: Path, folder: Path) -> Iterator[TestClient]:
    with open_service(folder, shipped_home) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor.begin(client)


@pytest.mark.parametrize(
    ("language", "words", "person"),
    [
        ("ko", ["인공지능", "개인정보", "저장", "사람과 상담"], "사람과 상담"),
        ("en", ["An AI", "personal", "stored", "person"], "Talk to a person"),
    ],
)
def test_first_message_says_that_an_ai_answers(
    client: TestClient, language: str, words: list[str], person: str
) -> None:
    [notice] = Visitor.begin(client, language).opening

    assert (notice["seq"], notice["sender"], notice["language"]) == (1, "notice", language)
    assert all(word in notice["text"] for word in words)
    assert {"title": person, "payload": "/talk_to_person"} in notice["buttons"]


def test_first_message_comes_in_both_languages_where_none_was_chosen(client: TestClient) -> None:
    opening = Visitor.begin(client, "auto").opening

    assert [(m["seq"], m["language"]) for m in opening] == [(1, "ko"), (2, "en")]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_answer_without_engine_quotes_the_documents_and_says_so(client: TestClient, language: str) -> None:
    answer = Visitor.begin(client, language).hear(QUESTIONS[language])
    source = answer["sources"][0]

    assert WITHOUT_ENGINE[language] in answer["text"]
    assert (answer["language"], answer["outcome"]["status"]) == (language, "answered")
    assert all(
        source[key] for key in ("title", "publisher", "as_of", "quote", "url", "passage_id", "release")
    )


def test_outcome_and_messages_have_the_fields_of_the_contract(visitor: Visitor) -> None:
    body = visitor.say(QUESTIONS["ko"]).json()
    fields = {"id", "seq", "sender", "text", "language", "created_at", "buttons", "sources", "card"}

    assert {"status", "intent", "confidence", "took_ms"} <= set(body["outcome"])
    assert [set(message) for message in body["messages"]] == [fields, fields]
    assert [message["sender"] for message in body["messages"]] == ["user", "assistant"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u200b\u2066\ufeff", "empty"),
        ("\x00\x01\x1f\x7f", "empty"),
        ("가" * 1001, "too_long"),
        ("a" * 15_000, "too_long"),
        ("/restart", "unknown_button"),
        ('/bye{"x":1}', "unknown_button"),
        ('/find_land{"region": "naju"}', "unknown_button"),
        ('\u200b /switch_language{"language": "fr"}', "unknown_button"),
    ],
    ids=lambda value: ascii(value)[:32],
)
def test_text_that_is_refused_is_not_stored(visitor: Visitor, text: str, kind: str) -> None:
    response = visitor.say(text)

    assert (response.status_code, response.json()["type"]) == (422, f"urn:problem:{kind}")
    assert visitor.transcript() == visitor.opening


@pytest.mark.parametrize(
    "text", ["a" * 1000, unicodedata.normalize("NFD", "각" * 1000), "🏢" * 1000, "a" * 1000 + "\u200b" * 500]
)
def test_text_of_1000_characters_is_answered(visitor: Visitor, text: str) -> None:
    assert visitor.say(text).status_code == 200
    assert len(visitor.transcript()[1]["text"]) == 1000


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("/restart please", "restart please"), ("/RESTART", "RESTART"), ("// 땅", "땅"), ("/", "?")],
)
def test_typed_slash_is_text_and_no_command(visitor: Visitor, typed: str, kept: str) -> None:
    assert visitor.say(typed).json()["messages"][0]["text"] == kept


def test_offered_button_is_shown_by_its_title(visitor: Visitor) -> None:
    asked = visitor.say("/talk_to_person").json()["messages"][0]

    assert (asked["sender"], asked["text"]) == ("user", "사람과 상담")


@pytest.mark.parametrize(("language", "word"), [("ko", "담당 기관에 연락"), ("en", "contact the office")])
def test_person_button_works_without_engine(client: TestClient, language: str, word: str) -> None:
    answer = Visitor.begin(client, language).hear("/talk_to_person")

    assert (answer["language"], answer["outcome"]["status"]) == (language, "handoff")
    assert word in answer["text"]


def test_language_button_switches_the_language_of_the_conversation(visitor: Visitor) -> None:
    shown = visitor.say('/switch_language{"language": "en"}').json()["messages"][0]["text"]

    assert shown == "In English"
    assert visitor.say("").json()["title"] == "The message is empty"


def test_language_button_is_confirmed_without_engine(visitor: Visitor) -> None:
    assert visitor.hear('/switch_language{"language": "en"}')["outcome"]["status"] == "answered"


def test_message_without_letters_is_answered_in_the_language_of_the_conversation(client: TestClient) -> None:
    assert Visitor.begin(client, "en").hear("??")["language"] == "en"


def test_same_client_id_gives_the_same_answer(visitor: Visitor) -> None:
    first = visitor.say(QUESTIONS["ko"], "once").json()
    visitor.say("원주는요?")
    again = visitor.say("다른 글", "once").json()

    assert again == first


def test_same_client_id_from_8_threads_makes_one_turn(visitor: Visitor) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: visitor.say(QUESTIONS["ko"], "once").text, range(200)))

    assert len(set(answers)) == 1
    assert [m["seq"] for m in visitor.transcript()] == [1, 2, 3]


def test_parallel_messages_are_numbered_without_a_gap(visitor: Visitor) -> None:
    with ThreadPoolExecutor(8) as threads:
        told = list(
            threads.map(lambda n: visitor.say(f"질문 {n}", f"parallel-{n}").json()["messages"], range(24))
        )
    transcript = visitor.transcript()

    assert [m["seq"] for m in transcript] == list(range(1, 50))
    assert all(answer["seq"] == asked["seq"] + 1 for asked, answer in told)


def test_conversations_in_parallel_keep_their_own_messages(client: TestClient) -> None:
    visitors = [Visitor.begin(client) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda v: [v.say(f"{v.id} {n}") for n in range(3)], visitors))

    for visitor in visitors:
        asked = [m["text"] for m in visitor.transcript() if m["sender"] == "user"]
        assert asked == [f"{visitor.id} {n}" for n in range(3)]


def test_messages_after_a_number_are_the_later_ones(visitor: Visitor) -> None:
    visitor.say("입주승인은 누가 하나요?")
    later = visitor.http.get(f"{visitor.path}/messages?after=2", headers=visitor.headers).json()["messages"]

    assert later == visitor.transcript()[2:]


def feedback(visitor: Visitor, message_id: str, **more: object) -> int:
    body = {"message_id": message_id, "helpful": False} | more
    return int(visitor.http.post(f"{visitor.path}/feedback", json=body, headers=visitor.headers).status_code)


def test_feedback_is_taken_again_and_again(visitor: Visitor) -> None:
    answer = visitor.hear(QUESTIONS["ko"])

    assert [feedback(visitor, answer["id"], helpful=helpful) for helpful in (True, False)] == [204, 204]


def test_feedback_on_what_is_not_of_the_conversation_is_not_found(
    client: TestClient, visitor: Visitor
) -> None:
    foreign = Visitor.begin(client).opening[0]["id"]

    assert [feedback(visitor, id) for id in (foreign, "unknown", "")] == [404, 404, 404]


def test_deleted_conversation_is_gone_for_its_own_token(visitor: Visitor) -> None:
    visitor.say("입주승인은 누가 하나요?")

    assert visitor.http.delete(visitor.path, headers=visitor.headers).status_code == 204
    assert visitor.http.delete(visitor.path, headers=visitor.headers).status_code == 404
    assert visitor.say("아직 계신가요?").status_code == 404


def test_personal_data_never_reaches_the_disk(visitor: Visitor, folder: Path) -> None:
    secrets = ["010-9876-5432", "880808-1357913", "geheim@example.org", "5105-1051-0510-5100"]
    answer = visitor.hear("나주 땅을 알려 주세요. " + ", ".join(secrets))
    feedback(visitor, answer["id"], comment=" / ".join(secrets))
    stored = stored_bytes(folder)

    assert [secret for secret in [*secrets, visitor.token] if secret.encode() in stored] == []
    assert visitor.transcript()[1]["text"].endswith("[전화번호], [주민등록번호], [이메일], [카드번호]")


def test_personal_data_in_other_fields_never_reaches_the_disk(visitor: Visitor, folder: Path) -> None:
    feedback(visitor, visitor.opening[0]["id"], reason="010-5555-4321")
    visitor.http.post(CONVERSATIONS, json={"language": "ko", "site": "010-5555-1234"})
    stored = stored_bytes(folder)

    assert b"010-5555-" not in stored
