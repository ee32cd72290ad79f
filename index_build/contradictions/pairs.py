"""Contradictions between documents: two documents that tell different values of one fact at one time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index_build.contradictions.context import Told
from index_build.contradictions.facts import Fact, FactReader, Statement
from index_build.contradictions.figures import compatible, equal
from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer

__all__ = ["Contradiction", "Statement", "find_contradictions"]

# How alike what is said around two figures must be, of 1, and how much must speak for one subject at all. Rules resemble
# each other more than areas and amounts do: nearly every relief runs for some years.
_LIKENESS, _LIKENESS_OF_RULES, _EVIDENCE = 0.5, 0.6, 1.0
_RULES = ("%", "points", "months", "days", "deadline")
# Areas, prices and numbers of companies or lots need no word to say what they are.
_PLAIN = ("m2", "won/m2", "count:company", "count:lot")
# Weight of a word next to the figure, elsewhere in the sentence, and in the heading or the sentence before.
_NEAR, _FARTHER, _AROUND = 1.0, 0.3, 0.2
# The statement that says less decides more than the longer one.
_SHORTER = 0.75
# A tax or tier told in a heading counts this much beside one told in the sentence.
_INHERITED = 0.5
# An equal value elsewhere in the other document explains the difference if it is nearly as alike.
_EXPLAINED = 0.8
# In a larger bucket only facts that share a word are compared, one that at most so many of them have.
_BUCKET, _RARE = 300, 40
_WORD = re.compile(r"(?<![가-힣])[가-힣]{2,3}|[a-z]{4,}", re.IGNORECASE)

Pair = tuple[Fact, Fact]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements of different documents with different values of one fact. Values are in `unit`.

    `newer` is the id of the document with the later as-of month, empty where they are equal or one is not known.
    `likeness` is how alike what is said around the figures is, of 1.
    """

    first: Statement
    second: Statement
    first_value: float
    second_value: float
    first_shown: str
    second_shown: str
    unit: str
    newer: str
    likeness: float


def find_contradictions(
    statements: Sequence[Statement], gazetteer: Gazetteer | None = None
) -> list[Contradiction]:
    """Every contradiction between two documents of one language, the most alike first.

    Statements come in the order of their documents. Without `gazetteer` the shipped names of places are used.
    """
    reader = FactReader(gazetteer or Gazetteer.read(DOCUMENTS / "gazetteer.csv"))
    pairs = {
        (id(one), id(other)): (one, other)
        for bucket in _buckets(reader.read(statements))
        for one, other in _candidates(bucket, reader)
        if _comparable(one, other)
    }
    found = {
        (c.first, c.first_shown, c.second, c.second_shown): c for c in _unexplained(pairs.values(), reader)
    }
    return sorted(found.values(), key=lambda contradiction: -contradiction.likeness)


def _buckets(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    """Facts of one kind of figure and one place; those of a place also stand with those of its province."""
    buckets: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        for place in fact.places | fact.provinces:
            buckets[fact.statement.language, fact.act, fact.figure.kind, *fact.told, place].append(fact)
    return (bucket for bucket in buckets.values() if len(bucket) > 1)


def _candidates(bucket: Sequence[Fact], reader: FactReader) -> Iterator[tuple[Fact, Fact]]:
    if len(bucket) <= _BUCKET:
        yield from combinations(bucket, 2)
        return
    sharing: dict[str, list[Fact]] = defaultdict(list)
    for fact in bucket:
        for word in set(_WORD.findall(reader.own_words(fact.statement.sentence))):
            sharing[word].append(fact)
    for facts in sharing.values():
        if len(facts) <= _RARE:
            yield from combinations(facts, 2)


def _comparable(one: Fact, other: Fact) -> bool:
    """Whether two facts can be of one subject, by everything but the words around them."""
    return (
        one.statement.document_id != other.statement.document_id
        and _same_time(one, other)
        and _same_row(one, other)
        and one.designators == other.designators
        and _no_conflict(one.articles, other.articles)
        and all(
            _no_conflict(one.dimensions[name].anywhere, other.dimensions[name].anywhere)
            for name in ("site", "measure")
        )
        and all(_meet(one.dimensions[name], other.dimensions[name]) for name in ("tax", "tier", "basis"))
        and _same_programme(one, other)
    )


def _same_time(one: Fact, other: Fact) -> bool:
    """Two told times must overlap; one told time must reach the year of the other document's as-of date."""
    if one.times and other.times:
        return any(
            first <= last2 and first2 <= last for first, last in one.times for first2, last2 in other.times
        )
    if not one.times and not other.times:
        return True
    told, untold = (one, other) if one.times else (other, one)
    year = 12 * int(untold.statement.as_of[:4] or 0)
    return any(first <= year + 12 and year < last for first, last in told.times)


def _same_row(one: Fact, other: Fact) -> bool:
    """Rows of tables that begin alike are of one thing only if they name the same; places are compared by themselves."""
    (name, value, _), (name2, value2, _) = one.label, other.label
    return name != name2 or value == value2 or bool({*one.places, *other.places} - {"nation"})


def _no_conflict(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or not one.isdisjoint(other)


def _meet(one: Told, other: Told) -> bool:
    """A value told in one sentence must stand in the other, or before it, in its heading or title."""
    if one.here or other.here:
        return not one.anywhere.isdisjoint(other.anywhere)
    return _no_conflict(one.anywhere, other.anywhere)


def _same_programme(one: Fact, other: Fact) -> bool:
    """Areas and counts are of a programme's land; shares and periods are of its rules, and differ where two programmes meet."""
    if one.figure.kind in _PLAIN:
        return _same_part(one, other) and _meet(one.programme, other.programme)
    return not (one.programme.anywhere ^ other.programme.anywhere) - {"innovation_city"}


def _same_part(one: Fact, other: Fact) -> bool:
    """A cluster is a part of an innovation city, and its area and price are not the city's."""
    parts = one.dimensions["part"].anywhere, other.dimensions["part"].anywhere
    return one.figure.kind == "count:company" or not any(parts) or not parts[0].isdisjoint(parts[1])


def _likeness(one: Fact, other: Fact, reader: FactReader) -> float:
    """Share of what is said around the figures that both statements say; 0 where too little speaks for one subject."""
    if not (_knows_base(one, other, reader) and _knows_base(other, one, reader)):
        return 0.0
    (known, unknown), (known2, unknown2) = _known(one, other, reader), _known(other, one, reader)
    both = (known + known2) / 2 + _told_alike(one, other)
    missed = _SHORTER * min(unknown, unknown2) + (1 - _SHORTER) * max(unknown, unknown2)
    return both / (both + missed) if both >= _EVIDENCE else 0.0


def _knows_base(one: Fact, other: Fact, reader: FactReader) -> bool:
    """Whether one statement speaks of what the other's share is of: 50 % of the rent is no 70 % of the investment."""
    base = reader.terms(other.base)
    statement = one.statement
    texts = (statement.sentence, one.before, statement.section, statement.title)
    return not base or any(not base.isdisjoint(reader.terms(text)) for text in texts)


def _known(one: Fact, other: Fact, reader: FactReader) -> tuple[float, float]:
    """Weights of the words of one statement that the other has, and of those it lacks."""
    statement, other_statement = one.statement, other.statement
    weights = dict.fromkeys(reader.terms(statement.section) | reader.terms(one.before), _AROUND)
    weights |= dict.fromkeys(reader.terms(statement.sentence), _FARTHER)
    weights |= dict.fromkeys(_own_terms(one, reader), _NEAR)
    worth = dict.fromkeys(reader.terms(other_statement.title), 0.5)
    for text in (other_statement.section, other.before, other_statement.sentence):
        worth |= dict.fromkeys(reader.terms(text), 0.8)
    worth |= dict.fromkeys(_own_terms(other, reader), 1.0)
    known = sum(weight * worth.get(term, 0.0) for term, weight in weights.items())
    return known, sum(weight for term, weight in weights.items() if term not in worth)


def _own_terms(fact: Fact, reader: FactReader) -> frozenset[str]:
    return reader.terms(fact.statement.sentence, fact.zone) | reader.terms(fact.label[2])


def _told_alike(one: Fact, other: Fact) -> float:
    """What the dimensions that two comparable facts share speak for one subject."""
    shared = float(sum(bool(value) for value in one.told))
    shared += one.figure.kind in _PLAIN and "nation" not in one.places
    for name in ("tax", "tier", "site", "measure"):
        a, b = one.dimensions[name], other.dimensions[name]
        if a.anywhere and b.anywhere:
            shared += 1.0 if a.here and b.here else _INHERITED
    return shared


def _unexplained(pairs: Iterable[Pair], reader: FactReader) -> Iterator[Contradiction]:
    """Pairs that differ, where neither document tells the other's value of something nearly as alike."""
    differing: list[tuple[Fact, Fact, float]] = []
    agreeing: dict[tuple[int, str], list[Pair]] = defaultdict(list)
    for one, other in pairs:
        if equal(one.figure, other.figure):
            agreeing[id(one), other.statement.document_id].append((one, other))
            agreeing[id(other), one.statement.document_id].append((one, other))
        elif not compatible(one.figure, other.figure):
            likeness = _likeness(one, other, reader)
            if likeness >= (_LIKENESS_OF_RULES if one.figure.kind in _RULES else _LIKENESS):
                differing.append((one, other, likeness))
    for one, other, likeness in differing:
        told = agreeing[id(one), other.statement.document_id] + agreeing[id(other), one.statement.document_id]
        if all(_likeness(a, b, reader) < _EXPLAINED * likeness for a, b in told):
            yield _contradiction(one, other, likeness)


def _contradiction(one: Fact, other: Fact, likeness: float) -> Contradiction:
    months = {fact.statement.as_of[:7] for fact in (one, other)}
    latest = max((one, other), key=lambda fact: fact.statement.as_of)
    return Contradiction(
        first=one.statement,
        second=other.statement,
        first_value=one.figure.high,
        second_value=other.figure.high,
        first_shown=one.statement.sentence[one.figure.start : one.figure.end],
        second_shown=other.statement.sentence[other.figure.start : other.figure.end],
        unit=one.figure.kind,
        newer=latest.statement.document_id if "" not in months and len(months) == 2 else "",
        likeness=likeness,
    )
