"""How a figure changed between two dates that a question names: the two rows of the catalogue, and the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hangeul import attach

from actions.land import dated
from actions.operations import MONTHS, metric_of
from actions.reply import Reply, card_row, person_button
from actions.saying import figure, worked_out_row
from actions.series import facts_of
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.asked import destinations
from knowledge.catalogue import LandFact, source_of
from knowledge.library import Release
from knowledge.source import age_in_years
from knowledge.words import say
from knowledge.words_computed import phrase

_CHANGE = re.compile(
    r"(?:몇|얼마|어느\s*정도|%\s*p|포인트)[^.?]{0,14}(?:올|오르|늘|높아|증가|상승|떨어|줄|내렸|내린|변했|바뀌|차이)|차이|차액|격차|변화|비교|각각"
    r"|\bdiffer|\brise|\brose|\bris(?:en|ing)|increase|\bgr[eo]w|\bgain|\bchange|\bclimb|\bwent up|\bgo(?:ne)? up|\bdrop|\bfell|\bfall|\bby how (?:much|many)|\bcompar|\bversus\b|\bvs\b",
    re.IGNORECASE,
)
_OCCUPIED = re.compile(
    r"이용률|입주율|실제로?\s*(?:쓰|사용|이용)|\bin[- ]use\b|occup|actually used", re.IGNORECASE
)
_WHEN = re.compile(
    rf"(?:(?P<month>{'|'.join(MONTHS)})\s+)?(?<![\d,.])(?P<year>20[12]\d|[12]\d(?=\s*년))(?![\d,.]*\d)(?:\s*년)?(?:\s*(?P<number>1[0-2]|[1-9])\s*월|-(?P<iso>0[1-9]|1[0-2]))?",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"\s*(?:연?초|봄|상반기)|.*(?:early|spring|start of|beginning of)\s+$", re.IGNORECASE | re.DOTALL
)
_AROUND = 16  # characters before a year that say which end of it is meant
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date asked for, ISO (year, or year and month), and whether the beginning of that time is meant."""

    day: str
    early: bool


def change_between(asked: Understood, release: Release, today: date) -> Reply | None:
    """The change of one figure of one place, or of the country, between two dates; None unless all of it is certain."""
    text = re.sub(r"\s+", " ", asked.text)
    moments = _moments(text)
    if len(moments) != 2 or len(text) > _LONGEST or not _CHANGE.search(text):
        return None
    metric = "occupied" if _OCCUPIED.search(text) else metric_of(text, release.gazetteer)[0]
    place = _district(asked, release)
    if not metric or place is None:
        return None
    facts = [
        fact
        for fact in facts_of(metric, "innovation_city", release)
        if _is_of(fact, place) and fact.demo != "true"
    ]
    rows = [_at(moment, facts) for moment in moments]
    if None in rows:
        return None
    first, second = sorted((row for row in rows if row), key=lambda row: row.as_of)
    # A part of a cluster is not held against the whole.
    if first.id == second.id or (first.unit, first.site_ko) != (second.unit, second.site_ko):
        return None
    return _reply(first, second, asked.language, today)


def _moments(text: str) -> list[_Moment]:
    """The dates that a text names, each once."""
    found: dict[str, _Moment] = {}
    for match in _WHEN.finditer(text):
        year = f"20{match['year'][-2:]}"
        month = (
            match["number"]
            or match["iso"]
            or (MONTHS.index(match["month"].lower()) + 1 if match["month"] else "")
        )
        early = bool(
            _EARLY.match(text[match.end() : match.end() + 5])
            or _EARLY.match(text[max(0, match.start() - _AROUND) : match.start()])
        )
        day = f"{year}-{int(month):02}" if month else year
        found.setdefault(f"{day}{early}", _Moment(day, early))
    return list(found.values())


def _district(asked: Understood, release: Release) -> str | None:
    """The district of the one place named, an empty string for the whole country; None where several are meant."""
    ids = [id for id in release.gazetteer.ids(asked.text, "region") if id != "nation"]
    districts = release.catalogue.districts_of(
        destinations(asked.text, ids, release.gazetteer), "innovation_city"
    )
    if not ids:
        return ""
    return districts[0].id if len(districts) == 1 else None


def _is_of(fact: LandFact, district: str) -> bool:
    return fact.district == district if district else fact.region == "nation"


def _at(moment: _Moment, facts: Iterable[LandFact]) -> LandFact | None:
    """The row of a date: the last one in it, or the first where its beginning is meant; None where two differ or none is."""
    within = sorted(
        (fact for fact in facts if fact.as_of.startswith(moment.day)), key=lambda fact: f"{fact.as_of}-99"
    )
    if not within:
        return None
    wanted = within[0 if moment.early else -1]
    values = {fact.value for fact in within if fact.as_of == wanted.as_of}
    return wanted if len(values) == 1 else None


def _reply(first: LandFact, second: LandFact, language: str, today: date) -> Reply:
    before, after = float(first.value), float(second.value)
    gap = abs(after - before)
    amount = (
        phrase("points", language, value=f"{round(gap, 1):g}")
        if first.unit == "%"
        else figure(gap, first.unit, language)
    )
    metric, korean = phrase(first.metric, language), language == "ko"
    key = "same" if not gap else "up" if after > before else "down"
    site = second.site_ko if korean else second.site_en
    said = phrase(
        f"over_time.{key}",
        language,
        place=site,
        metric=attach(metric, "은/는") if korean else metric,
        first=_alike(before, after, first.unit, language),
        second=_alike(after, before, first.unit, language),
        first_date=first.as_of,
        second_date=second.as_of,
        gap=amount,
    )
    years = age_in_years(second.as_of, today)
    lines = [said, phrase("age", language, years=years) if years else ""]
    rows = [_row(*pair, language, today) for pair in ((first, after), (second, before))]
    if gap:
        label = phrase("worked.compare", language)
        rows.append(worked_out_row(label, first.metric, amount, [first, second], second.as_of, language))
    return Reply(
        text="\n".join(filter(None, lines)),
        language=language,
        status=Status.ANSWERED,
        brief=said,
        card={"type": "land", "title": f"{site} – {metric}", "rows": rows},
        buttons=[person_button(language)],
    )


def _alike(value: float, beside: float, unit: str, language: str) -> str:
    """A value with its unit; a share with as many decimals as the one beside it: 35.0% beside 50.1%."""
    if unit == "%" and (value % 1 or beside % 1):
        return f"{value:.1f}%"
    return figure(value, unit, language)


def _row(fact: LandFact, beside: float, language: str, today: date) -> dict[str, object]:
    value = f"{_alike(float(fact.value), beside, fact.unit, language)} ({dated(fact, language, today)})"
    note = fact.note_ko if language == "ko" else fact.note_en
    fields = [(phrase(fact.metric, language), value)]
    return card_row(say("as_of", language, date=fact.as_of), fields, source_of(fact), language, note)
