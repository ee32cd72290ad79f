"""Live conversations: the queue of hand-overs, one of them with suggested answers, taking over and giving back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from actions.guide import Guided, summary
from assistant.access import Staff, needs, the_access
from assistant.handover import Reception
from assistant.handover_records import Handover, HandoverError
from assistant.records import Records
from assistant.refusals import Refusal
from assistant.staff.cards import Card, passage_card
from assistant.staff.entries import Index
from assistant.staff.pages import Page, language_of, render
from assistant.staff.searching import the_index, the_library
from assistant.staff.words import WORDS, word
from knowledge.language import detect
from knowledge.library import Release

_SUGGESTIONS = 3
_LONGEST = 2000  # characters of a reply
_NAMED = {"region": "region", "programme": "programme", "company_type": "company_type", "facility_type": "facility_type", "industry": "industry", "origin": "origin"}  # fmt: skip
Talker = Annotated[Staff, Depends(needs("conversations"))]
Watcher = Annotated[Staff, Depends(needs("conversations", is_polled=True))]
After = Annotated[int, Query(ge=0, le=2**31 - 1)]
pages = APIRouter(route_class=Page, include_in_schema=False, max_body_size=32 * 1024)


def the_reception(request: Request) -> Reception:
    """The application's hand-overs."""
    reception: Reception = request.app.state.chat.reception
    return reception


def the_records(request: Request) -> Records:
    """The application's conversations."""
    records: Records = request.app.state.chat.records
    return records


@pages.get("/staff/queue")
async def queue_page(request: Request, staff: Talker) -> HTMLResponse:
    """Who waits for a person, the longest first."""
    return render(request, "queue.html", staff)


@pages.get("/staff/queue/list")
async def queue_list(request: Request, staff: Watcher) -> HTMLResponse:
    """The queue as it is now; asked for every few seconds."""
    reception = the_reception(request)
    waiting = await asyncio.to_thread(reception.kept.queue)
    now = reception.now()
    rows = [(one, max(0, int((now - one.created_at).total_seconds() // 60))) for one in waiting]
    return render(request, "queue_list.html", staff, rows=rows)


@pages.get("/staff/conversations/{ticket}")
async def conversation_page(request: Request, staff: Talker, ticket: str) -> HTMLResponse:
    """One conversation with what is known of the company. Opening it is written to the audit log."""
    handover = await _handover(request, ticket)
    if handover is None:
        return _gone(request, staff)
    messages = await asyncio.to_thread(the_records(request).messages, handover.conversation_id)
    release, language = the_library(request).release, language_of(request)
    shown = {"callback": True} if handover.callback else {}
    await the_access(request).note(staff, "conversation.read", ticket, after=shown or None)
    return render(
        request,
        "talk.html",
        staff,
        handover=handover,
        messages=messages,
        after=messages[-1]["seq"] if messages else 0,
        asked=_last_asked(messages),
        told=summary(Guided.from_slot(handover.slots.get("guide")), release, language),
        facts=_facts(handover.slots, release, language),
        is_mine=handover.state == "taken" and handover.taken_by == staff.name,
    )


@pages.get("/staff/conversations/{ticket}/messages")
async def newer_messages(
    request: Request, staff: Watcher, ticket: str, after: After, state: str = ""
) -> Response:
    """What was said since; 204 where nothing was. The whole page is asked for again when the state is another."""
    handover = await _handover(request, ticket)
    if handover is None or handover.state != state:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    messages = await asyncio.to_thread(the_records(request).messages, handover.conversation_id, after)
    if not messages:
        return Response(status_code=204)
    return render(
        request,
        "talk_tail.html",
        staff,
        handover=handover,
        messages=messages,
        after=messages[-1]["seq"],
        asked=_last_asked(messages),
    )


@pages.get("/staff/conversations/{ticket}/suggestions")
async def suggestions(request: Request, staff: Watcher, ticket: str, seq: After) -> HTMLResponse:
    """The passages that fit a message of the visitor best, as answers to insert."""
    handover = await _handover(request, ticket)
    if handover is None:
        return _gone(request, staff)
    messages = await asyncio.to_thread(the_records(request).messages, handover.conversation_id)
    said = next((m["text"] for m in messages if m["seq"] == seq and m["sender"] == "user"), "")
    found = await asyncio.to_thread(_suggested, request, said, handover.language) if said else []
    return render(request, "suggestions.html", staff, found=found, said=said)


@pages.post("/staff/conversations/{ticket}/take")
async def take(request: Request, staff: Talker, ticket: str) -> Response:
    """Take the conversation over; the assistant is silent from here."""
    return await _step(request, staff, ticket, "take")


@pages.post("/staff/conversations/{ticket}/return")
async def give_back(request: Request, staff: Talker, ticket: str) -> Response:
    """Give the conversation back to the assistant."""
    return await _step(request, staff, ticket, "return")


@pages.post("/staff/conversations/{ticket}/close")
async def close(request: Request, staff: Talker, ticket: str) -> Response:
    """End the hand-over."""
    return await _step(request, staff, ticket, "close")


@pages.post("/staff/conversations/{ticket}/called")
async def called_back(request: Request, staff: Talker, ticket: str) -> Response:
    """End the hand-over after a telephone call; name and number are deleted."""
    return await _step(request, staff, ticket, "called")


@pages.post("/staff/conversations/{ticket}/say")
async def say(request: Request, staff: Talker, ticket: str, text: Annotated[str, Form()] = "") -> Response:
    """Send a reply to the visitor's window."""
    language = language_of(request)
    handover = await _handover(request, ticket)
    if not 0 < len(text.strip()) <= _LONGEST:
        return _problem(422, "talk.text", language)
    try:
        if handover is None:
            raise HandoverError(ticket)
        await the_reception(request).staff_says(handover.conversation_id, text, staff.name)
    except HandoverError:
        return _problem(409, "talk.moved", language)
    await the_access(request).note(staff, "conversation.say", ticket)
    return Response(status_code=204, headers={"HX-Trigger": "said"})


async def _step(request: Request, staff: Staff, ticket: str, step: str) -> Response:
    """One step of a hand-over, and its row in the audit log."""
    reception = the_reception(request)
    handover = await _handover(request, ticket)
    if handover and handover.state == "taken" and handover.taken_by != staff.name and staff.role != "admin":
        await the_access(request).note(staff, f"conversation.{step}", ticket, result="refused")
        raise Refusal("permission")
    steps = {
        "take": lambda: reception.staff_takes(ticket, staff.name),
        "return": lambda: reception.staff_gives_back(ticket),
        "close": lambda: reception.staff_closes(ticket),
        "called": lambda: reception.staff_closes(ticket, called_back=True),
    }
    try:
        await steps[step]()
    except HandoverError:
        return _problem(409, "talk.moved", language_of(request))
    await the_access(request).note(staff, f"conversation.{step}", ticket)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


async def _handover(request: Request, ticket: str) -> Handover | None:
    return await asyncio.to_thread(the_reception(request).kept.by_ticket, ticket)


def _last_asked(messages: list[dict[str, Any]]) -> int:
    """Number of the visitor's last message; 0 where there is none."""
    return next((int(m["seq"]) for m in reversed(messages) if m["sender"] == "user"), 0)


def _suggested(request: Request, said: str, default: str) -> list[tuple[Card, bool]]:
    """Cards, each with whether its support is enough for an answer."""
    library, index = the_library(request), the_index(request)
    language = detect(said, default)
    line = library.config.minimum_support[language]
    hits = library.search(said, language, _SUGGESTIONS)
    return [(_card(hit.passage, index, language, said), hit.support >= line) for hit in hits]


def _card(passage: Any, index: Index, language: str, said: str) -> Card:
    return passage_card(passage, index, language, date.today(), said)


def _facts(slots: Mapping[str, Any], release: Release, language: str) -> list[tuple[str, str]]:
    """What the engine knew of the company, in words: slots that have a name in this console."""
    found = []
    for name, value in slots.items():
        if f"slot.{name}" not in WORDS:
            continue
        values = value if isinstance(value, list) else [value]
        entries = [release.gazetteer.get(_NAMED.get(name, ""), str(one)) for one in values]
        shown = [
            entry.name(language) if entry else _plain(one) for entry, one in zip(entries, values, strict=True)
        ]
        found.append((word(f"slot.{name}", language), ", ".join(filter(None, shown))))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if isinstance(part, (str, int, float)))
    return str(value)


def _gone(request: Request, staff: Staff) -> HTMLResponse:
    language = language_of(request)
    title, text = word("not_found", language), word("not_found.how", language)
    return render(request, "message.html", staff, 404, title=title, text=text)


def _problem(status: int, key: str, language: str) -> JSONResponse:
    body = {
        "type": f"urn:problem:{key}",
        "title": word("talk", language),
        "status": status,
        "detail": word(key, language),
    }
    return JSONResponse(body, status, media_type="application/problem+json")
