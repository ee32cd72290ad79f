"""What a doubt is, and the table of rules: how sure each one is, what it tells an administrator, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from index_build.reading.document import Table

Confidence = Literal["certain", "suspicion"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, how sure it is, and what it says, with gaps for `found` and the keys of `Doubt.detail`.

    `source` names the check of the research notes on damaged figures ("check 1" to "check 13") or the observation it
    answers.
    """

    name: str
    confidence: Confidence
    en: str
    ko: str
    source: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that machine translation or typing may have damaged.

    `certain` blocks the sentence as evidence, `suspicion` marks it. `sentence` is exactly as it was given; for a row of
    a table that no sentence tells, it is the row's cells joined by " | ". `found` is the text that set the rule off.
    """

    rule: str
    confidence: Confidence
    sentence: str
    section: str
    found: str
    detail: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """What is wrong, in one language (`ko` or `en`), on one line."""
        rule = RULES[self.rule]
        words = rule.ko if language == "ko" else rule.en
        return " ".join(words.format(found=self.found, **self.detail).split())


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as the rules see it. Where it is a table, `sentences` tell its rows."""

    heading: str
    sentences: tuple[str, ...]
    table: Table | None = None


Found = tuple[str, dict[str, str]]
Finds = Iterator[Found]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule's search in one sentence. It runs only where `hint` is found, which is cheap; most need a figure at all."""

    rule: str
    hint: re.Pattern[str]
    find: Callable[[str], Finds]
    needs_figure: bool = True


def check(rule: str, hint: str, find: Callable[[str], Finds], needs_figure: bool = True) -> Check:
    """A check with its hint compiled."""
    return Check(rule, re.compile(hint), find, needs_figure)


def doubt(rule: str, sentence: str, section: str, found: Found) -> Doubt:
    """A doubt with the confidence of its rule."""
    return Doubt(rule, RULES[rule].confidence, sentence, section, *found)


_RULES = (
    Rule(
        "placeholder", "certain",
        "“{found}” is a placeholder where a figure was lost.",
        "‘{found}’: 숫자가 사라지고 자리표시만 남았습니다.",
        "check 1: a placeholder anywhere",
    ),
    Rule(
        "broken-square-metre", "certain",
        "“{found}”: the square of m² is gone and another figure stands in its place.",
        "‘{found}’: ㎡의 제곱 표시가 깨지고 다른 숫자가 붙었습니다.",
        "check 2: m with figures behind it",
    ),
    Rule(
        "impossible-duration", "certain",
        "“{found}”: no programme runs for {years} years; figures may have changed places.",
        "‘{found}’: {years}년은 사업 기간일 수 없습니다. 숫자의 자리가 바뀌었을 수 있습니다.",
        "check 3: a duration of over 30 years",
    ),
    Rule(
        "impossible-date", "certain",
        "“{found}” is not a date of any calendar.",
        "‘{found}’: 달력에 없는 날짜입니다.",
        "check 4: a month with an impossible day, or a date inside a date",
    ),
    Rule(
        "impossible-ordinal", "certain",
        "“{found}”: there is no such industry; the fourth industrial revolution is probably meant.",
        "‘{found}’: 그런 차수의 산업은 없습니다. 4차 산업(혁명)일 수 있습니다.",
        "check 5: an ordinal before “industry”",
    ),
    Rule(
        "before-years", "certain",
        "“{found}”: a year and a number of years were mixed up.",
        "‘{found}’: 연도와 기간이 뒤섞였습니다.",
        "check 5: “before” a number of years",
    ),
    Rule(
        "reduction-over-100", "certain",
        "“{found}”: nothing can be reduced by {percent} %.",
        "‘{found}’: {percent}%를 줄일 수는 없습니다.",
        "a floor area ratio “reduced” by what it is relaxed to",
    ),
    Rule(
        "amount-restated", "certain",
        "“{found}”: the two amounts differ {factor} times.",
        "‘{found}’: 두 금액이 {factor}배 다릅니다.",
        "check 9: amounts ten or a hundred times too large (억, 만)",
    ),
    Rule(
        "area-restated", "certain",
        "“{found}”: the second area is {actual}, not that.",
        "‘{found}’: 환산하면 {actual}입니다.",
        "check 6: an area and its conversion disagree",
    ),
    Rule(
        "swapped-with-original", "certain",
        "“{found}”: the original has the same figures in other places: {original}",
        "‘{found}’: 원문과 숫자는 같은데 자리가 다릅니다. 원문: {original}",
        "check 12: equal sets of figures in another order",
    ),
    Rule(
        "numbers-differ", "suspicion",
        "Not the figures of the original: “{found}”. The original says: {original}",
        "원문과 숫자가 다릅니다: ‘{found}’. 원문: {original}",
        "check 12: the figures of a sentence and of its original differ",
    ),
    Rule(
        "swapped-pair", "suspicion",
        "“{found}”: amount and years may have changed places.",
        "‘{found}’: 금액과 기간이 뒤바뀌었을 수 있습니다.",
        "check 3: an amount and a duration that could be swapped",
    ),
    Rule(
        "small-area", "suspicion",
        "“{found}” is too small for {noun}.",
        "‘{found}’: {noun} 면적으로는 너무 작습니다.",
        "check 6: an area below the smallest plausible one for its noun",
    ),
    Rule(
        "table-unit", "suspicion",
        "The column “{found}” holds areas of {least} to {most}; the unit is probably a thousand square metres.",
        "‘{found}’ 열의 값이 {least}~{most}뿐입니다. 단위가 천㎡일 수 있습니다.",
        "check 6: a table of areas in m² whose values all have two or three figures",
    ),
    Rule(
        "column-sum", "suspicion",
        "“{found}”: the rows add up to {sum}.",
        "‘{found}’: 각 행을 더하면 {sum}입니다.",
        "check 7: the sum of a column against its total",
    ),
    Rule(
        "sum-factor", "suspicion",
        "The column “{found}” adds up to {sum}, but the text states {stated}: {factor} times as much.",
        "‘{found}’ 열의 합은 {sum}인데 본문은 {stated}이라고 합니다({factor}배).",
        "check 7: the sum of a column times 10 to 1,000 is the total in the text",
    ),
    Rule(
        "two-values", "suspicion",
        "“{found}”: elsewhere the document says “{other}”.",
        "‘{found}’: 같은 문서의 다른 곳에는 ‘{other}’라고 되어 있습니다.",
        "check 8: two values in one document for one fact",
    ),
    Rule(
        "lead-vs-body", "suspicion",
        "The lead says “{found}”, the body only {other}.",
        "머리글에는 ‘{found}’인데 본문에는 {other}뿐입니다.",
        "check 8: the lead line against the body",
    ),
    Rule(
        "implausible-ratio", "suspicion",
        "“{found}”: that is {billions} billion won for each.",
        "‘{found}’: 하나에 {eok}억 원꼴입니다.",
        "check 9: sales or investment per company or job",
    ),
    Rule(
        "amount-per-unit", "suspicion",
        "“{found}” is more than support for one {noun} can be.",
        "‘{found}’: {noun} 하나에 주는 금액으로는 너무 큽니다.",
        "check 9: an amount for each place or company far above known programmes",
    ),
    Rule(
        "thousand-billions", "suspicion",
        "“{found}”: thousands of billions are not written so; 억 was probably taken for a billion.",
        "‘{found}’: 억을 billion으로 잘못 옮긴 금액일 수 있습니다.",
        "check 9: amounts ten times too large (억 taken for a billion)",
    ),
    Rule(
        "implausible-pair", "suspicion",
        "“{found}”: so few people for so many companies; the figures may have changed places.",
        "‘{found}’: 기업 수에 비해 사람이 너무 적습니다. 숫자가 뒤바뀌었을 수 있습니다.",
        "check 9: two counts of one sentence that do not fit",
    ),
    Rule(
        "count-by-year", "suspicion",
        "“{found}”: number and year may have changed places.",
        "‘{found}’: 개수와 연도가 뒤바뀌었을 수 있습니다.",
        "check 10: a count “by” a year, reversed",
    ),
    Rule(
        "count-vs-items", "suspicion",
        "“{found}”: says {stated}, lists {listed}.",
        "‘{found}’: {stated}개라고 하고 {listed}개를 적었습니다.",
        "check 11: listed items against the stated count",
    ),
    Rule(
        "repeated-article", "suspicion",
        "“{found}” occurs twice with different titles; a branch number (제N조의M) was probably dropped.",
        "‘{found}’: 같은 조 번호가 다른 제목으로 되풀이됩니다. ‘제N조의M’에서 가지번호가 빠졌을 수 있습니다.",
        "check 13: an article number that repeats in one law",
    ),
    Rule(
        "lost-year-mark", "suspicion",
        "“{found}”: a year without its mark, or a figure out of its place.",
        "‘{found}’: 연도 표시가 사라졌거나 숫자의 자리가 바뀌었습니다.",
        "a two-figure year that lost its apostrophe",
    ),
    Rule(
        "ordinal-suffix", "suspicion",
        "“{found}”: number and ending do not belong together; another number stood there.",
        "‘{found}’: 서수 어미와 숫자가 맞지 않습니다. 다른 숫자가 있던 자리입니다.",
        "an ordinal whose number was exchanged (2st, 2024th)",
    ),
    Rule(
        "matching-ratio", "suspicion",
        "“{found}”: nobody shares costs in such parts; figures may have changed places.",
        "‘{found}’: 그런 분담 비율은 없습니다. 숫자의 자리가 바뀌었을 수 있습니다.",
        "check 9: a share of costs that cannot be (200:1 matching)",
    ),
    Rule(
        "reversed-incentive", "suspicion",
        "“{found}” is no incentive; 완화 (relaxing) was probably taken for a reduction.",
        "‘{found}’: 혜택이라면 축소가 아니라 완화일 것입니다.",
        "a “reduction” of the floor area ratio offered as support",
    ),
    Rule(
        "homonym", "suspicion",
        "“{found}” is what a dictionary gives for the sound of a place name ({place}).",
        "‘{found}’: 지명({place})을 같은 소리의 낱말로 잘못 옮겼습니다.",
        "a place name translated by its homonym",
    ),
    Rule(
        "stray-comma", "suspicion",
        "“{found}”: a comma stands in a date.",
        "‘{found}’: 날짜에 점 대신 쉼표가 있습니다.",
        "a comma typed for the point of a date",
    ),
    Rule(
        "fragment", "suspicion",
        "“{found}” is a left-over of a sentence; words, and perhaps figures, have changed places.",
        "‘{found}’: 문장에서 떨어져 나온 말입니다. 낱말과 숫자의 자리가 바뀌었을 수 있습니다.",
        "displaced verbs at the end of machine-translated sentences",
    ),
    Rule(
        "dong-number", "suspicion",
        "“{found}” stands once; elsewhere the document says “{other}”.",
        "‘{found}’: 한 번만 나오고 다른 곳은 ‘{other}’입니다.",
        "a numbered neighbourhood that contradicts the others",
    ),
    Rule(
        "lost-unit", "suspicion",
        "“{found}”: the figure has no unit.",
        "‘{found}’: 숫자에 단위가 없습니다.",
        "a figure that lost its unit",
    ),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
