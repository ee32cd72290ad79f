"""The weights of `answers.support_weights` in config.yml, fitted to the tuning questions.

    python -m benchmarks.calibrate --home SHIPPED --raw RAW

SHIPPED holds a release of the shipped documents, RAW one of the founding texts and statutes. Each question gives its first three
passages; one is right where it is of a document that answers the question and holds a fact of the answer. Prints the weights, and
by five-fold cross-validation how many questions are answered and declined at several thresholds.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from benchmarks.report import table
from benchmarks.retrieval import is_right, questions
from knowledge.config import DOCUMENTS, OTHER, REPOSITORY, load_config
from knowledge.embedding import Embedder
from knowledge.evidence import MEASURES
from knowledge.library import Hit, Library

_FIRST = 3
# Of passages in the question's own language these say nothing beside the same cosines without places and after the adapter.
_LEFT_OUT: dict[str, tuple[str, ...]] = {"own": ("passage", "not_covered", "behind"), "other": ()}
# `blind` was, until its failures were read; `test` still is.
_TUNING = ("dev", "blind", "fresh", "systems")
_FOLDER = REPOSITORY / "tests" / "questions"


@dataclass(frozen=True, slots=True)
class Row:
    """One question's first passages: the measures of each, and whether it answers. `kind`: own, other or what must be declined."""

    language: str
    kind: str
    measures: list[tuple[float, ...]]
    right: list[bool]


def main() -> None:
    """Fit, validate and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--raw", type=Path, required=True)
    options = parser.parse_args()
    config = load_config()
    embedder = Embedder(config.embedding_model)
    shipped = Library(options.home, embedder, config)
    raw = Library(options.raw, embedder, config)
    for name, rows in (("own", [*_shipped(shipped), *_raw(raw, False)]), ("other", list(_raw(raw, True)))):
        print(f"\n{name}: {len(rows)} questions")
        kept = [_without(_LEFT_OUT[name], row) for row in rows]
        _validate(kept)
        weights = _fit(kept)
        print(f"    {name}: {{{', '.join(f'{key}: {value:.2f}' for key, value in weights.items())}}}")


def _without(measures: Sequence[str], row: Row) -> Row:
    """A row with nothing in these measures, so that they get no weight."""
    places = {MEASURES.index(name) for name in measures}
    return replace(row, measures=[
        tuple(0.0 if n in places else value for n, value in enumerate(one)) for one in row.measures
    ])  # fmt: skip


def _shipped(library: Library) -> Iterator[Row]:
    for path in (*(_FOLDER / f"{name}.jsonl" for name in _TUNING), DOCUMENTS / "questions.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            hits = _hits(library, question, question["language"])
            answered = question.get("expect", "answered") == "answered"
            # A section that says that something is unknown is declined as such, whatever its support.
            kept = [hit for hit in hits if answered or hit.passage.kind != "unpublished"]
            kind = "answered" if answered else question["kind"]
            right = [answered and _holds(question, hit) for hit in kept]
            yield Row(question["language"], kind, [astuple(hit.evidence) for hit in kept], right)


def _raw(library: Library, across: bool) -> Iterator[Row]:
    for question in questions(("founding", "statutes", "none"), "tuning"):
        passages = OTHER[question["language"]] if across else question["language"]
        hits = _hits(library, question, passages)
        right = [is_right(question, hit.passage) for hit in hits]
        corpus = {"founding": "en", "statutes": "ko"}.get(question["corpus"])
        if corpus in (None, passages):
            kind = "raw answered" if corpus else "raw unanswerable"
            yield Row(question["language"], kind, [astuple(hit.evidence) for hit in hits], right)


def _hits(library: Library, question: dict[str, Any], passages: str) -> list[Hit]:
    vector = library.embedder.query(question["question"])
    release, language = library.release, question["language"]
    return release.search_in(passages, question["question"], language, vector, 2 * _FIRST)[:_FIRST]


def _holds(question: dict[str, Any], hit: Hit) -> bool:
    said = re.sub(r"[\s,]", "", hit.passage.text)
    return hit.passage.document_id in question["documents"] and any(
        any(re.sub(r"[\s,]", "", form) in said for form in fact) for fact in question["facts"]
    )


def _fit(rows: list[Row]) -> dict[str, float]:
    """Weights of the measures as they are, and the constant."""
    measures = np.array([m for row in rows for m in row.measures])
    right = np.array([r for row in rows for r in row.right])
    mean, spread = measures.mean(axis=0), measures.std(axis=0)
    spread[spread < 1e-6] = np.inf  # what is the same everywhere has no weight
    model = LogisticRegression(C=0.5, max_iter=3000).fit((measures - mean) / spread, right)
    weights = model.coef_[0] / spread
    constant = float(model.intercept_[0] - weights @ mean)
    return dict(zip((*MEASURES, "constant"), (*map(float, weights), constant), strict=True))


def _validate(rows: list[Row]) -> None:
    best = np.zeros(len(rows))
    right = np.zeros(len(rows), dtype=bool)
    places = np.arange(len(rows))
    for training, held_out in GroupKFold(5).split(places, groups=places):
        weights = _fit([rows[i] for i in training])
        for i in held_out:
            odds = [
                weights["constant"] + float(np.dot(m, [*weights.values()][:-1])) for m in rows[i].measures
            ]
            if odds:
                best[i] = 1 / (1 + np.exp(-max(odds)))
                right[i] = rows[i].right[int(np.argmax(odds))]
    lines: list[tuple[str, ...]] = [("questions", "", "n", "right first", "AUROC", *map(str, _THRESHOLDS))]
    for language in ("ko", "en"):
        for kind in dict.fromkeys(row.kind for row in rows):
            own = np.array([row.language == language and row.kind == kind for row in rows])
            against = np.array([row.language == language and row.kind.startswith("raw") == kind.startswith("raw")
                                and row.kind.endswith("answered") for row in rows])  # fmt: skip
            if own.any():
                answered = kind.endswith("answered")
                auroc = "" if answered else str(round(float(roc_auc_score(
                    [*np.ones(against.sum()), *np.zeros(own.sum())], [*best[against], *best[own]])), 3))  # fmt: skip
                shares = [
                    np.mean(best[own] >= t) if answered else np.mean(best[own] < t) for t in _THRESHOLDS
                ]
                first = f"{right[own].mean():.3f}" if answered else ""
                lines.append((kind, language, str(own.sum()), first, auroc, *(f"{s:.3f}" for s in shares)))
    table(lines)


_THRESHOLDS = (0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3)


if __name__ == "__main__":
    main()
