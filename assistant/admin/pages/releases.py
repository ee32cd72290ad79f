"""Pages of releases: build with live progress, compare answers side by side, publish, roll back, history.

What replaces the served release names the one that its page was about: two people, or a button pressed twice, cannot
roll back further or publish over something else than they saw.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.access import Staff, needs
from assistant.admin import candidates
from assistant.admin.building import Busy
from assistant.admin.office import BackOffice, Moved
from assistant.admin.pages.base import (
    MAX_FORM,
    MIN_REASON,
    ConsolePage,
    Editor,
    Office,
    Publisher,
    Reader,
    onward,
    page,
    text_fields,
)
from assistant.admin.told import told
from assistant.admin.words import word
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.release import drop
from knowledge.home import current_id, earlier_ids
from knowledge.library import ReleaseError

router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)
_HERE = "/admin/releases"


@router.get("/releases")
async def releases(request: Request, staff: Reader, office: Office) -> Response:
    """All releases, what is under way, and what was published by whom and when."""
    return await _releases(request, staff, office)


@router.post("/releases/build")
async def build(request: Request, staff: Editor, office: Office) -> Response:
    """Begin a build of a candidate; what is served stays."""
    return await _begin(request, staff, office, "build")


@router.post("/releases/build/cancel")
async def cancel(staff: Editor, office: Office) -> Response:
    """Stop the build that runs."""
    stopped = await asyncio.to_thread(office.builder.cancel)
    if stopped:
        await office.access.note(staff, "release.cancel")
    return onward(_HERE, "cancelled" if stopped else "nothing_runs")


@router.get("/releases/build/events", response_class=EventSourceResponse)
async def progress(
    staff: Annotated[Staff, Depends(needs("knowledge.read", is_polled=True))], office: Office
) -> AsyncIterator[ServerSentEvent]:
    """How the work under way goes on, as server-sent events `progress`, at last one `end`."""
    async for state in office.builder.follow():
        yield ServerSentEvent(data=state, event="progress" if state["running"] else "end")


@router.get("/releases/{release_id}")
async def release(request: Request, staff: Reader, office: Office, release_id: str) -> Response:
    """A candidate against what is served: documents, gate, and the answers that would change."""
    return await _release(request, staff, office, release_id)


@router.post("/releases/{release_id}/evaluate")
async def evaluate(request: Request, staff: Editor, office: Office, release_id: str) -> Response:
    """Ask the test questions of a release and of what is served."""
    return await _begin(request, staff, office, "evaluate", release_id)


@router.post("/releases/{release_id}/publish")
async def publish(request: Request, staff: Publisher, office: Office, release_id: str) -> Response:
    """Serve a release: where the gate is open, or with a reason, which is kept."""
    served, reason, forced = await text_fields(request, "served", "reason", "force")
    language = language_of(request)
    if served != current_id(office.home):
        return await _release(request, staff, office, release_id, word("problem.moved", language), 409)
    if forced and len(reason) < MIN_REASON:
        return await _release(request, staff, office, release_id, word("problem.reason", language), 422)
    return await _begin(request, staff, office, "publish", release_id, reason if forced else "")


@router.post("/releases/{release_id}/drop")
async def drop_candidate(request: Request, staff: Editor, office: Office, release_id: str) -> Response:
    """Remove a candidate that was never published."""
    try:
        await asyncio.to_thread(drop, office.home, release_id)
    except ReleaseError as error:
        return await _releases(request, staff, office, told(str(error), language_of(request)), 409)
    await office.access.note(staff, "release.drop", release_id)
    return onward(_HERE, "dropped")


@router.post("/releases/rollback")
async def roll_back(request: Request, staff: Publisher, office: Office) -> Response:
    """Serve what was published before, at once."""
    (before,) = await text_fields(request, "served")
    language = language_of(request)
    try:
        after = await asyncio.to_thread(office.roll_back, before, staff.name)
    except (Moved, Busy) as refused:
        key = "problem.moved" if isinstance(refused, Moved) else "problem.busy"
        return await _releases(request, staff, office, word(key, language), 409)
    except ReleaseError as error:
        return await _releases(request, staff, office, told(str(error), language_of(request)), 409)
    deed = {"before": {"release": before}, "after": {"release": after}}
    await office.access.note(staff, "release.rollback", after, **deed)
    return onward(_HERE, "rolled_back")


async def _begin(
    request: Request, staff: Staff, office: BackOffice, kind: str, release_id: str = "", reason: str = ""
) -> Response:
    if release_id and release_id not in await asyncio.to_thread(_known, office):
        raise Problem("no_page")
    try:
        office.builder.start(kind, staff.actor, release_id, reason)
    except Busy:
        return await _releases(request, staff, office, word("problem.busy", language_of(request)), 409)
    return onward(_HERE)


def _known(office: BackOffice) -> set[str]:
    return {folder.name for folder in (office.home / "releases").glob("*/")}


async def _releases(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", status: int = 200
) -> Response:
    served = current_id(office.home)
    rows, history = await asyncio.gather(
        asyncio.to_thread(candidates.listed, office.home),
        asyncio.to_thread(candidates.published, office.home),
    )
    state = await asyncio.to_thread(office.builder.state)
    return page(
        request, staff, "releases.html", status, releases=rows, history=history, problem=problem,
        state=state | {"message": told(state["message"], language_of(request))}, served=served, before=earlier_ids(office.home, served)[:1],
    )  # fmt: skip


async def _release(
    request: Request, staff: Staff, office: BackOffice, release_id: str, problem: str = "", status: int = 200
) -> Response:
    language = language_of(request)
    try:
        found = await asyncio.to_thread(candidates.described, office.home, release_id, language)
    except ReleaseError as error:
        raise Problem("no_page") from error
    report = await asyncio.to_thread(office.builder.report, release_id)
    return page(
        request, staff, "release.html", status, release=found, report=report, problem=problem,
        running=office.builder.state()["running"],
    )  # fmt: skip
