"""Pages of doubts about figures, of documents that disagree, and of the catalogue's lists."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import UploadFile

from assistant.access import Staff
from assistant.admin_pages import Editor, Office, Reader, onward, page, text_fields
from assistant.back_office import BackOffice
from assistant.lists import MAX_LIST, told
from assistant.problems import Problem
from assistant.staff.pages import Page, language_of
from assistant.words_admin import word
from index_build.catalogue_files import CATALOGUE_FILES, BuildError
from index_build.decisions import VERDICTS, Decisions
from index_build.release import release_rows, releases

_AT_ONCE = 40  # doubts of a page
_KEY = re.compile(r"[0-9a-f]{16}")
router = APIRouter(route_class=Page)


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
    if not _KEY.fullmatch(given["key"]) or given["verdict"] not in VERDICTS:
        raise Problem("malformed")
    language = language_of(request)
    if given["verdict"] == "correct" and not (given["correction"] and given["source"]):
        return await _doubts(request, staff, office, word("doubts.missing", language), given, 422)
    try:
        await asyncio.to_thread(Decisions(office.home).decide, by=staff.name, **given)
    except ValueError:  # what is missing was looked for above: a placeholder is left
        return await _doubts(request, staff, office, word("doubts.placeholder", language), given, 422)
    kept = {name: given[name][:200] for name in ("verdict", "correction", "source") if given[name]}
    await office.access.note(staff, "doubt.decide", given["key"], after=kept)
    return onward("/admin/doubts", "decided")


@router.get("/lists")
async def lists(request: Request, staff: Reader, office: Office) -> Response:
    """The lists of the catalogue: how many rows, whether imported, by whom."""
    return await _lists(request, staff, office)


@router.post("/lists", max_body_size=MAX_LIST + 2**16)
async def take_list(request: Request, staff: Editor, office: Office) -> Response:
    """Import a list as CSV: checked row by row with all the others, then kept for the next build."""
    form, language = await request.form(), language_of(request)
    name, file = form.get("name"), form.get("file")
    if not isinstance(name, str) or name not in CATALOGUE_FILES or not isinstance(file, UploadFile):
        raise Problem("malformed")
    content = await file.read()
    try:
        done = await asyncio.to_thread(office.lists.take, name, content, staff.name, office.access.clock())
    except BuildError as error:
        await office.access.note(staff, "list.import", name, result="refused")
        return await _lists(request, staff, office, told(error, language), 422)
    counts = {"added": done.added, "changed": done.changed, "removed": done.removed}
    await office.access.note(staff, "list.import", name, after=counts)
    return await _lists(request, staff, office, imported={"name": name, **counts})


@router.post("/lists/{name}/remove")
async def remove_list(staff: Editor, office: Office, name: str) -> Response:
    """Go back to the shipped list."""
    if name not in CATALOGUE_FILES or name not in await asyncio.to_thread(office.uploads.tables):
        raise Problem("no_page")
    await asyncio.to_thread(office.uploads.remove, name, staff.name, office.access.clock())
    await office.access.note(staff, "list.remove", name)
    return onward("/admin/lists", "list_removed")


@router.get("/lists/{name}")
async def download_list(staff: Reader, office: Office, name: str) -> Response:
    """A list as CSV, as the next build reads it, to be edited and imported again."""
    if name not in CATALOGUE_FILES:
        raise Problem("no_page")
    content = await asyncio.to_thread(office.lists.content, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _doubts(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", given: dict[str, str] | None = None,
    status: int = 200, decided: bool = False, start: int = 0,
) -> Response:  # fmt: skip
    found = await asyncio.to_thread(found_doubts, office)
    rows = [row for row in found["doubts"] if bool(row["decision"]) == decided]
    return page(
        request, staff, "doubts.html", status, problem=problem, given=given or {}, release=found["release"],
        rows=rows[start : start + _AT_ONCE], total=len(rows), start=start, step=_AT_ONCE, decided=decided,
        contradictions=found["contradictions"],
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


async def _lists(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", status: int = 200,
    imported: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    rows = await asyncio.to_thread(office.lists.overview)
    return page(request, staff, "lists.html", status, rows=rows, problem=problem, imported=imported)
