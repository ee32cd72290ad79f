"""Quantities with their unit in Korean and English text, and the language of a text."""

from __future__ import annotations

import re
from typing import Any, List, Text, Tuple

_DIGITS = str.maketrans("일이삼사오육칠팔구", "123456789")
_N = r"(?:\d[\d,]*(?:\.\d+)?|[일이삼사오육칠팔구](?=\s*[백천만억]))"
_KOREAN = rf"(?:(?P<eok>{_N})\s*(?P<eokthousand>천)?\s*억)?\s*(?:(?P<manthousand>{_N})?\s*천\s*만|(?P<manhundred>{_N})?\s*백\s*만|(?P<man>{_N})?\s*만)?\s*(?:(?P<thousand>{_N})?\s*천)?\s*(?:(?P<hundred>{_N})?\s*백)?\s*(?P<one>{_N})?"
_AREA_UNITS = {
    r"㎡|m2|m²|m\^2|제곱\s?미터|평방\s?미터|sqm|sq\.?\s?m(?![a-z])|square\s?met(?:er|re)s?": 1.0,
    r"평|pyeong|pyung": 400 / 121,
    r"acres?|에이커": 4046.8564224,
    r"헥타르|hectares?|ha(?![a-z])": 10_000.0,
}
_AREAS = [
    (re.compile(rf"{_KOREAN}\s*(?:thousand\s+|k\s?)?(?:{unit})(?!\s*당)", re.IGNORECASE), factor)
    for unit, factor in _AREA_UNITS.items()
]
_WON = re.compile(
    rf"(?<![\d.,]){_KOREAN}\s*원|(?<![\d.,])(?P<bare_eok>{_N})\s*(?P<bare_thousand>천)?\s*억(?:\s*(?P<bare_man>{_N})?\s*(?P<bare_unit>천만|백만|만|천))?"
)
_WON_EN = re.compile(
    r"(?:(?:krw|₩|won)\s*)?(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>trillion|tn|billion|bn|million|mn|m(?![a-z0-9²^]))\s*(?:korean\s+)?(?:won|krw)?|(?:krw|₩)\s*(?P<plain>\d[\d,]*(?:\.\d+)?)",
    re.IGNORECASE,
)
_HEADS = re.compile(
    r"(?P<n>\d[\d,]*)\s*(?:명|인(?=\s|이|을|을|규모|기업|,|\.|$)|여\s?명)|(?P<m>\d[\d,]*)\s*(?:[a-z]+\s+)?(?:employees|people|staff|workers|persons|heads|hires)",
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
_TENS_EN = {
    "ten": 10,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
}
_ONES_EN = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "twelve": 12,
    "fifteen": 15,
}
_WORD_KO = rf"(?P<tens>{'|'.join(_TENS_KO)})?\s?(?P<ones>{'|'.join(_ONES_KO)})?"
_WORD_EN = rf"(?:(?:a\s)?(?P<tens>{'|'.join(_TENS_EN)}))?[-\s]?(?P<ones>{'|'.join(_ONES_EN)})?"
_HEADS_IN_WORDS = (
    (re.compile(rf"(?<![가-힣]){_WORD_KO}\s?명(?!당)"), _TENS_KO, _ONES_KO),
    (re.compile(rf"\b{_WORD_EN}\s(?:[a-z]+\s+)?(?:employees|people|staff|workers|persons|heads|hires)\b", re.IGNORECASE), _TENS_EN, _ONES_EN),
)  # fmt: skip
# Years of business, and not a calendar year or the length of a relief.
_YEARS = re.compile(
    r"(?:업력|사업한\s?지|운영한\s?지|된\s?지)\s?(?:약\s?)?(?P<a>\d{1,2})\s?년|(?<![\d.])(?P<b>\d{1,2})\s?년\s?(?:째|됐|되었|된|차(?!이)|넘게|넘었|이상\s?(?:했|운영|영업|사업|된|됐)|동안\s?(?:했|운영|영업|사업)|간\s?(?:했|운영|영업|사업))"
    r"|\b(?:for|over|been|about|nearly|run it|old:?)\s(?:the last |the past |about |over |nearly |some )?(?P<c>\d{1,2})\s?(?:years|yrs)\b|\b(?P<d>\d{1,2})\s?(?:years|yrs)\s(?:old|in business|of business|of operation|here|there|now|already)",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_START = re.compile(
    r"(?<!\d)(?P<year>20[2-4]\d)\s?(?:년\s?(?:(?P<month>1[0-2]|0?[1-9])\s?월(?:\s?(?P<day>[12]\d|3[01]|0?[1-9])\s?일)?|(?P<half>상반기|하반기))?|-(?P<iso>1[0-2]|0[1-9])(?:-(?P<isoday>\d\d))?)(?!\d)"
    r"|\b(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s(?P<of>20[2-4]\d)\b|\b(?:in|by|until|during|before|early|late|from|year)\s(?P<bare>20[2-4]\d)\b",
    re.IGNORECASE,
)
# A year is a time of moving only where the message speaks of what will be; else it dates a figure asked for.
_AHEAD = re.compile(
    r"시작|옮기|옮길|이전(?!에)|입주|착공|준공|개시|가동|매입|취득|구입|쯤|예정|계획|부터|까지|\b(?:start|mov|relocat|open|begin|operat|buy|purchas|acquir|plan|by|in)\w*",
    re.IGNORECASE,
)
_SCALE = {"trillion": 1e12, "tn": 1e12, "billion": 1e9, "bn": 1e9, "million": 1e6, "mn": 1e6, "m": 1e6}
_BARE = {"천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3, "백": 1e2}
# After 억, a bare 천 means 천만: "1억 5천" is 150 million.
_UNIT_WORDS = {"천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e7}


def quantities(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Areas in m2, amounts in won, headcounts, years of business and moments ahead (`2027-06`), as (start, end, entity, value).

    1 pyeong = 400/121 m2 (3.3058), 1 acre = 4,046.86 m2. "3.3㎡" is a unit of price and not an area.
    """
    found: List[Tuple[int, int, Text, Any]] = []
    for pattern, factor in _AREAS:
        for match in pattern.finditer(text):
            value = _korean_number(match)
            if value and match.group().strip() and not re.match(r"\s*3\.3\s*(?:㎡|m)", match.group()):
                thousand = 1000 if re.search(r"thousand|\dk\s?", match.group(), re.IGNORECASE) else 1
                found.append((*_span(match), "area", round(value * factor * thousand, 1)))
    for match in _WON.finditer(text):
        value = _korean_number(match) if match.group("bare_eok") is None else _bare_eok(match)
        if value:
            found.append((*_span(match), "amount", value))
    for match in _WON_EN.finditer(text):
        value = float((match.group("n") or match.group("plain")).replace(",", ""))
        found.append(
            (
                *_span(match),
                "amount",
                round(value * _SCALE[match.group("scale").lower()] if match.group("scale") else value, 1),
            )
        )
    for match in _HEADS.finditer(text):
        found.append(
            (*_span(match), "headcount", float((match.group("n") or match.group("m")).replace(",", "")))
        )
    return found + _heads_in_words(text) + _years(text) + _starts(text)


def _heads_in_words(text: Text) -> List[Tuple[int, int, Text, Any]]:
    found: List[Tuple[int, int, Text, Any]] = []
    for pattern, tens, ones in _HEADS_IN_WORDS:
        for match in pattern.finditer(text):
            words = (match.group("tens") or "").lower(), (match.group("ones") or "").lower()
            value = tens.get(words[0], 0) + ones.get(words[1], 0)
            if value:
                found.append((*_span(match), "headcount", float(value)))
    return found


def _years(text: Text) -> List[Tuple[int, int, Text, Any]]:
    return [
        (*_span(match), "years", float(next(group for group in match.groups() if group)))
        for match in _YEARS.finditer(text)
    ]


def _starts(text: Text) -> List[Tuple[int, int, Text, Any]]:
    """Moments ahead as `2027`, `2027-06` or `2027-06-30`; a message that is nothing but a moment counts."""
    return [
        (*_span(match), "start", _moment(match))
        for match in _START.finditer(text)
        if _AHEAD.search(text) or len(text) - len(match.group()) <= 8
    ]


def _moment(match: "re.Match[str]") -> Text:
    part = match.groupdict()
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


def _korean_number(match: "re.Match[str]") -> float:
    """The value of `_KOREAN`: 1만 5천, 3천, 천, 1억 5천만, 1,200. A unit without a number before it counts once."""
    groups, whole = match.groupdict(), match.group()
    worths = {
        "eok": 1e8,
        "manthousand": 1e7,
        "manhundred": 1e6,
        "man": 1e4,
        "thousand": 1e3,
        "hundred": 1e2,
        "one": 1.0,
    }
    if groups.get("eokthousand"):  # 2천억 is two hundred billion
        worths["eok"] *= 1000
    total = sum(_number(groups[name]) * worth for name, worth in worths.items() if groups.get(name))
    bare = re.match(r"\s*(천\s*만|백\s*만|만|천|백)", whole)
    return total + (_BARE[re.sub(r"\s", "", bare.group(1))] if bare else 0.0)


def _bare_eok(match: "re.Match[str]") -> float:
    value = _number(match.group("bare_eok")) * (1e11 if match.group("bare_thousand") else 1e8)
    if match.group("bare_unit"):
        value += (_number(match.group("bare_man")) if match.group("bare_man") else 1.0) * _UNIT_WORDS[
            match.group("bare_unit")
        ]
    return value


def _number(text: Text) -> float:
    return float(text.translate(_DIGITS).replace(",", ""))


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
