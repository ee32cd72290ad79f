"""Matters: what people ask about by name. A passage that has no word of a matter says nothing about it.

Wastewater, VAT, a commuter bus: a passage may lie near a question on these and answer another one. `matters.csv` has the
words that name each in a question, and in `also` those that a text may use instead but that are too common to ask by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge.glossary import Glossary, Term


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter with its names; `knowledge/concepts.py` tells which passages speak of it, by its Korean one."""

    ko: str
    en: str

    def name(self, language: str) -> str:
        """Its name in `ko` or `en`."""
        return self.ko if language == "ko" else self.en


class Matters:
    """Finds the matters that a question names."""

    def __init__(self, names: Glossary, also: Mapping[str, Iterable[str]]) -> None:
        """`names` are found in questions; `also` gives by Korean main form what stands for a matter in texts alone."""
        self._names, self._also = names, also
        self.named = lru_cache(maxsize=64)(self._named)  # a search asks once for each language

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Matters:
        """From rows with the columns of `matters.csv`; the last ones made are kept. Raises ValueError where one lacks its Korean
        or English name.
        """
        kept = list(rows)
        return _made(Glossary.from_rows(kept), tuple((row["ko"].strip(), row["also"]) for row in kept))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the Korean main form of each matter with each of its forms, as texts may put it."""
        return ((term.ko, text) for term in self._names.terms for text in self._texts(term))

    def _named(self, question: str) -> tuple[Matter, ...]:
        """The matters that a question names, in either language. `named` is this, remembered."""
        return tuple(Matter(term.ko, term.en) for term in self._names.find(question))

    def _texts(self, term: Term) -> tuple[str, ...]:
        return (*term.forms("ko"), *term.forms("en"), *self._also.get(term.ko, ()))


@lru_cache(maxsize=4)
def _made(names: Glossary, also: tuple[tuple[str, str], ...]) -> Matters:
    return Matters(names, {name: forms.split(";") for name, forms in also})
