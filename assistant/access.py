"""Who is asking: each staff route names its permission with `needs`, and a route that names none is not let out.

Requests that change something must come from our own pages: Fetch Metadata, else Origin, decides before a route is
reached, and whatever is not JSON carries the session's form token as well.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from asgi_cross_origin_protection import CrossOriginProtection
from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from assistant.accounts import PERMISSIONS, ROLES, Account, Accounts
from assistant.audit import Actor, Audit, Deed
from assistant.passwords import Hasher
from assistant.problems import respond
from assistant.refusals import Refusal, on_refusal
from assistant.sessions import Session, Sessions
from assistant.staff_tables import Database

_LOG = logging.getLogger("assistant.access")
P = ParamSpec("P")
T = TypeVar("T")
COOKIE = "__Host-staff"
ATTENDED = "X-Attended"  # a page sends it with what it asks for by itself while somebody types or points
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# These carry a secret of their own in a header and never look at a cookie, so another site's request has no power.
_BY_TOKEN = ("/api/v1/conversations", "/internal/actions")
# Open to everybody on purpose, or guarded by a secret other than a session. Everything else needs a permission.
PUBLIC = frozenset(
    {
        "GET /",
        "GET /widget",
        "GET /passage",
        "GET /widget.js",
        "MOUNT /static",
        "GET /healthz",
        "GET /readyz",
        "GET /api/v1/openapi.json",
        "POST /internal/actions",
        "POST /api/v1/conversations",
        "POST /api/v1/conversations/{conversation_id}/messages",
        "GET /api/v1/conversations/{conversation_id}/messages",
        "GET /api/v1/conversations/{conversation_id}/events",
        "POST /api/v1/conversations/{conversation_id}/feedback",
        "POST /api/v1/conversations/{conversation_id}/handover",
        "DELETE /api/v1/conversations/{conversation_id}/handover",
        "DELETE /api/v1/conversations/{conversation_id}",
        "GET /api/v1/passages/{release}/{passage_id}",
        "GET /api/v1/land",
        "GET /api/v1/incentives",
        "GET /api/v1/districts",
        "GET /comparison",
        "GET /api/v1/comparison.csv",
        "GET /staff/login",
        "GET /staff/start",
        "GET /staff/password",
        "POST /api/v1/staff/session",
        "POST /api/v1/staff/first-admin",
        "POST /api/v1/staff/links",
    }
)


class Access:
    """What the routes need to know people by; `app.state.access`, made when the application starts."""

    def __init__(
        self,
        database: Database,
        hasher: Hasher | None = None,
        scale: float = 1.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`scale` multiplies the limits of attempts; `clock` gives an aware time."""
        self.accounts = Accounts(database, hasher, scale)
        self.sessions = Sessions(database)
        self.audit = Audit(database)
        self.clock = clock
        # A password costs 64 MiB and a quarter of a second: two at a time leave room for everybody else.
        self._hashing = asyncio.Semaphore(2)

    async def hashed(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that hashes a password, in a thread and at most two at a time."""
        async with self._hashing:
            return await asyncio.to_thread(work, *args, **kwargs)

    async def note(self, staff: Staff, action: str, object: str = "", **more: Any) -> None:
        """Write a row of the audit log; `more` are before, after and result (see Deed)."""
        deed = Deed(action, object, **more)
        await asyncio.to_thread(self.audit.add, staff.actor, deed, self.clock())


@dataclass(frozen=True, slots=True)
class Staff:
    """The signed-in person behind a request."""

    account_id: str
    name: str
    role: str
    address: str
    form_token: str
    expires_at: datetime

    @classmethod
    def of(cls, account: Account, session: Session, address: str) -> Staff:
        """The person of this account and session."""
        return cls(account.id, account.name, account.role, address, session.form_token, session.expires_at)

    @property
    def permissions(self) -> frozenset[str]:
        """What the role permits."""
        return ROLES.get(self.role, frozenset())

    @property
    def actor(self) -> Actor:
        """For the audit log."""
        return Actor(self.account_id, self.name, self.address)

    def public(self) -> dict[str, Any]:
        """As the person's own pages see it; `csrf` is what their forms carry."""
        return {
            "name": self.name,
            "role": self.role,
            "permissions": sorted(self.permissions),
            "csrf": self.form_token,
            "expires_at": self.expires_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Needs:
    """The dependency that `needs` makes: gives the Staff, or raises Refusal (signed_out, permission, form_token)."""

    permission: str
    is_polled: bool = False

    async def __call__(self, request: Request) -> AsyncIterator[Staff]:
        """Check session, then role, then form token: nobody's upload is read before the role is known to permit it."""
        is_use = not self.is_polled or request.headers.get(ATTENDED) == "1"
        staff = await _signed_in(request, is_use)
        if self.permission not in staff.permissions:
            wanted = f"{request.method} {request.url.path}"
            await the_access(request).note(staff, self.permission, wanted, result="refused")
            raise Refusal("permission")
        if request.method not in _SAFE and media_type(request) != "application/json":
            await _check_form_token(request, staff)
        try:
            yield staff
        finally:
            await request.close()  # the files of a form that was read for its token


def needs(permission: str, is_polled: bool = False) -> Needs:
    """The one way to guard a route: `Depends(needs("lookup"))`. Raises ValueError for a permission that is not in the table.

    Pages ask for a route that `is_polled` by themselves, so it keeps nobody's session open where nobody sits (ASVS 7.3.1).
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"There is no permission {permission!r}; there are: {', '.join(PERMISSIONS)}.")
    return Needs(permission, is_polled)


def the_access(request: Request) -> Access:
    """The application's Access."""
    access: Access = request.app.state.access
    return access


def address_of(request: Request) -> str:
    """The address of the other side; behind a proxy uvicorn has put the visitor's there."""
    return request.client.host if request.client else ""


def media_type(request: Request) -> str:
    """Content type without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def protect(app: FastAPI) -> None:
    """Refuse what other sites send, and give refusals their form. Add before the middleware that sets headers."""
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(SQLAlchemyError, _on_database)
    app.add_middleware(
        CrossOriginProtection,
        exempt_paths=_BY_TOKEN,
        deny_app=_refuse_cross_site,
        allow_unverifiable_requests=False,
    )


def permissions_of(app: FastAPI) -> dict[str, str]:
    """`METHOD /path` of every route of the application, mounts and sockets included, with its permission or an empty text."""
    found: dict[str, str] = {}
    for route in iter_route_contexts(app.routes):
        methods = set(route.methods or ())
        names = methods - {"HEAD"} if "GET" in methods else methods
        kind = type(route.original_route).__name__.upper().removeprefix("API").removesuffix("ROUTE")
        for name in sorted(names or {kind}):
            found[f"{name} {route.path}"] = _permission(getattr(route, "dependant", None))
    return found


def unguarded_routes(app: FastAPI) -> list[str]:
    """Routes that neither name a permission nor are public on purpose."""
    return [
        route for route, permission in permissions_of(app).items() if not permission and route not in PUBLIC
    ]


def refuse_unguarded(app: FastAPI) -> None:
    """Call when every route has been added. Raises RuntimeError naming the routes without a permission."""
    open_routes = unguarded_routes(app)
    if open_routes:
        raise RuntimeError(
            f"Routes without a permission: {', '.join(open_routes)}. Give each Depends(needs(…)), or list it in "
            "assistant.access.PUBLIC."
        )


def _permission(dependant: Any) -> str:
    if dependant is None:
        return ""
    if isinstance(dependant.call, Needs):
        return dependant.call.permission
    return next(filter(None, map(_permission, dependant.dependencies)), "")


async def _signed_in(request: Request, is_use: bool) -> Staff:
    access, now = the_access(request), the_access(request).clock()
    session = await asyncio.to_thread(access.sessions.find, request.cookies.get(COOKIE, ""), now, is_use)
    account = await asyncio.to_thread(access.accounts.get, session.account_id) if session else None
    if session is None or account is None or account.state != "active":
        raise Refusal("signed_out")
    return Staff.of(account, session, address_of(request))


async def _check_form_token(request: Request, staff: Staff) -> None:
    given: object = request.headers.get("x-csrf-token")
    if given is None and media_type(request) in FORMS:
        given = (await request.form()).get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), staff.form_token.encode()):
        raise Refusal("form_token")


async def _on_database(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s: the database failed: %s", request.method, request.url.path, type(error).__name__)
    return respond(request, "unavailable")


async def _refuse_cross_site(scope: Scope, receive: Receive, send: Send) -> None:
    response = await on_refusal(Request(scope), Refusal("cross_site"))
    await response(scope, receive, send)
