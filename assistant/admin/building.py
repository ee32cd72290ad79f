"""Builds, evaluations, publications and rollbacks that the console starts: one at a time, in a child process.

The child is the command line itself (`python -m index_build`), so the console can do nothing that it cannot, and nothing that
it does, however it ends, can break what is served (`index_build.release`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from assistant.audit import Actor
from index_build import progress
from index_build.progress import ENDS
from knowledge.config import REPOSITORY

_LOG = logging.getLogger("assistant.admin.building")
KINDS = ("build", "evaluate", "publish")
_EVERY = 0.3  # seconds between looks at the progress
_NOTHING: dict[str, Any] = {
    "kind": "", "stage": "", "done": 0, "total": 0, "file": "", "rate": 0.0, "running": False, "ok": None, "message": "",
    "release": "", "closed": False, "elsewhere": False,
}  # fmt: skip
_LEAVING = 10.0  # seconds for a child to end when it is asked to


class Busy(RuntimeError):
    """Something is under way already."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work. `ok` is None while it runs; `message` is the cause of a failure, `release` what it is about.

    A build goes on to evaluate what it made; `closed` says that the gate stays closed.
    """

    kind: str
    actor: Actor
    started_at: datetime
    release: str = ""
    reason: str = ""
    ok: bool | None = None
    closed: bool = False
    message: str = ""

    @property
    def runs(self) -> bool:
        """Whether it is under way."""
        return self.ok is None


class Builder:
    """Runs the work of one home. `sources` are the folders that builds read."""

    def __init__(self, home: Path, sources: Sequence[Path], on_end: Callable[[Job], None]) -> None:
        """`on_end` is called in a thread with each job that ended."""
        self._home, self._sources, self._on_end = home, sources, on_end
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: Thread | None = None
        self._before = ""  # the newest build when the job began
        self._cancelled = False
        self.job: Job | None = None

    def start(self, kind: str, actor: Actor, release: str = "", reason: str = "") -> Job:
        """Begin. Raises Busy where something is under way, here or on the command line, ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of work; there are: {', '.join(KINDS)}.")
        with self._lock:
            if (self.job and self.job.runs) or (kind == "build" and progress.is_building(self._home)):
                raise Busy("Another build or publication is under way.")
            self.job = job = Job(kind, actor, datetime.now(UTC), release, reason)
            self._before, self._cancelled = self._newest(), False
            self._thread = Thread(target=self._run, args=(job,), name=f"{kind}-job", daemon=True)
            self._thread.start()
            return job

    @property
    def publishes(self) -> bool:
        """Whether a publication is under way."""
        return self.job is not None and self.job.runs and self.job.kind == "publish"

    def cancel(self) -> bool:
        """Stop a build or an evaluation; what is served does not change. False where none runs."""
        job = self.job
        if job is None or not job.runs or job.kind not in ("build", "evaluate"):
            return progress.cancel(self._home)
        self._cancelled = True
        if not progress.cancel(self._home):
            self._terminate()
        return True

    def state(self) -> dict[str, Any]:
        """What is under way or ended last: kind, stage, done, total, file, rate, running, ok, message, release, closed.

        `elsewhere`: a build that was begun on the command line, or by a service that was killed since.
        """
        job = self.job
        if (job is None or not job.runs) and progress.is_building(self._home):
            return (
                _NOTHING | {"kind": "build", "running": True, "elsewhere": True} | self._told(self._newest())
            )
        if job is None:
            return dict(_NOTHING)
        state = _NOTHING | {
            "kind": job.kind, "running": job.runs, "ok": job.ok, "message": job.message, "release": job.release,
            "closed": job.closed, "stage": "starting" if job.runs else "ended",
        }  # fmt: skip
        return state | (self._step(job) if job.runs else {})

    async def follow(self) -> AsyncIterator[dict[str, Any]]:
        """The state each time it is another, until nothing runs; what ended elsewhere leaves nothing to tell."""
        known: dict[str, Any] = {}
        while True:
            state = await asyncio.to_thread(self.state)
            if known.get("elsewhere") and not state["running"]:
                state = dict(_NOTHING)
            if state != known:
                known = state
                yield state
            if not state["running"]:
                return
            await asyncio.sleep(_EVERY)

    def wait(self, seconds: float) -> Job | None:
        """The job when it has ended, or as it stands after some seconds."""
        if self._thread:
            self._thread.join(seconds)
        return self.job

    def close(self) -> None:
        """Stop what runs."""
        self._cancelled = True
        self._terminate()
        self.wait(_LEAVING)

    def report(self, release_id: str) -> dict[str, Any] | None:
        """What the build of a release told: refused files and warnings. None where it was not built from here."""
        path = self._home / "builds" / f"{Path(release_id).name}.report.json"
        try:
            report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return report

    def _run(self, job: Job) -> None:
        try:
            job = self._work(job)
        except Exception as error:  # noqa: BLE001 - whatever happened, the console must not show work that never ends
            job = replace(job, ok=False, message=str(error))
        try:
            self._on_end(job)
        except Exception:  # noqa: BLE001 - the same
            _LOG.exception("What follows the %s of %s failed.", job.kind, job.release)
        self.job = job

    def _work(self, job: Job) -> Job:
        if job.kind == "build":
            job = self._build(job)
            if job.ok is False:
                return job
        if job.kind in ("build", "evaluate"):
            return self._evaluate(job)
        arguments = [f"--by={job.actor.name}"]
        if job.kind == "publish":
            arguments += [f"--force={job.reason}", job.release]
        code, out, error = self._child(job.kind, *arguments)
        if code == 0:
            return replace(job, ok=True, release=json.loads(out)["current"])
        return replace(job, ok=False, closed="is not published:" in error, message=error)

    def _build(self, job: Job) -> Job:
        sources = [part for source in self._sources for part in ("--source", str(source))]
        code, out, error = self._child("build", "--candidate", *sources)
        if code != 0:
            message = "cancelled" if self._cancelled else error
            return replace(job, ok=False, message=message)
        report = json.loads(out)
        path = self._home / "builds" / f"{report['id']}.report.json"
        path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        self.job = job = replace(job, release=report["id"])
        return job

    def _evaluate(self, job: Job) -> Job:
        """Exit code 1 with a result says that the gate stays closed; that is an answer and no failure."""
        code, out, error = self._child("evaluate", job.release)
        if code in (0, 1) and out:
            return replace(job, ok=True, closed=code == 1)
        return replace(job, ok=False, message="cancelled" if self._cancelled else error)

    def _child(self, *arguments: str) -> tuple[int, bytes, str]:
        """Exit code, output, and the last line of the errors. It writes to files: no pipe to fill, and none to break."""
        command = [
            sys.executable, "-m", "index_build", arguments[0], "--json", "--home", str(self._home), *arguments[1:],
        ]  # fmt: skip
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            with self._lock:
                if self._cancelled:
                    return 1, b"", "cancelled"
                self._process = subprocess.Popen(
                    command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                    start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
                )  # fmt: skip
            code = self._process.wait()
            out.seek(0)
            errors.seek(0)
            lines = errors.read().decode("utf-8", "replace").strip().splitlines()
            return code, out.read(), lines[-1] if lines else f"The process ended with {code}."

    def _terminate(self) -> None:
        """Stop the child with all that it started: readers of documents are processes of their own."""
        with self._lock:
            process = self._process
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)

    def _step(self, job: Job) -> dict[str, Any]:
        """The last step that the build told of."""
        if job.kind == "evaluate" or (job.kind == "build" and job.release):
            return {"stage": "evaluating"}
        newest = self._newest()
        if job.kind != "build" or newest == self._before:
            return {}
        return self._told(newest)

    def _told(self, build_id: str) -> dict[str, Any]:
        told = progress.events(self._home, build_id)
        if not told or told[-1]["stage"] in ENDS:
            return {"stage": "writing"}
        return {key: told[-1][key] for key in ("stage", "done", "total", "file", "rate")}

    def _newest(self) -> str:
        return max((path.stem for path in (self._home / "builds").glob("*.jsonl")), default="")
