"""Figures with a unit in Korean and English text and table rows: areas, money, shares, periods, counts, last days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from index_build.contradictions.numerals import AMOUNT, MONTH, MONTHS, WORD, digits, value
from index_build.doubts.amounts import NUMBER

_PYEONG = 3.305785
_SQUARE_METRES = {"평": _PYEONG, "pyeong": _PYEONG, "ha": 1e4, "헥타르": 1e4, "㎢": 1e6, "km²": 1e6}
# "20 to 29 people" is a step of a scale, no count of people.
BRACKET = r"(?<!\d)\d++\s?명?(?:~|–|-|\sto\s|에서\s)\d+\s?(?:명|인|people|hires|staff|employees)"
_FREE = r"(?<![A-Za-z0-9.,제~–-])"
_RANGE = rf"{_FREE}(?:(?P<low>{AMOUNT})\s?(?:%|percent)?\s?(?:[~∼〜–-]|내지|to)\s?)?(?P<number>{AMOUNT})"
_AREA = (
    r"㎡|m²|m2|제곱미터|평방미터|sqm\b|square met(?:er|re)s?|㎢|km²|헥타르|ha\b|pyeong|평(?![가균택일면생])"
)
_PER_AREA = rf"(?P<per>(?:3\.3\s?)?(?:{_AREA}))"
_COUNTED = {
    "company": r"개사|기업|업체|회사|입주사|compan(?:y|ies)|firms?|tenants?|business(?:es)?",
    "lot": r"필지|획지|lots?|plots?|parcels?",
    "household": r"가구|세대|households?|housing units?|homes?",
    "institution": r"기관|institutions?|bodies",
    "person": r"명|인(?=\s?(?:이상|이하|미만|규모|[을의,)]|$))|people|persons?|staff|employees?|workers?|hires?",
    "job": r"일자리|jobs?",
    "place": r"곳|개소|도시|지구|cit(?:y|ies)|districts?|zones?|sites?",
}
_COUNT = "|".join(_COUNTED.values())
_COUNTED_NOUN = re.compile(r"기업|업체|회사|입주사|필지|기관|가구|세대|일자리")
_WORD_NUMBER = rf"(?P<number>{_FREE}(?:{NUMBER}|\b{WORD}\b))"
_ADJECTIVES = rf"(?:(?!and|or|of|to|the|in|for)(?!{WORD}\b)[a-z][a-z-]*\s){{0,2}}?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "deadline",
            r"(?P<y>\d{4})(?:년|\.)\s?(?P<m>\d{1,2})(?:월|\.)\s?(?P<d>\d{1,2})[일.]?\s?(?:까지|이전)"
            rf"|(?:\bby|until|till|before|runs? to|ends? on)\s(?P<d2>\d{{1,2}}) (?P<m2>{MONTH}) (?P<y2>\d{{4}})",
        ),
        ("m2", rf"{_FREE}(?P<number>{AMOUNT}) of (?:the )?{AMOUNT}\s?(?P<unit>{_AREA})"),
        ("m2", rf"(?<!per )(?<!/){_RANGE}\s?(?P<unit>{_AREA})(?!\s?당)"),
        ("won", rf"{_RANGE}\s?(?P<unit>원(?![주칙격형안본장하활동])|won\b|KRW\b)"),
        ("won", rf"(?P<unit>KRW|₩)\s?(?:(?P<low>{AMOUNT})\s?(?:[~–-]|to)\s?)?(?P<number>{AMOUNT})"),
        ("%", rf"{_RANGE}\s?(?P<unit>%|％|퍼센트|percent\b|per cent\b)(?!\s?(?:p\b|포인트|points?))"),
        ("%", r"100분의\s?(?P<number>\d+(?:\.\d+)?)"),
        ("points", rf"{_RANGE}\s?(?:%p|%\s?포인트|퍼센트\s?포인트|포인트|(?:percentage )?points?\b)"),
        ("months", r"(?<![\d'’제])(?P<years>\d{1,2})\s?년\s?(?P<number>\d{1,2})\s?개월(?!\s?전)"),
        (
            "months",
            r"(?<![\d'’제~–-])(?:(?P<low>\d{1,2})\s?(?:[~–-])\s?)?(?P<number>\d{1,2})\s?(?P<unit>개월|개년|년)"
            r"(?!\s?(?:[차도대생전]|말|초|상반기|하반기|\d{1,2}월))",
        ),
        ("months", rf"{_WORD_NUMBER}[\s-](?P<unit>years?|months?)\b(?!\s(?:old|ago|later))"),
        ("days", r"(?<![월\d]\s)(?<![월\d.])(?P<number>\d{1,3})일(?=\s?(?:이내|이상|전|간|안|동안|내))"),
        ("days", rf"{_WORD_NUMBER}[\s-]days?\b"),
        ("count", rf"{_FREE}(?P<number>{NUMBER}) of (?:the )?{NUMBER}\s(?P<unit>(?:{_COUNT})\b)"),
        ("count", rf"{_FREE}(?P<number>{AMOUNT})\s?(?:여\s?)?(?P<unit>개(?![월년])|{_COUNT})"),
        ("count", rf"{_WORD_NUMBER}\s{_ADJECTIVES}(?P<unit>(?:{_COUNT})\b)"),
    )
)
# What stands before or after a figure, from its first or last character on.
_BEFORE, _AFTER = r"\s*(?:an? )?(?:월|연|KRW|₩)?\s*$", r"^(?:\([^)]*\))?[을를의에로\s]{0,2}"
_ABOUT = re.compile(
    rf"(?:약|대략|거의|about|around|approximately|some|nearly|almost|roughly|estimated){_BEFORE}",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"^\s?(?:정도|가량|안팎|쯤|남짓|or so)")
_ABOUT_INSIDE = re.compile(r"\d여\s?(?:개|곳|명|필지)")
_MOST = re.compile(
    r"(?:최대|최고|up to|at most|no more than|(?:less|fewer) than|maximum(?: of)?|not exceed|no larger than|limited to"
    rf"|capped at|within){_BEFORE}",
    re.IGNORECASE,
)
_MOST_AFTER = re.compile(rf"{_AFTER}(?:이하|이내|미만|한도|까지|안에|내에|or less|or fewer)")
_LEAST = re.compile(rf"(?:최소|적어도|at least|minimum(?: of)?|more than|over){_BEFORE}", re.IGNORECASE)
_LEAST_AFTER = re.compile(rf"{_AFTER}(?:이상|초과|못 미치|미달|or more)")
_LIMIT = re.compile(
    r"한도|상한|(?:넘을|초과할) 수 없|\b(?:limit(?:ed)?|cap(?:ped)?|ceiling|not exceed|at most)\b",
    re.IGNORECASE,
)
_PER = (
    ("won/m2", rf"{_PER_AREA}\s?당\s?[^\d,;]{{0,8}}$", rf"^\s?(?:/|per|a)\s?{_PER_AREA}"),
    ("won/month", r"월\s?(?:평균|약|최대|\s)*$", r"^\s?(?:a|per|each|/)\s?(?:month|월)"),
    ("won/year", r"(?:연|연간|매년)\s?(?:약|최대|\s)*$", r"^\s?(?:a|per|each|/)\s?(?:year|연|년)"),
    (
        "won/person",
        r"(?:인당|명당)\s?(?:약|최대|\s)*$",
        r"^\s?(?:for each|per|a|each)\s(?:\w+ )?(?:person|employee|head|worker)",
    ),
)
# "415,000 m² less the 385,000 sold" tells how a figure was worked out, and its parts are told elsewhere; "three months
# after promulgation" is of one act alone.
_PART = re.compile(
    r"\s?(?:가운데|중)\s(?=[약\d])|\s?(?:less|times|minus)\b|에서\s(?=.*(?:빼|뺀))|[을를]\s?(?:빼|뺀)|에\s(?=.*곱)"
    r"|이\s경과한 날부터 시행"
)
_PART_BEFORE = re.compile(r"\b(?:less|times|minus)\s(?:the\s)?$")
_CELL = re.compile(
    rf"(?:^|; )(?P<name>[^;:]*?)\s?(?:\((?P<unit>[^();:]*)\))?: (?P<number>(?:약 |about )?{NUMBER})(?=; | \(단위|$)"
)
_TAIL = re.compile(r" \(단위: (?P<unit>[^)]*)\)$")
_PRICE_UNIT = re.compile(rf"원\s?/\s?(?:{_AREA})")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at characters [start, end) of a text. `low` equals `high` unless a range is told.

    `kind` names what is counted and so the unit of `low`, `high` and `step`: m2, won, won/m2, won/month, won/year,
    won/person, %, points, months, days, deadline (day number), or `count:` with company, lot, person and the like.
    `step` is what the last digit shown is worth; `bound` is `most`, `least` or empty.
    """

    kind: str
    low: float
    high: float
    step: float
    about: bool
    bound: str
    start: int
    end: int


def find_figures(text: str) -> list[Figure]:
    """Every figure with a unit, left to right, in a sentence or a table row such as `도시: 대구; 면적(천㎡): 858`."""
    figures = list(_cells(text)) if ": " in text else []
    taken = [(figure.start, figure.end) for figure in figures]
    taken += [match.span() for match in re.finditer(BRACKET, text)]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if _PART.match(text, match.end()) or _PART_BEFORE.search(text[: match.start()]):
                continue
            figure = _last_day(match) if kind == "deadline" else _figure(kind, match, text)
            if figure is not None:
                figures.append(figure)
                taken.append(match.span())
    return sorted(figures, key=lambda figure: figure.start)


def equal(one: Figure, other: Figure) -> bool:
    """Whether two figures of one kind tell the same value, rounded or cut off alike."""
    fine, coarse = sorted((one, other), key=lambda figure: figure.step)
    return _near(fine.low, coarse.low, one, other) and _near(fine.high, coarse.high, one, other)


def compatible(one: Figure, other: Figure) -> bool:
    """Whether two figures of one kind can both be true: equal, within a range, or within the other's bound."""
    if equal(one, other) or {one.bound, other.bound} == {"most", "least"}:
        return True
    # A period or an area told as a limit is seldom the one that is told as it is.
    if one.bound != other.bound and not one.kind.startswith(("won", "%", "points")):
        return True
    if one.low != one.high or other.low != other.high:
        return one.low <= other.high and other.low <= one.high
    return any(
        not b.bound and ((a.bound == "most" and b.low <= a.low) or (a.bound == "least" and b.low >= a.low))
        for a, b in ((one, other), (other, one))
    )


def _near(fine: float, coarse: float, one: Figure, other: Figure) -> bool:
    """Whether `fine`, told to more digits, may have been shortened to `coarse`."""
    step, about, size = max(one.step, other.step), one.about or other.about, abs(coarse)
    if about:
        return abs(fine - coarse) <= max(min(step, _most_share(one.kind, 0.1) * size), 0.02 * size)
    if one.kind in ("deadline", "months", "days") or one.step == other.step:
        return abs(fine - coarse) <= 1e-9 * size
    # Press releases round, and as often cut off, what statistics tell to the last digit.
    most = _most_share(one.kind, 0.015) * size
    return -min(step / 2, most) <= fine - coarse < min(step, most)


def _most_share(kind: str, share: float) -> float:
    return 1.0 if kind in ("%", "points") else share


def _figure(kind: str, match: re.Match[str], text: str) -> Figure | None:
    groups = match.groupdict()
    low, high, step = _values(groups)
    if kind == "m2" and high == 3.3:  # one pyeong, the unit of a price
        return None
    if kind in ("%", "points") or high < 100:
        step = min(step, 1.0)
    unit, factor = (groups.get("unit") or "").lower(), 1.0
    if kind == "m2":
        factor = _SQUARE_METRES.get(unit, 1.0)
    elif kind == "months":
        factor = 12.0 if unit.startswith(("year", "년", "개년")) else 1.0
    elif kind == "count":
        kind = f"count:{_counted(unit, text, match)}"
    figure = Figure(kind, low, high, step, False, "", match.start(), match.end())
    return _with_surroundings(_converted(figure, factor), text)


def _values(groups: dict[str, str | None]) -> tuple[float, float, float]:
    """Lowest value, highest value and the worth of the last digit."""
    number = groups["number"] or ""
    high, step = value(number)
    high += 12 * int(groups.get("years") or 0)
    lowest = groups.get("low")
    low = value(lowest)[0] if lowest else high
    if low * 1000 < high:  # "0.5 to 1 million": the scale stands once
        low *= high / digits(number)
    return min(low, high), high, step


def _converted(figure: Figure, factor: float) -> Figure:
    """In the unit that is `factor` times smaller; pyeong are themselves rounded."""
    low, high, step = figure.low * factor, figure.high * factor, figure.step * factor
    rounded = factor in (_PYEONG, 1 / _PYEONG)
    return replace(figure, low=low, high=high, step=max(step, 0.004 * high) if rounded else step)


def _with_surroundings(figure: Figure, text: str) -> Figure:
    """Add what the words beside it say: "up to", "about", "a month", "per ㎡"."""
    before, after = text[max(0, figure.start - 30) : figure.start], text[figure.end : figure.end + 30]
    shown = text[figure.start : figure.end + 6]
    about = bool(_ABOUT.search(before) or _ABOUT_AFTER.search(after) or _ABOUT_INSIDE.search(shown))
    if figure.kind == "won":
        figure = _per(figure, before, after)
    limit = figure.kind.startswith("won") and _LIMIT.search(text)
    bound = ""
    if _LEAST.search(before) or _LEAST_AFTER.search(after):
        bound = "least"
    elif _MOST.search(before) or _MOST_AFTER.search(after) or limit:
        bound = "most"
    return replace(figure, about=about, bound=bound)


def _per(figure: Figure, before: str, after: str) -> Figure:
    for kind, ahead, behind in _PER:
        match = re.search(ahead, before, re.IGNORECASE) or re.search(behind, after, re.IGNORECASE)
        if match is not None:
            per = match.groupdict().get("per") or ""
            pyeong = per.startswith("3.3") or "평" in per or "pyeong" in per
            return _converted(replace(figure, kind=kind), 1 / _PYEONG if pyeong else 1.0)
    return figure


def _cells(text: str) -> Iterator[Figure]:
    """Figures of a table row whose unit stands in the heading of the column or after the row."""
    tail = _TAIL.search(text)
    for match in _CELL.finditer(text):
        number, name = match.group("number"), match.group("name")
        units = [match.group("unit")] if match.group("unit") else _units(tail, name)
        tries = (*(_written(number, unit, name) for unit in units), f"{number} {name}", f"{name} {number}개")
        found = next(
            (f for written in tries for f in find_figures(written)[:1] if f.kind != "count:thing"), None
        )
        if found is not None:
            yield replace(found, start=match.start("number"), end=match.end("number"))


def _units(tail: re.Match[str] | None, name: str) -> list[str]:
    """The units told after a row; of several, "%" goes with shares and the other with the rest."""
    units = [unit.strip() for unit in re.split(r"[,;·]", tail.group("unit"))] if tail else []
    if len(units) > 1:
        share = bool(re.search(r"율|률|비중|share|rate", name, re.IGNORECASE))
        units = [unit for unit in units if (unit == "%") == share]
    return units if len(units) == 1 else []


def _written(number: str, unit: str, name: str) -> str:
    if _PRICE_UNIT.fullmatch(unit):
        return f"{number}{unit}"
    return f"{name} {number} {unit}" if unit[:1].isascii() else f"{name} {number}{unit}"


def _counted(unit: str, text: str, match: re.Match[str]) -> str:
    """What is counted: the unit's own noun, the word after "개", or the last such word before."""
    noun = unit
    if unit in ("개", "곳"):
        after = re.search(_COUNT, text[match.end() : match.end() + 8])
        before = _COUNTED_NOUN.findall(text[: match.start()])
        noun = after.group() if after else before[-1] if before else ""
    elif unit == "인":
        return "person"
    return next((kind for kind, nouns in _COUNTED.items() if noun and re.match(nouns, noun)), "thing")


def _last_day(match: re.Match[str]) -> Figure | None:
    year, month, day = (match.group(name) or match.group(f"{name}2") for name in "ymd")
    number = MONTHS.index(month.lower()) + 1 if month.isalpha() else int(month)
    try:
        told = float(date(int(year), number, int(day)).toordinal())
    except ValueError:
        return None
    return Figure("deadline", told, told, 1.0, False, "", match.start(), match.end())
