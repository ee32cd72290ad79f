"""What decides between the places of a comparison, as sentences with dates: who has land on record, who has the longer relief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hangeul import attach

from knowledge.catalogue import District
from knowledge.comparison import FEWEST, Comparison, Statement, name_of
from knowledge.words_comparison import compared


def differences(comparison: Comparison, language: str) -> list[str]:
    """Sentences on land and on tax relief where these are compared; none where neither is."""
    return [line for line in (*_land(comparison, language), _tax(comparison, language)) if line]


def _land(comparison: Comparison, language: str) -> list[str]:
    """Where land is on record as left, and the states of the other places."""
    if "land" not in comparison.facts:
        return []
    areas = {place.id: told for place, told in comparison.figures("left")}
    left: list[str] = []
    states: dict[tuple[str, str], list[str]] = {}
    for place in comparison.places:
        [told] = comparison.cells[place.id, "land"]
        if told.kind == "left":
            left.append(_area(place, areas.get(place.id, told), language))
        else:
            states.setdefault((told.words(language), _bracketed(told, language)), []).append(
                name_of(place, language)
            )
    others = [
        compared("headline.state", language, places=_subject(names, language), state=state, dated=dated)
        for (state, dated), names in states.items()
    ]
    return [
        compared("headline.left", language, places=_joined(left, language)) if left else "",
        compared("headline.states", language, states=_joined(others, language)) if others else "",
    ]


def _area(place: District, told: Statement, language: str) -> str:
    figure = f" {told.number:,.0f}㎡" if told.number else ""
    return f"{name_of(place, language)}{figure}{_bracketed(told, language)}"


def _tax(comparison: Comparison, language: str) -> str:
    """Which place has the longer relief."""
    found = comparison.figures("tax")
    if len({place.id for place, _ in found}) < FEWEST:
        return ""
    longest, shortest = (end(found, key=lambda entry: entry[1].number or 0.0)[1] for end in (max, min))
    value, dated = _years(longest, language), _bracketed(longest, language)
    if longest.number == shortest.number:
        return compared("headline.tax_equal", language, value=value, dated=dated)
    best, worst = (
        _joined([_host(*entry, language) for entry in found if entry[1].number == end.number], language)
        for end in (longest, shortest)
    )
    return compared(
        "headline.tax",
        language,
        best=attach(best, "이/가") if language == "ko" else best,
        value=value,
        dated="" if dated == _bracketed(shortest, language) else dated,
        worst=worst,
        least=_years(shortest, language),
        least_dated=_bracketed(shortest, language),
    )


def _host(place: District, told: Statement, language: str) -> str:
    return told.at[0 if language == "ko" else 1] or name_of(place, language)


def _years(told: Statement, language: str) -> str:
    """The years of relief without the name of their place."""
    return told.words(language).removeprefix(f"{told.at[0 if language == 'ko' else 1]}: ")


def _bracketed(told: Statement, language: str) -> str:
    dated = told.dated(language)
    space = "" if language == "ko" else " "
    return f"{space}({dated})" if dated else ""


def _joined(names: Iterable[str], language: str) -> str:
    """English names of places have commas of their own."""
    return (", " if language == "ko" else "; ").join(names)


def _subject(names: Sequence[str], language: str) -> str:
    joined = _joined(names, language)
    return attach(joined, "은/는") if language == "ko" else joined
