"""Rules that the wording of one sentence decides: placeholders, broken signs, impossible ordinals and shares."""

from __future__ import annotations

import re

from index_build.doubts.amounts import NUMBER, plain_number
from index_build.doubts.rules import Check, Finds, check

_PLACEHOLDER = re.compile(r"[^\s()]{0,20}XNUMX[^\s()]{0,20}|#(?:REF!|VALUE!|DIV/0!|NUM!|NAME\?)")
_BROKEN_M = re.compile(
    rf"(?:{NUMBER}\s?(?:(?:hundred|thousand|million|billion)\s)?)?(?<![\w/.=@-])m(?:\d{{2,}}|XNUMX)(?!\w)"
)
# A floor, a count or an amount may follow an area; its square may not.
_BROKEN_SIGN = re.compile(
    rf"{NUMBER}\s?[천만]?\s?(?:㎡|m²)\d+(?![\d,.]*\s?(?:[층동개필호실곳인명번차천만억원조년월세]|[.:]\d))"
)


def _placeholders(sentence: str) -> Finds:
    for match in _PLACEHOLDER.finditer(sentence):
        yield match[0], {}


def _broken_square_metres(sentence: str) -> Finds:
    for match in _BROKEN_M.finditer(sentence):
        yield match[0], {}
    for match in _BROKEN_SIGN.finditer(sentence):
        before = sentence[: match.start()]
        # `858㎡1)` is the number of a footnote, `(2만㎡86)` closes its bracket.
        if sentence[match.end() : match.end() + 1] != ")" or before.count("(") > before.count(")"):
            yield match[0], {}


# The first to third revolutions are history, the sixth industry (6차 산업) is a farm policy.
_LAST_INDUSTRY = 6
_ORDINAL_EN = re.compile(
    r"\b(\d+)(?:st|nd|rd|th)[ -]industr(?:y|ies|ial[ -]revolution)\b"
    r"(?![-–]| (?:forum|conference|award|fair|summit|week|day|meeting|council|exhibition|expo|committee|seminar|plan))",
    re.IGNORECASE,
)
_ORDINAL_KO = re.compile(
    r"(?<![\d제])(\d+)차\s?산업(?:\s?혁명|(?=\s?(?:[,.·)]|관련|분야|$)|[은는이가을를의과와]\s))"
)


def _impossible_ordinals(sentence: str) -> Finds:
    for match in (*_ORDINAL_EN.finditer(sentence), *_ORDINAL_KO.finditer(sentence)):
        if not 1 <= int(match[1]) <= _LAST_INDUSTRY:
            yield match[0], {}


_MORE = r"(?:up to |as much as |about |approximately |a maximum of |at most |over |more than )*"
_PERCENT = (
    r"(\d(?<!\d\d)[\d,.]*+)\s?(?:%(?!\s?p)|percent\b(?!age)|per cent\b|퍼센트(?!\s?포인트)|프로(?!그|젝))"
)
_REDUCED_EN = re.compile(
    r"\b(?:reduc|cut|lower|decreas|discount|exempt)\w*(?:\s[\w'’-]+){0,5}?\sby "
    rf"{_MORE}{_PERCENT}|\b(?:reduction|discount|exemption|cut)s? (?:of |up to ){_MORE}{_PERCENT}"
    rf"|{_PERCENT} (?!of\b)(?:[\w-]+ ){{0,3}}(?:reduction|discount|exemption)\b",
    re.IGNORECASE,
)
_REDUCED_KO = re.compile(
    rf"{_PERCENT}(?:를|을|까지|만큼)?\s?(?:세액\s?)?(?:감면|경감|인하|감액|할인|면제|감소|축소)"
    rf"|(?:감면율|감면|경감률|경감율|할인율|인하율|감면 ?비율)[은는이가:]?\s?(?:최대 )?{_PERCENT}(?!의?\s?범위)"
    r"|100분의\s?(\d+)(?:에 (?:상당|해당)하는 (?:세액|금액))?[을를]?\s?(?:감면|경감|감액|면제)(?!\S{0,6}\s?(?:세액|금액))"
)
_RATIO_NOUN = re.compile(r"floor[- ]area ratio|coverage|building-to-land|용적률|건폐율", re.IGNORECASE)


def _reductions_over_100(sentence: str) -> Finds:
    for match in (*_REDUCED_EN.finditer(sentence), *_REDUCED_KO.finditer(sentence)):
        # A tax may be cut by all of it; a ratio of floors to ground may not.
        least = 100 if _RATIO_NOUN.search(sentence, max(0, match.start() - 60), match.end()) else 101
        percent = next(group for group in match.groups() if group)
        if plain_number(percent) >= least:
            yield match[0], {"percent": percent}


# With a decimal the amount was converted with care (37,491억 is 3,749.1 billion).
_BILLIONS = re.compile(
    r"\b(?:\d{1,3}(?:,\d{3})+|\d{4,}) billion (?:won|KRW)\b|\bKRW (?:\d{1,3}(?:,\d{3})+|\d{4,}) billion\b"
)
_COUNT_BY = re.compile(
    r"\b(\d{1,3}) (?:[a-z-]+ ){0,2}?([a-z-]+s) by (\d{1,2})(?=[,.;:)]|\s*$| (?:and|with|in|at|under|through|up) )"
)
_YEARLIKE = range(15, 46)


# 1st, 2nd, 3rd, 11th; a year has none.
_ORDINAL = re.compile(r"(?<![\w.,])(\d+)(st|nd|rd|th)\b")
_ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
_MATCHING = re.compile(r"(?<![\d:])(\d{1,4})\s?[:：]\s?(\d{1,4})(?![\d:])\)?\s?(?:match|매칭)")
_WIDEST_MATCHING = 10  # parts of one side for a part of the other


def _ordinal_suffixes(sentence: str) -> Finds:
    for match in _ORDINAL.finditer(sentence):
        number, ending = match[1], match[2]
        right = "th" if number[-2:-1] == "1" else _ENDINGS.get(number[-1], "th")
        if ending != right or 1900 <= int(number) <= 2100:
            yield match[0], {}


def _matching_ratios(sentence: str) -> Finds:
    for match in _MATCHING.finditer(sentence):
        few, many = sorted((int(match[1]), int(match[2])))
        if many > _WIDEST_MATCHING * few:
            yield match[0], {}


def _thousand_billions(sentence: str) -> Finds:
    for match in _BILLIONS.finditer(sentence):
        yield match[0], {}


def _counts_by_year(sentence: str) -> Finds:
    """`31 sites by 17`: what should be a year is none, or the count looks like a later year."""
    for match in _COUNT_BY.finditer(sentence):
        count, year = int(match[1]), int(match[3])
        if year not in _YEARLIKE or (count in _YEARLIKE and count > year):
            yield match[0], {}


_INCENTIVE = re.compile(
    r"\b(?:tax|incentiv|support|benefit|induce|attract|boost)|혜택|인센티브|지원|유치", re.IGNORECASE
)
_RATIO = r"(?:floor[- ]area ratios?|building[- ]to[- ]land ratios?|building coverage(?: ratios?)?)"
_REVERSED = re.compile(
    rf"\b(?:reduction|reducing|lowering|decrease|cut) (?:of|in) (?:the )?{_RATIO}|\b(?:reducing|lowering|cutting) (?:the )?{_RATIO}"
    rf"|\b{_RATIO}(?: and (?:the )?[\w -]{{4,40}}?)?(?: \w+){{0,2}} (?:be|are|is) (?:reduced|lowered|cut)\b"
    r"|(?:용적률|건폐율)[을를의]?\s?(?:\d+%\s?)?(?:축소|감면|인하|감축)",
    re.IGNORECASE,
)
_LOST_UNIT = re.compile(
    r"(?:면적|사업비|예산|투자액|투자금|지원금|보조금|지원액|매출액|매출|용적률|건폐율|감면율|분양률|지원 ?한도)(?:은|는|이|가)\s?"
    r"(?:모두 |총 ?|약 ?|최대 ?)*\d[\d,.]*(?<![.,])(?:입니다|이다|이며|이고|으로 |로 |이었|였)"
    r"|(?:사업비|예산|투자액|투자금|지원금|보조금|지원액|매출액)\s(?:모두 |총 ?|약 ?|최대 ?)*\d[\d,]*(?:\.\d+)?(?:을|를|이|가|으로|로)\s"
    r"|(?:최대|총|약)\s?\d[\d,.]*[을를]\s?(?:지원|투자|투입|공급|조성)"
    r"|\b(?:area|budget|floor area ratio)(?: (?:is|was|of|totals|stands at))(?: about| approximately)? (?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?=[;)]|\.(?!\d)|\s*$)",
    re.IGNORECASE,
)


def _reversed_incentives(sentence: str) -> Finds:
    if _INCENTIVE.search(sentence):
        for match in _REVERSED.finditer(sentence):
            yield match[0], {}


def _lost_units(sentence: str) -> Finds:
    for match in _LOST_UNIT.finditer(sentence):
        yield match[0].strip(), {}


CHECKS: tuple[Check, ...] = (
    check("placeholder", "XNUMX|#[RVDN]", _placeholders, needs_figure=False),
    check("broken-square-metre", r"m\d\d|mXN|[㎡²]\d", _broken_square_metres),
    check("impossible-ordinal", r"\d(?:st|nd|rd|th)[ -]|차\s?산업", _impossible_ordinals),
    check("reduction-over-100", r"\d{3}\s?(?:%|per|퍼|프)|100분의", _reductions_over_100),
    check("ordinal-suffix", r"\d(?:st|nd|rd|th)\b", _ordinal_suffixes),
    check("matching-ratio", r"\d\)?\s?(?:match|매칭)", _matching_ratios),
    check("thousand-billions", r"\d billion", _thousand_billions),
    check("count-by-year", r"s by \d", _counts_by_year),
    check("reversed-incentive", r"[Rr]atio|coverage|용적률|건폐율", _reversed_incentives, needs_figure=False),
    check(
        "lost-unit", r"[은는이가]\s?\S*\s?\d|[비산액금] \S{0,2}\s?\d|[총약대]\s?\d|area|budget", _lost_units
    ),
)
