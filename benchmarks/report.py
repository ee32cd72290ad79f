"""Write a report as JSON under the data folder and as a table on the terminal."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.settings import read_settings


def write(kind: str, value: dict[str, Any]) -> Path:
    """`var/reports/<kind>-<time>.json`."""
    folder = read_settings().data_dir / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{datetime.now():%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_page(path: Path, turns: list[dict[str, Any]]) -> Path:
    """Questions and the answers given, beside the JSON of the same name."""
    page = path.with_suffix(".md")
    parts = ["# Questions asked and answers given\n"]
    for turn in turns:
        sources = "; ".join(f"{s['publisher']}: {s['title']} ({s['as_of']})" for s in turn["sources"])
        mark = "right" if turn["facts_right"] else turn["outcome"]["status"]
        parts.append(f"## {turn['id']} ({mark})\n**{turn['question']}**\n\n{turn['text']}\n\n*{sources}*\n")
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def table(rows: list[tuple[str, ...]]) -> None:
    """Print rows with aligned columns; the first is the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
