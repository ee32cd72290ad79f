"""The keyword side of the hybrid search: Korean morphemes, English words and character bigrams under BM25."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Nouns, verbs, adjectives, numbers, foreign words, roots: what carries meaning in Kiwi's (Sejong) tag set.
_CONTENT_TAGS = ("NN", "NP", "NR", "VV", "VA", "MA", "SL", "SH", "SN", "XR")
# Verbs and dependent nouns that occur in nearly every question and say nothing of its subject.
_STOP_MORPHEMES = frozenset(
    "하 되 있 없 이 것 수 등 때 중 알 싶 주 받 대하 관하 위하 어떻 무엇 뭐 어디 누구 언제 알리 말 말씀 가르치 궁금 부탁".split()
)
_STOP_WORDS = frozenset(
    (
        "a an the is are was were be been do does did can could will would should may must have has had "
        "of to in on at for from with by about and or if not it its we our us you your i my me they their "
        "this that these those there what which who whom when where why how please tell any as so than "
        "then there's also into up out get got"
    ).split()
)
_WORD = re.compile(r"[a-z0-9][a-z0-9.,%-]*[a-z0-9%]|[a-z0-9]", re.IGNORECASE)
_BIGRAM_RUN = re.compile(r"[가-힣a-z0-9]+")


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    # Without the multi-word and typo dictionaries it holds 330 MB instead of 520.
    return Kiwi(num_workers=1, load_multi_dict=False, load_typo_dict=False)


def morphemes(text: str) -> list[str]:
    """Content morphemes of Korean and stemmed words of English, lower case, in order."""
    terms: list[str] = []
    if re.search(r"[가-힣]", text):
        for token in _kiwi().tokenize(text):
            form = token.form.lower()
            if token.tag == "SL":
                terms += [_stem(word) for word in _WORD.findall(form) if word not in _STOP_WORDS]
            elif token.tag.startswith(_CONTENT_TAGS) and form not in _STOP_MORPHEMES:
                terms.append(form)
        return terms
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring characters inside each run of letters and digits; spacing errors do not matter much."""
    terms: list[str] = []
    for run in _BIGRAM_RUN.findall(text.lower()):
        terms += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return terms


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


class Bm25:
    """BM25 over tokenised texts, each score divided by the highest one the query could reach.

    The bound is the sum over the query's distinct terms of idf * (k1 + 1); a term no text has counts log(1 + N),
    so a question about something else stays low. Scores lie in 0..1.
    """

    def __init__(self, texts: Sequence[Iterable[str]], k1: float, b: float) -> None:
        """Index `texts`, one iterable of terms a row."""
        self._k1 = k1
        self._size = len(texts)
        postings: dict[str, list[tuple[int, int]]] = {}
        lengths = np.zeros(self._size, dtype=np.float32)
        for row, terms in enumerate(texts):
            counts = Counter(terms)
            lengths[row] = counts.total()
            for term, count in counts.items():
                postings.setdefault(term, []).append((row, count))
        mean = float(lengths.mean()) if self._size else 1.0
        self._norm = k1 * (1 - b + b * lengths / max(mean, 1.0))
        self._postings = {
            term: (
                np.array([row for row, _ in found]),
                np.array([count for _, count in found], dtype=np.float32),
            )
            for term, found in postings.items()
        }

    def idf(self, term: str) -> float:
        """Weight of a term: high where few texts have it, log(1 + N) where none has."""
        found = self._postings.get(term)
        if found is None:
            return math.log(1 + self._size)
        return math.log(1 + (self._size - len(found[0]) + 0.5) / (len(found[0]) + 0.5))

    def knows(self, term: str) -> bool:
        """Whether any text has the term."""
        return term in self._postings

    def scores(self, query: Iterable[str]) -> Scores:
        """Scores in 0..1, shape (number of texts,)."""
        scores = np.zeros(self._size, dtype=np.float32)
        bound = 0.0
        for term in set(query):
            weight = self.idf(term)
            bound += weight * (self._k1 + 1)
            if term in self._postings:
                rows, counts = self._postings[term]
                scores[rows] += weight * counts * (self._k1 + 1) / (counts + self._norm[rows])
        return scores / np.float32(bound) if bound else scores
