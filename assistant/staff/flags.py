"""Facts that members of staff flagged as wrong, with the passages and the release they saw; for the administrator."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import JSON, Column, String, Table, Text, insert, select, update

from assistant.access import Staff, needs, the_access
from assistant.privacy import clean
from assistant.staff.cards import card_of
from assistant.staff.pages import Page, language_of, render
from assistant.staff.searching import the_index
from assistant.staff_tables import METADATA, Database, Moment

_LONGEST = 1000  # characters of a comment
FLAGS = Table(
    "staff_flags",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("item", String(256), nullable=False),  # kind/id of the card
    Column("title", Text, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("release", String(64), nullable=False),
    Column("comment", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_by", String(64)),
    Column("closed_at", Moment),
)


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. `item` is kind/id of the card; `passages` are ids of `release`."""

    id: str
    item: str
    title: str
    passages: Sequence[str]
    release: str
    comment: str
    by: str
    at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None

    def public(self) -> dict[str, Any]:
        """As routes show it."""
        closed = self.closed_at.isoformat() if self.closed_at else None
        return asdict(self) | {"at": self.at.isoformat(), "closed_at": closed}


class Flags:
    """The flags of a database."""

    def __init__(self, database: Database) -> None:
        """Its table is made with those of the staff."""
        self._database = database

    def add(self, flag: Flag) -> None:
        """Keep a flag."""
        with self._database.writing() as connection:
            connection.execute(insert(FLAGS).values(**asdict(flag)))

    def all(self, closed: bool = False) -> list[Flag]:
        """Flags that wait for the administrator, the newest first; with `closed` those that do not."""
        done = FLAGS.c.closed_at.is_not(None) if closed else FLAGS.c.closed_at.is_(None)
        with self._database.reading() as connection:
            rows = connection.execute(select(FLAGS).where(done).order_by(FLAGS.c.at.desc())).mappings()
            return [Flag(**row) for row in rows]

    def close(self, id: str, by: str, now: datetime) -> bool:
        """Mark a flag as dealt with; False where there is none that waits."""
        waiting = (FLAGS.c.id == id) & FLAGS.c.closed_at.is_(None)
        with self._database.writing() as connection:
            return (
                connection.execute(update(FLAGS).where(waiting).values(closed_by=by, closed_at=now)).rowcount
                == 1
            )


def the_flags(request: Request) -> Flags:
    """The application's flags."""
    flags: Flags = request.app.state.flags
    return flags


Flagger = Annotated[Staff, Depends(needs("flag"))]
Keeper = Annotated[Staff, Depends(needs("questions"))]
pages = APIRouter(route_class=Page, include_in_schema=False, max_body_size=16 * 1024)
router = APIRouter(prefix="/api/v1/staff/flags", tags=["staff"])


@pages.post("/staff/flags")
async def flag_as_wrong(
    request: Request,
    staff: Flagger,
    item: Annotated[str, Form(max_length=256)],
    comment: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Keep a flag on the card that is shown; what looks like personal data in the comment is masked."""
    index, language = await asyncio.to_thread(the_index, request), language_of(request)
    kind, _, id = item.partition("/")
    card = await asyncio.to_thread(card_of, kind, id, index, language, date.today())
    words = clean(comment).text[:_LONGEST]
    if card is None or not words:
        return render(request, "told.html", staff, told="flag.empty" if card else "not_found", is_bad=True)
    now = datetime.now(UTC)
    flag = Flag(secrets.token_hex(8), item, card.title, card.passages, card.release, words, staff.name, now)
    await asyncio.to_thread(the_flags(request).add, flag)
    await the_access(request).note(staff, "flag.add", item, after={"flag": flag.id, "release": flag.release})
    return render(request, "told.html", staff, told="flag.sent", is_bad=False)


@router.get("")
async def list_flags(request: Request, staff: Keeper, closed: bool = False) -> dict[str, Any]:
    """Flags with their passages, for the administrator."""
    found = await asyncio.to_thread(the_flags(request).all, closed)
    return {"flags": [flag.public() for flag in found]}


@router.post("/{flag_id}/close", status_code=204)
async def close_flag(request: Request, staff: Keeper, flag_id: str) -> Response:
    """Mark a flag as dealt with. 404 where none of this id waits."""
    if not await asyncio.to_thread(the_flags(request).close, flag_id, staff.name, datetime.now(UTC)):
        return Response(status_code=404)
    await the_access(request).note(staff, "flag.close", flag_id)
    return Response(status_code=204)
