"""Tables of the staff: accounts, one-time links, sessions, failed attempts, audit log; in the records' database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC without its zone, so that SQLite and PostgreSQL give back the same."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return value and value.replace(tzinfo=UTC)


METADATA = MetaData()
ACCOUNTS = Table(
    "staff_accounts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", String(256), nullable=False, unique=True),  # casefolded: Kim and kim are one person
    Column("role", String(16), nullable=False),
    Column("password_hash", String(256)),  # none until the person has used the link
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)
LINKS = Table(
    "staff_links",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column(
        "account_id", ForeignKey("staff_accounts.id", ondelete="CASCADE")
    ),  # none: the first administrator's
    Column("expires_at", Moment, nullable=False),
)
SESSIONS = Table(
    "staff_sessions",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
ATTEMPTS = Table(
    "staff_attempts",
    METADATA,
    Column("key", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
AUDIT = Table(
    "staff_audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", String(256), nullable=False),
    Column("result", String(16), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("sha256", String(64), nullable=False),
)
# Number and hash of the newest row: writers queue at it, and rows cut off at the end are missed.
AUDIT_HEAD = Table(
    "staff_audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)
_DEFENCES = [
    ("sqlite", f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON staff_audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END")
    for verb in ("UPDATE", "DELETE")
] + [
    ("postgresql", "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$"),
    ("postgresql", "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"),
]  # fmt: skip


class Database:
    """The staff's tables at a database address."""

    def __init__(self, url: str) -> None:
        """Open the database and make its tables where they are missing."""
        sqlite = url.startswith("sqlite")
        self._engine = create_engine(url, connect_args={"timeout": 10} if sqlite else {})
        if sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        with self.writing() as connection:  # two processes that start at once make them once
            METADATA.create_all(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes; an exception leaves nothing of it."""
        with self._engine.connect() as connection, connection.execution_options(writes=True).begin():
            yield connection


def sha256(text: str) -> str:
    """Hex digest under which a random token is kept: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _defend(_: Table, connection: Connection, **__: Any) -> None:
    for dialect, statement in _DEFENCES:
        if connection.dialect.name == dialect:
            connection.exec_driver_sql(statement)


def _begin_audit(_: Table, connection: Connection, **__: Any) -> None:
    connection.execute(insert(AUDIT_HEAD).values(id=1, seq=0, sha256=""))


event.listen(AUDIT, "after_create", _defend)
event.listen(AUDIT_HEAD, "after_create", _begin_audit)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not at the first write
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that reads first must hold the lock from its first statement on, or two read the same state.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
