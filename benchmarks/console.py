"""The call-centre console over HTTP with 30,000 rows: how long a keystroke and a full search take.

    python -m benchmarks.console [--rows 30000]

The release has as many passages, each with a heading of its own, so that a row of the type-ahead and a passage of the
search are the same thing. Sentences and vectors are made as in `benchmarks.growth`. The service runs in a process of
its own; one signed-in agent asks it, one request after the other, over one connection.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import secrets
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import numpy as np
import uvicorn

from assistant.accounts import Accounts
from assistant.app import create_app
from assistant.audit import Actor
from assistant.settings import Settings, read_settings
from assistant.staff_tables import Database
from benchmarks.corpus import Corpus, drawn
from benchmarks.lookup import keystrokes, made_name
from benchmarks.report import table, write
from index_build.release import publish
from knowledge.config import DOCUMENTS, REPOSITORY, load_config
from knowledge.embedding import Embedder

_QUESTIONS = REPOSITORY / "tests" / "questions" / "dev.jsonl"
_EMBEDDED = 1000  # passages; the vectors of the others are drawn around theirs
_TYPED, _ASKED = 1500, 200
_NAME, _PASSWORD = "bench", secrets.token_urlsafe(24)


def main() -> None:
    """Make the release, measure, print, and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=30_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"DATA_DIR": folder, "PORT": str(_free_port()), "RATE_LIMIT_SCALE": "1000"})
        names = make_release(settings, rows)
        _employ(settings)
        with served(settings) as client:
            figures = measure(client, names)
    results = {"rows": rows, "ms": figures}
    head = ("request", "n", "p50 ms", "p95 ms", "longest ms")
    table([head, *((name, *map(str, one.values())) for name, one in figures.items())])
    print(f"\nReport: {write('console', results).name}")


def make_release(settings: Settings, rows: int) -> list[str]:
    """Publish a release of so many passages; their headings."""
    chance, embedder = random.Random(7), Embedder(load_config().embedding_model)
    corpus = Corpus.read(DOCUMENTS)
    names = [made_name(chance) for _ in range(rows)]
    drafts = [
        replace(draft, section=f"{name} {number}")
        for number, (name, draft) in enumerate(zip(names, corpus.recombined(rows), strict=True))
    ]
    sample = np.concatenate(list(embedder.passages([draft.embedded_text for draft in drafts[:_EMBEDDED]])))
    created = datetime.now(UTC)
    release = settings.knowledge_home / "releases" / f"{created:%Y%m%d-%H%M%S}-bench"
    corpus.write(release, drafts, drawn(sample, rows), embedder, load_config())
    publish(settings.knowledge_home, release.name)
    return names


@contextmanager
def served(settings: Settings) -> Iterator[httpx.Client]:
    """The service without its engine, which the console does not ask, in a process of its own; an agent signed in to it."""
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings,))
    process.start()
    base = f"http://{settings.host}:{settings.port}"
    try:
        with httpx.Client(base_url=base, timeout=60, trust_env=False, headers={"Origin": base}) as client:
            _wait(client)
            body = {"name": _NAME, "password": _PASSWORD}
            answer = client.post("/api/v1/staff/session", json=body).raise_for_status()
            # Its cookie is for https; browsers make an exception for this machine's own address, httpx makes none.
            client.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
            yield client
    finally:
        process.terminate()
        process.join(30)


def measure(client: httpx.Client, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of request, as the browser waits for it."""
    chance = random.Random(3)
    client.get("/staff/suggest", params={"q": "나주"}).raise_for_status()  # makes the index
    typed = chance.sample(list(keystrokes(names, chance)), _TYPED)
    lines = map(json.loads, _QUESTIONS.read_text(encoding="utf-8").splitlines())
    asked = [f"{row['question']} ({number})" for number, row in enumerate(lines)][:_ASKED]
    return {
        "type-ahead": _timed(client, "/staff/suggest", typed),
        "full search": _timed(client, "/staff/search", asked),
        "search of the API": _timed(client, "/api/v1/search", [f"{text}?" for text in asked]),
    }


def _timed(client: httpx.Client, path: str, texts: Sequence[str]) -> dict[str, float]:
    times = []
    for text in texts:
        started = time.perf_counter()
        client.get(path, params={"q": text}).raise_for_status()
        times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=20)
    return {
        "n": len(times),
        "p50": round(cuts[9], 1),
        "p95": round(cuts[18], 1),
        "longest": round(max(times), 1),
    }


def _employ(settings: Settings) -> None:
    database, now = Database(settings.database_url), datetime.now(UTC)
    accounts = Accounts(database)
    _, token = accounts.invite(_NAME, "agent", Actor("", "benchmark", ""), now)
    accounts.set_password(token, _PASSWORD, "", now)
    database.close()


def _serve(settings: Settings) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # which uvicorn calls when it has closed everything
    app = create_app(settings, with_engine=False)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")


def _wait(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError("The service was not ready within 120 s.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
