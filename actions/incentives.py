"""Find incentives by destination, company and facility type; conditions, deadline and legal basis on each row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from hangeul import attach

from actions.reply import Reply, card_row, person_button
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.catalogue import Incentive, source_of
from knowledge.exclusions import excluded_from
from knowledge.library import Release
from knowledge.words import say

_ROWS = 8
# What is asked for by its word; without one, every kind is shown.
_CATEGORY_WORDS = {
    "tax": re.compile(r"세금|세액|세제|법인세|소득세|취득세|재산세|감면|\btax", re.IGNORECASE),
    "cash": re.compile(r"보조금|지원금|현금|subsid|grant|cash", re.IGNORECASE),
    "rent": re.compile(r"임차료|임대료|월세|이자|\brent|interest support", re.IGNORECASE),
    "hiring": re.compile(r"채용|고용|인건비|hir(?:e|ing)|recruit|wage", re.IGNORECASE),
    "housing": re.compile(r"주택|특별공급|숙소|housing|apartment", re.IGNORECASE),
}
# The order in which a company wants to see schemes; what is not named here follows.
_SCHEMES = (
    "hq-relocation-tax", "relocation-tax-ceiling", "hq-local-tax", "factory-local-tax", "investment-subsidy-base",
    "investment-subsidy-land", "investment-subsidy-equipment", "investment-subsidy-caps", "cluster-rent-support",
    "ucz-housing", "hiring-training", "investment-subsidy-bonus", "ucz-land-supply", "ucz-sandbox", "ucz-tax",
)  # fmt: skip
_FACILITIES = {"headquarters": ("본사", "head office"), "factory": ("공장", "factory")}


def find_incentives(asked: Understood, release: Release) -> Reply:
    """A card of incentives with, for a destination, the years of relief its place gets."""
    language = asked.language
    capital = [region for region in asked.regions if release.gazetteer.in_capital_region(region)]
    if capital and len(capital) == len(asked.regions):
        return _not_in_capital(asked, release)
    kinds = _kinds(asked.text)
    excluded = excluded_from(asked.text, release)
    shut_out = asked.facility and any(asked.facility in row.facility for row in excluded)
    hosts = (
        release.catalogue.host_tax_rows(asked.regions)
        if not shut_out and (not kinds or "tax" in kinds)
        else []
    )
    others = [
        row for row in _offered(asked, release) if row not in excluded and (not kinds or _kind(row) in kinds)
    ]
    rows = [*hosts, *sorted(others, key=_rank)][:_ROWS]
    if not rows:
        return Reply(
            say("incentives.none", language),
            language,
            Status.NO_ANSWER,
            "nothing_found",
            buttons=[person_button(language)],
        )
    lines = [_years(row, asked.facility or "headquarters", language) for row in hosts[:3] if row.years_full]
    if lines:
        lines.append(say("incentives.tests", language))
    elif asked.regions:
        lines.append(say("incentives.lead.place", language, places=_names(asked.regions, release, language)))
    else:
        lines.append(say("incentives.lead", language))
    if any(row.category == "cash" for row in rows):
        lines.append(say("incentives.tier", language))
    if not asked.regions:
        lines.append(say("incentives.ask_place", language))
    buttons = (
        [person_button(language)]
        if asked.regions
        else [*_place_buttons(asked, release), person_button(language)]
    )
    return Reply(
        "\n".join(lines),
        language,
        Status.ANSWERED,
        brief=say("incentives.lead", language),
        card=incentive_card(rows, language),
        buttons=buttons,
    )


def incentive_card(rows: Iterable[Incentive], language: str) -> dict[str, Any]:
    """The card of type `incentives`: a row an incentive."""
    return {
        "type": "incentives",
        "title": say("incentives.lead", language),
        "rows": [_row(row, language) for row in rows],
    }


def _offered(asked: Understood, release: Release) -> list[Incentive]:
    """Tellable rows open to this company at this place, without the clauses that only say how the tax zones are cut."""
    districts = release.catalogue.districts_of(asked.regions) if asked.regions else []
    programmes = {district.programme for district in districts} | (
        {asked.programme} if asked.programme else set()
    )
    offered = []
    for row in release.catalogue.find_incentives(asked.facility, asked.company_type):
        if row.scheme in (
            "host-city-tax-zone",
            "factory-relocation-tax",
            "old-regime",
            "displaced-factory-tax",
            "tax-clause",
        ):
            continue
        if row.category in ("procedure", "restriction", "risk", "contact", "charge"):
            continue
        if row.programmes and not programmes & set(row.programmes):
            continue
        if row.regions and asked.regions and not set(asked.regions) & set(row.regions):
            continue
        offered.append(row)
    return offered


def _kinds(text: str) -> set[str]:
    return {kind for kind, pattern in _CATEGORY_WORDS.items() if pattern.search(text)}


def _kind(row: Incentive) -> str:
    return "tax" if row.category.startswith("tax") else row.category


def _rank(row: Incentive) -> tuple[int, str]:
    return (_SCHEMES.index(row.scheme) if row.scheme in _SCHEMES else len(_SCHEMES), row.id)


def _years(row: Incentive, facility: str, language: str) -> str:
    name = row.name_ko if language == "ko" else row.name_en
    place = name.split(":", 1)[-1].strip()
    what = _FACILITIES.get(facility, _FACILITIES["headquarters"])[0 if language == "ko" else 1]
    values: dict[str, object] = {
        "full": row.rate_full,
        "full_years": row.years_full,
        "half": row.rate_half,
        "half_years": row.years_half,
    }
    if language == "ko":
        return say(
            "incentives.years", language, place=attach(place, "로/으로"), what=attach(what, "을/를"), **values
        )
    return say("incentives.years", language, place=place, what=what, **values)


def _row(row: Incentive, language: str) -> dict[str, Any]:
    korean = language == "ko"
    fields = [
        (say("label.benefit", language), row.benefit_ko if korean else row.benefit_en),
        (say("label.period", language), row.period_ko if korean else row.period_en),
        (say("label.conditions", language), row.conditions_ko if korean else row.conditions_en),
        (say("label.clawback", language), row.clawback_ko if korean else row.clawback_en),
        (
            say("label.deadline", language),
            (row.deadline_note_ko if korean else row.deadline_note_en) or row.deadline,
        ),
        (say("label.law", language), row.law_ko if korean else row.law_en),
    ]
    name, note = (row.name_ko, row.note_ko) if korean else (row.name_en, row.note_en)
    return card_row(name, fields, source_of(row), language, note, demo=row.demo == "true")


def _not_in_capital(asked: Understood, release: Release) -> Reply:
    names = _names(asked.regions, release, asked.language)
    hosts = release.catalogue.host_tax_rows(asked.regions)
    card = incentive_card(hosts, asked.language) if hosts else None
    text = say("incentives.capital", asked.language, place=names)
    return Reply(text, asked.language, Status.ANSWERED, card=card, buttons=[person_button(asked.language)])


def _names(regions: Iterable[str], release: Release, language: str) -> str:
    return ", ".join(
        entry.name(language) for region in regions if (entry := release.gazetteer.get("region", region))
    )


def _place_buttons(asked: Understood, release: Release) -> list[dict[str, str]]:
    buttons = []
    for region in ("naju", "jinju", "gimcheon", "wonju"):
        entry = release.gazetteer.get("region", region)
        if entry is not None:
            name = entry.name(asked.language)
            buttons.append(
                {
                    "title": name,
                    "payload": f"{attach(name, '은/는')}요?"
                    if asked.language == "ko"
                    else f"What about {name}?",
                }
            )
    return buttons
