"""An administrator's decisions on doubts. They belong to a sentence of a document, so they outlive every build."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlite_utils
from filelock import FileLock

VERDICTS = ("confirm", "correct", "dismiss")
_COLUMNS = dict.fromkeys(("key", "verdict", "by", "at", "note", "correction", "source"), str)
_RANGE = re.compile(r"(?<=[\d%])\s*[~∼〜–—-]\s*(?=\d)")
_PLACEHOLDER = re.compile(r"XNUMX", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on a doubt: `confirm` (the damage is real), `correct` (`correction` stands in its place, `source` says where
    the right figure is published) or `dismiss` (nothing is wrong). `at` is UTC.
    """

    key: str
    verdict: str
    by: str
    at: str
    note: str
    correction: str
    source: str


def doubt_key(rule: str, document_id: str, sentence: str) -> str:
    """What a decision is kept under: the rule, the document and the sentence without spaces and punctuation.

    It survives an edit elsewhere, and the same text in another file format; a changed figure makes another key.
    """
    # "9-50 %" must not become 950.
    told = _RANGE.sub("~", unicodedata.normalize("NFKC", sentence))
    letters = re.sub(r"[^\w%.~]", "", told).strip(".~")
    return hashlib.sha256("\0".join((rule, document_id, letters)).encode()).hexdigest()[:16]


class Decisions:
    """The decisions of a home, in `decisions.db`. None is ever deleted: the latest on a doubt holds."""

    def __init__(self, home: Path) -> None:
        """Open; the file is made with the first decision."""
        self._path = home / "decisions.db"

    def decide(
        self, key: str, verdict: str, by: str, note: str = "", correction: str = "", source: str = ""
    ) -> Decision:
        """Keep a decision. Raises ValueError naming what is missing or not allowed."""
        if verdict not in VERDICTS:
            raise ValueError(f"verdict: {verdict!r} is not allowed. Allowed: {', '.join(VERDICTS)}.")
        if verdict == "correct" and not (correction.strip() and source.strip()):
            missing = "correction" if not correction.strip() else "source"
            raise ValueError(
                f"{missing}: missing. A correction needs the right sentence and where it is published, with title and date."
            )
        if _PLACEHOLDER.search(correction):
            raise ValueError("correction: it holds a placeholder (XNUMX). Write the figure itself.")
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        decision = Decision(key, verdict, by, at, note.strip(), correction.strip(), source.strip())
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite refuses at once, however long it may wait, a process that makes the table another is just making.
        with FileLock(self._path.with_suffix(".lock")), self._open() as database:
            database.enable_wal()
            database.table("decisions").create(_COLUMNS, if_not_exists=True)
            database["decisions"].insert(asdict(decision))
        return decision

    def latest(self) -> dict[str, Decision]:
        """The decision that holds for each doubt, by key."""
        return {row["key"]: Decision(**row) for row in self._rows("1 = 1", [])}

    def history(self, key: str) -> list[Decision]:
        """All decisions on a doubt, oldest first."""
        return [Decision(**row) for row in self._rows("key = ?", [key])]

    def _rows(self, where: str, values: list[Any]) -> list[dict[str, Any]]:
        if not self._path.is_file():
            return []
        with self._open() as database:
            if not database["decisions"].exists():  # another process is making it
                return []
            return list(database["decisions"].rows_where(where, values, order_by="rowid"))

    def _open(self) -> sqlite_utils.Database:
        database = sqlite_utils.Database(self._path)
        database.execute("PRAGMA busy_timeout = 10000")
        database.execute("PRAGMA synchronous = FULL")
        return database
