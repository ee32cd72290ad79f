"""A release as the console shows it: against what is served, which documents differ and which answers would change."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.admin.told import told
from index_build.config import load_release_config
from index_build.release import release_rows, releases
from knowledge.home import current_id, history, published_ids
from knowledge.library import MANIFEST, ReleaseError, verify

_PIECES = re.compile(r"\s+|\d[\d,.]*\w*|\w+|[^\s\w]")  # a figure with its separators is one piece


def listed(home: Path) -> list[dict[str, Any]]:
    """Every release, newest first, each with the state of its gate: open, closed or unknown."""
    served = current_id(home)
    return [row | {"gate": _gate(_evaluation(home, row["id"]), served)} for row in releases(home)]


def published(home: Path) -> list[dict[str, Any]]:
    """What was published and rolled back, by whom, when and why; newest first."""
    return list(reversed(history(home)))


def described(home: Path, release_id: str, language: str) -> dict[str, Any]:
    """All that a page tells of a release. Raises ReleaseError where it is not whole or does not exist."""
    if release_id not in {folder.name for folder in (home / "releases").glob("*/")}:
        raise ReleaseError(f"No release {release_id!r}.")
    manifest = verify(home / "releases" / release_id, [MANIFEST])
    served = current_id(home)
    evaluation = _evaluation(home, release_id)
    return {
        "id": release_id, "created_at": manifest["created_at"], "counts": manifest["counts"], "lost": manifest["lost"],
        "served": served, "is_served": release_id == served, "was_published": release_id in published_ids(home),
        "documents": compared(home, release_id, served), "gate": _gate(evaluation, served),
        "evaluation": evaluation and _shown(evaluation, language), "threshold": load_release_config().gate_right,
    }  # fmt: skip


def compared(home: Path, release_id: str, served: str) -> dict[str, list[dict[str, str]]]:
    """Documents that are created, updated, deleted or skipped against what is served; each with `key`, `title`, `source_name`."""
    now, before = _documents(home, release_id), _documents(home, served)
    groups: dict[str, list[dict[str, str]]] = {}
    for key in sorted(now.keys() | before.keys()):
        if key not in before:
            kind = "created"
        elif key not in now:
            kind = "deleted"
        else:
            kind = "skipped" if now[key]["sha256"] == before[key]["sha256"] else "updated"
        row = now.get(key) or before[key]
        groups.setdefault(kind, []).append(
            {"key": key, "title": row["title"], "source_name": row["source_name"]}
        )
    return {kind: groups.get(kind, []) for kind in ("created", "updated", "deleted", "skipped")}


def differing(before: str, after: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Two texts in pieces, each with whether the other lacks it."""
    one, two = _PIECES.findall(before), _PIECES.findall(after)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if b > a:
            left.append((tag != "equal", "".join(one[a:b])))
        if d > c:
            right.append((tag != "equal", "".join(two[c:d])))
    return left, right


def _documents(home: Path, release_id: str) -> dict[str, dict[str, str]]:
    if not release_id:
        return {}
    try:
        rows = release_rows(home, release_id, "documents")
    except ReleaseError:
        return {}
    return {row["id"]: row for row in rows}


def _evaluation(home: Path, release_id: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((home / "evaluations" / f"{release_id}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _gate(evaluation: dict[str, Any] | None, served: str) -> str:
    """Whether it may be published; what was asked against another release says nothing."""
    if evaluation is None or evaluation["against"] not in (served, evaluation["id"]):
        return "unknown"
    return "open" if evaluation["passes"] else "closed"


def _shown(evaluation: dict[str, Any], language: str) -> dict[str, Any]:
    return evaluation | {
        "reasons": [told(reason, language) for reason in evaluation["reasons"]],
        "changes": list(_changes(evaluation)),
    }


def _changes(evaluation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each change with its two texts in pieces: those that break first, then those that mend."""
    rank = dict.fromkeys(evaluation["mended"], 1) | dict.fromkeys(evaluation["broken"], 0)
    for change in sorted(evaluation["changes"], key=lambda change: rank.get(change["id"], 2)):
        left, right = differing(change["before"]["text"], change["after"]["text"])
        sides = ((change["before"], left), (change["after"], right))
        before, after = (side | {"pieces": pieces} for side, pieces in sides)
        yield change | {
            "before": before,
            "after": after,
            "kind": ("broken", "mended", "changed")[rank.get(change["id"], 2)],
        }
