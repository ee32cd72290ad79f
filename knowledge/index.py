"""The search over the passages of one document language: vectors, keywords and places, all by row.

Files of a release for each language: `vectors.<language>.faiss`, and as `.npz` the postings of morphemes (`terms`),
of character bigrams (`pairs`) and of the regions that passages are about (`places`), and the vectors of what sections are
about in the other language (`glosses`); of the concepts that passages speak of (`concepts`); the vectors of questions that no
document answers in `not_covered.<language>.npy`.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.adapter import Adapter
from knowledge.config import OTHER, AnswerConfig
from knowledge.embedding import Vectors
from knowledge.evidence import Evidence
from knowledge.gazetteer import Gazetteer
from knowledge.lexical import Bm25, Postings, Scores, bigrams, morphemes
from knowledge.matters import Matter
from knowledge.subjects import Subjects
from knowledge.vectors import AdaptedVectors, PassageVectors, make_index

# What sheets with questions beside them have on average where they answer. These stand for `not_covered`, `plain_passage`,
# `plain_asked` and `plain_not_covered` of other passages: what no sheet answers, an uploaded document may.
_USUAL = (0.90, 0.34, 0.59, 0.41)
# The same for `adapted_passage`, `adapted_asked` and `adapted_not_covered` where a release has no adapter; the last also as above.
_USUAL_ADAPTED = (0.57, 0.71, 0.49)
# So many of the best are looked at again, by adapter and concepts; further off they would change nothing.
_AGAIN = 100


Found = list[tuple[float, int]]  # scores and rows, best first


def places_of(section: str, regions: Iterable[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The regions a passage is about: those its heading names, else those of its document."""
    named = gazetteer.ids(section, "region")
    return tuple(named) if named else tuple(region for region in regions if region != "nation")


@dataclass(frozen=True, slots=True)
class Query:
    """A question in the form in which one language's passages are asked.

    `vector` is that of the question as it was put, shape (dimension,). `words` are the question's own; `terms` what the
    glossary gives for it in the passages' language; `places` the regions it is about; `matters` and `concepts` those it names; `adapted` is the vector
    after the release's adapter, None where it has none.
    """

    vector: Vectors
    words: str
    terms: tuple[str, ...]
    places: frozenset[str]
    matters: tuple[Matter, ...] = ()
    concepts: tuple[str, ...] = ()
    adapted: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Glosses:
    """What sections are about in the other language: vectors of shape (n, dimension), and which one each passage has (-1: none)."""

    vectors: Vectors
    of: NDArray[np.int64]

    def cosines(self, question: Vectors) -> Scores:
        """Of a question to each passage's line, shape (passages,); -1 where it has none."""
        return np.append(self.vectors @ question, np.float32(-1))[self.of]

    def cosines_of(self, rows: Sequence[int], question: Vectors) -> Scores:
        """The same for some passages, shape (rows,)."""
        lines = self.of[list(rows)]
        if not len(self.vectors):
            return np.full(len(lines), np.float32(-1))
        return np.where(lines < 0, np.float32(-1), self.vectors[lines] @ question).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Adapted:
    """What the adapter makes of an index: its vectors, the lines on its sections, the questions that no document answers."""

    vectors: AdaptedVectors
    glosses: Glosses
    not_covered: Vectors

    @classmethod
    def of(
        cls, adapter: Adapter, vectors: PassageVectors, glosses: Glosses, not_covered: Vectors, language: str
    ) -> Adapted:
        """Of an index in `language`; the lines are in the other one, and texts, not questions."""
        lines = Glosses(adapter.of_passages(glosses.vectors, OTHER[language]), glosses.of)
        return cls(
            AdaptedVectors(vectors, adapter, language), lines, adapter.of_questions(not_covered, language)
        )


def write_index(
    folder: Path,
    language: str,
    vectors: Vectors,
    terms: Iterable[Sequence[str]],
    pairs: Iterable[Sequence[str]],
    places: Iterable[Iterable[str]],
    glosses: Glosses,
    concepts: Iterable[Iterable[str]],
    config: AnswerConfig,
) -> None:
    """Write the files of a language.

    `vectors` has shape (n, dimension), each passage's own before those of the questions beside it. `terms` (morphemes),
    `pairs` (bigrams), `places` (what `places_of` gives) and `concepts` come one a passage, in the order of rows.
    """
    np.savez(folder / f"glosses.{language}.npz", allow_pickle=False, vectors=glosses.vectors, of=glosses.of)
    index = make_index(vectors, config.exact_until)
    faiss.write_index(index, str(folder / f"vectors.{language}.faiss"))
    for name, texts in (("terms", terms), ("pairs", pairs)):
        keywords = Bm25.from_texts(texts, config.bm25_k1, config.bm25_b)
        keywords.save(folder / f"{name}.{language}.npz")
    for name, keys in (("places", places), ("concepts", concepts)):
        Postings.from_texts(keys)[0].save(folder / f"{name}.{language}.npz")


class LanguageIndex:
    """Scores the passages of one language.

    Asked in that language, score = cosine + weight * (BM25 of morphemes + of bigrams) + place. Asked from the other, the
    cosine is the mean of those to the passage and to the line on its section, and the keywords are the glossary's.
    To the best of these is added the share of the question's concepts that they speak of, and their cosines after the adapter.
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
        concepts: Postings | None = None,
        adapted: Adapted | None = None,
    ) -> None:
        self._vectors, self._terms, self._pairs, self._places = vectors, terms, pairs, places
        self._not_covered, self._adapted = not_covered, adapted
        self._concepts = concepts or Postings.from_texts(())[0]
        self._adapter_weight, self._concept_weight = config.adapter_weight, config.concept_weight
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

    def search(self, query: Query, top_k: int) -> Found:
        """The best rows with their scores, best first; of equal scores the lower row."""
        if not self._places.size:
            return []
        keywords = self._keywords(query.words)
        if query.terms:  # half for the words as they were put, half with those that the documents use
            more = self._keywords(" ".join((query.words, *query.terms)))
            keywords = (keywords + more) * np.float32(0.5)
        others = keywords * self._weight + self._place_agreement(query.places)
        rows, cosines = self._vectors.likely(query.vector, others)
        found = _best(rows, cosines + others[rows], max(top_k, _AGAIN))
        return self._again(query, found, across=False)[:top_k]

    def search_across(self, query: Query, top_k: int) -> Found:
        """The same for a question put in the other language, among passages that only this language has."""
        if not self.is_asked_across:
            return []
        keywords = self._keywords(" ".join(query.terms)) * self._across_weight
        others = keywords + self._glosses.cosines(query.vector) + self._place_agreement(query.places)
        rows, cosines = self._vectors.likely(query.vector, others)
        scores = np.where(self._glosses.of[rows] < 0, np.float32(-1), (cosines + others[rows]) / 2)
        return self._again(query, _best(rows, scores, max(top_k, _AGAIN)), across=True)[:top_k]

    def _again(self, query: Query, found: Found, across: bool) -> Found:
        """The best in a new order: by their scores, the concepts they speak of and the adapter."""
        first, rest = found[:_AGAIN], found[_AGAIN:]
        scores, rows = np.array([score for score, _ in first]), [row for _, row in first]
        scores += self._concept_weight * self._concepts_met(query.concepts)[rows]
        if self._adapted and query.adapted is not None:
            passage, asked = self._adapted.vectors.cosines(rows, query.adapted)
            if across:
                asked = self._adapted.glosses.cosines_of(rows, query.adapted)
            scores += self._adapter_weight * (passage + asked)
        order = np.argsort(-scores, kind="stable")
        # What was not looked at again stays behind what was.
        return [(float(scores[i]), rows[i]) for i in order] + rest

    def _concepts_met(self, concepts: Iterable[str]) -> Scores:
        """The share of concepts that each passage speaks of, by rarity, shape (passages,); of those that any speaks of."""
        met, whole = np.zeros(self._places.size, dtype=np.float32), 0.0
        for rows in filter(len, (self._concepts.rows[self._concepts.find(name)] for name in concepts)):
            weight = math.log(1 + self._places.size / len(rows))
            met[rows] += weight
            whole += weight
        return met / np.float32(whole or 1)

    def evidence(self, query: Query, found: Found, across: bool) -> list[Evidence]:
        """How far each passage found supports an answer. `across`: the question was put in the other language."""
        rows, place = [row for _, row in found], self._place_agreement(query.places) / self._place_weight
        plain = self._subjects.of(query.vector)
        refused, plainly_refused = (
            _nearest(self._not_covered, query.vector),
            _nearest(self._plain_not_covered, plain),
        )
        own = [self._vectors.own(row) for row in rows]
        near = [vectors @ query.vector for vectors in own]
        lines = self._glosses.cosines_of(rows, query.vector) if across else np.zeros(len(rows))
        asked = [
            float(line if across else cosines[1:].max() if len(cosines) > 1 else cosines[0])
            for line, cosines in zip(lines, near, strict=True)
        ]
        adapted, ahead = self._adapted_measures(query, rows, across), _ahead([score for score, _ in found])
        wordings = self._wordings(query, rows, across)
        evidence = []
        for number, (row, vectors, cosines, beside) in enumerate(zip(rows, own, near, asked, strict=True)):
            beyond = _USUAL
            if len(vectors) > 1 and not across:
                first, *others = map(float, self._subjects.of(vectors) @ plain)
                beyond = (refused or _USUAL[0], first, max(others), plainly_refused or _USUAL[3])
            words, pairs, covered, missing, unknown, unmet = wordings[number]
            evidence.append(Evidence(
                float(cosines[0]), beside, words, pairs, covered, missing, unknown, beyond[0],
                max(asked) - beside, float(place[row]), *beyond[1:], unmet, *adapted[number], ahead[number],
            ))  # fmt: skip
        return evidence

    def reworded(self, evidence: Iterable[Evidence], query: Query, rows: Sequence[int]) -> list[Evidence]:
        """The same where only the words of `query` are held against the passages, and its matters."""
        names = ("words", "pairs", "covered", "missing", "unknown", "unmet")
        wordings = self._wordings(query, rows, across=False)
        return [
            replace(one, **dict(zip(names, wording, strict=True)))
            for one, wording in zip(evidence, wordings, strict=True)
        ]

    def _wordings(
        self, query: Query, rows: Iterable[int], across: bool
    ) -> list[tuple[float, float, float, float, float, float]]:
        """`words`, `pairs`, `covered`, `missing`, `unknown` and `unmet` of each row."""
        text = " ".join(query.terms) if across else query.words
        words, pairs = list(dict.fromkeys(morphemes(text))), bigrams(text)
        by_words, by_pairs = self._terms.scores(words), self._pairs.scores(pairs)
        weights = {word: self._terms.idf(word) for word in words}
        whole = sum(weights.values())
        unknown = sum(not self._terms.knows(word) for word in words) / max(len(words), 1)
        wordings = []
        for row in rows:
            lacking = [weight for word, weight in weights.items() if not self.mentions(row, word)]
            wordings.append((
                float(by_words[row]), float(by_pairs[row]), 1 - sum(lacking) / whole if weights else 0.0,
                max(lacking, default=0.0) / 10, unknown, float(self._unmet(row, query.matters)),
            ))  # fmt: skip
        return wordings

    def _adapted_measures(
        self, query: Query, rows: Sequence[int], across: bool
    ) -> list[tuple[float, float, float]]:
        """`adapted_passage`, `adapted_asked` and `adapted_not_covered` of each row."""
        if not self._adapted or query.adapted is None:
            return [_USUAL_ADAPTED] * len(rows)
        passage, asked = self._adapted.vectors.cosines(rows, query.adapted)
        if across:
            asked = self._adapted.glosses.cosines_of(rows, query.adapted)
        refused = _nearest(self._adapted.not_covered, query.adapted)
        return [
            (float(one), float(other), refused if self._vectors.has_questions(row) else _USUAL_ADAPTED[2])
            for row, one, other in zip(rows, passage, asked, strict=True)
        ]

    def _unmet(self, row: int, matters: Iterable[Matter]) -> int:
        """How many of the matters a passage says nothing about."""
        return sum(not self._concepts.has(row, matter.ko) for matter in matters) if self._concepts.size else 0

    def tells_of(self, matter: Matter) -> bool:
        """Whether any passage says something about a matter; True where the release does not tell."""
        return not self._concepts.size or len(self._concepts.rows[self._concepts.find(matter.ko)]) > 0

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

    def knows(self, *terms: str) -> bool:
        """Whether any passage has the term; of several, whether one has them all."""
        postings = self._terms.postings
        rows = [postings.rows[postings.find(term)] for term in terms]
        return bool(len(reduce(partial(np.intersect1d, assume_unique=True), rows)))


def _nearest(vectors: Vectors, question: Vectors) -> float:
    """The highest cosine of a question to any of the vectors; 0 where there are none."""
    return float((vectors @ question).max()) if len(vectors) else 0.0


def _ahead(scores: Sequence[float]) -> list[float]:
    """How far each score lies above the best of the others, below 0 where it does not."""
    first, *others = sorted(scores, reverse=True) or [0.0]
    second = others[0] if others else first
    return [score - (second if score == first else first) for score in scores]


def _best(rows: NDArray[np.int64], scores: Scores, top_k: int) -> Found:
    best = np.argsort(-scores, kind="stable")[:top_k]
    return [(float(scores[i]), int(rows[i])) for i in best]


def open_index(
    folder: Path,
    database: sqlite3.Connection,
    language: str,
    config: AnswerConfig,
    adapter: Adapter | None = None,
) -> LanguageIndex:
    """Load what `write_index` wrote. Raises ValueError where the files do not fit together."""
    terms, pairs = (Bm25.load(folder / f"{name}.{language}.npz") for name in ("terms", "pairs"))
    places, told = Postings.load(folder / f"places.{language}.npz"), folder / f"concepts.{language}.npz"
    concepts = Postings.load(told) if told.exists() else None  # releases of before 2026-11-24 have none
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
    adapted = Adapted.of(adapter, vectors, glosses, not_covered, language) if adapter else None
    return LanguageIndex(vectors, terms, pairs, places, glosses, not_covered, config, concepts, adapted)
