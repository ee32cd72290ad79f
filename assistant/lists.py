"""Lists of the catalogue and test questions as files that editors import: checked as a build would, before they are kept."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.uploads import Uploads
from index_build.catalogue_files import CATALOGUE_FILES, KEYS, BuildError, read_tables
from index_build.questions import QUESTIONS, read_questions
from knowledge.config import DOCUMENTS

MAX_LIST = 10 * 2**20  # bytes
# The refusals of index_build.catalogue_files, which speaks English to the command line.
_ERRORS = [
    (r"(\S+) row (\d+) \((.*)\), column (\S+): (.*) is not allowed\. Allowed: (.*)\.", r"\1 \2행(\3) \4 열: \5 값은 쓸 수 없습니다. 쓸 수 있는 값: \6"),
    (r"(\S+) row (\d+): it has not (\d+) cells\. .*", r"\1 \2행: 칸이 \3개가 아닙니다. 쉼표가 든 칸은 따옴표로 감싸십시오."),
    (r"(\S+): its columns are (.*); they must be (.*)\.", r"\1: 열이 \2입니다. 열은 \3이어야 합니다."),
    (r"(\S+): id (.*) stands twice\. .*", r"\1: 번호 \2이(가) 두 번 나옵니다. 행마다 다른 번호를 쓰십시오."),
    (r"(\S+): not UTF-8 \((.*)\)\. .*", r"\1: UTF-8이 아닙니다(\2). ‘CSV UTF-8’로 저장해 다시 올리십시오."),
]  # fmt: skip


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
        """Each list: `name`, `rows`, and `imported`, the last event of its import or None."""
        imported = set(self._uploads.tables())
        return [
            {
                "name": name, "rows": len(_rows(self.content(name))),
                "imported": self._uploads.history(name)[0] if name in imported else None,
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

    def questions(self) -> dict[str, dict[str, Any]]:
        """The test questions that the next build takes, by id."""
        found = read_questions([*self._shipped, self._uploads.folder])
        return {question["id"]: question for question in found}

    def keep_question(self, question: dict[str, Any], by: str, now: datetime) -> None:
        """Add a test question, or put it in the place of the one with its id. Raises BuildError naming what is wrong."""
        path = self._uploads.folder / QUESTIONS
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        others = [line for line in lines if line.strip() and json.loads(line)["id"] != question["id"]]
        text = "\n".join([*others, json.dumps(question, ensure_ascii=False)]) + "\n"
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


def told(error: BuildError, language: str) -> str:
    """A refusal of the catalogue in the reader's language."""
    text = str(error)
    if language == "ko":
        for pattern, korean in _ERRORS:
            if match := re.fullmatch(pattern, text, re.DOTALL):
                return match.expand(korean)
    return text


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
