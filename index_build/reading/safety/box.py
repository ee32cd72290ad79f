"""Reading a file that may be hostile: in a child process with limits, no environment and no network (requirement U4)."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from index_build.reading.cleaning import clean
from index_build.reading.document import Reading, UnreadableDocument
from index_build.reading.safety.kinds import file_name
from index_build.reading.safety.prechecks import MAX_FILE, too_large_file
from index_build.reading.safety.wire import WireError, from_json

CHILD = "index_build.reading.safety.child"
_ROOT = Path(__file__).resolve().parents[3]
_TICK = 0.02  # seconds
_LEAVING = 0.3  # seconds; the dead that nobody has buried yet count too
_PIECE = 2**20
_KEPT_OF_ERRORS = 4096  # bytes
# How C++ and Rust libraries say that there is no memory, before they abort.
_OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "memory allocation of", "Cannot allocate memory")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: bytes of memory, of each file and of the answer; seconds of processor and of waiting."""

    memory: int = 2**30
    cpu: int = 15
    wall: float = 30
    file_size: int = 64 * 2**20
    output: int = 64 * 2**20
    open_files: int = 64


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class _End:
    """How a child ended: its answer, the last line of its errors, its return code, the limit it met or nothing."""

    out: bytes
    error: str
    code: int
    met: str


def read_in_box(path: Path, limits: Limits = DEFAULT, name: str = "", child: str = CHILD) -> Reading:
    """What the file holds. `name` is its own name where it is stored under another; `child` the module that reads it.

    Always comes back, soon after `limits.wall` at the latest, and leaves no process behind. Raises UnreadableDocument,
    and OSError where the file cannot be opened.
    """
    name = file_name(name or path.name)
    size = path.stat().st_size
    if not size:
        raise UnreadableDocument("empty", name)
    if size > MAX_FILE:
        raise too_large_file(name, size)
    with path.open("rb") as file, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        end = _run(file, folder, name, limits, child)
    return _judge(end, name, limits)


def _run(file: IO[bytes], folder: str, name: str, limits: Limits, child: str) -> _End:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", child, json.dumps({"name": name, **asdict(limits)})],
        stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, start_new_session=True,
        env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "TMPDIR": folder},
    )  # fmt: skip
    out, error = bytearray(), bytearray()
    try:
        met = _watch(process, out, error, limits)
    finally:
        _kill(process)
    return _End(bytes(out), _last_line(bytes(error)), process.returncode, met)


def _watch(process: subprocess.Popen[bytes], out: bytearray, error: bytearray, limits: Limits) -> str:
    """Gather what the child writes until it ends. Returns the limit it met, or nothing."""
    deadline = time.monotonic() + limits.wall
    with selectors.DefaultSelector() as selector:
        for stream, buffer in ((process.stdout, out), (process.stderr, error)):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ, buffer)
        while True:
            # Asked first: whoever gathers nothing and asks then may lose what the child said in between as its last.
            ended = _has_ended(process)
            ready = _gather(selector)
            del error[:-_KEPT_OF_ERRORS]
            if len(out) > limits.output:
                return f"> {limits.output // 2**20} MB"
            if ended and not ready:
                return ""
            if time.monotonic() > deadline:
                return f"{limits.wall:g} s"


def _gather(selector: selectors.BaseSelector) -> bool:
    """Wait a moment and take what has come; whether anything has."""
    if not selector.get_map():
        time.sleep(_TICK)
        return False
    ready = selector.select(_TICK)
    for key, _ in ready:
        piece = os.read(key.fd, _PIECE)
        key.data.extend(piece)
        if not piece:
            selector.unregister(key.fileobj)
    return bool(ready)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    # Not reaped yet: as long as the dead child is known, its group's number belongs to nobody else.
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and every process it started, and reap it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with process:  # closes the pipes and waits
        process.kill()
    # Nobody waits for what the child had started, so it may still be on its way out.
    deadline = time.monotonic() + _LEAVING
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(_TICK)


def _last_line(errors: bytes) -> str:
    """The last line that holds text, safe to show, at most 200 characters of it."""
    lines = [clean(line) for line in errors.decode("utf-8", "replace").splitlines()]
    return next((line[:200] for line in reversed(lines) if line), "")


def _judge(end: _End, name: str, limits: Limits) -> Reading:
    if end.met:
        raise UnreadableDocument("over_limits", name, detail=end.met)
    if end.code == 0:
        try:
            return from_json(end.out, name)
        except WireError as error:
            raise UnreadableDocument("reader_failed", name, detail=f"{error}?") from error
    if any(sign in end.error for sign in _OUT_OF_MEMORY):
        raise UnreadableDocument("over_limits", name, detail="memory")
    if end.code == -signal.SIGXCPU:
        raise UnreadableDocument("over_limits", name, detail=f"CPU {limits.cpu} s")
    if end.code == -signal.SIGKILL:
        raise UnreadableDocument("over_limits", name, detail="SIGKILL")
    detail = signal.Signals(-end.code).name if end.code < 0 else end.error or f"exit {end.code}"
    raise UnreadableDocument("reader_failed", name, detail=detail)
