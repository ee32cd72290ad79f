"""Rules for dates and durations of one sentence: impossible ones, and years that lost their mark."""

from __future__ import annotations

import re
from calendar import monthrange

from index_build.doubts.amounts import NUMBER, WON, plain_number
from index_build.doubts.rules import Check, Finds, check

_LONGEST = 30  # years; above this a duration needs a lease, a loan or a history to be true
_LONGEST_TERM = 100  # years; no lease is longer, and only here "within" and "over" count
_SHORTEST_PAIR = 11
_DURATION_EN = re.compile(
    rf"\b(?P<word>for|by|over|within|during) (?:(?:up to|about|over|at least|more than|nearly|another|a|period|of|the|next|first|around) )*(?P<years>{NUMBER}) years\b",
    re.IGNORECASE,
)
_DURATION_KO = re.compile(rf"(?<![\d.,])(?P<years>{NUMBER})\s?년\s?(?P<word>간|동안)")
_LONG_TERM = re.compile(
    r"\b(?:leas(?:e|ed|es|ing)|rent(?:al|ed)?|loans?|lend|repa(?:y|id)|bonds?|concession|mortgage|depreciat\w+|copyright|patents?|life\w*"
    r"|operat(?:e|es|ed|ing)|use of|used|land|pensions?|insur\w+)\b"
    r"|임대|대부|사용허가|점용|융자|상환|대출|차입|거치|상각|사용·?수익|내용연수|지상권|저작권|수명|연금|보험|운영",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:ha[sd]|have) (?:\w+ )?(?:\w+(?:ed|en|wn)|led|run|kept|held|made|stood)\b(?! to\b)|\bhistor|\btradition|\bheritage|\bdynasty|\bcapital\b|\b(?:past|last) \d|\bold\b|\bsince\b"
    r"|역사|전통|이어\s?[온져]|지난\s?\d|유지해|설립|창업",
    re.IGNORECASE,
)
_WON_BEFORE = re.compile(rf"(?:{WON.pattern})[^.;]{{0,24}}$", re.IGNORECASE)


_SUPPORT_KO = re.compile(r"지원|투입|투자|지급|감면|보조|추진|공급|조성|선정")


def _years(sentence: str, least: int) -> Finds:
    """Durations of at least `least` years with the amount before them, except where they may be so long."""
    for match in (*_DURATION_EN.finditer(sentence), *_DURATION_KO.finditer(sentence)):
        years = plain_number(match["years"])
        if years < least or (match.re is _DURATION_KO and 1900 <= years <= 2100):
            continue
        amount = _WON_BEFORE.search(sentence, 0, match.start())
        if years <= _LONGEST_TERM and _may_be_long(sentence, match["word"].lower(), bool(amount)):
            continue
        if amount or not _HISTORY.search(sentence):
            start = amount.start() if amount else match.start()
            yield sentence[start : match.end()].strip(), {"years": match["years"]}


def _may_be_long(sentence: str, word: str, has_amount: bool) -> bool:
    if _LONG_TERM.search(sentence):
        return True
    return not has_amount and word != "for" and not _SUPPORT_KO.search(sentence)


def _impossible_durations(sentence: str) -> Finds:
    yield from _years(sentence, _LONGEST + 1)


def _swapped_pairs(sentence: str) -> Finds:
    for found, detail in _years(sentence, _SHORTEST_PAIR):
        if plain_number(detail["years"]) <= _LONGEST and WON.search(found):
            yield found, {}


_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
# What may follow a date; a noun would be counted ("In December 500 companies moved").
_AFTER_DATE = (
    r"(?=\s*(?:$|[.,;:)~–-])|\s(?:on|in|at|with|(?:and|to)(?! \d)|for|the|by|as|when|after|before|from|until|through|"
    r"under|an?|near|this|last|next)\b)"
)
_DATE_EN = re.compile(rf"\b{_MONTH} (?P<day>\d{{2,3}}|\d{{5,}})(?:st|nd|rd|th)?{_AFTER_DATE}(?!,\d|\.\d)")
# A date inside a date, and a weekday where the day should be.
_DATE_INSIDE = re.compile(
    rf"\b{_MONTH} (?:\d{{1,2}}\.\d{{1,2}}\.\d{{1,2}}|(?:19|20)\d\d ?\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\))"
)
_DATE_KO = re.compile(
    r"(?:(?P<year>\d{4})년\s?)?(?<![\d.,])(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일(?!\d|\s?(?:간|이내|이상))"
)
_MONTH_KO = re.compile(r"(?P<year>(?:19|20)\d\d)년\s?(?P<month>\d{1,2})월(?!\s?\d)")
_DATE_POINTS = re.compile(
    r"(?<![\d.=/v-])(?:(?P<year>(?:19|20)\d\d)|['’‘]\d\d)\.\s?(?P<month>0?[1-9]|[1-9]\d)\.\s?(?P<day>[1-9]\d?)(?!\w|\.\d|%)"
)
_DATE_ISO = re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-]|호)")


def _impossible_dates(sentence: str) -> Finds:
    for match in _DATE_INSIDE.finditer(sentence):
        yield match[0], {}
    for pattern in (_DATE_EN, _DATE_KO, _MONTH_KO, _DATE_POINTS, _DATE_ISO):
        for match in pattern.finditer(sentence):
            if not _is_date(match.groupdict()):
                yield match[0], {}


def _is_date(parts: dict[str, str | None]) -> bool:
    name = parts["month"] or ""
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(name)
    # A leap year where none is told.
    return (
        1 <= month <= 12
        and 1 <= int(parts.get("day") or 1) <= monthrange(int(parts.get("year") or 2024), month)[1]
    )


_BEFORE_YEARS = re.compile(
    r"\bbefore (?:about )?\d+ years?(?=\s*(?:$|[.,;:)]))|\bscheduled (?:for|to)\b[^.;]{0,24}\bbefore \d+ years?\b",
    re.IGNORECASE,
)


def _before_years(sentence: str) -> Finds:
    for match in _BEFORE_YEARS.finditer(sentence):
        yield match[0], {}


_LOST_YEAR = re.compile(
    r"(?<!\bone )(?<!\d )\b[Ii]n \d{1,2}(?=\s*$|[.;:)]\s*(?:$|[A-Za-z(])|,(?! (?:and |or )?\d)| (?:to (?!\d)|by |and (?!\d|\w+ (?:years|months|cases))|the |with |under |as |at |on |when |for ))"
)
_YEARS_TOLD = re.compile(
    r"\b(?:(?:selected|completed|finished|opened|built|created|supplied) by|by the end of|(?<!aged )between [1-4]\d and) "
    r"[1-4]\d(?=[,.;)]|\s*$)"
)
_MONTH_YEAR = re.compile(
    rf"\bin (?:early |late |mid-)?{_MONTH} \d{{1,2}}(?![\d-]|,? \d{{4}}|(?:st|nd|rd|th)\b)"
)
_STRAY_COMMA = re.compile(
    r"['’‘`]\d{2},\d{1,2}(?!\d|,\d)|(?:['’‘]\d\d|(?:19|20)\d\d)\.\d{1,2}\s?[~–-]\s?['’‘]?(?:\d\d|\d{4}),\d{1,2}(?!\d)"
)


def _lost_year_marks(sentence: str) -> Finds:
    for pattern in (_LOST_YEAR, _MONTH_YEAR, _YEARS_TOLD):
        for match in pattern.finditer(sentence):
            yield match[0], {}


def _stray_commas(sentence: str) -> Finds:
    for match in _STRAY_COMMA.finditer(sentence):
        yield match[0], {}


CHECKS: tuple[Check, ...] = (
    check("impossible-duration", r"\d years|년\s?(?:간|동)", _impossible_durations),
    check("swapped-pair", r"won .*years|KRW.*years|원.*년\s?(?:간|동)", _swapped_pairs),
    check("impossible-date", r"월|\d\.\s?\d{1,2}\.|\d-\d\d-|[a-z] \d\d", _impossible_dates),
    check("before-years", r"before ", _before_years),
    check("lost-year-mark", r"\b[Ii]n (?:\d|[A-Zelm])|\b(?:by|of|and) \d\d\b", _lost_year_marks),
    check("stray-comma", r"\d,\d", _stray_commas),
)
