"""The page of doubts about figures and of documents that disagree."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from assistant.access import Staff
from assistant.admin.office import BackOffice
from assistant.admin.pages.base import (
    MAX_FORM,
    ConsolePage,
    Editor,
    Office,
    Reader,
    number,
    onward,
    page,
    text_fields,
)
from assistant.admin.words import word
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.decisions import VERDICTS, Decisions
from index_build.release import release_rows, releases

_AT_ONCE = 40  # doubts of a page
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/doubts")
async def doubts(
    request: Request,
    staff: Reader,
    office: Office,
    decided: bool = False,
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Figures of the newest release that look damaged, those to decide first; and documents that disagree."""
    return await _doubts(request, staff, office, decided=decided, start=start)


@router.post("/doubts")
async def decide(request: Request, staff: Editor, office: Office) -> Response:
    """Confirm, correct with a source, or dismiss a doubt; it takes effect with the next build."""
    fields = ("key", "verdict", "note", "correction", "source")
    given = dict(zip(fields, await text_fields(request, *fields), strict=True))
    start, decided = await text_fields(request, "start", "decided")
    found = await asyncio.to_thread(found_doubts, office)
    if given["key"] not in {row["key"] for row in found["doubts"]} or given["verdict"] not in VERDICTS:
        raise Problem("malformed")
    if given["verdict"] != "correct":
        given |= {"correction": "", "source": ""}
    if wrong := _wrong(given):
        problem = word(wrong, language_of(request))
        return await _doubts(request, staff, office, problem, given, bool(decided), number(start))
    await asyncio.to_thread(Decisions(office.home).decide, by=staff.name, **given)
    kept = {name: given[name][:200] for name in ("verdict", "correction", "source") if given[name]}
    await office.access.note(staff, "doubt.decide", given["key"], after=kept)
    return onward(f"/admin/doubts?{urlencode({'start': number(start), 'decided': bool(decided)})}", "decided")


def _wrong(given: dict[str, str]) -> str:
    """Key of the words that say why a correction cannot be kept (see `Decisions.decide`); empty where it can."""
    if given["verdict"] != "correct":
        return ""
    if not (given["correction"] and given["source"]):
        return "doubts.missing"
    return "doubts.placeholder" if "xnumx" in given["correction"].lower() else ""


async def _doubts(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", given: dict[str, str] | None = None,
    decided: bool = False, start: int = 0,
) -> Response:  # fmt: skip
    found = await asyncio.to_thread(found_doubts, office)
    rows = [row for row in found["doubts"] if bool(row["decision"]) == decided]
    start = min(start, max(0, len(rows) - 1) // _AT_ONCE * _AT_ONCE)
    return page(
        request, staff, "doubts.html", 422 if problem else 200, problem=problem, given=given or {},
        release=found["release"], rows=rows[start : start + _AT_ONCE], total=len(rows), start=start, step=_AT_ONCE,
        decided=decided, contradictions=found["contradictions"],
    )  # fmt: skip


def found_doubts(office: BackOffice) -> dict[str, Any]:
    """Doubts of the newest whole release with the decision that holds now, certain ones first, and its contradictions."""
    release = next((row["id"] for row in releases(office.home) if row["whole"]), "")
    if not release:
        return {"release": "", "doubts": [], "contradictions": []}
    latest = Decisions(office.home).latest()
    rows = [
        row | {"decision": latest.get(row["key"])} for row in release_rows(office.home, release, "doubts")
    ]
    rows.sort(key=lambda row: (row["confidence"] != "certain", row["document_id"]))
    return {
        "release": release,
        "doubts": rows,
        "contradictions": release_rows(office.home, release, "contradictions"),
    }
