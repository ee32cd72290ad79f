"""Quantities with their unit in Korean and English text, and the language of a text."""

from __future__ import annotations

import re
from typing import List, Text, Tuple

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
_SCALE = {"trillion": 1e12, "tn": 1e12, "billion": 1e9, "bn": 1e9, "million": 1e6, "mn": 1e6, "m": 1e6}
_BARE = {"천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3, "백": 1e2}
# After 억, a bare 천 means 천만: "1억 5천" is 150 million.
_UNIT_WORDS = {"천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e7}


def quantities(text: Text) -> List[Tuple[int, int, Text, float]]:
    """Areas in m2, amounts in won and headcounts in a text, as (start, end, entity, value).

    1 pyeong = 400/121 m2 (3.3058), 1 acre = 4,046.86 m2. "3.3㎡" is a unit of price and not an area.
    """
    found: List[Tuple[int, int, Text, float]] = []
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
    return found


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
