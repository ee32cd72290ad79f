"""The administrator's whole journey on the really running service: what is published is what the widget says next."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.settings import Settings
from tests.conftest import DATA, Running, free_port, serve
from tests.offices import agree, hwpx, press
from tests.staffing import PASSWORD
from tests.test_widget import ARGUMENTS, CHROMIUM, open_widget, say

pytestmark = [
    pytest.mark.browser,
    pytest.mark.engine,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: apt-get install chromium fonts-nanum",
    ),
]
LONG = 300_000  # ms of a build of all documents with all test questions
QUESTION = "지방 이전 상담 예약은 며칠 전에 해야 하나요?"
TITLE = "이전 상담 예약 안내"
OLD, NEW = "상담 예약은 방문하기 7일 전까지 해야 합니다.", "상담 예약은 방문하기 3일 전까지 해야 합니다."


@pytest.fixture(scope="module")
def service(
    trained: Settings, shipped_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service of its own, without any account: what it publishes is nobody else's business."""
    data = tmp_path_factory.mktemp("service")
    for name in ("models", "knowledge"):
        shutil.copytree(DATA / name, data / name)
    with serve(free_port(), data) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def state(browser: Browser, service: Running) -> Any:
    """The session of the first administrator, in by the link that the service printed."""
    deadline, links = time.monotonic() + 60, list[str]()
    while not links and time.monotonic() < deadline:  # it is printed a moment after the service is ready
        links = re.findall(r"http\S+/staff/start#\S+", (service.data / "service.log").read_text("utf-8"))
        time.sleep(0.2)
    page = browser.new_page()
    page.goto(links[-1])
    page.locator("#name").fill("Kim")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    kept = page.context.storage_state()
    page.close()
    return kept


@pytest.fixture
def admin(browser: Browser, service: Running, state: Any) -> Iterator[Page]:
    """The administrator's window; whatever the browser complains of fails the test."""
    context = browser.new_context(
        base_url=service.url, storage_state=state, viewport={"width": 1280, "height": 900}, locale="ko-KR"
    )
    page, errors = context.new_page(), list[str]()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    found = list(errors)
    context.close()
    assert found == []


def upload(page: Page, text: str) -> None:
    page.goto("/admin/documents")
    content = hwpx(text, title=TITLE)
    file = {"name": "consulting.hwpx", "mimeType": "application/hwp+zip", "buffer": content}
    page.locator("#files").set_input_files([file])
    press(page, "올리기")
    page.locator("#uploads", has_text="구절 1개").wait_for()
    page.get_by_role("link", name="consulting.hwpx").click()
    page.locator("#passages", has_text=text).wait_for()


def build(page: Page) -> None:
    """Build a candidate and wait for its page."""
    page.goto("/admin/releases")
    press(page, "후보 만들기")
    page.locator("#progress").wait_for()
    page.wait_for_url("**/admin/releases/2*", timeout=LONG)


def publish(page: Page) -> None:
    agree(page, "게시하기", "네, 게시합니다")
    page.locator("#ended", has_text="끝났습니다").wait_for(timeout=LONG)


def keep_as_test(page: Page) -> None:
    """Ask the question in the search box and keep it: either text is a right answer, as the other changes."""
    page.goto("/admin/search")
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#facts").fill("7일|3일")
    page.locator("#documents").fill("consulting")
    press(page, "시험 질문으로 남기기")
    page.wait_for_url("**/admin/tests?done=tested")


def test_document_replaced_in_hwpx_is_what_the_widget_cites_until_it_is_rolled_back(
    browser: Browser, admin: Page, service: Running
) -> None:
    visitor = browser.new_page()
    widget = open_widget(visitor, service, "ko")
    before = say(widget, QUESTION)
    assert OLD not in before

    keep_as_test(admin)
    upload(admin, OLD)
    build(admin)
    assert "바로잡힘" in admin.locator("#changes").inner_text()
    publish(admin)
    assert "7일 전까지" in say(widget, QUESTION)

    upload(admin, NEW)
    assert TITLE in admin.locator(".done", has_text="지금 쓰는 문서를 대신합니다").inner_text()
    build(admin)
    assert admin.locator("[data-kind=updated] b").inner_text() == "1"
    change = admin.locator(".change", has_text=QUESTION)
    assert "7일 전까지" in change.locator(".side-before").inner_text()
    assert "3일 전까지" in change.locator(".side-after").inner_text()
    assert "7일 전까지" in say(widget, QUESTION)

    publish(admin)
    assert "3일 전까지" in say(widget, QUESTION)
    cited = widget.locator(".message[data-sender=assistant]").last.locator("details.source").first
    cited.locator("summary").click()
    assert NEW in cited.inner_text()
    assert TITLE in cited.inner_text()

    admin.goto("/admin/releases")
    agree(admin, "이전 버전으로 되돌리기", "네, 되돌립니다")
    admin.locator(".done", has_text="이전 버전을 다시 씁니다").wait_for()
    assert "7일 전까지" in say(widget, QUESTION)
    shown = admin.locator("#history tbody tr").all_inner_texts()
    assert [("되돌림" in row, "Kim" in row) for row in shown[:3]] == [
        (True, True),
        (False, True),
        (False, True),
    ]
    visitor.close()


def test_large_file_and_long_form_are_taken(admin: Page) -> None:
    lines = "".join(f"나주 {number}번 필지의 안내입니다.\n" for number in range(40_000)).encode()
    admin.goto("/admin/documents")
    admin.locator("#files").set_input_files(
        [{"name": "large.txt", "mimeType": "text/plain", "buffer": lines}]
    )
    press(admin, "올리기")
    assert "추가했습니다" in admin.locator("#results").inner_text()

    admin.goto("/admin/search")
    admin.locator("#q").fill("나주 필지 안내")
    admin.keyboard.press("Enter")
    admin.locator("#facts").fill("가" * 2000)
    admin.locator("#never").fill("나" * 2000)
    press(admin, "시험 질문으로 남기기")
    admin.wait_for_url("**/admin/tests?done=tested")


def test_assistant_switched_off_tells_the_widget_so_and_on_again_answers(
    browser: Browser, admin: Page, service: Running
) -> None:
    visitor = browser.new_page()
    widget = open_widget(visitor, service, "ko")
    admin.goto("/admin/service")
    admin.locator("#notice_ko").fill("점검 중입니다. 오후 두 시에 다시 엽니다.")
    agree(admin, "끄기", "네, 끕니다")
    admin.locator("#state", has_text="꺼 두었습니다").wait_for()
    assert "오후 두 시에 다시 엽니다" in say(widget, "입주승인은 누가 하나요?")

    press(admin, "켜기")
    admin.locator("#state", has_text="답하고 있습니다").wait_for()
    assert "입주승인" in say(widget, "입주승인은 누가 하나요?")
    visitor.close()
