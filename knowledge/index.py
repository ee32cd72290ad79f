"""The search over the passages of one document language: vectors, keywords and places, all by row.

Files of a release for each language: `vectors.<language>.faiss`, and as `.npz` the postings of morphemes (`terms`),
of character bigrams (`pairs`) and of the regions that passages are about (`places`), and the vectors of what sections are
about in the other language (`glosses`); those of questions that no document answers in `not_covered.<language>.npy`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.config import AnswerConfig
from knowledge.embedding import Vectors
from knowledge.evidence import Evidence
from knowledge.gazetteer import Gazetteer
from knowledge.lexical import Bm25, Postings, Scores, bigrams, morphemes
from knowledge.subjects import Subjects
from knowledge.vectors import PassageVectors, make_index

# What sheets with questions beside them have on average where they answer. These stand for `not_covered`, `plain_passage`,
# `plain_asked` and `plain_not_covered` of other passages: what no sheet answers, an uploaded document may.
_USUAL = (0.90, 0.34, 0.59, 0.41)


def places_of(section: str, regions: Iterable[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The regions a passage is about: those its heading names, else those of its document."""
    named = gazetteer.ids(section, "region")
    return tuple(named) if named else tuple(region for region in regions if region != "nation")


@dataclass(frozen=True, slots=True)
class Query:
    """A question in the form in which one language's passages are asked.

    `vector` is that of the question as it was put, shape (dimension,). `words` are the question's own; `terms` what the
    glossary gives for it in the passages' language; `places` the regions it is about.
    """

    vector: Vectors
    words: str
    terms: tuple[str, ...]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Glosses:
    """What sections are about in the other language: vectors of shape (n, dimension), and which one each passage has (-1: none)."""

    vectors: Vectors
    of: NDArray[np.int64]

    def cosines(self, question: Vectors) -> Scores:
        """Of a question to each passage's line, shape (passages,); -1 where it has none."""
        return np.append(self.vectors @ question, np.float32(-1))[self.of]


def write_index(
    folder: Path,
    language: str,
    vectors: Vectors,
    terms: Iterable[Sequence[str]],
    pairs: Iterable[Sequence[str]],
    places: Iterable[Iterable[str]],
    glosses: Glosses,
    config: AnswerConfig,
) -> None:
    """Write the files of a language.

    `vectors` has shape (n, dimension), each passage's own before those of the questions beside it. `terms` (morphemes),
    `pairs` (bigrams) and `places` (what `places_of` gives) come one a passage, in the order of rows.
    """
    np.savez(folder / f"glosses.{language}.npz", allow_pickle=False, vectors=glosses.vectors, of=glosses.of)
    index = make_index(vectors, config.exact_until)
    faiss.write_index(index, str(folder / f"vectors.{language}.faiss"))
    for name, texts in (("terms", terms), ("pairs", pairs)):
        keywords = Bm25.from_texts(texts, config.bm25_k1, config.bm25_b)
        keywords.save(folder / f"{name}.{language}.npz")
    Postings.from_texts(places)[0].save(folder / f"places.{language}.npz")


class LanguageIndex:
    """Scores the passages of one language.

    Asked in that language, score = cosine + weight * (BM25 of morphemes + of bigrams) + place. Asked from the other, the
    cosine is the mean of those to the passage and to the line on its section, and the keywords are the glossary's.
    """

    def __init__(
        self,
        vectors: PassageVectors,
        terms: Bm25,
        pairs: Bm25,
        places: Postings,
        glosses: Glosses,
        not_covered: Vectors,
        config: AnswerConfig,
    ) -> None:
        self._vectors, self._terms, self._pairs, self._places = vectors, terms, pairs, places
        self._not_covered = not_covered
        self._glosses, self._weight = glosses, np.float32(config.keyword_weight)
        self._across_weight = np.float32(config.across_keyword_weight)
        self._place_weight = np.float32(config.place_weight)
        self._on_one_place = np.bincount(places.rows, minlength=places.size) == 1
        self._subjects = self._fit_subjects()
        self._plain_not_covered = self._subjects.of(not_covered) if len(not_covered) else not_covered

    @property
    def is_asked_across(self) -> bool:
        """Whether any passage here is in this language alone."""
        return len(self._glosses.vectors) > 0

    def search(self, query: Query, top_k: int) -> list[tuple[float, int]]:
        """The best rows with their scores, best first; of equal scores the lower row."""
        if not self._places.size:
            return []
        keywords = self._keywords(query.words)
        if query.terms:  # half for the words as they were put, half with those that the documents use
            more = self._keywords(" ".join((query.words, *query.terms)))
            keywords = (keywords + more) * np.float32(0.5)
        others = keywords * self._weight + self._place_agreement(query.places)
        rows, cosines = self._vectors.likely(query.vector, others)
        return _best(rows, cosines + others[rows], top_k)

    def search_across(self, query: Query, top_k: int) -> list[tuple[float, int]]:
        """The same for a question put in the other language, among passages that only this language has."""
        if not self.is_asked_across:
            return []
        keywords = self._keywords(" ".join(query.terms)) * self._across_weight
        others = keywords + self._glosses.cosines(query.vector) + self._place_agreement(query.places)
        rows, cosines = self._vectors.likely(query.vector, others)
        scores = np.where(self._glosses.of[rows] < 0, np.float32(-1), (cosines + others[rows]) / 2)
        return _best(rows, scores, top_k)

    def evidence(self, query: Query, rows: Iterable[int], across: bool) -> list[Evidence]:
        """How far each passage found supports an answer. `across`: the question was put in the other language."""
        text = " ".join(query.terms) if across else query.words
        words, pairs = list(dict.fromkeys(morphemes(text))), bigrams(text)
        by_words, by_pairs = self._terms.scores(words), self._pairs.scores(pairs)
        weights = {word: self._terms.idf(word) for word in words}
        unknown = sum(not self._terms.knows(word) for word in words) / max(len(words), 1)
        plain = self._subjects.of(query.vector)
        refused, plainly_refused = (
            _nearest(self._not_covered, query.vector),
            _nearest(self._plain_not_covered, plain),
        )
        found, place = list(rows), self._place_agreement(query.places) / self._place_weight
        own = [self._vectors.own(row) for row in found]
        near = [vectors @ query.vector for vectors in own]
        lines = self._glosses.cosines(query.vector) if across else by_words
        asked = [
            float(lines[row]) if across else float(cosines[1:].max() if len(cosines) > 1 else cosines[0])
            for row, cosines in zip(found, near, strict=True)
        ]
        evidence = []
        for row, vectors, cosines, beside in zip(found, own, near, asked, strict=True):
            lacking = [weight for word, weight in weights.items() if not self.mentions(row, word)]
            share = 1 - sum(lacking) / sum(weights.values()) if weights else 0.0
            beyond = _USUAL
            if len(vectors) > 1 and not across:
                first, *others = map(float, self._subjects.of(vectors) @ plain)
                beyond = (refused or _USUAL[0], first, max(others), plainly_refused or _USUAL[3])
            evidence.append(Evidence(
                float(cosines[0]), beside, float(by_words[row]), float(by_pairs[row]), share,
                max(lacking, default=0.0) / 10, unknown, beyond[0],
                max(asked) - beside, float(place[row]), *beyond[1:],
            ))  # fmt: skip
        return evidence

    def search_plainly(self, question: str, vector: Vectors | None, top_k: int) -> list[tuple[float, int]]:
        """By vectors alone where one is given, else by BM25 of morphemes alone: what the whole is compared with."""
        scores = self._terms.scores(morphemes(question))
        if vector is None:
            return _best(np.arange(len(scores)), scores, top_k)
        rows, cosines = self._vectors.likely(vector, np.zeros_like(scores))
        return _best(rows, cosines, top_k)

    def _fit_subjects(self) -> Subjects:
        """What sets places apart, from the questions beside passages on one place."""
        place_of = np.full(self._places.size, -1, dtype=np.int64)
        counts = self._places.counts()
        place_of[self._places.rows] = np.repeat(np.arange(len(counts)), counts)
        vectors, rows = self._vectors.questions()
        return Subjects.fit(vectors, np.where(self._on_one_place, place_of, -1)[rows])

    def _keywords(self, text: str) -> Scores:
        return self._terms.scores(morphemes(text)) + self._pairs.scores(bigrams(text))

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


def _nearest(vectors: Vectors, question: Vectors) -> float:
    """The highest cosine of a question to any of the vectors; 0 where there are none."""
    return float((vectors @ question).max()) if len(vectors) else 0.0


def _best(rows: NDArray[np.int64], scores: Scores, top_k: int) -> list[tuple[float, int]]:
    best = np.argsort(-scores, kind="stable")[:top_k]
    return [(float(scores[i]), int(rows[i])) for i in best]


def open_index(
    folder: Path, database: sqlite3.Connection, language: str, config: AnswerConfig
) -> LanguageIndex:
    """Load what `write_index` wrote. Raises ValueError where the files do not fit together."""
    terms, pairs = (Bm25.load(folder / f"{name}.{language}.npz") for name in ("terms", "pairs"))
    places = Postings.load(folder / f"places.{language}.npz")
    with np.load(folder / f"glosses.{language}.npz", allow_pickle=False) as arrays:
        glosses = Glosses(arrays["vectors"], arrays["of"])
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
    not_covered = np.load(folder / f"not_covered.{language}.npy", allow_pickle=False)
    return LanguageIndex(vectors, terms, pairs, places, glosses, not_covered, config)
