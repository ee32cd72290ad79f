"""The sentences of a computed answer: value, unit and date, and what the figures lack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from hangeul import attach

from actions.land import area_words
from actions.operations import Operation
from actions.reply import card_row
from actions.series import Entry, Series
from knowledge.catalogue import Incentive, LandFact, source_of
from knowledge.estimates import won
from knowledge.source import Source, age_in_years
from knowledge.words import say
from knowledge.words_computed import phrase

_ADDITIVE = ("m2", "firms", "lots", "KRW")
_UNITS = {"firms": ("곳", " firms"), "lots": ("필지", " lots"), "years": ("년", " years")}
_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
# Larger and smaller, as each kind of figure says it: 넓은, 좁은; 넓습니다 ...
_DEGREES = {
    "m2": (("넓", "좁"), ("largest", "smallest")),
    "%": (("높", "낮"), ("highest", "lowest")),
    "firms": (("많", "적"), ("largest", "smallest")),
    "lots": (("많", "적"), ("largest", "smallest")),
    "years": (("길", "짧"), ("longest", "shortest")),
    "KRW": (("크", "작"), ("largest", "smallest")),
    "KRW/": (("비싸", "싸"), ("highest", "lowest")),
}
_ENDINGS = {
    "크": ("큰", "큽니다"),
    "길": ("긴", "깁니다"),
    "비싸": ("비싼", "비쌉니다"),
    "싸": ("싼", "쌉니다"),
}


def figure(value: float, unit: str, language: str) -> str:
    """A value with its unit: `858,000㎡ (약 259,545평)`, `92.8%`, `205곳`, `7년`."""
    if unit == "m2":
        return area_words(value, language)
    if unit == "%":
        return f"{round(value, 1):g}%"
    if unit == "KRW":
        return won(value, language)
    number = f"{value:,.1f}".removesuffix(".0")
    if unit in _UNITS:
        return number + _UNITS[unit][0 if language == "ko" else 1]
    per = unit.replace("KRW/", "").replace("m2", "㎡")
    return f"{per}당 {number}원" if language == "ko" else f"KRW {number} per {per}"


def _degrees(unit: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Words for larger and smaller; a price is of a unit of land."""
    return _DEGREES["KRW/" if unit.startswith("KRW/") else unit]


def joined_source(sources: Iterable[Source], as_of: str) -> Source:
    """One source that names several, for a value worked out from what they say."""
    behind = list(dict.fromkeys(sources))
    titles, publishers = (
        ", ".join(dict.fromkeys(filter(None, names)))
        for names in ([source.title for source in behind], [source.publisher for source in behind])
    )
    return Source("", titles, publishers, "", as_of, "", "derived")


def worked_out_row(
    label: str, column: str, value: str, rows: Sequence[LandFact | Incentive], as_of: str, language: str
) -> dict[str, Any]:
    """The row of a value that was worked out, with the sources of the rows behind it."""
    source = joined_source(map(source_of, rows), as_of)
    note = phrase("worked.note", language, n=len(rows))
    return card_row(label, [(phrase(column, language), value)], source, language, note)


def ranks(entries: Sequence[Entry]) -> list[int]:
    """The rank of each entry in their order; equal values share the better one."""
    first: dict[float, int] = {}
    for position, entry in enumerate(entries, start=1):
        first.setdefault(entry.value, position)
    return [first[entry.value] for entry in entries]


def remarks(series: Series, language: str, today: date) -> str:
    """What goes with a computed answer: its age, and the places that it lacks."""
    said = []
    years = age_in_years(series.as_of, today)
    if years:
        said.append(phrase("age", language, years=years))
    if series.elsewhen:
        others = [_told_apart(entry, series.unit, language) for entry in series.elsewhen]
        said.append(phrase("elsewhen", language, places=_joined(others, language)))
    for key, names in (("lacking", series.lacking), ("excluded", series.excluded)):
        if names:
            said.append(phrase(key, language, places=_joined(names, language)))
    sources = len({entry.row.source_title for entry in series.entries})
    if sources > 1:
        said.append(phrase("sources", language, count=sources))
    return " ".join(said)


def _told_apart(entry: Entry, unit: str, language: str) -> str:
    """A place with its figure of another date, which is not compared."""
    none = isinstance(entry.row, LandFact) and entry.row.availability == "none"
    told = say("land.none", language) if none else figure(entry.value, unit, language)
    return f"{entry.name} {told} ({say('as_of', language, date=entry.row.as_of)})"


def _joined(parts: Iterable[str], language: str) -> str:
    """English names of places have commas of their own."""
    return (", " if language == "ko" else "; ").join(parts)


class Saying:
    """The sentence that answers an operation over a series."""

    def __init__(self, wanted: Operation, series: Series, language: str) -> None:
        """Say it in `ko` or `en`."""
        self._wanted, self._series, self._language = wanted, series, language
        self._entries = series.entries

    def answer(self) -> str:
        """The sentence, or an empty one where the operation makes no sense for the figures."""
        kinds = {
            "extreme": self._extreme,
            "extremes": self._extremes,
            "spread": self._spread,
            "nth": self._nth,
            "list": self._list,
            "rank": self._rank,
            "met": self._met,
            "than": self._than,
            "compare": self._compare,
            "ratio": self._ratio,
            "part": self._part,
            "sum": self._sum,
            "mean": self._mean,
        }
        return kinds[self._wanted.kind]()

    def worked_out(self) -> str:
        """The value that stands in no row: a sum, mean, difference, ratio or count; empty where a row holds the answer."""
        kind, entries = self._wanted.kind, self._entries
        first, last = entries[0].value, entries[-1].value
        if kind == "sum":
            return self._figure(self._total())
        if kind == "mean":
            return self._figure(self._total() / len(entries))
        if kind == "ratio":
            return phrase("worked.times", self._language, value=self._times())
        if kind in ("compare", "spread") and first != last and (kind == "spread" or len(entries) == 2):
            return self._gap(first, last)
        if kind == "part":
            return self._share()
        if kind in ("met", "than"):
            return phrase("worked.places", self._language, value=len(self._found()))
        return ""

    def _say(self, key: str, particle: str, ascending: bool | None = None, /, **values: object) -> str:
        """The words of `key` with the metric, its particle in Korean, date and number of places filled in."""
        korean = self._language == "ko"
        metric = phrase(self._series.column, self._language)
        return phrase(
            key,
            self._language,
            date=self._series.as_of,
            n=values.pop("n", len(self._entries)),
            metric=attach(metric, particle) if korean and particle else metric,
            degree=values.pop("degree", "")
            or self._degree(self._wanted.ascending if ascending is None else ascending),
            **values,
        )

    def _degree(self, ascending: bool) -> str:
        stems, words = _degrees(self._series.unit)
        stem = stems[ascending]
        return _ENDINGS.get(stem, (f"{stem}은", ""))[0] if self._language == "ko" else words[ascending]

    def _figure(self, value: float) -> str:
        return figure(value, self._series.unit, self._language)

    def _names(self, entries: Iterable[Entry], values: bool = False) -> str:
        names = [f"{e.name} {self._figure(e.value)}" if values else e.name for e in entries]
        return _joined(names, self._language)

    def _all_equal(self) -> str:
        if len({entry.value for entry in self._entries}) > 1:
            return ""
        return self._say("all_equal", "은/는", value=self._figure(self._entries[0].value))

    def _extreme(self, last: bool = False) -> str:
        value = self._entries[-1 if last else 0].value
        best = [entry for entry in self._entries if entry.value == value]
        return self._all_equal() or self._say(
            "extreme",
            "이/가",
            self._wanted.ascending != last,
            places=self._names(best),
            has="has" if len(best) == 1 else "share",
            value=self._figure(value),
        )

    def _extremes(self) -> str:
        return self._all_equal() or f"{self._extreme()} {self._extreme(last=True)}"

    def _nth(self) -> str:
        values = list(dict.fromkeys(entry.value for entry in self._entries))
        number = self._wanted.number
        if not 1 < number <= len(values):
            return ""
        found = [entry for entry in self._entries if entry.value == values[number - 1]]
        ahead = self._entries[: self._entries.index(found[0])]
        said = self._say(
            "nth",
            "이/가",
            number=number,
            ordinal=_ORDINALS.get(number, f"{number}th"),
            places=self._names(found),
            has="has" if len(found) == 1 else "share",
            value=self._figure(found[0].value),
        )
        return (
            said
            if len(ahead) < number
            else f"{said} {phrase('before', self._language, places=self._names(ahead, True))}"
        )

    def _list(self) -> str:
        ranked = zip(ranks(self._entries), self._entries, strict=True)
        shown = [
            f"{phrase('rank.number', self._language, number=rank)} {entry.name} {self._figure(entry.value)}"
            for rank, entry in ranked
            if not self._wanted.number or rank <= self._wanted.number
        ]
        return self._say("list", "이/가", places=_joined(shown, self._language))

    def _rank(self) -> str:
        position = next(n for n, entry in enumerate(self._entries) if entry.key == self._series.subject)
        subject, rank = self._entries[position], ranks(self._entries)[position]
        shared = sum(entry.value == subject.value for entry in self._entries) > 1
        number = phrase("rank.shared" if shared else "rank.single", self._language, number=rank)
        return self._say(
            "rank", "은/는", places=subject.name, value=self._figure(subject.value), number=number
        )

    def _met(self) -> str:
        found = self._found()
        bounds = [
            phrase(c.bound, self._language, value=self._figure(c.value)) for c in self._wanted.conditions
        ]
        condition = (" " if self._language == "ko" else " and ").join(bounds)
        if not found:
            return "" if self._series.unit == "years" else self._say("met_none", "이/가", condition=condition)
        return self._say(
            "met", "이/가", condition=condition, count=len(found), places=self._names(found, values=True)
        )

    def _found(self) -> list[Entry]:
        """The entries that meet the conditions, or lie beyond the place asked about."""
        if self._wanted.kind == "met":
            return [e for e in self._entries if all(c.holds(e.value) for c in self._wanted.conditions)]
        value = self._subject().value
        return [e for e in self._entries if (e.value < value if self._wanted.ascending else e.value > value)]

    def _subject(self) -> Entry:
        return next(entry for entry in self._entries if entry.key == self._series.subject)

    def _than(self) -> str:
        place, smaller, found = self._subject(), self._wanted.ascending, self._found()
        degree = self._degree(smaller)
        return self._say(
            "than" if found else "than_none",
            "이/가",
            n=len(self._entries) - 1,
            degree=degree if self._language == "ko" else degree.removesuffix("st") + "r",
            place=place.name,
            value=self._figure(place.value),
            count=len(found),
            places=self._names(found, values=True),
        )

    def _compare(self) -> str:
        return self._list() if len(self._entries) > 2 else self._between(self._entries[:1], self._entries[1:])

    def _spread(self) -> str:
        first, last = self._entries[0].value, self._entries[-1].value
        best, worst = ([e for e in self._entries if e.value == value] for value in (first, last))
        return self._all_equal() or self._between(best, worst)

    def _between(self, best: Sequence[Entry], worst: Sequence[Entry]) -> str:
        """The two values and their difference."""
        first, second = best[0].value, worst[0].value
        values = {
            "first": self._names(best),
            "first_value": self._figure(first),
            "second": self._names(worst),
            "second_value": self._figure(second),
        }
        if first == second:
            return self._say("equal", "은/는", **values)
        stem = _degrees(self._series.unit)[0][first < second]
        degree = (
            _ENDINGS.get(stem, ("", f"{stem}습니다"))[1]
            if self._language == "ko"
            else ("less" if first < second else "more")
        )
        return self._say("compare", "은/는", degree=degree, gap=self._gap(first, second), **values)

    def _gap(self, first: float, second: float) -> str:
        gap = abs(first - second)
        if self._series.unit == "%":
            return phrase("points", self._language, value=f"{round(gap, 1):g}")
        return self._figure(gap)

    def _times(self) -> str:
        first, *_, second = sorted((entry.value for entry in self._entries), reverse=True)
        return f"{first / second:.2f}".rstrip("0").rstrip(".")

    def _total(self) -> float:
        return sum(entry.value for entry in self._entries)

    def _ratio(self) -> str:
        first, *_, second = sorted(self._entries, key=lambda entry: -entry.value)
        if (len(self._entries) != 2 and not self._wanted.number) or not second.value:
            return ""
        return self._say(
            "ratio",
            "은/는",
            first=first.name,
            first_value=self._figure(first.value),
            second=second.name,
            second_value=self._figure(second.value),
            ratio=self._times(),
        )

    def _share(self) -> str:
        return f"{100 * self._subject().value / self._total():.1f}%"

    def _part(self) -> str:
        if self._series.unit not in _ADDITIVE or not self._total():
            return ""
        place = self._subject()
        return self._say(
            "part",
            "은/는",
            place=place.name,
            value=self._figure(place.value),
            total=self._figure(self._total()),
            share=self._share(),
        )

    def _sum(self) -> str:
        if self._series.unit not in _ADDITIVE:
            return ""
        return self._say("sum", "을/를", value=self._figure(self._total()))

    def _mean(self) -> str:
        if self._series.unit not in (*_ADDITIVE, "%"):
            return ""
        return self._say("mean", "을/를", value=self._figure(self._total() / len(self._entries)))
