"""Guided steps: what is known so far, what to ask next, and what that already gives.

Two tasks: `site` (which places fit) and `eligibility` (what support a company may get). A result is shown as soon as there is
something to show; the question after it is the one whose answer would change most, and it may be skipped.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from hangeul import attach

from actions.hearing import MONEY, NUMBERS, YES_NO, Facts, Heard, company_of
from actions.land import area_words
from actions.reply import Reply, person_button
from knowledge.answer import Status
from knowledge.eligibility import missing_facts
from knowledge.library import Release
from knowledge.sites import facts_that_matter
from knowledge.words import say
from knowledge.words_guide import CHOICES, COUNTED, LABELS, QUESTIONS, UNKNOWN, WHY, ZONES, Pair, guide, one
from knowledge.words_guide import YES_NO as YES_NO_WORDS
from knowledge.words_sites import won_words

SITE, ELIGIBILITY = "site", "eligibility"
# Asked before anything else: without them nothing can be told apart.
_FIRST = {SITE: ("facility",), ELIGIBILITY: ("facility", "origin", "regions", "size", "industry")}
MOST_TRIES = 2  # times that a question is put running
MOST_BUTTONS = 6
_FEW_WON = 10_000  # a bare number from here on is no count of 억
_KINDS = {
    "facility": "facility_type",
    "size": "company_type",
    "industry": "industry",
    "programme": "programme",
}
_ENOUGH = {SITE: 2, ELIGIBILITY: 3}  # facts from which a result is shown


@dataclass(frozen=True, slots=True)
class Guided:
    """What guided steps have been told. `asked` is the open question, `trail` the facts in the order they were answered.

    `tries` counts how often the open question was put running; `number` is an answer to it whose unit is still asked for.
    `shown` are the digests of the text and the card of the last result.
    """

    task: str = ""
    asked: str = ""
    skipped: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    tries: int = 0
    number: float | None = None
    shown: tuple[str, ...] = ()

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> Guided:
        """From the engine's slot `guide`; an empty one where nothing is under way."""
        value = value or {}
        return cls(
            value.get("task", ""), value.get("asked", ""), tuple(value.get("skipped", ())),
            tuple(value.get("trail", ())), dict(value.get("facts", {})), int(value.get("tries", 0)),
            value.get("number"), tuple(value.get("shown", ())),
        )  # fmt: skip

    def kept(self) -> dict[str, Any] | None:
        """The value of the slot `guide`, as JSON; None where nothing is known and nothing under way."""
        kept = {"task": self.task, "asked": self.asked, "skipped": list(self.skipped), "trail": list(self.trail), "facts": self.facts}  # fmt: skip
        more = {"tries": self.tries, "number": self.number, "shown": list(self.shown)}
        return kept | more if self.task or self.facts else None

    def slots(self) -> dict[str, Any]:
        """The slots of the engine that hold it."""
        last = {"last_task": self.task} if self.task else {}
        return {"guide": self.kept(), "guiding": bool(self.asked)} | last

    def told(self, heard: Heard) -> Guided:
        """With what a message said, and without what it took back. A fact said anew replaces the old one."""
        facts = _without(self.facts, heard.denied) | heard.facts
        if "origin_place" in heard.facts and "origin" not in heard.facts:
            facts.pop("origin", None)
        elif "origin" in heard.facts and "origin_place" not in heard.facts and "origin" in self.facts:
            facts.pop("origin_place", None)
        new = list(dict.fromkeys("origin" if name == "origin_place" else name for name in heard.facts))
        known = {*facts, "origin"} if "origin_place" in facts else {*facts}
        trail = [name for name in self.trail if name not in new and name in known] + new
        skipped = tuple(name for name in self.skipped if name not in new)
        return replace(self, facts=facts, trail=tuple(trail), skipped=skipped)

    def put(self, name: str) -> Guided:
        """With a question put to the visitor, once more if it is open already."""
        return replace(self, asked=name, tries=self.tries + 1 if name == self.asked else 1, number=None)

    def skip(self) -> Guided:
        """Without the open question, which is not asked again."""
        return replace(self, skipped=(*self.skipped, self.asked), asked="", tries=0, number=None)

    def back(self) -> Guided:
        """Without the last answer, which is asked for again."""
        if not self.trail:
            return self
        last = self.trail[-1]
        gone = (last, "origin_place") if last == "origin" else (last,)
        facts = {name: value for name, value in self.facts.items() if name not in gone}
        return replace(self, facts=facts, trail=self.trail[:-1], asked="").put(last)


def _without(facts: Facts, denied: Facts) -> Facts:
    """Facts that are not taken back."""
    places = denied.get("regions", ())
    kept = {name: value for name, value in facts.items() if name == "regions" or denied.get(name) != value}
    if "regions" in kept:
        kept["regions"] = [region for region in kept["regions"] if region not in places]
    gone = {"regions"} if not kept.get("regions") else set()
    if kept.get("origin_place") in places:
        gone |= {"origin", "origin_place"}
    return {name: value for name, value in kept.items() if name not in gone}


def next_question(state: Guided, release: Release, today: date) -> str:
    """The fact to ask for: one without which nothing can be told, else the one that would change most; empty where none would."""
    known = {*state.facts, *state.skipped}
    first = next((name for name in _FIRST[state.task] if name not in known), "")
    if first:
        return first
    company = company_of(state.facts)
    if state.task == SITE:
        wanted = facts_that_matter(company, release.catalogue, today)
    else:
        wanted = missing_facts(company, release.catalogue, release.rules, today)
    return next((name for name in wanted if name not in known and name in QUESTIONS), "")


def is_enough(state: Guided) -> bool:
    """Whether there is enough for a result."""
    return sum(name in state.facts for name in QUESTIONS) >= _ENOUGH[state.task] and (
        state.task == SITE or all(name in (*state.facts, *state.skipped) for name in ("facility", "regions"))
    )


def question(name: str, state: Guided, release: Release, language: str) -> str:
    """The words of a question; an origin whose zone depends on the address is asked for by name."""
    place = state.facts.get("origin_place")
    if name == "origin" and place:
        known = _name(release, "region", place, language)
        return guide("zone", language, place=attach(known, "은/는") if language == "ko" else known)
    return one(QUESTIONS[name], language)


def choices(state: Guided, language: str) -> list[dict[str, str]]:
    """Buttons with answers to the open question, the last of them "I don't know"; of a number without a unit the possible units."""
    name = state.asked
    if state.number is not None:
        pairs = _units(name, state.number)
    elif name in YES_NO:
        pairs = YES_NO_WORDS
    elif name == "origin" and "origin_place" in state.facts:
        pairs = tuple(pair for zone, pair in ZONES.items() if zone != "outside")
    else:
        pairs = CHOICES.get(name, ())
    return [{"title": one(pair, language), "payload": one(pair, language)} for pair in (*pairs, UNKNOWN)]


def plain(number: float) -> str:
    """`3,000`, `2.5`."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _units(name: str, number: float) -> tuple[Pair, ...]:
    said = plain(number)
    if name == "area_m2":
        return ((f"{said}㎡", f"{said} m2"), (f"{said}평", f"{said} pyeong"))
    if number >= _FEW_WON:
        return ((f"{said}만 원", f"KRW {plain(number * 1e4)}"), (f"{said}원", f"KRW {said}"))
    return ((f"{said}억 원", f"{plain(number * 100)} million won"), (f"{said}만 원", f"{plain(number / 100)} million won"))  # fmt: skip


def ask(state: Guided, release: Release, language: str, lead: str = "") -> Reply:
    """The open question with its choices, under what is said before it."""
    text = "\n".join(filter(None, (lead, question(state.asked, state, release, language))))
    buttons = choices(state, language)
    return Reply(text, language, Status.CLARIFY, f"asked_{state.asked}", buttons=buttons, slots=state.slots())


def with_choices(state: Guided, buttons: list[dict[str, str]], language: str) -> list[dict[str, str]]:
    """The choices of the open question before other buttons; where they are too many the last one, a person, stays."""
    both = [*choices(state, language), *buttons] if state.asked else buttons
    return both if len(both) <= MOST_BUTTONS else [*both[: MOST_BUTTONS - 1], both[-1]]


def summary(state: Guided, release: Release, language: str, names: Collection[str] = tuple(LABELS)) -> str:
    """What was taken down, so that a mistake is seen at once: all of it, or the facts `names`."""
    known = {"origin" if name == "origin_place" else name for name in state.facts}
    names = {"origin" if name == "origin_place" else name for name in names}
    told = [
        f"{one(LABELS[name], language)} {_shown(name, state.facts, release, language)}"
        for name in LABELS
        if name in known and name in names
    ]
    return guide("heard", language, facts=" · ".join(told)) if told else ""


def _shown(name: str, facts: Facts, release: Release, language: str) -> str:
    if name == "origin":
        return _origin(facts, release, language)
    value = facts[name]
    if name == "regions":
        return ", ".join(_name(release, "region", region, language) for region in value)
    if name in _KINDS:
        return _name(release, _KINDS[name], value, language)
    if name in YES_NO:
        return one(YES_NO_WORDS[0 if value else 1], language)
    if name == "area_m2":
        return area_words(value, language)
    if name in MONEY:
        return won_words(value, language)
    if name in NUMBERS:
        return one(COUNTED[name], language).format(number=plain(value))
    return guide("by", language, date=value)


def _origin(facts: Facts, release: Release, language: str) -> str:
    """The place with its zone; where the zone was read off the place, with the source of that."""
    place = facts.get("origin_place")
    named = _name(release, "region", place, language) if place else ""
    zone = one(ZONES[facts["origin"]], language) if "origin" in facts else ""
    if not (zone and place):
        return zone or named
    source = release.origin_source(place) if release.origin_zone(place) == facts["origin"] else None
    if source:
        zone = f"{zone}, {source.title} {say('as_of', language, date=source.as_of)}"
    return f"{named} ({zone})"


def _name(release: Release, kind: str, key: str, language: str) -> str:
    entry = release.gazetteer.get(kind, key)
    return entry.name(language) if entry else key


def why(state: Guided, language: str, meaning: bool = False) -> Reply:
    """Why the open question is asked, or, with `meaning`, what it means."""
    if not state.asked:
        return Reply(
            guide("why.nothing", language),
            language,
            Status.CLARIFY,
            "nothing_asked",
            buttons=[person_button(language)],
        )
    reason, label = one(WHY[state.asked], language), one(LABELS[state.asked], language)
    named = attach(label, "을/를") if language == "ko" else label
    text = guide("explain" if meaning else "why", language, label=named, reason=reason)
    return Reply(text, language, Status.CLARIFY, f"asked_{state.asked}", buttons=choices(state, language))
