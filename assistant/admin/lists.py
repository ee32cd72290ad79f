"""Lists of the catalogue and test questions as files that editors import: checked as a build would, before they are kept."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.admin.told import told
from assistant.admin.uploads import Uploads, not_kept
from index_build.catalogue_files import CATALOGUE_FILES, KEYS, BuildError, read_tables
from index_build.questions import QUESTIONS, read_questions
from knowledge.config import DOCUMENTS

MAX_LIST = 10 * 2**20  # bytes
_TOLD = 50  # wrong rows that are told at once


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed against the list before: rows by their keys."""

    added: int
    changed: int
    removed: int


class Lists:
    """The catalogue's files and the test questions among the uploads."""

    def __init__(self, uploads: Uploads, shipped: Sequence[Path]) -> None:
        """`shipped` are the folders that builds read before the uploads."""
        self._uploads, self._shipped = uploads, [*shipped]

    def overview(self) -> list[dict[str, Any]]:
        """Each list: `name`, `rows`, `is_imported`, and `history`, the events of its imports, newest first."""
        imported = set(self._uploads.tables())
        return [
            {
                "name": name, "rows": len(_rows(self.content(name))), "is_imported": name in imported,
                "history": self._uploads.history(name),
            }
            for name in sorted(CATALOGUE_FILES)
        ]  # fmt: skip

    def content(self, name: str) -> bytes:
        """The file that the next build reads. Raises KeyError for a name that is no list's."""
        if name not in CATALOGUE_FILES:
            raise KeyError(name)
        folders = [self._uploads.folder, *reversed(self._shipped), DOCUMENTS]
        return next((folder / name).read_bytes() for folder in folders if (folder / name).is_file())

    def take(self, name: str, content: bytes, by: str, now: datetime) -> Imported:
        """Check a list with all the others, and keep it. Raises BuildError naming row, column, value and remedy; KeyError."""
        before = self.content(name)
        if len(content) > MAX_LIST:
            raise BuildError(f"{name}: {len(content) // 2**20} MB; allowed are {MAX_LIST // 2**20} MB.")
        with self._with_uploads(name, content) as folder:
            read_tables([*self._shipped, Path(folder)])
        self._uploads.put_table(name, content, by, now)
        return _compared(name, before, content)

    def bring_back(self, seq: int, by: str, now: datetime) -> tuple[str, Imported]:
        """Import a list as it was after an event of its history, checked anew. Raises UploadError, BuildError."""
        name, content = self._uploads.version(seq)
        if name not in CATALOGUE_FILES:
            raise not_kept()
        return name, self.take(name, content, by, now)

    def questions(self) -> dict[str, dict[str, Any]]:
        """The test questions that the next build takes, by id. Raises BuildError."""
        found = read_questions([*self._shipped, self._uploads.folder])
        return {question["id"]: question for question in found}

    def kept_questions(self) -> list[dict[str, Any]]:
        """Those that were kept from the console, the latest first. Raises BuildError."""
        return list(reversed(read_questions([self._uploads.folder])))

    def keep_question(self, question: dict[str, Any], by: str, now: datetime) -> None:
        """Add a test question, or put it in the place of the one with its id. Raises BuildError naming what is wrong."""
        others = [other for other in reversed(self.kept_questions()) if other["id"] != question["id"]]
        self._write_questions([*others, question], by, now)

    def forget_question(self, test_id: str, by: str, now: datetime) -> bool:
        """Take a kept test question away; False where none has this id."""
        kept = list(reversed(self.kept_questions()))
        others = [other for other in kept if other["id"] != test_id]
        if len(others) == len(kept):
            return False
        self._write_questions(others, by, now)
        return True

    def _write_questions(self, questions: Sequence[dict[str, Any]], by: str, now: datetime) -> None:
        if not questions:
            self._uploads.remove(QUESTIONS, by, now)
            return
        text = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
        with self._with_uploads(QUESTIONS, text.encode()) as folder:
            read_questions([Path(folder)])
        self._uploads.put_table(QUESTIONS, text.encode(), by, now)

    def _with_uploads(self, name: str, content: bytes) -> tempfile.TemporaryDirectory[str]:
        """A folder with the imported lists as they would be with this one."""
        folder = tempfile.TemporaryDirectory()
        for other in self._uploads.tables():
            (Path(folder.name) / other).write_bytes((self._uploads.folder / other).read_bytes())
        (Path(folder.name) / name).write_bytes(content)
        return folder


def wrong_rows(error: BuildError, language: str) -> list[str]:
    """The refusals of the catalogue in the reader's language, at most 50 and how many more there are."""
    texts = [told(text, language) for text in error.problems[:_TOLD]]
    more = len(error.problems) - len(texts)
    return [*texts, {"ko": f"그 밖에 {more}건", "en": f"and {more} more"}[language]] if more else texts


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))


def _compared(name: str, before: bytes, after: bytes) -> Imported:
    columns = KEYS.get(name.removesuffix(".csv"), ("id",))
    old, new = (
        {tuple(row.get(column) for column in columns): row for row in _rows(content)}
        for content in (before, after)
    )
    both = old.keys() & new.keys()
    changed = sum(old[key] != new[key] for key in both)
    return Imported(len(new.keys() - old.keys()), changed, len(old.keys() - new.keys()))
