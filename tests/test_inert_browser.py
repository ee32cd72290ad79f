"""What visitors, staff, documents and the catalogue write, in Chromium: in the widget and on every page of the console
it is text, nothing of it runs, and no other host is asked (trust.md W3)."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Frame, Page

from knowledge.config import DOCUMENTS, AnswerConfig
from knowledge.embedding import Embedder
from knowledge.library import Library
from tests.conftest import free_port
from tests.console import opened, served
from tests.desks import NOON
from tests.payloads import PAYLOADS
from tests.releasing import released
from tests.staffing import employ
from tests.test_staff_browser import browser, is_error, pytestmark, sign_in  # noqa: F401 - a fixture and the module's marks

# Columns of the catalogue that people write; the others hold ids, dates and numbers.
WRITTEN = {
    "districts.csv": ("name_ko", "name_en", "host_ko", "host_en", "approver_ko", "approver_en", "source_title", "publisher"),
    "contacts.csv": ("name_ko", "name_en", "for_ko", "for_en", "phone", "hours_ko", "hours_en", "source_title", "publisher"),
    "incentives.csv": (
        "name_ko", "name_en", "law_ko", "law_en", "benefit_ko", "benefit_en", "period_ko", "period_en", "conditions_ko", "conditions_en",
        "clawback_ko", "clawback_en", "note_ko", "note_en", "source_title", "publisher",
    ),
    "land.csv": ("site_ko", "site_en", "note_ko", "note_en", "source_title", "publisher"),
    "glossary.csv": ("meaning_ko", "meaning_en", "clause"),
    "gazetteer.csv": (),
    "origins.csv": ("source_title", "publisher"),
}  # fmt: skip
FOREIGN = """() => {
  const inner = [...document.querySelectorAll('*')];
  const handlers = inner.filter((one) => one.getAttributeNames().some((name) => name.startsWith('on') || name === 'srcdoc')
    || /url/.test(one.getAttribute('style') ?? ''));
  const scripts = [...document.scripts].filter((one) => !one.src || new URL(one.src).origin !== location.origin);
  const links = [...document.querySelectorAll('[href], [src], [action], [formaction]')].filter((one) =>
    ['href', 'src', 'action', 'formaction'].some((name) => /^\\s*(java|data:text)/i.test(one.getAttribute(name) ?? '')));
  const strange = inner.filter((one) => ['IMG', 'OBJECT', 'EMBED', 'VIDEO', 'AUDIO', 'MARQUEE', 'BASE', 'MATH', 'XMP'].includes(one.tagName));
  return { ran: window.__xss ?? null, found: [...handlers, ...scripts, ...links, ...strange].map((one) => one.outerHTML.slice(0, 200)) };
}"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, config: AnswerConfig) -> Library:
    """A release of documents and a catalogue that hold nothing else."""
    folder = tmp_path_factory.mktemp("payloads")
    write_documents(folder / "docs")
    released(folder / "home", [folder / "docs"], embedder)
    library = Library(folder / "home", embedder, config)
    library.search("나주", "ko")
    return library


def write_documents(folder: Path) -> None:
    """Each payload as title, heading, sentence, table cell and file name; and in every row of the catalogue."""
    folder.mkdir()
    for number, payload in enumerate(PAYLOADS):
        text, name = html.escape(payload), re.sub(r"[/\x00-\x1f]", "_", payload)
        page = (
            f"<title>{text}</title><h1>{text}</h1><h2>{number} {text}</h2><p>나주 {number}번 안내입니다. {text} 나주 용지는 {number + 10}㎡입니다.</p>"
            f"<table><caption>{text}</caption><tr><th>도시</th><th>{text}</th></tr><tr><td>나주 {number}</td><td>{text}</td></tr></table>"
        )
        (folder / f"{number} {name[:60]}.html").write_text(page, encoding="utf-8")
    payloads = cycle(PAYLOADS)
    for name, columns in WRITTEN.items():
        with (DOCUMENTS / name).open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            row.update({column: next(payloads) for column in columns if row[column]})
        with (folder / name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, rows[0])
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def app(tmp_path: Path, library: Library) -> Iterator[FastAPI]:
    with opened(tmp_path, library) as app:
        app.state.chat.reception.now = lambda: NOON  # the desk is open
        employ(app, "Kim", "agent")
        yield app


@pytest.fixture
def page(browser: Browser, app: FastAPI) -> Iterator[Page]:  # noqa: F811
    """A browser in which errors, dialogs and requests to other hosts are noticed; a policy that had to step in is an error."""
    with served(app, free_port()) as url:
        context, told = browser.new_context(base_url=url, locale="ko-KR"), list[str]()
        context.on("console", lambda message: told.append(message.text) if is_error(message) else None)
        context.on(
            "request",
            lambda request: told.append(request.url) if not request.url.startswith((url, "data:,")) else None,
        )
        context.on("dialog", lambda dialog: told.append(dialog.message))
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        found = list(told)
        context.close()
    assert found == [], found


def is_inert(frame: Frame | Page) -> bool:
    found = frame.evaluate(FOREIGN)
    assert found == {"ran": None, "found": []}, frame.url
    return True


def talk(page: Page) -> None:
    """A visitor writes every payload into the widget and asks for a person."""
    page.goto("/widget?language=ko")
    page.locator(".message[data-sender=notice]").first.wait_for()
    for number, payload in enumerate(PAYLOADS):
        page.locator("#input").fill(f"{payload} 나주 {number}번" if number % 2 else payload)
        page.locator("#send").click()
        page.locator(".message[data-sender=assistant]").nth(number).wait_for()
    page.locator("#person").click()
    page.locator("#handover").wait_for()


def test_widget_and_console_show_what_others_wrote_as_text(page: Page, app: FastAPI) -> None:
    talk(page)
    assert is_inert(page)
    assert page.locator(".message[data-sender=user]").first.inner_text().endswith(PAYLOADS[0])
    for source in page.locator("details.source summary").all()[:20]:
        source.click()
    assert is_inert(page)

    staff = page.context.new_page()
    sign_in(staff, "Kim")
    staff.locator("#queue a").wait_for()
    staff.keyboard.press("Alt+w")
    staff.locator("[data-step=take]:focus").wait_for()
    staff.keyboard.press("Alt+t")
    staff.locator("#text:focus").wait_for()
    assert is_inert(staff)
    for number, payload in enumerate(PAYLOADS):
        staff.locator("#text").fill(payload)
        staff.keyboard.press("Control+Enter")
        staff.locator("#log li[data-sender=staff]").nth(number).wait_for()
    page.locator(".message[data-sender=staff]").nth(len(PAYLOADS) - 1).wait_for()
    assert is_inert(page)
    assert is_inert(staff)

    reloaded = page.context.new_page()  # the whole transcript, drawn at once
    reloaded.goto(staff.url)
    reloaded.locator("#suggestions p").first.wait_for()
    assert is_inert(reloaded)
    [conversation] = {h.conversation_id for h in app.state.chat.reception.kept.queue()}
    reloaded.goto(f"/staff/transcripts/{conversation}")
    assert is_inert(reloaded)
    assert reloaded.locator("li[data-sender=staff] .text-of").last.inner_text() == PAYLOADS[-1]


def test_every_fact_card_of_the_catalogue_and_the_documents_is_text(page: Page, app: FastAPI) -> None:
    sign_in(page, "Kim")
    index = app.state.staff_indexes.current()
    entries = [(e.kind, e.id) for shelf in index.ahead._shelves.values() for e in shelf.entries]
    for kind, id in entries[:: max(1, len(entries) // 150)]:
        page.evaluate(
            "([kind, id]) => window.htmx.ajax('GET', `/staff/card/${kind}/${id}`, { target: '#card' })",
            [kind, id],
        )
    assert is_inert(page)
    for typed in ("나주", "script", "img", "svg", "javascript", "온", "나주 3번"):
        page.locator("#q").fill(typed)
        page.locator("#results [role=status]").wait_for(state="attached")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        assert is_inert(page)


def test_places_in_the_tray_and_lines_of_the_note_are_text(page: Page, app: FastAPI) -> None:
    sign_in(page, "Kim")
    for district in list(app.state.library.release.catalogue.districts)[:4]:
        page.evaluate(
            "(id) => window.htmx.ajax('GET', `/staff/card/place/${id}`, { target: '#card' })", district
        )
        page.locator("#card").focus()
        page.keyboard.press("+")
        page.keyboard.press("c")
    assert page.locator("#tray li").count() == 4
    assert page.locator("#note").input_value().count("\n- ") >= 4
    page.reload()
    assert page.locator("#tray li").count() == 4
    assert is_inert(page)
    with page.context.expect_page() as comparison:
        page.keyboard.press("Alt+v")
    comparison.value.wait_for_load_state()
    assert is_inert(comparison.value)


def test_a_cited_passage_is_text(page: Page, library: Library) -> None:
    release = library.release
    for passage in list(release.passages())[::6]:
        page.goto(f"/passage?release={release.id}&id={passage.id}&language=ko")
        page.wait_for_load_state("networkidle")
        assert is_inert(page)


def test_markup_that_runs_is_noticed(page: Page) -> None:
    page.goto("/staff/login")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('a'), { href: 'javascript:1' }))"
    )

    assert page.evaluate(FOREIGN)["found"] == ['<a href="javascript:1"></a>']
