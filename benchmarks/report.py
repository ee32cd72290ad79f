"""Reports as JSON under the data folder, the earlier ones, and tables on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.settings import read_settings

Rows = list[tuple[str, ...]]
_CORRECTNESS = (
    "questions", "answerable", "right", "facts_right", "source_right", "document_right", "answered", "unanswerable_declined",
    "off_topic_declined", "hedged_right", "hedged_wrong", "wrong_figures_told", "language_right", "failed",
)  # fmt: skip
_BY_KIND = ("questions", "right", "facts_right", "source_right", "answered")
_ABSTENTION = (
    "should_be_declined", "declined", "precision", "recall", "answerable_answered", "auroc",
    "auroc_of_confidence", "coverage", "risk", "aurc",
)  # fmt: skip
_RECALL = ("questions", "recall@1", "recall@3", "recall@5", "mrr")
_UNDERSTANDING = ("n", "accuracy", "off_topic_rejected", "wrongly_rejected")


def write(kind: str, value: dict[str, Any]) -> Path:
    """`var/reports/<kind>-<time>.json`."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{datetime.now():%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Any]:
    """A report. Raises OSError or ValueError where the file cannot be read or is none."""
    report = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(report, dict):
        raise ValueError(f"{path.name} is no report")
    return report


def newest(kind: str, sets: Iterable[str]) -> Path | None:
    """The newest report of a kind that holds answers to all these sets of questions."""
    for path in sorted(_folder().glob(f"{kind}-[0-9]*.json"), reverse=True):
        if set(sets) <= set(read(path).get("answers", {})):
            return path
    return None


def table(rows: Rows) -> None:
    """Print rows with aligned columns; the first is the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def tables(results: dict[str, Any]) -> Iterator[tuple[str, Rows]]:
    """The tables of an evaluation, each with its title."""
    answers, retrieval = results["answers"], results["retrieval"]
    yield "Answers", _by_language(answers, "figures", _CORRECTNESS)
    yield "Answers by kind (ko / en)", _by_kind(answers, _BY_KIND)
    yield "Declining what should be declined", _by_language(answers, "abstention", _ABSTENTION)
    yield "Retrieval of the shipped documents", _by_language(retrieval, "figures", _RECALL)
    yield "Retrieval by kind (ko / en)", _by_kind(retrieval, _RECALL)
    yield "Time", _plain_rows("stage", results["timing"], ("runs", "median_ms", "p95_ms"))
    understood = {
        f"{name}, {language}": measured[language]
        for name, measured in results["understanding"].items()
        for language in ("ko", "en")
    }
    yield "Understanding", _plain_rows("pipeline", understood, _UNDERSTANDING)


def _folder() -> Path:
    return read_settings().data_dir / "reports"


def _by_language(sets: dict[str, Any], part: str, names: tuple[str, ...]) -> Rows:
    rows: Rows = [("set", "language", *names)]
    for name, measured in sets.items():
        for language, figures in measured[part].items():
            rows.append((name, language, *(_shown(figures[key]) for key in names)))
    return rows


def _by_kind(sets: dict[str, Any], names: tuple[str, ...]) -> Rows:
    rows: Rows = [("set", "kind", *names)]
    for name, measured in sets.items():
        for kind, own in measured["kinds"].items():
            pairs = (f"{_shown(own['ko'][key])} / {_shown(own['en'][key])}" for key in names)
            rows.append((name, kind, *pairs))
    return rows


def _plain_rows(head: str, figures: dict[str, Any], names: tuple[str, ...]) -> Rows:
    return [
        (head, *names),
        *((name, *(_shown(values[key]) for key in names)) for name, values in figures.items()),
    ]


def _shown(value: float | None) -> str:
    return "-" if value is None else str(value)
