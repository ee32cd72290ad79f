"""The life of a release in its home: candidate, published by one atomic switch of CURRENT, rolled back, collected.

A home holds `releases/` (immutable folders), `CURRENT` (the id that is served), `history.jsonl` (what was published,
by whom, when and why), `archive/` (the passages of releases that were collected, so that old citations still open),
`evaluations/`, `builds/` (events of builds), `decisions.db`, lock files, and `cache/` (may be deleted).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlite_utils
from filelock import FileLock, Timeout

from index_build.progress import BUILD_LOCK
from index_build.writing import fsync_folder
from knowledge.home import ARCHIVE, CURRENT, HISTORY, current_id, earlier_ids, published_ids
from knowledge.library import DATABASE, MANIFEST, SEAL, ReleaseError, verify
from knowledge.passages import open_file

SWITCH_LOCK = "switch.lock"
_WAIT = 30.0  # seconds for another switch or collection to end


def publish(home: Path, release_id: str, by: str = "", reason: str = "") -> None:
    """Make a whole release the served one: CURRENT is replaced atomically. The gate is `gate.publish_checked`.

    `by` and `reason` go to the history. Raises ReleaseError where the release is not whole.
    """
    with switching(home):
        folder = home / "releases" / Path(release_id).name
        verify(folder)
        _switch(home, folder.name, {"what": "publish", "by": by, "reason": reason})


def rollback(home: Path, by: str = "") -> str:
    """Serve the release that was published before the current one; returns its id.

    Raises ReleaseError where there is none that is whole.
    """
    with switching(home):
        current = current_id(home)
        for release_id in earlier_ids(home, current):
            try:
                verify(home / "releases" / release_id)
            except ReleaseError:
                continue
            _switch(home, release_id, {"what": "rollback", "by": by, "reason": ""})
            return release_id
    raise ReleaseError(
        f"No whole release was published before {current or 'the first one'}. Build one: python -m index_build build"
    )


def releases(home: Path) -> list[dict[str, Any]]:
    """Every release, newest first: id, time, counts, and whether it is whole, served now, or was published."""
    current, published = current_id(home), set(published_ids(home))
    listed = []
    for folder in sorted((home / "releases").glob("*/"), reverse=True):
        row: dict[str, Any] = {
            "id": folder.name, "current": folder.name == current, "published": folder.name in published,
        }  # fmt: skip
        try:
            manifest = verify(folder)
            row |= {"whole": True, "created_at": manifest["created_at"], "counts": manifest["counts"]}
        except ReleaseError as error:
            row |= {"whole": False, "problem": str(error)}
        listed.append(row)
    return listed


def release_rows(home: Path, release_id: str, table: str) -> list[dict[str, Any]]:
    """Rows of a table of a release: `documents`, `doubts`, `contradictions`. Raises ReleaseError where it is not whole."""
    folder = home / "releases" / Path(release_id).name
    verify(folder, [DATABASE])
    connection = open_file(folder / DATABASE)
    try:
        return list(sqlite_utils.Database(connection)[table].rows)
    finally:
        connection.close()


def drop(home: Path, release_id: str) -> None:
    """Remove a candidate. Raises ReleaseError where it is served or was published, because answers cite it."""
    with switching(home):
        if release_id in {current_id(home), *published_ids(home)}:
            raise ReleaseError(
                f"Release {release_id} was published and is cited. Only candidates can be dropped."
            )
        folder = next((f for f in (home / "releases").glob("*/") if f.name == release_id), None)
        if folder is None:
            raise ReleaseError(f"No release {release_id!r}. See: python -m index_build list")
        _remove(home, folder)


def collect(home: Path, keep: int) -> list[str]:
    """Remove what nobody needs: leftovers of killed builds, and releases beyond the last `keep` published and `keep`
    candidates. Their passages go to the archive first; one whose passages are damaged stays. Returns the ids removed.
    """
    with switching(home):
        _sweep(home)
        current, published = current_id(home), published_ids(home)
        # The current one may be older than others after a rollback; what a rollback would serve next must stay too.
        needed = {current, *published[:keep], *earlier_ids(home, current)[:1]}
        folders = sorted((home / "releases").glob("*/"), reverse=True)
        needed |= set([f.name for f in folders if f.name not in published][:keep])
        spare = [folder for folder in folders if folder.name not in needed]
        removed = [folder for folder in spare if folder.name not in published or _archive(home, folder)]
        for folder in removed:
            _remove(home, folder)
    return [folder.name for folder in removed]


@contextmanager
def switching(home: Path) -> Iterator[None]:
    """Hold the lock of switches and collections. Raises ReleaseError where another holds it for too long."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / SWITCH_LOCK, timeout=_WAIT):
            yield
    except Timeout as error:
        raise ReleaseError(
            "Another publication or rollback is under way. Try again when it has ended."
        ) from error


def _switch(home: Path, release_id: str, event: dict[str, str]) -> None:
    """History first, then CURRENT: a crash in between leaves a line too many, never a served release unknown to it."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "id": release_id,
        "from": current_id(home),
    } | event
    _append(home / HISTORY, json.dumps(line, ensure_ascii=False))
    temporary = home / f".{CURRENT}.{secrets.token_hex(4)}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(release_id + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home / CURRENT)
    fsync_folder(home)


def _append(path: Path, line: str) -> None:
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        # A crash may have cut the last line; a new one must not be joined to it.
        if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            file.write(b"\n")
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _sweep(home: Path) -> None:
    """Remove what killed builds, switches and collections left. What a running build writes stays."""
    for leftover in (*home.glob("trash/*"), *home.glob(f".{CURRENT}.*")):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    with suppress(Timeout), FileLock(home / BUILD_LOCK, timeout=0):
        shutil.rmtree(home / "building", ignore_errors=True)


def _archive(home: Path, folder: Path) -> bool:
    """Keep the passages of a release, with what proves them whole; vectors and keywords go. False where they are damaged."""
    kept = home / ARCHIVE / folder.name
    if kept.is_dir():
        return True
    try:
        verify(folder, [DATABASE])
    except ReleaseError:
        return False
    temporary = home / "trash" / f"archive.{secrets.token_hex(4)}"
    temporary.mkdir(parents=True)
    for name in (DATABASE, MANIFEST, SEAL):
        shutil.copyfile(folder / name, temporary / name)
        with (temporary / name).open("rb") as file:
            os.fsync(file.fileno())
    fsync_folder(temporary)
    kept.parent.mkdir(exist_ok=True)
    temporary.rename(kept)
    fsync_folder(kept.parent)
    return True


def _remove(home: Path, folder: Path) -> None:
    """Rename away first, so that nobody sees a release half removed."""
    trash = home / "trash" / f"{folder.name}.{secrets.token_hex(4)}"
    trash.parent.mkdir(exist_ok=True)
    folder.rename(trash)
    shutil.rmtree(trash)
