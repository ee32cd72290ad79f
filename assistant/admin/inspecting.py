"""What a build would make of an uploaded file, worked out in a child process: passages, tables, notices, doubts.

`python -m assistant.admin.inspecting FILE HOME` prints it as JSON; the service keeps it until the file or a decision changes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from index_build.checking import inspect_document
from index_build.reading.assemble import ABOUT, read_document
from index_build.reading.document import Document, UnreadableDocument
from knowledge.config import REPOSITORY

_WALL = 180.0  # seconds; reading alone is stopped after 30 by its own box
_SHOWN_ROWS = 60  # rows of a table that a page shows
_KEPT = 200  # inspections in memory


def inspect(path: Path, home: Path) -> dict[str, Any]:
    """`title`, `language`, dates, `passages`, `tables`, `notices`; or only `refused` with the reason in `ko` and `en`."""
    try:
        document = read_document(path)
    except UnreadableDocument as error:
        return {"refused": {"code": error.code, "ko": error.text("ko"), "en": error.text("en")}}
    drafts, doubts = inspect_document(document, home)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in doubts:
        rows.setdefault(row["passage_id"], []).append(row)
    return {
        "id": document.id, "title": document.title, "language": document.language, "publisher": document.publisher,
        "published_on": document.published_on, "as_of": document.as_of, "valid_from": document.valid_from,
        "valid_until": document.valid_until, "superseded_by": document.superseded_by,
        "notices": [{"ko": n.text("ko"), "en": n.text("en")} for n in document.notices],
        "tables": list(_tables(document)),
        "passages": [
            {"id": d.id, "section": d.section, "text": d.text, "doubts": rows.get(d.id, [])} for d in drafts
        ],
        "doubts": len(doubts),
    }  # fmt: skip


def _tables(document: Document) -> Iterator[dict[str, Any]]:
    for section in document.sections:
        if (table := section.table) is not None:
            yield {
                "section": section.heading, "caption": table.caption, "unit": table.unit,
                "header_rows": table.header_rows, "rows": table.rows[:_SHOWN_ROWS], "total": len(table.rows),
            }  # fmt: skip


class Inspector:
    """Inspections of files, one child at a time; `state` never waits, `result` does."""

    def __init__(self, home: Path) -> None:
        """`home` holds the decisions on doubts."""
        self._home = home
        self._pool = ThreadPoolExecutor(1, "inspect")
        self._known: dict[tuple[str | int, ...], Future[dict[str, Any]]] = {}

    def state(self, path: Path, sha256: str) -> dict[str, Any] | None:
        """What is known of the file, or None while it is being read."""
        future = self._future(path, sha256)
        return future.result() if future.done() else None

    def result(self, path: Path, sha256: str) -> dict[str, Any]:
        """What the file holds; waits for the child."""
        return self._future(path, sha256).result()

    def close(self) -> None:
        """Start nothing more, and wait for the child that runs."""
        self._pool.shutdown(cancel_futures=True)

    def _future(self, path: Path, sha256: str) -> Future[dict[str, Any]]:
        beside = (self._home / "decisions.db", path.with_name(path.name + ABOUT))
        key: tuple[str | int, ...] = (
            path.name,
            sha256,
            *(file.stat().st_mtime_ns if file.exists() else 0 for file in beside),
        )
        if key not in self._known:
            while len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            self._known[key] = self._pool.submit(_in_child, path, self._home)
        return self._known[key]


def _in_child(path: Path, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant.admin.inspecting", str(path), str(home)]
    try:
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=_WALL, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {
            "refused": {
                "code": "failed",
                "ko": f"{path.name}: 문서를 나누다가 멈췄습니다. 파일을 나누어 다시 올려 주십시오.",
                "en": f"{path.name}: splitting it into passages did not end. Split the file and upload it again.",
            }
        }
    return found


def main() -> int:
    """Inspect one file for the parent process."""
    os.nice(10)  # those who ask the service come first
    json.dump(inspect(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout, ensure_ascii=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
