"""Find land by region, programme and area, with what is left, what is only resale, and how old the figure is."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.reply import Reply, card_row, district_buttons, person_button
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.catalogue import LandFact, LandSummary, source_of
from knowledge.library import Release
from knowledge.source import age_in_years
from knowledge.words import say
from knowledge.words_sites import PYEONG_M2

_ROWS = 10


def find_land(asked: Understood, release: Release, today: date) -> Reply | None:
    """A card of districts, or None where the places asked for hold no land on record."""
    programme = (
        asked.programme
        if asked.programme in ("innovation_city", "urban_convergence_zone", "ai_district")
        else ""
    )
    found = release.catalogue.find_land(asked.regions, programme, asked.area_m2)
    if not found and programme:
        found = release.catalogue.find_land(asked.regions, "", asked.area_m2)
    if not found:
        return None
    return Reply(
        text=_lead(asked, found, release, today),
        language=asked.language,
        status=Status.ANSWERED,
        brief="" if asked.area_m2 else say("land.not_live", asked.language),
        card=land_card(found[:_ROWS], asked.language, today),
        buttons=[
            *district_buttons([s.district for s in found[:2]], asked.language),
            *_all_places(asked),
            person_button(asked.language),
        ],
    )


def _all_places(asked: Understood) -> list[dict[str, str]]:
    """The way from one place to all of them."""
    if not asked.regions:
        return []
    payload = (
        "어느 지역에 클러스터 용지가 남았나요?"
        if asked.language == "ko"
        else "Which places have cluster land left?"
    )
    return [{"title": say("button.all_land", asked.language), "payload": payload}]


def land_card(summaries: list[LandSummary], language: str, today: date) -> dict[str, Any]:
    """The card of type `land`: a row a district."""
    title = (
        say("land.lead.all", language)
        if len(summaries) > 2
        else summaries[0].district.name_ko
        if language == "ko"
        else summaries[0].district.name_en
    )
    return {"type": "land", "title": title, "rows": [_row(summary, language, today) for summary in summaries]}


def _lead(asked: Understood, found: list[LandSummary], release: Release, today: date) -> str:
    language = asked.language
    if asked.area_m2 and not asked.regions:
        lead = say("land.lead.area", language, area=area_words(asked.area_m2, language))
    elif asked.regions:
        names = ", ".join(
            entry.name(language)
            for region in asked.regions
            if (entry := release.gazetteer.get("region", region))
        )
        lead = say("land.lead.place", language, places=names)
    else:
        lead = say("land.lead.all", language)
    lines = [lead]
    for summary in found[:3]:
        name = summary.district.name_ko if language == "ko" else summary.district.name_en
        facts = [say(f"land.{summary.availability}", language)]
        if summary.left_m2 is not None:
            facts.append(
                f"{say('label.left', language)} {area_words(summary.left_m2, language)} ({dated(summary.evidence, language, today)})"
            )
        elif summary.sold is not None:
            facts.append(
                f"{say('label.sold', language)} {_percent(summary.sold.value)} ({dated(summary.sold, language, today)})"
            )
        elif summary.planned is not None and summary.availability != "none":
            facts.append(
                f"{say('label.planned', language)} {area_words(float(summary.planned.value), language)} ({dated(summary.planned, language, today)})"
            )
        lines.append(f"· {name}: {', '.join(facts)}")
    return "\n".join([*lines, say("land.not_live", language)])


def _row(summary: LandSummary, language: str, today: date) -> dict[str, Any]:
    evidence = summary.evidence
    left = (
        f"{area_words(summary.left_m2, language)} ({dated(evidence, language, today)})"
        if summary.left_m2 is not None
        else ""
    )
    fields = [
        (say("label.state", language), say(f"land.{summary.availability}", language)),
        (say("label.left", language), left),
        (
            say("label.planned", language),
            _value(summary.planned, language, today) if summary.availability != "none" else "",
        ),
        (say("label.sold", language), _value(summary.sold, language, today)),
        (say("label.price", language), _value(summary.price, language, today)),
    ]
    name = summary.district.name_ko if language == "ko" else summary.district.name_en
    note = evidence.note_ko if language == "ko" else evidence.note_en
    return card_row(name, fields, source_of(evidence), language, note, demo=evidence.demo == "true")


def _value(fact: LandFact | None, language: str, today: date) -> str:
    if fact is None:
        return ""
    if fact.unit == "m2":
        value = area_words(float(fact.value), language)
    elif fact.unit == "%":
        value = _percent(fact.value)
    else:
        per = fact.unit.replace("KRW/", "").replace("m2", "㎡")
        value = (
            f"{per}당 {float(fact.value):,.0f}원"
            if language == "ko"
            else f"KRW {float(fact.value):,.0f} per {per}"
        )
    return f"{value} ({dated(fact, language, today)})"


def dated(fact: LandFact, language: str, today: date) -> str:
    """`2019-12 기준, 6년 전`: the date of a figure and its age in years."""
    if not fact.as_of:
        return ""
    words = say("as_of", language, date=fact.as_of)
    years = age_in_years(fact.as_of, today)
    return words if years < 1 else f"{words}, {say('years_old', language, years=years)}"


def area_words(square_metres: float, language: str) -> str:
    """`30,000㎡ (약 9,075평)`."""
    pyeong = square_metres / PYEONG_M2
    return (
        f"{square_metres:,.0f}㎡ (약 {pyeong:,.0f}평)"
        if language == "ko"
        else f"{square_metres:,.0f} ㎡ (about {pyeong:,.0f} pyeong)"
    )


def _percent(value: str) -> str:
    return f"{float(value):g}%"
