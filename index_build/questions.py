"""The questions a release must answer rightly before it may be served: `questions.jsonl` of a folder of documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index_build.catalogue_files import BuildError
from knowledge.config import LANGUAGES

QUESTIONS = "questions.jsonl"


def read_questions(sources: Sequence[Path]) -> list[dict[str, Any]]:
    """Questions of all folders; one of a later folder takes the place of an earlier one's with the same id.

    Each is {"id", "language", "question", "facts": [[form, …], …], "never": [text, …], "documents": [id, …]}: the answer must
    hold one form of each fact, none of `never`, and cite one of `documents` where any are named.
    Raises BuildError naming file, line and what is wrong.
    """
    questions: dict[str, dict[str, Any]] = {}
    for folder in sources:
        questions |= _of_folder(folder / QUESTIONS)
    return list(questions.values())


def _of_folder(path: Path) -> dict[str, dict[str, Any]]:
    questions: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n") if path.is_file() else []
    except UnicodeDecodeError as error:
        raise BuildError(f"{path.name}: not UTF-8 ({error}). Save it as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path.name} line {number}"
            question = _question(line, where)
            if question["id"] in questions:
                raise BuildError(
                    f"{where}: the id {question['id']!r} stands twice. Give each question its own."
                )
            questions[question["id"]] = question
    return questions


def _question(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        question = {
            "id": str(row["id"]),
            "language": row["language"],
            "question": str(row["question"]).strip(),
            "facts": [_texts(fact) for fact in row.get("facts", [])],
            "never": _texts(row.get("never", [])),
            "documents": _texts(row.get("documents", [])),
        }
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f'{where}: not an object with "id", "language" and "question" ({error!r}). Mend the line.'
        ) from error
    if question["language"] not in LANGUAGES or not question["question"]:
        raise BuildError(
            f"{where}: language must be ko or en, and question must not be empty. Mend the line."
        )
    return question


def _texts(value: object) -> list[str]:
    """A list of texts, none empty: a plain text in its place would be taken for a list of letters, and always be found."""
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise TypeError(f"{value!r} is not a list of texts")
    return value
