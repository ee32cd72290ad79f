"""Conversations, messages and outcomes: SQLAlchemy over SQLite, or any database by URL."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import RowMapping

from assistant.tables import CONVERSATIONS, FEEDBACK, MESSAGES, METADATA, OUTCOMES
from knowledge.config import LANGUAGES

# What is stored together with messages, or not at all; it gets their rows, ids included.
Also = Callable[[Connection, Sequence[dict[str, Any]]], None]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the service knows it. `engine_sender` is private: it never leaves the service but to the engine."""

    id: str
    engine_sender: str
    site: str
    language: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it has an id and a number."""

    sender: str
    text: str
    language: str
    buttons: Sequence[dict[str, str]] = ()
    sources: Sequence[dict[str, Any]] = ()
    card: dict[str, Any] | None = None
    client_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A reply before it is stored. `note` stands below the text, whatever becomes of that."""

    text: str
    language: str
    status: str
    reason: str = ""
    intent: str = ""
    confidence: float | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] | None = None
    note: str = ""

    def message(self) -> NewMessage:
        """The assistant's message of this turn."""
        words = "\n".join(filter(None, [self.text, self.note]))
        return NewMessage("assistant", words, self.language, self.buttons, self.sources, self.card)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended; `took_ms` is the service's own time for it."""

    status: str
    reason: str
    intent: str
    confidence: float | None
    took_ms: int

    def public(self) -> dict[str, Any]:
        """The `Outcome` of the public contract."""
        return {
            "status": self.status,
            "reason": self.reason,
            "intent": self.intent,
            "confidence": self.confidence,
            "took_ms": self.took_ms,
        }


class Records:
    """What has been said. Every method is one transaction."""

    def __init__(self, url: str) -> None:
        """Open the database and make the tables that it lacks. `engine` is SQLAlchemy's."""
        self.engine: Engine = create_engine(
            url,
            connect_args={"timeout": 10} if url.startswith("sqlite") else {},
            hide_parameters=True,  # what visitors wrote stays out of tracebacks, and so out of logs
        )
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
        METADATA.create_all(self.engine)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def start_conversation(self, site: str, language: str) -> tuple[Conversation, str]:
        """A new conversation and its secret token, of which only the SHA-256 is kept."""
        token = secrets.token_urlsafe(32)
        conversation = Conversation(secrets.token_urlsafe(16), secrets.token_hex(24), site, language)
        with self.engine.begin() as connection:
            connection.execute(
                insert(CONVERSATIONS).values(
                    id=conversation.id,
                    token_sha256=_sha256(token),
                    engine_sender=conversation.engine_sender,
                    site=site,
                    language=language,
                    created_at=_now(),
                )
            )
        return conversation, token

    def conversation(self, id: str, token: str) -> Conversation | None:
        """The conversation, if the token is its own."""
        with self.engine.connect() as connection:
            row = connection.execute(select(CONVERSATIONS).where(CONVERSATIONS.c.id == id)).mappings().first()
        expected = row["token_sha256"] if row else _sha256("")
        if not hmac.compare_digest(expected, _sha256(token)) or row is None:
            return None
        return Conversation(row["id"], row["engine_sender"], row["site"], row["language"])

    def exists(self, conversation_id: str) -> bool:
        """Whether the conversation has not been deleted."""
        query = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == conversation_id)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def set_language(self, conversation_id: str, language: str) -> None:
        """Remember the language a visitor chose."""
        with self.engine.begin() as connection:
            connection.execute(
                update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id).values(language=language)
            )

    def add_turn(
        self,
        conversation_id: str,
        messages: Sequence[NewMessage],
        outcome: Outcome | None = None,
        also: Also | None = None,
    ) -> list[dict[str, Any]]:
        """Store messages with the next numbers, gap-free, and what `also` stores; the outcome belongs to the first.

        Returns them as the contract shows them.
        """
        with self.engine.begin() as connection:
            last = (
                connection.execute(
                    select(func.max(MESSAGES.c.seq)).where(MESSAGES.c.conversation_id == conversation_id)
                ).scalar()
                or 0
            )
            rows = [
                {
                    "id": secrets.token_urlsafe(12),
                    "conversation_id": conversation_id,
                    "seq": last + offset,
                    "sender": m.sender,
                    "text": m.text,
                    "language": m.language,
                    "created_at": _now(),
                    "buttons": list(m.buttons),
                    "sources": list(m.sources),
                    "card": m.card,
                    "client_message_id": m.client_message_id,
                }
                for offset, m in enumerate(messages, start=1)
            ]
            connection.execute(insert(MESSAGES), rows)
            if outcome is not None:
                connection.execute(
                    insert(OUTCOMES).values(
                        message_id=rows[0]["id"],
                        status=outcome.status,
                        reason=outcome.reason,
                        intent=outcome.intent,
                        confidence=outcome.confidence,
                        took_ms=outcome.took_ms,
                    )
                )
            if also is not None:
                also(connection, rows)
        return [_public(row) for row in rows]

    def messages(self, conversation_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Messages numbered above `after`, in order."""
        query = (
            select(MESSAGES)
            .where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.seq > after)
            .order_by(MESSAGES.c.seq)
        )
        with self.engine.connect() as connection:
            return [_public(row) for row in connection.execute(query).mappings()]

    def turn_of(
        self, conversation_id: str, client_message_id: str
    ) -> tuple[list[dict[str, Any]], Outcome] | None:
        """The messages and outcome of a turn already answered under this client id."""
        first = select(MESSAGES).where(
            MESSAGES.c.conversation_id == conversation_id,
            MESSAGES.c.client_message_id == client_message_id,
        )
        with self.engine.connect() as connection:
            asked = connection.execute(first).mappings().first()
            if asked is None:
                return None
            outcome = (
                connection.execute(select(OUTCOMES).where(OUTCOMES.c.message_id == asked["id"]))
                .mappings()
                .one()
            )
            later = (
                select(MESSAGES)
                .where(
                    MESSAGES.c.conversation_id == conversation_id,
                    MESSAGES.c.seq >= asked["seq"],
                )
                .order_by(MESSAGES.c.seq)
            )
            rows = list(connection.execute(later).mappings())
        # What staff said later and notices are no part of the turn.
        told = takewhile(lambda row: row["sender"] == "assistant", rows[1:])
        return [_public(row) for row in (rows[0], *told)], _outcome(outcome)

    def last_outcomes(self, conversation_id: str, count: int) -> list[Outcome]:
        """How the last turns ended, newest first."""
        query = (
            select(OUTCOMES)
            .join(MESSAGES, MESSAGES.c.id == OUTCOMES.c.message_id)
            .where(MESSAGES.c.conversation_id == conversation_id)
            .order_by(MESSAGES.c.seq.desc())
            .limit(count)
        )
        with self.engine.connect() as connection:
            return [_outcome(row) for row in connection.execute(query).mappings()]

    def spoken_language(self, conversation: Conversation) -> str:
        """`ko` or `en`: the language chosen, else that of the last message that is no notice, else Korean."""
        if conversation.language in LANGUAGES:
            return conversation.language
        said = (
            select(MESSAGES.c.language)
            .where(
                MESSAGES.c.conversation_id == conversation.id,
                MESSAGES.c.sender != "notice",
            )
            .order_by(MESSAGES.c.seq.desc())
        )
        with self.engine.connect() as connection:
            return str(connection.execute(said).scalar() or "ko")

    def offered_payloads(self, conversation_id: str) -> set[str]:
        """Payloads of every button shown in this conversation."""
        query = select(MESSAGES.c.buttons).where(MESSAGES.c.conversation_id == conversation_id)
        with self.engine.connect() as connection:
            return {button["payload"] for (buttons,) in connection.execute(query) for button in buttons}

    def add_feedback(
        self,
        conversation_id: str,
        message_id: str,
        helpful: bool,
        reason: str,
        comment: str,
    ) -> bool:
        """Store what a visitor thinks of an answer, the last word counting; False where the message is not of this conversation."""
        with self.engine.begin() as connection:
            own = select(MESSAGES.c.id).where(
                MESSAGES.c.id == message_id,
                MESSAGES.c.conversation_id == conversation_id,
            )
            if connection.execute(own).first() is None:
                return False
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.message_id == message_id))
            connection.execute(
                insert(FEEDBACK).values(
                    message_id=message_id,
                    helpful=helpful,
                    reason=reason,
                    comment=comment,
                    created_at=_now(),
                )
            )
        return True

    def delete_conversation(self, conversation_id: str) -> None:
        """Remove a conversation with everything that hangs on it."""
        with self.engine.begin() as connection:
            connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id))
        self.wipe()

    def wipe(self) -> None:
        """Make what was deleted unreadable: SQLite's write-ahead log still holds it."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def check(self) -> None:
        """Raise SQLAlchemy's error where the database cannot be read."""
        with self.engine.connect() as connection:
            connection.execute(select(func.count()).select_from(CONVERSATIONS)).scalar_one()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # FULL: a message that was answered is on the disk. secure_delete: a deleted conversation is not in the file.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _public(row: RowMapping | dict[str, Any]) -> dict[str, Any]:
    created: datetime = row["created_at"]
    return {
        "id": row["id"],
        "seq": row["seq"],
        "sender": row["sender"],
        "text": row["text"],
        "language": row["language"],
        "created_at": created.replace(tzinfo=UTC).isoformat(timespec="seconds"),
        "buttons": row["buttons"],
        "sources": row["sources"],
        "card": row["card"],
    }


def _outcome(row: RowMapping) -> Outcome:
    return Outcome(row["status"], row["reason"], row["intent"], row["confidence"], row["took_ms"])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
