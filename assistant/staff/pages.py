"""Pages of the call-centre console: templates, language, headers; and the pages with which people sign in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.access import Staff
from assistant.desk import KOREAN_TIME
from assistant.refusals import Refusal, words
from assistant.staff.words import label, word
from knowledge.config import LANGUAGES, OTHER, REPOSITORY

LANGUAGE_COOKIE = "staff_language"
_WEB = REPOSITORY / "assistant" / "web"
_YEAR = 365 * 24 * 3600  # seconds
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGES = Environment(
    loader=FileSystemLoader(_WEB / "staff"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Page(APIRoute):
    """A route for people: whoever is signed out is led to the sign-in page, and a refusal is a page and not JSON."""

    def get_route_handler(self) -> _Handler:
        """The handler, with refusals caught."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return _refused(request, refusal)

        return guarded


def language_of(request: Request) -> str:
    """The language chosen by `?language=`, else before, else Korean."""
    chosen = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else "ko"


def render(
    request: Request, template: str, staff: Staff | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page or a part of one, in the reader's language. Everything that goes into it is escaped."""
    language = language_of(request)
    query = dict(request.query_params) | {"language": OTHER[language]}
    shared = {
        "language": language,
        "word": partial(word, language=language),
        "label": partial(label, language=language),
        "staff": staff,
        "path": request.url.path,
        "other": f"{quote(request.url.path)}?{urlencode(query)}",
        "other_language": OTHER[language],
        "web_address": _is_web_address,
        "korean": _korean_time,
    }
    page = _PAGES.get_template(template).render(shared | values)
    response = HTMLResponse(page, status, _HEADERS)
    if request.query_params.get("language") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR, secure=True, httponly=True, samesite="lax"
        )
    return response


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _korean_time(moment: datetime | str) -> str:
    """`2026-11-23 13:05` in Korea, of an aware time or its ISO form."""
    aware = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{aware.astimezone(KOREAN_TIME):%Y-%m-%d %H:%M}"


def _refused(request: Request, refusal: Refusal) -> Response:
    """The way to sign in for whoever is signed out; else a page that says why not."""
    if refusal.kind == "signed_out":
        if request.headers.get("hx-request"):
            going = urlsplit(request.headers.get("hx-current-url", "")).path or "/staff"
            return Response(status_code=401, headers={"HX-Redirect": _signing_in(going)})
        return RedirectResponse(_signing_in(request.url.path if request.method == "GET" else "/staff"), 303)
    if request.method != "GET" or request.headers.get("hx-request"):
        raise refusal
    language = language_of(request)
    kind = "not_permitted" if refusal.kind == "permission" else ""
    title = word(kind, language) if kind else str(refusal.status_code)
    text = word(f"{kind}.how", language) if kind else words(refusal.kind, language)
    return render(request, "message.html", status=refusal.status_code, title=title, text=text)


def _signing_in(going: str) -> str:
    return f"/staff/login?{urlencode({'next': going})}"


router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/staff/login")
async def login_page(request: Request) -> HTMLResponse:
    """Where people sign in."""
    return render(request, "sign.html", mode="login")


@router.get("/staff/start")
async def start_page(request: Request) -> HTMLResponse:
    """Where the link that `make serve` prints leads; its token stays in the fragment, which is not sent."""
    return render(request, "sign.html", mode="start")


@router.get("/staff/password")
async def password_page(request: Request) -> HTMLResponse:
    """Where links of invitations and resets lead; without a token, one's own password is changed."""
    return render(request, "sign.html", mode="password")
