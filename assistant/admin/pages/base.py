"""How pages of the administrator's console are made: language, words, navigation, one template engine that escapes all."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.access import Staff, needs
from assistant.admin.office import BackOffice, the_office
from assistant.admin.words import WORDS, word
from assistant.desk import KOREAN_TIME
from assistant.problems import Problem, respond
from assistant.staff.pages import LANGUAGE_COOKIE, Page, language_of
from knowledge.config import LANGUAGES, OTHER, REPOSITORY

# Each page with the permission that its link needs.
PAGES: Mapping[str, str] = {
    "documents": "knowledge.read",
    "doubts": "knowledge.read",
    "lists": "knowledge.read",
    "releases": "knowledge.read",
    "expiring": "knowledge.read",
    "search": "knowledge.read",
    "tests": "questions",
    "questions": "questions",
    "flags": "questions",
    "figures": "figures",
    "accounts": "accounts",
    "audit": "audit",
    "service": "service",
    "retention": "retention",
}
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(REPOSITORY / "assistant" / "web" / "admin"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_YEAR = 365 * 24 * 3600  # seconds
MAX_FORM = (
    128 * 1024
)  # bytes of a form without files: several texts of 4,000 Korean characters, percent-encoded
MIN_REASON = 5  # characters of a reason that is asked for
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Office = Annotated[BackOffice, Depends(the_office)]
Reader = Annotated[Staff, Depends(needs("knowledge.read"))]
Editor = Annotated[Staff, Depends(needs("knowledge.edit"))]
Asker = Annotated[Staff, Depends(needs("questions"))]
Publisher = Annotated[Staff, Depends(needs("knowledge.publish"))]


class ConsolePage(Page):
    """A route of the console: an address that leads nowhere is told on a page, not as JSON."""

    def get_route_handler(self) -> _Handler:
        """The handler, with problems of reading caught."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                if request.method != "GET":
                    raise
                told = json.loads(bytes(respond(request, problem.kind, language_of(request)).body))
                return _shown(request, "missing.html", told["status"], told=told)

        return guarded


def page(request: Request, staff: Staff, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the console. `done` (of the address) or `problem` (of `values`) stands above its content."""
    frame = {
        "staff": staff,
        "may": staff.permissions.__contains__,
        "pages": [name for name, permission in PAGES.items() if permission in staff.permissions],
        "done": _done(request, language_of(request)),
        "problem": "",
    }
    return _shown(request, template, status, **frame | values)


def _shown(request: Request, template: str, status: int, **values: Any) -> HTMLResponse:
    language, here = language_of(request), request.url.path
    if request.method != "GET":
        here = "/".join(here.split("/")[:3])  # a form's address leads nowhere by itself
    query = {**request.query_params, "language": OTHER[language]}
    content = _ENVIRONMENT.get_template(template).render(
        t=lambda key, **gaps: word(key, language, **gaps),
        known=lambda key: word(key, language) if key in WORDS else key.partition(".")[2],
        language=language,
        other_language=OTHER[language],
        other=f"{quote(here)}?{urlencode(query)}",
        here=here,
        moment=moment,
        size=size,
        **values,
    )
    response = HTMLResponse(content, status, _HEADERS)
    if request.query_params.get("language") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR, secure=True, httponly=True, samesite="lax"
        )
    return response


def onward(path: str, done: str = "") -> RedirectResponse:
    """To a page after a form; `done` is a key of the words that it shows."""
    mark = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{mark}{urlencode({'done': done})}" if done else path, 303)


async def text_fields(request: Request, *names: str) -> list[str]:
    """Texts of a form, empty where they are missing, at most 4,000 characters each."""
    form = await request.form()
    return [value.strip()[:4000] if isinstance(value := form.get(name), str) else "" for name in names]


def number(text: str) -> int:
    """A whole number from a form, 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def moment(text: str | datetime | None) -> str:
    """A time in ISO 8601 as people in Korea read it; a text that is none as it is."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else text
    except ValueError:
        return str(text)
    if at is None:
        return ""
    return f"{(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(KOREAN_TIME):%Y-%m-%d %H:%M}"


def size(number: int) -> str:
    """Bytes in kB or MB."""
    return f"{number / 2**20:.1f} MB" if number >= 2**20 else f"{max(1, round(number / 1024))} kB"


def _done(request: Request, language: str) -> str:
    key = f"done.{request.query_params.get('done', '')}"
    return word(key, language) if key in WORDS else ""
