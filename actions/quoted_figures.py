"""What a question wants worked out from two figures that the answer quotes: their difference, ratio, sum or quotient.

The catalogue's columns hold part of the figures; the rest stands in sentences. Where the sentences quoted hold exactly two
figures of one kind, the calculation is shown with both of them, so that what is said is true whatever was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actions.reply import Reply, card_row
from actions.saying import figure, joined_source
from knowledge.answer import Citation, Status
from knowledge.gazetteer import Gazetteer
from knowledge.words_computed import phrase

_HOW_MUCH = r"얼마|몇|how (?:much|many)|by what|what(?:'s| is| was| were| do| does)?\b"
_QUANTITY_ASKED = re.compile(_HOW_MUCH, re.IGNORECASE)
# In this order: "how many times larger" asks for a ratio, and "what share" of something for a part of it.
_OPERATIONS = (
    ("pyeong", r"몇\s*평(?!균|방)|평으로|평수로|\bin pyeong\b|how many pyeong"),
    ("ratio", r"몇\s*배|how many times|times (?:as|larger|bigger|the|more)|\bratio\b"),
    ("share", r"몇\s*(?:%(?!\s*p)|퍼센트(?!\s*포인트)|프로)|what (?:share|percentage|proportion|fraction|part)\b|how many per\s?cent(?!age points)"),
    ("sum", r"합치|합쳐|합하|합한|합해|합계|더하면|다\s*더|도합|총\s*얼마|\bcombined\b|\bsum\b|\badd(?:s|ed)? up|\badd\b|\baltogether\b|\btogether\b|\bin total\b"),
    ("difference", r"차이|차액|격차|벌어|얼마(?:나|가)?\s*(?:더|덜)|(?:얼마(?:나|가)?|몇\s*\S{1,8}?)\s*(?:올[라랐]|오[른르]|내[렸린]|커[졌진]|늘|줄|높|낮|많|적|비[싸쌌]|넓|좁|크|큰)"
                   r"|\bdiffer|\bgap\b|\bapart\b|\bdearer\b|\bpoints? (?:more|less|higher|lower)|\bhow (?:much|many) (?:[\w²%]+ ){0,3}?(?:more|less|fewer|larger|bigger|smaller|higher|lower|dearer|cheaper|lost|rise|rose|grow|grew|fall|fell|shrink|shrank|gain)"
                   r"|\bby how (?:much|many)\b|\bhow much did\b[^.?]*\b(?:rise|grow|fall|drop|shrink|gain|increase|change)"),
)  # fmt: skip
# "land per tenant": the one unit divided by the other, however many the question puts it in.
_QUOTIENTS = (
    ("m2", "firms", r"(?:기업|회사|업체|개사)\s*(?:하나|한\s*곳|한\s*개)?\s*당|한\s*곳당|(?:기업|업체|회사)\s*수로\s*나누|\bper (?:company|firm|tenant)|\bfor each (?:company|firm|tenant)"),
    ("m2", "lots", r"필지\s*(?:하나|한\s*개)?\s*(?:당|가\s*평균)|한\s*필지(?:가|는|에)?\s*평균|평균\s*필지|필지\s*(?:수로\s*나누|평균|하나가\s*평균)|\bper (?:lot|plot)|\baverage (?:size of (?:a|the) )?(?:lot|plot)"),
    ("KRW", "m2", r"(?:사업비|총액)\S*\s*(?:를|을)?\s*면적으로\s*나누|\bdivid\w*\b.*\bby\b.*\barea\b|\bcost per (?:m²|sqm|square)"),
)  # fmt: skip
_SCALES = {
    "조": 1e12, "억": 1e8, "만": 1e4, "천": 1e3,
    "trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3,
}  # fmt: skip
_SCALE = "|".join(_SCALES)
_NUMBER = rf"\d[\d,]*(?:\.\d+)?(?:\s*(?:{_SCALE})(?:\s*\d[\d,]*(?:\.\d+)?\s*(?:억|만|천))*(?:\s*\d[\d,]*(?=\s*(?:원|㎡|제곱)))?)?"
_FIGURE = re.compile(
    rf"(?P<of_firms>(?:기업|회사|업체)(?:은|이|는|가)?\s*)?(?P<per>(?:3\.3\s*)?(?:㎡|m²)\s*당\s*|평당\s*)?(?P<krw>KRW\s*)?(?<![\d.,~–-])(?P<number>{_NUMBER})\s*"
    r"(?:(?P<area>㎡|m²|제곱미터|square met(?:re|er)s)(?!\s*당)|(?P<percent>%|퍼센트|per cent)|(?P<won>원|won\b)"
    r"|(?P<lots>필지|lots\b)|(?P<firms>개\s*(?:기업|업체|회사)|개사|(?:tenant )?(?:companies|firms)\b)|(?P<counted>[개곳](?![가-힣]*\s*(?:기업|업체))))?"
    r"(?P<each>\s*(?:per|a)\s*(?:3\.3\s*)?(?:m²|㎡))?",
    re.IGNORECASE,
)
# A share is a figure of its own, so a difference of two is worked out only where points or a difference are asked for.
_POINTS = re.compile(r"차이|격차|벌어|포인트|%\s*p|\bpoints?\b|\bgap\b|\bapart\b|\bdiffer", re.IGNORECASE)
_UNITS_NAMED = {
    "m2": r"㎡(?!\s*당)|m²|(?<!\d)m2\b|제곱|면적|넓|좁|\bsqm\b|square|\barea|\blarg|\bbigg|\bsmall(?:er|est)",
    "KRW": r"원(?![가-힣])|가격|분양가|땅값|사업비|국비|비용|한도|매출|투자|\bwon\b|\bprice|\bcosts?\b|\bdear|\bcheap|\bcap\b",
    "lots": r"필지|\blots?\b|\bplots?\b",
    "firms": r"(?:기업|업체|회사)\s*수|몇\s*(?:개사|개\s*기업|개\s*업체)|\b(?:firms|companies|tenants)\b",
}
_TWO = re.compile(r"두\s|둘|이?랑\s|하고\s|[와과]\s|\btwo\b|\bboth\b|\band\b", re.IGNORECASE)
_NOTE = ("※", "Note:")
_MARKS = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A figure of a quotation: value and unit, as in the catalogue."""

    value: float
    unit: str


def with_calculation(asked: str, reply: Reply, gazetteer: Gazetteer) -> Reply:
    """The reply with what the question wants worked out, as a line and a row; as it is where that is not certain."""
    operation = _operation(asked)
    if not operation or reply.status not in (Status.ANSWERED, Status.PARTIAL) or reply.card:
        return reply
    found = _operands(asked, reply.text, operation, gazetteer)
    if found is None:
        return reply
    figures, paragraphs = found
    result, said = _worked_out(operation, figures, reply.language)
    numbers = {int(n) for paragraph in paragraphs for n in _MARKS.findall(paragraph)}
    behind = [citation for citation in reply.citations if citation.n in numbers]
    if not behind or any(map(_is_doubtful, behind)):
        return reply
    sources = [citation.source for citation in behind]
    row = card_row(
        phrase(f"worked.{_LABELS[operation]}", reply.language),
        [(phrase("quoted.calculation", reply.language), said)],
        joined_source(sources, max(source.as_of for source in sources)),
        reply.language,
        phrase("quoted.note", reply.language),
    )
    line = phrase(
        "quoted.pyeong" if operation == "pyeong" else "quoted.line", reply.language, calculation=said
    )
    head, *rest = reply.text.split("\n\n", 1)
    title = phrase("quoted.title", reply.language)
    card = {"type": "land", "title": f"{title}: {result}", "rows": [row]}
    return replace(reply, text="\n\n".join([f"{head}\n{line}", *rest]), card=card)


_LABELS = {
    "difference": "compare",
    "ratio": "ratio",
    "sum": "sum",
    "share": "ratio",
    "pyeong": "pyeong",
    "quotient": "quotient",
}


def _is_doubtful(citation: Citation) -> bool:
    """Whether a check found the figures of what is quoted doubtful: they are shown with a note, but nothing is built on them."""
    return any(sentence.doubt and sentence.text in citation.quote for sentence in citation.passage.sentences)


def _operation(asked: str) -> str:
    """difference, ratio, share, sum, quotient or pyeong; empty where none is asked for, or more than one."""
    if not _QUANTITY_ASKED.search(asked):
        return ""
    if _divided(asked):
        return "quotient"
    found = [name for name, pattern in _OPERATIONS if re.search(pattern, asked, re.IGNORECASE)]
    if found[:1] in (["ratio"], ["share"]) and "sum" not in found:
        return found[0]
    return found[0] if len(found) == 1 else ""


def _divided(asked: str) -> tuple[str, str] | None:
    """The units of a quotient that a question asks for."""
    found = ((upper, lower) for upper, lower, words in _QUOTIENTS if re.search(words, asked, re.IGNORECASE))
    return next(found, None)


def _operands(
    asked: str, text: str, operation: str, gazetteer: Gazetteer
) -> tuple[list[_Quoted], list[str]] | None:
    """The only two figures of one unit that the first quotation holds, or the first two quotations hold one each.

    For pyeong, the only area that the first holds. Of two places the one figure has to be of the one and the other of the other, as far as the quotations name them.
    """
    places = _places(asked, gazetteer)
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith(_NOTE)]
    quoted = [line for line in lines if _MARKS.search(line)][:2]
    figures = [list(_figures(line)) for line in quoted]
    if not quoted or len(places) > 2 or (operation == "sum" and not _TWO.search(asked)):
        return None
    if operation == "share" and any(one.unit == "%" for own in figures for one in own):
        return None  # the share asked for stands there
    if operation == "pyeong":
        areas = [one for one in figures[0] if one.unit == "m2"]
        return (areas, quoted[:1]) if len(areas) == 1 and len(places) < 2 else None
    if operation == "quotient":
        of_all = [line for line in quoted if all(_tells_of(line, place, gazetteer) for place in places)]
        return _of_two_units(of_all, _divided(asked) or ("", ""))
    pairs: list[tuple[list[_Quoted], list[str]]] = []
    for unit in dict.fromkeys(one.unit for own in figures for one in own if _may_be_meant(one.unit, asked)):
        first, *rest = [[one for one in own if one.unit == unit] for own in figures]
        if len(first) == 2 and all(_names(quoted[0], place, gazetteer) for place in places[1:] and places):
            pairs.append((first, quoted[:1]))
        elif rest and len(first) == len(rest[0]) == 1 and _are_of(places, quoted, operation, gazetteer):
            pairs.append(([*first, *rest[0]], quoted))
    pairs = [pair for pair in pairs if pair[0][0] != pair[0][1]]
    return pairs[0] if len(pairs) == 1 else None


def _of_two_units(lines: Sequence[str], units: tuple[str, str]) -> tuple[list[_Quoted], list[str]] | None:
    """The only figure of each of two units in the first line that has both."""
    for line in lines:
        upper, lower = ([one for one in _figures(line) if one.unit == unit] for unit in units)
        if len(upper) == len(lower) == 1:
            return [*upper, *lower], [line]
        if upper and lower:
            return None
    return None


def _may_be_meant(unit: str, asked: str) -> bool:
    """Whether a question may ask for a figure of this unit."""
    if unit == "%":
        return bool(_POINTS.search(asked))
    named = {name for name, pattern in _UNITS_NAMED.items() if re.search(pattern, asked, re.IGNORECASE)}
    return not named or unit.split("/")[0] in named


def _names(line: str, place: str, gazetteer: Gazetteer) -> bool:
    return bool(gazetteer.covers(place) & set(gazetteer.ids(line, "region")))


def _tells_of(line: str, place: str, gazetteer: Gazetteer) -> bool:
    """Whether a line names a place or the one that it lies in: Chungbuk's cluster lies in Jincheon and Eumseong."""
    entry = gazetteer.get("region", place)
    return any(_names(line, name, gazetteer) for name in (place, entry.parent if entry else "") if name)


def _places(asked: str, gazetteer: Gazetteer) -> list[str]:
    """The places a question names, without those that only say where another lies."""
    ids = [id for id in dict.fromkeys(gazetteer.ids(asked, "region")) if id != "nation"]
    parents = {entry.parent for id in ids if (entry := gazetteer.get("region", id))}
    return [id for id in ids if id not in parents]


def _are_of(places: list[str], lines: list[str], operation: str, gazetteer: Gazetteer) -> bool:
    """Whether each of two lines names another one of two places; or both the one place of which a share is asked for."""
    named = [[_names(line, place, gazetteer) for place in places] for line in lines]
    if operation == "share":
        return named == [[True], [True]]
    return named in ([[True, False], [False, True]], [[False, True], [True, False]])


def _figures(line: str) -> Iterator[_Quoted]:
    """The figures of a line that have a unit, each value once."""
    seen, last = set(), ""
    for match in _FIGURE.finditer(line):
        unit = _unit(match)
        if unit == "KRW" and last.startswith("KRW/"):
            unit = last  # "per m² from 429,833 to 310,000 won": the second is one too
        last = unit or last
        quoted = _Quoted(_value(match["number"]), unit)
        if quoted.unit and quoted.value and quoted not in seen:
            seen.add(quoted)
            yield quoted


def _unit(match: re.Match[str]) -> str:
    if match["won"] or match["krw"]:
        per = f"{match['per'] or ''}{match['each'] or ''}"
        return ("KRW/3.3m2" if "3.3" in per or "평" in per else "KRW/m2") if per else "KRW"
    units = {"area": "m2", "percent": "%", "lots": "lots", "firms": "firms"}
    if match["of_firms"] and match["counted"]:
        return "firms"  # "입주기업은 33개"
    return next((unit for name, unit in units.items() if match[name]), "")


def _value(text: str) -> float:
    parts = re.findall(rf"(\d[\d,]*(?:\.\d+)?)\s*({_SCALE})?", text, re.IGNORECASE)
    return sum(float(digits.replace(",", "")) * _SCALES.get(scale.lower(), 1.0) for digits, scale in parts)


def _worked_out(operation: str, figures: Sequence[_Quoted], language: str) -> tuple[str, str]:
    """The result, and the calculation in full."""
    if operation == "quotient":
        upper, lower = figures
        shown = [figure(one.value, one.unit, language) for one in figures]
        result = figure(round(upper.value / lower.value), upper.unit, language)
        return result, f"{shown[0]} ÷ {shown[1]} = {result}"
    *_, small = large, *_ = sorted(figures, key=lambda one: -one.value)
    shown = [figure(one.value, one.unit, language) for one in (large, small)]
    if operation == "pyeong":
        return shown[0], shown[0]
    if operation == "sum":
        result = figure(large.value + small.value, large.unit, language)
        return result, f"{shown[0]} + {shown[1]} = {result}"
    if operation == "difference":
        gap = large.value - small.value
        result = (
            phrase("points", language, value=f"{round(gap, 1):g}")
            if large.unit == "%"
            else figure(gap, large.unit, language)
        )
        return result, f"{shown[0]} − {shown[1]} = {result}"
    if operation == "ratio":
        times = f"{large.value / small.value:.2f}".rstrip("0").rstrip(".")
        result = phrase("worked.times", language, value=times)
        return result, f"{shown[0]} ÷ {shown[1]} = {result}"
    share = 100 * small.value / large.value
    result = f"{share:.1f}%"
    return result, phrase(
        "quoted.share", language, small=shown[1], large=shown[0], share=result, less=f"{100 - share:.1f}%"
    )
