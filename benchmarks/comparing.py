"""Two reports of the evaluation held against each other: figures that differ, questions that became right or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.judging import is_right

Report = dict[str, Any]
_NAMED = 20  # question ids printed in one line
_MEASURED = ("answers", "retrieval", "timing", "understanding")


def compare(now: Report, before: Report, name: str) -> Report:
    """What differs from an earlier report of this file name. Sets of questions that only one of them has are left out.

    Figures are over all questions of each report; `questions` is over those that stand in both with the same words.
    """
    return {
        "against": name,
        "figures": _differences(now, before),
        "questions": {
            name: _changes(measured["turns"], before["answers"][name]["turns"])
            for name, measured in now["answers"].items()
            if name in before["answers"]
        },
    }


def summary(compared: Report, brief: bool = False) -> list[tuple[str, ...]]:
    """The differing figures as rows of a table, its head first; without times and kinds.

    With `brief`, those on questions stand there for both languages together only.
    """
    shown = [
        (name, str(values["before"]), str(values["now"]), f"{values['difference']:+.4g}")
        for name, values in compared["figures"].items()
        if _is_shown(name, brief)
    ]
    return [("figure", "before", "now", "difference"), *shown]


def changed_questions(compared: Report) -> Iterator[str]:
    """A line for each set, and under it the ids of the questions whose judgement changed."""
    for name, change in compared["questions"].items():
        yield (
            f"{name}: {change['right_before']} of {change['asked_in_both']} questions of both were right, "
            f"{change['right_now']} are; {change['new']} new, {change['gone']} gone"
        )
        for how in ("became_wrong", "became_right"):
            ids = change[how]
            if ids:
                more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
                yield f"  {how.replace('_', ' ')} ({len(ids)}): {', '.join(ids[:_NAMED])}{more}"


def _is_shown(name: str, brief: bool) -> bool:
    if name.startswith("timing.") or ".kinds." in name:
        return False
    return not brief or ".all." in name or name.startswith("understanding.")


def _differences(now: Report, before: Report) -> Report:
    earlier = dict(_flat("", before))
    return {
        name: {"before": earlier[name], "now": value, "difference": round(value - earlier[name], 4)}
        for name, value in _flat("", now)
        if name in earlier and value != earlier[name]
    }


def _flat(name: str, value: Any) -> Iterator[tuple[str, float]]:
    """Every figure of a report with its path, `answers.dev.figures.ko.right`. Turns, ranks, curves and what was confused are no figures."""
    if isinstance(value, dict):
        for key, below in value.items():
            if (name or key in _MEASURED) and key not in ("ranks", "confused"):
                yield from _flat(f"{name}.{key}" if name else key, below)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value


def _changes(now: list[Report], before: list[Report]) -> Report:
    earlier = {(turn["id"], turn["question"]): is_right(turn) for turn in before}
    later = {(turn["id"], turn["question"]): is_right(turn) for turn in now}
    both = [key for key in later if key in earlier]
    return {
        "asked_in_both": len(both),
        "right_before": sum(earlier[key] for key in both),
        "right_now": sum(later[key] for key in both),
        "became_wrong": [key[0] for key in both if earlier[key] and not later[key]],
        "became_right": [key[0] for key in both if later[key] and not earlier[key]],
        "new": len(later) - len(both),
        "gone": len(earlier) - len(both),
    }
