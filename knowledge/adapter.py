"""Two linear maps that put a question beside the passages that answer it.

The embedding model has seen no policy document: sentences of one style lie near everything. A release is built with
questions beside its passages, so what brings the two together can be learned from them (`index_build/adapting.py`) and
holds for documents that have none. A metric learned on frozen vectors, as in Yang and Jin, "Distance Metric Learning: A Comprehensive Survey" (2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from knowledge.config import LANGUAGES
from knowledge.embedding import Vectors

ADAPTER = "adapter.npz"


@dataclass(frozen=True, slots=True)
class Adapter:
    """`question` and `passage` have shape (dimension, dimension); the means, what is common to all of a language, (languages, dimension)."""

    question: Vectors
    passage: Vectors
    question_means: Vectors
    passage_means: Vectors

    @classmethod
    def load(cls, folder: Path) -> Adapter | None:
        """What `save` wrote, or None where a release has none: made before 2026-11-24, or with too few questions."""
        if not (folder / ADAPTER).exists():
            return None
        return cls.from_bytes((folder / ADAPTER).read_bytes())

    def save(self, folder: Path) -> None:
        """Write into the folder of a release."""
        (folder / ADAPTER).write_bytes(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Adapter:
        """What `to_bytes` gave. Raises ValueError or TypeError where the bytes are others."""
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return cls(**arrays)

    def to_bytes(self) -> bytes:
        """All four arrays, as an `.npz` file."""
        file = BytesIO()
        np.savez(
            file, allow_pickle=False, question=self.question, passage=self.passage,
            question_means=self.question_means, passage_means=self.passage_means,
        )  # fmt: skip
        return file.getvalue()

    def of_questions(self, vectors: Vectors, language: str) -> Vectors:
        """Questions of a language, shape (…, dimension), where they can be compared; of length 1."""
        return _unit((vectors - self.question_means[LANGUAGES.index(language)]) @ self.question.T)

    def of_passages(self, vectors: Vectors, language: str) -> Vectors:
        """Passages of a language, shape (…, dimension), where they can be compared; of length 1."""
        return _unit((vectors - self.passage_means[LANGUAGES.index(language)]) @ self.passage.T)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit.astype(np.float32)
