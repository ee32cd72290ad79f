"""Start the service with its engine for a measurement, on a free port, and end it afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from knowledge.config import REPOSITORY, data_folder


@dataclass(frozen=True, slots=True)
class Service:
    """Addresses and process ids of a running service and its engine."""

    url: str
    engine_url: str
    pid: int
    engine_pid: int
    start_seconds: float


@asynccontextmanager
async def started_service() -> AsyncIterator[Service]:
    """`python -m assistant serve` on a free port; ready when entered. Conversations go to a database of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = data_folder()
    subprocess.run([sys.executable, "-m", "assistant", "prepare"], cwd=REPOSITORY, check=True)
    database = folder / "bench.db"
    environment = os.environ | {
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMIT_SCALE": "1000",
    }
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve"],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        await _wait(f"http://127.0.0.1:{port}/readyz", process)
        seconds = round(time.monotonic() - started, 1)
        engine_pid, engine_port = _engine_of(process.pid)
        yield Service(
            f"http://127.0.0.1:{port}", f"http://127.0.0.1:{engine_port}", process.pid, engine_pid, seconds
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        for path in folder.glob("bench.db*"):
            path.unlink()


async def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"The service ended with status {process.returncode} before it was ready.")
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise RuntimeError("The service was not ready within 120 s.")


def _engine_of(pid: int) -> tuple[int, int]:
    """Process id and port of the engine: the child of the service that runs launch.py."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        arguments = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if any(argument.endswith("launch.py") for argument in arguments):
            return int(child), int(arguments[arguments.index("-p") + 1])
    raise RuntimeError("The service runs no engine.")
