"""How long conversations are kept, and the work that deletes the older ones.

Standards for securing personal information (개인정보의 안전성 확보조치 기준): what has served its purpose is destroyed
(Article 13), access records are kept for a year at least (Article 8); so the audit log is never cut here.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.admin import settings
from assistant.records import Records
from assistant.staff_tables import Database
from assistant.tables import CONVERSATIONS, MESSAGES

_LOG = logging.getLogger("assistant.admin.retention")
_KEY = "retention"
FEWEST, MOST, USUAL = 1, 730, 90  # days


class Retention:
    """The days for which conversations are kept after their last message."""

    def __init__(self, database: Database, records: Records) -> None:
        """The setting lies in the staff's database, the conversations in the records."""
        self._database, self._records = database, records

    @property
    def days(self) -> int:
        """As set, else 90."""
        row = settings.read(self._database, _KEY)
        return int(row["value"]["conversations"]) if row else USUAL

    def set(self, days: int, by: str, now: datetime) -> None:
        """Keep another number of days. Raises ValueError outside 1 to 730."""
        if not FEWEST <= days <= MOST:
            raise ValueError(f"{days} days: allowed are {FEWEST} to {MOST}.")
        settings.write(self._database, _KEY, {"conversations": days}, by, now)

    def due(self, now: datetime, days: int | None = None) -> list[tuple[str, str]]:
        """Id and private engine sender of the conversations that are older than `days`, or than what is set."""
        before = now.astimezone(UTC) - timedelta(days=self.days if days is None else days)
        last = func.coalesce(func.max(MESSAGES.c.created_at), CONVERSATIONS.c.created_at)
        query = (
            select(CONVERSATIONS.c.id, CONVERSATIONS.c.engine_sender)
            .outerjoin(MESSAGES, MESSAGES.c.conversation_id == CONVERSATIONS.c.id)
            .group_by(CONVERSATIONS.c.id)
            .having(last < before)
        )
        with self._records.engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def cut(self, now: datetime, forget: Callable[[str], None]) -> int:
        """Delete what is due with all that hangs on it; `forget` removes an engine sender's tracker. Returns how many."""
        due = self.due(now)
        for conversation_id, sender in due:
            self._records.delete_conversation(conversation_id)
            forget(sender)
        return len(due)

    async def keep_cutting(self, clock: Callable[[], datetime], forget: Callable[[str], None]) -> None:
        """Delete what is due, now and every hour, for as long as the service runs."""
        while True:
            try:
                await asyncio.to_thread(self.cut, clock(), forget)
            except (SQLAlchemyError, sqlite3.Error):
                _LOG.exception("Conversations past their time could not be deleted; tried again in an hour.")
            await asyncio.sleep(3600)
