"""Files that editors upload: one folder that builds read, with every earlier version kept beside it.

A file's own name is cleaned and never used as a path; what it holds is told by its content (requirements U1, U8, U9).
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import insert, select

from assistant.admin.tables import UPLOADS
from assistant.staff_tables import Database
from index_build.catalogue_files import CATALOGUE_FILES
from index_build.questions import QUESTIONS
from index_build.reading.assemble import ABOUT
from index_build.reading.document import UnreadableDocument
from index_build.reading.safety.kinds import file_name, recognise
from index_build.reading.safety.prechecks import MAX_FILE, too_large_file
from index_build.writing import fsync_folder

_VERSIONS, _INCOMING = ".versions", ".incoming"  # builds pass by folders whose name begins with a point
_MAX_BYTES = 200  # of a name; with what stands behind it, a file system takes 255
_OWN = {"readme.md", QUESTIONS, *CATALOGUE_FILES}


class UploadError(ValueError):
    """A file is not taken. `ko` and `en` name the file, the cause and the remedy."""

    def __init__(self, ko: str, en: str) -> None:
        self.ko, self.en = ko, en
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies there. `id` stands for its name in addresses; `size` is in bytes, `versions` counts all it had."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str
    by: str
    at: str
    versions: int


class Uploads:
    """The folder of uploaded files and the ledger of what became of them."""

    def __init__(self, folder: Path, database: Database) -> None:
        """Make the folder where it is missing; what an upload that was cut off left goes."""
        self.folder, self._database = folder, database
        self._changing = Lock()  # ledger and folder tell of changes in the same order
        for name in (_VERSIONS, _INCOMING):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for left in (folder / _INCOMING).iterdir():
            left.unlink()

    def add(self, given_name: str, pieces: Iterable[bytes], by: str, now: datetime) -> tuple[str, str]:
        """Keep a file under its cleaned name: the name, and what it was: added, replaced or same.

        Raises UnreadableDocument or UploadError naming file, cause and remedy; then nothing is kept.
        """
        name = safe_name(given_name)
        arrived = self.folder / _INCOMING / secrets.token_hex(8)
        try:
            digest, size = _write(arrived, pieces, name)
            recognise(arrived.read_bytes(), name)
            with self._changing:
                if self._is_known(name, digest):
                    return name, "same"
                return name, self._take(arrived, name, digest, size, by, now)
        finally:
            arrived.unlink(missing_ok=True)

    def put_table(self, name: str, content: bytes, by: str, now: datetime) -> None:
        """Keep a file of the catalogue or the test questions, which were checked before. Raises ValueError for another name."""
        if name not in _OWN:
            raise ValueError(f"{name} is no file of the catalogue.")
        arrived = self.folder / _INCOMING / secrets.token_hex(8)
        digest, size = _write(arrived, [content], name)
        with self._changing:
            self._take(arrived, name, digest, size, by, now)

    def listed(self) -> list[Upload]:
        """Documents that the next build will read, by name."""
        paths = sorted(path for path in self.folder.iterdir() if path.is_file() and not _is_beside(path.name))
        events = self._events()
        return [_upload(path, events.get(path.name, [])) for path in paths]

    def get(self, id: str) -> Upload | None:
        """The file of an id, if it lies there."""
        return next((upload for upload in self.listed() if upload.id == id), None)

    def tables(self) -> list[str]:
        """Names of the catalogue's files that were imported."""
        return sorted(path.name for path in self.folder.iterdir() if path.name in _OWN)

    def history(self, name: str) -> list[dict[str, Any]]:
        """What became of a file, newest first."""
        return list(reversed(self._events().get(name, [])))

    def removed(self) -> list[dict[str, Any]]:
        """The last event of each document that was taken away, the latest first."""
        events = [rows for name, rows in self._events().items() if not _is_beside(name)]
        last = [rows[-1] for rows in events if rows[-1]["what"] == "removed"]
        gone = [event for event in last if not (self.folder / event["name"]).exists()]
        return sorted(gone, key=lambda event: event["seq"], reverse=True)

    def remove(self, name: str, by: str, now: datetime) -> None:
        """Take a file out of the next build; it can be restored. Raises UploadError where it is not there."""
        path = self.folder / name
        with self._changing:
            if name not in {entry.name for entry in self.folder.iterdir() if entry.is_file()}:
                raise UploadError(f"{name}: 없는 파일입니다.", f"{name}: no such file.")
            digest, size = _digest(path)
            self._keep_version(path, digest)
            # A crash after this leaves a line too many, no file too few.
            self._note(name, digest, size, "removed", by, now)
            path.unlink()
            fsync_folder(self.folder)

    def version(self, seq: int) -> tuple[str, bytes]:
        """Name and content of a file as it was after an event. Raises UploadError where it is not kept."""
        query = select(UPLOADS).where(UPLOADS.c.seq == seq)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        kept = self.folder / _VERSIONS / (row["sha256"] if row else "none")
        if row is None or not kept.is_file():
            raise not_kept()
        return row["name"], kept.read_bytes()

    def restore(self, seq: int, by: str, now: datetime) -> str:
        """Put back a document as it was after an event; its name. Raises UploadError where it is not kept."""
        name, content = self.version(seq)
        if _is_beside(name):
            raise not_kept()
        arrived = self.folder / _INCOMING / secrets.token_hex(8)
        with self._changing:
            digest, size = _write(arrived, [content], name)
            self._put(arrived, name, digest, size, "restored", by, now)
        return name

    def _is_known(self, name: str, digest: str) -> bool:
        """Whether this very file is there. Raises UploadError where its content is there under another name."""
        twin = next((upload for upload in self.listed() if upload.sha256 == digest), None)
        if twin is not None and twin.name != name:
            raise UploadError(
                f"{name}: 이미 올린 {twin.name} 파일과 내용이 같습니다. 둘 가운데 하나만 두십시오.",
                f"{name}: holds the same as {twin.name}, which is here already. Keep one of the two.",
            )
        return twin is not None

    def _take(self, arrived: Path, name: str, digest: str, size: int, by: str, now: datetime) -> str:
        what = "replaced" if (self.folder / name).exists() else "added"
        self._put(arrived, name, digest, size, what, by, now)
        return what

    def _put(
        self, arrived: Path, name: str, digest: str, size: int, what: str, by: str, now: datetime
    ) -> None:
        before = self.folder / name
        if before.is_file():
            self._keep_version(before, _digest(before)[0])
        self._keep_version(arrived, digest)
        self._note(name, digest, size, what, by, now)
        arrived.replace(before)
        fsync_folder(self.folder)

    def _keep_version(self, path: Path, digest: str) -> None:
        kept = self.folder / _VERSIONS / digest
        if not kept.exists():
            temporary = kept.with_name(f".{secrets.token_hex(8)}")
            _write(temporary, [path.read_bytes()], path.name)
            temporary.replace(kept)
            fsync_folder(kept.parent)

    def _note(self, name: str, digest: str, size: int, what: str, by: str, now: datetime) -> None:
        row = {"name": name, "sha256": digest, "size": size, "what": what, "by": by, "at": now}
        with self._database.writing() as connection:
            connection.execute(insert(UPLOADS).values(**row))

    def _events(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(select(UPLOADS).order_by(UPLOADS.c.seq)).mappings():
                found.setdefault(row["name"], []).append(dict(row))
        return found


def not_kept() -> UploadError:
    """The refusal of a version that does not exist."""
    return UploadError("이 판은 보관되어 있지 않습니다.", "This version is not kept.")


def safe_name(given: str) -> str:
    """A name that is safe as a file's and in a header. Raises UploadError where it is kept for something else."""
    name = "".join(sign if sign.isprintable() else "_" for sign in file_name(given)).lstrip(". ") or "-"
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    room = _MAX_BYTES - len((dot + extension).encode())
    if room < 1:
        stem, dot, extension, room = name, "", "", _MAX_BYTES
    name = stem.encode()[:room].decode(errors="ignore") + dot + extension
    if _is_beside(name):
        raise UploadError(
            f"{name}: 이 이름은 따로 쓰입니다. 목록 파일은 ‘목록 자료’ 화면에서 올리고, 문서라면 이름을 바꾸어 주십시오.",
            f"{name}: this name is kept for something else. Import lists on the page “Lists”; give a document another name.",
        )
    return name


def upload_id(name: str) -> str:
    """What stands for a name in addresses."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _is_beside(name: str) -> bool:
    return name.lower() in _OWN or name.lower().endswith(ABOUT)


def _upload(path: Path, events: list[dict[str, Any]]) -> Upload:
    digest, size = _digest(path)
    known = next((event for event in reversed(events) if event["sha256"] == digest), None)
    return Upload(
        upload_id(path.name), path.name, path.suffix.lstrip(".").upper()[:8], size, digest,
        known["by"] if known else "", known["at"].isoformat() if known else "",
        len({event["sha256"] for event in events}),
    )  # fmt: skip


def _write(path: Path, pieces: Iterable[bytes], name: str) -> tuple[str, int]:
    """Write a file to the disk: its SHA-256 and its size. Raises UnreadableDocument where it is empty or too large."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for piece in pieces:
            size += len(piece)
            if size > MAX_FILE:
                raise too_large_file(name, size)
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise UnreadableDocument("empty", name)
    return digest.hexdigest(), size


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 and size; what has not changed since is not read again."""
    stat = path.stat()
    return _digest_of(path, stat.st_mtime_ns, stat.st_ino, stat.st_size), stat.st_size


@lru_cache(2000)
def _digest_of(path: Path, *_: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
