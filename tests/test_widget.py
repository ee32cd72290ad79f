"""The demo page in headless Chromium, against the running service and its engine."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from assistant.records import NewMessage, Records
from tests.conftest import DATA, Running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.engine,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: apt-get install chromium fonts-nanum",
    ),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CONVERSATION = {
    "ko": {
        "answers": [
            ("클러스터 용지는 얼마나 분양됐나요?", "79.3%"),
            ("입주승인은 누가 하나요?", "입주승인"),
            ("거점 스마트시티로 뽑히면 지원금이 얼마인가요?", "240억"),
        ],
        "land": ("김천에 클러스터 용지가 남았나요?", "145,700㎡"),
        "incentives": ("나주로 본사를 옮기면 어떤 세금 감면을 받나요?", "7년간 100%"),
        "person": "담당 기관",
    },
    "en": {
        "answers": [
            ("What share of cluster land has been sold?", "79.3"),
            ("Who approves entry to a cluster?", "approval"),
            ("How much support does a hub smart city get?", "24 billion"),
        ],
        "land": ("Is there cluster land left in Gimcheon?", "145,700"),
        "incentives": ("What tax relief do we get for moving our head office to Naju?", "7 years"),
        "person": "contact the office",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def open_widget(page: Page, running: Running, language: str) -> FrameLocator:
    page.goto(f"{running.url}/?language={language}")
    page.locator("#launcher").click()
    frame = page.frame_locator("#frame")
    frame.locator(".message[data-sender=notice]").first.wait_for()
    return frame


def say(frame: FrameLocator, text: str) -> str:
    """Send a text and return the answer to it."""
    count = frame.locator(".message[data-sender=assistant]").count()
    frame.locator("#input").fill(text)
    frame.locator("#send").click()
    answer = frame.locator(".message[data-sender=assistant]").nth(count)
    answer.wait_for()
    return answer.inner_text()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_whole_conversation_in_the_browser(page: Page, running: Running, language: str) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    script = CONVERSATION[language]
    frame = open_widget(page, running, language)

    for question, fact in script["answers"]:
        assert fact in say(frame, question)
        assert frame.locator(".message[data-sender=assistant]").last.locator("details.source").count() >= 1
    assert script["land"][1] in say(frame, script["land"][0])
    frame.locator("[data-card=land]").first.wait_for()
    assert script["incentives"][1] in say(frame, script["incentives"][0])
    frame.locator("[data-card=incentives]").first.wait_for()
    frame.locator("#person").click()
    frame.locator("[data-card=contact]").first.wait_for()
    assert script["person"] in frame.locator(".message[data-sender=assistant]").last.inner_text()

    before = frame.locator(".message").count()
    page.screenshot(path=str(DATA / f"widget-{language}.png"))
    page.reload()
    if page.locator("#frame").count() == 0:
        page.locator("#launcher").click()
    again = page.frame_locator("#frame")
    again.locator("[data-card=contact]").first.wait_for()

    assert again.locator(".message").count() == before
    assert again.locator("[data-card=land]").count() >= 1
    assert errors == []
    assert page.context.cookies() == []


def test_a_source_opens_the_exact_passage(page: Page, running: Running) -> None:
    frame = open_widget(page, running, "ko")
    say(frame, "클러스터 용지는 얼마나 분양됐나요?")
    source = frame.locator("details.source").first
    source.locator("summary").click()
    with page.context.expect_page() as opened:
        source.locator("a.passage").click()
    passage = opened.value
    passage.locator("#passage-text").wait_for()

    assert "65.7%" in passage.locator("#passage-text").inner_text()


def test_the_language_switch_answers_in_the_other_language(page: Page, running: Running) -> None:
    frame = open_widget(page, running, "ko")
    frame.locator("#language").click()
    frame.locator(".message[data-sender=assistant]").first.wait_for()

    assert "English" in frame.locator(".message[data-sender=assistant]").first.inner_text()


def test_a_quick_reply_is_answered(page: Page, running: Running) -> None:
    frame = open_widget(page, running, "en")
    say(frame, "Hello")
    say(frame, "What can you do?")
    frame.locator(".reply").first.click()
    frame.locator(".message[data-sender=assistant]").nth(2).wait_for()

    assert frame.locator(".message[data-sender=user]").count() == 3


def test_a_deleted_conversation_is_gone(page: Page, running: Running) -> None:
    frame = open_widget(page, running, "ko")
    say(frame, "입주승인은 누가 하나요?")
    frame.locator("#erase").click()
    frame.locator("#erase-yes").click()
    frame.locator(".message[data-sender=user]").first.wait_for(state="detached")

    assert frame.locator(".message[data-sender=user]").count() == 0


FORM = {
    "ko": ("부를 이름", "전화번호로 읽을 수 없습니다", "동의하셔야", "접수되어 있습니다", "AI가 다시 답합니다"),
    "en": ("how to address you", "no telephone number", "needs your consent", "on record", "the AI answers"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_call_back_is_asked_for_by_keyboard_and_withdrawn(
    page: Page, running: Running, language: str
) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    *wrong, on_record, answers_again = FORM[language]
    frame = open_widget(page, running, language)
    frame.locator("#person").click()
    frame.locator("#callback-open").press("Enter")
    frame.locator("#callback-phone").fill("12345")
    frame.locator("#callback-phone").press("Enter")
    shown = [frame.locator(f"#callback-{field}-error").inner_text() for field in ("name", "phone", "consent")]
    assert [words in text for words, text in zip(wrong, shown, strict=True)] == [True] * 3
    assert "30" in frame.locator("#callback-stored").inner_text()

    page.keyboard.type("김하나")  # the first wrong field has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("02-123-4567")
    for key in ("Tab", "Tab", "Space", "Tab", "Enter"):
        page.keyboard.press(key)
    frame.locator("#leave").wait_for()
    ticket = re.search(r"R-\w{5}", frame.locator("#staff-here").inner_text())
    assert ticket is not None
    assert on_record in frame.locator("#staff-here").inner_text()
    assert ticket.group() in frame.locator(".message[data-sender=notice]").last.inner_text()
    assert frame.locator("#callback").count() == 0
    assert "02-123-4567" not in frame.locator("#log").inner_text()

    frame.locator("#leave").press("Enter")
    frame.locator("#leave").wait_for(state="detached")
    assert answers_again in frame.locator(".message[data-sender=notice]").last.inner_text()
    assert errors == []


def test_a_member_of_staff_is_told_from_the_ai(page: Page, running: Running) -> None:
    frame = open_widget(page, running, "ko")
    say(frame, "입주승인은 누가 하나요?")
    frame.locator("#person").click()
    frame.locator("#callback-open").wait_for()
    saved = frame.locator("body").evaluate(
        "() => Object.values(sessionStorage).find(kept => kept[0] === '{')"
    )
    conversation = json.loads(saved)["id"]
    records = Records(f"sqlite:///{running.data / 'service.db'}")
    records.add_turn(conversation, [NewMessage("staff", "안녕하세요, 상담원입니다. <b>굵게</b>", "ko")])
    records.close()
    page.reload()
    if page.locator("#frame").count() == 0:
        page.locator("#launcher").click()
    message = page.frame_locator("#frame").locator(".message[data-sender=staff]")
    message.wait_for()
    looks = "element => getComputedStyle(element).backgroundColor"
    answer = page.frame_locator("#frame").locator(".message[data-sender=assistant] .bubble").first

    assert message.locator(".sender").inner_text() == "상담원"
    assert "<b>굵게</b>" in message.inner_text()
    assert message.locator(".bubble").evaluate(looks) != answer.evaluate(looks)
