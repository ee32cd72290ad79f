"""The folder that holds releases: its pointer CURRENT and the history of what was published there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CURRENT, HISTORY, ARCHIVE = "CURRENT", "history.jsonl", "archive"


def current_id(home: Path) -> str:
    """The id that CURRENT names; where CURRENT is lost or damaged, what was served last by the history; or empty."""
    named = _named(home)
    if named and _is_known(home, named):
        return named
    return next(iter(earlier_ids(home, named)), named)


def pointer_problem(home: Path) -> str:
    """What is wrong with CURRENT, in words for an administrator; empty where nothing is."""
    named, instead = _named(home), current_id(home)
    if named == instead:
        return ""
    return (
        f"{CURRENT} is missing or was altered; what was published last is served instead. "
        f"Run: python -m index_build publish {instead}"
    )


def _named(home: Path) -> str:
    try:
        return (home / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _is_known(home: Path, named: str) -> bool:
    """Whether a release of this id is or was there. Its line in the history may be damaged, or its folder lost."""
    return (home / "releases" / named).is_dir() or named in published_ids(home)


def history(home: Path) -> list[dict[str, Any]]:
    """Publications and rollbacks, oldest first: at, what, id, from, by, reason. A damaged line is left out."""
    try:
        lines = (home / HISTORY).read_bytes().split(b"\n")
    except OSError:
        return []
    return [event for event in map(_event, lines) if event]


def _event(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    whole = isinstance(event, dict) and all(isinstance(event.get(key), str) for key in ("id", "what"))
    return event if whole else {}


def published_ids(home: Path) -> list[str]:
    """Every release that was ever published, the latest first, each once."""
    return list(dict.fromkeys(event["id"] for event in reversed(history(home))))


def earlier_ids(home: Path, release_id: str) -> list[str]:
    """What was served before a release, the latest first: where a rollback goes, and what is served when it is damaged.

    A rollback takes away all that was published after the release it went back to. Candidates never appear.
    """
    stack: list[str] = []
    for event in history(home):
        if event["what"] == "rollback" and event["id"] in stack:
            del stack[_last(stack, event["id"]) + 1 :]
        else:
            stack.append(event["id"])
    below = stack[: _last(stack, release_id)] if release_id in stack else stack
    return [earlier for earlier in dict.fromkeys(reversed(below)) if earlier != release_id]


def _last(items: list[str], item: str) -> int:
    return len(items) - 1 - items[::-1].index(item)
