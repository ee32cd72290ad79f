"""The call-centre console on the running service with its engine: from the printed link to three callers, and a hand-over
from the widget to an agent and back, in two browsers."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from assistant.desk import load_desk
from assistant.settings import Settings
from tests.conftest import DATA, ROOT, Running, free_port, serve
from tests.staffing import PASSWORD
from tests.test_staff_browser import answer_three_callers, is_error, sign_in, status
from tests.test_staff_browser import pytestmark as in_a_browser
from tests.test_widget import ARGUMENTS, CHROMIUM, say

pytestmark = [*in_a_browser, pytest.mark.engine]
QUESTION = "나주로 본사를 옮기면 어떤 세금 감면을 받나요?"


@pytest.fixture(scope="module")
def desk(
    trained: Settings, shipped_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service of its own, whose desk is staffed: nobody has an account yet."""
    folder = tmp_path_factory.mktemp("desk")
    for part in ("models", "knowledge"):
        (folder / part).symlink_to(DATA / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAFF_DESK", "on")
        patch.delenv("DATABASE_URL", raising=False)
        with serve(free_port(), folder) as service:
            yield service


@pytest.fixture(scope="module")
def browsers() -> Iterator[list[Browser]]:
    with sync_playwright() as playwright:
        two = [playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) for _ in range(2)]
        yield two
        for browser in two:
            browser.close()


def opened(browser: Browser, desk: Running, errors: list[str]) -> Page:
    context = browser.new_context(base_url=desk.url, viewport={"width": 1280, "height": 900}, locale="ko-KR")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: errors.append(message.text) if is_error(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """What the browsers complain of; it fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture(scope="module")
def first_link(desk: Running) -> str:
    """The link that the service prints at its start."""
    for _ in range(100):
        found = re.search(
            r"http://\S+/staff/start#\S+", (desk.data / "service.log").read_text(encoding="utf-8")
        )
        if found:
            return found.group()
        time.sleep(0.1)
    raise AssertionError("The service printed no link.")


@pytest.fixture(scope="module")
def employed(desk: Running) -> str:
    """An agent added from the machine, whose link is still to be used."""
    command = [sys.executable, "-m", "assistant", "user", "add", "Kim", "--role", "agent"]
    environment = {"DATA_DIR": str(desk.data), "PORT": desk.url.rpartition(":")[2], "PATH": "/usr/bin"}
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return told.stdout.split()[-1]


def set_password(page: Page, link: str, name: str = "") -> None:
    """Use a link by keyboard."""
    page.goto(link)
    if name:
        page.locator("#name:focus").wait_for()
        page.keyboard.insert_text(name)
        page.keyboard.press("Tab")
    page.locator("#password:focus").wait_for()
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    page.locator("#q:focus").wait_for()


def test_the_printed_link_makes_the_first_administrator_once(
    browsers: list[Browser], desk: Running, errors: list[str], first_link: str
) -> None:
    page = opened(browsers[0], desk, errors)
    set_password(page, first_link, "Lee")
    assert "Lee" in page.locator("header").inner_text()

    again = opened(browsers[1], desk, [])  # the refusal is an error on the browser's console, as it should be
    again.goto(first_link)
    again.locator("#name").fill("Mallory")
    again.locator("#password").fill(PASSWORD)
    again.keyboard.press("Enter")
    again.locator("#problem", has_text="쓸 수 없").or_(
        again.locator("#problem", has_text="사용했거나")
    ).wait_for()


def test_an_agent_answers_three_callers_without_a_mouse(
    browsers: list[Browser], desk: Running, errors: list[str], employed: str
) -> None:
    page = opened(browsers[0], desk, errors)
    page.add_init_script("addEventListener('pointerdown', () => { window.__pointed = true; }, true);")
    set_password(page, employed)
    answer_three_callers(page)

    assert page.evaluate("window.__pointed") is None


def visitor_asks(page: Page) -> FrameLocator:
    """A visitor asks in the widget of the demonstration page, and then for a person, in the way that is open now."""
    page.goto("/?language=ko")
    page.locator("#launcher").click()
    frame = page.frame_locator("#frame")
    frame.locator(".message[data-sender=notice]").first.wait_for()
    assert "7년간 100%" in say(frame, QUESTION)
    frame.locator("#person").click()
    if not load_desk(True).is_open(datetime.now(UTC)):
        frame.locator("#callback-open").press("Enter")
        frame.locator("#callback-name").fill("김하나")
        frame.locator("#callback-phone").fill("02-123-4567")
        frame.locator("#callback-consent").check()
        frame.locator("#callback-phone").press("Enter")
    frame.locator("#leave").wait_for()
    return frame


def test_a_visitor_is_handed_to_an_agent_and_back_in_two_browsers(
    browsers: list[Browser], desk: Running, errors: list[str]
) -> None:
    frame = visitor_asks(opened(browsers[1], desk, errors))
    page = opened(browsers[0], desk, errors)
    sign_in(page, "Kim")

    page.locator("#queue a").wait_for()
    page.keyboard.press("Alt+w")
    page.locator("[data-step=take]:focus").wait_for()
    assert QUESTION in page.locator("#log").inner_text()
    assert "나주" in page.locator("section:has(#facts-title)").inner_text()
    page.keyboard.press("Alt+t")
    page.locator("#text:focus").wait_for()
    page.locator("#suggestions [data-insert]").first.wait_for()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    frame.locator(".message[data-sender=staff]", has_text="출처").wait_for()

    answers = frame.locator(".message[data-sender=assistant]").count()
    frame.locator("#input").fill("입주승인은 누가 하나요?")
    frame.locator("#send").click()
    page.locator("#log li[data-sender=user]", has_text="입주승인은 누가").wait_for()
    page.locator("#suggestions", has_text="입주승인은 누가").wait_for()
    status(page, "새 글을 보냈습니다")
    assert frame.locator(".message[data-sender=assistant]").count() == answers  # the assistant is silent

    page.keyboard.press("Alt+r")
    frame.locator(".message[data-sender=notice]", has_text="AI가 다시").last.wait_for()
    page.locator("[data-step=return]").wait_for(state="detached")
    assert "입주승인" in say(frame, "입주승인은 누가 하나요?")
    assert page.locator("#queue a").count() == 0
