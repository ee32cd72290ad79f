"""The keyword side of the hybrid search: Korean morphemes, English words and character bigrams under BM25."""

from __future__ import annotations

import math
import os
import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
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
_KOREAN = re.compile(r"[가-힣]")
_BIGRAM_RUN = re.compile(r"[가-힣a-z0-9]+")


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    # Without the multi-word and typo dictionaries it holds 330 MB instead of 520. Workers serve lists of texts only.
    return Kiwi(num_workers=2, load_multi_dict=False, load_typo_dict=False)


# A forked child has none of the workers, and would wait for them for ever. The old analyser is kept: its end waits for them too.
_LEFT_BEHIND: list[Any] = []


def _begin_anew() -> None:
    if _kiwi.cache_info().currsize:
        _LEFT_BEHIND.append(_kiwi())
        _kiwi.cache_clear()


os.register_at_fork(after_in_child=_begin_anew)


def morphemes(text: str) -> list[str]:
    """Content morphemes of Korean and stemmed words of English, lower case, in order."""
    return list(_morphemes(text))


@lru_cache(maxsize=256)  # a search asks for those of its question several times
def _morphemes(text: str) -> tuple[str, ...]:
    return tuple(next(morphemes_of([text])))


def morphemes_of(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the morphemes of each text, the Korean ones worked out on two cores: less than half the time of one by one."""
    korean = [text for text in texts if _KOREAN.search(text)]
    analysed = iter(_kiwi().tokenize(korean) if len(korean) > 1 else map(_kiwi().tokenize, korean))
    for text in texts:
        yield _content(next(analysed)) if _KOREAN.search(text) else _stems(text)


def _content(tokens: Iterable[Any]) -> list[str]:
    terms: list[str] = []
    for token in tokens:
        if token.tag == "SL":
            terms += _stems(token.form)
        elif token.tag.startswith(_CONTENT_TAGS) and token.form.lower() not in _STOP_MORPHEMES:
            terms.append(token.form.lower())
    return terms


def _stems(text: str) -> list[str]:
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


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


class Postings:
    """Which rows have which terms. Terms lie sorted in one run of bytes, rows in one array: nothing to build at load."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """From the arrays that `arrays()` gives or a file holds."""
        self.size = int(arrays["size"])
        self._letters = arrays["letters"].tobytes()
        self._letter_ends, self._ends = arrays["letter_ends"], arrays["ends"]
        self.rows: NDArray[np.int32] = arrays["rows"]
        self.find = lru_cache(maxsize=4096)(self._find)

    @classmethod
    def from_texts(cls, texts: Iterable[Iterable[str]]) -> tuple[Postings, NDArray[np.float32]]:
        """Index `texts`, one iterable of terms a row; beside the postings how often each occurs, in their order."""
        ids: dict[str, int] = {}
        terms, counts, sizes = array("i"), array("i"), array("i")
        for text in texts:
            found = Counter(text)
            terms.extend(ids.setdefault(term, len(ids)) for term in found)
            counts.extend(found.values())
            sizes.append(len(found))
        names = sorted(ids, key=str.encode)
        rank = np.empty(len(ids), dtype=np.int32)
        rank[[ids[name] for name in names]] = np.arange(len(ids))
        ranked = rank[_integers(terms)]
        order = np.argsort(ranked, kind="stable")
        encoded = [name.encode() for name in names]
        arrays: dict[str, NDArray[Any]] = {
            "size": np.array(len(sizes)),
            "letters": np.frombuffer(b"".join(encoded), dtype=np.uint8),
            "letter_ends": np.cumsum([0, *map(len, encoded)]),
            "ends": np.cumsum(np.concatenate([[0], np.bincount(ranked, minlength=len(names))])),
            "rows": np.repeat(np.arange(len(sizes), dtype=np.int32), _integers(sizes))[order],
        }
        return cls(arrays), _integers(counts)[order].astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> Postings:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays)

    def save(self, path: Path) -> None:
        """Write to an `.npz` file."""
        np.savez(path, allow_pickle=False, **self.arrays())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All it consists of, as arrays to save."""
        return {
            "size": np.array(self.size),
            "letters": np.frombuffer(self._letters, dtype=np.uint8),
            "letter_ends": self._letter_ends,
            "ends": self._ends,
            "rows": self.rows,
        }

    def counts(self) -> NDArray[np.int64]:
        """In how many rows each term occurs, in the order of terms."""
        return np.diff(self._ends)

    def _find(self, term: str) -> slice[int, int, None]:
        """Where in `rows` those of a term lie, ascending; an empty slice where no row has it. `find` is this, remembered."""
        wanted = term.encode()
        position = bisect_left(range(len(self._ends) - 1), wanted, key=self._name)
        if position == len(self._ends) - 1 or self._name(position) != wanted:
            return slice(0, 0)
        return slice(int(self._ends[position]), int(self._ends[position + 1]))

    def has(self, row: int, term: str) -> bool:
        """Whether a row has the term."""
        rows = self.rows[self.find(term)]
        position = int(np.searchsorted(rows, row))
        return position < len(rows) and int(rows[position]) == row

    def _name(self, position: int) -> bytes:
        return self._letters[self._letter_ends[position] : self._letter_ends[position + 1]]


def _integers(values: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(values, dtype=np.int32) if values else np.zeros(0, dtype=np.int32)


class Bm25:
    """BM25 over tokenised texts, each score divided by the highest one the query could reach.

    The bound is the sum over the query's distinct terms of idf * (k1 + 1); a term no text has counts log(1 + N),
    so a question about something else stays low. Scores lie in 0..1. What a term adds to a text is worked out when
    the release is made, so `bm25_k1` and `bm25_b` take effect with the next one.
    """

    def __init__(self, postings: Postings, weights: Scores, k1: float) -> None:
        """`weights` are what each posting adds to its row's score, in the order of the postings."""
        self.postings, self._weights, self._k1 = postings, weights, k1
        self._remembered = lru_cache(maxsize=16)(self._scores)

    @classmethod
    def from_texts(cls, texts: Iterable[Iterable[str]], k1: float, b: float) -> Bm25:
        """Index `texts`, one iterable of terms a row."""
        postings, counts = Postings.from_texts(texts)
        lengths = np.bincount(postings.rows, counts, minlength=postings.size).astype(np.float32)
        mean = float(lengths.mean()) if postings.size else 1.0
        norm = k1 * (1 - b + b * lengths / max(mean, 1.0))
        rows_each = postings.counts()
        idf = np.log(1 + (postings.size - rows_each + 0.5) / (rows_each + 0.5)).astype(np.float32)
        weights = np.repeat(idf, rows_each) * counts * (k1 + 1) / (counts + norm[postings.rows])
        return cls(postings, weights.astype(np.float32), k1)

    @classmethod
    def load(cls, path: Path) -> Bm25:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(Postings(arrays), arrays["weights"], float(arrays["k1"]))

    def save(self, path: Path) -> None:
        """Write to an `.npz` file."""
        arrays = self.postings.arrays() | {"weights": self._weights, "k1": np.array(self._k1)}
        np.savez(path, allow_pickle=False, **arrays)

    def idf(self, term: str) -> float:
        """Weight of a term: high where few texts have it, log(1 + N) where none has."""
        return self._idf(self.postings.find(term))

    def knows(self, term: str) -> bool:
        """Whether any text has the term."""
        place = self.postings.find(term)
        return place.start < place.stop

    def scores(self, query: Iterable[str]) -> Scores:
        """Scores in 0..1, shape (number of texts,); not to be written to: the last ones are kept, a search asks for them again."""
        return self._remembered(tuple(dict.fromkeys(query)))

    def _scores(self, terms: tuple[str, ...]) -> Scores:
        scores = np.zeros(self.postings.size, dtype=np.float32)
        bound = 0.0
        for term in terms:
            place = self.postings.find(term)
            bound += self._idf(place) * (self._k1 + 1)
            scores[self.postings.rows[place]] += self._weights[place]
        if bound:
            scores /= np.float32(bound)
        scores.flags.writeable = False
        return scores

    def _idf(self, place: slice[int, int, None]) -> float:
        count, size = place.stop - place.start, self.postings.size
        return math.log(1 + (size - count + 0.5) / (count + 0.5)) if count else math.log(1 + size)
