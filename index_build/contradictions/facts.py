"""What a statement says of each figure in it: of which place, programme, time, tax, share or company size it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index_build.contradictions.context import (
    DIMENSIONS,
    Mention,
    Span,
    Time,
    Told,
    articles,
    base,
    designators,
    dimension,
    dimension_mentions,
    nearest,
    phase,
    times,
    zones,
)
from index_build.contradictions.figures import Figure, find_figures
from index_build.contradictions.numerals import MONTH
from knowledge.gazetteer import Gazetteer
from knowledge.lexical import morphemes

# Which dimensions must be equal to tell figures of a kind alike; a share may be of nearly anything.
_EQUAL = {
    "m2": ("status",),
    "count:lot": ("status",),
    "%": ("aid", "status"),
    "points": ("aid",),
    "months": ("aid",),
}
_ROW = re.compile(r"(?P<name>[^;:]{1,40}): (?P<value>[^;:]*)(?:;|$)")
# "(page of Gangwon Province)" says where a figure was read, not where it holds.
_READ_THERE = re.compile(r"\s?\S{0,6}\s?(?:페이지|누리집|홈페이지|안내문|page|website|guide)", re.IGNORECASE)
_READ_AT = re.compile(r"(?:page of|shown by|told by|read on the)\s$", re.IGNORECASE)
# Figures, months and where companies move from: nearly every rule names that.
_COMMON = re.compile(
    rf"\d[\d.,]*\s?[십백천만억조]*\s?(?:㎡|m²|m2|평|원|개월|년|월|일|명|%p?)?|\b{MONTH}\b|과밀억제권역|수도권"
    r"|overconcentration control region|big[- ]city area|-",
    re.IGNORECASE,
)
# Said of nearly every figure, or already said by its unit.
_GENERIC = frozenset(
    (
        "기준 현재 전체 모두 합계 면적 규모 넓이 크기 이상 이하 이내 미만 초과 최대 최소 경우 해당 다음 이후 처음 최초 퍼센트 한도 정도 "
        "가량 보도 따르 나오 이르 달하 집계 시행 법령 또는 단위 구분 가능 위하 통하 기간 동안 적용 "
        "확인 가장 최근 수치 밝히 알려지 자료 latest found known "
        "area size total cover about end figur report per year month day law forc most up least maximum limit cap within "
        "first next also number m2 won krw thousand million billion as accord stood stand give come get"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a document, or one row of a table as a sentence. `as_of` is ISO (year, month or day) or empty.

    `regions` are gazetteer ids the document is about; `is_statute` marks the text of an act.
    """

    document_id: str
    title: str
    section: str
    sentence: str
    as_of: str
    language: str
    regions: tuple[str, ...] = ()
    is_statute: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its subject. `act` is the title of an act, whose figures are compared with no others.

    `told` holds what must be equal: company sizes, the dimensions that matter for the kind of figure, and the phase.
    `places` are region ids (`nation` where none is named), `provinces` the regions that hold them. `zone` is the part of
    the sentence about the figure, `before` the sentence before, `base` what a share is of; `label` are name and value of
    the cell that begins a row of a table, and all of the row before its first figure.
    """

    statement: Statement
    figure: Figure
    act: str
    told: tuple[str, ...]
    places: frozenset[str]
    provinces: frozenset[str]
    times: frozenset[Time]
    programme: Told
    dimensions: Mapping[str, Told]
    articles: frozenset[str]
    designators: frozenset[str]
    zone: Span
    before: str
    base: str
    label: tuple[str, str, str]


class FactReader:
    """Reads the facts of statements, with the names of places and programmes from a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """`gazetteer` names the places, programmes and kinds of company."""
        self._gazetteer = gazetteer
        self._named = lru_cache(maxsize=50_000)(self._find_named)
        self.own_words = lru_cache(maxsize=50_000)(self._find_own_words)
        self._inherited_places = lru_cache(maxsize=50_000)(self._places_of)
        self.terms = lru_cache(maxsize=200_000)(self._find_terms)

    def read(self, statements: Iterable[Statement]) -> list[Fact]:
        """A fact for every figure with a unit. What a sentence leaves unsaid is taken from the one before it in its section."""
        facts: list[Fact] = []
        last: Statement | None = None
        for statement in statements:
            figures = find_figures(statement.sentence)
            texts = _texts(statement, last)
            for figure, zone in zip(figures, zones(statement.sentence, figures), strict=True):
                facts.append(self._fact(statement, texts, figure, zone, figures[0].start))
            last = statement
        return facts

    def _fact(
        self, statement: Statement, texts: tuple[str, ...], figure: Figure, zone: Span, first: int
    ) -> Fact:
        places = self._places(statement, texts, zone)
        dimensions = {name: dimension(name, texts, zone) for name in DIMENSIONS}
        told = (
            " ".join(sorted(self._sizes(statement, zone))),
            *(_one_value(name, dimensions[name].anywhere) for name in _equal(figure.kind)),
            phase(figure, statement.sentence[zone[0] : zone[1]]),
        )
        return Fact(
            statement=statement,
            figure=figure,
            act=statement.title if statement.is_statute else "",
            told=told,
            places=places,
            provinces=frozenset(map(self._parent, places)) - {"", "nation", "capital_region"},
            times=times(texts, zone, statement.as_of),
            programme=self._programme(texts),
            dimensions=dimensions,
            articles=articles(texts),
            designators=designators((statement.sentence, statement.section)),
            zone=zone,
            before=texts[1],
            base=base(figure, statement.sentence),
            label=_label(statement.sentence, first),
        )

    def _find_named(self, text: str) -> tuple[tuple[str, Mention], ...]:
        """Kind, id and place of every name of the gazetteer in a text."""
        return tuple((m.entry.kind, (m.entry.id, (m.start, m.end))) for m in self._gazetteer.find(text))

    def _find_own_words(self, text: str) -> str:
        """A text of the same length with spaces for names, dimensions and figures, which are compared by themselves."""
        letters = list(text)
        spans = [
            span for kind, (_, span) in self._named(text) if kind in ("region", "programme", "company_type")
        ]
        spans += [span for name in DIMENSIONS for _, span in dimension_mentions(name, text)]
        spans += [match.span() for match in _COMMON.finditer(text)]
        for start, end in spans:
            letters[start:end] = " " * (end - start)
        return "".join(letters)

    def _find_terms(self, text: str, zone: Span | None = None) -> frozenset[str]:
        """What a text, or a zone of it, speaks of besides names, dimensions, figures and words that say nothing."""
        words = self.own_words(text)[slice(*(zone or (None, None)))]
        return frozenset(term for term in morphemes(words) if len(term) > 1 and term not in _GENERIC)

    def _programme(self, texts: Sequence[str]) -> Told:
        named = [frozenset(i for kind, (i, _) in self._named(text) if kind == "programme") for text in texts]
        return Told(named[0], next((ids for ids in named if ids), frozenset()))

    def _sizes(self, statement: Statement, zone: Span) -> frozenset[str]:
        """The kinds of company a figure is for: never one that the sentence names only later."""
        here = [m for m in self._of_kind("company_type", statement.sentence) if m[1][0] < zone[1]]
        found = nearest(statement.sentence, here, zone) if here else frozenset()
        return found or frozenset(i for i, _ in self._of_kind("company_type", statement.section))

    def _places(self, statement: Statement, texts: tuple[str, ...], zone: Span) -> frozenset[str]:
        """Regions a figure is of; a province or city gives way to what is named in it."""
        told = self._of_kind("region", texts[0])
        found = nearest(texts[0], told, zone) if told else self._inherited_places(texts[1:])
        if not found and len(statement.regions) == 1:
            found = frozenset(statement.regions)
        return found - frozenset(map(self._parent, found)) or frozenset(("nation",))

    def _places_of(self, texts: tuple[str, ...]) -> frozenset[str]:
        named = (frozenset(i for i, _ in self._of_kind("region", text)) for text in texts)
        return next((ids for ids in named if ids), frozenset())

    def _of_kind(self, kind: str, text: str) -> list[Mention]:
        """Where a text names an entry of a kind that a figure can be of; "national money" for a city is not the nation's."""
        found = [m for k, m in self._named(text) if k == kind and not _is_aside(text, m)]
        return [m for m in found if m[0] != "nation"] or found

    def _parent(self, place: str) -> str:
        entry = self._gazetteer.get("region", place)
        return entry.parent if entry else ""


def _texts(statement: Statement, last: Statement | None) -> tuple[str, str, str, str]:
    """The sentence, the one before it in its section, the heading and the title; a row of a table stands alone."""
    before = ""
    if last and (last.document_id, last.language, last.section) == (
        statement.document_id,
        statement.language,
        statement.section,
    ):
        before = "" if _ROW.match(statement.sentence) else last.sentence
    return statement.sentence, before, statement.section, statement.title


def _label(sentence: str, first: int) -> tuple[str, str, str]:
    """Name and value of the cell that begins a row, and the row up to its first figure; empty where that begins it."""
    row = _ROW.match(sentence)
    if row is None or first < row.end():
        return "", "", ""
    return row["name"], row["value"].strip(), sentence[: sentence.rfind("; ", 0, first)]


def _is_aside(text: str, mention: Mention) -> bool:
    """Whether a name only says where companies come from, whose move they follow, or where a figure was read."""
    place, (start, end) = mention
    return place in ("capital_region", "public_institution") or bool(
        _READ_THERE.match(text, end) or _READ_AT.search(text[max(0, start - 15) : start])
    )


def _equal(kind: str) -> tuple[str, ...]:
    return ("aid",) if kind.startswith("won") else _EQUAL.get(kind, ())


def _one_value(name: str, values: frozenset[str]) -> str:
    """What is left of the sold is not "sold": of the states of land only the one that says most counts."""
    if name == "status":
        return min(values, key=list(DIMENSIONS["status"]).index, default="")
    return " ".join(sorted(values))
