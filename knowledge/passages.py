"""Passages of a release, read from its database when they are asked for."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from knowledge.config import LANGUAGES
from knowledge.source import Source

_SELECT = """
    SELECT p.id, p.row, p.document_id, p.language, d.title, p.section, d.publisher, d.published_on,
      p.as_of, d.as_of AS document_as_of, d.programme, d.regions, p.kind, p.text, p.sentences,
      d.source_url, d.source_name, p.warnings, d.valid_from, d.valid_until, d.superseded_by
    FROM passages p JOIN documents d ON d.id = p.document_id
"""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage and the keys of the sources it rests on.

    `doubt`: `certain` (its figures are damaged: it is never quoted), `suspicion` (quoted with a warning), or empty.
    """

    text: str
    sources: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable piece of a document. `kind` is `text`, or `unpublished` for what is known not to be published.

    Dates are ISO or empty; `superseded_by` is the id of the document that took the place of this one.
    """

    id: str
    document_id: str
    language: str
    title: str
    section: str
    publisher: str
    published_on: str
    as_of: str
    programme: str
    regions: tuple[str, ...]
    kind: str
    text: str
    sentences: tuple[Sentence, ...]
    source_url: str
    source_name: str
    warnings: tuple[str, ...]
    valid_from: str = ""
    valid_until: str = ""
    superseded_by: str = ""


def open_file(path: Path) -> sqlite3.Connection:
    """A release's database where it lies. immutable=1: a release never changes, so no lock is taken."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )


def open_copy(path: Path) -> sqlite3.Connection:
    """A release's database in memory: what was verified goes on being served, whatever becomes of the file."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(path.read_bytes())
    return connection


class PassageTable:
    """The passages of a release by id, and by language and row. May be asked from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read from `connection`, which is closed with this object."""
        self._connection, self._lock = connection, Lock()
        weakref.finalize(self, connection.close)

    def get(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return next(map(_to_passage, self._rows(_SELECT + "WHERE p.id = ?", passage_id)), None)

    def at(self, language: str, rows: Iterable[int]) -> list[Passage]:
        """The passages of a language at these rows, in the order of `rows`."""
        wanted = list(rows)
        condition = "WHERE p.language = ? AND p.row IN (SELECT value FROM json_each(?))"
        found = {row["row"]: row for row in self._rows(_SELECT + condition, language, json.dumps(wanted))}
        return [_to_passage(found[row]) for row in wanted]

    def row(self, passage_id: str) -> int:
        """The row of a passage in its language. Raises KeyError where there is none."""
        for row in self._rows("SELECT row FROM passages WHERE id = ?", passage_id):
            return int(row["row"])
        raise KeyError(passage_id)

    def source(self, key: str) -> Source | None:
        """The source of a sheet's front matter, or of a correction, behind a key of a sentence."""
        return next((Source(**row) for row in self._rows("SELECT * FROM sources WHERE key = ?", key)), None)

    def documents(self, language: str) -> frozenset[str]:
        """Ids of the documents that have passages in a language."""
        rows = self._rows("SELECT DISTINCT document_id FROM passages WHERE language = ?", language)
        return frozenset(_document_id(row) for row in rows)

    def __iter__(self) -> Iterator[Passage]:
        """Every passage, Korean first."""
        for language in LANGUAGES:
            count = self._rows("SELECT count(*) AS n FROM passages WHERE language = ?", language)[0]["n"]
            for start in range(0, count, _AT_ONCE):
                yield from self.at(language, range(start, min(start + _AT_ONCE, count)))

    def _rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        with self._lock:
            cursor = self._connection.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]


def _document_id(row: dict[str, Any]) -> str:
    return str(row["document_id"]).split("/", 1)[1]


def _to_passage(row: dict[str, Any]) -> Passage:
    sentences = tuple(
        Sentence(s["text"], tuple(s["sources"]), s["doubt"]) for s in json.loads(row["sentences"])
    )
    return Passage(
        id=row["id"],
        document_id=_document_id(row),
        language=row["language"],
        title=row["title"],
        section=row["section"],
        publisher=row["publisher"],
        published_on=row["published_on"],
        as_of=row["as_of"] or row["document_as_of"],
        programme=row["programme"],
        regions=tuple(json.loads(row["regions"])),
        kind=row["kind"],
        text=row["text"],
        sentences=sentences,
        source_url=row["source_url"],
        source_name=row["source_name"],
        warnings=tuple(json.loads(row["warnings"])),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        superseded_by=row["superseded_by"],
    )
