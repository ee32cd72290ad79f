"""Work of the console in a child process: one at a time, cancelled, failed, followed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time

import pytest

from assistant.admin.building import Builder, Busy
from assistant.audit import Actor
from index_build.progress import is_building
from index_build.release import releases
from knowledge.home import current_id
from tests.offices import write_documents

KIM = Actor("1", "Kim", "")
WAIT = 180


@pytest.fixture
def ended():
    return []


@pytest.fixture
def builder(tmp_path, ended):
    builder = Builder(tmp_path / "home", [write_documents(tmp_path / "docs")], ended.append)
    yield builder
    builder.close()


def wait_for(stage, builder):
    deadline = time.monotonic() + WAIT
    while builder.state()["running"] and time.monotonic() < deadline:
        if builder.state()["stage"] == stage:
            return
        time.sleep(0.02)
    raise AssertionError(f"{stage} never came: {builder.state()}")


def test_build_is_followed_from_its_start_to_its_report(builder, ended, tmp_path):
    builder.start("build", KIM)

    async def follow():
        return [state async for state in builder.follow()]

    states = asyncio.run(follow())
    job = ended[0]
    assert (states[0]["running"], states[-1]["running"], states[-1]["ok"]) == (True, False, True)
    assert states[-1]["release"] == job.release == builder.report(job.release)["id"]
    assert {state["stage"] for state in states} >= {"starting", "evaluating", "ended"}
    assert current_id(tmp_path / "home") == ""  # the first one too waits to be published


def test_second_work_is_refused_while_the_first_runs(builder):
    builder.start("build", KIM)

    with pytest.raises(Busy):
        builder.start("build", KIM)
    with pytest.raises(Busy):
        builder.start("publish", KIM, "any")


@pytest.mark.parametrize("stage", ["starting", "evaluating"])
def test_cancelled_build_ends_soon_and_leaves_no_process(builder, ended, tmp_path, stage):
    builder.start("build", KIM)
    wait_for(stage, builder)
    asked = time.monotonic()
    builder.cancel()
    job = builder.wait(WAIT)

    assert time.monotonic() - asked < 15
    assert (job.ok, job.message, ended) == (False, "cancelled", [job])
    assert not is_building(tmp_path / "home")
    assert not (tmp_path / "home" / "building").exists()


def test_build_of_the_command_line_is_followed_and_stopped_too(builder, tmp_path):
    home = str(tmp_path / "home")
    command = [
        sys.executable,
        "-m",
        "index_build",
        "build",
        "--candidate",
        "--home",
        home,
        "--source",
        str(tmp_path / "docs"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + WAIT
    while not builder.state()["running"] and time.monotonic() < deadline:
        time.sleep(0.02)
    state = builder.state()
    with pytest.raises(Busy):
        builder.start("build", KIM)
    stopped = builder.cancel()

    async def follow():
        return [state async for state in builder.follow()]

    last = asyncio.run(follow())[-1]
    assert (state["kind"], state["elsewhere"], stopped) == ("build", True, True)
    assert (last["running"], last["kind"], last["release"]) == (False, "", "")
    assert process.wait(WAIT) != 0


def test_nothing_to_cancel_is_told(builder):
    assert builder.cancel() is False


def test_build_that_fails_tells_the_cause_and_leaves_what_is_served(builder, ended, tmp_path):
    (tmp_path / "docs" / "land.csv").write_text("id\nL001\n", encoding="utf-8")
    builder.start("build", KIM)
    job = builder.wait(WAIT)

    assert (job.ok, ended) == (False, [job])
    assert job.message.startswith("land.csv: its columns are id; they must be")
    assert releases(tmp_path / "home") == []


def test_candidate_below_the_gate_is_published_only_with_a_reason(tmp_path, ended):
    docs = write_documents(tmp_path / "docs")
    question = {"id": "q", "language": "ko", "question": "관리비는 얼마인가요?", "facts": [["99만"]]}
    (docs / "questions.jsonl").write_text(json.dumps(question), encoding="utf-8")
    builder = Builder(tmp_path / "home", [docs], ended.append)
    builder.start("build", KIM)
    made = builder.wait(WAIT)
    builder.start("publish", KIM, made.release)
    refused = builder.wait(WAIT)
    builder.start("publish", KIM, made.release, "-- 시험 삼아")
    forced = builder.wait(WAIT)

    assert (made.ok, made.closed, refused.ok, refused.closed, forced.ok) == (True, True, False, True, True)
    assert current_id(tmp_path / "home") == made.release


def test_release_that_does_not_exist_is_not_published(builder):
    builder.start("publish", KIM, "20200101-000000-000000")
    job = builder.wait(WAIT)

    assert (job.ok, job.closed) == (False, False)
    assert "is missing" in job.message


@pytest.mark.parametrize("kind", ["", "drop", "rollback; rm"])
def test_unknown_kind_of_work_is_refused(builder, kind):
    with pytest.raises(ValueError, match="no kind of work"):
        builder.start(kind, KIM)


def test_idle_builder_tells_so(builder):
    assert (builder.state()["running"], builder.state()["kind"]) == (False, "")
