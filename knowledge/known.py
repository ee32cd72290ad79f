"""What is known of a company and of the place it goes to, tested in three values: met, missed, unknown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from knowledge.catalogue import Catalogue
from knowledge.company import SIZES, Company
from knowledge.gazetteer import Gazetteer
from knowledge.rules import DATES, Check, Rule, Rules, is_field


class State(StrEnum):
    """How a condition stands."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Known:
    """Facts of a company and of the place it goes to. What may be several things meets a check only where all of them do."""

    def __init__(
        self, company: Company, catalogue: Catalogue, rules: Rules, today: date, places: tuple[str, ...] = ()
    ) -> None:
        """Hold the facts. `places` are alike to the rules; without one nothing is known of where the company goes.

        `standings` and `lacking` are the states of schemes and what would settle them, put in as they become known.
        """
        self.company, self.catalogue, self.rules, self.today = company, catalogue, rules, today
        self.places = places
        self.standings: dict[str, State] = {}
        self.lacking: dict[str, tuple[str, ...]] = {}
        self._around = [places[0], *_above(catalogue.gazetteer, places[0])] if places else []

    def state(self, check: Check) -> State:
        """How a check stands; unknown where its fact, or the size its value depends on, is not known."""
        if not check.fact:
            return State.UNKNOWN
        if check.fact == "scheme":
            return self.standings.get(check.choices[0][1][0], State.MISSED)
        bounds = self.bounds(check)
        if check.fact == "destination":
            return _overall(self._lies(check.op, bound) for bound in bounds) if self.places else State.UNKNOWN
        values = self.possible(check.fact)
        if values is None and not is_field(check.fact) and check.fact not in self.rules.places:
            return {"said": State.MISSED, "!=": State.MET}.get(check.op, State.UNKNOWN)
        if values is None:
            return State.UNKNOWN
        return _overall(_passes(check.op, value, self._date(b)) for value in values for b in bounds)

    def all(self, checks: Iterable[Check]) -> State:
        """Whether all of these are met."""
        states = {self.state(check) for check in checks}
        if State.MISSED in states:
            return State.MISSED
        return State.UNKNOWN if State.UNKNOWN in states else State.MET

    def bounds(self, check: Check) -> list[Any]:
        """The values a check may be against, the one without a key first; one where size and answers settle it."""
        maybe, default = [], []
        for key, value in check.choices:
            held = self._holds(key)
            if not key:
                default = [value]
            elif held is State.MET:
                return [value]
            elif held is State.UNKNOWN:
                maybe.append(value)
        return default + maybe

    def possible(self, fact: str) -> frozenset[Any] | None:
        """The values that a fact may have, None where nothing is known of it."""
        told = self.company.answers.get(fact)
        if told is not None:
            return frozenset({"yes" if told else "no"})
        if fact in self.rules.places:
            rule = self.assigned(fact)
            return frozenset(rule.check.choices[0][1]) if rule else None
        value = getattr(self.company, fact) if is_field(fact) else None
        return None if value in (None, "") else frozenset({value})

    def assigned(self, fact: str) -> Rule | None:
        """The row that says what the place is: the first of the fact that holds there."""
        rules = self.rules.places.get(fact, ()) if self.places else ()
        return next((rule for rule in rules if self.all(rule.when) is State.MET), None)

    def asks(self, check: Check) -> tuple[str, ...]:
        """Names of the facts that would settle a check that is unknown."""
        if check.fact == "destination":
            return ("regions",)
        if check.fact == "scheme":
            return self.lacking.get(check.choices[0][1][0], ())
        names = []
        if check.fact in self.rules.places:
            names.append(check.fact if self.places else "regions")
        elif check.fact and self.possible(check.fact) is None:
            names.append(check.fact)
        if len(self.bounds(check)) > 1:
            keys = [key for key, _ in check.choices if key and self._holds(key) is State.UNKNOWN]
            names += ["size" if key in SIZES else key for key in keys]
        return tuple(dict.fromkeys(names))

    def _holds(self, key: str) -> State:
        """Whether a key of a value (a size, or a yes/no answer) holds."""
        told = (self.company.size == key) if key in SIZES else self.company.answers.get(key)
        if told is None or (key in SIZES and not self.company.size):
            return State.UNKNOWN
        return State.MET if told else State.MISSED

    def _date(self, bound: Any) -> Any:
        """A value, or the date of the company that it names; None where that is not known."""
        return getattr(self.company, bound) if isinstance(bound, str) and bound in DATES else bound

    def _lies(self, op: str, regions: tuple[str, ...]) -> bool:
        around = self._around if op.endswith("within") else self._around[:1]
        return any(region in regions for region in around) is not op.startswith("not_")


def _overall(results: Iterable[bool | None]) -> State:
    """One state of many results, of which None is not known."""
    found = set(results)
    if len(found) != 1 or None in found:
        return State.UNKNOWN
    return State.MET if found.pop() else State.MISSED


def _passes(op: str, value: Any, bound: Any) -> bool | None:
    if bound is None:
        return None
    if isinstance(bound, tuple):
        return (value in bound) is (op in ("=", "in", "said"))
    less, equal = bool(value < bound), bool(value == bound)
    return {
        "=": equal,
        ">=": not less,
        "<=": less or equal,
        "before": less,
        "after": not less and not equal,
    }[op]


def places_of(company: Company, catalogue: Catalogue, named: frozenset[str]) -> tuple[str, ...]:
    """The single places that the regions of a company may mean.

    A province stands for the host cities in it where the catalogue says which these are, else for every place in it;
    `named` regions, as Jeju, which is a city and a province, also for themselves.
    """
    return tuple(
        dict.fromkeys(place for r in company.regions for place in _places(r, company, catalogue, named))
    )


def _places(region: str, company: Company, catalogue: Catalogue, named: frozenset[str]) -> list[str]:
    gazetteer = catalogue.gazetteer
    hosts = catalogue.host_tax_rows([region])
    inside = [r for row in hosts for r in row.regions if region in _above(gazetteer, r)]
    exact = any(region in row.regions for row in hosts)
    if inside and (exact or any(company.programme in row.programmes for row in hosts)):
        return inside
    below = [] if exact else [r for r in gazetteer.covers(region) if region in _above(gazetteer, r)]
    return sorted(below) + [region] * (not below or region in named)


def _above(gazetteer: Gazetteer, region: str) -> list[str]:
    """The regions that a region lies in, the smallest first."""
    above = []
    entry = gazetteer.get("region", region)
    while entry is not None and entry.parent:
        above.append(entry.parent)
        entry = gazetteer.get("region", entry.parent)
    return above
