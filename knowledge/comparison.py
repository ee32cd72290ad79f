"""Two to five districts side by side on the facts asked for, every value with its date, age and source.

A cell without a figure says so: nothing is filled in from another place, from the nation or from an untold row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, LandSummary, source_of
from knowledge.config import LANGUAGES
from knowledge.source import TELLABLE, Source, age_in_years
from knowledge.words import say
from knowledge.words_comparison import WORDS_COMPARISON, compared, figure_words

FEWEST, MOST = 2, 5
# Older than this, in whole years, a value says its age.
_OLD = 2
Pair = tuple[str, str]
_Row = District | LandFact | Incentive | Contact


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row says of a place, in Korean and English; `source` is None where nothing is on record.

    `years`: whole years from the source's date to the day of comparison. `number`: its figure, m2, %, won or years of relief
    in all, or None. Figures of another `kind` (unit, or what is measured) do not compare. `at`: the part of the place it is of.
    `demo`: it is demonstration data.
    """

    ko: str
    en: str
    source: Source | None
    years: int = 0
    number: float | None = None
    kind: str = ""
    at: Pair = ("", "")
    demo: bool = False

    def words(self, language: str) -> str:
        """The value as shown in `ko` or `en`."""
        return self.ko if language == "ko" else self.en

    def dated(self, language: str) -> str:
        """`2021-12 기준, 4년 전, 도출·추정한 값`: date, age from two years on, and what it is where not read in its source."""
        if self.source is None:
            return ""
        parts = [compared("as_of", language, date=self.source.as_of)] if self.source.as_of else []
        if self.years >= _OLD:
            parts.append(compared("age", language, years=self.years))
        if self.source.status != "verified":
            parts.append(self.status(language))
        if self.demo:
            parts.append(say("demo", language))
        return ", ".join(parts)

    def status(self, language: str) -> str:
        """How sure it is, in words."""
        return compared(f"status.{self.source.status if self.source else 'none'}", language)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table: `cells` holds at least one statement for each place (id of a district) and fact, in that order."""

    places: tuple[District, ...]
    facts: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[Statement, ...]]

    def figures(self, fact: str) -> list[tuple[District, Statement]]:
        """The statements on a fact that hold a figure, with their places."""
        if fact not in self.facts:
            return []
        return [
            (place, told)
            for place in self.places
            for told in self.cells[place.id, fact]
            if told.number is not None
        ]


def compare(
    places: Sequence[District], facts: Iterable[str], catalogue: Catalogue, today: date
) -> Comparison:
    """Hold districts against one another on `facts` (of FACTS, in their order there).

    Raises ValueError for fewer than two or more than five places, and KeyError for an unknown fact.
    """
    if not FEWEST <= len(places) <= MOST:
        raise ValueError(f"{len(places)} places cannot be compared; give {FEWEST} to {MOST} districts.")
    wanted = frozenset(facts)
    if unknown := wanted - set(FACTS):
        raise KeyError(f"unknown facts {sorted(unknown)}; use {', '.join(FACTS)}.")
    shown = tuple(fact for fact in FACTS if fact in wanted)
    cells = {}
    for place in places:
        view = _View(place, catalogue.land_summary(place.id), catalogue, today)
        for fact in shown:
            cells[place.id, fact] = _CELLS[fact](view) or (view.missing(fact),)
    return Comparison(tuple(places), shown, cells)


def districts_at(
    programmes: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> tuple[list[District], list[str]]:
    """Districts at the regions that are the keys, in their order, each once, and the regions that have none.

    A region with several districts gives all, unless it has one of the programmes named for it.
    """
    found, without = dict[str, District](), []
    for region, named in programmes.items():
        here = catalogue.districts_of([region])
        for district in [d for d in here if d.programme in named] or here:
            found[district.id] = district
        if not here:
            without.append(region)
    return list(found.values()), without


def name_of(district: District, language: str) -> str:
    """A district's name in `ko` or `en`."""
    return district.name_ko if language == "ko" else district.name_en


def notes(comparison: Comparison, language: str) -> list[str]:
    """What must be read beside the table: figures of different dates or kinds, and that none is live."""
    said = []
    for fact in _FIGURES:
        found = comparison.figures(fact)
        dates = [f"{name_of(place, language)} {told.source.as_of}" for place, told in found if told.source]
        if len({told.source.as_of for _, told in found if told.source}) > 1:
            label = compared(f"fact.{fact}", language)
            said.append(compared("note.dates", language, fact=label, dates="; ".join(dates)))
        if len({told.kind for _, told in found}) > 1:
            said.append(compared(f"note.kinds.{fact}", language))
    if {"land", *_FIGURES} & set(comparison.facts):
        said.append(say("land.not_live", language))
    if any(told.number for _, told in comparison.figures("tax")):
        said.append(say("incentives.tests", language))
    return said


@dataclass(frozen=True, slots=True)
class _View:
    """One district and what the catalogue holds of its land."""

    district: District
    summary: LandSummary | None
    catalogue: Catalogue
    today: date

    @property
    def availability(self) -> str:
        return self.summary.availability if self.summary else ""

    @property
    def programme(self) -> Pair:
        entry = self.catalogue.gazetteer.get("programme", self.district.programme)
        return (entry.name_ko, entry.name_en) if entry else (self.district.programme,) * 2

    @property
    def rows(self) -> list[LandFact]:
        found = (row for row in self.catalogue.land.values() if row.district == self.district.id)
        return [row for row in found if row.status in TELLABLE]

    @property
    def own(self) -> District | None:
        """The row of the district itself, where it may be told."""
        return self.district if self.district.status in TELLABLE else None

    def evidence(self) -> LandFact | None:
        """The row that says what is left, where it may be told."""
        row = self.summary.evidence if self.summary else None
        return row if row and row.status in TELLABLE else None

    def latest(self, *metrics: str) -> LandFact | None:
        found = (row for row in self.rows if row.metric in metrics and row.value)
        return max(found, key=lambda row: row.as_of, default=None)

    def told(
        self, words: Pair, row: _Row | None, number: float | None = None, kind: str = "", at: Pair = ("", "")
    ) -> Statement:
        source = _source(row) if row is not None else None
        years = age_in_years(source.as_of, self.today) if source else 0
        return Statement(*words, source, years, number, kind, at, getattr(row, "demo", "") == "true")

    def missing(self, fact: str) -> Statement:
        return self.told(_both(f"missing.{fact}"), None)

    def figure(self, fact: LandFact, kind: str, key: str = "") -> Statement:
        """A figure with its unit, and the site where it is not of the district's main one."""
        words = _pair(lambda language: figure_words(fact, language))
        if key:
            words = _both(key, area=words)
        main, _ = Counter(row.site_ko for row in self.rows).most_common(1)[0]
        if fact.site_ko != main:
            words = _both("site", value=words, site=(fact.site_ko, fact.site_en))
        return self.told(words, fact, float(fact.value), kind)


def _stage(view: _View) -> tuple[Statement, ...]:
    key, row = f"stage.{view.availability}", view.evidence()
    if view.district.programme != "innovation_city" and view.own:
        completion = view.latest("completion_year")
        told = view.told(_both("stage.designated", programme=view.programme), view.own)
        if completion is None:
            return (told,)
        note = (completion.note_ko, completion.note_en)
        return told, view.told(_both("stage.completion", year=completion.value, note=note), completion)
    if row is None or key not in WORDS_COMPARISON:
        return (view.told(_both("missing.stage", programme=view.programme), view.own),)
    return (view.told(_both(key, programme=view.programme), row),)


def _land(view: _View) -> tuple[Statement, ...]:
    if view.summary is None:
        return ()
    return (view.told(_land_state(view), view.evidence(), kind=view.availability),)


def _left(view: _View) -> tuple[Statement, ...]:
    row, summary = view.evidence(), view.summary
    if summary is None:
        return ()
    if summary.left_m2 is not None:
        return (view.figure(summary.evidence, "m2"),)
    if summary.availability == "unknown":
        earlier = view.latest("remaining_area", "unsold_area")
        if earlier is None:
            return ()
        area = _pair(lambda language: figure_words(earlier, language))
        return (view.told(_both("left.earlier", area=area), earlier),)
    return (view.told(_both("left.some") if summary.availability == "left" else _land_state(view), row),)


def _planned(view: _View) -> tuple[Statement, ...]:
    if view.availability == "none":
        return (view.told(_land_state(view), view.evidence()),)
    fact = view.latest("planned_area", "designated_area")
    return (view.figure(fact, fact.metric, f"planned.{fact.metric}"),) if fact else ()


def _sold(view: _View) -> tuple[Statement, ...]:
    fact = view.latest("sold_share")
    return (view.figure(fact, "%"),) if fact else ()


def _price(view: _View) -> tuple[Statement, ...]:
    fact = view.latest("price")
    return (view.figure(fact, fact.unit),) if fact else ()


def _tax(view: _View) -> tuple[Statement, ...]:
    """Years of relief at each host place of the district, by its own rows (`tax_rows`)."""
    ids = view.district.tax_rows
    rows = [view.catalogue.incentives[id] for id in ids if id in view.catalogue.incentives]
    rows = [row for row in rows if row.status in TELLABLE]
    return tuple(_relief(view, row, several=len(rows) > 1) for row in rows)


def _relief(view: _View, row: Incentive, several: bool) -> Statement:
    words, number = (row.benefit_ko, row.benefit_en), 0.0
    if row.years_full and row.years_half:
        number = float(row.years_full) + float(row.years_half)
        words = _both("tax.years", full=row.rate_full, full_years=row.years_full, half=row.rate_half, half_years=row.years_half)  # fmt: skip
    day = view.today.isoformat()
    if row.deadline and day > row.deadline:
        words = _both("tax.past", value=words, date=row.deadline)
    elif row.in_force_from and day < row.in_force_from:
        words = _both("tax.not_yet", value=words, date=row.in_force_from)
    place = (row.name_ko.split(":", 1)[-1].strip(), row.name_en.split(":", 1)[-1].strip())
    if several:
        words = _both("tax.place", place=place, value=words)
    return view.told(words, row, number, "years", place if several else ("", ""))


def _subsidy(view: _View) -> tuple[Statement, ...]:
    evidence = view.evidence()
    if evidence and evidence.metric == "relocation_incentives":
        return (view.told(_both("subsidy.capital"), evidence),)
    rows = [
        row
        for row in view.catalogue.incentives.values()
        if row.scheme == "subsidy-tier"
        and row.status in TELLABLE
        and set(row.regions) & set(view.district.regions)
    ]
    return tuple(view.told(_tier(row, view), row) for row in rows)


def _tier(row: Incentive, view: _View) -> Pair:
    """The part of a row on tiers (`places tier; places tier`) that names the district's places; the whole row where none does."""
    gazetteer, here = view.catalogue.gazetteer, set(view.district.regions)

    def words(language: str) -> str:
        whole = row.benefit_ko if language == "ko" else row.benefit_en
        for part in whole.split(";"):
            names = [m.entry.name(language) for m in gazetteer.find(part) if m.entry.id in here]
            if names:
                return compared("subsidy.tier", language, places=", ".join(names), tier=part.split()[-1])
        return whole

    return _pair(words)


def _approver(view: _View) -> tuple[Statement, ...]:
    district = view.district
    return (
        (view.told((district.approver_ko, district.approver_en), district),) if district.approver_ko else ()
    )


def _contact(view: _View) -> tuple[Statement, ...]:
    contact = view.catalogue.contacts.get(view.district.contact)
    if contact is None or contact.status not in TELLABLE:
        return ()

    def words(language: str) -> str:
        name = contact.name_ko if language == "ko" else contact.name_en
        phone = contact.phone or compared("contact.no_phone", language)
        return ", ".join(filter(None, (name, phone, contact.web)))

    return (view.told(_pair(words), contact),)


_CELLS: dict[str, Callable[[_View], tuple[Statement, ...]]] = {
    "stage": _stage,
    "land": _land,
    "left": _left,
    "planned": _planned,
    "sold": _sold,
    "price": _price,
    "tax": _tax,
    "subsidy": _subsidy,
    "approver": _approver,
    "contact": _contact,
}
FACTS = tuple(_CELLS)
_FIGURES = ("left", "planned", "sold", "price")


def _source(row: _Row) -> Source:
    if isinstance(row, District):
        return Source(row.id, row.source_title, row.publisher, "", row.as_of, row.url, row.status)
    return source_of(row)


def _land_state(view: _View) -> Pair:
    return _pair(lambda language: say(f"land.{view.availability}", language))


def _pair(words: Callable[[str], str]) -> Pair:
    korean, english = (words(language) for language in LANGUAGES)
    return korean, english


def _both(key: str, **values: str | Pair) -> Pair:
    """The words of `key` in both languages; a pair among the values gives each its own."""
    korean, english = (
        compared(key, language, **{n: v if isinstance(v, str) else v[i] for n, v in values.items()})
        for i, language in enumerate(LANGUAGES)
    )
    return korean, english
