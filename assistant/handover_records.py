"""Hand-overs and call backs as they are kept: each change in one transaction with the message that tells of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from assistant.records import Also, Records
from assistant.tables import CALLBACKS, HANDOVERS, LIVE

_SIGNS = (
    "23456789BCDFGHJKMNPQRSTVWXYZ"  # none that is taken for another, and no vowel, so that no word comes out
)


class HandoverError(RuntimeError):
    """A step that the state of a hand-over does not allow."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A number to call, given with consent; `time` is the visitor's wish in words."""

    name: str
    phone: str
    time: str
    consent_at: datetime

    def is_same(self, other: Callback | None) -> bool:
        """Whether both say the same, whenever it was said."""
        return other is not None and (self.name, self.phone, self.time) == (
            other.name,
            other.phone,
            other.time,
        )


@dataclass(frozen=True, slots=True)
class Handover:
    """A conversation that a person is to take: `state` goes from open over taken to closed or called_back.

    `reason`: asked, not_understood, not_in_sources, decision or complaint. `slots` are what the engine knew of the
    company at the beginning; `told_in` is the id of the message that told the visitor of it last. Times are UTC.
    """

    id: str
    conversation_id: str
    ticket: str
    reason: str
    state: str
    language: str
    slots: dict[str, Any]
    told_in: str
    created_at: datetime
    taken_at: datetime | None
    taken_by: str | None
    closed_at: datetime | None
    callback: Callback | None

    def public(self) -> dict[str, Any]:
        """What its visitor may know: no name of a member of staff, no number."""
        return {"ticket": self.ticket, "state": self.state, "callback": self.callback is not None}


class HandoverRecords:
    """The hand-overs of all conversations."""

    def __init__(self, records: Records) -> None:
        """They lie in the database of the conversations."""
        self._records = records

    def latest(self, conversation_id: str) -> Handover | None:
        """The last hand-over of a conversation, whatever became of it."""
        query = _rows().where(HANDOVERS.c.conversation_id == conversation_id)
        return self._first(
            query.order_by(HANDOVERS.c.created_at.desc(), HANDOVERS.c.closed_at.is_(None).desc())
        )

    def live(self, conversation_id: str) -> Handover | None:
        """The hand-over of a conversation that is open or taken."""
        return self._first(
            _rows().where(HANDOVERS.c.conversation_id == conversation_id, HANDOVERS.c.state.in_(LIVE))
        )

    def by_ticket(self, ticket: str) -> Handover | None:
        """The hand-over of a ticket."""
        return self._first(_rows().where(HANDOVERS.c.ticket == ticket))

    def queue(self) -> list[Handover]:
        """All that are open or taken, the longest waiting first."""
        query = _rows().where(HANDOVERS.c.state.in_(LIVE)).order_by(HANDOVERS.c.created_at)
        with self._records.engine.connect() as connection:
            return [_handover(row) for row in connection.execute(query).mappings()]

    def new_ticket(self) -> str:
        """A ticket that no hand-over has, short enough to be read out."""
        while True:
            ticket = "R-" + "".join(secrets.choice(_SIGNS) for _ in range(5))
            if self.by_ticket(ticket) is None:
                return ticket

    def opening(
        self,
        conversation_id: str,
        ticket: str,
        reason: str,
        language: str,
        slots: dict[str, Any],
        now: datetime,
        callback: Callback | None = None,
    ) -> Also:
        """What is stored with the last of the messages that tell of a new hand-over."""

        def store(connection: Connection, messages: Sequence[dict[str, Any]]) -> None:
            id = secrets.token_urlsafe(12)
            connection.execute(
                insert(HANDOVERS).values(
                    id=id,
                    conversation_id=conversation_id,
                    ticket=ticket,
                    reason=reason,
                    state="open",
                    language=language,
                    slots=slots,
                    told_in=messages[-1]["id"],
                    created_at=now,
                )
            )
            if callback is not None:
                _store_callback(connection, id, callback)

        return store

    def calling_back(self, handover: Handover, callback: Callback) -> Also:
        """What is stored with the message that confirms a call back; it takes the place of an earlier one."""

        def store(connection: Connection, messages: Sequence[dict[str, Any]]) -> None:
            _store_callback(connection, handover.id, callback)
            connection.execute(
                update(HANDOVERS).where(HANDOVERS.c.id == handover.id).values(told_in=messages[-1]["id"])
            )

        return store

    def moving(self, handover: Handover, state: str, now: datetime, by: str = "") -> Also:
        """What is stored with the message that tells of another state; with its end, name and number go.

        Raises HandoverError (then nothing is stored) where the hand-over is not in the state any more that was read.
        """
        values: dict[str, Any] = {"taken_at": now, "taken_by": by} if state == "taken" else {"closed_at": now}

        def store(connection: Connection, messages: Sequence[dict[str, Any]]) -> None:
            unchanged = (HANDOVERS.c.id == handover.id) & (HANDOVERS.c.state == handover.state)
            told = messages[-1]["id"]
            moved = connection.execute(
                update(HANDOVERS).where(unchanged).values(state=state, told_in=told, **values)
            )
            if moved.rowcount != 1:
                raise HandoverError(f"{handover.ticket} is not {handover.state} any more. Read it again.")
            if state != "taken":
                connection.execute(delete(CALLBACKS).where(CALLBACKS.c.handover_id == handover.id))

        return store

    def cut_callbacks(self, before: datetime) -> int:
        """Delete names and numbers given before a time; returns how many."""
        with self._records.engine.begin() as connection:
            count = connection.execute(delete(CALLBACKS).where(CALLBACKS.c.consent_at < before)).rowcount
        if count:
            self._records.wipe()
        return count

    def _first(self, query: Select[Any]) -> Handover | None:
        with self._records.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return _handover(row) if row else None


def _rows() -> Select[Any]:
    return select(HANDOVERS, CALLBACKS).outerjoin(CALLBACKS, CALLBACKS.c.handover_id == HANDOVERS.c.id)


def _store_callback(connection: Connection, handover_id: str, callback: Callback) -> None:
    connection.execute(delete(CALLBACKS).where(CALLBACKS.c.handover_id == handover_id))
    connection.execute(
        insert(CALLBACKS).values(
            handover_id=handover_id,
            name=callback.name,
            phone=callback.phone,
            time=callback.time,
            consent_at=callback.consent_at,
        )
    )


def _handover(row: RowMapping) -> Handover:
    callback = (
        Callback(row["name"], row["phone"], row["time"], _utc(row["consent_at"])) if row["phone"] else None
    )
    return Handover(
        id=row["id"],
        conversation_id=row["conversation_id"],
        ticket=row["ticket"],
        reason=row["reason"],
        state=row["state"],
        language=row["language"],
        slots=row["slots"],
        told_in=row["told_in"],
        created_at=_utc(row["created_at"]),
        taken_at=_utc(row["taken_at"]) if row["taken_at"] else None,
        taken_by=row["taken_by"],
        closed_at=_utc(row["closed_at"]) if row["closed_at"] else None,
        callback=callback,
    )


def _utc(stored: datetime) -> datetime:
    """SQLite gives times back without a zone; all of ours are UTC."""
    return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)
