"""Passages and vectors in any number, made from documents: sentences put together anew, vectors drawn around real ones."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast

import numpy as np

from index_build.cache import Cache
from index_build.catalogue_files import CATALOGUE_FILES, Tables, read_tables
from index_build.checking import Checked
from index_build.passages import DraftPassage, split_document
from index_build.reading.assemble import read_document
from index_build.reading.document import Document, UnreadableDocument
from index_build.writing import write_release
from knowledge.config import AnswerConfig
from knowledge.embedding import Embedder, Vectors
from knowledge.lexical import morphemes
from knowledge.passages import Sentence

LANGUAGE = "ko"
# With this share of noise the nearest neighbour of a drawn vector is a little farther than that of a real one
# (median cosine 0.96 against 0.97): an index is not measured on an easier case.
NOISE = 0.5


@dataclass(frozen=True, slots=True)
class Corpus:
    """Korean documents with their passages, and the catalogue beside them."""

    documents: dict[str, Document]
    passages: list[DraftPassage]
    tables: Tables

    @classmethod
    def read(cls, source: Path) -> Corpus:
        """Read a folder. What cannot be read is left out."""
        documents = {}
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            if path.name in {*CATALOGUE_FILES, "README.md"}:
                continue
            try:
                document = read_document(path)
            except UnreadableDocument as error:
                print(error, file=sys.stderr)
                continue
            if document.language == LANGUAGE:
                documents[document.id] = document
        passages = [draft for document in documents.values() for draft in split_document(document)]
        if not passages:
            raise SystemExit(f"No Korean document in {source}. Name another folder with --source.")
        return cls(documents, passages, read_tables([source]))

    def recombined(self, count: int) -> list[DraftPassage]:
        """`count` passages: each one of the corpus with as many sentences of its document as make it as long."""
        chance = random.Random(1)
        sentences: dict[str, list[Sentence]] = {}
        for passage in self.passages:
            sentences.setdefault(passage.document_id, []).extend(passage.sentences)
        return [self._recombined(number, chance, sentences) for number in range(count)]

    def _recombined(
        self, number: int, chance: random.Random, sentences: dict[str, list[Sentence]]
    ) -> DraftPassage:
        model = chance.choice(self.passages)
        own: list[Sentence] = []
        text = ""
        while len(text) < len(model.text):
            own.append(chance.choice(sentences[model.document_id]))
            text = f"{text} {own[-1].text}".strip()
        embedded = f"{self.documents[model.document_id].title} – {model.section}: {text}"
        digest = sha256(f"{number} {embedded}".encode()).hexdigest()
        return replace(
            model,
            id=f"growth.{number}",
            text=text,
            sentences=tuple(own),
            embedded_text=embedded,
            digest=digest,
            asked=(),
        )

    def write(
        self,
        folder: Path,
        drafts: list[DraftPassage],
        vectors: Vectors,
        embedder: Embedder,
        config: AnswerConfig,
    ) -> None:
        """Write a release of these passages and vectors."""
        documents = list(self.documents.values())
        sources = {source.key: source for document in documents for source in document.sources.values()}
        checked = Checked(documents, drafts, sources, [], [])
        by_digest = {draft.digest: vector for draft, vector in zip(drafts, vectors, strict=True)}
        tables = self.tables | {"not_covered": []}
        write_release(
            folder, datetime.now(UTC), checked, tables, [], [], by_digest, {}, None, cast(Cache, _Terms()), embedder, config
        )  # fmt: skip


class _Terms:
    """Stands in for the cache of a build: words are cut at spaces, because the analyser needs minutes for 100,000 texts
    and what it costs is measured on a sample.
    """

    def terms(self, texts: Iterable[str]) -> dict[str, str]:
        word = cache(lambda word: " ".join(morphemes(word)))
        return {text: " ".join(map(word, text.split())) for text in texts}

    def forget(self, vectors: Iterable[str], texts: Iterable[str]) -> None:
        pass


def drawn(sample: Vectors, count: int) -> Vectors:
    """`count` vectors of length 1: the sample, then ones drawn around it."""
    chance = np.random.default_rng(1)
    middle = sample.mean(axis=0)
    away = sample - middle
    shape = np.linalg.cholesky(np.cov(away.T) + 1e-7 * np.eye(sample.shape[1])).astype(np.float32)
    new = max(0, count - len(sample))
    noise = chance.standard_normal((new, sample.shape[1]), dtype=np.float32) @ shape.T
    near = away[chance.integers(len(sample), size=new)]
    moved = middle + np.float32((1 - NOISE**2) ** 0.5) * near + np.float32(NOISE) * noise
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return np.concatenate([sample, moved])[:count]
