"""Answers that no single row holds: the largest, a ranking, a count, a sum or a difference over the catalogue's tables.

Only rows of one metric, unit and date are compared. Places without a figure of that date are named, never filled in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.land import dated
from actions.operations import Operation, operation_of
from actions.over_time import change_between
from actions.reply import Reply, card_row, person_button
from actions.saying import Saying, figure, ranks, remarks, worked_out_row
from actions.series import Entry, Series, series_of
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.catalogue import Incentive, LandFact, source_of
from knowledge.library import Release
from knowledge.words import say
from knowledge.words_computed import phrase


def compute(asked: Understood, release: Release, today: date) -> Reply | None:
    """A computed answer with the rows compared, or None unless operation and metric are certain and two rows compare."""
    if changed := change_between(asked, release, today):
        return changed
    wanted = operation_of(asked.text, asked.programme, release.gazetteer)
    if wanted is None or _means_the_place_before(wanted, asked):
        return None
    series = series_of(wanted, asked, release)
    saying = Saying(wanted, series, asked.language) if series else None
    answer = saying.answer() if saying else ""
    if series is None or saying is None or not answer:
        return None
    lines = [answer, remarks(series, asked.language, today)]
    if series.unit == "years":
        lines.append(say("incentives.tests", asked.language))
    return Reply(
        text="\n".join(filter(None, lines)),
        language=asked.language,
        status=Status.ANSWERED,
        brief=answer,
        card=_card(series, _worked_out(wanted, saying, series, asked.language), asked.language, today),
        buttons=[person_button(asked.language)],
    )


def _means_the_place_before(wanted: Operation, asked: Understood) -> bool:
    """Whether `the total area` may be that of the place talked about before."""
    implied = wanted.kind in ("sum", "mean") and wanted.whole and not wanted.named
    return implied and bool(asked.regions) and not asked.said_regions


def _card(series: Series, more: list[dict[str, Any]], language: str, today: date) -> dict[str, Any]:
    """The rows compared, in their order, and `more`: a card of type `land`, or `incentives` for tax relief."""
    rows = [
        _row(rank, entry, series, language, today)
        for rank, entry in zip(ranks(series.entries), series.entries, strict=True)
    ]
    title = f"{phrase(series.column, language)} ({say('as_of', language, date=series.as_of)})"
    return {
        "type": "incentives" if series.unit == "years" else "land",
        "title": title,
        "rows": [*rows, *more],
    }


def _worked_out(wanted: Operation, saying: Saying, series: Series, language: str) -> list[dict[str, Any]]:
    """The row of the value that was worked out, with the sources of the rows behind it; none where a row holds the answer."""
    value = saying.worked_out()
    if not value:
        return []
    label = phrase(f"worked.{wanted.kind}", language)
    rows = [entry.row for entry in series.entries]
    return [worked_out_row(label, series.column, value, rows, series.as_of, language)]


def _row(rank: int, entry: Entry, series: Series, language: str, today: date) -> dict[str, Any]:
    row, korean = entry.row, language == "ko"
    place = (phrase("label.rank", language), phrase("rank.single", language, number=rank))
    value = figure(entry.value, series.unit, language)
    if isinstance(row, LandFact):
        fields = [place, (phrase(series.column, language), f"{value} ({dated(row, language, today)})")]
    else:
        fields = [place, (phrase(series.column, language), value), *_terms(row, language)]
    note = row.note_ko if korean else row.note_en
    return card_row(entry.name, fields, source_of(row), language, note, demo=row.demo == "true")


def _terms(row: Incentive, language: str) -> list[tuple[str, str]]:
    korean = language == "ko"
    return [
        (say("label.period", language), row.period_ko if korean else row.period_en),
        (say("label.law", language), row.law_ko if korean else row.law_en),
    ]
