"""A translation held against its Korean original, figure by figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index_build.doubts.amounts import NUMBER, SCALES, areas, korean_number, plain_number, won
from index_build.doubts.rules import Doubt, doubt

# Its kind (won, area, year, years, share, or none) and its value.
Figure = tuple[str, float]

_MONTHS = "january february march april may june july august september october november december".split()
_SPELLED = (
    {month: number for number, month in enumerate(_MONTHS, start=1)}
    | dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
    | dict(zip("두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(), range(2, 11), strict=True))
)  # fmt: skip
_WORD = re.compile(
    rf"\b(?:{'|'.join(word for word in _SPELLED if word.isascii() and word not in ('march', 'may'))})\b|\b(?:March|May)(?= \d)"
    r"|(?<![가-힣])(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열)(?=\s?(?:곳|개|가지|명|도시|지구|대|차례|번|기관|회사|기업))",
    re.IGNORECASE,
)
_OF_HUNDRED = re.compile(r"100분의\s?(\d+)")
_KINDS = (
    ("year", re.compile(r"['’‘](\d\d)(?!\d)년?|(?<![\d.,])((?:19|20)\d\d)(?!\d|,\d)년?|(?<![\d.,])([1-4]\d)년(?!\s?(?:간|동안|이내|이상))")),
    ("month", re.compile(r"(\d{1,2})월")),
    ("years", re.compile(rf"({NUMBER})\s?(?:년|years?\b)")),
    ("share", re.compile(rf"({NUMBER})\s?(?:%|percent|퍼센트)")),
    ("", re.compile(rf"({NUMBER})\s?(thousand|million|billion|trillion)|({NUMBER}\s?[조억만천백]+)")),
    ("", re.compile(NUMBER)),
)  # fmt: skip
_PLAIN = re.compile(NUMBER)


def compare_with_original(sentences_en: Sequence[str], sentences_ko: Sequence[str]) -> list[Doubt]:
    """Doubts about the English sentences, each held against the Korean one it translates.

    Lists of one length are taken pair by pair; others are aligned in order, by the figures they share. Figures are
    compared with what they measure, so `240억원` equals `KRW 24 billion` and a count never equals a year. Where the bare
    digits are the same and what they measure is not, they have changed places.
    """
    doubts = []
    for english, korean in _aligned(sentences_en, sentences_ko):
        if figures(english) != figures(korean):
            digits = _digits(english)
            swapped = digits.total() > 1 and digits == _digits(korean)
            rule = "swapped-with-original" if swapped else "numbers-differ"
            found = ", ".join(figure.rstrip(",") for figure in _PLAIN.findall(english))
            doubts.append(doubt(rule, english, "", (found, {"original": korean})))
    return doubts


def figures(sentence: str) -> Counter[Figure]:
    """How often each figure stands in a sentence. Months and small numbers may be spelled out."""
    left = _in_digits(sentence)
    found: Counter[Figure] = Counter()
    for kind, quantities in (("won", list(won(left))), ("area", list(areas(left)))):
        for quantity in quantities:
            found[kind, float(f"{quantity.value:.4g}")] += 1
            left = left.replace(quantity.text, " ", 1)
    for kind, pattern in _KINDS:
        for match in pattern.finditer(left):
            found[kind, _value(match, kind)] += 1
        left = pattern.sub(" ", left)
    return found


def _in_digits(sentence: str) -> str:
    spelled = _WORD.sub(_spelled, sentence)
    return _OF_HUNDRED.sub(r"\1%", spelled)


def _spelled(match: re.Match[str]) -> str:
    word = match[0].lower()
    return f"{_SPELLED[word]}{'월' if word in _MONTHS else ''}"


def _value(match: re.Match[str], kind: str) -> float:
    groups = [group for group in match.groups() if group] or [match[0]]
    if kind == "year":
        return float(groups[0]) + (2000 if len(groups[0]) == 2 else 0)
    if len(groups) == 2:
        return plain_number(groups[0]) * SCALES[groups[1]]
    return korean_number(groups[0])


def _digits(sentence: str) -> Counter[str]:
    """The bare digits of a sentence, of a year the last two, whatever they measure."""
    figures = (figure.replace(",", "") for figure in _PLAIN.findall(_in_digits(sentence)))
    return Counter(figure[2:] if re.fullmatch(r"(?:19|20)\d\d", figure) else figure for figure in figures)


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs in order; of lists of different length, those that share the most figures in all."""
    if len(ours) == len(theirs):
        return list(zip(ours, theirs, strict=True))
    shared = _shared(ours, theirs)
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + shared[i][j])
    pairs, i, j = [], 0, 0
    while i < len(ours) and j < len(theirs):
        if shared[i][j] and best[i][j] == best[i + 1][j + 1] + shared[i][j]:
            pairs.append((ours[i], theirs[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> list[list[int]]:
    """How much every two sentences share: figures count most, then bare digits, then kinds of figures."""
    left = [(figures(sentence), _digits(sentence)) for sentence in ours]
    right = [(figures(sentence), _digits(sentence)) for sentence in theirs]
    return [[4 * (f & g).total() + 2 * (d & e).total() + _kinds(f, g) for g, e in right] for f, d in left]


def _kinds(ours: Counter[Figure], theirs: Counter[Figure]) -> int:
    return len({kind for kind, _ in ours if kind} & {kind for kind, _ in theirs})
