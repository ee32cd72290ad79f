"""The console's routes: who may use which, what they show, what they write down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from assistant.access import PUBLIC, permissions_of
from assistant.app import WEB
from assistant.staff.words import WORDS
from knowledge.library import Library
from tests.console import QUESTION, opened, waiting
from tests.staffing import Person, signed_in

SIGNING = {"GET /staff/login", "GET /staff/start", "GET /staff/password"}
LOOKING_UP = [
    "/staff",
    "/staff/suggest?q=나주",
    "/staff/search?q=입주승인",
    "/staff/card/term/0",
    "/api/v1/search?q=입주승인",
]
TALKING = ["/staff/queue", "/staff/queue/list", "/staff/transcripts", "/staff/transcripts?q=본사"]


@pytest.fixture
def app(tmp_path: Path, library: Library) -> Iterator[FastAPI]:
    with opened(tmp_path, library) as app:
        yield app


def get(person: Person, path: str, **headers: str) -> Any:
    return person.http.get(path, headers=headers)


def send(person: Person, path: str, **fields: str) -> Any:
    token = person.who().json()["csrf"]
    return person.http.post(path, data=fields, headers={"X-CSRF-Token": token, "HX-Request": "true"})


def audited(app: FastAPI, action: str) -> list[tuple[str, str]]:
    rows = app.state.access.audit.rows()
    return [(row["object"], row["result"]) for row in rows if row["action"] == action]


# --- who may ---


def test_every_route_of_the_console_names_a_permission_but_the_pages_to_sign_in(app: FastAPI) -> None:
    ours = {
        route: needed
        for route, needed in permissions_of(app).items()
        if "/staff" in route and "/api/v1/staff" not in route
    }

    assert {route for route, needed in ours.items() if not needed and route not in PUBLIC} <= SIGNING
    assert permissions_of(app)["GET /api/v1/search"] == "lookup"
    assert set(ours.values()) == {"", "lookup", "flag", "conversations"}


@pytest.mark.parametrize("role", ["viewer", "agent", "editor", "publisher", "admin"])
def test_a_role_reaches_its_pages_and_no_others(app: FastAPI, role: str) -> None:
    person = signed_in(app, role)
    talks = role in ("agent", "admin")

    assert {get(person, path).status_code for path in LOOKING_UP} == {200}
    assert {get(person, path).status_code for path in TALKING} == {200 if talks else 403}
    assert ("/staff/queue" in get(person, "/staff").text) is talks


def test_a_viewer_can_neither_flag_nor_take_over(app: FastAPI) -> None:
    ticket, _ = waiting(app)
    viewer = signed_in(app, "viewer")

    assert send(viewer, "/staff/flags", item="term/0", comment="틀림").status_code == 403
    assert send(viewer, f"/staff/conversations/{ticket}/take").status_code == 403
    assert app.state.flags.all() == []


@pytest.mark.parametrize("path", ["/staff", "/staff/queue", "/staff/transcripts?q=a"])
def test_whoever_is_signed_out_is_led_to_the_sign_in_page(app: FastAPI, path: str) -> None:
    answer = get(Person(app), path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/login?next=%2Fstaff")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(app: FastAPI) -> None:
    answer = get(Person(app), "/staff/suggest?q=a", **{"HX-Request": "true"})

    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/staff/login?next=%2Fstaff")


def test_the_search_of_the_api_refuses_without_a_session(app: FastAPI) -> None:
    assert get(Person(app), "/api/v1/search?q=a").status_code == 401


@pytest.mark.parametrize(
    "path", ["/staff/login", "/staff/start", "/staff/password", "/staff", "/staff/queue"]
)
def test_pages_have_strict_headers(app: FastAPI, path: str) -> None:
    headers = get(signed_in(app, "admin"), path).headers

    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


POLLED = ["/staff/queue/list", "/staff/conversations/{}/messages?after=0&state=open", "/staff/conversations/{}/suggestions?seq=1"]  # fmt: skip


@pytest.mark.parametrize("path", POLLED)
def test_what_a_page_asks_for_by_itself_keeps_no_session_open(app: FastAPI, path: str) -> None:
    ticket, _ = waiting(app)
    agent = signed_in(app, "agent")
    found = []
    for _ in range(4):
        app.state.clock.forward(minutes=9)
        found.append(get(agent, path.format(ticket), **{"HX-Request": "true"}).status_code)

    assert found == [200, 200, 200, 401]


def test_a_page_that_somebody_works_on_keeps_the_session_open(app: FastAPI) -> None:
    agent = signed_in(app, "agent")
    for _ in range(6):
        app.state.clock.forward(minutes=20)
        answer = get(agent, "/staff/queue/list", **{"X-Attended": "1"})

    assert answer.status_code == 200


def test_after_signing_in_again_one_is_where_one_was(app: FastAPI) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://staff.test/staff/conversations/R-1?x=1"}
    answer = get(Person(app), "/staff/queue/list", **headers)

    assert answer.headers["hx-redirect"] == "/staff/login?next=%2Fstaff%2Fconversations%2FR-1"


# --- looking up ---


def test_results_while_typing_name_place_support_and_office(app: FastAPI) -> None:
    shown = get(signed_in(app, "viewer"), "/staff/suggest?q=ㄴㅈ").text

    assert "광주·전남 혁신도시(나주)" in shown
    assert 'data-id="ic-gwangju-jeonnam"' in shown


def test_nothing_found_names_an_office(app: FastAPI) -> None:
    shown = get(signed_in(app, "viewer"), "/staff/suggest?q=가나다라마바사아").text

    assert "자료에 없습니다" in shown
    assert "국토교통부" in shown


def test_full_search_shows_near_misses_below_a_line(app: FastAPI) -> None:
    shown = get(signed_in(app, "viewer"), "/staff/search?q=입주승인은 누가 해 주나요").text
    above, _, below = shown.partition('class="below"')

    assert "입주승인은 누가 하나" in above
    assert "점수" in above
    assert below.count('role="option"') >= 3


def test_the_search_of_the_api_is_the_assistants_own(app: FastAPI, library: Library) -> None:
    person = signed_in(app, "viewer")
    answer = get(person, f"/api/v1/search?q={QUESTION}&top_k=3&below=4").json()
    own = [hit.passage.id for hit in library.search(QUESTION, "ko", 7)]

    assert [hit["passage_id"] for hit in answer["hits"] + answer["below"]] == own
    assert (len(answer["hits"]), answer["language"]) == (3, "ko")
    assert answer["answerable"] is True


def test_a_card_says_a_sentence_with_amount_clause_source_and_date(app: FastAPI) -> None:
    shown = get(signed_in(app, "agent"), "/staff/card/incentive/T09").text

    assert "본사 이전 법인세 감면은" in shown
    assert "조세특례제한법 제63조의2 제1항" in shown
    assert "2026-06-02" in shown
    assert "10억 원 이상" in shown


def test_a_card_is_copied_in_either_language_with_its_citation(app: FastAPI) -> None:
    shown = get(signed_in(app, "agent"), "/staff/card/incentive/T09").text
    korean, english = (
        shown.partition(f'id="copy-{language}"')[2].partition("</pre>")[0] for language in ("ko", "en")
    )

    assert "출처: 국가법령정보센터" in korean
    assert "2026-06-02 기준" in korean
    assert "Restriction of Special Taxation Act, Article 63-2(1)" in english
    assert "as of 2026-06-02" in english


def test_a_passage_is_copied_in_the_other_language_where_there_is_one(app: FastAPI, library: Library) -> None:
    [hit, *_] = library.search("입주승인은 누가 하나요", "ko", 1)
    shown = get(signed_in(app, "agent"), f"/staff/card/section/{hit.passage.id}").text
    english = shown.partition('id="copy-en"')[2].partition("</pre>")[0]

    assert ".en." in english
    assert "approv" in english.lower()


def test_a_row_that_may_not_be_told_has_no_card(app: FastAPI, library: Library) -> None:
    rows = library.release.catalogue.incentives.values()
    untold = next(row.id for row in rows if row.status not in ("verified", "secondary", "derived"))

    assert "찾을 수 없습니다" in get(signed_in(app, "agent"), f"/staff/card/incentive/{untold}").text


@pytest.mark.parametrize(
    "path", ["place/nowhere", "term/99999", "section/none", "document/ko/none", "contact/x"]
)
def test_an_unknown_card_says_so(app: FastAPI, path: str) -> None:
    assert "찾을 수 없습니다" in get(signed_in(app, "viewer"), f"/staff/card/{path}").text


def test_english_is_chosen_once_and_kept(app: FastAPI) -> None:
    person = signed_in(app, "viewer")

    assert "Look up" in get(person, "/staff?language=en").text
    assert "Look up" in get(person, "/staff").text


# --- flags ---


def test_a_flag_reaches_the_administrator_with_passages_and_release(app: FastAPI, library: Library) -> None:
    [hit, *_] = library.search("입주승인은 누가 하나요", "ko", 1)
    agent, admin = signed_in(app, "agent"), signed_in(app, "admin")
    told = send(agent, "/staff/flags", item=f"section/{hit.passage.id}", comment="바뀐 내용, 010-1234-5678")
    [flag] = admin.http.get("/api/v1/staff/flags").json()["flags"]

    assert "관리자에게 보냈습니다" in told.text
    assert (flag["passages"], flag["release"], flag["by"]) == ([hit.passage.id], library.release.id, "agent")
    assert "5678" not in flag["comment"]
    assert audited(app, "flag.add") == [(f"section/{hit.passage.id}", "done")]


def test_a_flag_without_words_is_not_kept(app: FastAPI) -> None:
    told = send(signed_in(app, "agent"), "/staff/flags", item="term/0", comment="  ")

    assert "무엇이 틀렸는지" in told.text
    assert app.state.flags.all() == []


def test_a_flag_is_closed_once(app: FastAPI) -> None:
    admin = signed_in(app, "admin")
    send(admin, "/staff/flags", item="term/0", comment="틀림")
    [flag] = app.state.flags.all()
    closed = [send(admin, f"/api/v1/staff/flags/{flag.id}/close").status_code for _ in range(2)]

    assert closed == [204, 404]
    assert [one.closed_by for one in app.state.flags.all(closed=True)] == ["admin"]


# --- talking ---


def test_the_queue_gives_reason_and_waiting_time(app: FastAPI) -> None:
    ticket, _ = waiting(app)
    shown = get(signed_in(app, "agent"), "/staff/queue/list").text

    assert ticket in shown
    assert "자료에 없음" in shown
    assert "0분째 기다림" in shown


def test_a_conversation_shows_transcript_and_what_is_known(app: FastAPI) -> None:
    ticket, _ = waiting(app)
    shown = get(signed_in(app, "agent"), f"/staff/conversations/{ticket}").text

    assert QUESTION in shown
    assert "<dt>인원</dt><dd>45</dd>" in shown
    assert "<dt>희망 지역</dt><dd>나주</dd>" in shown
    assert audited(app, "conversation.read") == [(ticket, "done")]


def test_taking_over_answering_and_returning(app: FastAPI) -> None:
    ticket, conversation = waiting(app)
    agent, kept = signed_in(app, "agent"), app.state.chat.reception.kept
    home = f"/staff/conversations/{ticket}"
    steps = [send(agent, f"{home}/take"), send(agent, f"{home}/say", text="안녕하세요, 상담원입니다.")]
    taken = kept.by_ticket(ticket)
    steps.append(send(agent, f"{home}/return"))
    messages = app.state.chat.records.messages(conversation.id)

    assert [step.status_code for step in steps] == [204, 204, 204]
    assert (taken.state, taken.taken_by, kept.by_ticket(ticket).state) == ("taken", "agent", "closed")
    assert [m["text"] for m in messages if m["sender"] == "staff"] == ["안녕하세요, 상담원입니다."]
    assert [audited(app, f"conversation.{step}") for step in ("take", "say", "return")] == [
        [(ticket, "done")]
    ] * 3


def test_nobody_takes_what_another_has_taken(app: FastAPI) -> None:
    ticket, _ = waiting(app)
    first, second = signed_in(app, "agent"), signed_in(app, "admin")
    send(first, f"/staff/conversations/{ticket}/take")
    refused = send(second, f"/staff/conversations/{ticket}/take")

    assert refused.status_code == 409
    assert "그사이에" in refused.json()["detail"]
    assert app.state.chat.reception.kept.by_ticket(ticket).taken_by == "agent"


@pytest.mark.parametrize("step", ["return", "close", "called"])
def test_an_agent_does_not_end_anothers_conversation(app: FastAPI, step: str) -> None:
    ticket, _ = waiting(app)
    reception, agent = app.state.chat.reception, signed_in(app, "agent")
    with agent.http as http:
        http.portal.call(reception.staff_takes, ticket, "somebody else")
        refused = send(agent, f"/staff/conversations/{ticket}/{step}")

    assert refused.status_code == 403
    assert reception.kept.by_ticket(ticket).state == "taken"
    assert audited(app, f"conversation.{step}") == [(ticket, "refused")]


@pytest.mark.parametrize("text", ["", "   ", "가" * 2001])
def test_a_reply_has_1_to_2000_characters(app: FastAPI, text: str) -> None:
    ticket, _ = waiting(app)
    agent = signed_in(app, "agent")
    send(agent, f"/staff/conversations/{ticket}/take")

    assert send(agent, f"/staff/conversations/{ticket}/say", text=text).status_code == 422


def test_newer_messages_are_sent_once(app: FastAPI) -> None:
    ticket, conversation = waiting(app)
    agent = signed_in(app, "agent")
    path = f"/staff/conversations/{ticket}/messages?state=open&after="
    seq = app.state.chat.records.messages(conversation.id)[0]["seq"]

    assert get(agent, f"{path}{seq}").text.count("data-seq=") == 2
    assert get(agent, f"{path}99").status_code == 204
    assert get(agent, f"{path}99".replace("open", "taken")).headers["hx-refresh"] == "true"


def test_each_message_of_a_visitor_gets_suggestions_with_their_source(app: FastAPI) -> None:
    ticket, _ = waiting(app)
    shown = get(signed_in(app, "agent"), f"/staff/conversations/{ticket}/suggestions?seq=1").text

    assert shown.count("data-insert=") == 3
    assert "출처:" in shown
    assert "7년" in shown


def test_transcripts_are_found_by_words_day_and_outcome(app: FastAPI) -> None:
    _, conversation = waiting(app, "클러스터 임차료가 궁금합니다 100%_")
    waiting(app, "다른 이야기")
    agent = signed_in(app, "agent")

    def found(query: str) -> bool:
        return conversation.id in get(agent, f"/staff/transcripts?{query}").text

    assert (found("q=임차료 클러스터"), found("q=임차료 없는말"), found("q=%25_"), found("q=1__%25")) == (
        True,
        False,
        True,
        False,
    )
    assert (found("q=임차료&since=2026-01-01"), found("q=임차료&until=2020-01-01")) == (True, False)
    assert (found("outcome=no_answer"), found("outcome=answered")) == (True, False)
    assert "2026-11-23처럼" in get(agent, "/staff/transcripts?since=gestern").text
    assert "임차료" not in str(app.state.access.audit.rows())


def test_a_transcript_is_read_with_a_row_in_the_audit_log(app: FastAPI) -> None:
    _, conversation = waiting(app)
    agent = signed_in(app, "agent")

    assert QUESTION in get(agent, f"/staff/transcripts/{conversation.id}").text
    assert get(agent, "/staff/transcripts/none").status_code == 404
    assert audited(app, "conversation.read") == [(conversation.id, "done")]


# --- words and templates ---


def test_templates_and_scripts_leave_nothing_to_a_loose_policy() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (WEB / "staff").iterdir()}
    found = {
        (name, match)
        for name, text in texts.items()
        for match in re.findall(
            r"\|\s*safe\b|\sstyle=|\son\w+=|innerHTML|outerHTML\s*=|hx-on|javascript:|eval\(", text
        )
    }

    assert found == set()


def test_every_word_has_both_languages_with_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    assert [
        key
        for key, entry in WORDS.items()
        if values(entry["ko"]) - {"other"} != values(entry["en"]) - {"other"}
    ] == []
