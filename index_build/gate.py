"""The gate before publishing: the question set asked of a candidate and of what is served, and what would change."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index_build.config import ReleaseConfig
from index_build.release import publish
from knowledge.answer import compose
from knowledge.config import AnswerConfig
from knowledge.embedding import Embedder
from knowledge.home import current_id, published_ids
from knowledge.library import MANIFEST, Library, ReleaseError, verify


class GateClosed(ReleaseError):
    """A candidate may not be published as it stands. The message gives the reasons and the way out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How one release answers one question. `right` where it holds every fact, tells nothing of `never`, and cites the document."""

    status: str
    text: str
    documents: list[str]
    right: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer would change."""

    id: str
    language: str
    question: str
    before: Answered
    after: Answered


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A candidate against the served release. `reasons` say in plain words why the gate stays closed; empty: it opens."""

    id: str
    against: str
    questions: int
    right_before: int
    right_after: int
    changes: list[Change]
    broken: list[str]
    mended: list[str]
    reasons: list[str]

    @property
    def passes(self) -> bool:
        """Whether the candidate may be published without force."""
        return not self.reasons


def evaluate(
    home: Path, release_id: str, embedder: Embedder, config: AnswerConfig, rules: ReleaseConfig, today: date
) -> Evaluation:
    """Ask the questions of the candidate, and those of the served release that it lacks, of both.

    The result is kept in `evaluations/ID.json`. Raises ReleaseError where the candidate is not whole.
    """
    verify(home / "releases" / release_id, [MANIFEST])  # an empty id would stand for what is served
    candidate = Library(home, embedder, config, pinned=release_id)
    served = _served(home, embedder, config)
    questions = {question["id"]: question for question in served.release.questions()} if served else {}
    questions |= {question["id"]: question for question in candidate.release.questions()}
    after = {key: ask(candidate, question, today) for key, question in questions.items()}
    before = {key: ask(served, question, today) for key, question in questions.items()} if served else after
    changes = [
        Change(key, question["language"], question["question"], before[key], after[key])
        for key, question in questions.items()
        if (before[key].status, before[key].text, before[key].documents)
        != (after[key].status, after[key].text, after[key].documents)
    ]
    broken = [key for key in questions if before[key].right and not after[key].right]
    told = [key for key, question in questions.items() if _tells_never(question, after[key])]
    lost = candidate.release.manifest.get("lost", [])
    right = sum(answer.right for answer in after.values())
    evaluation = Evaluation(
        candidate.release.id, served.release.id if served else "", len(questions),
        sum(answer.right for answer in before.values()), right, changes, broken,
        [key for key in questions if after[key].right and not before[key].right],
        _reasons(len(questions), right, broken, told, lost, rules),
    )  # fmt: skip
    folder = home / "evaluations"
    folder.mkdir(exist_ok=True)
    value = asdict(evaluation) | {"passes": evaluation.passes}
    (folder / f"{evaluation.id}.json").write_text(
        json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return evaluation


def publish_checked(
    home: Path, release_id: str, embedder: Embedder, config: AnswerConfig, rules: ReleaseConfig, today: date,
    by: str = "", force: str = "",
) -> Evaluation | None:  # fmt: skip
    """Publish a candidate that passes the gate, or any with the reason `force`, which goes to the history.

    What was published before may be published again without the gate: then None is returned. Raises GateClosed.
    """
    if release_id in published_ids(home):
        publish(home, release_id, by, force)
        return None
    evaluation = evaluate(home, release_id, embedder, config, rules, today)
    if not evaluation.passes and not force:
        raise GateClosed(
            f"Release {release_id} is not published: {' '.join(evaluation.reasons)} "
            f"See what would change: python -m index_build evaluate {release_id}. Publish all the same: --force REASON"
        )
    publish(home, release_id, by, "" if evaluation.passes else force)
    return evaluation


def _served(home: Path, embedder: Embedder, config: AnswerConfig) -> Library | None:
    """What is served now; None before the first release, and where all are damaged: then a whole one must get through."""
    try:
        return Library(home, embedder, config) if current_id(home) else None
    except ReleaseError:
        return None


def ask(library: Library, question: dict[str, Any], today: date) -> Answered:
    """How a release answers a question of `questions.jsonl`, and whether that is right."""
    answer = compose(question["question"], question["language"], library, today)
    documents = sorted({citation.passage.document_id for citation in answer.citations})
    said = _plain(answer.text)
    facts = all(any(_plain(form) in said for form in fact) for fact in question["facts"])
    cited = not question["documents"] or bool(set(documents) & set(question["documents"]))
    quiet = not any(_plain(text) in said for text in question["never"])
    return Answered(answer.status.value, answer.text, documents, facts and cited and quiet)


def _tells_never(question: dict[str, Any], answer: Answered) -> bool:
    return any(_plain(text) in _plain(answer.text) for text in question["never"])


def _reasons(
    questions: int, right: int, broken: list[str], told: list[str], lost: list[str], rules: ReleaseConfig
) -> list[str]:
    reasons = []
    if questions and right < rules.gate_right * questions:
        reasons.append(
            f"{right} of {questions} questions are answered rightly; the gate asks for {rules.gate_right:.0%}."
        )
    if broken:
        reasons.append(f"Answered rightly today and no longer: {', '.join(broken)}.")
    if told:
        reasons.append(f"Tells what must never be told: {', '.join(told)}.")
    if lost:
        reasons.append(f"Served today, refused in this build: {', '.join(lost)}.")
    return reasons


def _plain(text: str) -> str:
    return re.sub(r"[\s,]", "", text)
