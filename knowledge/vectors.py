"""Cosines of a question to the passages that may come first. Measured by `python -m benchmarks.growth`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.adapter import Adapter
from knowledge.config import LANGUAGES
from knowledge.embedding import Vectors
from knowledge.lexical import Scores

# So many nearest vectors, and so many passages that are best by the rest of their score, are looked at.
CANDIDATES = 1000
_NONE = -2.0  # below any cosine


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


def stacked(rows: Sequence[Vectors], dimension: int) -> Vectors:
    """Vectors as one array of shape (n, dimension), also where there are none."""
    return np.stack(rows) if rows else np.zeros((0, dimension), dtype=np.float32)


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

    def of_many(self, rows: Sequence[int]) -> tuple[NDArray[np.int64], Vectors]:
        """The vectors of several passages, shape (n, dimension), each passage's own before those of its questions; and their numbers."""
        wanted = np.asarray(rows, dtype=np.int64)
        starts = np.searchsorted(self._owners, wanted)
        counts = np.searchsorted(self._owners, wanted + 1) - starts
        numbers = np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        vectors: Vectors = self._index.reconstruct_batch(numbers)
        return numbers, vectors

    def has_questions(self, row: int) -> bool:
        """Whether questions stand beside a passage."""
        start, end = np.searchsorted(self._owners, [row, row + 1])
        return bool(end - start > 1)

    @property
    def is_question(self) -> NDArray[np.bool_]:
        """Which vectors are of questions that stand beside passages, shape (vectors,)."""
        same: NDArray[np.bool_] = np.diff(self._owners, prepend=-1) == 0
        return same

    def batches(self, size: int = 4096) -> Iterator[Vectors]:
        """Yield all vectors in order, some at a time."""
        for start in range(0, self._index.ntotal, size):
            yield self._index.reconstruct_n(start, min(size, self._index.ntotal - start))

    def own(self, row: int) -> Vectors:
        """The vectors of a passage, its own first, then those of the questions beside it; shape (n, dimension)."""
        start, end = np.searchsorted(self._owners, [row, row + 1])
        own: Vectors = self._index.reconstruct_n(int(start), int(end - start))
        return own

    def questions(self) -> tuple[Vectors, NDArray[np.int64]]:
        """The vectors of all questions that stand beside passages, shape (n, dimension), and the row of the passage of each."""
        rows = np.flatnonzero(self.is_question)
        vectors: Vectors = self._index.reconstruct_batch(rows).reshape(len(rows), self._index.d)
        return vectors, self._owners[rows]


class AdaptedVectors:
    """Cosines of adapted vectors, from the stored ones: the question is carried back, so that nothing is stored twice."""

    def __init__(self, vectors: PassageVectors, adapter: Adapter, language: str) -> None:
        """Work out how long each vector becomes: a second for 100,000 of them."""
        self._vectors, self._adapter, self._language = vectors, adapter, language
        self._is_question = vectors.is_question
        number = LANGUAGES.index(language)
        self._means = adapter.passage_means[number], adapter.question_means[number]
        self._lengths = np.ones(len(self._is_question), dtype=np.float32)
        start = 0
        for batch in vectors.batches():
            own = self._is_question[start : start + len(batch)]
            for kind, mean, matrix in zip((~own, own), self._means, self._matrices, strict=True):
                places = start + np.flatnonzero(kind)
                self._lengths[places] = np.linalg.norm((batch[kind] - mean) @ matrix.T, axis=1)
            start += len(batch)

    @property
    def _matrices(self) -> tuple[Vectors, Vectors]:
        return self._adapter.passage, self._adapter.question

    def cosines(self, rows: Sequence[int], question: Vectors) -> tuple[Scores, Scores]:
        """Of an adapted question to some passages, and to the nearest question beside each, the passage's own where none is."""
        if not len(rows):
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        numbers, stored = self._vectors.of_many(rows)
        is_question = self._is_question[numbers]
        to_passage, to_question = (
            stored @ back - mean @ back
            for mean, back in zip(self._means, (question @ matrix for matrix in self._matrices), strict=True)
        )
        cosines = np.where(is_question, to_question, to_passage) / np.maximum(self._lengths[numbers], 1e-9)
        firsts = np.flatnonzero(~is_question)
        own = cosines[firsts]
        beside = np.where(is_question, cosines, np.float32(_NONE))
        nearest = np.maximum.reduceat(beside, firsts)
        return own, np.where(nearest == _NONE, own, nearest).astype(np.float32)
