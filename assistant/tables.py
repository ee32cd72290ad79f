"""The tables of the service's database. New tables are made at start; a column added to an old one would need a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("token_sha256", String(64), nullable=False),
    Column("engine_sender", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("language", String(4), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
MESSAGES = Table(
    "messages",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column(
        "conversation_id",
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
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
OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("confidence", Float),
    Column("took_ms", Integer, nullable=False),
)
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column(
        "conversation_id",
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("ticket", String(12), nullable=False, unique=True),
    Column("reason", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("language", String(4), nullable=False),
    Column("slots", JSON, nullable=False),
    Column("told_in", String(32), nullable=False),  # id of the message that told the visitor of it last
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("taken_at", DateTime(timezone=True)),
    Column("taken_by", String(64)),
    Column("closed_at", DateTime(timezone=True)),
)
LIVE = ("open", "taken")
# Not more than one at a time in a conversation, whatever runs beside this process.
Index(
    "one_live_handover",
    HANDOVERS.c.conversation_id,
    unique=True,
    sqlite_where=HANDOVERS.c.state.in_(LIVE),
    postgresql_where=HANDOVERS.c.state.in_(LIVE),
)
CALLBACKS = Table(
    "callbacks",
    METADATA,
    Column("handover_id", ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("time", String(100), nullable=False),
    Column("consent_at", DateTime(timezone=True), nullable=False),
)
