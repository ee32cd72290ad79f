"""Pages of the search as the assistant uses it, and of the test questions that were kept from it."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from assistant.access import Staff
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
from assistant.admin.pages.quality import Days, group_of
from assistant.admin.words import word
from assistant.desk import KOREAN_TIME
from assistant.problems import Problem
from assistant.staff.pages import language_of
from index_build.catalogue_files import BuildError
from knowledge.answer import compose
from knowledge.config import LANGUAGES
from knowledge.evidence import MEASURES
from knowledge.language import detect

_HITS = 12
_MOST = 1000  # characters of a question
_FIELDS = ("question", "asked_in", "facts", "never", "documents", "group", "days")
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/search")
async def search(
    request: Request,
    staff: Reader,
    office: Office,
    q: Annotated[str, Query(max_length=_MOST)] = "",
    asked_in: Literal["", "ko", "en"] = "",
    group: Annotated[str, Query(max_length=32)] = "",
    days: Days = 30,
) -> Response:
    """A question as the assistant would take it: its answer, and passages above and below the line, with all score parts."""
    given = {"question": q.strip(), "asked_in": asked_in, "group": group, "days": str(days)}
    return await _search(request, staff, office, given)


@router.get("/tests")
async def tests(request: Request, staff: Asker, office: Office) -> Response:
    """The test questions that were kept, and whether what is served answers each rightly."""
    try:
        rows = await asyncio.to_thread(_kept, office)
    except BuildError as error:
        return page(request, staff, "tests.html", 500, rows=[], problem=str(error))
    return page(request, staff, "tests.html", rows=rows)


@router.post("/tests")
async def keep_test(request: Request, staff: Asker, office: Office) -> Response:
    """Keep a question as a test: what its answer must hold, must not hold, and cite. The next build takes it up."""
    given = dict(zip(_FIELDS, await text_fields(request, *_FIELDS), strict=True))
    test = _test_of(given)
    if not test["question"] or not (test["facts"] or test["documents"]):
        return await _search(request, staff, office, given, word("tests.missing", language_of(request)))
    group = await group_of(office, given["group"], number(given["days"])) if given["group"] else None
    now = office.access.clock()
    try:
        await asyncio.to_thread(office.lists.keep_question, test, staff.name, now)
    except BuildError as error:
        raise Problem("malformed", detail=str(error)) from error
    if group:
        await asyncio.to_thread(office.questions.decide, group, staff.name, now, test_id=test["id"])
        await asyncio.to_thread(office.settle)
    await office.access.note(staff, "question.test", test["id"], after={"group": given["group"]})
    return onward("/admin/questions" if group else "/admin/tests", "tested")


@router.post("/tests/{test_id}/remove")
async def forget_test(staff: Asker, office: Office, test_id: str) -> Response:
    """Take a kept test question away; a group of questions that it closed is open again."""
    now = office.access.clock()
    if not await asyncio.to_thread(office.lists.forget_question, test_id, staff.name, now):
        raise Problem("no_page")
    await asyncio.to_thread(office.settle)
    await office.access.note(staff, "question.untest", test_id)
    return onward("/admin/tests", "untested")


def _kept(office: BackOffice) -> list[tuple[dict[str, Any], bool]]:
    return [(test, office.asked(test).right) for test in office.lists.kept_questions()]


async def _search(
    request: Request, staff: Staff, office: BackOffice, given: dict[str, str], problem: str = ""
) -> Response:
    question, asked_in = given["question"], given["asked_in"]
    if asked_in not in LANGUAGES:
        asked_in = detect(question) if question else "ko"
    found = await asyncio.to_thread(_found, office, question, asked_in) if question else None
    return page(
        request, staff, "search.html", 422 if problem else 200, given=given, asked_in=asked_in, found=found,
        problem=problem, measures=MEASURES,
    )  # fmt: skip


def _found(office: BackOffice, question: str, asked_in: str) -> dict[str, Any]:
    library = office.library
    threshold = library.config.minimum_support[asked_in]
    answer = compose(question, asked_in, library, office.access.clock().astimezone(KOREAN_TIME).date())
    hits = [
        {"hit": hit, "parts": asdict(hit.evidence), "above": hit.support >= threshold}
        for hit in library.search(question, asked_in, _HITS)
    ]
    cited = list(dict.fromkeys(citation.passage.document_id for citation in answer.citations))
    return {
        "answer": answer, "cited": cited, "hits": hits, "threshold": threshold, "release": library.release.id,
        "read_as": library.release.mended(question).text,
    }  # fmt: skip


def _test_of(given: dict[str, str]) -> dict[str, Any]:
    """A test question as builds read it: a line a fact, its forms between bars."""
    facts = [
        [form.strip() for form in line.split("|") if form.strip()] for line in given["facts"].splitlines()
    ]
    return {
        "id": f"kept-{hashlib.sha256(given['question'].encode()).hexdigest()[:12]}",
        "language": given["asked_in"] if given["asked_in"] in LANGUAGES else detect(given["question"]),
        "question": given["question"][:_MOST],
        "facts": [forms for forms in facts if forms],
        "never": [line.strip() for line in given["never"].splitlines() if line.strip()],
        "documents": [name.strip() for name in given["documents"].split(",") if name.strip()],
    }
