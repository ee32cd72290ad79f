"""Tables of the administrator's console, beside those of the staff; import before the database is opened."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from assistant.staff_tables import METADATA, Moment

SETTINGS = Table(
    "staff_settings",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
# What became of uploaded files, oldest first. `what`: added, replaced, removed or restored.
UPLOADS = Table(
    "staff_uploads",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("name", String(200), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("what", String(12), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
# What was decided on a group of questions that were not answered well; `key` is made of its words.
QUESTION_GROUPS = Table(
    "staff_question_groups",
    METADATA,
    Column("key", String(32), primary_key=True),
    Column("label", Text, nullable=False),
    Column("language", String(4), nullable=False),
    Column("assigned_to", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("test_id", String(64), nullable=False),  # the test question that closes it; empty: none yet
    Column("closed_at", Moment),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
