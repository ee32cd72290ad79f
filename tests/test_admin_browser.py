"""The administrator's console in headless Chromium: axe in every state, small screens and zoom, keyboard, hostile text."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from assistant.admin.pages.base import PAGES
from tests.conftest import DATA, free_port
from tests.console import served
from tests.offices import NEW, QUESTIONS, Editor, hwpx, office_app, plant, press
from tests.payloads import PAYLOADS
from tests.staffing import PASSWORD, TESTER, employ, signed_in
from tests.test_quality import ask
from tests.test_staff_axe import OPTIONS
from tests.test_widget import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: apt-get install chromium fonts-nanum",
    ),
]
LONG = 180_000  # ms of a build with its questions


def is_bad(message):
    """An error that is not merely the status of a page that refuses."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


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


@pytest.fixture(scope="module")
def state(browser, address):
    """The session of an administrator."""
    page = browser.new_page(base_url=address)
    page.goto("/admin/documents")
    page.keyboard.type("Lee")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/documents")
    kept = page.context.storage_state()
    page.close()
    return kept


@pytest.fixture
def opened(browser, address, state):
    """Opens windows of the administrator; whatever the browser complains of fails the test."""
    contexts, errors = [], []

    def opened(width=1280, height=900, scale=1):
        context = browser.new_context(
            base_url=address, storage_state=state, viewport={"width": width, "height": height},
            device_scale_factor=scale, locale="ko-KR",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: errors.append(message.text) if is_bad(message) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    found = list(errors)
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture
def page(opened):
    return opened()


def test_build_is_stopped_and_says_so(page):
    page.goto("/admin/releases")
    press(page, "후보 만들기")
    press(page, "멈추기")
    page.locator("#ended", has_text="멈추었습니다").wait_for(timeout=LONG)


@pytest.fixture(scope="module")
def filled(app):
    """Something to see on every page."""
    office, now = app.state.back_office, app.state.access.clock()
    office.uploads.add("표가 있는 문서.csv", ["도시,값\n나주,12\n진주,34\n".encode()], "Lee", now)
    doubtful = "<title>안내</title><p>분양률은 XNUMX%입니다.</p>"
    office.uploads.add("깨진 문서.html", [doubtful.encode()], "Lee", now)
    for number in range(12):
        ask(
            office.records, f"나주 용지 {number % 4}번 필지의 가격은 얼마인가요?", ("no_answer", "answered")[number % 2],
            now - timedelta(days=number), rated=number % 3 > 0, intent=("ask_policy", "find_land", "greet")[number % 3],
            documents=["deposit", "fees"][: number % 3], took_ms=100 * 3**number % 9000,
        )  # fmt: skip
    office.uploads.add("deposit.hwpx", [hwpx(NEW)], "Lee", now)
    office.lists.keep_question(QUESTIONS[0] | {"id": "kept-1"}, "Lee", now)
    office.lists.take("land.csv", office.lists.content("land.csv"), "Lee", now)
    office.builder.wait(LONG / 1000)
    office.builder.start("build", TESTER)
    assert office.builder.wait(LONG / 1000).ok
    return office


def addresses(office):
    files = [f"/documents/{upload.id}" for upload in office.uploads.listed()]
    candidates = sorted(folder.name for folder in (office.home / "releases").glob("*/"))
    more = (f"/releases/{candidates[-1]}", "/search?q=보증금", "/doubts?decided=true", "/releases/none")
    return ["", *(f"/{name}" for name in PAGES), *files, *more]


def visit(page, path, language):
    page.goto(f"/admin{path}{'&' if '?' in path else '?'}language={language}")


def open_all(page):
    """Open whatever can be opened: questions before a deed, tables, menus."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


# Each leaves a page that only a form leads to.
FORMS = {
    "refused upload": ("/documents", "form[action='/admin/documents']"),
    "refused list": ("/lists", "form[action='/admin/lists']"),
    "test without a fact": ("/search?q=보증금", "form[action='/admin/tests']"),
    "retention out of range": ("/retention", "form[action='/admin/retention']"),
    "name taken": ("/accounts", "form[action='/admin/accounts']"),
    "export without a reason": ("/audit", "form[action='/admin/audit/export']"),
}


def fill_wrongly(page, form):
    """Send a form as no browser would let anybody: the service's own refusal is what is looked at."""
    place = page.locator(form)
    place.evaluate("(form) => { form.noValidate = true; }")
    if place.locator("input[type=file]").count():
        empty = {"name": "empty.csv", "mimeType": "text/csv", "buffer": b"id\n"}
        place.locator("input[type=file]").set_input_files([empty])
    if place.locator("#days").count():
        place.locator("#days").fill("0")
    if place.locator("#documents").count():
        place.locator("#documents").fill("")
    if place.locator("#name:not(select)").count():
        place.locator("#name").fill("Lee")
    place.locator("button").last.click()
    page.wait_for_load_state()


def violations(page, scheme="light"):
    found = Axe().run(page, options=OPTIONS[scheme]).response["violations"]
    return {one["id"]: [node["html"][:120] for node in one["nodes"][:3]] for one in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_on_any_page_closed_and_opened(page, filled, scheme, language):
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in addresses(filled):
        visit(page, path, language)
        found[f"{path} closed"] = violations(page, scheme)
        open_all(page)
        found[f"{path} opened"] = violations(page, scheme)

    assert {name: what for name, what in found.items() if what} == {}
    assert len(found) >= 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_where_a_form_is_refused(opened, filled, scheme, language):
    page, found = opened(320, 700), {}
    page.emulate_media(color_scheme=scheme)
    for name, (path, form) in FORMS.items():
        visit(page, path, language)
        fill_wrongly(page, form)
        assert page.locator("[role=alert], #results").first.inner_text()
        found[name] = violations(page, scheme)

    assert {name: what for name, what in found.items() if what} == {}


def test_axe_finds_no_violation_while_work_is_under_way(page, filled):
    page.goto("/admin/releases")
    press(page, "후보 만들기")
    page.locator("#progress").wait_for()
    running = violations(page)
    press(page, "멈추기")
    page.locator("#ended").wait_for(timeout=LONG)

    assert (running, violations(page)) == ({}, {})


@pytest.mark.parametrize(("width", "height", "scale"), [(320, 700, 1), (1280, 900, 1), (320, 225, 4)])
def test_no_page_scrolls_sideways(opened, filled, width, height, scale):
    """The last is 1280 by 900 at 400 % zoom (WCAG 1.4.10)."""
    page, wide = opened(width, height, scale), []
    for path in addresses(filled):
        visit(page, path, "ko")
        name = path.strip("/").split("?")[0].replace("/", "-") or "overview"
        page.screenshot(
            path=str(DATA / f"admin-{name[:30]}-{width * scale}-{scale}.png"), full_page=scale == 1
        )
        open_all(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)

    assert wide == []


def test_menu_is_folded_on_a_narrow_screen_and_opens_from_the_keyboard(opened, filled):
    page = opened(320, 700)
    page.goto("/admin/releases")
    link = page.locator(".side a[href='/admin/documents']")
    assert not link.is_visible()
    page.locator("#menu > summary").focus()
    page.keyboard.press("Enter")
    link.wait_for()

    assert page.locator(".side a[aria-current=page]").inner_text() == "버전"


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
            "() => { const e = document.activeElement; return [e.tagName + (e.id || e.href || '') + e.textContent.slice(0, 40) + (e.closest('tr')?.rowIndex ?? ''), getComputedStyle(e).outlineStyle]; }"
        )
        if not outline[0].startswith("BODY"):
            assert outline[1] != "none", outline
            reached.add(outline[0])
        page.keyboard.press("Tab")

    assert len(reached) >= wanted - 3


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, embedder, config):
    """A console of its own, full of payloads, built and compared with what is served."""
    with office_app(tmp_path_factory.mktemp("hostile"), embedder, config) as app:
        plant(app, Editor(signed_in(app, "admin")))
        office = app.state.back_office
        office.builder.start("build", TESTER)
        assert office.builder.wait(LONG / 1000).ok
        with served(app, free_port()) as url:
            yield app, url


def test_no_payload_runs_on_any_page(browser, hostile):
    app, url = hostile
    context = browser.new_context(base_url=url)
    page, errors = context.new_page(), []
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    page.on("console", lambda message: errors.append(message.text) if is_bad(message) else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith((url, "data:")) else errors.append(request.url),
    )
    page.goto("/admin")
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")
    ran = []
    searches = [
        f"/search?q={payload.replace('%', '%25').replace('#', '%23').replace('&', '%26')}"
        for payload in PAYLOADS[::5]
    ]
    for path in [*addresses(app.state.back_office), "/questions?days=365", "/figures?days=90", *searches]:
        page.goto(f"/admin{path}")
        open_all(page)
        page.evaluate("document.querySelectorAll('main *').forEach((one) => { one.focus?.(); })")
        if page.evaluate(
            "window.__xss !== undefined || !!document.querySelector('main iframe, main img, main object, main base')"
        ):
            ran.append(path)
    context.close()

    assert (ran, errors) == ([], [])
