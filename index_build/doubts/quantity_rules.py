"""Rules that weigh the quantities of one sentence: restated amounts, areas too small, amounts too large, counted lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import log10

from index_build.doubts.amounts import NUMBER, Quantity, areas, plain_number, won
from index_build.doubts.rules import Check, Finds, check

_OPENING = re.compile(r"\s?[(（]\s?(?P<same>약|about|approx(?:imately|\.)?|or|즉|=|≒)?\s?")


def _restated(sentence: str, quantities: Iterator[Quantity]) -> Iterator[tuple[Quantity, Quantity, str]]:
    """Pairs of which the second restates the first in brackets: in another unit, or because it says so ("about")."""
    for first, second in pairwise(quantities):
        opening = _OPENING.fullmatch(sentence, first.end, second.start)
        if opening is None or sentence[second.end : second.end + 1] not in (")", "）"):
            continue
        if first.unit != second.unit or opening["same"]:
            yield first, second, sentence[first.start : second.end + 1]


def _restated_amounts(sentence: str) -> Finds:
    """Only powers of ten: other differences are a second amount (of which, or else)."""
    for first, second, found in _restated(sentence, won(sentence)):
        power = log10(second.value / first.value) if first.value and second.value else 0.0
        if round(power) and abs(power - round(power)) < 0.02:
            yield found, {"factor": f"{10 ** abs(round(power)):,}"}


def _restated_areas(sentence: str) -> Finds:
    for first, second, found in _restated(sentence, areas(sentence)):
        if second.value and not 0.8 <= first.value / second.value <= 1.25:
            yield found, {"actual": _converted(first, second.unit)}


def _converted(area: Quantity, unit: str) -> str:
    if unit == "pyeong":
        return f"{area.value / 3.305785:,.0f} pyeong(평)"
    return f"{area.value:,.0f}㎡"


# The smallest plausible area of a noun, in square metres.
_SMALLEST = {
    "campus": 3_300, "complex": 3_300, "cluster": 3_300, "park": 3_300, "site": 330, "district": 10_000,
    "zone": 10_000, "city": 10_000, "-dong area": 10_000, "neighbourhood": 10_000, "neighborhood": 10_000,
    "캠퍼스": 3_300, "단지": 3_300, "클러스터": 3_300, "부지": 330, "지구": 10_000, "특구": 10_000, "도시": 10_000, "동 일대": 10_000,
}  # fmt: skip
_NOUN = "|".join(_SMALLEST)
_NOUN_BEFORE = re.compile(
    rf"(?P<noun>{_NOUN})(?:의)?(?: (?:area|site|land)| ?(?:총 ?)?(?:면적|규모))?[은는이가]?\s?"
    r"(?:\(|(?:of|covering|spanning|with|is|was|has|measuring|measures|covers|spans|an?|total|area|about|approximately|some|around|only|총|약|모두|불과|=|:|,)\s?)*$",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    rf"^\s?(?:규모의?|크기의?|넓이의?|large|wide|-sized)?\s?(?:\w+ )?(?P<noun>{_NOUN})\b(?!\w)", re.IGNORECASE
)
# A threshold, a price or a part is no area of the place itself.
_LIMIT_AFTER = re.compile(
    r"^\s?(?:이상|이하|미만|초과|이내|당|마다|or (?:more|less)|a (?:lot|unit|room)|each)", re.IGNORECASE
)
_LIMIT_BEFORE = re.compile(
    r"(?:at least|less than|more than|up to|under|over|each|per|every|within)\s(?:\w+\s)?$", re.IGNORECASE
)


def _small_areas(sentence: str) -> Finds:
    for area in areas(sentence):
        before, after = sentence[max(0, area.start - 60) : area.start], sentence[area.end : area.end + 30]
        if _LIMIT_AFTER.match(after) or _LIMIT_BEFORE.search(before):
            continue
        noun = _NOUN_BEFORE.search(before) or _NOUN_AFTER.match(after)
        if noun and 0 < area.value < _SMALLEST[noun["noun"].lower()]:
            start = area.start - len(before) + noun.start() if noun.re is _NOUN_BEFORE else area.start
            end = area.end + (noun.end() if noun.re is _NOUN_AFTER else 0)
            yield sentence[start:end].strip(), {"noun": noun["noun"].lstrip("-")}


_PLACE_LIMIT, _PERSON_LIMIT = 1e11, 1e9  # won: support for one place or company, and for one person
_EACH_EN = re.compile(
    r"^(?: [\w-]+){0,4} (?:per|for (?:each|every)|to each) (?P<noun>location|site|city|project|zone|district|company|firm|start-?up|enterprise|business|person|employee|household|worker)\b",
    re.IGNORECASE,
)
_EACH_KO = re.compile(
    r"(?P<noun>기업|업체|개사|개소|곳|지역|도시|사업|지구|거점|인|명|가구|세대)\s?(?:당|마다|별로)\s?(?:각각 |최대 ?|약 ?|총 ?|연간 |국비 |평균 )*$"
)
_PERSONS = ("person", "employee", "household", "worker", "인", "명", "가구", "세대")


def _amounts_per_unit(sentence: str) -> Finds:
    for amount in won(sentence):
        each = _EACH_EN.match(sentence[amount.end :]) or _EACH_KO.search(sentence[: amount.start])
        if each is None:
            continue
        limit = _PERSON_LIMIT if each["noun"].lower() in _PERSONS else _PLACE_LIMIT
        if amount.value >= limit:
            start = each.start() if each.re is _EACH_KO else amount.start
            end = amount.end + (each.end() if each.re is _EACH_EN else 0)
            yield sentence[start:end], {"noun": each["noun"]}


_PEOPLE = re.compile(
    rf"(?<![\d.,])(?P<en>{NUMBER}) (?:[\w-]+ ){{0,3}}?(?:experts|specialists|talents|professionals|researchers|engineers|graduates|trainers)\b"
    rf"|(?:전문가|전문 ?인력|인재|연구원|전문인)(?:를|을)?\s?(?:연간? ?|매년 ?|총 ?|약 ?)*(?P<ko>{NUMBER})\s?명"
    rf"|(?P<ko2>{NUMBER})\s?명의 [가-힣A-Z ]{{0,12}}(?:전문가|인재|인력|연구원)",
)
_FIRMS = re.compile(
    rf"(?<![\d.,])(?P<en>{NUMBER}) (?:[\w-]+ ){{0,3}}?(?:start-?ups|companies|firms|businesses|enterprises|ventures)\b"
    rf"|(?:스타트업|기업|업체|창업 ?기업)(?:를|을)?\s?(?:연간? ?|매년 ?|총 ?|약 ?)*(?P<ko>{NUMBER})\s?(?:개|곳|사)"
    rf"|(?P<ko2>{NUMBER})\s?(?:개|여 ?개)의? [가-힣A-Z ]{{0,12}}(?:스타트업|기업|업체)",
)
_RAISING = re.compile(
    r"\b(?:nurtur|train|foster|educat|cultivat|produc|support)|양성|육성|배출|교육", re.IGNORECASE
)
_MOST_FIRMS_A_PERSON = 50


def _implausible_pairs(sentence: str) -> Finds:
    people, firms = _PEOPLE.search(sentence), _FIRMS.search(sentence)
    if people and firms and _RAISING.search(sentence):
        few, many = (plain_number(next(filter(None, m.groupdict().values()))) for m in (people, firms))
        if few and many >= _MOST_FIRMS_A_PERSON * few:
            yield f"{people[0]} … {firms[0]}", {}


_WORDS = (
    dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
    | dict(zip("두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(), range(2, 11), strict=True))
)  # fmt: skip
_COUNT = rf"(?P<count>{'|'.join(_WORDS)}|[2-9]|[1-3]\d)"
_LISTED_EN = re.compile(
    rf"(?<![\d.,$-])\b{_COUNT} (?:[\w'’-]+ ){{0,3}}?[a-z-]+(?:s|ies)\s?(?:\((?P<items>[^()]+)\)|: (?P<rest>[A-Z][^.:;()\d]+)\.?$)",
    re.IGNORECASE,
)
_LISTED_KO = re.compile(
    rf"(?<![\d.,제~∼-]){_COUNT}\s?(?:개 ?|곳|가지 ?|대 )?\s?(?:[가-힣]{{1,8}} ?){{0,2}}\s?\((?P<items>[가-힣A-Za-z&·ㆍ,、/ ]+)\)"
)
# What stands in brackets and lists nothing, or not everything.
_NO_LIST = re.compile(
    r"\b(?:such as|including|include|etc|e\.g|i\.e|excluding|hereinafter|others?|among|for example|of which|as of|the|is|are)\b"
    r"|등\s*$|등[,의을 ]|같은|이하|말한다|경우|포함|제외|한정|이상|따른|의한|하는|[은는]\s|외\s|약칭|단위|기준",
    re.IGNORECASE,
)
# "and" and the middle point stand between items, and inside them ("a, research and education, and homes", "광주·전남").
_AND = r"[,;、/&]|\band\b|\s및\s"
_LOOSE_AND = re.compile(r",\s?and\b|\band [a-z]")
_LONGEST_ITEM = 24  # characters


def _counted_lists(sentence: str) -> Finds:
    for match in (*_LISTED_EN.finditer(sentence), *_LISTED_KO.finditer(sentence)):
        groups = match.groupdict()
        items = groups["items"] or groups.get("rest") or ""
        stated = int(_WORDS.get(match["count"].lower(), 0) or match["count"])
        if _NO_LIST.search(items) or re.search(r"\d", items):
            continue
        fewest = _items(items, r"[,;、/]" if _LOOSE_AND.search(items) else _AND)
        most = _items(items, rf"[·ㆍ]|{_AND}")
        if most and len(fewest) >= 2 and not len(fewest) <= stated <= len(most):
            listed = len(most if stated > len(most) else fewest)
            yield match[0], {"stated": str(stated), "listed": str(listed)}


def _items(text: str, separators: str) -> list[str]:
    """The items of a list, or nothing where one is too long to be a name."""
    items = [item for part in re.split(separators, text) if (item := part.strip().removeprefix("and "))]
    return items if all(len(item) <= _LONGEST_ITEM for item in items) else []


CHECKS: tuple[Check, ...] = (
    check("amount-restated", r"(?:원|won|billion|million)\s?[(（]", _restated_amounts),
    check("area-restated", r"(?:㎡|²|m2|met(?:er|re)s?|터|평|pyeong|㎢|ha|hectares?)\s?[(（]", _restated_areas),
    check("small-area", r"㎡|[mM][²2 ]|평|터|met|pyeong|\d\s?ha", _small_areas),
    check("amount-per-unit", r"\b(?:per|each|every) |(?:당|마다|별로)\s?.{0,8}\d", _amounts_per_unit),
    check("implausible-pair", r"ts\b|ls\b|rs\b|es\b|\d\s?명", _implausible_pairs),
    check("count-vs-items", r"s ?\(|s: [A-Z]|[가-힣] ?\([가-힣A-Z]", _counted_lists, needs_figure=False),
)  # fmt: skip
