"""Accounts, the switch, retention and the audit log, through their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from assistant.records import NewMessage
from assistant.tables import CONVERSATIONS, MESSAGES
from tests.offices import Editor, office_app
from tests.staffing import PASSWORD, Person, problem, signed_in


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder, config):
    with office_app(tmp_path_factory.mktemp("office"), embedder, config) as app:
        yield app


@pytest.fixture(scope="module")
def admin(app):
    return Editor(signed_in(app, "admin"))


@pytest.fixture
def office(app):
    return app.state.back_office


def test_invited_person_gets_a_link_once_and_signs_in_with_it(admin, app):
    page = admin.post("/admin/accounts", name="Park", role="viewer").text
    token = page.split("/staff/password#")[1].split("<")[0]
    person = Person(app)
    person.post("/links", token=token, password=PASSWORD)

    assert person.who().json()["role"] == "viewer"
    assert token not in admin.get("/admin/accounts").text


def test_role_is_changed_and_the_last_administrator_stays(admin, app):
    admin.post("/admin/accounts", name="Choi", role="viewer")
    people = {account.name: account for account in app.state.access.accounts.everyone()}
    admin.post(f"/admin/accounts/{people['Choi'].id}/role", role="editor")
    refused = admin.post(f"/admin/accounts/{people['admin'].id}/disable")

    assert app.state.access.accounts.named("Choi").role == "editor"
    assert refused.status_code == 409
    assert "다른 관리자를 먼저 만들어 주세요" in refused.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("accounts", {"name": "Yun", "role": "king"}),
        ("accounts/x/role", {"role": "king"}),
        ("service", {"to": "up"}),
    ],
)
def test_form_with_a_value_that_does_not_exist_is_refused(admin, path, fields):
    assert problem(admin.post(f"/admin/{path}", **fields)) == (422, "malformed")


def test_assistant_is_switched_off_with_a_notice_and_on_again(admin, office):
    assert office.switch.notice("ko") is None
    admin.post("/admin/service", to="off", notice_ko="점검 중입니다.", notice_en="")
    off = office.switch.notice("ko"), office.switch.notice("en")
    shown = admin.get("/admin").text
    admin.post("/admin/service", to="on", notice_ko="", notice_en="")

    assert (off[0], "switched off for now" in off[1]) == ("점검 중입니다.", True)
    assert "안내 도우미가 꺼져 있습니다" in shown
    assert office.switch.notice("ko") is None
    deeds = [row for row in office.access.audit.rows(limit=2) if row["action"] == "service.switch"]
    assert [(row["before"], row["after"]) for row in deeds] == [
        ({"on": False}, {"on": True}), ({"on": True}, {"on": False}),
    ]  # fmt: skip


@pytest.mark.parametrize("days", ["0", "731", "-1", "x", "", "1e2", "٣"])
def test_retention_outside_its_range_is_refused(admin, office, days):
    assert (admin.post("/admin/retention", days=days).status_code, office.retention.days) == (422, 90)


def test_retention_that_would_delete_conversations_at_once_is_asked_about_first(admin, office):
    conversation, _ = office.records.start_conversation("", "ko")
    with office.records.engine.begin() as connection:
        own = CONVERSATIONS.c.id == conversation.id
        at = office.access.clock() - timedelta(days=40)
        connection.execute(update(CONVERSATIONS).where(own).values(created_at=at))
    asked = admin.post("/admin/retention", days="30")
    kept = office.retention.days
    admin.post("/admin/retention", days="30", sure="30")
    after = office.retention.days
    admin.post("/admin/retention", days="90")

    assert (asked.status_code, kept, after, office.retention.days) == (200, 90, 30, 90)
    assert "30일로 바꾸면 대화 1개를 한 시간 안에 지우며" in asked.text


def test_old_conversations_are_cut_with_their_trackers_and_young_ones_stay(admin, office):
    old, young = (
        office.records.start_conversation("", "ko")[0],
        office.records.start_conversation("", "ko")[0],
    )
    now = datetime.now(UTC)
    for one, age in ((old, 11), (young, 9)):
        office.records.add_turn(one.id, [NewMessage("user", "질문", "ko", client_message_id="1")])
        with office.records.engine.begin() as connection:
            own = MESSAGES.c.conversation_id == one.id
            connection.execute(update(MESSAGES).where(own).values(created_at=now - timedelta(days=age)))
    admin.post("/admin/retention", days="10", sure="10")
    forgotten = []
    office.retention.cut(now, forgotten.append)
    admin.post("/admin/retention", days="90")

    assert old.engine_sender in forgotten
    assert young.engine_sender not in forgotten
    assert (office.records.exists(old.id), office.records.exists(young.id)) == (False, True)


def test_audit_log_is_downloaded_only_for_a_reason_that_it_keeps(admin, office):
    assert admin.post("/admin/audit/export", reason="왜").status_code == 422
    response = admin.post("/admin/audit/export", reason="월간 점검")
    lines = response.text.removeprefix("\ufeff").splitlines()

    assert response.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert lines[0].startswith("seq,at,")
    assert ",audit.export," in lines[1]
    assert "월간 점검" in lines[1]
