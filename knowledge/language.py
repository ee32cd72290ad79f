"""Which of the two languages a text is written in."""

from __future__ import annotations

import re

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Words that carry English grammar. Names and terms ("KAIST", "incentive", "R&D") occur in Korean sentences too.
_ENGLISH_GRAMMAR = frozenset(
    (
        "a an the is are was were be do does did can could will would should may must have has had what "
        "which who whom when where why how than in on at of to for from with without by about we you they "
        "it our my your i this that these those there and or if not please tell me show"
    ).split()
)


def detect(text: str, default: str = "ko") -> str:
    """`ko` or `en`. Mixed text is English only when its grammar words are English; no letters gives `default`."""
    hangul = len(_HANGUL.findall(text))
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    if not hangul and not words:
        return default
    if not hangul:
        return "en"
    grammar = sum(word in _ENGLISH_GRAMMAR for word in words)
    return "en" if grammar >= 2 and len(words) * 2 >= hangul else "ko"
