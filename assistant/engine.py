"""The Rasa engine: its process, started and kept alive here, and the only client that talks to it.

The engine trusts whatever `sender` it is sent, so it listens on loopback only, and each conversation has a private
random sender made by the service (a lone surrogate or NUL in a sender ends the Rasa process).
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import re
import signal
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx

from assistant.settings import Settings
from knowledge.config import REPOSITORY
from knowledge.embedding import Vectors

ROOM = REPOSITORY / "assistant" / "rasa"
_LOG = logging.getLogger("assistant.engine")
_SENDER = re.compile(r"[A-Za-z0-9-]{16,64}")
_START_SECONDS = 90.0
# A visitor waits at most about four seconds; what the documents say comes without the engine then.
_TIMEOUT = httpx.Timeout(3.5, connect=0.5)


class EngineUnavailable(RuntimeError):
    """The engine is down, too slow, or gave no reply."""


class Engine:
    """One Rasa server on 127.0.0.1, restarted when it dies."""

    def __init__(self, settings: Settings, actions_url: str, actions_token: str) -> None:
        """Nothing runs before `start`."""
        self._settings = settings
        self._port = _free_port()
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", ""),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "RASA_TELEMETRY_ENABLED": "false",
            "ACTIONS_URL": actions_url,
            "ACTIONS_TOKEN": actions_token,
            "TRACKER_DB": str(self.tracker_database),
            "ENGINE_PARENT": str(os.getpid()),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self._port}", timeout=_TIMEOUT, trust_env=False
        )
        self.ready = False

    @property
    def tracker_database(self) -> Path:
        """Where the engine keeps its trackers."""
        return self._settings.data_dir / "engine.db"

    @property
    def pid(self) -> int | None:
        """Process id of the running engine."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the engine and go on in the background until it answers; a dead one is started again."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End the engine and wait for it."""
        if self._keeper:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        await self._end_process()
        await self._client.aclose()

    async def wait_until_ready(self, seconds: float = _START_SECONDS) -> None:
        """Wait until the engine answers. Raises EngineUnavailable after `seconds`."""
        for _ in range(int(seconds * 10)):
            if self.ready:
                return
            await asyncio.sleep(0.1)
        raise EngineUnavailable(
            f"The engine did not answer within {seconds:.0f} s. See {self._log_path.name} in the data folder, then: python -m assistant doctor"
        )

    async def send(
        self, sender: str, text: str, vector: Vectors | None, vector_model: str
    ) -> list[dict[str, Any]]:
        """The engine's messages to one message. Raises EngineUnavailable; an empty list counts, since Rasa swallows failures."""
        if not _SENDER.fullmatch(sender):
            raise EngineUnavailable("The conversation's sender id is not one of ours.")
        metadata = (
            {}
            if vector is None
            else {"vector": base64.b64encode(vector.tobytes()).decode(), "vector_model": vector_model}
        )
        try:
            response = await self._client.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": text, "metadata": metadata}
            )
            response.raise_for_status()
            messages: list[dict[str, Any]] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise EngineUnavailable(f"The engine did not answer: {type(error).__name__}") from error
        if not messages:
            raise EngineUnavailable("The engine gave no reply; an action failed or none was chosen.")
        return messages

    def forget(self, sender: str) -> None:
        """Remove every event of a conversation from the engine's tracker store."""
        if not self.tracker_database.is_file():
            return
        with closing(sqlite3.connect(self.tracker_database, timeout=10)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("DELETE FROM events WHERE sender_id = ?", (sender,))

    @property
    def _log_path(self) -> Path:
        return self._settings.data_dir / "engine.log"

    async def _keep(self) -> None:
        pause = 1.0
        while True:
            await self._run_once()
            self.ready = False
            _LOG.warning(
                "The engine ended with status %s; starting it again in %.0f s.",
                self._process.returncode if self._process else None,
                pause,
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def _run_once(self) -> None:
        command = [
            str(self._settings.engine_python), str(ROOM / "launch.py"), "run", "-i", "127.0.0.1", "-p", str(self._port),
            "-m", str(self._settings.model_path), "--endpoints", str(ROOM / "endpoints.yml"),
            "--credentials", str(ROOM / "credentials.yml"), "--log-file", os.devnull,
        ]  # fmt: skip
        with self._log_path.open("ab") as log:
            # Its own process group, so that Ctrl-C reaches it through us and in order.
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd=REPOSITORY,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        waiting = asyncio.create_task(self._process.wait())
        try:
            while not waiting.done() and not await self._answers():
                await asyncio.sleep(0.2)
            self.ready = not waiting.done()
            await waiting
        finally:
            waiting.cancel()

    async def _answers(self) -> bool:
        try:
            return (await self._client.get("/", timeout=1.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def _end_process(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        for number, seconds in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 5.0)):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            try:
                await asyncio.wait_for(process.wait(), seconds)
            except TimeoutError:
                continue
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
