"""What a question is about, whatever place it names: vectors without the directions that set places apart.

"What does fibre cost in the Jinju cluster?" lies near every question on the Jinju cluster, and far from "is there fibre?".
Without the place it is the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Vectors

# So many directions are taken out. Measured on the tuning questions: of 4, 8, 12 and 20 the most separated best.
_DIRECTIONS = 20
# A place with fewer questions has no mean worth the name.
_FEWEST = 15


class Subjects:
    """A projection fitted to the questions that stand beside passages on one place each."""

    def __init__(self, mean: Vectors, directions: Vectors) -> None:
        """`mean` has shape (dimension,), `directions` shape (n, dimension), each of length 1 and at right angles."""
        self._mean, self._directions = mean, directions

    @classmethod
    def fit(cls, vectors: Vectors, places: Sequence[int] | NDArray[np.int64]) -> Subjects:
        """From vectors of shape (n, dimension) and the place of each, -1 where it has none or several."""
        labels = np.asarray(places, dtype=np.int64)
        dimension = vectors.shape[1]
        if not len(vectors):
            return cls(np.zeros(dimension, np.float32), np.zeros((0, dimension), np.float32))
        counts = np.bincount(labels[labels >= 0], minlength=1)
        means = [vectors[labels == place].mean(axis=0) for place in np.flatnonzero(counts >= _FEWEST)]
        if len(means) < 2:
            return cls(vectors.mean(axis=0), np.zeros((0, dimension), np.float32))
        apart = np.stack(means) - np.mean(means, axis=0)
        _, sizes, directions = np.linalg.svd(apart, full_matrices=False)
        kept = min(_DIRECTIONS, int(np.count_nonzero(sizes > 1e-6)))
        return cls(vectors.mean(axis=0), directions[:kept].astype(np.float32))

    def of(self, vectors: Vectors) -> Vectors:
        """Vectors of length 1 without place, of the same shape."""
        centred = vectors - self._mean
        rest = centred - (centred @ self._directions.T) @ self._directions
        length = np.linalg.norm(rest, axis=-1, keepdims=True)
        plain: Vectors = (rest / np.maximum(length, 1e-9)).astype(np.float32)
        return plain
