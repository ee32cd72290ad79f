"""axe on every state of the widget and the pages beside it, in both languages, light and dark (requirement X1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from knowledge.library import Library
from tests.conftest import Running, free_port
from tests.console import QUESTION, opened, served
from tests.desks import NOON
from tests.test_staff_axe import OPTIONS
from tests.test_staff_browser import browser, pytestmark  # noqa: F401 - a fixture and the module's marks

ASKED = {
    "ko": {
        "answer": QUESTION,
        "land": "김천에 클러스터 용지가 남았나요?",
        "incentives": "나주로 본사를 옮기면 어떤 세금 감면을 받나요?",
        "comparison": "나주, 진주, 김천을 비교해 주세요",
        "guided": "우리 회사에 맞는 곳을 찾아 주세요",
        "eligibility": "수원 공장을 나주로 옮기면 감면 대상인지 확인해 주세요. 중소기업이고 10년째 운영 중입니다.",
        "no answer": "대구 공장 전기요금은 킬로와트시당 얼마예요?",
        "initials": "ㄴㅈ",
    },
    "en": {
        "answer": "Who approves entry to a cluster?",
        "land": "Is there cluster land left in Gimcheon?",
        "incentives": "What tax relief do we get for moving our head office to Naju?",
        "comparison": "Compare Naju, Jinju and Gimcheon",
        "guided": "Please find a site that fits our company",
        "eligibility": "Check whether our SME would get tax relief for moving a factory from Suwon to Naju",
        "no answer": "What does industrial electricity in Daegu cost?",
        "initials": "skwn",
    },
}


@pytest.fixture
def context_of(browser: Browser) -> Iterator[Callable[[str, str], Page]]:  # noqa: F811
    contexts = []

    def made(base: str, scheme: str) -> Page:
        contexts.append(
            browser.new_context(base_url=base, color_scheme=scheme, viewport={"width": 400, "height": 700})
        )  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    yield made
    for context in contexts:
        context.close()


class Found(dict[str, list[str]]):
    """Violations by state and rule, each with the first elements."""

    def look(self, page: Page, state: str, scheme: str) -> None:
        for one in Axe().run(page, options=OPTIONS[scheme]).response["violations"]:
            self[f"{state}: {one['id']}"] = [node["html"][:160] for node in one["nodes"][:3]]


def begin(page: Page, language: str) -> None:
    page.goto(f"/widget?language={language}")
    page.locator(".message[data-sender=notice]").first.wait_for()


def ask(page: Page, text: str) -> None:
    count = page.locator(".message[data-sender=assistant]").count()
    page.locator("#input").fill(text)
    page.locator("#send").click()
    page.locator(".message[data-sender=assistant]").nth(count).wait_for()


@pytest.mark.engine
@pytest.mark.parametrize("scheme", OPTIONS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_in_the_widget(
    context_of: Callable[[str, str], Page], running: Running, language: str, scheme: str
) -> None:
    page, found = context_of(running.url, scheme), Found()
    begin(page, language)
    found.look(page, "opening", scheme)
    for state, question in ASKED[language].items():
        ask(page, question)
        found.look(page, state, scheme)
    page.locator("details.source summary").first.click()
    found.look(page, "source", scheme)
    passage = page.locator("details.source a.passage").first.get_attribute("href") or ""
    page.locator("#input").fill("가" * 1001)
    found.look(page, "too long", scheme)
    page.locator("#input").fill("")
    page.locator("#erase").click()
    found.look(page, "erase", scheme)
    page.locator("#erase-no").click()
    page.locator("#person").click()
    page.locator("#callback-open").click()
    page.locator("#callback-send").click()
    page.locator("#callback-name-error:not(:empty)").wait_for()
    found.look(page, "form with mistakes", scheme)
    page.context.set_offline(True)
    page.locator("#callback-name").fill("김하나")
    page.locator("#callback-phone").fill("02-123-4567")
    page.locator("#callback-consent").check()
    page.locator("#callback-send").click()
    page.locator("#callback-problem").wait_for()
    found.look(page, "offline", scheme)
    page.context.set_offline(False)
    compared = f"/comparison?places=ic-gwangju-jeonnam,ic-daegu&language={language}"
    for state, path in (
        ("passage", passage),
        ("demonstration", f"/?language={language}"),
        ("comparison page", compared),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found.look(page, state, scheme)

    assert found == {}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[FastAPI]:
    with opened(tmp_path_factory.mktemp("widget"), library) as app:
        app.state.chat.reception.now = lambda: NOON  # the desk is open
        yield app


@pytest.mark.parametrize("scheme", OPTIONS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation_while_a_person_is_there(
    context_of: Callable[[str, str], Page], app: FastAPI, language: str, scheme: str
) -> None:
    found, reception = Found(), app.state.chat.reception
    with served(app, free_port()) as url:
        page = context_of(url, scheme)
        begin(page, language)
        ask(page, ASKED[language]["answer"])
        page.locator("#person").click()
        page.locator("#leave").wait_for()
        found.look(page, "waiting", scheme)
        waiting = reception.kept.queue()[-1]
        reception._move(waiting, "taken", "taken", "Kim")
        page.reload()
        page.locator("#leave").wait_for()
        found.look(page, "with a person", scheme)
        page.locator("#leave").click()
        page.locator("#leave").wait_for(state="detached")
        found.look(page, "back with the assistant", scheme)

    assert found == {}
