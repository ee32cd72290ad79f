"""Amounts of money and areas in running text, Korean and English, as plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Looking back behind the first digit keeps a search through a long row of digits linear.
NUMBER = r"\d(?<!\d\d)[\d,]*+(?:\.\d+)?"
# 1억 5천, 3조 2,000억, 2만5천
KOREAN = rf"{NUMBER}(?:\s?[조억만천백십]+(?:\s?{NUMBER}(?=\s?[조억만천백십원평㎡]))?){{0,4}}"
_SMALL = {"십": 10, "백": 100, "천": 1_000}
_LARGE = {"만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "": 1.0}
_SCALE = r"(?:\s?(thousand|million|billion|trillion))?"
_TOKEN = re.compile(rf"{NUMBER}|[조억만천백십]")

WON = re.compile(
    rf"(?P<ko>{KOREAN})\s?원(?!칙|인|본|소|천|가)"
    rf"|(?:KRW|₩)\s?(?P<en>{NUMBER}){_SCALE}"
    rf"|(?P<en2>{NUMBER}){_SCALE}\s?(?:won|KRW)\b",
    re.IGNORECASE,
)
_UNITS = {
    "square metre": (1.0, r"㎡|m²|m2\b|sq\.?\s?m\b|square met(?:er|re)s?|제곱미터"),
    "pyeong": (3.305785, r"평(?![가균면일년형온])|pyeong"),
    "square kilometre": (1e6, r"㎢|km²|km2\b|square kilomet(?:er|re)s?|제곱킬로미터"),
    "hectare": (1e4, r"ha\b|hectares?|헥타르"),
}
_UNIT = "|".join(f"(?P<u{number}>{pattern})" for number, (_, pattern) in enumerate(_UNITS.values()))
AREA = re.compile(rf"(?P<number>{KOREAN}){_SCALE}\s?(?:{_UNIT})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in won, or an area in square metres, and where it stands. `unit` tells two ways of writing it apart."""

    value: float
    unit: str
    text: str
    start: int
    end: int


def plain_number(text: str) -> float:
    """A number of digits, commas and points; a stray comma or point at its end counts for nothing."""
    return float(text.replace(",", "").rstrip("."))


def korean_number(text: str) -> float:
    """A number with 조, 억, 만, 천, 백 or 십 in it: `1억 5천만` gives 150,000,000."""
    total = part = pending = 0.0
    for token in _TOKEN.findall(text):
        if token in _SMALL:
            part, pending = part + (pending or 1) * _SMALL[token], 0.0
        elif token in _LARGE:
            total, part, pending = total + ((part + pending) or 1) * _LARGE[token], 0.0, 0.0
        else:
            pending = plain_number(token)
    return total + part + pending


def won(text: str) -> Iterator[Quantity]:
    """Every amount of won."""
    for match in WON.finditer(text):
        if match["ko"]:
            large = [sign for sign in "조억만" if sign in match["ko"]]
            yield _quantity(match, korean_number(match["ko"]), large[0] if large else "원")
        else:
            scale = next((g for g in match.groups()[2:] if g and g.lower() in SCALES), "").lower()
            yield _quantity(match, plain_number(match["en"] or match["en2"]) * SCALES[scale], scale or "won")


def areas(text: str) -> Iterator[Quantity]:
    """Every area."""
    for match in AREA.finditer(text):
        number = next(n for n in range(len(_UNITS)) if match[f"u{n}"])
        name, (metres, _) = list(_UNITS.items())[number]
        scale = SCALES[(match[2] or "").lower()]
        yield _quantity(match, korean_number(match["number"]) * scale * metres, name)


def _quantity(match: re.Match[str], value: float, unit: str) -> Quantity:
    return Quantity(value, unit, match[0], match.start(), match.end())
