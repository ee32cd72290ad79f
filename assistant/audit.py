"""The audit log: who did what to which thing, when and from where; append-only, each row chained to the one before.

Standards for securing personal information (개인정보의 안전성 확보조치 기준), Article 8: access records are kept and
cannot be forged. A row holds no password, no token and no text of a visitor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.engine import RowMapping

from assistant.staff_tables import AUDIT, AUDIT_HEAD, Database

_SHOWN = ("seq", "at", "account_id", "name", "address", "action", "object", "result", "before", "after")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `account_id` is empty for whoever has not signed in and for the command line."""

    account_id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to which thing. `before` and `after` hold what changed, as JSON; `result` is done or refused."""

    action: str
    object: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    result: str = "done"


def append(connection: Connection, actor: Actor, deed: Deed, at: datetime) -> None:
    """Write a row inside the caller's transaction, so that a deed and its row stand or fall together."""
    head = connection.execute(select(AUDIT_HEAD).with_for_update()).mappings().one()
    row = {
        "seq": head["seq"] + 1,
        "at": at,
        "account_id": actor.account_id,
        "name": actor.name[:64],
        "address": actor.address[:64],
        "action": deed.action,
        "object": deed.object[:256],
        "result": deed.result,
        "before": None if deed.before is None else dict(deed.before),
        "after": None if deed.after is None else dict(deed.after),
    }
    digest = _chained(head["sha256"], row)
    connection.execute(insert(AUDIT).values(**row, sha256=digest))
    connection.execute(update(AUDIT_HEAD).values(seq=row["seq"], sha256=digest))


class Audit:
    """The log as administrators read it."""

    def __init__(self, database: Database) -> None:
        """Of this database."""
        self._database = database

    def add(self, actor: Actor, deed: Deed, at: datetime) -> None:
        """Write a row in a transaction of its own."""
        with self._database.writing() as connection:
            append(connection, actor, deed, at)

    def rows(self, before: int = 2**31 - 1, limit: int = 100) -> list[dict[str, Any]]:
        """Rows numbered below `before`, newest first; `at` in ISO 8601."""
        query = select(AUDIT).where(AUDIT.c.seq < before).order_by(AUDIT.c.seq.desc()).limit(limit)
        with self._database.reading() as connection:
            return [
                {key: row[key] for key in _SHOWN} | {"at": row["at"].isoformat()}
                for row in connection.execute(query).mappings()
            ]

    def first_broken(self) -> int | None:
        """Number of the first row that was changed, moved or taken out; None where the log is whole."""
        with self._database.reading() as connection:
            head = connection.execute(select(AUDIT_HEAD)).mappings().one()
            last, digest = 0, ""
            # Rows that others write while this reads are left for the next time.
            query = select(AUDIT).where(AUDIT.c.seq <= head["seq"]).order_by(AUDIT.c.seq)
            rows = connection.execution_options(yield_per=500).execute(query)
            for row in rows.mappings():
                digest = _chained(digest, row)
                if row["sha256"] != digest:
                    return last + 1
                last = row["seq"]
        return None if (last, digest) == (head["seq"], head["sha256"]) else last + 1


def _chained(previous: str, row: RowMapping | dict[str, Any]) -> str:
    facts = [previous, row["at"].isoformat(), *(row[key] for key in _SHOWN if key != "at")]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
