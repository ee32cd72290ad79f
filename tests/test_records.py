"""What is kept of conversations, in real SQLite files: numbers, tokens, repeats, feedback, deletion."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from assistant.handover_records import Callback, HandoverRecords
from assistant.records import Conversation, NewMessage, Outcome, Records
from assistant.tables import METADATA
from tests.visitor import stored_bytes

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
# As made by the service before there were hand-overs.
OLD_SCHEMA = """
CREATE TABLE conversations (
    id VARCHAR(32) NOT NULL, token_sha256 VARCHAR(64) NOT NULL, engine_sender VARCHAR(64) NOT NULL,
    site VARCHAR(64) NOT NULL, language VARCHAR(4) NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE messages (
    id VARCHAR(32) NOT NULL, conversation_id VARCHAR(32) NOT NULL, seq INTEGER NOT NULL, sender VARCHAR(12) NOT NULL,
    text TEXT NOT NULL, language VARCHAR(4) NOT NULL, created_at DATETIME NOT NULL, buttons JSON NOT NULL,
    sources JSON NOT NULL, card JSON, client_message_id VARCHAR(64), PRIMARY KEY (id),
    UNIQUE (conversation_id, seq), UNIQUE (conversation_id, client_message_id),
    FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE);
CREATE TABLE outcomes (
    message_id VARCHAR(32) NOT NULL, status VARCHAR(16) NOT NULL, reason VARCHAR(32) NOT NULL, intent VARCHAR(64) NOT NULL,
    confidence FLOAT, took_ms INTEGER NOT NULL, PRIMARY KEY (message_id),
    FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE);
CREATE TABLE feedback (
    message_id VARCHAR(32) NOT NULL, helpful BOOLEAN NOT NULL, reason VARCHAR(64) NOT NULL, comment TEXT NOT NULL,
    created_at DATETIME NOT NULL, PRIMARY KEY (message_id),
    FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE);
INSERT INTO conversations VALUES ('old', '3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0', 'sender', 'tests',
    'ko', '2026-11-22 00:00:00.000000');
INSERT INTO messages VALUES ('m', 'old', 1, 'user', '옛 질문', 'ko', '2026-11-22 00:00:00.000000', '[]', '[]', 'null', 'key');
"""
OUTCOME = Outcome("answered", "", "ask_policy", 0.9, 12)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    records = Records(f"sqlite:///{tmp_path / 'service.db'}")
    yield records
    records.close()


@pytest.fixture
def conversation(records: Records) -> Conversation:
    return records.start_conversation("tests", "ko")[0]


def turn(text: str, key: str | None = None) -> list[NewMessage]:
    return [
        NewMessage("user", text, "ko", client_message_id=key),
        NewMessage("assistant", f"답: {text}", "ko"),
    ]


def rows_of(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "service.db")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_messages_are_numbered_without_a_gap(records: Records, conversation: Conversation) -> None:
    for number in range(5):
        records.add_turn(conversation.id, turn(f"질문 {number}"), OUTCOME)

    assert [m["seq"] for m in records.messages(conversation.id)] == list(range(1, 11))
    assert [m["seq"] for m in records.messages(conversation.id, after=7)] == [8, 9, 10]


def test_numbers_of_conversations_do_not_mix_when_stored_at_once(records: Records) -> None:
    ids = [records.start_conversation("tests", "ko")[0].id for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda id: [records.add_turn(id, turn("동시")) for _ in range(10)], ids))

    assert all([m["seq"] for m in records.messages(id)] == list(range(1, 21)) for id in ids)


def test_stored_messages_come_back_as_they_were_told(records: Records, conversation: Conversation) -> None:
    card = {"type": "land", "title": "땅", "rows": [{"source": "LH", "as_of": "2021-12"}]}
    message = NewMessage("assistant", "나주 👍", "ko", [{"title": "예", "payload": "네"}], [{"n": 1}], card)
    told = records.add_turn(conversation.id, [message])

    assert records.messages(conversation.id) == told
    assert (told[0]["card"], told[0]["buttons"], told[0]["sources"]) == (
        card,
        message.buttons,
        message.sources,
    )


def test_token_opens_its_own_conversation_only(records: Records) -> None:
    (one, token), (_, others_token) = (records.start_conversation("tests", "ko") for _ in range(2))
    refused = [others_token, token[:-1], token + "A", token.swapcase(), "", one.id, one.engine_sender]

    assert records.conversation(one.id, token) == one
    assert [records.conversation(one.id, wrong) for wrong in refused] == [None] * 7


def test_token_of_no_conversation_opens_nothing(records: Records, conversation: Conversation) -> None:
    assert records.conversation("unknown", "") is None
    assert records.conversation("' OR 1=1 --", "x") is None


def test_token_is_kept_as_its_sha256_only(records: Records, tmp_path: Path) -> None:
    _, token = records.start_conversation("tests", "ko")
    stored = stored_bytes(tmp_path)

    assert hashlib.sha256(token.encode()).hexdigest().encode() in stored
    assert token.encode() not in stored


def test_ten_thousand_tokens_are_long_and_all_different() -> None:
    records = Records("sqlite://")
    begun = [records.start_conversation("tests", "ko") for _ in range(10_000)]
    records.close()
    secrets = {
        text for conversation, token in begun for text in (token, conversation.id, conversation.engine_sender)
    }

    assert len(secrets) == 30_000
    assert min(len(token) for _, token in begun) >= 43


def test_turn_is_found_by_its_client_id_with_its_outcome(
    records: Records, conversation: Conversation
) -> None:
    first = records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME)
    second = records.add_turn(conversation.id, turn("둘", "key-2"), OUTCOME)

    assert records.turn_of(conversation.id, "key-1") == (first, OUTCOME)
    assert records.turn_of(conversation.id, "key-2") == (second, OUTCOME)


def test_turn_ends_before_what_was_not_part_of_it(records: Records, conversation: Conversation) -> None:
    first = records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME)
    for sender in ("notice", "staff", "assistant"):
        records.add_turn(conversation.id, [NewMessage(sender, "나중", "ko")])

    assert records.turn_of(conversation.id, "key-1") == (first, OUTCOME)


def test_turn_without_an_answer_is_found_too(records: Records, conversation: Conversation) -> None:
    first = records.add_turn(conversation.id, turn("하나", "key-1")[:1], OUTCOME)
    records.add_turn(conversation.id, turn("둘", "key-2"), OUTCOME)

    assert records.turn_of(conversation.id, "key-1") == (first, OUTCOME)


def test_last_outcomes_are_the_newest_of_the_conversation(
    records: Records, conversation: Conversation
) -> None:
    other, _ = records.start_conversation("tests", "ko")
    outcomes = [Outcome("answered", "", f"intent-{number}", 0.9, number) for number in range(5)]
    for outcome in outcomes:
        records.add_turn(conversation.id, turn("말"), outcome)
    records.add_turn(other.id, turn("말"), OUTCOME)

    assert records.last_outcomes(conversation.id, 3) == [outcomes[4], outcomes[3], outcomes[2]]


def test_what_is_stored_beside_a_turn_is_stored_with_it_or_not_at_all(
    records: Records, conversation: Conversation
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME, fail)

    assert records.messages(conversation.id) == []
    assert records.turn_of(conversation.id, "key-1") is None


def test_turn_of_another_conversation_is_not_found(records: Records, conversation: Conversation) -> None:
    records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME)
    other, _ = records.start_conversation("tests", "en")

    assert records.turn_of(other.id, "key-1") is None


def test_same_client_id_twice_stores_nothing(records: Records, conversation: Conversation) -> None:
    records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME)
    with pytest.raises(IntegrityError):
        records.add_turn(conversation.id, turn("둘", "key-1"), OUTCOME)

    assert [m["text"] for m in records.messages(conversation.id)] == ["하나", "답: 하나"]


def test_buttons_offered_are_those_of_the_conversation(records: Records, conversation: Conversation) -> None:
    other, _ = records.start_conversation("tests", "ko")
    records.add_turn(conversation.id, [NewMessage("assistant", "", "ko", [{"title": "", "payload": "/one"}])])
    records.add_turn(other.id, [NewMessage("assistant", "", "ko", [{"title": "", "payload": "/two"}])])

    assert records.offered_payloads(conversation.id) == {"/one"}


def test_language_chosen_is_remembered(records: Records) -> None:
    conversation, token = records.start_conversation("tests", "auto")
    records.set_language(conversation.id, "en")
    found = records.conversation(conversation.id, token)

    assert found is not None
    assert found.language == "en"


@pytest.mark.parametrize(("chosen", "spoken"), [("auto", "en"), ("ko", "ko")])
def test_language_spoken_is_the_one_chosen_else_the_last(records: Records, chosen: str, spoken: str) -> None:
    conversation, _ = records.start_conversation("tests", chosen)
    for sender, language in (("user", "ko"), ("assistant", "en"), ("notice", "ko")):
        records.add_turn(conversation.id, [NewMessage(sender, "", language)])

    assert records.spoken_language(conversation) == spoken


def test_feedback_keeps_the_last_word(records: Records, conversation: Conversation, tmp_path: Path) -> None:
    answer = records.add_turn(conversation.id, turn("하나"), OUTCOME)[1]
    given = [
        records.add_feedback(conversation.id, answer["id"], helpful, "", "") for helpful in (True, False)
    ]
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
        stored = connection.execute("SELECT message_id, helpful FROM feedback").fetchall()

    assert given == [True, True]
    assert stored == [(answer["id"], 0)]


def test_feedback_on_another_conversation_is_refused(
    records: Records, conversation: Conversation, tmp_path: Path
) -> None:
    answer = records.add_turn(conversation.id, turn("하나"), OUTCOME)[1]
    other, _ = records.start_conversation("tests", "ko")

    assert not records.add_feedback(other.id, answer["id"], True, "", "")
    assert rows_of(tmp_path, "feedback") == 0


def test_deleting_removes_every_row(records: Records, conversation: Conversation, tmp_path: Path) -> None:
    answer = records.add_turn(conversation.id, turn("하나"), OUTCOME)[1]
    records.add_feedback(conversation.id, answer["id"], True, "wrong", "고쳐 주세요")
    callback = Callback("김하나", "02-123-4567", "", NOON)
    also = HandoverRecords(records).opening(conversation.id, "R-22222", "asked", "ko", {}, NOON, callback)
    records.add_turn(conversation.id, [NewMessage("notice", "접수", "ko")], also=also)
    before = [rows_of(tmp_path, name) for name in METADATA.tables]
    records.delete_conversation(conversation.id)

    assert min(before) >= 1
    assert [rows_of(tmp_path, name) for name in METADATA.tables] == [0] * len(before)


def test_database_of_before_hand_overs_opens_and_takes_one(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD_SCHEMA)
    records = Records(f"sqlite:///{path}")
    conversation = records.conversation("old", "token")
    assert conversation is not None
    also = HandoverRecords(records).opening(conversation.id, "R-22222", "asked", "ko", {}, NOON)
    records.add_turn(conversation.id, [NewMessage("notice", "접수", "ko")], also=also)
    found = HandoverRecords(records).live("old")
    told = [message["text"] for message in records.messages("old")]
    records.close()

    assert told == ["옛 질문", "접수"]
    assert found is not None
    assert (found.ticket, found.created_at, found.callback) == ("R-22222", NOON, None)


def test_what_visitors_wrote_is_not_in_the_words_of_an_error(
    records: Records, conversation: Conversation
) -> None:
    records.add_turn(conversation.id, turn("하나", "key-1"), OUTCOME)
    with pytest.raises(IntegrityError) as caught:
        records.add_turn(conversation.id, turn("비밀 이야기", "key-1"), OUTCOME)

    assert "비밀 이야기" not in str(caught.value)


def test_deleting_leaves_no_text_in_the_file(
    records: Records, conversation: Conversation, tmp_path: Path
) -> None:
    kept, _ = records.start_conversation("tests", "ko")
    for number in range(40):
        records.add_turn(conversation.id, turn(f"지워질 비밀 {number}"), OUTCOME)
        records.add_turn(kept.id, turn(f"남는 질문 {number}"), OUTCOME)
    records.delete_conversation(conversation.id)
    records.close()
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = stored_bytes(tmp_path)

    assert "지워질 비밀".encode() not in stored
    assert "남는 질문".encode() in stored


def test_check_raises_where_the_database_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "service.db").write_bytes(b"not a database" * 100)

    with pytest.raises(SQLAlchemyError):
        Records(f"sqlite:///{tmp_path / 'service.db'}")
