"""Text of visitors is cleaned and masked here, before the engine, the records or a log see it.

Personal Information Protection Act, Article 24-2: resident registration numbers may not be processed without a
statutory basis. What is masked is not kept anywhere, in no form.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ko_pii import detect_all

# What a message may not carry on: names and addresses stay, because places and companies are what people ask about.
_LABELS = {
    "RRN": "주민등록번호", "FRN": "외국인등록번호", "PASSPORT": "여권번호", "DRIVER_LICENSE": "면허번호", "CARD": "카드번호",
    "ACCOUNT": "계좌번호", "PHONE": "전화번호", "EMAIL": "이메일", "BUSINESS_REG": "사업자번호", "CORP_REG": "법인번호", "VEHICLE": "차량번호",
}  # fmt: skip
_DIGIT = "[0-9０-９공영일이삼사오육륙칠팔구]"
# What the library leaves: numbers with a wrong checksum (a number since October 2020 has none), Hangul digits.
_MORE = [
    (
        "주민등록번호",
        re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\s-]?[1-8]\d{6}(?!\d)"),
    ),
    ("사업자번호", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{5}(?![\d-])")),
    ("법인번호", re.compile(r"(?<![\d-])\d{6}-\d{7}(?![\d-])")),
    ("전화번호", re.compile(rf"(?:공일공|영일영|공일일|０１０)[\s.-]*{_DIGIT}{{3,4}}[\s.-]*{_DIGIT}{{4}}")),
    ("카드번호", re.compile(r"(?<!\d)(?:\d{4}[\s-]){3}\d{4}(?!\d)")),
    ("이메일", re.compile(r"[\w.+-]+\s?@\s?[\w가-힣-]+(?:\.[\w가-힣-]+)+")),
    ("차량번호", re.compile(r"(?<!\d)\d{2,3}[가-힣]\s?\d{4}(?!\d)")),
]
# Offices' own numbers, told in answers, may be quoted back.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class CleanText:
    """A visitor's text as it may be used, and whether anything personal was taken out."""

    text: str
    masked: bool


def clean(raw: str) -> CleanText:
    """NFC text without control, invisible, bidirectional and tag characters or lone surrogates, personal data masked."""
    text = raw.encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFC", text.replace("\t", " "))
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text)).strip()
    masked = mask(text)
    return CleanText(masked, masked != text)


def mask(text: str) -> str:
    """Text with each personal number replaced by the name of its kind in brackets."""
    found = [
        (r.start, r.end, _LABELS.get(r.label, "개인정보")) for r in detect_all(text, include=list(_LABELS))
    ]
    for name, pattern in _MORE:
        found += [(m.start(), m.end(), name) for m in pattern.finditer(text)]
    position = len(text)
    for start, end, name in sorted(found, reverse=True):
        if end <= position:
            text = f"{text[:start]}[{name}]{text[end:]}"
            position = start
    return text
