"""Past conversations: found by words, day and outcome, and read. Both are written to the audit log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, exists, select

from assistant.access import Staff, needs, the_access
from assistant.desk import KOREAN_TIME
from assistant.records import Records
from assistant.staff.pages import Page, language_of, render
from assistant.staff.talking import the_records
from assistant.staff.words import word
from assistant.tables import MESSAGES, OUTCOMES
from knowledge.answer import Status

_SHOWN = 50
_READ = 500  # messages looked at, the newest first
_AROUND = 60  # characters on each side of what was looked for
Talker = Annotated[Staff, Depends(needs("conversations"))]
Words = Annotated[str, Query(max_length=200)]
pages = APIRouter(route_class=Page, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation that fits: when its last fitting message was said (UTC), by whom, and the words around the place."""

    id: str
    at: datetime
    sender: str
    text: str


@pages.get("/staff/transcripts")
async def transcripts(
    request: Request, staff: Talker, q: Words = "", since: str = "", until: str = "", outcome: str = ""
) -> HTMLResponse:
    """Conversations that have all of the words, between two days (Korean time), with an outcome."""
    problem, found = "", list[Found]()
    try:
        start, end = _day(since), _day(until)
    except ValueError:
        problem, start, end = "past.wrong_date", None, None
    is_asked = bool(q.strip() or since or until or outcome) and not problem
    if is_asked:
        records = the_records(request)
        found = await asyncio.to_thread(find_conversations, records, q, start, end, outcome)
        # What was looked for may be somebody's name, so the words stay out of the log.
        await the_access(request).note(staff, "conversation.search", after={"found": len(found)})
    return render(
        request,
        "transcripts.html",
        staff,
        q=q,
        since=since,
        until=until,
        outcome=outcome,
        outcomes=["", *(one.value for one in Status)],
        found=found,
        is_asked=is_asked,
        problem=problem,
    )


@pages.get("/staff/transcripts/{id}")
async def transcript(request: Request, staff: Talker, id: str) -> HTMLResponse:
    """One conversation to read."""
    messages = await asyncio.to_thread(the_records(request).messages, id)
    if not messages:
        language = language_of(request)
        title, text = word("not_found", language), word("not_found.how", language)
        return render(request, "message.html", staff, 404, title=title, text=text)
    await the_access(request).note(staff, "conversation.read", id)
    return render(request, "transcript.html", staff, messages=messages)


def find_conversations(
    records: Records, words: str, since: date | None, until: date | None, outcome: str
) -> list[Found]:
    """The newest conversations first, each once. Every word must stand in one message, in any case."""
    conditions: list[ColumnElement[bool]] = [
        MESSAGES.c.text.icontains(one, autoescape=True) for one in words.split()
    ]
    if since:
        conditions.append(MESSAGES.c.created_at >= _midnight(since))
    if until:
        conditions.append(MESSAGES.c.created_at < _midnight(until + timedelta(days=1)))
    if outcome:
        conditions.append(
            exists().where(OUTCOMES.c.message_id == MESSAGES.c.id, OUTCOMES.c.status == outcome)
        )
    query = select(MESSAGES).where(*conditions).order_by(MESSAGES.c.created_at.desc()).limit(_READ)
    found: dict[str, Found] = {}
    with records.engine.connect() as connection:
        for row in connection.execute(query).mappings():
            found.setdefault(row["conversation_id"], _found(dict(row), words))
    return list(found.values())[:_SHOWN]


def _found(row: dict[str, Any], words: str) -> Found:
    first = (words.split() or [""])[0].lower()
    place = max(0, row["text"].lower().find(first) - _AROUND)
    text = row["text"][place : place + 2 * _AROUND]
    return Found(row["conversation_id"], row["created_at"].replace(tzinfo=UTC), row["sender"], text)


def _day(text: str) -> date | None:
    """A date, or None for an empty text. Raises ValueError."""
    return date.fromisoformat(text) if text.strip() else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KOREAN_TIME).astimezone(UTC)
