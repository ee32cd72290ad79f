"""Rules that hold sentences of one document against each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index_build.doubts.amounts import NUMBER, Quantity, plain_number, won
from index_build.doubts.rules import Doubt, SectionText, doubt


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the heading it stands under, and the sentence before it in that section."""

    text: str
    section: str
    before: str = ""


def lines(sections: Sequence[SectionText]) -> list[Line]:
    """All sentences of a document in order."""
    return [
        Line(text, section.heading, before)
        for section in sections
        for before, text in zip(("", *section.sentences), section.sentences, strict=False)
    ]


_ARTICLE = re.compile(r"^제(\d+)조((?:의\d+)*)\s?\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


_ALIKE = 0.6


def repeated_articles(sections: Sequence[SectionText]) -> Iterator[Doubt]:
    """An article number that comes again with another title. Another act or its supplement begins at article 1 again."""
    seen: dict[str, str] = {}
    for section in sections:
        places = [section.heading, *section.sentences] if section.sentences else []
        for number, text in enumerate(places):
            match = _ARTICLE.match(text)
            if match is None:
                continue
            article, title = f"제{match[1]}조{match[2]}", re.sub(r"\W", "", match[3])
            if article == "제1조" and article in seen:
                seen.clear()
            if not _same_title(seen.setdefault(article, title), title):
                sentence = text if number else section.sentences[0]
                yield doubt("repeated-article", sentence, section.heading, (match[0], {}))


def _same_title(first: str, second: str) -> bool:
    """Two versions of one article, of which one is not yet in force, differ by a word."""
    return first == second or SequenceMatcher(None, first, second).ratio() >= _ALIKE


# What a dictionary gives for the sound of a place name.
_HOMONYMS = {
    "Yangjae": "dressmaking|couture|tailoring|sewing|needlework", "Daegu": "codfish|cod fish", "Gongju": "princess(?:es)?",
    "Cheongju": "sake|rice wine", "Jinju": "pearls?", "Wonju": "circumference", "Jeonju": "preludes?|telephone poles?",
    "Gumi": "appetites?", "Suwon": "water sources?", "Sangju": "chief mourners?", "Daejeon": "great war|world war",
    "Hwaseong": "mars", "Sacheon": "sichuan|szechuan", "Yangsan": "parasols?", "Osan": "miscalculations?",
}  # fmt: skip
_HOMONYM = re.compile(
    "|".join(rf"(?P<{place}>\b(?:{words})\b)" for place, words in _HOMONYMS.items()), re.IGNORECASE
)
_HOMONYM_STEMS = tuple(sorted({word[:4] for words in _HOMONYMS.values() for word in words.split("|")}))
_AS_A_PLACE = (
    r"\b(?:era|age|city|district|area|hub|zone|center|centre) of (?:[\w-]+,? ){{0,3}}{0}|\b{0}[- ](?:innovation |special |AI )?"
    r"(?:city|district|area|hub|zone|province|region|dong)\b"
)


def _maybe_homonym(lowered: str) -> bool:
    return any(stem in lowered for stem in _HOMONYM_STEMS)


def homonyms(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """The homonym of a place that the document names, or one that stands where only a place can stand."""
    found = [
        (line, match)
        for line in all_lines
        if _maybe_homonym(line.text.lower())
        for match in _HOMONYM.finditer(line.text)
    ]
    whole = " ".join(line.text for line in all_lines) if found else ""
    for line, match in found:
        place, word = str(match.lastgroup), match[0]
        as_a_place = re.search(_AS_A_PLACE.format(re.escape(word)), line.text, re.IGNORECASE)
        if place in whole or as_a_place:
            yield doubt("homonym", line.text, line.section, (word, {"place": place}))


_VERB = r"(?:will|did|do(?:es)?|ha(?:s|ve|d)|is|are|was|were|be|been|aims?|plans?|can|could|may|must|should|would)"
_LOOSE_END = re.compile(rf"(?:(?<!\.)\.|\))\s+({_VERB}(?: (?:do|be|have|go))?\.?)$")
_LOOSE_SENTENCE = re.compile(rf"(?:{_VERB}|[a-z]+ed)\b(?: [\w'’-]+){{0,5}}[.]?$")
_ENDED = re.compile(r"[.!?][\"'”’)]*$")


def fragments(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """A loose verb at a sentence's end, or as a sentence of its own: then the one before has lost it too."""
    for line in all_lines:
        if len(line.text) < 60 and line.text[:1].islower():
            if _LOOSE_SENTENCE.match(line.text) and _ENDED.search(line.before):
                yield doubt("fragment", line.before, line.section, (line.text, {}))
                yield doubt("fragment", line.text, line.section, (line.text, {}))
        elif line.text[-12:].count(" ") and (match := _LOOSE_END.search(line.text)):
            yield doubt("fragment", line.text, line.section, (match[1], {}))


_DONG = re.compile(r"\b([A-Z][a-z]+)[ -]?(\d)-dong\b|(?<![가-힣])([가-힣]{2,4}?)(\d)동(?![\d안시력반호])")
_ANY_DONG = re.compile(r"\d(?:-d|동)")


def dong_numbers(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """A neighbourhood whose number stands once while another of the same name stands more often, never beside it."""
    told: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in all_lines:
        for match in _DONG.finditer(line.text) if _ANY_DONG.search(line.text) else ():
            told[match[1] or match[3]][match[2] or match[4]].append(line)
    for name, numbers in told.items():
        often = [number for number, where in numbers.items() if len(where) > 1]
        for number, where in numbers.items():
            if len(where) == 1 and often and not any(where[0] in numbers[other] for other in often):
                other, here = _dong(name, often[0]), _dong(name, number)
                yield doubt("dong-number", where[0].text, where[0].section, (here, {"other": other}))


def _dong(name: str, number: str) -> str:
    return f"{name} {number}-dong" if name.isascii() else f"{name}{number}동"


_COMPANIES = re.compile(
    rf"({NUMBER}) (?:[\w-]+ ){{0,2}}?(?:companies|firms|start-?ups|enterprises)\b"
    rf"|(?:기업|업체|스타트업)\s?({NUMBER})\s?(?:개|곳)|({NUMBER})\s?개\s?(?:의 )?(?:입주 ?)?(?:기업|업체|사)"
)
_JOBS = re.compile(rf"({NUMBER}) (?:new )?jobs\b|(?:고용|일자리)\s?({NUMBER})\s?(?:명|개)")
_SALES = re.compile(r"\b(?:sales|revenues?|turnover)\b|매출", re.IGNORECASE)
_EARNED = re.compile(r"[Ss]ales|[Rr]evenue|[Tt]urnover|[Ii]nvest|매출|투자")
_IN_WON = re.compile(r"won\b|KRW|\d\s?[조억만천백]*\s?원")
# Large firms may earn and invest as much; those that a programme houses do not.
_TENANTS = re.compile(r"resident|tenant|start-?up|incubat|moved? in|입주|스타트업|창업", re.IGNORECASE)
_MOST_A_COMPANY, _MOST_SALES_A_JOB, _MOST_INVESTED_A_JOB = 1e11, 3e9, 1e10  # won


def implausible_ratios(all_lines: Sequence[Line]) -> Iterator[Doubt]:
    """Sales or investment for each job of a sentence, and for each of the tenants it or the one before counts."""
    for line in all_lines:
        if _EARNED.search(line.text) and _IN_WON.search(line.text):
            amounts = list(won(line.text))
            yield from _per_job(line, amounts)
            yield from _per_tenant(line, amounts)


def _per_job(line: Line, amounts: Sequence[Quantity]) -> Iterator[Doubt]:
    for jobs, words in _counts(_JOBS, line.text):
        for amount in amounts:
            sales = _SALES.search(line.text, max(0, amount.start - 24), amount.end + 12)
            if amount.value >= jobs * (_MOST_SALES_A_JOB if sales else _MOST_INVESTED_A_JOB):
                yield _ratio(line.text, line.section, f"{words} … {amount.text}", amount.value / jobs)


def _per_tenant(line: Line, amounts: Sequence[Quantity]) -> Iterator[Doubt]:
    """Both sentences are doubtful: either figure may be the damaged one."""
    told_in = next((text for text in (line.text, line.before) if _COMPANIES.search(text)), "")
    if not told_in or not _TENANTS.search(f"{line.before} {line.text}"):
        return
    tenants, words = _counts(_COMPANIES, told_in)[0]
    for amount in amounts if tenants > 1 else ():
        if amount.value >= tenants * _MOST_A_COMPANY:
            for text in dict.fromkeys((told_in, line.text)):
                yield _ratio(text, line.section, f"{words} … {amount.text}", amount.value / tenants)


def _counts(pattern: re.Pattern[str], sentence: str) -> list[tuple[float, str]]:
    found = ((next(filter(None, match.groups())), match[0]) for match in pattern.finditer(sentence))
    return [(number, words) for figure, words in found if (number := plain_number(figure))]


def _ratio(sentence: str, section: str, found: str, each: float) -> Doubt:
    detail = {"billions": f"{each / 1e9:,.1f}", "eok": f"{each / 1e8:,.0f}"}
    return doubt("implausible-ratio", sentence, section, (found, detail))


def check_document(sections: Sequence[SectionText], language: str) -> Iterator[Doubt]:
    """Every rule of this module, over one document in `ko` or `en`."""
    all_lines = lines(sections)
    yield from repeated_articles(sections)
    yield from dong_numbers(all_lines)
    yield from implausible_ratios(all_lines)
    if language == "en":
        yield from homonyms(all_lines)
        yield from fragments(all_lines)
