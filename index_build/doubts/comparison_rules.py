"""Rules for one fact told twice: other values, figures in swapped places, a lead that its body does not bear out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from index_build.doubts.amounts import NUMBER, plain_number
from index_build.doubts.document_rules import Line
from index_build.doubts.rules import Doubt, doubt

_FIGURE = re.compile(NUMBER)
_ITEM = re.compile(r"^\s*(?:[-–*•○●□■◦▪※▴ㅇ☞①-⑳]|\(?\d{1,2}[.)]|[가-하][.)])\s*")
# A figure with its unit; numbers of articles, years and items have none. A threshold is no fact.
_MEASURED = re.compile(
    rf"(?P<number>{NUMBER})(?P<unit>\s?(?:[조억만천]{{0,2}}\s?원|%|퍼센트|[천만]{{0,2}}\s?㎡|m²|평|명|개[소사]?|곳|세대|필지|km|ha\b|pyeong"
    r"|(?:thousand |million |billion |trillion )?(?:won|percent|m²|㎡|[a-z-]+s)\b))(?!\S{0,4}\s?(?:이상|이하|미만|초과|이내|당\b|마다|or (?:more|less)))"
)
# Cases of a rule differ on purpose, a pronoun may stand for another thing, │ and × draw tables and formulas.
_BY_CASE = re.compile(
    r"경우|각 호|[│×]|\b(?:it|they|this|these|each|at least|if|where|more than|less than|up to)\b",
    re.IGNORECASE,
)
_CALENDAR_YEAR = re.compile(r"(?:19|20)\d\d")
_FILLING = re.compile(r"\b(?:약|총|모두|최대|about|approximately|some|around)\s*$", re.IGNORECASE)
_ENGLISH_WORDS = re.compile(r"(?:\s[A-Za-z][\w'’-]*){0,2}")
_MOST_FIGURES = 12  # a sentence with more is a list
_SHORTEST = 10  # characters without spaces before a figure; what says less names no fact
_MOST_VALUES = 4  # more are a series, not two tellings


def two_values(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """Sentences of the same words up to a measured figure, which then differs.

    In English the two words after it must agree too, since they tell which place or year is meant.
    """
    told: dict[tuple[str, ...], list[tuple[Line, str]]] = defaultdict(list)
    for line in all_lines:
        measured = list(_MEASURED.finditer(line.text))
        if not 0 < len(measured) <= _MOST_FIGURES or _BY_CASE.search(line.text):
            continue
        for match in measured:
            words = "".join(_FILLING.sub("", _ITEM.sub("", line.text[: match.start()])).split())
            if len(words) >= _SHORTEST and not _CALENDAR_YEAR.fullmatch(match["number"]):
                key = (
                    words,
                    "".join(match["unit"].split()),
                    _ENGLISH_WORDS.findall(line.text, match.end(), match.end() + 40)[0],
                )
                told[key].append((line, match[0]))
    for tellings in told.values():
        values = list(dict.fromkeys(found for _, found in tellings))
        for line, found in tellings if 2 <= len(values) <= _MOST_VALUES else ():
            other = next(value for value in values if value != found)
            yield doubt("two-values", line.text, line.section, (found, {"other": other}))


_COUNTED_EN = re.compile(
    rf"(?<![\d.,'’‘$-])({NUMBER}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:(?!(?:and|or|of|in|for|by|to|at|the|will|with)\b)[a-z&-]+ ){{0,3}}?([a-z-]*[^\W\dsiu]s)\b",
    re.IGNORECASE,
)
_COUNTED_KO = re.compile(
    rf"(?:([가-힣]{{2,8}}?)(?:를|을|이|가|은|는)?\s)?({NUMBER})\s?(개소|곳|개사|개 ?기업|개 ?도시|개 ?기관|명|세대|필지)(?!\s?(?:이상|이하|미만|초과|이내|당))"
)
_COUNTED = re.compile(r"\d (?:[\w&-]+ ){0,3}?[a-z-]+s\b|\d\s?(?:개|곳|명|세|필)")
_WORDS = {
    word: float(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
_NO_COUNT = ("years", "months", "days", "weeks", "hours", "times", "was", "has", "does")
# The smaller and the larger of two figures; below, sentences share figures by chance.
_LEAST_SWAPPED = (3, 10)


def _counted(text: str) -> dict[str, set[tuple[float, str]]]:
    """What is counted in a sentence: noun to its numbers and their words."""
    counted: dict[str, set[tuple[float, str]]] = defaultdict(set)
    for match in _COUNTED_EN.finditer(text):
        number = match[1].lower()
        if (noun := match[2].lower()) not in _NO_COUNT and not _CALENDAR_YEAR.fullmatch(number):
            counted[noun].add((_WORDS.get(number) or plain_number(number), match[0]))
    for match in _COUNTED_KO.finditer(text):
        counted[f"{match[1] or ''} {match[3]}"].add((plain_number(match[2]), match[0].strip()))
    return counted


def swapped_roles(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """Two sentences that hold the same two figures, of which each counts a thing by the other figure."""
    places: dict[tuple[str, float, float], list[tuple[Line, str]]] = defaultdict(list)
    for line in all_lines:
        figures = {plain_number(figure) for figure in _FIGURE.findall(line.text)}
        if not (2 <= len(figures) <= _MOST_FIGURES and _COUNTED.search(line.text)):
            continue
        for noun, numbers in _counted(line.text).items():
            if len(numbers) == 1:
                value, words = next(iter(numbers))
                for other in figures - {value}:
                    if min(value, other) >= _LEAST_SWAPPED[0] and max(value, other) >= _LEAST_SWAPPED[1]:
                        places[noun, value, other].append((line, words))
    for (noun, value, other), here in places.items():
        for line, words in here:
            if there := places.get((noun, other, value)):
                yield doubt("two-values", line.text, line.section, (words, {"other": there[0][1]}))


# Press releases: a few lines that sum up, then paragraphs that begin with a sign.
_BODY = re.compile(r"^\s*[□■◇◆▢○●ㅇ]")
_LONGEST_LEAD = 8
_LEAST_LEAD_COUNT = 5


def lead_against_body(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """A count in the lead of a press release that the body never gives to that noun, though it counts it."""
    start = next(
        (place for place, line in enumerate(all_lines[: _LONGEST_LEAD + 1]) if _BODY.match(line.text)), 0
    )
    body: dict[str, dict[float, str]] = defaultdict(dict)
    for line in all_lines[start:] if start else ():
        for noun, numbers in _counted(line.text).items():
            body[noun].update(numbers)
    for line in all_lines[:start]:
        for noun, numbers in _counted(line.text).items():
            for value, words in numbers:
                if value >= _LEAST_LEAD_COUNT and body.get(noun) and value not in body[noun]:
                    other = ", ".join(f"“{told}”" for told in body[noun].values())
                    yield doubt("lead-vs-body", line.text, line.section, (words, {"other": other}))


def compare_sentences(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """Every rule of this module, over the sentences of one document."""
    yield from two_values(all_lines)
    yield from swapped_roles(all_lines)
    yield from lead_against_body(all_lines)
