"""Settings that administrators change while the service runs: a row each, with who and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from assistant.admin.tables import SETTINGS
from assistant.staff_tables import Database


def read(database: Database, key: str) -> dict[str, Any] | None:
    """`value`, `by` and `at` of a setting; None where it was never changed."""
    with database.reading() as connection:
        row = connection.execute(select(SETTINGS).where(SETTINGS.c.key == key)).mappings().first()
    return dict(row) if row else None


def write(database: Database, key: str, value: Any, by: str, now: datetime) -> None:
    """Put a value (JSON) in the place of the one before."""
    with database.writing() as connection:
        connection.execute(delete(SETTINGS).where(SETTINGS.c.key == key))
        connection.execute(insert(SETTINGS).values(key=key, value=value, by=by, at=now))
