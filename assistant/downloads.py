"""A comparison of places to take away: as a CSV file, and as a page to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.comparing import CSV_PATH, PRINT_PATH
from assistant.problems import Problem
from knowledge.catalogue import District
from knowledge.comparison import FACTS, FEWEST, MOST, Comparison, Statement, compare, name_of, notes
from knowledge.config import REPOSITORY
from knowledge.differences import differences
from knowledge.library import Release
from knowledge.source import Source
from knowledge.words_comparison import compared

router = APIRouter(tags=["visitor"])
_COLUMNS = ("place", "fact", "value", "as_of", "source", "url", "status")
# A spreadsheet takes a cell that begins with one of these for a formula, in full width too (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PAGES = Environment(
    loader=FileSystemLoader(REPOSITORY / "assistant" / "web" / "print"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Places = Annotated[str, Query(max_length=400, description="Two to five ids of districts, with commas")]
Facts = Annotated[str, Query(max_length=400, description=f"Of {', '.join(FACTS)}; all where empty")]
Language = Literal["ko", "en"]


@router.get(CSV_PATH, response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def download_comparison(
    request: Request, places: Places, facts: Facts = "", language: Language = "ko"
) -> Response:
    """A comparison as CSV for spreadsheets: a line a value, UTF-8 with byte order mark."""
    comparison = _comparison(_release(request), places, facts, language)
    return Response(
        "\ufeff" + _csv(comparison, language),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="comparison.csv"'},
    )


@router.get(PRINT_PATH, response_class=HTMLResponse, include_in_schema=False)
async def print_comparison(
    request: Request, places: Places, facts: Facts = "", language: Language = "ko"
) -> HTMLResponse:
    """A comparison as a page without script, for paper and for browsers without one."""
    release = _release(request)
    comparison = _comparison(release, places, facts, language)
    other = "en" if language == "ko" else "ko"
    query = {"places": places, "facts": facts}
    sources = _sources(comparison)
    page = _PAGES.get_template("comparison.html").render(
        comparison=comparison,
        language=language,
        title=compared("title", language, places=" · ".join(name_of(p, language) for p in comparison.places)),
        words=lambda key, **values: compared(key, language, **values),
        name_of=name_of,
        web_address=_is_web_address,
        today=date.today().isoformat(),
        release=release.id,
        lines=differences(comparison, language),
        notes=notes(comparison, language),
        sources=sources,
        numbers={key: number for number, keys in enumerate(sources.values(), start=1) for key in keys},
        csv=f"{CSV_PATH}?{urlencode(query | {'language': language})}",
        other=f"{PRINT_PATH}?{urlencode(query | {'language': other})}",
        other_language=other,
    )
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def _release(request: Request) -> Release:
    release: Release = request.app.state.library.release
    return release


def _comparison(release: Release, places: str, facts: str, language: str) -> Comparison:
    """The comparison asked for. Raises Problem naming what is unknown and what is allowed."""
    districts = release.catalogue.districts
    wanted = _listed(places)
    allowed = ", ".join(districts)
    if unknown := [place for place in wanted if place not in districts]:
        raise _problem("places", language, names=", ".join(unknown), allowed=allowed)
    if not FEWEST <= len(wanted) <= MOST:
        raise _problem("count", language, fewest=FEWEST, most=MOST, count=len(wanted), allowed=allowed)
    chosen = _listed(facts) or FACTS
    if unknown := [fact for fact in chosen if fact not in FACTS]:
        raise _problem("facts", language, names=", ".join(unknown), allowed=", ".join(FACTS))
    return compare([districts[place] for place in wanted], chosen, release.catalogue, date.today())


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _problem(kind: str, language: str, **values: object) -> Problem:
    return Problem("malformed", language, compared(f"problem.{kind}", language, **values))


def _csv(comparison: Comparison, language: str) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(compared(f"column.{column}", language) for column in _COLUMNS)
    for (place, fact), cell in comparison.cells.items():
        for told in cell:
            district = next(d for d in comparison.places if d.id == place)
            writer.writerow(_harmless(_line(district, fact, told, language)))
    return table.getvalue()


def _line(place: District, fact: str, told: Statement, language: str) -> Sequence[str]:
    source = told.source or Source("", "", "", "", "", "", "")
    return (
        name_of(place, language),
        compared(f"fact.{fact}", language),
        told.words(language),
        source.as_of,
        source.title,
        source.url,
        told.status(language),
    )


def _harmless(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula."""
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def _sources(comparison: Comparison) -> dict[Source, tuple[str, ...]]:
    """What the values rest on, as they come: each publication with the keys of its rows."""
    found: dict[Source, dict[str, None]] = {}
    for cell in comparison.cells.values():
        for source in (told.source for told in cell if told.source):
            publication = Source("", source.title, source.publisher, "", source.as_of, source.url, "")
            found.setdefault(publication, {})[source.key] = None
    return {publication: tuple(keys) for publication, keys in found.items()}


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://"))
