"""The administrator's console in headless Chromium: the whole journey of a document, axe, small screens."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import sync_playwright

from assistant.admin_pages import PAGES
from knowledge.answer import compose
from tests.conftest import DATA, free_port
from tests.console import served
from tests.offices import NEW, QUESTIONS, hwpx, office_app
from tests.staffing import PASSWORD, TESTER, employ
from tests.test_quality import ask
from tests.test_widget import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: apt-get install chromium fonts-nanum",
    ),
]
LONG = 180_000  # ms of a build with its questions


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder, config):
    with office_app(tmp_path_factory.mktemp("office"), embedder, config) as app:
        employ(app, "Lee", "admin")
        yield app


@pytest.fixture(scope="module")
def address(app):
    with served(app, free_port()) as url:
        yield url


@pytest.fixture
def page(browser, address):
    """A signed-in administrator; whatever the browser complains of fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="ko-KR")
    page, errors = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/admin/documents")
    page.keyboard.type("Lee")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/documents")
    yield page
    found = list(errors)
    context.close()
    assert found == []


def said(app):
    office = app.state.back_office
    return compose(QUESTIONS[0]["question"], "ko", office.library, app.state.access.clock().date()).text


def press(page, name):
    """Press a button from the keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def test_document_is_replaced_compared_published_and_rolled_back(page, app):
    assert "3,000만" in said(app)
    file = {"name": "deposit.hwpx", "mimeType": "application/hwp+zip", "buffer": hwpx(NEW)}
    page.locator("#files").set_input_files([file])
    press(page, "올리기")
    page.locator("#uploads", has_text="구절 1개").wait_for()  # comes by itself once it is read
    page.get_by_role("link", name="deposit.hwpx").click()
    page.locator("#passages", has_text="4,500만 원").wait_for()

    page.goto("/admin/releases")
    press(page, "후보 만들기")
    page.locator("#progress").wait_for()
    page.wait_for_url("**/admin/releases/2*", timeout=LONG)
    change = page.locator("[data-question=q-naju]")
    assert "3,000만 원" in change.locator(".side-before").inner_text()
    assert "4,500만 원" in change.locator(".side-after").inner_text()
    page.screenshot(path=str(DATA / "admin-candidate.png"), full_page=True)
    assert "3,000만" in said(app)

    press(page, "게시하기")
    page.locator("#ended", has_text="끝났습니다").wait_for(timeout=LONG)
    assert "4,500만" in said(app)

    press(page, "이전 버전으로 되돌리기")
    page.locator(".done", has_text="이전 버전을 다시 씁니다").wait_for()
    assert "3,000만" in said(app)
    assert page.locator("#history tbody tr").count() == 3


def test_build_is_stopped_and_says_so(page):
    page.goto("/admin/releases")
    press(page, "후보 만들기")
    press(page, "멈추기")
    page.locator("#ended", has_text="멈추었습니다").wait_for(timeout=LONG)


@pytest.fixture(scope="module")
def filled(app):
    """Something to see on every page."""
    office = app.state.back_office
    office.uploads.add(
        "표가 있는 문서.csv", ["도시,값\n나주,12\n진주,34\n".encode()], "Lee", app.state.access.clock()
    )
    office.uploads.add(
        "깨진 문서.html",
        ["<title>안내</title><p>분양률은 XNUMX%입니다.</p>".encode()],
        "Lee",
        app.state.access.clock(),
    )
    for number in range(12):
        ask(
            office.records, f"나주 용지 {number % 4}번 필지의 가격은 얼마인가요?", ("no_answer", "answered")[number % 2],
            app.state.access.clock() - timedelta(days=number), rated=number % 3 > 0, intent=f"intent{number % 5}",
        )  # fmt: skip
    if office.builder.state()["release"] == "":
        office.builder.start("build", TESTER)
        office.builder.wait(LONG / 1000)
    return office


def addresses(office):
    files = [f"/documents/{upload.id}" for upload in office.uploads.listed()]
    candidates = sorted(folder.name for folder in (office.home / "releases").glob("*/"))
    return [
        "",
        *(f"/{name}" for name in PAGES),
        *files,
        f"/releases/{candidates[-1]}",
        "/search?q=보증금",
        "/doubts?decided=true",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_on_any_page(page, filled, scheme, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in addresses(filled):
        page.goto(f"/admin{path}{'&' if '?' in path else '?'}language={language}")
        violations = axe.run(page).response["violations"]
        found |= {f"{path} {v['id']}": [node["html"][:120] for node in v["nodes"][:3]] for v in violations}

    assert found == {}


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_no_page_scrolls_sideways(page, filled, width):
    page.set_viewport_size({"width": width, "height": 900})
    wide = []
    for path in addresses(filled):
        page.goto(f"/admin{path}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
        name = path.strip("/").split("?")[0].replace("/", "-") or "overview"
        page.screenshot(path=str(DATA / f"admin-{name[:30]}-{width}.png"), full_page=True)

    assert wide == []


def test_every_control_is_reached_by_the_keyboard_with_a_visible_focus(page, filled):
    page.goto("/admin/documents")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    wanted = page.locator(
        "a:visible, button:visible, input:visible:not([type=hidden]), summary:visible"
    ).count()
    reached = set()
    for _ in range(wanted + 5):
        outline = page.evaluate(
            "() => { const e = document.activeElement; return [e.tagName + (e.id || e.href || '') + e.textContent.slice(0, 40), getComputedStyle(e).outlineStyle]; }"
        )
        if not outline[0].startswith("BODY"):
            assert outline[1] != "none", outline
            reached.add(outline[0])
        page.keyboard.press("Tab")

    assert len(reached) >= wanted - 3
