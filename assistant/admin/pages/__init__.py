"""The pages of the administrator's console; `router` holds all of its routes."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.admin.pages import (
    documents,
    doubts,
    figures,
    lists,
    overview,
    quality,
    releases,
    search,
    service,
)

router = APIRouter(tags=["admin"], include_in_schema=False)
for _part in (overview, documents, doubts, lists, releases, search, quality, figures, service):
    router.include_router(_part.router, prefix="/admin")
