"""Pages of quality: questions that were not answered well, what members of staff flagged, what expires."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assistant.accounts import ROLES
from assistant.admin.office import BackOffice
from assistant.admin.pages.base import (
    MAX_FORM,
    Asker,
    ConsolePage,
    Office,
    Reader,
    number,
    onward,
    page,
    text_fields,
)
from assistant.admin.questions import Group
from assistant.desk import KOREAN_TIME
from assistant.problems import Problem
from assistant.staff.flags import the_flags
from index_build.expiry import expiring
from index_build.release import release_rows

LONGEST = 365  # days that questions are looked back on
Days = Annotated[int, Query(ge=1, le=LONGEST)]
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/questions")
async def questions(request: Request, staff: Asker, office: Office, days: Days = 30) -> Response:
    """Questions without an answer and badly rated answers, alike ones together; to be assigned, and closed by a test."""
    await asyncio.to_thread(office.settle_if_new)
    groups = await asyncio.to_thread(office.questions.groups, office.access.clock(), days)
    people = await asyncio.to_thread(_people, office)
    return page(request, staff, "questions.html", groups=groups, days=days, people=people)


@router.post("/questions/{key}")
async def decide(request: Request, staff: Asker, office: Office, key: str) -> Response:
    """Assign a group of questions, with a note."""
    assigned, note, days = await text_fields(request, "assigned_to", "note", "days")
    group = await group_of(office, key, number(days))
    if assigned not in ("", group.assigned_to, *await asyncio.to_thread(_people, office)):
        raise Problem("malformed")
    await asyncio.to_thread(
        office.questions.decide, group, staff.name, office.access.clock(), assigned_to=assigned, note=note
    )
    await office.access.note(staff, "question.assign", key, after={"assigned_to": assigned})
    return onward(f"/admin/questions?days={number(days)}", "assigned")


@router.get("/flags")
async def flags(request: Request, staff: Asker, closed: bool = False) -> Response:
    """Facts that members of staff flagged as wrong, with the passages that they saw."""
    rows = await asyncio.to_thread(the_flags(request).all, closed)
    return page(request, staff, "flags.html", rows=rows, closed=closed)


@router.post("/flags/{flag_id}/close")
async def close_flag(request: Request, staff: Asker, office: Office, flag_id: str) -> Response:
    """Mark a flag as dealt with."""
    if not await asyncio.to_thread(the_flags(request).close, flag_id, staff.name, office.access.clock()):
        raise Problem("no_page")
    await office.access.note(staff, "flag.close", flag_id)
    return onward("/admin/flags", "flag_closed")


@router.get("/expiring")
async def soon(request: Request, staff: Reader, office: Office, days: Days = 90) -> Response:
    """Documents that expire within some days, have expired or were replaced."""
    today = office.access.clock().astimezone(KOREAN_TIME).date()
    rows = await asyncio.to_thread(_expiring, office, today, days)
    return page(request, staff, "expiring.html", rows=rows, days=days)


async def group_of(office: BackOffice, key: str, days: int) -> Group:
    """The group of a key among those of the last days. Raises Problem where there is none."""
    groups = await asyncio.to_thread(
        office.questions.groups, office.access.clock(), min(days or LONGEST, LONGEST)
    )
    found = next((group for group in groups if group.key == key), None)
    if found is None:
        raise Problem("no_page")
    return found


def _people(office: BackOffice) -> list[str]:
    """Who may be given questions."""
    everyone = office.access.accounts.everyone()
    return [one.name for one in everyone if one.state == "active" and "questions" in ROLES[one.role]]


def _expiring(office: BackOffice, today: date, days: int) -> list[dict[str, Any]]:
    return expiring(release_rows(office.home, office.library.release.id, "documents"), today, days)
