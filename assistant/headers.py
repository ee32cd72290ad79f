"""What every response carries, and how large a request may be."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from assistant.problems import respond

MAX_BODY = 16 * 1024  # bytes of a request, where its route names no other limit
_YEAR = 365 * 24 * 3600  # seconds
_CONSOLES = ("/staff", "/admin")
_UNSTORED = ("/api/", "/internal/", "/healthz", "/readyz")
# Other sites put these into their pages (trust.md W1); everything else is for our own pages only.
_EMBEDDED = ("/widget", "/widget.js")
_IN_PARTS = "보낼 수 있는 크기를 넘었습니다. 나누어 보내 주세요. / This is larger than can be sent. Please send it in parts."
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "frame-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors {ancestors}"
)


async def dress(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request an id and each response its security headers (trust.md H1, W2)."""
    request.state.request_id = secrets.token_hex(8)
    path = request.url.path
    response = await call_next(request)
    if response.status_code == 413:  # in words: what comes is plain text, or names the limit of the API
        response = respond(request, "too_large", detail=_IN_PARTS if _is_within(path, _CONSOLES) else "")
    for name, value in _headers(request, response).items():
        response.headers.setdefault(name, value)  # a page may be stricter than the rest
    if path.startswith(_UNSTORED) or _is_within(path, _CONSOLES):
        response.headers["Cache-Control"] = "no-store"
    return response


def _headers(request: Request, response: Response) -> dict[str, str]:
    path = request.url.path
    headers = {
        "X-Request-ID": request.state.request_id,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cross-Origin-Resource-Policy": "cross-origin" if path in _EMBEDDED else "same-origin",
    }
    if request.url.scheme == "https":
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    if _is_within(path, _CONSOLES):
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.headers.get("content-type", "").startswith("text/html"):
        ancestors = "*" if path == "/widget" else "'none'"
        headers["Content-Security-Policy"] = _CSP.format(ancestors=ancestors)
    return headers


def _is_within(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
