"""Real parts for all tests: the bundled embedding model, releases of the shipped documents, the running service."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

from assistant.settings import Settings, read_settings
from assistant.staff_tables import Database
from assistant.training import is_trained, train
from index_build.writing import shipped_digest
from knowledge.config import DOCUMENTS, AnswerConfig, load_config
from knowledge.embedding import Embedder
from knowledge.home import current_id
from knowledge.library import Library, ReleaseError, verify
from tests.releasing import released
from tests.staffing import Clock, opened

ROOT = Path(__file__).resolve().parent.parent
SHARED_SOURCES = ROOT.parent / "shared" / "sources"
# Kept between runs, so that only the first one trains and embeds; `make clean` removes it.
DATA = ROOT / "var" / "tests"
# Long files first, so that no worker is left with one at the end. The first two make the release and train the dialogue
# model; those that follow need neither; then come those that ask the running service.
_FIRST = (
    "test_computing test_nlu test_building test_admin_browser test_admin test_admin_quality test_box test_chaos "
    "test_answer test_staff_axe test_admin_live test_handover test_guided_live test_widget_axe test_inert_browser "
    "test_dialogue test_desks_live test_engine_live test_walk test_outlook test_hearing"
).split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; the tests of one stay as they are."""
    rank = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


@pytest.fixture(scope="session")
def config() -> AnswerConfig:
    return load_config()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="session")
def shipped_home(embedder: Embedder) -> Path:
    """A published release of the shipped documents."""
    home = DATA / "knowledge"
    home.mkdir(parents=True, exist_ok=True)
    with one_at_a_time("knowledge"):
        if not is_current(home):
            released(home, [DOCUMENTS], embedder)
    return home


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database of the staff."""
    with opened(f"sqlite:///{tmp_path / 'service.db'}") as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until a test moves it."""
    return Clock()


def one_at_a_time(name: str) -> FileLock:
    """A lock on a part of `DATA`: of two workers of pytest the second finds it made."""
    DATA.mkdir(parents=True, exist_ok=True)
    return FileLock(DATA / f"{name}.lock")


def is_current(home: Path) -> bool:
    try:
        return bool(verify(home / "releases" / current_id(home))["shipped_digest"] == shipped_digest())
    except ReleaseError:
        return False


@pytest.fixture(scope="session")
def library(shipped_home: Path, embedder: Embedder, config: AnswerConfig) -> Library:
    return Library(shipped_home, embedder, config)


@pytest.fixture(scope="session")
def trained() -> Settings:
    """Settings whose data folder holds an up-to-date dialogue model."""
    settings = read_settings({"DATA_DIR": str(DATA), "PORT": str(free_port())})
    with one_at_a_time("models"):
        if not is_trained(settings):
            train(settings)
    return settings


@dataclass(frozen=True)
class Running:
    """The service with its engine, as `make serve` starts them."""

    url: str
    process: subprocess.Popen[bytes]
    data: Path


@pytest.fixture(scope="session")
def running(trained: Settings, shipped_home: Path) -> Iterator[Running]:
    folder = DATA / os.environ.get("PYTEST_XDIST_WORKER", "alone")
    folder.mkdir(exist_ok=True)
    for part in ("models", "knowledge"):
        if not (folder / part).exists():
            (folder / part).symlink_to(DATA / part)
    with serve(trained.port, folder) as service:
        yield service


class serve:
    """Start `python -m assistant serve` and wait until every part is ready; end it with Ctrl-C's signal."""

    def __init__(self, port: int, data: Path) -> None:
        self._port, self._data = port, data

    def __enter__(self) -> Running:
        environment = os.environ | {"DATA_DIR": str(self._data), "PORT": str(self._port)}
        with (self._data / "service.log").open("wb") as log:
            command = [sys.executable, "-m", "assistant", "serve"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{self._port}"
        try:
            wait_ready(url, 120)
        except AssertionError:
            self.__exit__()
            raise
        return Running(url, self._process, self._data)

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)


def wait_ready(url: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"{url} was not ready within {seconds} s; see {DATA / 'service.log'}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
