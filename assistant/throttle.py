"""Failed attempts to sign in, by address and by name: after some, a wait that doubles.

Kept in the database, so that every process counts the same and a restart forgets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from assistant.staff_tables import ATTEMPTS, sha256

LONGEST_WAIT = timedelta(hours=1)
_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """Failures in a row, each within `window` of the one before, after which the door stays shut for `window`, then twice, …"""

    attempts: int
    window: timedelta

    def wait(self, count: int) -> timedelta:
        """How long the door stays shut after the last of `count` failures."""
        if count < self.attempts:
            return timedelta()
        return min(self.window * (1 << min(count - self.attempts, 16)), LONGEST_WAIT)


_LIMITS = {"address": Limit(5, timedelta(minutes=5)), "name": Limit(10, timedelta(minutes=15))}


class Throttle:
    """Counts failures under two keys. All methods work inside the caller's transaction."""

    def __init__(self, scale: float = 1.0) -> None:
        """`scale` multiplies the numbers of attempts (RATE_LIMIT_SCALE)."""
        self._limits = {
            kind: Limit(max(1, round(limit.attempts * scale)), limit.window)
            for kind, limit in _LIMITS.items()
        }

    def wait(self, connection: Connection, address: str, name_key: str, now: datetime) -> int:
        """Seconds until the next attempt may be made; 0: now."""
        ends = [now]
        for kind, key in _keys(address, name_key):
            row = _row(connection, key)
            if row is not None:
                ends.append(row["last_at"] + self._limits[kind].wait(row["count"]))
        seconds = (max(ends) - now).total_seconds()
        return int(-(-seconds // 1))  # rounded up: a caller who waits so long is let in

    def fail(self, connection: Connection, address: str, name_key: str, now: datetime) -> None:
        """Count one failure."""
        connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.last_at < now - _FORGOTTEN))
        for kind, key in _keys(address, name_key):
            row = _row(connection, key) or _made(connection, key, now)
            limit = self._limits[kind]
            over = now - row["last_at"] > limit.wait(row["count"]) + limit.window
            count = 1 if over else row["count"] + 1
            connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key).values(count=count, last_at=now))

    def clear(self, connection: Connection, name_key: str) -> None:
        """Forget the name's failures after a success; the address's stay, or one account would open the door to guess at others."""
        ((_, key),) = _keys(None, name_key)
        connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == key))


def _keys(address: str | None, name_key: str) -> Iterable[tuple[str, str]]:
    # Names are hashed: people type passwords into the field of the name.
    names = [("name", f"name:{sha256(name_key)}")]
    return names if address is None else [("address", f"address:{_network(address)}"), *names]


def _network(address: str) -> str:
    """The address, or the /64 network of an IPv6 address, which one customer has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return sha256(address)
    if isinstance(parsed, IPv6Address):
        return f"{parsed.exploded[:19]}::/64"
    return str(parsed)


def _row(connection: Connection, key: str) -> RowMapping | None:
    query = select(ATTEMPTS).where(ATTEMPTS.c.key == key).with_for_update()
    return connection.execute(query).mappings().first()


def _made(connection: Connection, key: str, now: datetime) -> RowMapping:
    # Another process may be faster; then its row serves.
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(ATTEMPTS).values(key=key, count=0, last_at=now))
    row = _row(connection, key)
    assert row is not None
    return row
