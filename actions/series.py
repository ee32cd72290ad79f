"""The rows of the catalogue that may be compared: one metric, unit and date, and what such a series lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from actions.operations import Operation
from actions.understood import Understood
from knowledge.catalogue import District, Incentive, LandFact
from knowledge.library import Release
from knowledge.source import TELLABLE
from knowledge.words import say

# The columns of each metric; of several the one with a figure for most places is taken.
_COLUMNS = {
    ("area", "innovation_city"): ("planned_area",),
    ("area", "urban_convergence_zone"): ("designated_area",),
    ("left", "innovation_city"): ("remaining_area", "unsold_area", "unsold_area_estimate"),
    ("sold_share", "innovation_city"): ("sold_share",),
    ("occupied", "innovation_city"): ("occupied_share_of_sold",),
    ("firms", "innovation_city"): ("tenant_firms",),
    ("lots", "innovation_city"): ("lots",),
    ("price", "innovation_city"): ("price",),
    ("cost", "urban_convergence_zone"): ("project_cost",),
}
# One place and all of them.
HELD_AGAINST_ALL = ("rank", "than", "part")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_YEARS: dict[str, Callable[[Incentive], float]] = {
    "relief_full": lambda row: float(row.years_full),
    "relief_half": lambda row: float(row.years_half),
    "relief_total": lambda row: float(row.years_full) + float(row.years_half),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to compare. `key` is its district, or its own id for a row of tax relief; `value` is in the series' unit."""

    key: str
    name: str
    value: float
    row: LandFact | Incentive


@dataclass(frozen=True, slots=True)
class Series:
    """Rows that may be compared, in the order asked for: one column, unit and date.

    `subject` is the key of the place that is held against the others, or empty. `elsewhen` are places whose figure is of
    another date or kind, with that figure; `lacking` are places without any.
    """

    column: str
    unit: str
    as_of: str
    entries: tuple[Entry, ...]
    subject: str = ""
    elsewhen: tuple[Entry, ...] = ()
    lacking: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def series_of(wanted: Operation, asked: Understood, release: Release) -> Series | None:
    """The rows to compare for a question, or None where fewer than two of one metric, unit and date are known."""
    relief = wanted.metric in _YEARS
    series = _relief_series(wanted, asked, release) if relief else _land_series(wanted, asked, release)
    if series is None or len(series.entries) < 2:
        return None
    if wanted.kind in HELD_AGAINST_ALL and not series.subject:
        return None
    entries = sorted(series.entries, key=lambda entry: entry.value if wanted.ascending else -entry.value)
    excluded = _region_names(wanted.excluded, asked.language, release)
    return replace(series, entries=tuple(entries), excluded=excluded)


def _land_series(wanted: Operation, asked: Understood, release: Release) -> Series | None:
    """Of the columns of a metric the one date that has most of the places asked for, the newest of equals."""
    pool = _pool(wanted, release)
    subject = _subject(wanted, [district.id for district in _at(wanted.named, wanted, release)])
    facts = facts_of(wanted.metric, wanted.programme, release)
    within = [fact for fact in facts if fact.district in pool and fact.as_of.startswith(wanted.when)]
    # Prices are on record by month here and by year there: asked for a year, those of the year compare.
    tables = _tables(within, wanted.when if wanted.metric == "price" and len(wanted.when) == 4 else "")
    tables = {key: table for key, table in tables.items() if not subject or subject in table}
    if not tables:
        return None
    key = max(tables, key=lambda key: (len(tables[key]), _latest(key[2])))
    if _is_surpassed(wanted, facts, key[2]):
        return None
    elsewhen, lacking = _gaps(wanted, pool, tables[key], facts, asked.language, release)
    entries = [
        Entry(id, _name(pool[id], asked.language), float(fact.value), fact)
        for id, fact in tables[key].items()
    ]
    return Series(key[0], key[1], key[2], tuple(entries), subject, tuple(elsewhen), tuple(lacking))


def _gaps(
    wanted: Operation,
    pool: Mapping[str, District],
    table: Mapping[str, LandFact],
    facts: Iterable[LandFact],
    language: str,
    release: Release,
) -> tuple[list[Entry], list[str]]:
    """Of the places that a table lacks: those with a figure of another date, by their newest, and the names of the others."""
    newest = {fact.district: fact for fact in sorted(facts, key=lambda fact: _latest(fact.as_of))}
    missing = {id: _name(district, language) for id, district in pool.items() if id not in table}
    elsewhen = [
        Entry(id, name, float(newest[id].value), newest[id]) for id, name in missing.items() if id in newest
    ]
    lacking = [
        _why_lacking(id, name, wanted, language, release) for id, name in missing.items() if id not in newest
    ]
    unknown = [region for region in wanted.named if not _at([region], wanted, release)]
    return elsewhen, [*lacking, *_region_names(unknown, language, release)]


def _why_lacking(district: str, name: str, wanted: Operation, language: str, release: Release) -> str:
    """A district without a figure; of one without an area left also whether its land is known to be gone."""
    summary = release.catalogue.land_summary(district)
    if wanted.metric != "left" or summary is None or summary.availability not in ("none", "resale_only"):
        return name
    return f"{name} ({say(f'land.{summary.availability}', language)})"


def facts_of(metric: str, programme: str, release: Release) -> list[LandFact]:
    """Every figure of a metric that may be told, whatever its place and date."""
    columns = _COLUMNS.get((metric, programme), ())
    return [
        fact
        for fact in release.catalogue.land.values()
        if fact.metric in columns and fact.status in TELLABLE and _NUMBER.fullmatch(fact.value)
    ]


def _tables(facts: Iterable[LandFact], year: str) -> dict[tuple[str, str, str, str], dict[str, LandFact]]:
    """By metric, unit, date and kind (real or for demonstration): the row of each district; `year` in place of dates where given."""
    groups: dict[tuple[str, str, str, str], list[LandFact]] = {}
    for fact in facts:
        groups.setdefault((fact.metric, fact.unit, year or fact.as_of, fact.demo), []).append(fact)
    return {key: _one_each(rows) for key, rows in groups.items()}


def _one_each(facts: list[LandFact]) -> dict[str, LandFact]:
    """The one row of each district; where two sources give one date, those of the source that has more of them.

    A district with several rows in one source (its parts) is left out: no single figure stands for it.
    """
    if len({fact.district for fact in facts}) < len(facts):
        sources = Counter(fact.source_title for fact in facts)
        [(largest, _)] = sources.most_common(1)
        facts = [fact for fact in facts if fact.source_title == largest]
    rows = Counter(fact.district for fact in facts)
    return {fact.district: fact for fact in facts if rows[fact.district] == 1}


def _is_surpassed(wanted: Operation, facts: Iterable[LandFact], as_of: str) -> bool:
    """Whether the whole country's own figure is newer than a sum or mean of its places would be."""
    if wanted.named or wanted.when or wanted.kind not in ("sum", "mean"):
        return False
    return any(fact.region == "nation" and _latest(fact.as_of) > _latest(as_of) for fact in facts)


def _latest(as_of: str) -> str:
    """A date to sort by: one known to the year or month counts from its end."""
    return f"{as_of}-99-99"


def _pool(wanted: Operation, release: Release) -> dict[str, District]:
    """The districts to compare, by id: those named, else all of the programme; without those left out."""
    if wanted.named and wanted.kind not in HELD_AGAINST_ALL:
        districts = _at(wanted.named, wanted, release)
    else:
        districts = [d for d in release.catalogue.districts.values() if d.programme == wanted.programme]
    without = {district.id for district in _at(wanted.excluded, wanted, release)}
    return {district.id: district for district in districts if district.id not in without}


def _at(regions: Iterable[str], wanted: Operation, release: Release) -> list[District]:
    return release.catalogue.districts_of(list(regions), wanted.programme)


def _subject(wanted: Operation, keys: list[str]) -> str:
    """The key of the one place that is held against the others; empty where none is, or where it is not one."""
    return keys[0] if wanted.kind in HELD_AGAINST_ALL and len(keys) == 1 else ""


def _relief_series(wanted: Operation, asked: Understood, release: Release) -> Series | None:
    """The years of relief of the host places of innovation cities; the zones share one row and do not compare."""
    if wanted.programme != "innovation_city" or wanted.when:
        return None
    rows = {
        row.id: row
        for row in release.catalogue.incentives.values()
        if row.scheme == "host-city-tax-zone"
        and row.status in TELLABLE
        and wanted.programme in row.programmes
        and (not asked.facility or asked.facility in row.facility)
        and _NUMBER.fullmatch(row.years_full)
        and _NUMBER.fullmatch(row.years_half)
    }
    found = {region: _hosts(region, rows, release) for region in (*wanted.named, *wanted.excluded)}
    at_named = {id for region in wanted.named for id in found[region]}
    kept = at_named if wanted.named and wanted.kind not in HELD_AGAINST_ALL else set(rows)
    kept = kept - {id for region in wanted.excluded for id in found[region]}
    as_of, _ = Counter(rows[id].as_of for id in kept).most_common(1)[0] if kept else ("", 0)
    years = _YEARS[wanted.metric]
    return Series(
        column=wanted.metric,
        unit="years",
        as_of=as_of,
        entries=tuple(
            Entry(row.id, _host(row, asked.language), years(row), row)
            for row in rows.values()
            if row.id in kept and row.as_of == as_of
        ),
        subject=_subject(wanted, sorted(at_named)),
        lacking=_region_names([r for r in wanted.named if not found[r]], asked.language, release),
    )


def _hosts(region: str, rows: Mapping[str, Incentive], release: Release) -> list[str]:
    """Ids of the rows of a region and of the places in it."""
    entry = release.gazetteer.get("region", region)
    near = release.gazetteer.covers(region) - ({entry.parent} if entry else set())
    return [row.id for row in rows.values() if near & set(row.regions)]


def _host(row: Incentive, language: str) -> str:
    return (row.name_ko if language == "ko" else row.name_en).split(":", 1)[-1].strip()


def _name(district: District, language: str) -> str:
    return district.name_ko if language == "ko" else district.name_en


def _region_names(regions: Iterable[str], language: str, release: Release) -> tuple[str, ...]:
    entries = [release.gazetteer.get("region", region) for region in regions]
    return tuple(entry.name(language) for entry in entries if entry is not None)
