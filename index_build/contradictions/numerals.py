"""Numbers as they are written in Korean and English ("1억 2,300만", "1.5 million", "six"), and how far they are rounded."""

from __future__ import annotations

import re

from index_build.doubts.amounts import KOREAN, NUMBER, SCALES, korean_number, plain_number

_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
MONTHS = "january february march april may june july august september october november december".split()
# Patterns for larger patterns; none of them holds a group.
WORD = rf"(?:{'|'.join(_WORDS)})"
MONTH = rf"(?:{'|'.join(MONTHS)})"
AMOUNT = rf"(?:{KOREAN}(?:\s(?:{'|'.join(filter(None, SCALES))})\b)?)"
_LAST = re.compile(rf"({NUMBER})\s?([조억만천백십]*)\s?[a-z]*$")


def value(written: str) -> tuple[float, float]:
    """The value of a number, and what its last digit shown is worth: 858,000 is (858000, 1000)."""
    written = written.lower()
    if written in _WORDS:
        return float(_WORDS.index(written) + 1), 1.0
    scale = next((SCALES[word] for word in SCALES if word and written.endswith(word)), 1.0)
    last = _LAST.search(written)
    number, letters = last.groups() if last else ("1", "")
    whole, _, decimals = number.replace(",", "").partition(".")
    zeros = len(whole) - len(whole.rstrip("0") or whole)
    digit = 10.0 ** (-len(decimals) if decimals else zeros)
    return korean_number(written) * scale, digit * scale * (korean_number(f"1{letters}") if letters else 1.0)


def digits(written: str) -> float:
    """The digits of a number without their scale: 1.5 of "1.5 million"."""
    return plain_number(re.sub(r"[^\d.,]", "", written))
