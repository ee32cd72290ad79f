"""Compare two to five places on the facts asked for: a table whose every value bears its date and source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from hangeul import attach
from rasa_sdk import Tracker

from actions.base import KnowledgeAction, led_by
from actions.computing import compute
from actions.reply import Reply, district_buttons, person_button
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.asked import destinations
from knowledge.catalogue import District
from knowledge.comparison import (
    FACTS,
    FEWEST,
    MOST,
    Comparison,
    Statement,
    compare,
    districts_at,
    name_of,
    notes,
)
from knowledge.differences import differences
from knowledge.gazetteer import Mention
from knowledge.library import Release
from knowledge.words_comparison import compared
from knowledge.words_guide import guide

CSV_PATH, PRINT_PATH = "/api/v1/comparison.csv", "/comparison"
# Programmes whose areas are districts of the catalogue.
_PROGRAMMES = ("innovation_city", "urban_convergence_zone", "ai_district")
# A table is asked for, and not one value worked out from it.
_TABLE = re.compile(r"비교|나란히|한눈|\b(?:compar\w*|versus|vs|side by side|table)\b", re.IGNORECASE)
_PAIRS = (("naju", "jinju"), ("gimcheon", "wonju"), ("chungbuk", "jeonbuk"))
_LEFT_OUT_AFTER = re.compile(r"\s*(?:시|군)?\s*(?:은|는|을|를|이|가)?\s*(?:말고|빼고|제외|대신|아니)")
_OF = re.compile(r"\s*(?:의|'s)?\s*")
_LEFT_OUT_BEFORE = re.compile(r"\b(?:not|without|except|instead of|rather than)\s+$", re.IGNORECASE)
_LAND = (
    r"(?:토지|용지|땅|부지|필지)(?!\s*(?:의\s*)?(?:분양\s*[가률율]|가격|값|단가))|남[은아았]|잔여|미분양"
    r"|\bland\b(?!\s+(?:price|cost))|\bplots?\b|\blots?\b|\bleft\b|\bavailab"
)
_FACT_WORDS = {
    "stage": r"단계|진행|진척|\bstages?\b|progress",
    "land": _LAND,
    "left": rf"{_LAND}|면적|넓이|\bareas?\b|\bsizes?\b",
    "planned": r"면적|넓이|크기|\bareas?\b|\bsizes?\b|\blarge",
    "sold": r"분양\s*(?:률|율)|팔[린렸]|\bsold\b|\bsales? rate",
    "price": r"가격|분양가|땅\s*값|단가|평당|\bprices?\b|\bcosts?\b|\bcheap|\bexpensive",
    "tax": r"세금|세액|세제|감면|법인세|소득세|지원(?!금)|혜택|인센티브|\btax|\brelief|\bsupport|\bincentive|\bbenefit",
    "subsidy": r"보조금|지원금|등급|지원(?!금)|혜택|인센티브|\bsubsid|\bgrants?\b|\btiers?\b|\bsupport|\bincentive|\bbenefit",
    "approver": r"입주\s*승인|승인권|\bapprov|\badmission",
    "contact": r"연락처|문의|전화|담당|\bcontacts?\b|\bphone",
}  # fmt: skip
_ASKED = {fact: re.compile(words, re.IGNORECASE) for fact, words in _FACT_WORDS.items()}


@dataclass(frozen=True, slots=True)
class _Places:
    """Districts to compare; `without` are regions named that hold none, `named` whether the message itself names them all."""

    districts: tuple[District, ...]
    without: tuple[str, ...]
    named: bool


class ComparePlaces(KnowledgeAction):
    """Hold places against one another."""

    task = "compare"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_compare_places"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """A table with downloads and what decides between the places; a question back where fewer than two are known."""
        language = asked.language
        computed = compute(asked, release, self.today())
        places = _places(asked, release, tracker)
        if computed and (not _TABLE.search(asked.text) or len(places.districts) < FEWEST):
            return computed
        remarks = _left_out(places, release, language)
        quoted = self.documented(asked, release)
        if len(places.districts) < FEWEST:
            return quoted or _ask(places, remarks, release, language)
        shown = places.districts[:MOST]
        comparison = compare(shown, facts_asked(asked.text), release.catalogue, self.today())
        lines = differences(comparison, language)
        if not lines and places.named and computed:
            lines = [computed.brief]
        table = Reply(
            "\n".join([*(lines or [compared("headline.plain", language)]), *remarks]),
            language,
            Status.ANSWERED,
            card=comparison_card(comparison, language),
            buttons=[*district_buttons(shown[:2], language), person_button(language)],
        )
        return led_by(quoted, table) if quoted else table


def facts_asked(text: str) -> tuple[str, ...]:
    """The facts that a message names; all where it names none."""
    return tuple(fact for fact in FACTS if _ASKED[fact].search(text)) or FACTS


def comparison_card(comparison: Comparison, language: str) -> dict[str, Any]:
    """The card of type `comparison`: a row a place, a field a fact, its `parts` with date and source each."""
    names = " · ".join(name_of(place, language) for place in comparison.places)
    query = urlencode(
        {
            "places": ",".join(place.id for place in comparison.places),
            "facts": ",".join(comparison.facts),
            "language": language,
        },
        safe=",",
    )
    return {
        "type": "comparison",
        "title": compared("title", language, places=names),
        "rows": [_row(place, comparison, language) for place in comparison.places],
        "note": " ".join(notes(comparison, language)),
        "downloads": {"csv": f"{CSV_PATH}?{query}", "print": f"{PRINT_PATH}?{query}"},
    }


def _places(asked: Understood, release: Release, tracker: Tracker) -> _Places:
    """The places of a message; beside a single one, or with none, those of a programme named or talked about before."""
    catalogue = release.catalogue
    programmes = _programmes(asked, tracker)
    named = _named(asked, programmes, release)
    before = [d for d in catalogue.districts.values() if d.programme in programmes] if not named else []
    if not FEWEST <= len(before) <= MOST:
        one_place = len(named) == 1 and len(programmes) > 1
        before = [] if len(named) >= FEWEST or one_place else _before(named, release, tracker)
    found, without = districts_at(named, catalogue)
    districts = {district.id: district for district in (*before, *found)}
    return _Places(tuple(districts.values()), tuple(without), not before)


def _programmes(asked: Understood, tracker: Tracker) -> list[str]:
    entities = (tracker.latest_message or {}).get("entities") or []
    said = [str(entity["value"]) for entity in entities if entity["entity"] == "programme"]
    return [programme for programme in dict.fromkeys(said or [asked.programme]) if programme in _PROGRAMMES]


def _named(asked: Understood, programmes: list[str], release: Release) -> dict[str, list[str]]:
    """Regions that the message names as places to compare, each with the programmes it is meant for.

    "Innovation city" right after a place is meant for that place, elsewhere for all. Regions that the message takes back are
    left out. A district of Seoul is a place to compare, not where the company is, unless the words say so.
    """
    mentions = release.gazetteer.find(asked.text)
    regions = [m for m in mentions if m.entry.kind == "region"]
    taken_back = {
        m.entry.id
        for m in regions
        if _LEFT_OUT_AFTER.match(asked.text, m.end) or _LEFT_OUT_BEFORE.search(asked.text[: m.start])
    }
    own = _own_programmes(mentions, asked.text)
    said = [*(asked.regions if asked.said_regions else ()), *_in_seoul(regions, asked.text, release)]
    return {region: own.get(region, programmes) for region in said if region not in taken_back}


def _own_programmes(mentions: Iterable[Mention], text: str) -> dict[str, list[str]]:
    """Programmes that stand right after a place, and those that follow them before the next place."""
    own: dict[str, list[str]] = {}
    region = ""
    for before, mention in pairwise(mentions):
        if mention.entry.kind != "programme":
            region = ""
            continue
        if before.entry.kind == "region":
            region = before.entry.id if _OF.fullmatch(text[before.end : mention.start]) else ""
        if region:
            own.setdefault(region, []).append(mention.entry.id)
    return own


def _in_seoul(mentions: Iterable[Mention], text: str, release: Release) -> list[str]:
    return [
        m.entry.id
        for m in mentions
        if m.entry.parent == "seoul"
        and release.catalogue.districts_of([m.entry.id])
        and destinations(text, [m.entry.id], release.gazetteer)
    ]


def _before(named: Collection[str], release: Release, tracker: Tracker) -> list[District]:
    """Places talked about before: those of the last comparison; with no place named those of the last card; else the last regions."""
    rows = _last_rows(tracker, "comparison") or ([] if named else _last_rows(tracker))
    by_name = {name: d for d in release.catalogue.districts.values() for name in (d.name_ko, d.name_en)}
    found = list(dict.fromkeys(by_name[row["title"]] for row in rows if row.get("title") in by_name))
    if len(found) >= FEWEST:
        return found
    for regions in _regions_said(tracker):
        earlier = [r for r in regions if r not in named and not release.gazetteer.in_capital_region(r)]
        if earlier:
            return districts_at(dict.fromkeys(earlier, ()), release.catalogue)[0]
    return []


def _last_rows(tracker: Tracker, kind: str = "") -> list[dict[str, Any]]:
    """The rows of the last card, where it is of this kind."""
    for event in reversed(tracker.events):
        custom = (event.get("data") or {}).get("custom") or {} if event.get("event") == "bot" else {}
        card = custom.get("card")
        if card:
            return list(card.get("rows") or []) if kind in ("", card.get("type")) else []
    return []


def _regions_said(tracker: Tracker) -> Iterable[list[str]]:
    """Regions of this message and of those before it, the latest first: the engine fills the slot anew at each."""
    yield list(tracker.get_slot("region") or [])
    for event in reversed(tracker.events):
        if event.get("event") == "slot" and event.get("name") == "region":
            yield list(event.get("value") or [])


def _left_out(places: _Places, release: Release, language: str) -> list[str]:
    """What was asked for and is not in the table."""
    said = []
    entries = [release.gazetteer.get("region", region) for region in places.without]
    names = [entry.name(language) for entry in entries if entry]
    if names:
        said.append(compared("no_district", language, names=", ".join(names)))
    if rest := places.districts[MOST:]:
        said.append(compared("limited", language, names="; ".join(name_of(d, language) for d in rest)))
    return said


def _ask(places: _Places, remarks: Sequence[str], release: Release, language: str) -> Reply:
    """Which places to compare, with pairs to press: of the one place that is known, where there is one."""
    known = places.districts[0] if places.districts else None
    buttons = []
    for pair in _PAIRS:
        entries = [entry for region in pair if (entry := release.gazetteer.get("region", region))]
        names = [entry.name(language) for entry in entries]
        if known:
            others = [entry for entry in entries if entry.id not in known.regions]
            names = [_short(known, release, language), *(entry.name(language) for entry in others[:1])]
        if len(names) == FEWEST:
            first, second = _joined(names, language)
            title = compared("pair", language, first=first, second=names[1])
            buttons.append(
                {"title": title, "payload": compared("pair.ask", language, first=first, second=second)}
            )
    return Reply(
        " ".join([*remarks, guide("compare.need", language)]),
        language,
        Status.CLARIFY,
        "compare_need",
        buttons=[*buttons, person_button(language)],
    )


def _joined(names: Sequence[str], language: str) -> tuple[str, str]:
    """Two names with their particles in Korean."""
    first, second = names
    return (attach(first, "와/과"), attach(second, "을/를")) if language == "ko" else (first, second)


def _short(district: District, release: Release, language: str) -> str:
    entry = release.gazetteer.get("region", district.regions[0])
    return entry.name(language) if entry else name_of(district, language)


def _row(place: District, comparison: Comparison, language: str) -> dict[str, Any]:
    cells = {fact: comparison.cells[place.id, fact] for fact in comparison.facts}
    sources = [told.source for cell in cells.values() for told in cell if told.source]
    dates = sorted(source.as_of for source in sources if source.as_of) or [place.as_of]
    return {
        "title": name_of(place, language),
        "place": place.id,
        "fields": [_field(fact, cell, language) for fact, cell in cells.items()],
        "source": "; ".join(dict.fromkeys(source.title for source in sources)) or place.source_title,
        "as_of": dates[0] if dates[0] == dates[-1] else f"{dates[0]} ~ {dates[-1]}",
    }


def _field(fact: str, cell: Sequence[Statement], language: str) -> dict[str, Any]:
    parts = [_part(told, language) for told in cell]
    value = "; ".join(
        f"{part['value']} ({part['dated']})" if part["dated"] else part["value"] for part in parts
    )
    return {"label": compared(f"fact.{fact}", language), "value": value, "parts": parts}


def _part(told: Statement, language: str) -> dict[str, str]:
    source = told.source
    return {
        "value": told.words(language),
        "dated": told.dated(language),
        "source": source.title if source else "",
        "url": source.url if source else "",
        "row": source.key if source else "",
    }
