"""The administrator's journey: replace a document in HWPX, see the changed answers, publish, roll back."""

from __future__ import annotations

import pytest

from knowledge.answer import compose
from knowledge.home import current_id, history
from tests.offices import NEW, QUESTIONS, Editor, hwpx, office_app, upload_ids
from tests.staffing import signed_in

QUESTION = QUESTIONS[0]["question"]
WAIT = 180  # seconds for a build and the questions after it


@pytest.fixture
def app(tmp_path, embedder, config):
    with office_app(tmp_path, embedder, config) as app:
        yield app


@pytest.fixture
def admin(app):
    return Editor(signed_in(app, "admin"))


@pytest.fixture
def office(app):
    return app.state.back_office


def answer(office, clock):
    return compose(QUESTION, "ko", office.library, clock().date()).text


def test_replacing_a_document_in_hwpx_changes_the_answer_until_it_is_rolled_back(app, admin, office):
    clock = app.state.access.clock
    before = current_id(office.home)
    assert "3,000만" in answer(office, clock)

    uploaded = admin.upload(("deposit.hwpx", hwpx(NEW)))
    (file,) = upload_ids(uploaded.text)
    read = admin.get(f"/admin/documents/{file}").text
    assert uploaded.status_code == 200
    assert "4,500만 원" in read
    assert "지금 쓰는 문서를 대신합니다: 입주 보증금 안내 (deposit.md)" in read

    assert admin.post("/admin/releases/build").headers["location"] == "/admin/releases"
    job = office.builder.wait(WAIT)
    assert (job.ok, job.closed, job.message) == (True, False, "")
    candidate = admin.get(f"/admin/releases/{job.release}").text
    assert current_id(office.home) == before
    assert '<li data-kind="updated"><b>1</b>' in candidate
    assert '<li data-kind="skipped"><b>1</b>' in candidate
    assert 'data-question="q-naju"' in candidate
    assert 'data-question="q-jinju"' not in candidate
    assert "<mark>3,000만</mark>" in candidate or "<mark>3</mark>" in candidate

    admin.post(f"/admin/releases/{job.release}/publish", served=before)
    job = office.builder.wait(WAIT)
    assert (job.ok, job.message, current_id(office.home)) == (True, "", job.release)
    assert "4,500만" in answer(office, clock)

    admin.post("/admin/releases/rollback", served=job.release)
    assert current_id(office.home) == before
    assert "3,000만" in answer(office, clock)
    shown = admin.get("/admin/releases").text
    assert [event["what"] for event in history(office.home)] == ["publish", "publish", "rollback"]
    assert shown.count("<td>admin</td>") == 2
    deeds = [row["action"] for row in app.state.access.audit.rows()]
    assert [deed for deed in deeds if deed.startswith(("release", "upload"))] == [
        "release.rollback", "release.publish", "release.build", "upload.add",
    ]  # fmt: skip

    again = admin.post("/admin/releases/rollback", served=job.release)
    assert (again.status_code, current_id(office.home)) == (409, before)
    assert "그사이 다른 버전으로 바뀌어" in again.text


@pytest.mark.parametrize("address", ["rollback", "{release}/publish"])
def test_page_about_another_release_than_is_served_changes_nothing(admin, office, address):
    served = current_id(office.home)
    path = f"/admin/releases/{address.format(release=served)}"
    refused = [admin.post(path, served=other) for other in ("", "20200101-000000-000000")]

    assert [response.status_code for response in refused] == [409, 409]
    assert (len(history(office.home)), office.builder.job) == (1, None)


def test_first_release_has_none_to_roll_back_to(admin, office):
    refused = admin.post("/admin/releases/rollback", served=current_id(office.home))

    assert refused.status_code == 409
    assert "앞서 게시한 버전이 없습니다" in refused.text
