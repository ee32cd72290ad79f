"""What a long build tells of itself: a bar on a terminal, plain lines elsewhere, and events that an administrator's page follows."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from filelock import FileLock, Timeout

BUILD_LOCK = "build.lock"
ENDS = ("done", "failed", "cancelled")
_PLAIN_EVERY = 10.0  # seconds between plain lines of one stage


class BuildCancelled(RuntimeError):
    """Somebody asked the build to stop; nothing was written."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a build. `stage`: reading, checking, embedding, writing, or one of ENDS. `rate` is pieces a second."""

    stage: str
    done: int
    total: int
    file: str
    rate: float
    at: str


Listener = Callable[[Event], None]


class Progress:
    """Passes steps on to its listeners and stops the build where somebody cancelled it."""

    def __init__(self, *listeners: Listener, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._listeners, self._cancelled = listeners, cancelled
        self._stage, self._started, self._first = "", 0.0, 0

    def step(self, stage: str, done: int, total: int, file: str = "") -> None:
        """Tell one step. Raises BuildCancelled."""
        if stage != self._stage:
            self._stage, self._started, self._first = stage, time.monotonic(), done
        seconds = time.monotonic() - self._started
        rate = (done - self._first) / seconds if seconds > 0.1 else 0.0
        # A name that is no UTF-8, as out of an old Korean archive, stops no build.
        name = file.encode("utf-8", "replace").decode()
        self._tell(Event(stage, done, total, name, round(rate, 1), _now()))
        if self._cancelled():
            raise BuildCancelled("The build was cancelled; what is served did not change.")

    def end(self, how: str, file: str = "") -> None:
        """Tell the end: done, failed or cancelled, with the release's id or the cause."""
        self._tell(Event(how, 1, 1, file, 0.0, _now()))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class EventFile:
    """Appends events to `builds/ID.jsonl` of a home, at most some a second, every change of stage among them."""

    def __init__(self, home: Path, build_id: str, every: float = 0.2) -> None:
        self._path, self._every = home / "builds" / f"{build_id}.jsonl", every
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._last, self._stage = 0.0, ""

    def __call__(self, event: Event) -> None:
        """Append the event."""
        whole = event.done >= event.total
        if event.stage == self._stage and not whole and time.monotonic() - self._last < self._every:
            return
        self._last, self._stage = time.monotonic(), event.stage
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(event), ensure_ascii=False) + "\n")


def events(home: Path, build_id: str, after: int = 0) -> list[dict[str, Any]]:
    """Events of a build from number `after` on. A build that was killed ends with the event `failed`."""
    path = home / "builds" / f"{Path(build_id).name}.jsonl"
    told = _read(path)
    if told and told[-1]["stage"] not in ENDS and not _runs(home, path):
        told = _read(path)  # its last words, where it ended just now
        if told[-1]["stage"] not in ENDS:
            told.append(asdict(Event("failed", 1, 1, "the process ended before its work", 0.0, _now())))
    return told[after:]


def _read(path: Path) -> list[dict[str, Any]]:
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    return [json.loads(line) for line in lines]


def _runs(home: Path, path: Path) -> bool:
    """Whether the build of this file runs: some build does, and none began later."""
    return is_building(home) and path == max(path.parent.glob("*.jsonl"), default=path)


def follow(home: Path, build_id: str, every: float = 0.3) -> Iterator[dict[str, Any]]:
    """Events of a build as they come, to its end: the stream behind an administrator's page. None of an unknown build."""
    seen = 0
    while True:
        some = events(home, build_id, seen)
        yield from some
        seen += len(some)
        if (some and some[-1]["stage"] in ENDS) or not (seen or is_building(home)):
            return
        time.sleep(every)


def is_building(home: Path) -> bool:
    """Whether a process holds the lock of builds. The system frees the lock of a killed one."""
    try:
        with FileLock(home / BUILD_LOCK, timeout=0):
            return False
    except Timeout:
        return True


def cancel(home: Path) -> bool:
    """Ask the running build to stop at its next step; False where none runs."""
    if not is_building(home):
        return False
    (home / "builds").mkdir(exist_ok=True)
    (home / "builds" / "CANCEL").touch()
    return True


def terminal(stream: TextIO = sys.stderr) -> Listener:
    """A bar with stage, file and rate on a terminal; elsewhere a plain line now and then."""
    return _bar(stream) if stream.isatty() else _plain(stream)


def _bar(stream: TextIO) -> Listener:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}/s"),
        TimeRemainingColumn(), TextColumn("{task.fields[file]}", markup=False), console=Console(file=stream),
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    def show(event: Event) -> None:
        if event.stage in ENDS:
            bar.stop()
            return
        if event.stage not in tasks:
            bar.start()
            tasks[event.stage] = bar.add_task(event.stage, total=event.total, rate="", file="")
        bar.update(
            tasks[event.stage],
            completed=event.done,
            total=event.total,
            rate=event.rate,
            file=event.file[-40:],
        )

    return show


def _plain(stream: TextIO) -> Listener:
    last: dict[str, float] = {}

    def show(event: Event) -> None:
        due = time.monotonic() - last.get(event.stage, 0.0) >= _PLAIN_EVERY
        if event.stage not in ENDS and (due or event.done >= event.total):
            last[event.stage] = time.monotonic()
            stream.write(
                f"{event.stage} {event.done}/{event.total} {event.rate}/s {event.file}".rstrip() + "\n"
            )
            stream.flush()

    return show
