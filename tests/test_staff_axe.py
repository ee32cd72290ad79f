"""axe on every state of the call-centre console, in both languages, light and dark (requirement X1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from assistant.handover_records import Callback
from assistant.records import NewMessage
from knowledge.library import Library
from tests.conftest import free_port
from tests.console import QUESTION, opened, served, waiting
from tests.staffing import employ
from tests.test_staff_browser import browser, pytestmark, sign_in  # noqa: F401 - a fixture and the module's marks

COMMENT = "기간이 다릅니다"
# Colours are all that differs in the dark: there axe looks at nothing else, which takes a tenth of the time.
OPTIONS: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[FastAPI]:
    """Somebody waits, somebody left a number, one talks to Kim, one to another, one is over."""
    with opened(tmp_path_factory.mktemp("axe"), library) as app:
        employ(app, "Kim", "agent")
        employ(app, "Lee", "viewer")
        app.state.tickets = tickets = {}
        reception = app.state.chat.reception
        for name, by in (("open", ""), ("mine", "Kim"), ("another's", "Park"), ("over", "Kim")):
            ticket, conversation = waiting(app, QUESTION, reason="complaint" if name == "open" else "asked")
            tickets[name], found = ticket, reception.kept.by_ticket(ticket)
            if by:
                reception._move(found, "taken", "taken", by)
                said = NewMessage("staff", "안녕하세요, 상담원입니다.", "ko")
                app.state.chat.records.add_turn(conversation.id, [said])
            if name == "over":
                reception._move(reception.kept.by_ticket(ticket), "closed", "ended")
        callback = Callback("김하나", "010-2468-1357", "평일 오후", reception.now())
        ticket, conversation = waiting(app)
        reception._again(reception.kept.by_ticket(ticket), callback)
        tickets["callback"], app.state.conversation = ticket, conversation.id
        yield app


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with served(app, free_port()) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def go(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")


def looked_up(page: Page, text: str) -> None:
    go(page, "/staff")
    page.locator("#q").fill(text)
    page.locator("[role=option], .offices, #results strong").first.wait_for()


def shown(page: Page, text: str) -> None:
    """The facts of the first result."""
    looked_up(page, text)
    page.keyboard.press("ArrowDown")
    page.locator("#fact h2").wait_for()
    page.keyboard.press("Enter")
    page.locator("#card:focus").wait_for()


def searched(page: Page, text: str) -> None:
    go(page, "/staff")
    page.locator("#q").fill(text)
    page.keyboard.press("Enter")
    page.locator(".line").wait_for()
    page.locator("#fact h2").wait_for()


def compared(page: Page) -> None:
    for place in ("나주", "김천"):
        shown(page, place)
        page.keyboard.press("+")
        page.locator("#tray li").first.wait_for()
    page.locator("#note").focus()


def flagging(page: Page, sends: bool) -> None:
    shown(page, "63조의2")
    page.keyboard.press("f")
    page.locator("#flag-comment:focus").wait_for()
    if sends:
        page.keyboard.insert_text(COMMENT)
        page.keyboard.press("Control+Enter")
        page.locator("#flag-told p").wait_for()


def keys_of(page: Page, path: str) -> None:
    go(page, path)
    page.locator("header [data-do=keys]").click()
    page.locator("#keys:focus").wait_for()


def wrong_password(page: Page) -> None:
    go(page, "/staff/login")
    page.locator("#name").fill("Kim")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    page.locator("#problem:not(:empty)").wait_for()
    page.locator("button.main:enabled").wait_for()


def moved(page: Page, ticket: str) -> None:
    """A step that cannot be done any more."""
    go(page, f"/staff/conversations/{ticket}")
    page.evaluate(
        "document.querySelector('[data-step=close]').setAttribute('hx-post', '/staff/conversations/R-0/close')"
    )
    page.evaluate("window.htmx.process(document.querySelector('[data-step=close]').parentElement)")
    page.keyboard.press("Alt+x")
    page.locator("#status.problem").wait_for()


STRANGER: dict[str, Callable[[Page, FastAPI], None]] = {
    "login": lambda page, app: go(page, "/staff/login"),
    "wrong password": lambda page, app: wrong_password(page),
    "first administrator": lambda page, app: go(page, "/staff/start#token"),
    "link that is not whole": lambda page, app: go(page, "/staff/start"),
    "password by link": lambda page, app: go(page, "/staff/password#token"),
}
AGENT: dict[str, Callable[[Page, FastAPI], None]] = {
    "console": lambda page, app: go(page, "/staff"),
    "typing": lambda page, app: looked_up(page, "나주"),
    "nothing found": lambda page, app: looked_up(page, "가나다라마바사아"),
    "full search": lambda page, app: searched(page, "입주승인은 누가 하나요"),
    "place": lambda page, app: shown(page, "ㄴㅈ"),
    "support": lambda page, app: shown(page, "63조의2"),
    "office": lambda page, app: shown(page, "국토교통부"),
    "term": lambda page, app: shown(page, "이전공공기관"),
    "document": lambda page, app: (
        looked_up(page, "혁신도시"),
        page.locator("[data-kind=document]").first.click(),
    ),
    "compare and note": lambda page, app: compared(page),
    "flag": lambda page, app: flagging(page, sends=False),
    "flagged": lambda page, app: flagging(page, sends=True),
    "keys of the console": lambda page, app: keys_of(page, "/staff"),
    "keys of a conversation": lambda page, app: keys_of(
        page, f"/staff/conversations/{app.state.tickets['open']}"
    ),
    "queue": lambda page, app: go(page, "/staff/queue"),
    **{
        f"conversation, {name}": lambda page, app, name=name: go(
            page, f"/staff/conversations/{app.state.tickets[name]}"
        )
        for name in ("open", "mine", "another's", "over", "callback")
    },
    "conversation that moved on": lambda page, app: moved(page, app.state.tickets["open"]),
    "past conversations": lambda page, app: go(page, "/staff/transcripts"),
    "past conversations found": lambda page, app: go(page, "/staff/transcripts?q=법인세"),
    "past conversations, none": lambda page, app: go(page, "/staff/transcripts?q=없는말"),
    "past conversations, wrong date": lambda page, app: go(page, "/staff/transcripts?since=gestern"),
    "transcript": lambda page, app: go(page, f"/staff/transcripts/{app.state.conversation}"),
    "not found": lambda page, app: go(page, "/staff/conversations/R-0"),
    "own password": lambda page, app: go(page, "/staff/password"),
}
VIEWER: dict[str, Callable[[Page, FastAPI], None]] = {
    "console of a viewer": lambda page, app: go(page, "/staff"),
    "not permitted": lambda page, app: go(page, "/staff/queue"),
}


@pytest.mark.parametrize("scheme", OPTIONS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_in_any_state(page: Page, app: FastAPI, language: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"/staff/login?language={language}")
    found: dict[str, list[str]] = {}
    for person, states in (("", STRANGER), ("Kim", AGENT), ("Lee", VIEWER)):
        if person:
            page.context.clear_cookies(name="__Host-staff")
            sign_in(page, person)
        for state, reach in states.items():
            reach(page, app)
            violations = Axe().run(page, options=OPTIONS[scheme]).response["violations"]
            found |= {f"{state}: {v['id']}": [n["html"][:120] for n in v["nodes"][:3]] for v in violations}
            assert page.locator(f"html[lang={language}]").count() == 1

    assert found == {}


def test_axe_notices_a_violation(page: Page) -> None:
    page.goto("/staff/login")
    page.evaluate("document.querySelector('label').remove()")

    assert "label" in {v["id"] for v in Axe().run(page).response["violations"]}
