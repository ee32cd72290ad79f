"""Cosines of a question to the passages that may come first. Measured by `python -m benchmarks.growth`."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Vectors
from knowledge.lexical import Scores

# So many nearest vectors, and so many passages that are best by the rest of their score, are looked at.
CANDIDATES = 1000


def make_index(vectors: Vectors, exact_until: int) -> Any:
    """A FAISS index of inner products over vectors of length 1, shape (n, dimension); it gives each back unchanged.

    Flat up to `exact_until` vectors. Beyond: lists around centres (IVF), an eighth of which is searched. The same
    vectors give the same index.
    """
    count, dimension = vectors.shape
    if count <= exact_until:
        index: Any = faiss.IndexFlatIP(dimension)
        index.add(vectors)
        return index
    lists = max(1, min(round(4 * count**0.5), count // 39))  # FAISS asks for 39 vectors a centre
    index = faiss.index_factory(dimension, f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = 64  # centres from a sample: a third of the time, the same recall
    index.nprobe = max(1, lists // 8)
    index.train(vectors)
    index.add(vectors)
    index.make_direct_map()
    return index


class PassageVectors:
    """The vectors of passages and of the questions beside them. A passage is as near as the nearest of its vectors."""

    def __init__(self, index: Any, owners: NDArray[np.int64], offsets: Scores) -> None:
        """`owners` are the passage's row of each vector, ascending; `offsets` what is taken off its cosine."""
        self._index, self._owners, self._offsets = index, owners, offsets

    def likely(self, question: Vectors, others: Scores) -> tuple[NDArray[np.int64], Scores]:
        """Rows of the passages that may come first, ascending, and the cosine of each less its offset.

        These are the passages that lie nearest and those that are best by `others`, the rest of each passage's score,
        shape (passages,).
        """
        likely = np.ones(len(others), dtype=bool)
        if len(others) > CANDIDATES:
            likely[np.argpartition(-others, CANDIDATES)[CANDIDATES:]] = False
            _, near = self._index.search(question[None, :], CANDIDATES)
            likely[self._owners[near[0][near[0] >= 0]]] = True
        rows = np.flatnonzero(likely[self._owners])
        cosines = self._index.reconstruct_batch(rows) @ question - self._offsets[rows]
        first = np.flatnonzero(np.diff(self._owners[rows], prepend=-1))
        return np.flatnonzero(likely), np.maximum.reduceat(cosines, first)

    def own(self, row: int) -> Vectors:
        """The vectors of a passage, its own first, then those of the questions beside it; shape (n, dimension)."""
        start, end = np.searchsorted(self._owners, [row, row + 1])
        own: Vectors = self._index.reconstruct_n(int(start), int(end - start))
        return own

    def questions(self) -> tuple[Vectors, NDArray[np.int64]]:
        """The vectors of all questions that stand beside passages, shape (n, dimension), and the row of the passage of each."""
        rows = np.flatnonzero(np.diff(self._owners, prepend=-1) == 0)
        vectors: Vectors = self._index.reconstruct_batch(rows).reshape(len(rows), self._index.d)
        return vectors, self._owners[rows]
