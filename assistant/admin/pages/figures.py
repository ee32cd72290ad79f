"""Pages of figures: plots made here, each with its table and its CSV; the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import Markup

from assistant.access import Staff, needs
from assistant.admin.office import BackOffice
from assistant.admin.pages.base import MAX_FORM, MIN_REASON, ConsolePage, Office, page, text_fields
from assistant.admin.usage import Figure, as_csv, figures, plot, read_usage, shown
from assistant.admin.words import WORDS, word
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.release import release_rows

Viewer = Annotated[Staff, Depends(needs("figures"))]
Auditor = Annotated[Staff, Depends(needs("audit"))]
Days = Literal[7, 30, 90]
_ROWS = 100  # of the audit log at once
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/figures")
async def show_figures(request: Request, staff: Viewer, office: Office, days: Days = 30) -> Response:
    """Usage of the last days."""
    usage = await asyncio.to_thread(read_usage, office.records, office.access.clock(), days)
    language = language_of(request)
    titles = await asyncio.to_thread(_titles, office, language)
    shown_figures = [_shown(figure, language, titles) for figure in figures(usage).values()]
    return page(request, staff, "figures.html", usage=usage, figures=shown_figures, days=days)


@router.get("/figures/{key}.csv")
async def figure_csv(request: Request, staff: Viewer, office: Office, key: str, days: Days = 30) -> Response:
    """One figure as CSV for spreadsheets."""
    usage = await asyncio.to_thread(read_usage, office.records, office.access.clock(), days)
    figure = figures(usage).get(key)
    if figure is None:
        raise Problem("no_page")
    language = language_of(request)
    header = (word(f"figure.{key}.label", language), word(f"unit.{figure.unit}", language))
    titles = await asyncio.to_thread(_titles, office, language)
    rows = [(label, f"{value:g}") for label, value in _labelled(figure, language, titles)]
    headers = {"Content-Disposition": f'attachment; filename="{key}.csv"', "Cache-Control": "no-store"}
    return Response(as_csv(header, rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/audit")
async def audit(
    request: Request,
    staff: Auditor,
    office: Office,
    before: Annotated[int, Query(ge=1, le=2**31 - 1)] = 2**31 - 1,
) -> Response:
    """The audit log, newest first, and whether it is whole."""
    return await _audit(request, staff, office, before=before)


@router.post("/audit/export")
async def export_audit(request: Request, staff: Auditor, office: Office) -> Response:
    """The whole log as CSV, for a reason that goes into the log itself (개인정보의 안전성 확보조치 기준, Article 8)."""
    (reason,) = await text_fields(request, "reason")
    if len(reason) < MIN_REASON:
        return await _audit(request, staff, office, word("problem.reason", language_of(request)))
    await office.access.note(staff, "audit.export", after={"reason": reason[:300]})
    rows = await asyncio.to_thread(office.access.audit.rows, 2**31 - 1, 10**6)
    header = list(rows[0])
    text = as_csv(header, ([row[name] for name in header] for row in rows))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _shown(figure: Figure, language: str, titles: Mapping[str, str]) -> dict[str, Any]:
    rows = _labelled(figure, language, titles)
    title = word(f"figure.{figure.key}", language)
    return {
        "key": figure.key, "title": title, "unit": figure.unit, "plot": Markup(plot(rows, figure.unit, title, figure.in_order)),
        "rows": [(label, shown(value, figure.unit)) for label, value in rows],
    }  # fmt: skip


def _labelled(figure: Figure, language: str, titles: Mapping[str, str]) -> list[tuple[str, float]]:
    """Rows with the words for their codes, and the titles of documents, where there are any."""
    named = [(f"{figure.coded}.{code}", code, value) for code, value in figure.rows]
    return [
        (word(key, language) if key in WORDS else titles.get(key, code), value) for key, code, value in named
    ]


def _titles(office: BackOffice, language: str) -> dict[str, str]:
    """Titles of the served documents by `document.` and id, in the reader's language where they are in both."""
    rows = release_rows(office.home, office.library.release.id, "documents")
    rows.sort(key=lambda row: row["language"] == language)
    return {f"document.{row['id'].partition('/')[2]}": row["title"] for row in rows}


async def _audit(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", before: int = 2**31 - 1
) -> Response:
    rows, broken = await asyncio.gather(
        asyncio.to_thread(office.access.audit.rows, before, _ROWS),
        asyncio.to_thread(office.access.audit.first_broken),
    )
    return page(
        request, staff, "audit.html", 422 if problem else 200, rows=rows, broken=broken, more=len(rows) == _ROWS,
        problem=problem,
    )  # fmt: skip
