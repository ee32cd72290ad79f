"""Sessions of signed-in people: a row here, a random token with the browser (OWASP ASVS 5.0, 7.2-7.4)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from assistant.staff_tables import SESSIONS, Database, sha256

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)  # a use is written down at most this often; so idleness counts within a minute


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is open. `form_token` goes into every form of its pages."""

    account_id: str
    form_token: str
    expires_at: datetime


class Sessions:
    """Opens, finds and closes sessions. Only the SHA-256 of a token is kept."""

    def __init__(self, database: Database) -> None:
        """Of this database."""
        self._database = database

    def open(self, account_id: str, now: datetime, replaced: str = "") -> str:
        """A new session's token. `replaced` is the token the browser had before, which ends here (rotation)."""
        token = secrets.token_urlsafe(32)
        stale = or_(SESSIONS.c.created_at <= now - ABSOLUTE, SESSIONS.c.seen_at < now - IDLE - _TOUCH)
        with self._database.writing() as connection:
            connection.execute(
                delete(SESSIONS).where(or_(stale, SESSIONS.c.token_sha256 == sha256(replaced)))
            )
            connection.execute(
                insert(SESSIONS).values(
                    token_sha256=sha256(token), account_id=account_id, created_at=now, seen_at=now
                )
            )
        return token

    def find(self, token: str, now: datetime, is_use: bool = True) -> Session | None:
        """The session, unless it ended, was unused for 30 minutes or is 12 hours old.

        Not every request is a use of it: `is_use` is False for what a page asks for by itself.
        """
        own = SESSIONS.c.token_sha256 == sha256(token)
        with self._database.reading() as connection:
            row = connection.execute(select(SESSIONS).where(own)).mappings().first()
        if row is None or now - row["seen_at"] > IDLE or now - row["created_at"] >= ABSOLUTE:
            return None
        if is_use and now - row["seen_at"] >= _TOUCH:
            with self._database.writing() as connection:
                connection.execute(update(SESSIONS).where(own).values(seen_at=now))
        return Session(row["account_id"], form_token(token), row["created_at"] + ABSOLUTE)

    def close(self, token: str) -> None:
        """End one session."""
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.token_sha256 == sha256(token)))


def close_all(connection: Connection, account_id: str) -> None:
    """End every session of an account, inside the caller's transaction."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account_id))


def form_token(token: str) -> str:
    """What a form must carry: derived from the session, so that it ends with it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()
