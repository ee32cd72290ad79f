"""Pages of quality: the search as the assistant uses it, test questions, questions not answered well, what expires."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from assistant.access import Staff, needs
from assistant.admin_pages import Office, Reader, onward, page, text_fields
from assistant.back_office import BackOffice
from assistant.desk import KOREAN_TIME
from assistant.problems import Problem
from assistant.quality import Group
from assistant.staff.flags import the_flags
from assistant.staff.pages import Page, language_of
from assistant.words_admin import word
from index_build.catalogue_files import BuildError
from index_build.expiry import expiring
from index_build.release import release_rows
from knowledge.answer import compose
from knowledge.config import LANGUAGES
from knowledge.evidence import MEASURES
from knowledge.language import detect

_HITS = 12
_MOST = 1000  # characters of a question
Asker = Annotated[Staff, Depends(needs("questions"))]
Days = Annotated[int, Query(ge=1, le=365)]
router = APIRouter(route_class=Page)


@router.get("/search")
async def search(
    request: Request,
    staff: Reader,
    office: Office,
    q: Annotated[str, Query(max_length=_MOST)] = "",
    asked_in: Literal["", "ko", "en"] = "",
    group: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """A question as the assistant would take it: its answer, and passages above and below the line, with all score parts."""
    return await _search(request, staff, office, q.strip(), asked_in, group)


@router.post("/tests")
async def keep_test(request: Request, staff: Asker, office: Office) -> Response:
    """Keep a question as a test: what its answer must hold, must not hold, and cite. The next build takes it up."""
    names = ("question", "asked_in", "facts", "never", "documents", "group")
    given = dict(zip(names, await text_fields(request, *names), strict=True))
    test = _test_of(given)
    group = await _group(office, given["group"]) if given["group"] else None
    if not test["question"] or not (test["facts"] or test["documents"]):
        problem = word("tests.missing", language_of(request))
        return await _search(
            request, staff, office, given["question"], given["asked_in"], given["group"], problem, given
        )
    now = office.access.clock()
    try:
        await asyncio.to_thread(office.lists.keep_question, test, staff.name, now)
    except BuildError as error:
        raise Problem("malformed", detail=str(error)) from error
    if group:
        await asyncio.to_thread(office.questions.decide, group, staff.name, now, test_id=test["id"])
        await asyncio.to_thread(office.settle)
    await office.access.note(staff, "question.test", test["id"], after={"group": given["group"]})
    return onward("/admin/questions", "tested")


@router.get("/questions")
async def questions(request: Request, staff: Asker, office: Office, days: Days = 30) -> Response:
    """Questions without an answer and badly rated answers, alike ones together; to be assigned, and closed by a test."""
    groups = await asyncio.to_thread(office.questions.groups, office.access.clock(), days)
    everyone = await asyncio.to_thread(office.access.accounts.everyone)
    return page(
        request, staff, "questions.html", groups=groups, days=days,
        people=[account.name for account in everyone if account.state == "active"],
    )  # fmt: skip


@router.post("/questions/{key}")
async def decide(request: Request, staff: Asker, office: Office, key: str) -> Response:
    """Assign a group of questions, with a note."""
    group = await _group(office, key)
    assigned, note = await text_fields(request, "assigned_to", "note")
    everyone = await asyncio.to_thread(office.access.accounts.everyone)
    if assigned and assigned not in {account.name for account in everyone}:
        raise Problem("malformed")
    await asyncio.to_thread(
        office.questions.decide, group, staff.name, office.access.clock(), assigned_to=assigned, note=note
    )
    await office.access.note(staff, "question.assign", key, after={"assigned_to": assigned})
    return onward("/admin/questions", "assigned")


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


async def _search(
    request: Request, staff: Staff, office: BackOffice, question: str, asked_in: str, group: str,
    problem: str = "", given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    asked_in = asked_in if asked_in in LANGUAGES else detect(question) if question else "ko"
    found = await asyncio.to_thread(_found, office, question, asked_in) if question else None
    return page(
        request, staff, "search.html", 422 if problem else 200, question=question, asked_in=asked_in, group=group,
        found=found, given=given or {}, problem=problem, measures=MEASURES,
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


async def _group(office: BackOffice, key: str) -> Group:
    """The group of a key. Raises Problem where there is none."""
    groups = await asyncio.to_thread(office.questions.groups, office.access.clock(), 365)
    found = next((group for group in groups if group.key == key), None)
    if found is None:
        raise Problem("no_page")
    return found


def _expiring(office: BackOffice, today: date, days: int) -> list[dict[str, Any]]:
    return expiring(release_rows(office.home, office.library.release.id, "documents"), today, days)
