"""Numbers in the forms that lists count in."""

from __future__ import annotations

import re

_GANADA = "가나다라마바사아자차카타파하"
_CHOSUNG = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def superscript(text: str) -> str:
    """Raised digits, so that 10 with a raised 3 does not become 103; a raised text with letters unchanged."""
    return text.translate(_SUPERSCRIPTS) if re.fullmatch(r"[+-]?\d+", text.strip()) else text


def numeral(number: int, form: str) -> str:
    """A number in one of Word's forms (`w:numFmt`); forms that Korean documents do not use come out as digits."""
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number) if form == "lowerRoman" else _roman(number).upper()
    if form == "ganada":
        return _GANADA[(number - 1) % len(_GANADA)]
    if form == "chosung":
        return _CHOSUNG[(number - 1) % len(_CHOSUNG)]
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return f"{number:02}" if form == "decimalZero" else "" if form == "none" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
