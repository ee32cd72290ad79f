"""What the words around a figure tell: its time, its tax, tier or state of land, and which words belong to it at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index_build.contradictions.figures import BRACKET, Figure, find_figures
from index_build.contradictions.numerals import MONTH, MONTHS

Span = tuple[int, int]
# A value and where it is told.
Mention = tuple[str, Span]
# First and last month, in months since year 0.
Time = tuple[int, int]

_BREAK = re.compile(
    r"[;:]\s|[,，]\s|、|\s(?:and|or|but|then|while|plus|against|less|times|및|또는)\s"
    r"|(?<=[가-힣%㎡)])(?:이고|하고|되고|이며|하며|되며|으며|지만|고|며|와|과)[,\s]|(?=\([^)]*\d)",
    re.IGNORECASE,
)
_JOIN = re.compile(r"(?:[\s,·()/~–-]|와|과|및|and|or|the|of|for|each|tier|areas?|지역)*")
_YEAR = re.compile(r"(?:19|20)\d\d|['’]\d\d")
_TIME = re.compile(
    r"(?P<y1>(?:19|20)\d\d)(?:년|\.|-)\s?(?P<m1>1[0-2]|0?[1-9])(?:월|[.\s-]|(?!\d))"
    r"|(?P<y2>(?:19|20)\d\d)년(?:도|\s)?\s?(?P<e2>연?말)?"
    rf"|(?:(?P<e3>end(?: of|-)?[\s-]?)|(?P<m3>{MONTH})(?: of)?\s|\b)(?P<y3>(?:19|20)\d\d)\b"
    r"(?![.,]\d)(?!\s?(?:m²|㎡|m2|won|원|%))"
    r"|['’](?P<y4>\d\d)(?:년|\.)|(?<![\d.])(?P<m5>1[0-2]|0?[1-9])월|(?P<e6>연말|year[ -]end)",
    re.IGNORECASE,
)
_YEAR_END = re.compile(r"\s?(?:연?말|year)")
_SINCE = re.compile(r"\b(?:from|since)\s(?:\d{1,2}\s)?$", re.IGNORECASE)
_SINCE_AFTER = re.compile(r"\s?(?:\d{1,2}일\s?)?(?:부터|이후)(?!.{0,12}까지)")
_ARTICLE = re.compile(
    r"제\s?\d+조(?:의\s?\d+)?|\b(?:articles?|rule)\s\d+(?:-\d+)?(?:(?:,| and| or)\s\d+(?:-\d+)?)*",
    re.IGNORECASE,
)
_DESIGNATOR = re.compile(
    r"(?<!\d)\d++\s?(?:단계|구역|공구|블록|권역|지구)|\b(?:stage|phase|block|sub-cluster|form)\s\d+"
    rf"|{BRACKET}",
    re.IGNORECASE,
)
# Words that set subjects apart, with what they have in common in Korean and English; of the states of land the one
# that says most stands first.
DIMENSIONS: dict[str, dict[str, str]] = {
    "tax": {
        "acquisition": r"취득세|acquisition tax",
        "property": r"재산세|property tax",
        "income": r"법인세|소득세|(?:corporate|income)\s?(?:\(or income\)|or corporate)? tax",
        "registration": r"등록면허세|registration (?:licen[cs]e )?tax",
        "gains": r"양도소득|양도차익|capital gains?",
    },
    "aid": {
        "land": r"토지|입지|부지|땅값|용지\s?(?:매입|구입)|land (?:subsidy|grant|price)|\bof (?:the )?land\b",
        "equipment": r"설비|equipment|machinery",
        "rent": r"임차료|임대료|월세|\brents?\b",
        "interest": r"이자|\binterest\b(?! on)",
        "hiring": r"고용|채용|뽑|\bhir(?:e|ing)",
    },
    "status": {
        "used": r"이용(?!료)|사용\s?(?:중|하|되|면적)|쓰이|쓰고|in use\b|occupied|utili[sz]",
        "unsold": r"미분양|분양[^,.]{0,6}[을를]\s?(?:빼|뺀)|less (?:the )?sold|남(?:은|아)|잔여|팔리지 않|unsold|\bleft\b|remain",
        "reserved": r"유보|reserved",
        "cancelled": r"해제|해약|cancelled",
        "sold": r"분양(?!가)|매각|팔렸|팔린|\bsold\b|\bsales?\b",
    },
    "tier": {
        "other": r"(?:하위|위기)[^.,;]{0,12}(?:아닌|외)|그 밖|not lower|other areas",
        "upper": r"상위|upper",
        "middle": r"중위|middle",
        "lower": r"하위|lower",
        "crisis": r"위기|crisis",
    },
    "basis": {
        "company": r"기업\s?(?:당|별)|업체당|(?:each|per) company",
        "project": r"사업\s?(?:당|별)|프로젝트|건당|(?:each|per) project",
    },
    "part": {
        "cluster": r"클러스터|clusters?\b",
        "housing": r"아파트|주택|공동주택|apartments?|housing|households?",
        "industrial": r"산업용지|산업시설용지|공장용지|industrial land",
    },
    "measure": {
        "subsidy": r"보조금|subsid|\bgrants?\b|rent support|임차료",
        "relief": r"감면|면제|경감|세액|취득세|재산세|법인세|\btax|relie[fv]|waive",
        "penalty": r"벌금|과태료|이행강제금|징역|\bfines?\b|enforcement charge|penalt",
        "approval": r"승인|approv",
    },
    "site": {
        "factory": r"공장|factor(?:y|ies)|\bplant\b",
        "headquarters": r"본사|본점|head[ -]offices?|headquarters|\bHQ\b",
    },
}
_PATTERNS = {
    name: re.compile("|".join(f"(?P<{value}>{pattern})" for value, pattern in values.items()), re.IGNORECASE)
    for name, values in DIMENSIONS.items()
}
_NEXT = re.compile(r"다음|이후|그\s?뒤|이어|나머지|\bnext\b|\bthen\b|\bafter\b|afterwards", re.IGNORECASE)
_HALF = re.compile(r"(?<!\d)50\s?%|절반|반액|\bhal(?:f|ved)\b", re.IGNORECASE)
_BASE = re.compile(r"([가-힣]+(?:\s[가-힣]+)?)의\s?(?:약|최대|최고|\s)*$")
_BASE_AFTER = re.compile(r"\s?of ((?:[a-z'-]+\s?){1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """Values of a dimension: told in the sentence itself, and there or, failing that, before it, in its heading or title."""

    here: frozenset[str]
    anywhere: frozenset[str]


def zones(text: str, figures: Sequence[Figure]) -> list[Span]:
    """For each figure the part of a sentence that is about it: up to a comma, a conjunction or the next figure of its kind."""
    cuts = [match.end() for match in _BREAK.finditer(text)]
    segments = list(zip([0, *cuts], [*cuts, len(text)], strict=True))
    return [_zone(figure, figures, segments) for figure in figures]


def nearest(text: str, mentions: Iterable[Mention], zone: Span) -> frozenset[str]:
    """Which of the mentions in a sentence are of the figure: those in its zone, else the last before it, else the first after."""
    runs = _runs(text, mentions)
    chosen = [run for run in runs if any(zone[0] <= start < zone[1] for _, (start, _) in run)]
    if not chosen:
        before = [run for run in runs if run[0][1][0] < zone[0]]
        chosen = before[-1:] or runs[:1]
    return frozenset(value for run in chosen for value, _ in run)


def dimension(name: str, texts: tuple[str, ...], zone: Span) -> Told:
    """Values of a dimension for the figure of a zone in the first of the texts, else from the next text that tells any."""
    mentions = dimension_mentions(name, texts[0])
    here = _without_others(nearest(texts[0], mentions, zone)) if mentions else frozenset()
    return Told(here, here or _inherited(name, texts[1:]))


@lru_cache(maxsize=50_000)
def _inherited(name: str, texts: tuple[str, ...]) -> frozenset[str]:
    told = (frozenset(value for value, _ in dimension_mentions(name, text)) for text in texts)
    return _without_others(next((values for values in told if values), frozenset()))


def _without_others(values: frozenset[str]) -> frozenset[str]:
    """ "Areas other than lower-tier ones" names the lower tier without being one."""
    return values & {"other"} or values


@lru_cache(maxsize=50_000)
def dimension_mentions(name: str, text: str) -> tuple[Mention, ...]:
    """Where a text tells values of a dimension."""
    return tuple((match.lastgroup or "", match.span()) for match in _PATTERNS[name].finditer(text))


def times(texts: Sequence[str], zone: Span, as_of: str) -> frozenset[Time]:
    """When the figure of a zone held, from the first of the texts that tells a year; empty where none does."""
    for number, text in enumerate(texts):
        mentions = _time_mentions(text, as_of)
        if mentions:
            chosen = nearest(text, mentions, zone if number == 0 else (0, len(text)))
            return frozenset(
                (int(first), int(last)) for first, last in (value.split("-") for value in chosen)
            )
    return frozenset()


def articles(texts: Sequence[str]) -> frozenset[str]:
    """Numbers of articles in the first of the texts that names any: "63" and "63-2"."""
    return _numbers(_ARTICLE, texts)


def designators(texts: Sequence[str]) -> frozenset[str]:
    """Numbers of stages, blocks and steps of a scale in the first of the texts that names any."""
    return _numbers(_DESIGNATOR, texts)


def phase(figure: Figure, zone: str) -> str:
    """`next` for the second part of a relief, which runs in full at first and by half afterwards."""
    half = figure.kind == "months" and _HALF.search(zone)
    return "next" if figure.kind in ("months", "%") and (half or _NEXT.search(zone)) else ""


def base(figure: Figure, text: str) -> str:
    """What a share is of, where that stands beside it: "재산 가액" of "재산 가액의 20%"."""
    if figure.kind != "%":
        return ""
    found = _BASE.search(text[: figure.start]) or _BASE_AFTER.match(text, figure.end)
    return found.group(1) if found else ""


def _zone(figure: Figure, figures: Sequence[Figure], segments: Sequence[Span]) -> Span:
    start, end = next(span for span in segments if span[0] <= figure.start < span[1])
    end = max(end, figure.end)
    for other in figures:
        if other.kind == figure.kind and other.end <= figure.start:
            start = max(start, other.end)
        elif other.kind == figure.kind and other.start >= figure.end:
            end = min(end, other.start)
    return start, end


def _runs(text: str, mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Mentions that only joining words part stand together: "Jeonju and Wanju"."""
    runs: list[list[Mention]] = []
    for mention in mentions:
        if runs and _JOIN.fullmatch(text, runs[-1][-1][1][1], mention[1][0]):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


@lru_cache(maxsize=50_000)
def _time_mentions(text: str, as_of: str) -> tuple[Mention, ...]:
    """Months told, a bare month or "year end" with the year before it; a last day is no such time.

    "From 2024" lasts until the document's as-of date.
    """
    if not _YEAR.search(text):
        return ()
    last_days = [(f.start, f.end) for f in find_figures(text) if f.kind == "deadline"]
    mentions: list[Mention] = []
    year = 0
    for match in _TIME.finditer(text):
        if any(start <= match.start() < end for start, end in last_days):
            continue
        groups = match.groupdict()
        told = groups["y1"] or groups["y2"] or groups["y3"] or (groups["y4"] and f"20{groups['y4']}")
        year = int(told) if told else year
        if year:
            month = _month(groups, text, match.end())
            first, last = 12 * year + (month or 1), 12 * year + (month or 12)
            if _SINCE.search(text[: match.start()]) or _SINCE_AFTER.match(text, match.end()):
                last = max(last, 12 * int(as_of[:4] or 0) + int(as_of[5:7] or 12))
            mentions.append((f"{first}-{last}", match.span()))
    return tuple(mentions)


def _month(groups: dict[str, str | None], text: str, end: int) -> int:
    """The month a match of `_TIME` tells, 12 for the end of a year, 0 where it tells none."""
    if groups["m3"]:
        return MONTHS.index(groups["m3"].lower()) + 1
    if groups["m1"] or groups["m5"]:
        return int(groups["m1"] or groups["m5"] or 0)
    return 12 if groups["e2"] or groups["e3"] or groups["e6"] or _YEAR_END.match(text, end) else 0


def _numbers(pattern: re.Pattern[str], texts: Sequence[str]) -> frozenset[str]:
    for text in texts:
        named = " ".join(match.group() for match in pattern.finditer(text))
        if named:
            return frozenset(n.replace("조의", "-") for n in re.findall(r"\d+(?:(?:조의|-)\d+)?", named))
    return frozenset()
