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
    ("사업자번호", re.compile(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{5}(?![\d-])")),
    ("법인번호", re.compile(r"(?<![\d-])\d{6}-\d{7}(?![\d-])")),
    (
        "전화번호",
        re.compile(
            rf"(?<![\d공영일이삼사오육칠팔구])[공영0][일1이2][공영0일1이]?[\s./)-]*{_DIGIT}{{3,4}}[\s./)-]*{_DIGIT}{{4}}"
        ),
    ),
    ("전화번호", re.compile(r"\(?\+82\)?[\s-]*\(?0?\)?1\d[\s.-]?\d{3,4}[\s.-]?\d{4}(?!\d)")),
    ("전화번호", re.compile(r"(?<!\d)050\d-\d{3,4}-\d{4}(?!\d)")),
    ("카드번호", re.compile(r"(?<!\d)(?:\d{4}\s?[ -]\s?){3}\d{4}(?!\d)|(?<!\d)3[47]\d{2}-\d{6}-\d{5}(?!\d)")),
    ("여권번호", re.compile(r"(?<![A-Za-z0-9])[MSRODmsrod]\d{8}(?!\d)")),
    ("면허번호", re.compile(r"(?<!\d)(?:[가-힣]{2}\s?)?\d{2}-\d{6}-\d{2}(?!\d)")),
    (
        "계좌번호",
        re.compile(
            r"(?:bank|account)\D{0,12}(?!(?:19|20)\d{2}-\d{2}-\d{2}(?!\d))\d{2,6}-\d{2,6}-\d{2,8}(?!\d)",
            re.IGNORECASE,
        ),
    ),
    ("이메일", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w가-힣-]{1,63}(?:[.。][\w가-힣-]{1,63}){1,4}")),
    (
        "차량번호",
        re.compile(
            r"(?<![\d.,])\d{2,3}\s?[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배]\s?\d{4}"
            r"(?!\d|㎡|억|만\s?원|천\s?원|원(?!주)|평(?!택)|m2)"
        ),
    ),
]
# What the library takes for a number of a person and is one of ours: areas, amounts, years, addresses of pages.
_OURS = re.compile(r"^(?:(?:19|20)\d{2}[-~\s]+(?:19|20)\d{2}.*|\d+월\s?\d{4}|\d+[억만천]\s?\d+)$")
_RANGE = re.compile(r"\d{1,4}-\d{1,4}|\d+조\s?\d+")
_UNIT_FOLLOWS = re.compile(r"(?:만\s?원|억|㎡|%|평(?!택))")
_ADDRESS = re.compile(r"https?://\S+")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_FOLD = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


# Far above what is accepted; longer text is refused by its length, whatever it holds.
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class CleanText:
    """A visitor's text as it may be used, and whether anything personal was taken out."""

    text: str
    masked: bool


def clean(raw: str) -> CleanText:
    """NFC text without control, invisible, bidirectional and tag characters or lone surrogates, personal data masked."""
    text = raw[:_LONGEST].encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFC", text.replace("\t", " "))
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text)).strip()
    masked = mask(text)
    return CleanText(masked, masked != text)


def mask(text: str) -> str:
    """Text with each personal number replaced by the name of its kind in brackets."""
    # Full-width digits and signs are folded for the search; each stands for one character, so places agree.
    folded = "".join(_FOLD.get(character, character) for character in text)
    addresses = [match.span() for match in _ADDRESS.finditer(folded)]
    found = [
        (r.start, r.end, _LABELS.get(r.label, "개인정보"))
        for r in detect_all(folded, include=list(_LABELS))
        if not _is_ours(folded, r.start, r.end)
    ]
    for name, pattern in _MORE:
        found += [
            (m.start(), m.end(), name) for m in pattern.finditer(folded) if not _is_ours(folded, *m.span())
        ]
    # A page's own number in its address is no person's; a telephone number or e-mail there is.
    found = [
        span
        for span in found
        if not (
            folded[span[0] : span[1]].isdigit() and any(a <= span[0] and span[1] <= b for a, b in addresses)
        )
    ]
    for start, end, name in reversed(_merged(found)):
        text = f"{text[:start]}[{name}]{text[end:]}"
    return text


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans from left to right, overlapping ones joined under the name of the longest."""
    merged: list[tuple[int, int, str]] = []
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            before = merged[-1]
            longest = name if end - start > before[1] - before[0] else before[2]
            merged[-1] = (before[0], max(before[1], end), longest)
        else:
            merged.append((start, end, name))
    return merged


def _is_ours(text: str, start: int, end: int) -> bool:
    """Whether what looks like a personal number is an amount, an area or years."""
    found = text[start:end]
    return bool(_OURS.match(found) or (_RANGE.fullmatch(found) and _UNIT_FOLLOWS.match(text, end)))
