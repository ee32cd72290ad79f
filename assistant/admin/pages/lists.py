"""Pages of the catalogue's lists: import as CSV, checked row by row; earlier versions come back the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from assistant.access import Staff
from assistant.admin.lists import MAX_LIST, Imported, wrong_rows
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
from assistant.admin.uploads import UploadError
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.catalogue_files import CATALOGUE_FILES, BuildError

router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/lists")
async def lists(request: Request, staff: Reader, office: Office) -> Response:
    """The lists of the catalogue: how many rows, whether imported, by whom, and what they were before."""
    return await _lists(request, staff, office)


@router.post("/lists", max_body_size=MAX_LIST + 2**16)
async def take_list(request: Request, staff: Editor, office: Office) -> Response:
    """Import a list as CSV: checked row by row with all the others, then kept for the next build."""
    form = await request.form()
    name, file = form.get("name"), form.get("file")
    if not isinstance(name, str) or name not in CATALOGUE_FILES or not isinstance(file, UploadFile):
        raise Problem("malformed")
    content = await file.read()

    def work() -> tuple[str, Imported]:
        return name, office.lists.take(name, content, staff.name, office.access.clock())

    return await _import(request, staff, office, name, work)


@router.post("/lists/restore")
async def bring_back(request: Request, staff: Editor, office: Office) -> Response:
    """Import again what a list was before."""
    (seq,) = await text_fields(request, "seq")

    def work() -> tuple[str, Imported]:
        return office.lists.bring_back(number(seq), staff.name, office.access.clock())

    return await _import(request, staff, office, seq, work)


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


async def _import(
    request: Request, staff: Staff, office: BackOffice, what: str, work: Callable[[], tuple[str, Imported]]
) -> Response:
    try:
        name, done = await asyncio.to_thread(work)
    except UploadError as error:
        raise Problem("malformed", detail=f"{error.ko} / {error.en}") from error
    except BuildError as error:
        await office.access.note(staff, "list.import", what, result="refused")
        return await _lists(request, staff, office, wrong_rows(error, language_of(request)))
    counts = {"added": done.added, "changed": done.changed, "removed": done.removed}
    await office.access.note(staff, "list.import", name, after=counts)
    return await _lists(request, staff, office, imported={"name": name, **counts})


async def _lists(
    request: Request, staff: Staff, office: BackOffice, wrong: Sequence[str] = (),
    imported: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    rows = await asyncio.to_thread(office.lists.overview)
    return page(
        request, staff, "lists.html", 422 if wrong else 200, rows=rows, wrong=wrong, imported=imported
    )
