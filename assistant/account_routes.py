"""Routes of accounts: sign in and out, links, the list of people, the audit log. They take JSON or an HTML form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from assistant.access import COOKIE, FORMS, Access, Staff, address_of, media_type, needs, the_access
from assistant.accounts import LINK_LASTS, PASSWORD_PAGE, ROLES, Account
from assistant.refusals import Refusal

_MAX_BODY = 16 * 1024  # bytes
router = APIRouter(prefix="/api/v1/staff", tags=["staff"], max_body_size=_MAX_BODY)
TheAccess = Annotated[Access, Depends(the_access)]
Own = Annotated[Staff, Depends(needs("own"))]
Manager = Annotated[Staff, Depends(needs("accounts"))]
_M = TypeVar("_M", bound="Sent")


def _known(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"must be one of {', '.join(ROLES)}")
    return role


def _local(path: str) -> str:
    """A path of this service: what a browser would read as another host is refused."""
    if path and (not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable()):
        raise ValueError("must be a path of this service")
    return path


_Text = Annotated[str, Field(max_length=128)]
_Password = Annotated[str, Field(max_length=1024)]
_Role = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(ROLES)})]


class Sent(BaseModel):
    """What any of these routes takes. After a form the browser goes to `next`; without it the answer is JSON."""

    next: Annotated[str, Field(max_length=512), AfterValidator(_local)] = ""


class SignIn(Sent):
    """Name and password."""

    name: _Text
    password: _Password


class FirstAdmin(Sent):
    """The printed link's token, and who the first administrator is to be."""

    token: _Text
    name: _Text
    password: _Password


class LinkUse(Sent):
    """A link's token and the password to be."""

    token: _Text
    password: _Password


class NewPassword(Sent):
    """The password that was and the one to be."""

    current: _Password
    new: _Password


class NewAccount(Sent):
    """Somebody to invite."""

    name: _Text
    role: _Role


class NewRole(Sent):
    """A role."""

    role: _Role


def sent(model: type[_M]) -> Any:
    """The dependency that reads a body, JSON or form, into a model. Raises Refusal media_type, RequestValidationError."""

    async def read(request: Request) -> _M:
        try:
            return model.model_validate(await _fields(request))
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            raise RequestValidationError(
                [{**item, "loc": ("body", *item["loc"])} for item in found]
            ) from error

    return Depends(read)


async def _fields(request: Request) -> Any:
    kind = media_type(request)
    if kind in FORMS:
        async with request.form() as form:
            return dict(form)
    if kind != "application/json":
        raise Refusal("media_type")
    try:
        return await request.json()
    except (ValueError, RecursionError) as error:
        raise RequestValidationError(
            [{"loc": ("body",), "msg": "not JSON", "type": "json_invalid"}]
        ) from error


def _described(model: type[Sent]) -> dict[str, Any]:
    """The body of a route for OpenAPI, which cannot see through `sent`."""
    schema = {"schema": model.model_json_schema()}
    return {
        "requestBody": {
            "required": True,
            "content": dict.fromkeys(["application/json", *sorted(FORMS)], schema),
        }
    }


def _answer(request: Request, going: str, body: Mapping[str, Any] | None, status: int = 200) -> Response:
    """JSON, or after a form the way to the next page."""
    if going and media_type(request) in FORMS:
        return RedirectResponse(going, 303)
    return Response(status_code=204) if body is None else JSONResponse(body, status)


async def _let_in(request: Request, access: Access, account: Account, going: str) -> Response:
    """Open a session in place of the one this browser had, and say who it is."""
    before, now = request.cookies.get(COOKIE, ""), access.clock()
    token = await asyncio.to_thread(access.sessions.open, account.id, now, before)
    session = await asyncio.to_thread(access.sessions.find, token, now)
    assert session is not None
    staff = Staff.of(account, session, address_of(request))
    response = _answer(request, going, staff.public())
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _let_out(request: Request, going: str = "") -> Response:
    response = _answer(request, going, None)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


@router.post("/session", openapi_extra=_described(SignIn))
async def sign_in(request: Request, access: TheAccess, body: Annotated[SignIn, sent(SignIn)]) -> Response:
    """Sign in: 200 with who it is and a cookie; 401 alike for a wrong name or password; 429 after too many failures."""
    account = await access.hashed(
        access.accounts.sign_in, body.name, body.password, address_of(request), access.clock()
    )
    return await _let_in(request, access, account, body.next)


@router.get("/session")
async def who_am_i(staff: Own) -> dict[str, Any]:
    """Name, role, permissions, and the token that forms must carry as `csrf` (or X-CSRF-Token)."""
    return staff.public()


@router.delete("/session", status_code=204)
async def sign_out(request: Request, staff: Own, access: TheAccess) -> Response:
    """End the session."""
    await asyncio.to_thread(access.sessions.close, request.cookies[COOKIE])
    await access.note(staff, "session.close")
    return _let_out(request)


@router.post("/session/end", openapi_extra=_described(Sent))
async def sign_out_by_form(
    request: Request, staff: Own, access: TheAccess, body: Annotated[Sent, sent(Sent)]
) -> Response:
    """The same for HTML forms, which cannot DELETE."""
    await sign_out(request, staff, access)
    return _let_out(request, body.next)


@router.post("/password", openapi_extra=_described(NewPassword))
async def change_password(
    request: Request, staff: Own, access: TheAccess, body: Annotated[NewPassword, sent(NewPassword)]
) -> Response:
    """Change one's own password; every session ends, and this browser gets a new one."""
    await access.hashed(access.accounts.change_password, staff.actor, body.current, body.new, access.clock())
    account = await asyncio.to_thread(access.accounts.get, staff.account_id)
    return await _let_in(request, access, account, body.next)


@router.post("/first-admin", openapi_extra=_described(FirstAdmin))
async def make_first_admin(
    request: Request, access: TheAccess, body: Annotated[FirstAdmin, sent(FirstAdmin)]
) -> Response:
    """Use the link that the service printed: makes the first administrator and signs in. 410 for a link that cannot be used."""
    account = await access.hashed(
        access.accounts.make_first_admin,
        body.token,
        body.name,
        body.password,
        address_of(request),
        access.clock(),
    )
    return await _let_in(request, access, account, body.next)


@router.post("/links", openapi_extra=_described(LinkUse))
async def use_link(request: Request, access: TheAccess, body: Annotated[LinkUse, sent(LinkUse)]) -> Response:
    """Use the link of an invitation or a reset: sets the password and signs in. 410 for a link that cannot be used."""
    account = await access.hashed(
        access.accounts.set_password, body.token, body.password, address_of(request), access.clock()
    )
    return await _let_in(request, access, account, body.next)


@router.get("/accounts")
async def list_accounts(staff: Manager, access: TheAccess) -> dict[str, Any]:
    """Everybody, with role and state."""
    everyone = await asyncio.to_thread(access.accounts.everyone)
    return {"accounts": [account.public() for account in everyone], "roles": _roles()}


@router.post("/accounts", status_code=201, openapi_extra=_described(NewAccount))
async def invite(
    request: Request, staff: Manager, access: TheAccess, body: Annotated[NewAccount, sent(NewAccount)]
) -> Response:
    """Add somebody; the answer holds the link to hand over, once."""
    now = access.clock()
    account, token = await asyncio.to_thread(access.accounts.invite, body.name, body.role, staff.actor, now)
    return _answer(request, body.next, _with_link(account, token, now), 201)


@router.post("/accounts/{account_id}/role", openapi_extra=_described(NewRole))
async def set_role(
    request: Request,
    account_id: str,
    staff: Manager,
    access: TheAccess,
    body: Annotated[NewRole, sent(NewRole)],
) -> Response:
    """Give another role; the person signs in anew. 409 for the last administrator."""
    account = await asyncio.to_thread(
        access.accounts.set_role, account_id, body.role, staff.actor, access.clock()
    )
    return _answer(request, body.next, account.public())


@router.post("/accounts/{account_id}/disable", openapi_extra=_described(Sent))
async def disable(
    request: Request, account_id: str, staff: Manager, access: TheAccess, body: Annotated[Sent, sent(Sent)]
) -> Response:
    """Shut somebody out at once. 409 for the last administrator."""
    account = await asyncio.to_thread(access.accounts.disable, account_id, staff.actor, access.clock())
    return _answer(request, body.next, account.public())


@router.post("/accounts/{account_id}/reset", openapi_extra=_described(Sent))
async def reset(
    request: Request, account_id: str, staff: Manager, access: TheAccess, body: Annotated[Sent, sent(Sent)]
) -> Response:
    """A new link for somebody who lost the password or comes back; the old password and the sessions end at once."""
    now = access.clock()
    account, token = await asyncio.to_thread(access.accounts.reset, account_id, staff.actor, now)
    return _answer(request, body.next, _with_link(account, token, now))


@router.get("/audit")
async def read_audit(
    staff: Annotated[Staff, Depends(needs("audit"))],
    access: TheAccess,
    before: Annotated[int, Query(ge=1, le=2**31 - 1)] = 2**31 - 1,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Rows of the audit log, newest first; `before` is the number of the oldest row one has."""
    return {"rows": await asyncio.to_thread(access.audit.rows, before, limit)}


@router.get("/audit/check")
async def check_audit(staff: Annotated[Staff, Depends(needs("audit"))], access: TheAccess) -> dict[str, Any]:
    """Whether the log is whole; else the number of the first row that was changed, moved or taken out."""
    broken = await asyncio.to_thread(access.audit.first_broken)
    return {"whole": broken is None, "first_broken": broken}


def _roles() -> dict[str, list[str]]:
    return {role: sorted(permissions) for role, permissions in ROLES.items()}


def _with_link(account: Account, token: str, now: datetime) -> dict[str, Any]:
    return {
        "account": account.public(),
        "link": PASSWORD_PAGE + token,
        "expires_at": (now + LINK_LASTS).isoformat(),
    }
