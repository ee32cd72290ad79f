"""What a message says of the company: entities and plain words to facts, with the question asked last as context.

A fact said anew replaces the old one, so a correction needs no word for it. "Not Jinju, Naju" drops what is denied.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.mentioned import is_denied, places_aimed_at, places_left, takes_back
from actions.understood import Understood
from knowledge.asked import destinations
from knowledge.company import Company
from knowledge.library import Release
from knowledge.words_sites import PYEONG_M2

Facts = dict[str, Any]
YES_NO = (
    "whole_site", "same_industry", "in_complex", "relieved_before", "old_site_closed", "leased_before", "growth_area",
    "decline_area", "new_build", "plan_filed", "agreement", "listed_industry", "origin_in_complex",
)  # fmt: skip
MONEY = ("budget", "investment", "equipment", "land_price", "rent")
NUMBERS = ("headcount", "hires", "years")
_NAMED = {
    "facility_type": "facility", "company_type": "size", "industry": "industry", "programme": "programme", "origin": "origin",
}  # fmt: skip
_OUTSIDE = re.compile(
    r"수도권\s*(?:밖|외|이?\s*아[니닌닙])|비수도권|지방(?:이|에|입)|outside the capital|not in the capital",
    re.IGNORECASE,
)
_NEAR = 24  # characters around a quantity that say what it is for
_BREAK = re.compile(r"[,;·](?!\d)|\d|그리고|고\s|\band\b")
_AMOUNT_WORDS = {
    "rent": re.compile(r"임차|월세|임대|\brents?\b", re.IGNORECASE),
    "budget": re.compile(r"예산|budget|쓸 수 있|afford", re.IGNORECASE),
    "equipment": re.compile(r"설비|장비|기계|건축비|equipment|machin|building cost", re.IGNORECASE),
    "land_price": re.compile(
        r"땅값|토지\s*대금|토지비|(?:부지|토지)\s*매입|용지비|land (?:price|cost)|price of the land",
        re.IGNORECASE,
    ),
    "investment": re.compile(r"투자|invest", re.IGNORECASE),
}
_HEAD_WORDS = {
    "hires": re.compile(r"채용|뽑|고용할|신규|새로\s*고용|추가\s*고용|\bhir|recruit|new (?:jobs|employees|staff|people|workers)", re.IGNORECASE),
    "headcount": re.compile(r"직원|근로자|인원|근무|employees|staff|workers", re.IGNORECASE),
}  # fmt: skip
_DATE_WORDS = {
    "acquired": re.compile(
        r"매입|취득|구입|사들|매수|(?:땅|토지|부지|용지|건물)(?:을|를)?\s*[사산살]|\bbuy|bought|purchas|acquir",
        re.IGNORECASE,
    ),
    "start": re.compile(
        r"시작|개시|가동|옮기|옮길|이전|입주|\bstart|\bopen|\bmov|\bbegin|operat", re.IGNORECASE
    ),
}
_UNIT_PRICE_BEFORE = re.compile(r"당\s*(?:약\s*)?$|\bper\s+\S+\s*$", re.IGNORECASE)
_UNIT_PRICE_AFTER = re.compile(r"\s*(?:/|per\b|an?\s+(?:pyeong|square))", re.IGNORECASE)
_UNITS = {
    "area": ((r"평|pyeong|pyung", PYEONG_M2), (r"㎡|m2|m²|제곱\s?미터|sqm|square\s?met(?:er|re)s?", 1.0)),
    "money": (
        (r"억(?:\s?원)?", 1e8), (r"천만(?:\s?원)?", 1e7), (r"백만(?:\s?원)?|million(?:\s?won)?", 1e6),
        (r"만(?:\s?원)?", 1e4), (r"billion(?:\s?won)?", 1e9), (r"원|won|krw", 1.0),
    ),
}  # fmt: skip
_LIKELY_YEARS = 150
_WHOLE = r"(?<![가-힣A-Za-z])(?:{words})(?=$|[^가-힣A-Za-z]|이[에라었었]|이?요|입니|였|은|는|을|를|로|으로)"
_SAID_WRONGLY = re.compile(r"\s*(?:이?라고|으?로)\s*(?:말|했|적|썼|잘못)")
# "김천도 추가해 주세요" and "나주도요" add a place to those known.
_ADDED = re.compile(
    r"추가|[가-힣](?:시|군)?도\s*(?:요|같이|함께|포함|넣|봐|보여|알려|[.!]?$)|\b(?:also|add|as well|too)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\s*(?:네|넵|예(?![가-힣])|맞|그렇|그럼|있(?:어|습)|yes\b|yeah|yep|right\b|we (?:do|will|have)\b)",
    re.IGNORECASE,
)
_NO = re.compile(r"\s*(?:아니|아뇨|아직|없|안\s|no\b|nope|not\b|we (?:don't|won't|haven't)\b)", re.IGNORECASE)
_SAID = {
    "whole_site": (
        re.compile(r"전부\s*(?:다\s*)?(?:옮|이전)|(?:공장|본사|설비|시설)\s*(?:를|을)?\s*(?:전체|전부|모두|통째)|전체\s*이전|(?:whole|entire) (?:plant|factory|head office|site|company)|move everything", re.IGNORECASE),
        re.compile(r"일부만|일부를\s*(?:옮|이전)|only part|part of (?:the|our) (?:plant|factory)", re.IGNORECASE),
    ),
    "in_complex": (
        re.compile(r"산업단지(?:에|로|안|내)\s*(?:들어|입주|가|옮)|산단(?:에|으로|안)\s*(?:들어|입주|가)|(?:in|into|enter) an? industrial (?:complex|park)", re.IGNORECASE),
        re.compile(r"산업단지가?\s*(?:아닌|아니|밖)|(?:outside|not in) an? industrial (?:complex|park)", re.IGNORECASE),
    ),
    "relieved_before": (
        re.compile(r"감면을?\s*(?:이미|전에)?\s*받은\s*적이?\s*있|(?:already|once) (?:had|got|received) (?:the |this )?relief", re.IGNORECASE),
        re.compile(r"감면을?\s*받은\s*적이?\s*없|(?:never|not) (?:had|got|received) (?:the |this |any )?relief", re.IGNORECASE),
    ),
}  # fmt: skip
_BARE = re.compile(
    r"\D{0,12}?(\d[\d,]*(?:\.\d+)?)\s*(명|인|년|people|employees|staff|years?|yrs)?\s*(?:쯤|정도|약|가량|요|이요|이에요|예요|입니다|\s)*[.!]?"
)
_PEOPLE = ("명", "인", "people", "employees", "staff")
_SUFFIXES = {"headcount": _PEOPLE, "hires": _PEOPLE, "years": ("년", "year", "years", "yrs")}


@dataclass(frozen=True, slots=True)
class Heard:
    """Facts of a message by their names in `Company`, and the number whose unit was left out (`bare`), if any.

    Dates are ISO text, so that facts can be kept in a slot of the engine. `denied` are values that a message takes back.
    """

    facts: Facts = field(default_factory=dict)
    bare: float | None = None
    denied: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a message: the fact asked for last, the task (`site` or `eligibility`), and the facts known.

    `number` is an answer whose unit was asked for: a unit alone then completes it.
    """

    asked: str = ""
    task: str = "site"
    number: float | None = None
    facts: Facts = field(default_factory=dict)


def hear(message: Mapping[str, Any], asked: Understood, release: Release, before: Before) -> Heard:
    """Facts of a Rasa message."""
    text = asked.text
    if before.number is not None and (factor := _unit(text, before.asked)):
        return Heard({before.asked: round(before.number * factor, 1)})
    every = message.get("entities") or []
    entities = [entity for entity in every if not is_denied(text, entity)]
    denied = [entity for entity in every if entity not in entities]
    taken_back = _named(denied)
    if regions := [str(e["value"]) for e in denied if e["entity"] == "region"]:
        taken_back["regions"] = regions
    facts = _named(entities) | _places(entities, asked, release, before, regions)
    for entity in entities:
        facts |= _quantity(entity, text, before)
    facts |= _yes_or_no(asked, before.asked) | _other_unit(text, every, before)
    bare = _bare(text, every, before.asked) if before.asked not in facts else None
    if bare is not None and before.asked in NUMBERS:
        return Heard(facts | {before.asked: bare}, denied=taken_back)
    return Heard(facts, bare, taken_back)


def _named(entities: Iterable[Mapping[str, Any]]) -> Facts:
    """Facts that are names of the gazetteer; of several of a kind the last."""
    facts = {_NAMED[e["entity"]]: e["value"] for e in entities if e["entity"] in _NAMED}
    # An industrial complex is no programme with districts; whether one is entered is a fact of its own.
    if facts.get("programme") == "industrial_complex":
        del facts["programme"]
    return facts


def _bare(text: str, entities: Iterable[Mapping[str, Any]], waiting_for: str) -> float | None:
    """The number of a message that is nothing but a number, where one without a unit may answer the open question."""
    match = _BARE.fullmatch(text.strip())
    if not match or waiting_for not in ("area_m2", *NUMBERS, *MONEY):
        return None
    if any(e["entity"] in ("area", "amount", "headcount", "start") for e in entities):
        return None
    if match.group(2) and match.group(2) not in _SUFFIXES.get(waiting_for, ()):
        return None
    number = float(match.group(1).replace(",", ""))
    return None if waiting_for == "years" and number > _LIKELY_YEARS else number


def _unit(text: str, waiting_for: str) -> float:
    """How much one of the unit is, in m2 or won, where a message is nothing but a unit; else 0."""
    units = _UNITS["area" if waiting_for == "area_m2" else "money"]
    said = re.sub(r"(?:이?요|입니다|이?에요|예요)?[\s.!]*$", "", text.strip())
    return next((factor for words, factor in units if re.fullmatch(words, said, re.IGNORECASE)), 0.0)


def _other_unit(text: str, entities: Iterable[Mapping[str, Any]], before: Before) -> Facts:
    """The area known, in the unit that was meant: "평이라고 했는데 제곱미터였어요"."""
    known = before.facts.get("area_m2")
    if not known or any(e["entity"] == "area" for e in entities):
        return {}
    meant = {
        factor
        for words, factor in _UNITS["area"]
        for match in re.finditer(_WHOLE.format(words=words), text, re.IGNORECASE)
        if not takes_back(text, match.start(), match.end()) and not _SAID_WRONGLY.match(text, match.end())
    }
    if len(meant) != 1:
        return {}
    [factor] = meant
    return {"area_m2": round(known * PYEONG_M2 if factor == PYEONG_M2 else known / PYEONG_M2, 1)}


def company_of(facts: Facts) -> Company:
    """The company that facts describe."""
    plain = {name: value for name, value in facts.items() if name not in YES_NO and name != "origin_place"}
    for name in ("start", "acquired"):
        if name in plain:
            plain[name] = date.fromisoformat(plain[name])
    for name in ("headcount", "hires"):
        if name in plain:
            plain[name] = int(plain[name])
    if "regions" in plain:
        plain["regions"] = tuple(plain["regions"])
    return Company(**plain, answers={name: facts[name] for name in YES_NO if name in facts})


def _places(
    entities: list[Any], asked: Understood, release: Release, before: Before, denied: Sequence[str]
) -> Facts:
    """Where the company is, by zone, and where it may go. `denied` are places that the message takes back."""
    text, waiting_for = asked.text, before.asked
    said = [e for e in entities if e["entity"] == "region" and e["value"] != "nation"]
    regions = list(dict.fromkeys(str(e["value"]) for e in said))
    if waiting_for == "origin" and _OUTSIDE.search(text):
        return {"origin": "outside"}
    if not regions:
        return {}
    capital = [region for region in regions if release.gazetteer.in_capital_region(region)]
    aimed = places_aimed_at(text, said)
    if not aimed and (
        (waiting_for == "origin" and (len(regions) == 1 or capital == regions))
        or _replaces_origin(asked, regions, capital, before, denied)
    ):
        return _origin(regions[0], release)
    leaving = places_left(text, said, aimed)
    going = destinations(text, [r for r in regions if r not in leaving], release.gazetteer)
    if going and _ADDED.search(text):
        going = list(dict.fromkeys([*before.facts.get("regions", ()), *going]))
    facts: Facts = {"regions": going} if going else {}
    origins = leaving or [region for region in capital if region not in going]
    return facts | (_origin(origins[0], release) if origins else {})


def _replaces_origin(
    asked: Understood, regions: list[str], capital: list[str], before: Before, denied: Sequence[str]
) -> bool:
    """Whether the one place named corrects where the company is: "수원이 아니라 화성입니다", "아니, 용인이요"."""
    place = before.facts.get("origin_place")
    corrects = asked.intent == "correct" or bool(_NO.match(asked.text))
    return (
        bool(place) and len(regions) == 1 and (place in denied or (corrects and not denied and bool(capital)))
    )


def _origin(region: str, release: Release) -> Facts:
    """The zone of a place; only its name where the zone differs by address."""
    zone = release.origin_zone(region)
    return {"origin_place": region} | ({"origin": zone} if zone else {})


def _quantity(entity: Mapping[str, Any], text: str, before: Before) -> Facts:
    kind, value, waiting_for = entity["entity"], entity["value"], before.asked
    if kind in ("area", "years"):
        return {"area_m2" if kind == "area" else "years": float(value)}
    if kind == "headcount":
        other = "hires" if waiting_for == "hires" else "headcount"
        return {_meant(text, entity, _HEAD_WORDS) or other: float(value)}
    if kind == "start":
        # In Korean what happens is said after its time.
        late = 6 if re.search("[가-힣]", text) else 0
        other = "acquired" if waiting_for == "acquired" else "start"
        return {_meant(text, entity, _DATE_WORDS, late) or other: _last_day(str(value))}
    if kind != "amount" or _UNIT_PRICE_BEFORE.search(text[: entity["start"]]) or _UNIT_PRICE_AFTER.match(text, entity["end"]):  # fmt: skip
        return {}
    other = waiting_for if waiting_for in MONEY else "budget" if before.task == "site" else "investment"
    return {_meant(text, entity, _AMOUNT_WORDS) or other: float(value)}


def _meant(text: str, entity: Mapping[str, Any], words: Mapping[str, re.Pattern[str]], late: int = 0) -> str:
    """The name whose words stand nearest to a quantity with nothing between them; empty where none does.

    Words before it count as `late` characters further away.
    """
    found = []
    for name, pattern in words.items():
        for match in pattern.finditer(text):
            before = match.end() <= entity["start"]
            between = text[match.end() : entity["start"]] if before else text[entity["end"] : match.start()]
            if len(between) <= _NEAR and not _BREAK.search(between):
                found.append((len(between) + (late if before else 0), name))
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def _yes_or_no(asked: Understood, waiting_for: str) -> Facts:
    facts: Facts = {}
    for name, (yes, no) in _SAID.items():
        if no.search(asked.text):
            facts[name] = False
        elif yes.search(asked.text):
            facts[name] = True
    if waiting_for not in YES_NO or waiting_for in facts:
        return facts
    if asked.intent in ("affirm", "deny"):
        facts[waiting_for] = asked.intent == "affirm"
    elif _YES.match(asked.text) or _NO.match(asked.text):
        facts[waiting_for] = bool(_YES.match(asked.text))
    return facts


def _last_day(moment: str) -> str:
    """The last day of a year or month: a deadline inside it may be missed."""
    year, month, day = [*map(int, moment.split("-")), 0, 0][:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1]).isoformat()
