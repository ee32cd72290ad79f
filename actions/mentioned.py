"""In what role a message names a thing: taken back, the place a company leaves, or the one it moves to.

An entity is one of Rasa's: a mapping with `entity`, `value`, and the characters `start` to `end` of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Entity = Mapping[str, Any]

_DENIED_AFTER = re.compile(
    r"\s*(?:시|군|명|년|억|만)?\s*(?:이|가|은|는|을|를)?\s*(?:말고|빼고|빼\s*주|제외|아니라|아니고|아니구|아닌(?![가지])|아니[에예]요|아닙니다|대신)"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:not|except|instead of|rather than|isn't)\s+(?:(?:in|to|for)\s+)?(?:(?:a|an|the|our)\s+)?$",
    re.IGNORECASE,
)
_FACILITY = r"(?:본사|공장|연구소|사무실|사업장)"
_PRESENT = (
    r"(?:our|my|the\s+(?:present|current|existing))\s+(?!new\b)(?:(?!new\b)[\w-]+\s+){0,3}?"
    r"(?:factory|plant|office|headquarters|site|company|firm|sme|business|works|lab)"
)
_LAND = r"\s*(?:땅|용지|토지|부지|혁신도시|클러스터|산업단지|특구|곳)"
_LEFT_AFTER = re.compile(
    rf"\s*(?:시|구|군)?\s*(?:에서|에\s*있(?!는{_LAND})|에\s*위치|소재|에\s*{_FACILITY}(?:이|가|을\s*둔|를\s*둔|를\s*두고\s*있))"
)
_LEFT_BEFORE = re.compile(
    rf"(?:\b(?:from|based in|located in|out of|leave|leaving|are in|is in|['’]re in)|\b{_PRESENT}\s+in)\s+$",
    re.IGNORECASE,
)
_AIMED_AFTER = re.compile(
    r"\s*(?:시|군|구|쪽|지역|혁신도시)?\s*(?:으로|로)(?!부터)|\s*에\s*(?:가고|갈|들어|입주|지으|지을|짓|세우)"
)
_AIMED_BEFORE = re.compile(r"\b(?:to|into|towards)\s+(?:the\s+)?$", re.IGNORECASE)
_OR = re.compile(
    r"\s*(?:시|군|구)?\s*(?:나|이나|또는|혹은|와|과|랑|이랑|하고|,|·|\bor\b|\band\b)\s*", re.IGNORECASE
)
# "대전 식품 공장을": what moves, and where it is now.
_MOVED = re.compile(
    rf"\s*(?:시|군|구)?\s*(?:의\s*)?(?:[가-힣A-Za-z]+\s+){{0,2}}?[가-힣]*{_FACILITY}\s*(?:을|를)"
)
_WISHED = re.compile(r"\s*에서[^.?!]*(?:싶|하려|할 계획|열려)")


def is_denied(text: str, entity: Entity) -> bool:
    """Whether the message takes a thing back: "진주 말고", "not Jinju"."""
    if entity["entity"] == "language":
        return False
    return takes_back(text, entity["start"], entity["end"])


def takes_back(text: str, start: int, end: int) -> bool:
    """Whether the words around `text[start:end]` deny it."""
    return bool(_DENIED_AFTER.match(text, end) or _DENIED_BEFORE.search(text[:start]))


def places_aimed_at(text: str, places: Sequence[Entity]) -> list[str]:
    """The ids of the places that a message moves to, with those joined to one of them: "나주나 김천으로"."""
    aimed = [
        bool(_AIMED_AFTER.match(text, e["end"]) or _AIMED_BEFORE.search(text[: e["start"]])) for e in places
    ]
    near = [_OR.fullmatch(text[a["end"] : b["start"]]) for a, b in pairwise(places)]
    for i in reversed(range(len(near))):
        aimed[i] |= bool(near[i]) and aimed[i + 1]
    for i, joined in enumerate(near):
        aimed[i + 1] |= bool(joined) and aimed[i]
    return [str(e["value"]) for e, yes in zip(places, aimed, strict=True) if yes]


def places_left(text: str, places: Sequence[Entity], aimed: Sequence[str]) -> list[str]:
    """The ids of the places that a message says a company is in or leaves. `aimed` are those it moves to."""
    alone = len({e["value"] for e in places}) == 1
    return [str(e["value"]) for e in places if e["value"] not in aimed and _is_left(text, e, alone, aimed)]


def _is_left(text: str, entity: Entity, alone: bool, aimed: Sequence[str]) -> bool:
    if alone and _WISHED.match(text, entity["end"]):
        return False
    return bool(
        _LEFT_AFTER.match(text, entity["end"])
        or _LEFT_BEFORE.search(text[: entity["start"]])
        or (aimed and _MOVED.match(text, entity["end"]))
    )
