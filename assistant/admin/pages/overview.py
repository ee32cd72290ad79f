"""The first page of the administrator's console: what is served, what waits, what asks for attention."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from assistant.access import Staff, needs
from assistant.admin.candidates import listed as releases
from assistant.admin.office import BackOffice
from assistant.admin.pages.base import MAX_FORM, ConsolePage, Office, page
from assistant.admin.pages.doubts import found_doubts
from assistant.desk import KOREAN_TIME
from assistant.staff.flags import Flags, the_flags
from index_build.expiry import expiring
from index_build.release import release_rows
from knowledge.home import current_id

_DAYS, _SOON = 30, 90  # of questions looked back on; ahead of what expires
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("")
async def overview(
    request: Request, staff: Annotated[Staff, Depends(needs("knowledge.read"))], office: Office
) -> Response:
    """What is served, what waits, and what asks for attention."""
    return page(
        request, staff, "overview.html", **await asyncio.to_thread(_overview, office, the_flags(request))
    )


def _overview(office: BackOffice, flags: Flags) -> dict[str, Any]:
    rows, served = releases(office.home), current_id(office.home)
    now = office.access.clock()
    documents = release_rows(office.home, office.library.release.id, "documents")
    groups = office.questions.groups(now, _DAYS)
    return {
        "served": next((row for row in rows if row["id"] == served), None),
        "waiting": [row for row in rows if row["whole"] and not row["published"] and row["id"] > served],
        "uploads": len(office.uploads.listed()),
        "fault": office.library.problem,
        "is_on": office.switch.state().is_on,
        "expiring": len(expiring(documents, now.astimezone(KOREAN_TIME).date(), _SOON)),
        "questions": sum(not group.is_closed for group in groups),
        "flags": len(flags.all()),
        "doubts": sum(not row["decision"] for row in found_doubts(office)["doubts"]),
    }
