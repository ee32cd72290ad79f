"""The look-up of the call-centre console: results while typing, the assistant's own search, fact cards."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from actions.comparing import PRINT_PATH
from actions.look_ups import general_contacts
from assistant.access import Staff, needs
from assistant.lookup import KINDS
from assistant.staff.cards import Card, card_of
from assistant.staff.entries import Index, Indexes
from assistant.staff.pages import Page, language_of, render
from assistant.staff.words import WORDS
from knowledge.answer import confidence
from knowledge.config import LANGUAGES, OTHER
from knowledge.language import detect
from knowledge.library import Hit, Library
from knowledge.standing import quotable

_LONGEST = 300  # characters of a question
_HITS, _BELOW = 5, 8
_SNIPPET = 120  # characters of a passage beside its title
Reader = Annotated[Staff, Depends(needs("lookup"))]
Typed = Annotated[str, Query(max_length=_LONGEST)]
Kind = Literal["", "place", "incentive", "contact", "term", "document", "section"]

pages = APIRouter(route_class=Page, include_in_schema=False)
router = APIRouter(tags=["staff"])


def the_library(request: Request) -> Library:
    """The application's library."""
    library: Library = request.app.state.library
    return library


def the_index(request: Request) -> Index:
    """The type-ahead of the release that is served; made by the first request after a publication."""
    indexes: Indexes = request.app.state.staff_indexes
    return indexes.current()


@pages.get("/staff")
async def console(request: Request, staff: Reader, q: Typed = "") -> HTMLResponse:
    """The console: one search box, results, a fact card, the note of the call."""
    language = language_of(request)
    texts = {
        key: entry[language]
        for key, entry in WORDS.items()
        if key.split(".")[0] in ("copied", "copy", "tray", "note", "flag", "results", "network")
    }
    return render(
        request,
        "console.html",
        staff,
        q=q,
        kinds=["", *KINDS],
        texts=texts,
        comparison=PRINT_PATH,
        now=datetime.now(UTC),
    )


@pages.get("/staff/suggest")
def suggest(request: Request, staff: Reader, q: Typed = "", kind: Kind = "") -> HTMLResponse:
    """Results for what is typed so far."""
    index = the_index(request)
    found = index.ahead.find(q, kind)
    offices = _offices(index, language_of(request)) if q.strip() and not found else []
    return render(request, "suggest.html", staff, q=q, found=found, offices=offices)


@pages.get("/staff/search")
def search_page(request: Request, staff: Reader, q: Typed = "") -> HTMLResponse:
    """The search that the assistant uses, near misses below a line."""
    if not q.strip():
        return render(request, "suggest.html", staff, q="", found=[], offices=[])
    library, index = the_library(request), the_index(request)
    asked = _Asked.of(q, detect(q, language_of(request)), _HITS + _BELOW, library)
    shown = language_of(request)
    return render(
        request,
        "hits.html",
        staff,
        q=q,
        hits=[_shown(hit, index, shown) for hit in asked.above],
        below=[_shown(hit, index, shown) for hit in asked.beneath],
        changes=index.release.mended(q).changes,
        offices=[] if asked.above else _offices(index, shown),
    )


@pages.get("/staff/card/{kind}/{id:path}")
def card_page(request: Request, staff: Reader, kind: Kind, id: str, q: Typed = "") -> HTMLResponse:
    """The facts of one result, with what is copied of it in both languages."""
    index, language = the_index(request), language_of(request)
    cards = {one: card_of(kind, id, index, one, date.today(), q) for one in LANGUAGES}
    card = cards[language]
    if card is None:
        return render(request, "no_card.html", staff)
    return render(request, "card.html", staff, card=card, other=cards[OTHER[language]], copies=_copies(cards))


@router.get("/api/v1/search")
def search(
    request: Request,
    staff: Reader,
    q: Annotated[str, Query(min_length=1, max_length=_LONGEST)],
    language: Literal["", "ko", "en"] = "",
    top_k: Annotated[int, Query(ge=1, le=50)] = _HITS,
    below: Annotated[int, Query(ge=0, le=50, description="How many more passages, past the first top_k")] = 0,
) -> dict[str, Any]:
    """The search that the assistant uses. `line` is the support from which a passage counts as an answer."""
    started = time.perf_counter()
    library = the_library(request)
    asked = _Asked.of(q, language or detect(q), top_k + below, library)
    return {
        "id": "1",
        "question": q,
        "language": asked.language,
        "answerable": bool(asked.above),
        "confidence": round(confidence(max((h.support for h in asked.hits), default=0.0), asked.line), 4),
        "line": asked.line,
        "hits": [_hit(hit) for hit in asked.hits[:top_k]],
        "below": [_hit(hit) for hit in asked.hits[top_k:]],
        "took_ms": round((time.perf_counter() - started) * 1000, 1),
        "release": library.release.id,
    }


class _Asked:
    """A question with its hits: the best ones with the support that an answer needs, and the others beneath them."""

    def __init__(self, language: str, hits: list[Hit], line: float) -> None:
        self.language, self.hits, self.line = language, hits, line
        self.above = [hit for hit in hits if hit.support >= line][:_HITS]
        self.beneath = [hit for hit in hits if hit not in self.above]

    @classmethod
    def of(cls, question: str, language: str, count: int, library: Library) -> _Asked:
        line = library.config.minimum_support[language]
        return cls(language, library.search(question, language, count), line)


def _copies(cards: dict[str, Card | None]) -> dict[str, str]:
    return {language: card.copied() for language, card in cards.items() if card}


def _shown(hit: Hit, index: Index, language: str) -> dict[str, Any]:
    passage = hit.passage
    twin = index.twins.get(passage.id) if passage.language != language else None
    passage = (index.release.passage(twin) if twin else None) or passage
    text = " ".join(sentence.text for sentence in quotable(passage))
    return {
        "id": passage.id,
        "title": passage.section or passage.title,
        "beside": passage.title if passage.section else passage.publisher,
        "text": text if len(text) <= _SNIPPET else f"{text[:_SNIPPET]}…",
        "score": f"{hit.score:.2f}",
        "support": f"{hit.support:.0%}".rstrip("%"),
        "language": passage.language,
    }


def _offices(index: Index, language: str) -> list[dict[str, Any]]:
    """Whom to name where nothing is found."""
    card = general_contacts(index.release, language).card or {}
    rows: list[dict[str, Any]] = card.get("rows", [])
    return rows


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    names = (
        "document_id", "title", "section", "publisher", "published_on", "as_of", "language", "text", "source_name",
    )  # fmt: skip
    values = {name: getattr(passage, name) for name in names}
    scores = {"rank": hit.rank, "score": round(hit.score, 4), "support": round(hit.support, 4)}
    return scores | {"passage_id": passage.id} | values | {"warnings": list(passage.warnings)}
