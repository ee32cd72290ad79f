"""Concepts: what is meant, however it is put, in either language.

A term of the glossary and a matter of `matters.csv` each have many forms. A question that has one and a passage that has
another speak of the same thing without sharing a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from knowledge.config import LANGUAGES
from knowledge.glossary import Glossary
from knowledge.lexical import morphemes_of
from knowledge.matters import Matters


class Concepts:
    """Tells which concepts a text has; each goes by its Korean main form."""

    def __init__(self, glossary: Glossary, matters: Matters) -> None:
        """Those of both tables; a concept that both have is one."""
        self._glossary, self._matters = glossary, matters

    def named(self, question: str) -> tuple[str, ...]:
        """The concepts that a question names. A longer form hides the shorter ones inside it."""
        terms = (term.ko for term in self._glossary.find(question))
        return tuple(dict.fromkeys((*terms, *(matter.ko for matter in self._matters.named(question)))))

    def told(self, passages: Iterable[Sequence[Iterable[str]]]) -> Iterator[list[str]]:
        """Yield the concepts of each passage, given as the morphemes of its text and of each question beside it.

        Those of which the text, or one of the questions, has all morphemes of a form, in any order. Not of all together:
        dozens of questions have the words of many forms among them.
        """
        by_rarest = _by_rarest(self._glossary, self._matters)

        def found_in(text: Iterable[str]) -> Iterator[str]:
            words = frozenset(text)
            for word in sorted(words):
                yield from (name for form, name in by_rarest.get(word, ()) if form <= words)

        for texts in passages:
            yield list(dict.fromkeys(chain.from_iterable(map(found_in, texts))))


@lru_cache(maxsize=2)  # seconds of work, and tables seldom change from build to build
def _by_rarest(glossary: Glossary, matters: Matters) -> Mapping[str, list[tuple[frozenset[str], str]]]:
    """Each form, as a set of morphemes, with its concept; by the morpheme that the fewest forms have."""
    told = [
        (term.ko, form) for term in glossary.terms for language in LANGUAGES for form in term.forms(language)
    ]
    told += matters.texts()
    forms: dict[frozenset[str], list[str]] = {}
    for words, (name, _) in zip(morphemes_of([form for _, form in told]), told, strict=True):
        forms.setdefault(frozenset(words), []).append(name)
    forms.pop(frozenset(), None)
    often = Counter(word for form in forms for word in form)
    by_rarest: dict[str, list[tuple[frozenset[str], str]]] = {}
    for form, names in forms.items():
        rarest = min(form, key=lambda word: (often[word], word))
        by_rarest.setdefault(rarest, []).extend((form, name) for name in names)
    return by_rarest
