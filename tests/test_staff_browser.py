"""The call-centre console in headless Chromium: a caller and a hand-over from the keyboard alone, nothing runs that others wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from assistant.records import NewMessage
from knowledge.library import Library
from tests.conftest import DATA, free_port
from tests.console import QUESTION, opened, served, waiting
from tests.desks import NOON
from tests.staffing import PASSWORD, TESTER, employ
from tests.test_widget import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: apt-get install chromium fonts-nanum",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def app(tmp_path: Path, library: Library) -> Iterator[FastAPI]:
    library.search("입주승인은 누가 하나요", "ko")  # loads model and analyser before anybody waits
    with opened(tmp_path, library) as app:
        employ(app, "Kim", "agent")
        yield app


@pytest.fixture
def page(browser: Browser, app: FastAPI) -> Iterator[Page]:
    """A signed-in agent; any error on the console of the browser fails the test."""
    with served(app, free_port()) as url:
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}, locale="ko-KR")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page, errors = context.new_page(), list[str]()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: errors.append(message.text) if is_error(message) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, "Kim")
        yield page
        found = list(errors)  # closing ends a request that may be under way, which is no error
        context.close()
    assert found == [], found


def is_error(message: ConsoleMessage) -> bool:
    """Whether a line of the browser's console tells of an error; htmx calls a request so that a newer one replaced."""
    replaced = message.text.startswith(("htmx:afterRequest,", "htmx:sendAbort,"))
    return message.type == "error" and not replaced


def sign_in(page: Page, name: str) -> None:
    """From the page that asks for it to the search box, by keyboard."""
    page.goto("/staff")
    page.locator("#name:focus").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    page.locator("#q:focus").wait_for()


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def status(page: Page, words: str) -> None:
    page.locator("#status", has_text=words).wait_for()


def look_up(page: Page, typed: str, name: str) -> None:
    """Type, go down to the first result and enter it; then its facts have the focus."""
    page.keyboard.insert_text(typed)
    page.locator("[role=option]", has_text=name).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.locator("#fact h2", has_text=name).wait_for()
    page.keyboard.press("Enter")
    page.locator("#card:focus").wait_for()


def answer_three_callers(page: Page) -> None:
    """A place in Korean, another in English with a comparison and a note, and a question of a third who calls next."""
    look_up(page, "ㄴㅈ", "나주")
    page.keyboard.press("c")
    status(page, "한국어로 복사")
    assert "광주·전남 혁신도시(나주)" in clipboard(page)
    assert "출처: " in clipboard(page)
    page.keyboard.press("+")
    page.keyboard.press("/")

    look_up(page, "김천", "김천")
    page.keyboard.press("e")
    status(page, "영어로 복사")
    assert "Source: " in clipboard(page)
    page.keyboard.press("+")
    with page.context.expect_page() as comparison:
        page.keyboard.press("Alt+v")
    assert "ic-gwangju-jeonnam" in comparison.value.url
    comparison.value.close()
    page.keyboard.press("Alt+n")
    status(page, "상담 기록을 복사")
    assert clipboard(page).count("\n- ") == 2

    page.keyboard.press("Alt+Shift+n")
    page.locator("#q:focus").wait_for()
    page.keyboard.insert_text("입주승인은 누가 하나요")
    page.keyboard.press("Enter")
    page.locator(".line").wait_for()
    page.locator("#fact h2").wait_for()
    page.keyboard.press("Alt+c")
    status(page, "한국어로 복사")
    assert "입주승인" in clipboard(page)
    assert page.locator("#note").input_value().count("\n- ") == 1


def test_three_callers_are_answered_without_a_mouse(page: Page) -> None:
    answer_three_callers(page)


def test_what_is_wrong_is_flagged_with_one_key(page: Page, app: FastAPI) -> None:
    look_up(page, "63조의2", "본사 이전 법인세 감면")
    page.keyboard.press("f")
    page.locator("#flag-comment:focus").wait_for()
    page.keyboard.insert_text("기간이 다릅니다")
    page.keyboard.press("Control+Enter")
    page.locator("#flag-told .done").wait_for()

    assert [flag.comment for flag in app.state.flags.all()] == ["기간이 다릅니다"]
    assert page.locator("#flag").is_hidden()


def test_the_keys_are_listed_and_closed_again(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys:focus").wait_for()
    assert "Alt+1…9" in page.locator("#keys").inner_text()
    page.keyboard.press("Escape")
    page.locator("#q:focus").wait_for()

    assert page.locator("#keys").is_hidden()


def test_a_waiting_visitor_is_taken_over_answered_and_returned(page: Page, app: FastAPI) -> None:
    ticket, conversation = waiting(app)
    page.locator(f"#wait-{ticket}").wait_for()
    page.keyboard.press("Alt+w")
    page.wait_for_url(f"**/staff/conversations/{ticket}")
    page.locator("[data-step=take]:focus").wait_for()
    page.keyboard.press("Alt+t")
    page.locator("#text:focus").wait_for()
    page.locator("#suggestions [data-insert]").first.wait_for()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    page.locator("#log li[data-sender=staff]").wait_for()
    said = app.state.chat.records.messages(conversation.id)[-1]
    assert (said["sender"], "출처:" in said["text"]) == ("staff", True)
    assert page.locator("#text").input_value() == ""

    page.keyboard.press("Alt+r")
    page.locator("[data-step=return]").wait_for(state="detached")
    assert app.state.chat.reception.kept.by_ticket(ticket).state == "closed"


def test_visitor_and_agent_talk_and_the_assistant_comes_back(
    page: Page, app: FastAPI, browser: Browser
) -> None:
    app.state.chat.reception.now = lambda: NOON  # the desk is open
    visitor = browser.new_page(base_url=page.url.removesuffix("/staff"))
    visitor.goto("/widget?language=ko")
    visitor.locator("#input").fill(QUESTION)
    visitor.locator("#send").click()
    visitor.locator(".message[data-sender=assistant]").first.wait_for()
    visitor.locator("#person").click()
    visitor.locator("#handover").wait_for()

    page.locator("#queue a").wait_for()
    page.keyboard.press("Alt+w")
    page.locator("[data-step=take]:focus").wait_for()
    page.keyboard.press("Alt+t")
    page.locator("#text:focus").wait_for()
    page.keyboard.insert_text("안녕하세요, 상담원입니다.")
    page.keyboard.press("Control+Enter")
    visitor.locator(".message[data-sender=staff]", has_text="상담원입니다").wait_for()
    visitor.locator("#input").fill("네, 나주를 생각합니다.")
    visitor.locator("#send").click()
    page.locator("#log li[data-sender=user]", has_text="나주를 생각합니다").wait_for()
    answers = visitor.locator(".message[data-sender=assistant]").count()

    page.keyboard.press("Alt+r")
    visitor.locator(".message[data-sender=notice]", has_text="AI가 다시").last.wait_for()
    visitor.locator("#input").fill("입주승인은 누가 하나요?")
    visitor.locator("#send").click()
    visitor.locator(".message[data-sender=assistant]").nth(answers).wait_for()
    visitor.close()


def test_a_new_message_of_the_visitor_brings_new_suggestions(page: Page, app: FastAPI) -> None:
    ticket, conversation = waiting(app)
    page.goto(f"/staff/conversations/{ticket}")
    page.locator("#suggestions [data-insert]").first.wait_for()
    app.state.chat.records.add_turn(conversation.id, [NewMessage("user", "입주승인은 누가 하나요?", "ko")])
    page.locator("#suggestions", has_text="입주승인은 누가 하나요?").wait_for()

    status(page, "새 글을 보냈습니다")
    assert page.locator("#log li[data-sender=user]").count() == 2


def test_a_link_to_set_a_password_works_and_leaves_the_address_bar(page: Page, app: FastAPI) -> None:
    access = app.state.access
    _, token = access.accounts.invite("Lee", "viewer", TESTER, access.clock())
    page.context.clear_cookies()
    page.goto(f"/staff/password#{token}")
    page.locator("#password:focus").wait_for()
    assert token not in page.url
    page.keyboard.insert_text("노란 우산 아래 강아지가 잔다")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")

    assert "Lee" in page.locator("header").inner_text()
    assert page.locator("#queue").count() == 0


def test_a_wrong_password_is_told_beside_the_form(browser: Browser, app: FastAPI) -> None:
    with served(app, free_port()) as url:
        page = browser.new_page(base_url=url)
        page.goto("/staff/login?next=//evil.test/")
        page.locator("#name").fill("Kim")
        page.locator("#password").fill("wrong")
        page.keyboard.press("Enter")
        page.locator("#problem", has_text="맞지 않습니다").wait_for()
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff")

        assert page.url.startswith(url)
        page.close()


def test_a_form_that_another_site_sends_by_itself_does_nothing(page: Page, app: FastAPI) -> None:
    ticket, _ = waiting(app)
    home = page.url.removesuffix("/staff")
    form = f'<form method="post" action="{home}/staff/conversations/{ticket}/take"></form><script>document.forms[0].submit()</script>'
    page.context.route(
        "http://elsewhere.test/", lambda route: route.fulfill(content_type="text/html", body=form)
    )
    other = page.context.new_page()
    with other.expect_response("**/take") as answer:
        other.goto("http://elsewhere.test/")

    assert answer.value.status == 403
    assert app.state.chat.reception.kept.by_ticket(ticket).state == "open"


FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one.matches('[type=radio]') ? one.nextElementSibling : one);
  return [one.tagName + one.id + one.className + one.textContent.trim().slice(0, 40), look.outlineStyle];
}"""
CONTROLS = "a:visible, button:visible, input:visible:not([type=radio]), textarea:visible, summary:visible, input:checked"


def test_every_control_is_reached_by_keyboard_and_shows_it(page: Page, app: FastAPI) -> None:
    ticket, _ = waiting(app)
    for path in ("/staff", f"/staff/conversations/{ticket}", "/staff/transcripts"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if path == "/staff":
            look_up(page, "63조의2", "본사 이전 법인세 감면")
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        wanted, reached, seen = page.locator(CONTROLS).count(), set(), {"BODY"}
        for _ in range(
            wanted + 10
        ):  # a field for a date is several stops, of which the last draws its own focus
            page.keyboard.press("Tab")
            name, outline = page.evaluate(FOCUSED)
            reached.add(name[:4] if name.startswith("BODY") else name)
            seen |= {name} if outline != "none" else set()

        assert reached - seen == set()
        assert len(reached) >= wanted


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(page: Page, app: FastAPI, width: int) -> None:
    ticket, _ = waiting(app, QUESTION)
    page.set_viewport_size({"width": width, "height": 900})
    look_up(page, "나주", "나주")
    shots = {
        "console": "",
        "talk": f"/staff/conversations/{ticket}",
        "queue": "/staff/queue",
        "past": "/staff/transcripts?q=나주",
    }
    for name, path in shots.items():
        if path:
            page.goto(path)
            page.wait_for_load_state("networkidle")
        page.screenshot(path=str(DATA / f"staff-{name}-{width}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
