"""How well a passage supports an answer to a question: a probability from a few measures of the two.

A search always finds something. Whether that answers the question is another matter: a passage on the area of a cluster lies
near every question on this cluster. So the words it lacks count, the questions it is known to answer, and the questions that
no document answers. Weights: `python -m benchmarks.calibrate`, by logistic regression on the tuning questions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measures of a question and a passage; cosines and shares, so most lie in 0..1.

    `passage`: cosine to the passage; `asked`: to the nearest question beside it, or to the line on its section where the
    question came from the other language. `words`, `pairs`: BM25 over its bound. `covered`: share of the question's words
    that the passage has, by weight; `missing`: weight of the rarest it lacks, `unknown`: share that no passage has.
    `not_covered`: cosine to the nearest question that no document answers. `behind`: how far `asked` lies below the best of
    the passages found; `place`: 1 where the passage is about a place asked for, -0.5 where it is about one and none was asked for.
    `plain_passage`, `plain_asked`, `plain_not_covered`: the three cosines once more, without what sets places apart.
    `unmet`: how many matters the question names that the passage has no word of, see `knowledge/matters.py`.
    `adapted_passage`, `adapted_asked`, `adapted_not_covered`: three cosines after the adapter, see `knowledge/adapter.py`;
    `ahead`: how far the passage's score lies above the best of the others found.
    """

    passage: float
    asked: float
    words: float
    pairs: float
    covered: float
    missing: float
    unknown: float
    not_covered: float
    behind: float
    place: float
    plain_passage: float
    plain_asked: float
    plain_not_covered: float
    unmet: float
    adapted_passage: float
    adapted_asked: float
    adapted_not_covered: float
    ahead: float

    def support(self, weights: Mapping[str, float]) -> float:
        """The probability that the passage answers. `weights` has one for each measure, and a `constant`."""
        odds = weights["constant"] + math.fsum(
            weights[field.name] * getattr(self, field.name) for field in fields(self)
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


MEASURES = tuple(field.name for field in fields(Evidence))
