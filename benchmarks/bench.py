"""Speed and memory in one run: a full answer turn beside a bare `utter` turn of the same engine, at 1 and 16 clients.

A full turn goes through the service: token, masking, embedding, engine, policy, action, search, quoting, storage.
A bare turn goes to the engine's own REST channel, where text is embedded and understood and a fixed response uttered.
Both use fresh texts and conversations of at most 10 turns, so that nothing is served from a cache.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from assistant.settings import read_settings
from benchmarks.report import table, write
from benchmarks.service import started_service
from knowledge.config import REPOSITORY

_TURNS = {1: 120, 16: 320}
_TURNS_A_CONVERSATION = 10
_QUESTIONS = REPOSITORY / "tests" / "questions" / "dev.jsonl"
_GREETINGS = (
    "안녕하세요 반갑습니다",
    "Hello there",
    "안녕하세요 처음 왔어요",
    "Good morning to you",
    "반가워요",
)

Turn = Callable[[], Awaitable[float]]


def main() -> None:
    """Run the benchmark, print it and write its report."""
    asyncio.run(_run())


async def _run() -> None:
    questions = [json.loads(line)["question"] for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]
    random.Random(7).shuffle(questions)
    fresh = (f"{question} ({number})" for number in itertools.count() for question in questions)
    async with (
        started_service() as service,
        httpx.AsyncClient(timeout=60, trust_env=False, limits=httpx.Limits(max_connections=40)) as client,
    ):
        results: dict[str, Any] = {"turns": {}, "clients": _TURNS}
        await _measure(1, 20, lambda: _Visitor(client, service.url, fresh))  # warm-up
        for clients, turns in _TURNS.items():
            # Interleaved halves, so that a slow minute of the machine touches both.
            full, bare = [], []
            for _ in range(2):
                full += await _measure(clients, turns // 2, lambda: _Visitor(client, service.url, fresh))
                bare += await _measure(clients, turns // 2, lambda: _Bare(client, service.engine_url))
            results["turns"][str(clients)] = {"answer": _summary(full), "bare_utter": _summary(bare)}
        results["memory_mb"] = {
            "service": _resident_mb(service.pid),
            "engine": _resident_mb(service.engine_pid),
        }
        results["start_seconds"] = service.start_seconds
    one = results["turns"]["1"]
    results["ratios"] = {
        "answer_turn_over_bare_turn": round(one["answer"]["median_ms"] / one["bare_utter"]["median_ms"], 2),
        "answer_turn_over_bare_turn_16": round(
            results["turns"]["16"]["answer"]["median_ms"] / results["turns"]["16"]["bare_utter"]["median_ms"],
            2,
        ),
    }
    _print(results)
    print(f"\nReport: {write('bench', results).relative_to(read_settings().data_dir.parent)}")


class _Visitor:
    """One client of the service; a new conversation every ten turns."""

    def __init__(self, client: httpx.AsyncClient, url: str, questions: Any) -> None:
        self._client, self._base, self._questions = client, f"{url}/api/v1/conversations", questions
        self._left = 0

    async def turn(self) -> float:
        if not self._left:
            begun = (await self._client.post(self._base, json={"language": "auto", "site": "bench"})).json()
            self._messages = f"{self._base}/{begun['id']}/messages"
            self._headers = {"Authorization": f"Bearer {begun['token']}"}
            self._left = _TURNS_A_CONVERSATION
        self._left -= 1
        body = {"text": next(self._questions), "client_message_id": secrets.token_hex(8)}
        started = time.perf_counter()
        response = await self._client.post(self._messages, headers=self._headers, json=body)
        took = time.perf_counter() - started
        response.raise_for_status()
        if response.json()["outcome"]["reason"] in ("engine_down", "exception"):
            raise RuntimeError(f"A turn was not answered by the engine: {response.json()['outcome']}")
        return took


class _Bare:
    """One client of the engine's REST channel."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client, self._url = client, f"{url}/webhooks/rest/webhook"
        self._left = 0

    async def turn(self) -> float:
        if not self._left:
            self._sender, self._left = secrets.token_hex(24), _TURNS_A_CONVERSATION
        self._left -= 1
        text = f"{random.choice(_GREETINGS)} {secrets.token_hex(2)}"
        started = time.perf_counter()
        response = await self._client.post(self._url, json={"sender": self._sender, "message": text})
        took = time.perf_counter() - started
        response.raise_for_status()
        return took


async def _measure(clients: int, turns: int, make: Callable[[], Any]) -> list[float]:
    """Seconds of each turn, `clients` at a time in a closed loop."""
    left = iter(range(turns))
    times: list[float] = []

    async def loop(one: Any) -> None:
        for _ in left:
            times.append(await one.turn())

    await asyncio.gather(*(loop(make()) for _ in range(clients)))
    return times


def _summary(times: list[float]) -> dict[str, float]:
    milliseconds = sorted(1000 * t for t in times)
    return {
        "n": len(milliseconds),
        "median_ms": round(statistics.median(milliseconds), 1),
        "p95_ms": round(milliseconds[int(len(milliseconds) * 0.95)], 1),
    }


def _resident_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def _print(results: dict[str, Any]) -> None:
    rows = [("clients", "turn", "n", "median ms", "p95 ms")]
    for clients, kinds in results["turns"].items():
        rows += [
            (clients, kind, str(s["n"]), str(s["median_ms"]), str(s["p95_ms"])) for kind, s in kinds.items()
        ]
    table(rows)
    print()
    table([("figure", "value"), *((name, str(value)) for name, value in results["ratios"].items())])
    print()
    table([("memory", "MB resident"), *((name, str(value)) for name, value in results["memory_mb"].items())])


if __name__ == "__main__":
    main()
