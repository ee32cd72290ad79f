"""Questions that mix both languages, put into one: "울산 UCZ의 target industry" asks what "울산 도심융합특구의 유치업종" asks.

Names of the gazetteer and terms of the glossary that stand in the other script are put in their form of the question's language;
what neither knows stays as it is. Particles stay behind: the analyser cuts them off anyway.
"""

from __future__ import annotations

import re

from knowledge.gazetteer import Gazetteer
from knowledge.glossary import Glossary, Term

_RUN = {
    # Not the M of "1.93M", nor a letter by itself.
    "ko": re.compile(r"(?<![\d.])(?<![A-Za-z])[A-Za-z]{2,}(?:(?:\s+|['’&/-])[A-Za-z]+)*"),
    "en": re.compile(r"[가-힣]+(?:\s+[가-힣]+)*"),
}
_NAMED = frozenset({"region", "programme", "facility_type", "company_type", "origin"})
_LONG = 1.3  # times the shortest form
_LETTER = re.compile(r"[A-Za-z가-힣]")


def in_one_language(text: str, language: str, gazetteer: Gazetteer, glossary: Glossary) -> str:
    """A question in `ko` or `en`, its names and terms in the other script put into its own language."""
    return _RUN[language].sub(lambda run: _put(run.group(), language, gazetteer, glossary), text)


def _put(run: str, language: str, gazetteer: Gazetteer, glossary: Glossary) -> str:
    done, position = [], 0
    for mention in gazetteer.find(run):
        if mention.entry.kind in _NAMED:
            done += [_terms(run[position : mention.start], language, glossary), mention.entry.name(language)]
            position = mention.end
    return " ".join(filter(None, (*done, _terms(run[position:], language, glossary))))


def _terms(words: str, language: str, glossary: Glossary) -> str:
    """The glossary's forms for a stretch of words; the words themselves where it has none."""
    if not _LETTER.search(words):
        return ""
    return " ".join(dict.fromkeys(_short(term, language) for term in glossary.find(words))) or words.strip()


def _short(term: Term, language: str) -> str:
    """The main form, but for the long names of acts the one that people say."""
    main, shortest = term.forms(language)[0], min(term.forms(language), key=len)
    return shortest if len(main) > _LONG * len(shortest) else main
