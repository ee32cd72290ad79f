"""What earlier builds worked out: readings by file, vectors, keywords and the adapter by digest. It may be deleted at any time."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils

from index_build.reading.document import Reading
from index_build.reading.safety import wire
from knowledge.adapter import Adapter
from knowledge.embedding import Vectors
from knowledge.lexical import morphemes_of

_AT_ONCE = 500


class Cache:
    """A SQLite file in `cache/` of a home. Written while a build goes on, so a killed build need not begin again."""

    def __init__(self, home: Path, model: str) -> None:
        """Open or create. `model` is the embedding model's name: vectors of others are not given."""
        folder = home / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        self._model = model
        self._database = _open(folder / "work.db")
        self._vectors = self._database.table("vectors").create(
            {"model": str, "digest": str, "vector": bytes, "check": int}, pk=("model", "digest"), if_not_exists=True
        )  # fmt: skip
        # transform: a table that an older version made gets the columns it lacks.
        self._terms = self._database.table("terms").create(
            {"digest": str, "terms": str, "check": int}, pk="digest", transform=True
        )
        self._adapters = self._database.table("adapters").create(
            {"digest": str, "arrays": bytes, "check": int}, pk="digest", if_not_exists=True
        )
        self._readings = self._database.table("readings").create(
            {"key": str, "reading": bytes}, pk="key", if_not_exists=True
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def vectors(self, digests: Iterable[str]) -> dict[str, Vectors]:
        """Those of the vectors that are known, each of shape (dimension,). One whose bytes were damaged is not given."""
        found = {}
        for row in self._rows("vectors", "model = ? AND digest", digests, self._model):
            if zlib.crc32(row["vector"]) == row["check"]:
                found[row["digest"]] = np.frombuffer(row["vector"], dtype=np.float32)
        return found

    def keep_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by digest."""
        rows = [
            {"model": self._model, "digest": digest, "vector": data, "check": zlib.crc32(data)}
            for digest, data in ((d, v.astype(np.float32).tobytes()) for d, v in vectors.items())
        ]
        self._vectors.insert_all(rows, replace=True)

    def terms(self, texts: Iterable[str]) -> dict[str, str]:
        """Morphemes of each text, joined by spaces; what is not known is worked out and kept."""
        digests = {text_digest(text): text for text in texts}
        found = {
            row["digest"]: row["terms"]
            for row in self._rows("terms", "digest", digests)
            if zlib.crc32(row["terms"].encode()) == row["check"]
        }
        new = [digest for digest in digests if digest not in found]
        worked_out = morphemes_of([digests[digest] for digest in new])
        missing = {digest: " ".join(terms) for digest, terms in zip(new, worked_out, strict=True)}
        rows = ({"digest": d, "terms": t, "check": zlib.crc32(t.encode())} for d, t in missing.items())
        self._terms.insert_all(rows, replace=True)
        found |= missing
        return {text: found[digest] for digest, text in digests.items()}

    def adapter(self, digest: str) -> Adapter | None:
        """The adapter fitted to the pairs with this digest, unless it was damaged."""
        for row in self._rows("adapters", "digest", [digest]):
            if zlib.crc32(row["arrays"]) == row["check"]:
                return Adapter.from_bytes(row["arrays"])
        return None

    def keep_adapter(self, digest: str, adapter: Adapter) -> None:
        """Keep an adapter in place of the last one."""
        data = adapter.to_bytes()
        self._adapters.delete_where()
        self._adapters.insert({"digest": digest, "arrays": data, "check": zlib.crc32(data)})

    def reading(self, path: Path) -> Reading | None:
        """The reading kept for these bytes, this extension and these readers, unless it was damaged."""
        for row in self._rows("readings", "key", [_reading_key(path)]):
            with suppress(zlib.error, wire.WireError):
                return wire.from_json(zlib.decompress(row["reading"]), path.name)
        return None

    def keep_reading(self, path: Path, reading: Reading) -> None:
        """Keep the reading of a file. Refusals are not kept: the next build tries again."""
        row = {"key": _reading_key(path), "reading": zlib.compress(wire.to_json(reading))}
        self._readings.insert(row, replace=True)

    def forget(self, vectors: Iterable[str], texts: Iterable[str]) -> None:
        """Keep only these vectors (by digest), the keywords of these texts, and readings of the present readers."""
        for table, digests in (("vectors", vectors), ("terms", map(text_digest, texts))):
            needed = self._database.table("needed").create({"digest": str}, pk="digest", replace=True)
            needed.insert_all(({"digest": digest} for digest in digests), ignore=True)
            self._database.table(table).delete_where("digest NOT IN (SELECT digest FROM needed)")
            needed.drop()
        self._readings.delete_where("key NOT LIKE ?", [f"% {_readers_digest()}"])

    def _rows(
        self, table: str, condition: str, values: Iterable[str], *before: str
    ) -> Iterator[dict[str, Any]]:
        wanted = list(values)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            yield from self._database.table(table).rows_where(f"{condition} IN ({marks})", [*before, *some])


def _open(path: Path) -> sqlite_utils.Database:
    """The file, or a new one in place of one that is damaged."""
    database = sqlite_utils.Database(path)
    try:
        database.enable_wal()
        if database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
            return database
    except sqlite3.OperationalError:
        raise  # in use, or the disk is full: nothing that a new file would mend
    except sqlite3.DatabaseError:
        pass
    database.close()
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    return _open(path)


def text_digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _reading_key(path: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}{path.suffix.lower()} {_readers_digest()}"


@cache
def _readers_digest() -> str:
    """A digest of the readers' own code: a reading made by older code is not used."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "reading").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
