"""What a message says of the company: entities and plain words to facts, with the question asked last as context.

A fact said anew replaces the old one, so a correction needs no word for it. "Not Jinju, Naju" drops what is denied.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.understood import Understood
from knowledge.asked import destinations
from knowledge.company import Company
from knowledge.library import Release

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
_DENIED_AFTER = re.compile(
    r"\s*(?:시|군|명|년|억|만)?\s*(?:이|가|은|는|을|를)?\s*(?:말고|빼고|빼\s*주|제외|아니라|아니고|아니구|아닌(?![가지])|아니[에예]요|아닙니다|대신)"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:not|except|instead of|rather than|isn't)\s+(?:(?:in|to|for)\s+)?(?:(?:a|an|the|our)\s+)?$",
    re.IGNORECASE,
)
_FACILITY = r"(?:본사|공장|연구소|사무실|사업장)"
_LAND = r"\s*(?:땅|용지|토지|부지|혁신도시|클러스터|산업단지|특구|곳)"
_LEFT_AFTER = re.compile(
    rf"\s*(?:시|구|군)?\s*(?:에서|에\s*있(?!는{_LAND})|에\s*위치|소재|에\s*{_FACILITY}(?:이|가|을\s*둔|를\s*둔|를\s*두고\s*있))"
)
_LEFT_BEFORE = re.compile(
    r"\b(?:from|based in|located in|out of|leave|leaving|are in|is in|['’]re in)\s+$", re.IGNORECASE
)
_AIMED_AFTER = re.compile(
    r"\s*(?:시|군|구|쪽|지역|혁신도시)?\s*(?:으로|로)(?!부터)|\s*에\s*(?:가고|갈|들어|입주|지으|지을|짓|세우)"
)
_AIMED_BEFORE = re.compile(r"\b(?:to|into|towards)\s+(?:the\s+)?$", re.IGNORECASE)
_MOVED = re.compile(rf"\s*(?:시|군|구)?\s*(?:의\s*)?{_FACILITY}\s*(?:을|를)")
_WISHED = re.compile(r"\s*에서[^.?!]*(?:싶|하려|할 계획|열려)")
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
    "area": ((r"평|pyeong|pyung", 400 / 121), (r"㎡|m2|m²|제곱\s?미터|sqm|square\s?met(?:er|re)s?", 1.0)),
    "money": (
        (r"억(?:\s?원)?", 1e8), (r"천만(?:\s?원)?", 1e7), (r"백만(?:\s?원)?|million(?:\s?won)?", 1e6),
        (r"만(?:\s?원)?", 1e4), (r"billion(?:\s?won)?", 1e9), (r"원|won|krw", 1.0),
    ),
}  # fmt: skip
_LIKELY_YEARS = 150
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
    r"\D{0,12}?(\d[\d,]*(?:\.\d+)?)\s*(명|인|년|years?|yrs)?\s*(?:쯤|정도|약|가량|요|이요|이에요|예요|입니다|\s)*[.!]?"
)
_SUFFIXES = {"headcount": ("명", "인"), "hires": ("명", "인"), "years": ("년", "year", "years", "yrs")}


@dataclass(frozen=True, slots=True)
class Heard:
    """Facts of a message by their names in `Company`, and the number whose unit was left out (`bare`), if any.

    Dates are ISO text, so that facts can be kept in a slot of the engine. `denied` are values that a message takes back.
    """

    facts: Facts = field(default_factory=dict)
    bare: float | None = None
    denied: Facts = field(default_factory=dict)


def hear(
    message: Mapping[str, Any],
    asked: Understood,
    release: Release,
    waiting_for: str,
    task: str,
    number: float | None = None,
) -> Heard:
    """Facts of a Rasa message. `waiting_for` is the fact asked for last, `task` `site` or `eligibility`.

    `number` is one whose unit was asked for: a unit alone then completes it.
    """
    text = asked.text
    if number is not None and (factor := _unit(text, waiting_for)):
        return Heard({waiting_for: round(number * factor, 1)})
    every = message.get("entities") or []
    entities = [entity for entity in every if not _denied(text, entity)]
    facts = _named(entities) | _places(entities, text, release, waiting_for)
    for entity in entities:
        facts |= _quantity(entity, text, waiting_for, task)
    facts |= _yes_or_no(asked, waiting_for)
    denied = [entity for entity in every if entity not in entities]
    taken_back = _named(denied)
    if regions := [str(e["value"]) for e in denied if e["entity"] == "region"]:
        taken_back["regions"] = regions
    bare = _bare(text, every, waiting_for) if waiting_for not in facts else None
    if bare is not None and waiting_for in NUMBERS:
        return Heard(facts | {waiting_for: bare}, denied=taken_back)
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


def _denied(text: str, entity: Mapping[str, Any]) -> bool:
    if entity["entity"] == "language":
        return False
    return bool(_DENIED_AFTER.match(text, entity["end"]) or _DENIED_BEFORE.search(text[: entity["start"]]))


def _places(entities: list[Any], text: str, release: Release, waiting_for: str) -> Facts:
    """Where the company is, by zone, and where it may go."""
    said = [e for e in entities if e["entity"] == "region" and e["value"] != "nation"]
    regions = list(dict.fromkeys(str(e["value"]) for e in said))
    if waiting_for == "origin" and _OUTSIDE.search(text):
        return {"origin": "outside"}
    if not regions:
        return {}
    capital = [region for region in regions if release.gazetteer.in_capital_region(region)]
    aimed = [str(e["value"]) for e in said if _is_aimed_at(text, e)]
    if waiting_for == "origin" and not aimed and (len(regions) == 1 or capital == regions):
        return _origin(regions[0], release)
    alone = len(regions) == 1
    leaving = [
        str(e["value"]) for e in said if e["value"] not in aimed and _is_left(text, e, alone, bool(aimed))
    ]
    going = destinations(text, [r for r in regions if r not in leaving], release.gazetteer)
    facts: Facts = {"regions": going} if going else {}
    origins = leaving or [region for region in capital if region not in going]
    return facts | (_origin(origins[0], release) if origins else {})


def _is_aimed_at(text: str, entity: Mapping[str, Any]) -> bool:
    return bool(_AIMED_AFTER.match(text, entity["end"]) or _AIMED_BEFORE.search(text[: entity["start"]]))


def _is_left(text: str, entity: Mapping[str, Any], alone: bool, elsewhere: bool) -> bool:
    """Whether a company leaves a place: `alone` where no other is named, `elsewhere` where another is moved to."""
    if alone and _WISHED.match(text, entity["end"]):
        return False
    return bool(
        _LEFT_AFTER.match(text, entity["end"])
        or _LEFT_BEFORE.search(text[: entity["start"]])
        or (elsewhere and _MOVED.match(text, entity["end"]))
    )


def _origin(region: str, release: Release) -> Facts:
    """The zone of a place; only its name where the zone differs by address."""
    zone = release.origin_zone(region)
    return {"origin_place": region} | ({"origin": zone} if zone else {})


def _quantity(entity: Mapping[str, Any], text: str, waiting_for: str, task: str) -> Facts:
    kind, value = entity["entity"], entity["value"]
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
    other = waiting_for if waiting_for in MONEY else "budget" if task == "site" else "investment"
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
