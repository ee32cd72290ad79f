"""Check every part of an installation and say what to do."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from assistant.records import Records
from assistant.settings import Settings
from assistant.training import is_trained
from index_build.writing import shipped_digest
from knowledge.home import current_id
from knowledge.library import ReleaseError, verify


def examine(settings: Settings) -> list[dict[str, Any]]:
    """One finding a part: `part`, `ok` and `says`, which names the remedy where something is wrong."""
    return [
        _engine_python(settings),
        _model(settings),
        _release(settings),
        _database(settings),
        _disk(settings),
        _service(settings),
    ]


def _finding(part: str, ok: bool, says: str) -> dict[str, Any]:
    return {"part": part, "ok": ok, "says": says}


def _engine_python(settings: Settings) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [str(settings.engine_python), "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
            capture_output=True,
            text=True,
            check=False,
        )
        version = done.stdout.strip()
    except OSError:
        version = "missing"
    return _finding(
        "engine environment",
        version == "3.10",
        f"Python {version}" + ("" if version == "3.10" else "; it must be 3.10. Run: make setup"),
    )


def _model(settings: Settings) -> dict[str, Any]:
    ok = is_trained(settings)
    return _finding(
        "dialogue model", ok, "up to date" if ok else "missing or older than its data. Run: make serve"
    )


def _release(settings: Settings) -> dict[str, Any]:
    release_id = current_id(settings.knowledge_home)
    if not release_id:
        return _finding("knowledge release", False, "none published. Run: python -m index_build build")
    try:
        manifest = verify(settings.knowledge_home / "releases" / release_id)
    except ReleaseError as error:
        return _finding("knowledge release", False, str(error))
    older = (
        ""
        if manifest.get("shipped_digest") == shipped_digest()
        else "; the shipped documents have changed since: python -m index_build build"
    )
    return _finding(
        "knowledge release",
        not older,
        f"{release_id}, {manifest['counts']['passages']} passages, every file as published{older}",
    )


def _database(settings: Settings) -> dict[str, Any]:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        records = Records(settings.database_url)
        records.check()
        records.close()
    except (SQLAlchemyError, OSError, ImportError) as error:
        return _finding(
            "records",
            False,
            f"not usable ({type(error).__name__}). Check DATABASE_URL and the rights on DATA_DIR",
        )
    return _finding("records", True, "readable and writable")


def _disk(settings: Settings) -> dict[str, Any]:
    free = shutil.disk_usage(settings.data_dir).free // 2**20
    return _finding(
        "disk",
        free > 500,
        f"{free:,} MiB free"
        + ("" if free > 500 else "; at least 500 are needed. Remove old releases or move DATA_DIR"),
    )


def _service(settings: Settings) -> dict[str, Any]:
    try:
        response = httpx.get(f"http://{settings.host}:{settings.port}/readyz", timeout=5, trust_env=False)
        degraded = response.json()["degraded"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return _finding("service", False, f"nothing answers on port {settings.port}. Run: make serve")
    return _finding(
        "service",
        not degraded,
        "ready" if not degraded else "; ".join(f"{part}: {why}" for part, why in degraded.items()),
    )
