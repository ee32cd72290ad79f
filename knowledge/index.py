"""The search over the passages of one document language: vectors, keywords and places, all by row.

Files of a release for each language: `vectors.<language>.faiss`, and as `.npz` the postings of morphemes (`terms`),
of character bigrams (`pairs`) and of the regions that passages are about (`places`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np

from knowledge.config import AnswerConfig
from knowledge.embedding import Vectors
from knowledge.gazetteer import Gazetteer
from knowledge.lexical import Bm25, Postings, Scores, bigrams, morphemes
from knowledge.vectors import PassageVectors, make_index


def places_of(section: str, regions: Iterable[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The regions a passage is about: those its heading names, else those of its document."""
    named = gazetteer.ids(section, "region")
    return tuple(named) if named else tuple(region for region in regions if region != "nation")


def write_index(
    folder: Path,
    language: str,
    vectors: Vectors,
    terms: Iterable[Sequence[str]],
    pairs: Iterable[Sequence[str]],
    places: Iterable[Iterable[str]],
    config: AnswerConfig,
) -> None:
    """Write the four files of a language.

    `vectors` has shape (n, dimension), each passage's own before those of the questions beside it. `terms` (morphemes),
    `pairs` (bigrams) and `places` (what `places_of` gives) come one a passage, in the order of rows.
    """
    index = make_index(vectors, config.exact_until)
    faiss.write_index(index, str(folder / f"vectors.{language}.faiss"))
    for name, texts in (("terms", terms), ("pairs", pairs)):
        keywords = Bm25.from_texts(texts, config.bm25_k1, config.bm25_b)
        keywords.save(folder / f"{name}.{language}.npz")
    Postings.from_texts(places)[0].save(folder / f"places.{language}.npz")


class LanguageIndex:
    """Scores the passages of one language. score = cosine + weight * (BM25 of morphemes + of bigrams) + place."""

    def __init__(
        self, vectors: PassageVectors, terms: Bm25, pairs: Bm25, places: Postings, config: AnswerConfig
    ) -> None:
        self._vectors, self._terms, self._pairs, self._places = vectors, terms, pairs, places
        self._weight, self._place_weight = np.float32(config.keyword_weight), np.float32(config.place_weight)
        self._on_one_place = np.bincount(places.rows, minlength=places.size) == 1

    def search(
        self, question: str, vector: Vectors, top_k: int, places: Iterable[str]
    ) -> list[tuple[float, int]]:
        """The best rows with their scores, best first; of equal scores the lower row."""
        if not self._places.size:
            return []
        keywords = self._terms.scores(morphemes(question)) + self._pairs.scores(bigrams(question))
        keywords *= self._weight
        place = self._place_agreement(places)
        rows, cosines = self._vectors.likely(vector, keywords + place)
        scores = cosines + keywords[rows] + place[rows]
        best = np.argsort(-scores, kind="stable")[:top_k]
        return [(float(scores[i]), int(rows[i])) for i in best]

    def _place_agreement(self, places: Iterable[str]) -> Scores:
        """A little for passages on a place asked for, a little against those on one place when none is asked for."""
        asked = [self._places.rows[self._places.find(place)] for place in places]
        if not asked:
            return np.where(self._on_one_place, -self._place_weight / 2, np.float32(0))
        agreement = np.zeros(self._places.size, dtype=np.float32)
        agreement[np.concatenate(asked)] = self._place_weight
        return agreement

    def mentions(self, row: int, term: str) -> bool:
        """Whether a passage, its heading or a question beside it has the term."""
        return self._terms.postings.has(row, term)

    def knows(self, term: str) -> bool:
        """Whether any passage has the term."""
        return self._terms.knows(term)


def open_index(
    folder: Path, database: sqlite3.Connection, language: str, config: AnswerConfig
) -> LanguageIndex:
    """Load what `write_index` wrote. Raises ValueError where the files do not fit together."""
    terms, pairs = (Bm25.load(folder / f"{name}.{language}.npz") for name in ("terms", "pairs"))
    places = Postings.load(folder / f"places.{language}.npz")
    index = faiss.read_index(str(folder / f"vectors.{language}.faiss"))
    rows = database.execute(
        "SELECT passage_row, is_question FROM vectors WHERE language = ? ORDER BY row", (language,)
    ).fetchall()
    if index.ntotal != len(rows):
        raise ValueError(f"{index.ntotal} vectors but {len(rows)} rows for them in {language}")
    owners, is_question = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    # A question lies nearer to a question than to a text that answers it; the offset makes the two comparable.
    offsets = is_question * np.float32(config.question_offset)
    vectors = PassageVectors(index, owners, offsets.astype(np.float32))
    return LanguageIndex(vectors, terms, pairs, places, config)
