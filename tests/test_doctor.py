"""The doctor: what it finds in an installation, and the remedy it names."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.doctor import examine
from assistant.settings import Settings, read_settings
from tests.conftest import Running, free_port

PARTS = ["engine environment", "dialogue model", "knowledge release", "records", "disk", "service"]


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """An installation where nothing has been built and nothing runs."""
    return read_settings({"DATA_DIR": str(tmp_path / "var"), "PORT": str(free_port())})


def findings(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {finding["part"]: (finding["ok"], finding["says"]) for finding in examine(settings)}


def test_doctor_examines_every_part_in_order(empty: Settings) -> None:
    assert [finding["part"] for finding in examine(empty)] == PARTS
    assert all(set(finding) == {"part", "ok", "says"} for finding in examine(empty))


@pytest.mark.parametrize(
    ("part", "remedy"),
    [
        ("dialogue model", "Run: make serve"),
        ("knowledge release", "Run: python -m index_build build"),
        ("service", "Run: make serve"),
    ],
)
def test_doctor_names_the_remedy_for_what_is_missing(empty: Settings, part: str, remedy: str) -> None:
    ok, says = findings(empty)[part]

    assert not ok
    assert says.endswith(remedy)


def test_doctor_finds_database_and_disk_usable_in_a_new_folder(empty: Settings) -> None:
    found = findings(empty)

    assert found["records"] == (True, "readable and writable")
    assert found["disk"][1].endswith("MiB free")


def test_doctor_finds_the_engine_environment(empty: Settings) -> None:
    assert findings(empty)["engine environment"] == (True, "Python 3.10")


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", "/etc/passwd"])
def test_doctor_says_how_to_get_an_engine_environment(empty: Settings, python: str) -> None:
    ok, says = findings(replace(empty, engine_python=Path(python)))["engine environment"]

    assert not ok
    assert says.endswith("it must be 3.10. Run: make setup")


def test_doctor_notices_a_database_that_is_none(empty: Settings) -> None:
    empty.data_dir.mkdir()
    (empty.data_dir / "service.db").write_bytes(b"no database" * 100)
    ok, says = findings(empty)["records"]

    assert not ok
    assert says.endswith("Check DATABASE_URL and the rights on DATA_DIR")


def test_doctor_notices_a_database_without_driver(empty: Settings) -> None:
    assert not findings(replace(empty, database_url="postgresql://127.0.0.1/none"))["records"][0]


def test_doctor_notices_that_a_model_is_older_than_its_data(empty: Settings) -> None:
    empty.model_path.parent.mkdir(parents=True)
    empty.model_path.write_bytes(b"model")
    empty.model_path.with_suffix(".sha256").write_text("another digest")

    assert findings(empty)["dialogue model"] == (False, "missing or older than its data. Run: make serve")


def test_doctor_verifies_the_release_that_is_served(empty: Settings, shipped_home: Path) -> None:
    empty.data_dir.mkdir()
    empty.knowledge_home.symlink_to(shipped_home)
    ok, says = findings(empty)["knowledge release"]

    assert ok
    assert says.endswith("every file as published")


def test_doctor_notices_a_release_with_a_changed_file(empty: Settings, shipped_home: Path) -> None:
    served = (shipped_home / "CURRENT").read_text().strip()
    shutil.copytree(shipped_home / "releases" / served, empty.knowledge_home / "releases" / served)
    (empty.knowledge_home / "CURRENT").write_text(served)
    with (empty.knowledge_home / "releases" / served / "release.db").open("ab") as file:
        file.write(b"x")

    assert not findings(empty)["knowledge release"][0]


def test_doctor_command_prints_json_and_ends_with_status_1(
    empty: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(empty.data_dir))
    monkeypatch.setenv("PORT", str(empty.port))

    assert main(["doctor", "--json"]) == 1
    assert [finding["part"] for finding in json.loads(capsys.readouterr().out)["findings"]] == PARTS


@pytest.mark.engine
def test_doctor_finds_every_part_of_a_running_service_well(running: Running, trained: Settings) -> None:
    assert [finding for finding in examine(trained) if not finding["ok"]] == []
