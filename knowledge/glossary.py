"""Terms in Korean and English: they carry a question into the other language, and are explained to users who ask."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from knowledge.lexical import morphemes, morphemes_of

GLOSSARY = "glossary.csv"
# Korean words of two syllables lie inside others ("보은" in "정보은행"): only as words of their own do they count.
_COMPOUND = 3
_GAP = re.compile(r"[\s·ㆍ]")  # writers set these at will
_COLUMNS = ("ko", "en", "ko_variants", "en_variants", "meaning_ko", "meaning_en", "clause", "as_of")


@dataclass(frozen=True, slots=True)
class Term:
    """One term. `meaning_*`, `clause` (act and article that define it) and the date of that text are empty for general vocabulary."""

    ko: str
    en: str
    ko_variants: tuple[str, ...]
    en_variants: tuple[str, ...]
    meaning_ko: str
    meaning_en: str
    clause: str
    as_of: str

    def forms(self, language: str) -> tuple[str, ...]:
        """The main form in `ko` or `en`, then its variants."""
        return (self.ko, *self.ko_variants) if language == "ko" else (self.en, *self.en_variants)


class Glossary:
    """Finds terms in Korean and English text. A longer form hides the shorter ones inside it."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Index the forms of `terms`; of two terms with one form both are found."""
        self.terms = tuple(terms)
        self._found = lru_cache(maxsize=64)(self._find)  # a search asks once for each language
        self._compounds: dict[str, list[Term]] = {}
        self._words: dict[tuple[str, ...], list[Term]] = {}
        for term in self.terms:
            for form in (*term.forms("ko"), *term.forms("en")):
                if len(_tight(form)) >= _COMPOUND and re.search(r"[가-힣]", form):
                    _add(self._compounds, _tight(form), term)
                else:
                    _add(self._words, tuple(morphemes(form)), term)
        self._words.pop((), None)
        self._lengths: dict[str, list[int]] = {}  # of the forms that begin so, the longest first
        for first, length in ((form[0], len(form)) for form in (*self._compounds, *self._words)):
            self._lengths.setdefault(first, []).append(length)
        for first, lengths in self._lengths.items():
            self._lengths[first] = sorted(set(lengths), reverse=True)

    @classmethod
    def read(cls, path: Path) -> Glossary:
        """Read a `glossary.csv`. Raises ValueError naming row and column where one lacks its two main forms."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Glossary:
        """From rows with the columns of `glossary.csv`; variants are split at semicolons. The last ones made are kept:
        one takes most of a second, and seldom changes from release to release.
        """
        return _made(tuple(_term(row, number) for number, row in enumerate(rows, start=2)))

    def find(self, text: str) -> list[Term]:
        """Terms that a text has in either language, each once: Korean compounds before shorter words."""
        return list(self._found(text))

    def _find(self, text: str) -> tuple[Term, ...]:
        return tuple(next(self.find_each([text])))

    def find_each(self, texts: Sequence[str]) -> Iterator[list[Term]]:
        """Yield the terms of each text; for many texts in less time than one by one."""
        parted = [self._compounds_of(text) for text in texts]
        for (found, _), words in zip(parted, morphemes_of([rest for _, rest in parted]), strict=True):
            others = chain.from_iterable(terms for _, _, terms in self._matches(tuple(words), self._words))
            yield list(dict.fromkeys((*found, *others)))

    def _compounds_of(self, text: str) -> tuple[list[Term], str]:
        """Terms that are Korean compounds, and the text without them."""
        signs = [(i, sign.lower()[0]) for i, sign in enumerate(text) if not _GAP.match(sign)]
        tight, rest, found = "".join(sign for _, sign in signs), list(text), list[Term]()
        for start, end, terms in self._matches(tight, self._compounds):
            found += terms
            first, last = signs[start][0], signs[end - 1][0]
            rest[first : last + 1] = " " * (last + 1 - first)
        return found, "".join(rest)

    def _matches(self, text: Any, forms: Mapping[Any, list[Term]]) -> Iterator[tuple[int, int, list[Term]]]:
        """Start, end and terms of the longest forms in a string or a tuple of words, from left to right."""
        start = 0
        while start < len(text):
            ends = (start + length for length in self._lengths.get(text[start], ()))
            end = next((end for end in ends if end <= len(text) and text[start:end] in forms), 0)
            if end:
                yield start, end, forms[text[start:end]]
            start = end or start + 1

    def translated(self, text: str, language: str) -> list[str]:
        """The main forms in `language` of the terms that a text has."""
        return main_forms(self.find(text), language)


def main_forms(terms: Iterable[Term], language: str) -> list[str]:
    """The main form in `language` of each term, each once."""
    return list(dict.fromkeys(term.forms(language)[0] for term in terms))


@lru_cache(maxsize=4)
def _made(terms: tuple[Term, ...]) -> Glossary:
    return Glossary(terms)


def _add(index: dict[Any, list[Term]], form: Any, term: Term) -> None:
    terms = index.setdefault(form, [])
    if term not in terms:
        terms.append(term)


def _tight(text: str) -> str:
    return _GAP.sub("", text.lower())


def _term(row: Mapping[str, Any], number: int) -> Term:
    values = {name: str(row.get(name) or "").strip() for name in _COLUMNS}
    for name in ("ko", "en"):
        if not values[name]:
            raise ValueError(
                f"{GLOSSARY} row {number}: column {name!r} is empty; each term needs its Korean and its English form."
            )
    variants = {
        name: tuple(part.strip() for part in values[name].split(";") if part.strip())
        for name in ("ko_variants", "en_variants")
    }
    return Term(**(values | variants))  # type: ignore[arg-type]
