"""Figures over many judged turns or searches: by language, by kind of question, and on declining.

Shares lie in 0..1, rounded to four places; None where there is nothing to count. `retrieval` is shared by every
measurement that finds documents for questions.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from sklearn.metrics import roc_auc_score

Row = dict[str, Any]
Measure = Callable[[Sequence[Row]], Row]
LANGUAGES = ("ko", "en")
KINDS = (
    "simple", "paraphrased", "constrained", "multi-part", "table", "comparison", "conflicting", "outdated", "mixed",
    "unpublished", "unanswerable", "off-topic",
)  # fmt: skip


def answers(turns: Sequence[Row]) -> Row:
    """Judged turns of one set: figures by language, by kind, and on declining."""
    return {
        "figures": by_language(turns, correctness),
        "kinds": by_kind(turns, correctness),
        "abstention": by_language(turns, abstention),
    }


def retrieval(found: Sequence[Row]) -> Row:
    """Searches by language and by kind. A search is a row of `language`, `kind` and `rank`.

    `rank` is the place, from 1, of the first hit in a document that may be cited; None where no hit is in one.
    """
    return {"figures": by_language(found, recall), "kinds": by_kind(found, recall)}


def by_language(rows: Sequence[Row], measure: Measure) -> Row:
    """What is measured on `all` rows and on those of each language."""
    own = {language: [row for row in rows if row["language"] == language] for language in LANGUAGES}
    return {"all": measure(rows), **{language: measure(own[language]) for language in LANGUAGES}}


def by_kind(rows: Sequence[Row], measure: Measure) -> Row:
    """The same for each kind of question, known kinds first."""
    kinds = dict.fromkeys([*KINDS, *sorted(row["kind"] for row in rows)])
    own = {kind: [row for row in rows if row["kind"] == kind] for kind in kinds}
    return {kind: by_language(some, measure) for kind, some in own.items() if some}


def correctness(turns: Sequence[Row]) -> Row:
    """How many turns are right, and in which respects.

    `hedged_right` and `hedged_wrong` are the shares of right and of wrong answers that say that they may be none.
    """
    asked = [turn for turn in turns if turn["expect"] == "answered"]
    return {
        "questions": len(turns),
        "answerable": len(asked),
        "right": share(turn["right"] for turn in turns),
        "facts_right": share(turn["facts_right"] for turn in asked),
        "source_right": share(turn["source_right"] for turn in asked),
        "document_right": share(turn["document_right"] for turn in asked),
        "answered": share(not turn["declined"] for turn in asked),
        "unanswerable_declined": share(turn["declined"] for turn in turns if turn["expect"] == "no_answer"),
        "off_topic_declined": share(turn["declined"] for turn in turns if turn["expect"] == "out_of_scope"),
        "hedged_right": share(bool(turn.get("hedged")) for turn in asked if turn["right"]),
        "hedged_wrong": share(
            bool(turn.get("hedged")) for turn in turns if not (turn["right"] or turn["declined"])
        ),
        "wrong_figures_told": sum(bool(turn["never_told"]) for turn in turns),
        "language_right": share(turn["language_right"] for turn in turns),
        "failed": sum(turn["failed"] for turn in turns),
    }


def abstention(turns: Sequence[Row]) -> Row:
    """Declining as a finding, where the positive class is what should be declined.

    `auroc` ranks turns by `doubt`, `auroc_of_confidence` by 1 - confidence of the outcome as it stands. `aurc` is the
    mean risk over the curve.
    """
    should = [turn["expect"] != "answered" for turn in turns]
    declined = [turn["declined"] for turn in turns]
    hits = sum(a and b for a, b in zip(should, declined, strict=True))
    curve = risk_coverage(turns)
    return {
        "should_be_declined": sum(should),
        "declined": sum(declined),
        "precision": _ratio(hits, sum(declined)),
        "recall": _ratio(hits, sum(should)),
        "answerable_answered": share(not turn["declined"] for turn in turns if turn["expect"] == "answered"),
        "auroc": auroc(should, [doubt(turn) for turn in turns]),
        "auroc_of_confidence": auroc(should, [1 - _confidence(turn) for turn in turns]),
        "coverage": curve[-1][0] if curve else 0.0,
        "risk": curve[-1][1] if curve else None,
        "aurc": _mean_risk(curve),
        "curve": curve,
    }


def doubt(turn: Row) -> float:
    """How much speaks for declining, in 0..1.

    The confidence of an outcome is that in the reply, whatever the reply: that of "this is not my subject" is 1.
    A reply that declines so is therefore of the greatest doubt.
    """
    sure = _confidence(turn)
    return 1.0 if turn["declined"] and sure >= 0.5 else 1 - sure


def risk_coverage(turns: Sequence[Row]) -> list[list[float]]:
    """Points [coverage, risk, confidence]: answers of at least a confidence, as a share of all turns, and how many are wrong.

    It ends where nothing more was answered; answers of one confidence come in one point.
    """
    given = sorted((turn for turn in turns if not turn["declined"]), key=_confidence, reverse=True)
    points, covered, wrong = [], 0, 0
    for confidence, group in groupby(given, key=_confidence):
        some = list(group)
        covered += len(some)
        wrong += sum(not turn["right"] for turn in some)
        points.append([round(covered / len(turns), 4), round(wrong / covered, 4), confidence])
    return points


def auroc(positive: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the ROC curve; None where one of the two classes is absent."""
    return round(float(roc_auc_score(positive, scores)), 4) if len(set(positive)) == 2 else None


def recall(found: Sequence[Row]) -> Row:
    """Share of searches whose first 1, 3, 5 hits hold a right one, and the mean reciprocal rank of it."""
    ranks = [row["rank"] for row in found]
    within = {f"recall@{k}": share(rank is not None and rank <= k for rank in ranks) for k in (1, 3, 5)}
    reciprocal = sum(1 / rank for rank in ranks if rank)
    return {"questions": len(ranks), **within, "mrr": _ratio(reciprocal, len(ranks))}


def stage(milliseconds: Sequence[float]) -> Row:
    """Median and 95th percentile of at least two times, in milliseconds."""
    return {
        "runs": len(milliseconds),
        "median_ms": round(statistics.median(milliseconds), 2),
        "p95_ms": round(statistics.quantiles(milliseconds, n=20, method="inclusive")[-1], 2),
    }


def share(values: Iterable[bool]) -> float | None:
    """How many of the values are true."""
    counted = list(values)
    return _ratio(sum(counted), len(counted))


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _confidence(turn: Row) -> float:
    return float(turn["outcome"]["confidence"] or 0.0)


def _mean_risk(curve: list[list[float]]) -> float | None:
    starts = [0.0, *(point[0] for point in curve)]
    area = sum(risk * (end - start) for (end, risk, _), start in zip(curve, starts, strict=False))
    return _ratio(area, starts[-1])
