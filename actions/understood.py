"""What the engine understood of a turn, read from Rasa's tracker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.mentioned import is_denied, places_aimed_at, places_left
from knowledge.asked import destinations
from knowledge.gazetteer import Gazetteer
from knowledge.language import detect

# Words that ask about places at large: the place talked about before is not meant.
_ANY_PLACE = re.compile(
    r"어느|어디|전국|전체 지역|다른 (?:지역|도시|곳)|\b(?:which (?:places?|cit(?:y|ies)|clusters?|regions?|innovation cities)|where|all places|other (?:places|cities))\b",
    re.IGNORECASE,
)

_QUESTION = re.compile(
    r"[?？]|나요|까요|니까|인가|는가|는지|(?:왜|어떻게|언제|누가)(?=\s)|\b(?:what|which|how|who|when|where|why|can|is|are|do|does)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"누가|누구|언제|어디|얼마|무엇|뭐|몇|어느|\b(?:who|when|where|which|what|how (?:long|much|many|often|far|soon|big|large))\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:알려|말해|말씀해|설명해|가르쳐)\s*(?:줘|주|달라)|궁금|부탁|번호|죠(?![가-힣])|더라|어디|무엇|무슨"
    r"|\b(?:give|tell|show) me\b|\b(?:explain|list|please|need)\b|\bnumber",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """One message with its entities, and what earlier turns left in the slots.

    `regions` are places the company may move to; `area_m2` is in m2. Empty where nothing was said.
    """

    text: str
    intent: str
    confidence: float
    language: str
    regions: tuple[str, ...]
    said_regions: bool
    programme: str
    facility: str
    company_type: str
    area_m2: float | None
    last_task: str
    last_question: str


def understand(tracker: Any, gazetteer: Gazetteer) -> Understood:
    """Read a rasa_sdk Tracker: what this message says comes before what the slots remember."""
    message = tracker.latest_message or {}
    intent = message.get("intent") or {}
    text = str(message.get("text") or "")
    entities: dict[str, list[Any]] = {}
    for entity in message.get("entities") or []:
        entities.setdefault(entity["entity"], []).append(entity["value"])
    said = destinations(text, _meant(text, message), gazetteer)

    def last(kind: str, remember: bool = True) -> Any:
        return entities[kind][-1] if kind in entities else (tracker.get_slot(kind) if remember else None)

    area = last("area")
    remembered = tuple(
        region for region in tracker.get_slot("region") or () if not gazetteer.in_capital_region(region)
    )
    return Understood(
        text=text,
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        language=str(last("language") or detect(text)),
        regions=tuple(said) or (() if entities.get("region") or _ANY_PLACE.search(text) else remembered),
        said_regions=bool(said),
        programme=str(last("programme", remember=False) or ""),
        facility=str(last("facility_type") or ""),
        company_type=str(last("company_type") or ""),
        area_m2=float(area) if area else None,
        last_task=str(tracker.get_slot("last_task") or ""),
        last_question=str(tracker.get_slot("last_question") or ""),
    )


def is_question(text: str) -> bool:
    """Whether a message is worded as a question."""
    return bool(_QUESTION.search(text))


def asks(text: str) -> bool:
    """Whether a message wants to be told something: a question, or "알려 주십시오", "give me"."""
    return is_question(text) or bool(_REQUEST.search(text))


def asks_for_a_fact(text: str) -> bool:
    """Whether a message asks who, when, where or how much, and not for a yes or no."""
    return bool(_FACT.search(text))


def _meant(text: str, message: Mapping[str, Any]) -> list[str]:
    """The places of a message without those it takes back or says the company leaves."""
    places = [e for e in message.get("entities") or [] if e["entity"] == "region" and not is_denied(text, e)]
    left = places_left(text, places, places_aimed_at(text, places))
    return [str(e["value"]) for e in places if e["value"] not in left]
