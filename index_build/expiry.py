"""Which documents expire soon, or have expired or been replaced."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any


def expiring(documents: Iterable[dict[str, Any]], today: date, days: int) -> list[dict[str, Any]]:
    """Documents whose validity ends within `days` or has ended, and those that were replaced, the earliest end first.

    Each is {"id", "title", "source_name", "until", "expired", "superseded_by"}. A date known to the year or month
    counts to its end.
    """
    limit = (today + timedelta(days=days)).isoformat()
    rows = [
        {
            "id": row["id"], "title": row["title"], "source_name": row["source_name"], "until": row["valid_until"],
            "expired": _end(row["valid_until"]) < today.isoformat(), "superseded_by": row["superseded_by"],
        }
        for row in documents
        if row["superseded_by"] or _end(row["valid_until"]) <= limit
    ]  # fmt: skip
    return sorted(rows, key=lambda row: _end(str(row["until"])))


def _end(until: str) -> str:
    """The last day of a year, month or day in ISO, as text that compares; after all days where there is no end."""
    if len(until) == len("2026-11"):
        year, month = map(int, until.split("-"))
        return f"{until}-{monthrange(year, month)[1]}"
    return f"{until}-12-31" if len(until) == len("2026") else until or "9999"
