"""Conversations, messages and outcomes: SQLAlchemy over SQLite, or any database by URL."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
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

_METADATA = MetaData()
_CONVERSATIONS = Table(
    "conversations",
    _METADATA,
    Column("id", String(32), primary_key=True),
    Column("token_sha256", String(64), nullable=False),
    Column("engine_sender", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("language", String(4), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
_MESSAGES = Table(
    "messages",
    _METADATA,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sender", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(4), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("card", JSON),
    Column("client_message_id", String(64)),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_message_id"),
)
_OUTCOMES = Table(
    "outcomes",
    _METADATA,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("confidence", Float),
    Column("took_ms", Integer, nullable=False),
)
_FEEDBACK = Table(
    "feedback",
    _METADATA,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)


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
        """Open the database and make its tables where they are missing."""
        self._engine: Engine = create_engine(
            url, connect_args={"timeout": 10} if url.startswith("sqlite") else {}
        )
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _prepare_sqlite)
        _METADATA.create_all(self._engine)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def start_conversation(self, site: str, language: str) -> tuple[Conversation, str]:
        """A new conversation and its secret token, of which only the SHA-256 is kept."""
        token = secrets.token_urlsafe(32)
        conversation = Conversation(secrets.token_urlsafe(16), secrets.token_hex(24), site, language)
        with self._engine.begin() as connection:
            connection.execute(
                insert(_CONVERSATIONS).values(
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
        with self._engine.connect() as connection:
            row = (
                connection.execute(select(_CONVERSATIONS).where(_CONVERSATIONS.c.id == id)).mappings().first()
            )
        expected = row["token_sha256"] if row else _sha256("")
        if not hmac.compare_digest(expected, _sha256(token)) or row is None:
            return None
        return Conversation(row["id"], row["engine_sender"], row["site"], row["language"])

    def exists(self, conversation_id: str) -> bool:
        """Whether the conversation has not been deleted."""
        query = select(_CONVERSATIONS.c.id).where(_CONVERSATIONS.c.id == conversation_id)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def set_language(self, conversation_id: str, language: str) -> None:
        """Remember the language a visitor chose."""
        with self._engine.begin() as connection:
            connection.execute(
                update(_CONVERSATIONS).where(_CONVERSATIONS.c.id == conversation_id).values(language=language)
            )

    def add_turn(
        self, conversation_id: str, messages: Sequence[NewMessage], outcome: Outcome | None = None
    ) -> list[dict[str, Any]]:
        """Store messages with the next numbers, gap-free; the outcome belongs to the first. Returns them as the contract shows them."""
        with self._engine.begin() as connection:
            last = (
                connection.execute(
                    select(func.max(_MESSAGES.c.seq)).where(_MESSAGES.c.conversation_id == conversation_id)
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
            connection.execute(insert(_MESSAGES), rows)
            if outcome is not None:
                connection.execute(
                    insert(_OUTCOMES).values(
                        message_id=rows[0]["id"],
                        status=outcome.status,
                        reason=outcome.reason,
                        intent=outcome.intent,
                        confidence=outcome.confidence,
                        took_ms=outcome.took_ms,
                    )
                )
        return [_public(row) for row in rows]

    def messages(self, conversation_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Messages numbered above `after`, in order."""
        query = (
            select(_MESSAGES)
            .where(_MESSAGES.c.conversation_id == conversation_id, _MESSAGES.c.seq > after)
            .order_by(_MESSAGES.c.seq)
        )
        with self._engine.connect() as connection:
            return [_public(row) for row in connection.execute(query).mappings()]

    def turn_of(
        self, conversation_id: str, client_message_id: str
    ) -> tuple[list[dict[str, Any]], Outcome] | None:
        """The messages and outcome of a turn already answered under this client id."""
        first = select(_MESSAGES).where(
            _MESSAGES.c.conversation_id == conversation_id, _MESSAGES.c.client_message_id == client_message_id
        )
        with self._engine.connect() as connection:
            asked = connection.execute(first).mappings().first()
            if asked is None:
                return None
            outcome = (
                connection.execute(select(_OUTCOMES).where(_OUTCOMES.c.message_id == asked["id"]))
                .mappings()
                .one()
            )
            later = (
                select(_MESSAGES)
                .where(_MESSAGES.c.conversation_id == conversation_id, _MESSAGES.c.seq >= asked["seq"])
                .order_by(_MESSAGES.c.seq)
            )
            rows = list(connection.execute(later).mappings())
        turn = [
            row
            for i, row in enumerate(rows)
            if i == 0 or all(r["client_message_id"] is None for r in rows[1 : i + 1])
        ]
        return [_public(row) for row in turn], Outcome(
            outcome["status"], outcome["reason"], outcome["intent"], outcome["confidence"], outcome["took_ms"]
        )

    def offered_payloads(self, conversation_id: str) -> set[str]:
        """Payloads of every button shown in this conversation."""
        query = select(_MESSAGES.c.buttons).where(_MESSAGES.c.conversation_id == conversation_id)
        with self._engine.connect() as connection:
            return {button["payload"] for (buttons,) in connection.execute(query) for button in buttons}

    def add_feedback(
        self, conversation_id: str, message_id: str, helpful: bool, reason: str, comment: str
    ) -> bool:
        """Store what a visitor thinks of an answer, the last word counting; False where the message is not of this conversation."""
        with self._engine.begin() as connection:
            own = select(_MESSAGES.c.id).where(
                _MESSAGES.c.id == message_id, _MESSAGES.c.conversation_id == conversation_id
            )
            if connection.execute(own).first() is None:
                return False
            connection.execute(delete(_FEEDBACK).where(_FEEDBACK.c.message_id == message_id))
            connection.execute(
                insert(_FEEDBACK).values(
                    message_id=message_id, helpful=helpful, reason=reason, comment=comment, created_at=_now()
                )
            )
        return True

    def delete_conversation(self, conversation_id: str) -> None:
        """Remove a conversation with everything that hangs on it."""
        with self._engine.begin() as connection:
            connection.execute(delete(_CONVERSATIONS).where(_CONVERSATIONS.c.id == conversation_id))
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:  # the write-ahead log still holds the text
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def check(self) -> None:
        """Raise SQLAlchemy's error where the database cannot be read."""
        with self._engine.connect() as connection:
            connection.execute(select(func.count()).select_from(_CONVERSATIONS)).scalar_one()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # FULL: a message that was answered is on the disk. secure_delete: a deleted conversation is not in the file.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
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


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
