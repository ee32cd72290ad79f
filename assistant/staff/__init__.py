"""The call-centre console: look-up, fact cards, flags, live conversations. `router` holds all of its routes."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.staff import flags, pages, searching, talking, transcripts

router = APIRouter()
for _part in (
    pages.router,
    searching.pages,
    searching.router,
    flags.pages,
    flags.router,
    talking.pages,
    transcripts.pages,
):
    router.include_router(_part)
