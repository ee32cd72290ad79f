"""Doubts, lists, test questions, unanswered questions, accounts, switch and retention, through their pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from assistant.admin.told import told
from assistant.records import NewMessage, Outcome
from assistant.staff.flags import Flag
from assistant.tables import MESSAGES
from index_build.config import ReleaseConfig
from index_build.decisions import Decisions
from index_build.gate import _reasons
from knowledge.config import DOCUMENTS
from tests.offices import QUESTIONS, Editor, office_app
from tests.staffing import TESTER, problem, signed_in

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LAND = (DOCUMENTS / "land.csv").read_text(encoding="utf-8-sig")


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder, config):
    folder = tmp_path_factory.mktemp("office")
    with office_app(folder, embedder, config) as app:
        yield app


@pytest.fixture(scope="module")
def admin(app):
    return Editor(signed_in(app, "admin"))


@pytest.fixture
def office(app):
    return app.state.back_office


def import_list(admin, name, text):
    file = {"file": (name, text.encode() if isinstance(text, str) else text)}
    return admin.http.post("/admin/lists", data={"csrf": admin.csrf, "name": name}, files=file)


def test_list_is_imported_counted_and_taken_back(admin, office):
    lines = LAND.splitlines()
    cells = lines[1].split(",", 1)
    more = "\n".join([*lines[:-1], f"L990,{cells[1]}"]) + "\n"
    page = import_list(admin, "land.csv", more)
    assert page.status_code == 200
    assert "land.csv: 추가 1행, 바뀜 0행, 없어짐 1행" in page.text
    assert office.lists.content("land.csv").decode() == more
    assert admin.get("/admin/lists/land.csv").content.decode() == more

    admin.post("/admin/lists/land.csv/remove")
    assert office.lists.content("land.csv") == (DOCUMENTS / "land.csv").read_bytes()


@pytest.mark.parametrize(
    ("text", "korean", "english"),
    [
        ("id\nL001\n", "land.csv: 열이 id입니다. 열은 id, ", "its columns are id; they must be id, "),
        (LAND.replace("verified", "sure", 1), "쓸 수 없습니다. 쓸 수 있는 값: verified", "'sure' is not allowed"),
        (LAND + LAND.splitlines()[1] + "\n", "두 번 나옵니다", "stands twice"),
        (LAND + "L999\n", "칸이", "cells. Quote cells"),
        (LAND.encode("cp949", "replace"), "UTF-8이 아닙니다", "not UTF-8"),
    ],
)  # fmt: skip
def test_wrong_list_is_refused_with_row_column_and_remedy(admin, office, text, korean, english):
    before = office.lists.content("land.csv")
    told = import_list(admin, "land.csv", text)
    in_english = admin.http.post(
        "/admin/lists?language=en", data={"csrf": admin.csrf, "name": "land.csv"},
        files={"file": ("x.csv", text.encode() if isinstance(text, str) else text)},
    )  # fmt: skip
    admin.get("/admin?language=ko")

    assert (told.status_code, office.lists.content("land.csv")) == (422, before)
    assert korean in told.text.replace("&#39;", "'")
    assert english in in_english.text.replace("&#39;", "'")


def test_every_wrong_row_of_a_list_is_named(admin):
    told = import_list(admin, "land.csv", LAND.replace("verified", "sure", 3)).text

    assert told.count("&#39;sure&#39; 값은 쓸 수 없습니다") == 3


def test_earlier_import_of_a_list_is_brought_back(admin, office):
    lines = LAND.splitlines(keepends=True)
    for text in ("".join(lines[:-1]), "".join(lines[:-2])):
        import_list(admin, "land.csv", text)
    first = office.uploads.history("land.csv")[1]["seq"]
    page = admin.post("/admin/lists/restore", seq=str(first))
    assert "land.csv: 추가 1행, 바뀜 0행, 없어짐 0행" in page.text
    assert office.lists.content("land.csv").decode() == "".join(lines[:-1])

    admin.post("/admin/lists/land.csv/remove")
    assert [
        event["name"] for event in office.uploads.removed()
    ] == []  # the page of documents is no place for it


@pytest.mark.parametrize("seq", ["", "0", "999999", "x"])
def test_import_that_is_not_kept_is_refused(admin, seq):
    assert problem(admin.post("/admin/lists/restore", seq=seq)) == (422, "malformed")


@pytest.mark.parametrize("name", ["", "../land.csv", "questions.jsonl", "other.csv"])
def test_list_of_no_name_is_refused(admin, name):
    assert import_list(admin, name, LAND).status_code == 422


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory, embedder, config):
    """A home whose served release has a doubt."""
    folder = tmp_path_factory.mktemp("doubtful")
    with office_app(folder, embedder, config) as app:
        office = app.state.back_office
        (folder / "docs" / "damaged.md").write_text("# 분양 안내\n\n나주의 분양률은 XNUMX%입니다.\n", "utf-8")
        office.builder.start("build", TESTER)
        assert office.builder.wait(180).ok
        yield app


def test_doubt_is_decided_with_who_and_kept_for_later_builds(doubtful):
    editor = Editor(signed_in(doubtful, "editor"))
    home = doubtful.state.back_office.home
    page = editor.get("/admin/doubts").text
    key = page.split('name="key" value="')[1][:16]
    assert "XNUMX" in page

    missing = editor.post(
        "/admin/doubts", key=key, verdict="correct", correction="나주의 분양률은 80%입니다."
    )
    damaged = editor.post(
        "/admin/doubts", key=key, verdict="correct", correction="XNUMX%", source="국토교통부"
    )
    assert (missing.status_code, damaged.status_code) == (422, 422)
    assert "출처가 모두 필요합니다" in missing.text
    assert "나주의 분양률은 80%입니다." in missing.text  # what was typed is not lost

    done = editor.post(
        "/admin/doubts",
        key=key,
        verdict="correct",
        correction="나주의 분양률은 80%입니다.",
        source="국토교통부, 2026-01-02",
    )
    decision = Decisions(home).latest()[key]
    assert done.headers["location"] == "/admin/doubts?start=0&decided=False&done=decided"
    assert (decision.verdict, decision.by, decision.source) == ("correct", "editor", "국토교통부, 2026-01-02")
    assert "XNUMX" not in editor.get("/admin/doubts").text
    assert "바로잡기</b> 나주의 분양률은 80%입니다." in editor.get("/admin/doubts?decided=true").text

    # The form holds a sentence and a source whatever is decided; only a correction keeps them.
    typed = {"correction": "나주의 분양률은 80%입니다.", "source": "국토교통부"}
    editor.post("/admin/doubts", key=key, verdict="dismiss", **typed)
    assert (Decisions(home).latest()[key].correction, Decisions(home).latest()[key].source) == ("", "")


@pytest.mark.parametrize(
    ("key", "verdict"), [("x", "confirm"), ("0" * 16, "delete"), ("../" * 6, "dismiss"), ("", "")]
)
def test_decision_on_no_doubt_or_of_no_kind_is_refused(admin, key, verdict):
    assert admin.post("/admin/doubts", key=key, verdict=verdict).status_code == 422


def test_search_box_shows_answer_line_and_all_parts_of_the_score(admin):
    page = admin.get(f"/admin/search?q={QUESTIONS[0]['question']}").text

    assert "3,000만 원입니다" in page
    assert page.count("구절과의 유사도") == 2
    assert '<li class="line">' in page


def ask_in_vain(office, text):
    conversation, _ = office.records.start_conversation("", "ko")
    outcome = Outcome("no_answer", "nothing_found", "", 0.1, 10)
    office.records.add_turn(conversation.id, [NewMessage("user", text, "ko", client_message_id="1")], outcome)
    with office.records.engine.begin() as connection:
        own = MESSAGES.c.conversation_id == conversation.id
        connection.execute(update(MESSAGES).where(own).values(created_at=office.access.clock()))
    return conversation.id


def test_unanswered_question_is_assigned_and_closed_by_a_passing_test(admin, office, app):
    clock = app.state.access.clock
    ask_in_vain(office, "나주 공동혁신단지 보증금이 얼마예요?")
    clock.forward(minutes=1)
    (group,) = office.questions.groups(clock(), 30)
    admin.post(f"/admin/questions/{group.key}", assigned_to="admin", note="자료 요청함")
    keep = {"question": group.label, "asked_in": "ko", "group": group.key}
    nothing = admin.post("/admin/tests", **keep)
    assert nothing.status_code == 422

    admin.post("/admin/tests", **keep, facts="99억", documents="deposit")
    (wrong,) = office.questions.groups(clock(), 30)
    admin.post("/admin/tests", **keep, facts="3,000만|3천만", documents="deposit")
    (right,) = office.questions.groups(clock(), 30)
    kept = [
        json.loads(line)
        for line in (office.uploads.folder / "questions.jsonl").read_text("utf-8").splitlines()
    ]

    assert (wrong.assigned_to, wrong.note, wrong.is_closed, right.is_closed) == (
        "admin",
        "자료 요청함",
        False,
        True,
    )
    assert [(one["id"], one["facts"]) for one in kept] == [(right.test_id, [["3,000만", "3천만"]])]
    assert "닫힘" in admin.get("/admin/questions").text


def test_test_question_is_listed_with_its_state_and_taken_away(admin, office):
    keep = {"question": "진주 공동혁신단지의 관리비는 한 달에 얼마인가요?", "asked_in": "ko"}
    admin.post("/admin/tests", **keep, facts="12만")
    right = admin.get("/admin/tests").text
    admin.post("/admin/tests", **keep, facts="99만")
    wrong = admin.get("/admin/tests").text
    (test,) = [one for one in office.lists.kept_questions() if one["question"] == keep["question"]]
    admin.post(f"/admin/tests/{test['id']}/remove")

    assert (">바름<" in right, ">틀림<" in right, ">틀림<" in wrong) == (True, False, True)
    assert test["id"] not in admin.get("/admin/tests").text
    assert test["id"] not in office.lists.questions()
    assert admin.post(f"/admin/tests/{test['id']}/remove").status_code == 404


def test_group_whose_test_question_is_taken_away_is_open_again(admin, office, app):
    clock = app.state.access.clock
    ask_in_vain(office, "진주 공동혁신단지 관리비는 얼마예요?")
    clock.forward(minutes=1)
    group = next(g for g in office.questions.groups(clock(), 30) if "관리비" in g.label)
    admin.post("/admin/tests", question=group.label, asked_in="ko", group=group.key, facts="12만", days="30")
    states = []
    for _ in range(2):
        found = next(g for g in office.questions.groups(clock(), 30) if g.key == group.key)
        states.append(found.is_closed)
        admin.post(f"/admin/tests/{found.test_id}/remove")

    assert states == [True, False]


def test_question_can_be_given_only_to_somebody_who_may_see_it(admin, office, app):
    ask_in_vain(office, "구내식당은 있나요?")
    signed_in(app, "viewer")
    group = next(g for g in office.questions.groups(office.access.clock(), 30) if "구내식당" in g.label)

    assert admin.post(f"/admin/questions/{group.key}", assigned_to="viewer").status_code == 422


@pytest.mark.parametrize(("key", "who", "status"), [("0" * 16, "", 404), ("", "Nobody", 422)])
def test_group_or_person_that_does_not_exist_is_refused(admin, office, key, who, status):
    ask_in_vain(office, "주차장은 몇 면인가요?")
    group = next(g for g in office.questions.groups(office.access.clock(), 30) if "주차장" in g.label)

    assert admin.post(f"/admin/questions/{key or group.key}", assigned_to=who).status_code == status


def test_flag_of_staff_is_shown_with_its_passages_and_closed(admin, office, app):
    release = office.library.release.id
    flag = Flag(
        "f1",
        "document/deposit",
        "입주 보증금 <b>",
        ["deposit.ko.x.1"],
        release,
        "금액이 다릅니다",
        "Kim",
        NOW,
    )
    app.state.flags.add(flag)
    page = admin.get("/admin/flags").text
    assert "금액이 다릅니다" in page
    assert f"/passage?release={release}&amp;id=deposit.ko.x.1" in page

    admin.post("/admin/flags/f1/close")
    assert "금액이 다릅니다" not in admin.get("/admin/flags").text
    assert "금액이 다릅니다" in admin.get("/admin/flags?closed=true").text
    assert admin.post("/admin/flags/f1/close").status_code == 404


def test_reasons_of_the_gate_are_told_in_korean(config):
    english = _reasons(10, 5, ["q1", "q2"], ["q3"], ["a.pdf"], ReleaseConfig(0.95, 5))
    korean = [told(reason, "ko") for reason in english]

    assert len(korean) == 4
    assert [one for one in korean if not any("가" <= sign <= "힣" for sign in one)] == []
    assert korean[0] == "시험 질문 10개 가운데 5개만 바르게 답합니다. 기준은 95%입니다."
    assert [told(reason, "en") for reason in english] == english


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        (
            "No whole release was published before 1. Build one: python -m index_build build",
            "1보다 앞서 게시한 온전한 버전이 없습니다.",
        ),
        (
            "land.csv row 2 (L1), column district: 'x' is not allowed. Allowed: empty or an id of districts.csv.",
            "land.csv 2행(L1) district 열: 'x' 값은 쓸 수 없습니다. 쓸 수 있는 값: 빈칸이거나 districts.csv의 번호",
        ),
        ("Something nobody foresaw.", "Something nobody foresaw."),
    ],
)
def test_refusals_for_the_command_line_are_told_in_korean_without_its_advice(text, korean):
    assert told(text, "ko") == korean
