"""Quantities with their unit in Korean and English text, and the language of a text."""

from __future__ import annotations

import re
from typing import Any, List, Text, Tuple

_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_DIGITS = "일이삼사오육칠팔구"
_SMALL = {"십": 10.0, "백": 100.0, "천": 1e3}
_LARGE = {"만": 1e4, "억": 1e8, "조": 1e12}
_KO_UNIT = f"[{''.join((*_SMALL, *_LARGE))}]"
# 1만 5천, 2천억, 십오억, 백이십, 천; a Sino-Korean digit alone is too often a word.
_KO = rf"(?:(?<![가-힣])(?:[{_DIGITS}]{_KO_UNIT}|[십백천만]|{_FIGURE}\s?{_KO_UNIT})(?:\s?(?:{_FIGURE}|[{_DIGITS}])?\s?{_KO_UNIT})*(?:\s?{_FIGURE}|[{_DIGITS}])?)"
_ONES_EN = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        start=1,
    )
}
_TENS_EN = {
    word: n * 10
    for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_WORD = rf"(?:{'|'.join((*_ONES_EN, *_TENS_EN, 'hundred', *_SCALES))})\b"
# five hundred million, one hundred and twenty, 1.2 billion
_EN = rf"(?:(?:\b{_WORD}|{_FIGURE}[-\s]+(?:hundred|{'|'.join(_SCALES)})\b)(?:[-\s]+(?:and\s+)?{_WORD})*)"
_NUMBER = rf"(?<![\d.,])(?P<number>{_KO}|{_EN}|{_FIGURE})"
_PYEONG_M2 = 400 / 121
_AREA_UNITS = {
    r"㎡|m2|m²|m\^2|제곱\s?미터|평방\s?미터|sqm|sq\.?\s?m(?![a-z])|square\s?met(?:er|re)s?": 1.0,
    r"평|pyeong|pyung": _PYEONG_M2,
    r"acres?|에이커": 4046.8564224,
    r"헥타르|hectares?|ha(?![a-z])": 10_000.0,
}
_AREAS = [
    (re.compile(rf"{_NUMBER}\s*(?P<k>k\s?)?(?:{unit})(?!\s*당)", re.IGNORECASE), factor)
    for unit, factor in _AREA_UNITS.items()
]
_PEOPLE = r"(?:employees|people|ppl|staff|workers|persons|heads|hires)\b"
# 300억 is won without saying so.
_LARGE_SUMS = re.compile(rf"(?<![\d.,])(?P<number>{_KO})")
_AMOUNTS = [
    re.compile(rf"{_NUMBER}\s*(?:원|(?:korean\s+)?(?:won|krw)\b)", re.IGNORECASE),
    _LARGE_SUMS,
    re.compile(rf"(?:\b(?:krw|won)|₩)\s*{_NUMBER}", re.IGNORECASE),
    re.compile(rf"{_NUMBER}(?<=illion)(?!\s*(?:[a-z]+\s+)?{_PEOPLE})", re.IGNORECASE),
]
_ABBREVIATED = re.compile(
    rf"(?:(?:krw|₩|won)\s*)?(?P<number>{_FIGURE})\s*(?P<scale>tn|bn|mn|m(?![a-z0-9²^]))\s*(?:korean\s+)?(?:won|krw)?",
    re.IGNORECASE,
)
_HEADS = re.compile(
    rf"{_NUMBER}\s*(?:명|여\s?명|인(?=\s|이|을|을|규모|기업|,|\.|$)|(?:[a-z]+\s+)?{_PEOPLE})",
    re.IGNORECASE,
)
_TENS_KO = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
    "백": 100,
}
_ONES_KO = {
    "한": 1,
    "두": 2,
    "세": 3,
    "석": 3,
    "네": 4,
    "넉": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
}
_COUNTED = re.compile(
    rf"(?<![가-힣\d])(?P<tens>{'|'.join(_TENS_KO)})?\s?(?P<ones>{'|'.join(_ONES_KO)})?\s?(?P<unit>명|평(?![균가형방]))(?!당)"
)
# Years of business, and not a calendar year or the length of a relief.
_LONGEST = 150  # years of business; more is a calendar year
_YEAR_COUNT = rf"(?P<number>{_KO}|{_EN}|\d{{1,2}}(?:\.\d)?)"
_BUSINESS = r"(?:했|운영|영업|사업|가동)"
_YEARS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:업력|사업\s?연수|사업한\s?지|운영한\s?지|시작한\s?지|된\s?지)(?:은|는|이)?\s?(?:약|만)?\s?{_YEAR_COUNT}\s?년",
        rf"(?<![\d.]){_YEAR_COUNT}\s?년\s?(?:째|됐|되었|된|차(?!이)|넘게|넘었|이상\s?{_BUSINESS}|동안\s?{_BUSINESS}|간\s?{_BUSINESS}|{_BUSINESS})",
        rf"\b(?:for|over|been|about|nearly|run it|old:?|in business for)\s(?:the last |the past |about |over |nearly |some )?{_YEAR_COUNT}\s?(?:years|yrs)\b(?!\s+of\s+(?:relief|tax|exempt|support|full))",
        rf"(?<![\d.]){_YEAR_COUNT}[-\s]?(?:years?|yrs)[-\s](?:old|in business|of business|of operation|here|there|now|already)",
        rf"\bfounded\s{_YEAR_COUNT}\s(?:years|yrs)\sago",
    )
]
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_START = re.compile(
    r"(?<!\d)(?P<year>20[2-4]\d)\s?(?:년\s?(?:(?P<month>1[0-2]|0?[1-9])\s?월(?:\s?(?P<day>[12]\d|3[01]|0?[1-9])\s?일)?|(?P<half>상반기|하반기))?|-(?P<iso>1[0-2]|0[1-9])(?:-(?P<isoday>\d\d))?)(?!\d)"
    r"|\b(?P<dayfirst>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\s(?:of\s)?(?P<monthof>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s(?P<yearof>20[2-4]\d)\b"
    r"|\b(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s(?P<of>20[2-4]\d)\b|\b(?:in|by|until|during|before|early|late|from|year)\s(?P<bare>20[2-4]\d)\b",
    re.IGNORECASE,
)
# A year is a time of moving only where the message speaks of what will be; else it dates a figure asked for.
_AHEAD = re.compile(
    r"시작|옮기|옮길|이전(?!에)|입주|착공|준공|개시|가동|매입|취득|구입|쯤|예정|계획|부터|까지|들어[가갈]|\b(?:start|mov|relocat|open|begin|operat|buy|purchas|acquir|plan|by|in)\w*",
    re.IGNORECASE,
)
_SCALE = {"tn": 1e12, "bn": 1e9, "mn": 1e6, "m": 1e6}


def quantities(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Areas in m2, amounts in won, headcounts, years of business and moments ahead (`2027-06`), as (start, end, entity, value).

    1 pyeong = 400/121 m2 (3.3058), 1 acre = 4,046.86 m2. "3.3㎡" is a unit of price and not an area.
    """
    found = _areas(text) + _amounts(text) + _heads(text)
    found += [one for one in _counted(text) if one[:2] not in {other[:2] for other in found}]
    return found + _years(text) + _starts(text)


def _areas(text: Text) -> List[Tuple[int, int, Text, Any]]:
    return [
        (*_span(match), "area", round(value * factor * (1000 if match.group("k") else 1), 1))
        for pattern, factor in _AREAS
        for match in pattern.finditer(text)
        if (value := number(match.group("number"))) and not re.match(r"\s*3\.3\s*(?:㎡|m)", match.group())
    ]


def _amounts(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Amounts in won; where two readings overlap, the longer."""
    read = [
        (*_span(m), _won(m.group("number")))
        for pattern in _AMOUNTS
        for m in pattern.finditer(text)
        if pattern is not _LARGE_SUMS or re.search("[억조]", m.group("number"))
    ]
    read += [
        (*_span(m), round(number(m.group("number")) * _SCALE[m.group("scale").lower()], 1))
        for m in _ABBREVIATED.finditer(text)
    ]
    found: List[Tuple[int, int, Text, Any]] = []
    for start, end, value in sorted(read, key=lambda one: one[0] - one[1]):
        if value and all(end <= other[0] or other[1] <= start for other in found):
            found.append((start, end, "amount", value))
    return sorted(found)


def _heads(text: Text) -> List[Tuple[int, int, Text, Any]]:
    return [(*_span(m), "headcount", number(m.group("number"))) for m in _HEADS.finditer(text)]


def _counted(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Heads and pyeong in native Korean numerals: 열두 명, 스무 평."""
    found: List[Tuple[int, int, Text, Any]] = []
    for m in _COUNTED.finditer(text):
        value = float(_TENS_KO.get(m.group("tens"), 0) + _ONES_KO.get(m.group("ones"), 0))
        if value and m.group("unit") == "명":
            found.append((*_span(m), "headcount", value))
        elif value:
            found.append((*_span(m), "area", round(value * _PYEONG_M2, 1)))
    return found


def _years(text: Text) -> List[Tuple[int, int, Text, Any]]:
    found = {
        (*_span(match), "years", number(match.group("number"))) for p in _YEARS for match in p.finditer(text)
    }
    return sorted(
        one for one in found if one[3] <= _LONGEST and not any(_within(one, other) for other in found)
    )


def _within(one: Tuple[Any, ...], other: Tuple[Any, ...]) -> bool:
    """Whether another reading holds this one and more."""
    return other[:2] != one[:2] and other[0] <= one[0] and one[1] <= other[1]


def _starts(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Moments ahead as `2027`, `2027-06` or `2027-06-30`; a message that is nothing but a moment counts."""
    return [
        (*_span(match), "start", _moment(match))
        for match in _START.finditer(text)
        if _AHEAD.search(text) or len(text) - len(match.group()) <= 8
    ]


def _moment(match: "re.Match[str]") -> Text:
    part = match.groupdict()
    if part["dayfirst"]:
        return f"{part['yearof']}-{_MONTHS[part['monthof'].lower()]:02d}-{int(part['dayfirst']):02d}"
    year = part["year"] or part["of"] or part["bare"]
    month = (
        part["month"]
        or part["iso"]
        or {"상반기": "6", "하반기": "12"}.get(part["half"] or "")
        or (str(_MONTHS[part["name"].lower()]) if part["name"] else "")
    )
    day = part["day"] or part["isoday"]
    return "-".join([year, *([f"{int(month):02d}"] if month else []), *([f"{int(day):02d}"] if day else [])])


def _span(match: "re.Match[str]") -> Tuple[int, int]:
    lead = len(match.group()) - len(match.group().lstrip())
    return match.start() + lead, match.end()


def number(said: Text) -> float:
    """The value of a number in figures, Korean or English words: 1만 5천, 십오억, 2.5 million, one hundred and twenty."""
    total, section, digit = 0.0, 0.0, None
    for word in re.findall(rf"{_FIGURE}|[가-힣]|[a-z]+", said.lower()):
        if word in _SMALL or word == "hundred":
            section += (1.0 if digit is None else digit) * _SMALL.get(word, 100.0)
            digit = None
        elif word in _LARGE or word in _SCALES:
            section += digit or 0.0
            total += (section or 1.0) * (_LARGE.get(word) or _SCALES[word])
            section, digit = 0.0, None
        elif word in _TENS_EN:
            section += _TENS_EN[word]
        elif word != "and":
            value = _ONES_EN.get(word) or _DIGITS.find(word) + 1 or float(word.replace(",", ""))
            digit = value
    return round(total + section + (digit or 0.0), 4)


def _won(said: Text) -> float:
    """The value in won; after 억, a 천 without 만 means 천만: "1억 5천" is 150 million."""
    value = number(said)
    short = re.search(r"억\s*\S*\s?천\s*$", said)
    return value + (value % 1e4) * 9999 if short else value


_ENGLISH_GRAMMAR = frozenset(
    (
        "a an the is are was were be do does did can could will would should may must have has had what "
        "which who whom when where why how than in on at of to for from with without by about we you they "
        "it our my your i this that these those there and or if not please tell me show"
    ).split()
)


def language(text: Text) -> Text:
    """`ko` or `en`; the rule of the service (`knowledge/language.py`), which the tests hold against this one."""
    hangul = len(re.findall("[가-힣ㄱ-ㅎㅏ-ㅣ]", text))
    words = [word.lower() for word in re.findall("[A-Za-z]{2,}", text)]
    if not hangul:
        return "en" if words else "ko"
    return "en" if sum(word in _ENGLISH_GRAMMAR for word in words) >= 2 and len(words) * 2 >= hangul else "ko"
