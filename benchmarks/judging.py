"""One turn judged: the facts it tells, where they stand, what it must not tell, whether it declines, its language.

A question names the facts an answer must hold (each in one of several forms), figures that must never be told, and
the documents that its author read; a question without documents is to be computed from the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.config import LANGUAGES
from knowledge.language import detect
from knowledge.words import say

_ANSWERED = frozenset(("answered", "partial"))
_DECLINED = frozenset(("no_answer", "out_of_scope", "handoff", "clarify"))
_SMALL_TALK = frozenset(("greet", "thank", "goodbye"))
_FAILED = frozenset(("engine_down", "exception"))
_SOURCE_KEYS = ("document_id", "section", "title", "publisher", "as_of", "quote")


def judge(question: dict[str, Any], message: dict[str, Any], outcome: dict[str, Any]) -> dict[str, Any]:
    """A question, the message that answers it and the outcome of the turn, with every judgement on them.

    `right` sums the others up. `failed` marks a turn that the engine did not answer: it says nothing about quality.
    """
    told = " ".join([message["text"], *map(_row_text, _rows(message))])
    answered = outcome["status"] in _ANSWERED
    turn = {
        **{key: question[key] for key in ("id", "language", "kind", "expect", "question")},
        "text": message["text"],
        "sources": [{key: source[key] for key in _SOURCE_KEYS} for source in message["sources"]],
        "outcome": outcome,
        "facts_right": answered and _all_in(question["facts"], [told]),
        "source_right": answered and _is_sourced(question, message),
        "document_right": answered and _is_from(question["documents"], message),
        "never_told": [form for form in question["never"] if holds(told, form)],
        "declined": _is_declined(question, message, outcome),
        "language_right": _speaks(message, question["language"]),
        "hedged": answered and any(say("unlikely", language) in message["text"] for language in LANGUAGES),
        "failed": outcome["status"] == "failed" or outcome["reason"] in _FAILED,
    }
    return turn | {"right": is_right(turn)}


def is_right(turn: dict[str, Any]) -> bool:
    """Whether a judged turn is as wanted: every fact, each where a source is given; or declined, where none is known."""
    if turn["never_told"]:
        return False
    if turn["expect"] == "answered":
        from_wanted = turn.get(
            "document_right", True
        )  # reports of before 2026-11-23 have both in `source_right`
        return bool(turn["facts_right"] and turn["source_right"] and from_wanted)
    return bool(turn["declined"])


def holds(text: str, form: str) -> bool:
    """Whether a text holds a form of a fact, whatever the spaces and commas. Figures count whole: 139 is not in 1,390."""
    wanted = _plain(form)
    before = r"(?<!\d)" if wanted[:1].isdigit() else ""
    after = r"(?!\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, _plain(text)) is not None


def _plain(text: str) -> str:
    """Without spaces and commas; one space stays between two figures, which would else become one."""
    joined = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    apart = re.sub(r"(?<=\d)[\s,]+(?=\d)", " ", joined)
    return re.sub(r"(?<!\d)[\s,]+|[\s,]+(?!\d)", "", apart)


def _all_in(facts: list[list[str]], texts: list[str]) -> bool:
    return all(any(holds(text, form) for form in fact for text in texts) for fact in facts)


def _is_sourced(question: dict[str, Any], message: dict[str, Any]) -> bool:
    """Whether each fact stands in a quoted sentence, or in a row with source and date."""
    rows = [_row_text(row) for row in _rows(message) if row["source"] and row["as_of"]]
    return _all_in(question["facts"], [*rows, *(source["quote"] for source in message["sources"])])


def _is_from(wanted: list[str], message: dict[str, Any]) -> bool:
    """Whether one of the documents wanted is cited, where any are: a like figure of another matter does not count."""
    cited = {source["document_id"] for source in message["sources"]}
    return not wanted or not cited or bool(set(wanted) & cited)


def _is_declined(question: dict[str, Any], message: dict[str, Any], outcome: dict[str, Any]) -> bool:
    """Whether nothing was answered. A greeting in reply to what is off topic, without source or figure, is no answer."""
    if outcome["status"] in _DECLINED:
        return True
    bare = not (message["sources"] or _rows(message) or re.search(r"\d", message["text"]))
    return question["expect"] == "out_of_scope" and outcome["intent"] in _SMALL_TALK and bare


def _speaks(message: dict[str, Any], language: str) -> bool:
    """Whether a message says that it is in this language, and is."""
    said: str = message["language"]
    return said == language == detect(message["text"], language)


def _rows(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (message["card"] or {}).get("rows", [])
    return rows


def _row_text(row: dict[str, Any]) -> str:
    """What a row of a card shows, its date included."""
    return " ".join(_row_words(row))


def _row_words(row: dict[str, Any]) -> Iterator[str]:
    yield row["title"]
    yield from (field["value"] for field in row["fields"])
    yield from (row.get("note") or "", row.get("as_of") or "")
