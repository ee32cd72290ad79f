"""What a build tells of itself: events, a bar, plain lines; and how it is cancelled."""

import io
import json
import os
import pty
import signal
import struct
import time
from contextlib import suppress
from fcntl import ioctl
from termios import TIOCSWINSZ
from threading import Event as Signal
from threading import Thread

import pytest
from filelock import FileLock

from index_build.build import BuildCancelled, build
from index_build.catalogue_files import BuildError
from index_build.progress import (
    BUILD_LOCK,
    ENDS,
    Event,
    EventFile,
    Progress,
    cancel,
    events,
    follow,
    is_building,
    terminal,
)
from index_build.release import publish, releases
from knowledge.home import current_id
from tests.chaos import forked, write_documents

STAGES = ["reading", "checking", "embedding", "writing"]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def docs(tmp_path):
    write_documents(tmp_path / "docs", 1)
    return tmp_path / "docs"


def event(stage, done, total, file="a.txt"):
    return Event(stage, done, total, file, 3.5, "2026-11-22T00:00:00.000+00:00")


def newest(home):
    return max((home / "builds").glob("*.jsonl")).stem


def stages(told):
    return list(dict.fromkeys(one["stage"] for one in told))


def test_build_tells_every_stage_to_its_end(home, docs, embedder, config):
    heard = []
    report = build(home, [docs], embedder, config, heard.append)

    assert list(dict.fromkeys(e.stage for e in heard)) == [*STAGES, "done"]
    assert [(e.done, e.total, e.file) for e in heard if e.stage == "reading"] == [
        (1, 2, "a.txt"),
        (2, 2, "b.txt"),
    ]
    assert heard[-1].file == report.id == newest(home)


def test_events_of_a_build_are_kept(home, docs, embedder, config):
    report = build(home, [docs], embedder, config)
    told = events(home, report.id)

    assert stages(told) == [*STAGES, "done"]
    assert [told[-1][key] for key in ("done", "total", "file")] == [1, 1, report.id]
    assert events(home, report.id, after=len(told) - 1) == told[-1:]


def test_who_hears_of_a_step_finds_it_in_the_file(home, docs, embedder, config):
    first = []

    def look(event):
        if not first:
            first.append((event, events(home, newest(home))))

    build(home, [docs], embedder, config, look)
    event, told = first[0]

    assert [one["stage"] for one in told] == [event.stage] == ["reading"]


def test_rate_counts_pieces_a_second_of_the_stage():
    heard = []
    progress = Progress(heard.append)
    progress.step("embedding", 32, 1000)
    time.sleep(0.2)
    progress.step("embedding", 132, 1000)
    progress.step("writing", 0, 1)

    assert [heard[0].rate, heard[2].rate] == [0, 0]
    assert 100 < heard[1].rate <= 500


def test_file_of_events_holds_some_of_many_and_each_last_one(home):
    tell = EventFile(home, "x")
    for stage in ("reading", "checking"):
        for number in range(1, 501):
            tell(event(stage, number, 500))
    lines = (home / "builds" / "x.jsonl").read_text(encoding="utf-8").splitlines()
    told = [(e["stage"], e["done"]) for e in map(json.loads, lines)]

    assert len(told) < 20
    assert [told[0], told[-1]] == [("reading", 1), ("checking", 500)]
    assert {("reading", 500), ("checking", 1)} <= set(told)


def test_failed_build_tells_its_cause(home, tmp_path, embedder, config):
    with pytest.raises(BuildError):
        build(home, [tmp_path / "nowhere"], embedder, config)
    last = events(home, newest(home))[-1]

    assert last["stage"] == "failed"
    assert "nowhere: no such folder" in last["file"]


def test_running_build_can_be_followed_to_its_end(home, docs, embedder, config):
    began, reports = Signal(), []
    thread = Thread(
        target=lambda: reports.append(build(home, [docs], embedder, config, lambda _: began.set()))
    )
    thread.start()
    assert began.wait(10)
    told = list(follow(home, newest(home), every=0.01))
    thread.join()

    assert stages(told) == [*STAGES, "done"]
    assert told == events(home, reports[0].id)


def test_build_that_was_killed_ends_as_failed(home, docs, embedder, config):
    def die(event):
        if event.stage == "checking":
            os.kill(os.getpid(), signal.SIGKILL)

    child, _ = forked(lambda tell: build(home, [docs], embedder, config, die))
    os.waitpid(child, 0)
    told = list(follow(home, newest(home)))

    assert stages(told) == ["reading", "checking", "failed"] or stages(told) == ["reading", "failed"]
    assert told[-1]["file"] == "the process ended before its work"
    assert not is_building(home)


def test_killed_build_ends_as_failed_while_a_later_one_runs(home):
    for build_id in ("1", "2"):
        EventFile(home, build_id)(event("reading", 1, 2))
    with FileLock(home / BUILD_LOCK):
        assert events(home, "1")[-1]["stage"] == "failed"
        assert events(home, "2")[-1]["stage"] == "reading"


@pytest.mark.parametrize("build_id", ["20200101-000000-000000", "", "../../docs/a", "..", "a/b"])
def test_unknown_build_has_no_events_and_is_not_waited_for(home, build_id):
    EventFile(home, "known")(event("reading", 1, 2))

    assert events(home, build_id) == []
    assert list(follow(home, build_id)) == []


def test_line_that_is_being_written_is_not_told_yet(home):
    EventFile(home, "x")(event("reading", 1, 2))
    with (home / "builds" / "x.jsonl").open("ab") as file:
        file.write('{"stage": "읽'.encode()[:-1])
    with FileLock(home / BUILD_LOCK):
        assert [e["done"] for e in events(home, "x")] == [1]


MOMENTS = [("reading", 1), ("checking", 2), ("embedding", 2), ("writing", 0), ("writing", 1)]


@pytest.mark.parametrize(("stage", "done"), MOMENTS)
def test_cancelled_build_leaves_what_is_served_and_nothing_else(home, docs, embedder, config, stage, done):
    publish(home, build(home, [docs], embedder, config).id)
    served = current_id(home)
    write_documents(docs, 2)

    with pytest.raises(BuildCancelled, match="was cancelled; what is served did not change"):
        build(home, [docs], embedder, config, lambda e: (e.stage, e.done) == (stage, done) and cancel(home))

    assert [row["id"] for row in releases(home)] == [served] == [current_id(home)]
    assert not (home / "building").exists()
    assert events(home, newest(home))[-1]["stage"] == "cancelled"


def test_build_after_a_cancelled_one_goes_on(home, docs, embedder, config):
    with pytest.raises(BuildCancelled):
        build(home, [docs], embedder, config, lambda event: event.stage == "embedding" and cancel(home))
    report = build(home, [docs], embedder, config)

    assert (report.documents, report.embedded) == (2, 0)  # what was embedded before is not embedded again


def test_cancelling_from_elsewhere_stops_the_build(home, docs, embedder, config):
    child, reader = forked(
        lambda say: build(home, [docs], embedder, config, lambda e: (say(e.stage), time.sleep(0.1)))
    )
    with open(reader, encoding="utf-8") as told:
        told.readline()
        assert cancel(home)
        said = told.read()
    os.waitpid(child, 0)

    assert "BuildCancelled" in said
    assert events(home, newest(home))[-1]["stage"] == "cancelled"


def test_nothing_is_cancelled_where_no_build_runs(home):
    home.mkdir()

    assert not is_building(home)
    assert not cancel(home)
    assert not (home / "builds" / "CANCEL").exists()


def test_name_that_is_no_utf8_is_told_all_the_same(home):
    heard = []
    Progress(heard.append, EventFile(home, "x")).step("reading", 1, 1, os.fsdecode(b"\xb0\xa1.hwp"))

    assert heard[0].file == "??.hwp"
    assert json.loads((home / "builds" / "x.jsonl").read_bytes())["file"] == "??.hwp"


def test_elsewhere_than_on_a_terminal_come_plain_lines():
    stream = io.StringIO()
    tell = terminal(stream)
    for number in range(1, 301):
        tell(event("reading", number, 300))
    tell(event("checking", 1, 2, ""))
    tell(event("done", 1, 1, "20261122"))

    assert stream.getvalue().splitlines() == [
        "reading 1/300 3.5/s a.txt",
        "reading 300/300 3.5/s a.txt",
        "checking 1/2 3.5/s",
    ]


@pytest.fixture
def screen(monkeypatch):
    """A pseudo terminal of 120 columns: a stream to write to, and what it shows."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLUMNS", "LINES", "TTY_INTERACTIVE", "TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    master, slave = pty.openpty()
    ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    pieces = []
    reader = Thread(target=lambda: read_all(master, pieces))
    reader.start()
    stream = os.fdopen(slave, "w", encoding="utf-8")

    def shown():
        stream.close()
        reader.join(10)
        return b"".join(pieces).decode()

    yield stream, shown
    shown()
    os.close(master)


def read_all(master, pieces):
    with suppress(OSError):  # comes where the other side is closed
        while piece := os.read(master, 4096):
            pieces.append(piece)


def test_on_a_terminal_comes_a_bar(screen):
    stream, shown = screen
    tell = terminal(stream)
    for stage in ("reading", "embedding"):
        for number in (1, 40):
            tell(event(stage, number, 40, "계획.hwp"))
    tell(event("done", 1, 1))
    text = shown()

    assert all(part in text for part in ("reading", "embedding", "40/40", "3.5/s", "계획.hwp", "━"))


@pytest.mark.parametrize("name", ["[/].txt", "[red]x[/blue].txt", "[별표 1] 기준.hwp", "[a].txt"])
def test_brackets_in_a_name_are_shown_as_they_are(screen, name):
    stream, shown = screen
    tell = terminal(stream)
    tell(event("reading", 1, 1, name))
    tell(event("failed", 1, 1, "cause"))

    assert name in shown()


@pytest.mark.parametrize("end", ENDS)
def test_bar_without_any_step_ends_quietly(screen, end):
    terminal(screen[0])(event(end, 1, 1))
