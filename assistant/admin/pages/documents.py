"""Pages of documents: upload, see what is read of them, take away, bring back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import UploadFile

from assistant.access import Staff
from assistant.admin import abouts
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
from assistant.admin.uploads import Upload, UploadError
from assistant.admin.words import word
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.reading.document import UnreadableDocument
from index_build.release import release_rows
from knowledge.home import current_id
from knowledge.library import ReleaseError

MAX_UPLOAD = 160 * 2**20  # bytes of one request; a file may have 30 MB
_PIECE = 2**20
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/documents")
async def documents(request: Request, staff: Reader, office: Office) -> Response:
    """What was uploaded, with what was read of each, and what is served."""
    return await _documents(request, staff, office, [])


@router.post("/documents", max_body_size=MAX_UPLOAD)
async def upload(request: Request, staff: Editor, office: Office) -> Response:
    """Take files; each is told to be added, replaced, the same as before, or refused with the reason."""
    form = await request.form()
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    results = [await _take(file, staff, office, language_of(request)) for file in files]
    problem = "" if results else word("documents.none_chosen", language_of(request))
    return await _documents(request, staff, office, results, problem)


@router.get("/documents/{upload_id}")
async def reading(request: Request, staff: Reader, office: Office, upload_id: str) -> Response:
    """What the next build would make of a file, passage by passage, before anything is built."""
    return await _reading(request, staff, office, await _upload(office, upload_id))


@router.get("/documents/{upload_id}/file")
async def download(staff: Reader, office: Office, upload_id: str) -> Response:
    """The file as it was uploaded: to be kept, never to be shown as a page of ours."""
    found = await _upload(office, upload_id)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(
        office.uploads.folder / found.name,
        headers=headers,
        media_type="application/octet-stream",
        filename=found.name,
    )


@router.post("/documents/{upload_id}/about")
async def tell(request: Request, staff: Editor, office: Office, upload_id: str) -> Response:
    """Keep what the file does not say of itself: title, publisher, dates, address, what replaced it."""
    found = await _upload(office, upload_id)
    values = dict(zip(abouts.FIELDS, await text_fields(request, *abouts.FIELDS), strict=True))
    if wrong := abouts.wrong_fields(values):
        language = language_of(request)
        names = ", ".join(word(f"about.{field}", language) for field in wrong)
        return await _reading(
            request, staff, office, found, word("about.wrong", language, names=names), values
        )
    path = office.uploads.folder / found.name
    before = await asyncio.to_thread(abouts.known_of, path)
    await asyncio.to_thread(abouts.keep, path, values)
    await office.access.note(staff, "upload.about", found.name, before=before, after=values)
    return onward(f"/admin/documents/{upload_id}", "told")


@router.post("/documents/{upload_id}/remove")
async def remove(staff: Editor, office: Office, upload_id: str) -> Response:
    """Take a file out of the next build."""
    found = await _upload(office, upload_id)
    await asyncio.to_thread(office.uploads.remove, found.name, staff.name, office.access.clock())
    await office.access.note(staff, "upload.remove", found.name, before={"sha256": found.sha256})
    return onward("/admin/documents", "removed")


@router.post("/documents/restore")
async def restore(request: Request, staff: Editor, office: Office) -> Response:
    """Bring back a version of a file."""
    (seq,) = await text_fields(request, "seq")
    try:
        name = await asyncio.to_thread(office.uploads.restore, number(seq), staff.name, office.access.clock())
    except UploadError as error:
        raise Problem("malformed", detail=f"{error.ko} / {error.en}") from error
    await office.access.note(staff, "upload.restore", name)
    return onward("/admin/documents", "restored")


async def _documents(
    request: Request, staff: Staff, office: BackOffice, results: list[dict[str, Any]], problem: str = ""
) -> Response:
    is_refused = problem or any(result["what"] == "refused" for result in results)
    uploads = await asyncio.to_thread(office.uploads.listed)
    rows = [(u, office.inspector.state(office.uploads.folder / u.name, u.sha256)) for u in uploads]
    return page(
        request,
        staff,
        "documents.html",
        422 if is_refused else 200,
        problem=problem,
        rows=rows,
        pending=any(read is None for _, read in rows),
        results=results,
        removed=await asyncio.to_thread(office.uploads.removed),
        served=await asyncio.to_thread(_served, office),
    )


async def _reading(
    request: Request, staff: Staff, office: BackOffice, found: Upload, problem: str = "",
    values: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    path = office.uploads.folder / found.name
    read = await asyncio.to_thread(office.inspector.result, path, found.sha256)
    served = await asyncio.to_thread(_served, office)
    replaced = [row for row in served if row["id"] == f"{read.get('language')}/{read.get('id')}"]
    history = await asyncio.to_thread(office.uploads.history, found.name)
    about = values or await asyncio.to_thread(abouts.known_of, path)
    return page(
        request, staff, "reading.html", 422 if problem else 200, file=found, read=read, replaced=replaced,
        history=history, about=about, dates=abouts.DATES, problem=problem,
    )  # fmt: skip


async def _take(file: UploadFile, staff: Staff, office: BackOffice, language: str) -> dict[str, Any]:
    given = file.filename or ""
    try:
        name, what = await asyncio.to_thread(
            office.uploads.add, given, _pieces(file.file), staff.name, office.access.clock()
        )
    except (UnreadableDocument, UploadError) as error:
        why = error.text(language) if isinstance(error, UnreadableDocument) else getattr(error, language)
        await office.access.note(staff, "upload.add", Path(given).name, result="refused")
        return {"name": given[:200], "what": "refused", "why": why}
    if what != "same":
        theirs = abouts.DATES if what == "replaced" else abouts.FIELDS
        await asyncio.to_thread(abouts.forget, office.uploads.folder / name, theirs)
        await office.access.note(staff, "upload.add", name, after={"what": what})
    return {"name": name, "what": what, "why": ""}


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


async def _upload(office: BackOffice, upload_id: str) -> Upload:
    found = await asyncio.to_thread(office.uploads.get, upload_id)
    if found is None:
        raise Problem("no_page")
    return found


def _served(office: BackOffice) -> list[dict[str, Any]]:
    """Documents of the served release, by title."""
    try:
        rows = release_rows(office.home, current_id(office.home), "documents")
    except ReleaseError:
        return []
    return sorted(rows, key=lambda row: (row["title"], row["id"]))
