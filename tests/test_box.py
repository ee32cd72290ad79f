"""The box around hostile files: every one ends in time, with an acceptable outcome, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index_build.reading.document import Reading, UnreadableDocument
from index_build.reading.safety import box
from index_build.reading.safety.box import Limits, read_in_box
from index_build.reading.safety.kinds import file_name
from tests.made.hostile import CASES
from tests.made.raw import WORDS, Case, page_pdf

ROOT = Path(__file__).resolve().parent.parent
# Lower than what the service allows, so that those which only a limit ends do not hold up the tests.
SHORT = Limits(cpu=2, wall=10)
BAD = "tests.made.bad_child"
MB = 2**20


@dataclass(frozen=True)
class Outcome:
    """How reading a case ended: `read`, `no_text` (nothing in it) or a code; seconds; bytes the parent grew by."""

    case: Case
    word: str
    refusal: UnreadableDocument | None
    seconds: float
    growth: int
    left: list[str]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.id)
def outcome(request: pytest.FixtureRequest) -> Iterator[Outcome]:
    case: Case = request.param
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        stored = Path(folder) / "stored"
        stored.write_bytes(case.make())
        before, started = forget_peak(), time.monotonic()
        word, refusal = read(stored, case.name)
        seconds, growth = time.monotonic() - started, memory("VmHWM") - before
        yield Outcome(case, word, refusal, seconds, growth, processes_of(folder))


def read(stored: Path, name: str) -> tuple[str, UnreadableDocument | None]:
    try:
        return "read" if read_in_box(stored, SHORT, name).blocks else "no_text", None
    except UnreadableDocument as refusal:
        return refusal.code, refusal


def memory(line: str) -> int:
    """Bytes that this process holds (`VmRSS`) or held at most (`VmHWM`)."""
    [kilobytes] = re.findall(rf"{line}:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(kilobytes) * 1024


def forget_peak() -> int:
    """Let the peak of this process's memory begin anew; what it holds now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def processes_of(folder: str) -> list[str]:
    """Processes whose environment names a folder: the box's children and all that they started."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in environment.read_bytes():
                found.append(environment.parent.name)
        except OSError:
            continue
    return found


def test_hostile_file_ends_as_expected(outcome: Outcome) -> None:
    assert outcome.word in outcome.case.expected, outcome.refusal


def test_hostile_file_ends_in_time(outcome: Outcome) -> None:
    assert outcome.seconds < SHORT.wall + 2


def test_hostile_file_leaves_no_process(outcome: Outcome) -> None:
    assert outcome.left == []


def test_hostile_file_does_not_fill_the_parent(outcome: Outcome) -> None:
    assert outcome.growth < 150 * MB


@pytest.mark.parametrize(("language", "letters"), [("ko", "[가-힣]{2}"), ("en", "[a-z]{4}")])
def test_refusal_names_file_and_cause(outcome: Outcome, language: str, letters: str) -> None:
    if outcome.refusal is None:
        assert outcome.word in ("read", "no_text")
        return
    name = file_name(outcome.case.name)
    before, _, cause = outcome.refusal.text(language).partition(name)
    assert (before, bool(re.search(letters, cause))) == ("", True)


def bad(tmp_path: Path, way: str, limits: Limits = SHORT, content: bytes = b"a") -> list[str]:
    """What a child that misbehaves answers, as texts. Raises UnreadableDocument."""
    stored = tmp_path / "stored"
    stored.write_bytes(content)
    return [block.text for block in read_in_box(stored, limits, way, BAD).blocks]


@pytest.fixture
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that the box writes lies here."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("way", "code", "detail"),
    [
        ("sleep", "over_limits", "1 s"),
        ("close and sleep", "over_limits", "1 s"),
        ("fork and sleep", "over_limits", "1 s"),
        ("start a shell", "over_limits", "1 s"),
        ("eat memory", "over_limits", "memory"),
        ("flood", "over_limits", "> 1 MB"),
        ("say nothing", "reader_failed", "JSON"),
        ("say junk", "reader_failed", "JSON"),
        ("say other json", "reader_failed", "keys"),
        ("say and fail", "reader_failed", "exit 1"),
        ("abort", "reader_failed", "SIGABRT"),
        ("raise", "reader_failed", "KeyError: 'key'"),
        ("flood errors", "reader_failed", "last line"),
        ("write a large file", "reader_failed", "File too large"),
    ],
)
def test_box_tells_how_a_child_failed(own_temporary: Path, way: str, code: str, detail: str) -> None:
    limits = Limits(memory=256 * MB, wall=1 if detail == "1 s" else 10, output=MB, file_size=MB)
    with pytest.raises(UnreadableDocument) as refused:
        bad(own_temporary, way, limits)
    assert refused.value.code == code
    assert detail in refused.value.values["detail"]


def test_box_ends_a_child_that_spins(own_temporary: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        bad(own_temporary, "spin", Limits(cpu=1, wall=20))
    assert refused.value.values == {"detail": "CPU 1 s"}


@pytest.mark.parametrize("way", ["fork and sleep", "start a shell", "sleep", "close and sleep"])
def test_box_kills_all_that_the_child_started(own_temporary: Path, way: str) -> None:
    with pytest.raises(UnreadableDocument):
        bad(own_temporary, way, Limits(wall=1))
    assert processes_of(str(own_temporary)) == []


def test_box_does_not_wait_for_a_grandchild(own_temporary: Path) -> None:
    started = time.monotonic()
    assert bad(own_temporary, "fork and answer") == ["answered"]
    assert (time.monotonic() - started < 5, processes_of(str(own_temporary))) == (True, [])


def test_planted_grandchild_would_be_seen(own_temporary: Path) -> None:
    environment = {"TMPDIR": str(own_temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as planted:
        planted.stdout.readline()  # it runs under its own environment only after exec
        assert processes_of(str(own_temporary)) == [str(planted.pid)]
        planted.kill()


def test_box_gives_the_child_no_environment(own_temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "secret")
    assert set(bad(own_temporary, "environment")) <= {
        "LANG",
        "LC_CTYPE",
        "OMP_NUM_THREADS",
        "PYTHONPATH",
        "TMPDIR",
    }


@pytest.mark.parametrize(("way", "answer"), [("folder", []), ("core", ["0"]), ("raise limits", ["refused"])])
def test_child_is_confined(own_temporary: Path, way: str, answer: list[str]) -> None:
    assert bad(own_temporary, way) == answer


def test_child_inherits_only_its_three_streams(own_temporary: Path) -> None:
    with (own_temporary / "secret").open("w") as secret:
        assert len(bad(own_temporary, "descriptors")) == 4, secret.fileno()  # the fourth reads the list


def test_box_removes_what_the_child_leaves(own_temporary: Path) -> None:
    [folder] = bad(own_temporary, "leave a file")
    assert Path(folder).parent == own_temporary
    assert not Path(folder).exists()


def test_child_has_no_network(own_temporary: Path) -> None:
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives no network of its own to a process without rights")
    with socket.create_server(("127.0.0.1", 0)) as server:
        [error] = bad(own_temporary, "connect", content=str(server.getsockname()[1]).encode())
    assert error != "0"


def test_box_reads_a_file_and_its_name_from_the_path(tmp_path: Path) -> None:
    (tmp_path / "공고.md").write_text(f"# 공고\n\n{WORDS}\n", encoding="utf-8")
    reading = read_in_box(tmp_path / "공고.md")
    assert isinstance(reading, Reading)
    assert [block.text for block in reading.blocks] == ["공고", WORDS]


def test_box_hears_a_child_that_answers_and_ends_while_the_box_is_held_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_late(process: subprocess.Popen[bytes]) -> bool:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        return True

    (tmp_path / "a.txt").write_text(WORDS, encoding="utf-8")
    monkeypatch.setattr(box, "_has_ended", asked_late)

    assert [block.text for block in read_in_box(tmp_path / "a.txt").blocks] == [WORDS]


def test_box_goes_by_the_name_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "4f1c.txt").write_bytes(page_pdf())
    with pytest.raises(UnreadableDocument, match=r"\.docx"):
        read_in_box(tmp_path / "4f1c.txt", name="공고.docx")


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (30 * MB + 1, "too_large")])
def test_box_refuses_by_size_without_a_child(tmp_path: Path, size: int, code: str) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(size)
    with pytest.raises(UnreadableDocument) as refused:
        read_in_box(tmp_path / "a.txt", child="tests.made.no_such_child")
    assert refused.value.code == code


def test_child_starts_light() -> None:
    script = "import sys; import index_build.reading.safety.child; print(len(sys.modules), *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert not loaded & {
        "torch",
        "faiss",
        "numpy",
        "docx",
        "pypdf",
        "lxml",
        "hwpx",
        "yaml",
        "index_build.reading.text",
    }
