"""Pages of the service itself: accounts, switching the assistant off and on, how long conversations are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from assistant.access import Staff, needs
from assistant.accounts import LINK_LASTS, PASSWORD_PAGE, PERMISSIONS, ROLES, Account
from assistant.admin.office import BackOffice
from assistant.admin.pages.base import MAX_FORM, ConsolePage, Office, number, onward, page, text_fields
from assistant.admin.retention import FEWEST, MOST
from assistant.admin.switch import MAX_NOTICE
from assistant.admin.words import word
from assistant.problems import Problem
from assistant.refusals import Refusal, words
from assistant.staff.pages import language_of

Manager = Annotated[Staff, Depends(needs("accounts"))]
Operator = Annotated[Staff, Depends(needs("service"))]
Keeper = Annotated[Staff, Depends(needs("retention"))]
router = APIRouter(route_class=ConsolePage, max_body_size=MAX_FORM)


@router.get("/accounts")
async def accounts(request: Request, staff: Manager, office: Office) -> Response:
    """Everybody with role and state, and what each role permits."""
    return await _accounts(request, staff, office)


@router.post("/accounts")
async def invite(request: Request, staff: Manager, office: Office) -> Response:
    """Add somebody; the page shows the link to hand over, once."""
    name, role = await text_fields(request, "name", "role")
    if role not in ROLES:
        raise Problem("malformed")
    return await _change(request, staff, office, office.access.accounts.invite, name, role)


@router.post("/accounts/{account_id}/{deed}")
async def change(request: Request, staff: Manager, office: Office, account_id: str, deed: str) -> Response:
    """Give another role, shut out, or make a new link for a password."""
    known = office.access.accounts
    if deed == "role":
        (role,) = await text_fields(request, "role")
        if role not in ROLES:
            raise Problem("malformed")
        return await _change(request, staff, office, known.set_role, account_id, role)
    if deed == "disable":
        return await _change(request, staff, office, known.disable, account_id)
    if deed == "reset":
        return await _change(request, staff, office, known.reset, account_id)
    raise Problem("no_page")


@router.get("/service")
async def service(request: Request, staff: Operator, office: Office) -> Response:
    """Whether the assistant answers, and what it says while it does not."""
    state = await asyncio.to_thread(office.switch.state)
    return page(request, staff, "service.html", state=state, longest=MAX_NOTICE)


@router.post("/service")
async def switch(request: Request, staff: Operator, office: Office) -> Response:
    """Switch the assistant off or on."""
    to, korean, english = await text_fields(request, "to", "notice_ko", "notice_en")
    if to not in ("on", "off"):
        raise Problem("malformed")
    before = await asyncio.to_thread(office.switch.state)
    notices = {"ko": korean, "en": english}
    await asyncio.to_thread(office.switch.set, to == "on", notices, staff.name, office.access.clock())
    await office.access.note(
        staff, "service.switch", to, before={"on": before.is_on}, after={"on": to == "on"}
    )
    return onward("/admin/service", f"switched_{to}")


@router.get("/retention")
async def retention(request: Request, staff: Keeper, office: Office) -> Response:
    """How long conversations are kept."""
    return await _retention(request, staff, office)


@router.post("/retention")
async def keep_for(request: Request, staff: Keeper, office: Office) -> Response:
    """Keep conversations for another number of days. Where that deletes any at once, it must be said to be meant."""
    text, sure = await text_fields(request, "days", "sure")
    days, before, now = number(text), office.retention.days, office.access.clock()
    if not FEWEST <= days <= MOST:
        problem = word("retention.range", language_of(request), fewest=FEWEST, most=MOST)
        return await _retention(request, staff, office, problem)
    lost = await asyncio.to_thread(office.retention.due, now, days)
    if lost and days < before and sure != str(days):
        return await _retention(request, staff, office, asked=days, lost=len(lost))
    await asyncio.to_thread(office.retention.set, days, staff.name, now)
    await office.access.note(staff, "retention.set", before={"days": before}, after={"days": days})
    return onward("/admin/retention", "kept")


async def _accounts(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", status: int = 200,
    link: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    everyone = await asyncio.to_thread(office.access.accounts.everyone)
    return page(
        request, staff, "accounts.html", status, people=everyone, roles=ROLES, permissions=PERMISSIONS,
        problem=problem, link=link,
    )  # fmt: skip


async def _change(
    request: Request, staff: Staff, office: BackOffice,
    work: Callable[..., Account | tuple[Account, str]], *values: str,
) -> Response:  # fmt: skip
    """Do it; a link that comes of it is shown on the page and nowhere else. Raises Refusal no_account."""
    now = office.access.clock()
    try:
        done = await asyncio.to_thread(work, *values, staff.actor, now)
    except Refusal as refusal:
        if refusal.kind == "no_account":
            raise
        text = words(refusal.kind, language_of(request))
        return await _accounts(request, staff, office, text, refusal.status_code)
    if isinstance(done, Account):
        return onward("/admin/accounts", "account_changed")
    account, token = done
    address = f"{request.url.scheme}://{request.url.netloc}{PASSWORD_PAGE}{token}"
    link = {"name": account.name, "address": address, "until": now + LINK_LASTS}
    return await _accounts(request, staff, office, link=link)


async def _retention(
    request: Request, staff: Staff, office: BackOffice, problem: str = "", asked: int = 0, lost: int = 0
) -> Response:
    days = await asyncio.to_thread(lambda: office.retention.days)
    due = await asyncio.to_thread(office.retention.due, office.access.clock())
    return page(
        request, staff, "retention.html", 422 if problem else 200, days=days, due=len(due), problem=problem,
        fewest=FEWEST, most=MOST, asked=asked, lost=lost,
    )  # fmt: skip
