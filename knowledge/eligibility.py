"""What a moving company may get: likely, unlikely, or for an officer to judge, each condition with its clause.

Conditions, sums and places are rows of `rules.csv`; nothing here knows an incentive. Nothing is promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from knowledge.catalogue import Catalogue, Incentive
from knowledge.company import Company
from knowledge.conditions import Condition, conditions_of, open_rates, standing_of
from knowledge.estimates import Estimate, amounts_wanted, estimate, spanning
from knowledge.known import Known, State, places_of
from knowledge.rules import CONDITIONS, Rules
from knowledge.source import TELLABLE

__all__ = ["Condition", "Estimate", "Outcome", "Rules", "State", "Verdict", "evaluate", "missing_facts"]


class Outcome(StrEnum):
    """What is likely; never a promise."""

    LIKELY = "likely"
    NEEDS_OFFICER = "needs_officer"
    UNLIKELY = "unlikely"


_STATES = {
    Outcome.LIKELY: State.MET,
    Outcome.NEEDS_OFFICER: State.UNKNOWN,
    Outcome.UNLIKELY: State.MISSED,
}
# Kinds whose miss makes an incentive unlikely, and those whose being unknown needs an officer.
_DECIDES = ("fit", "only", "required", "unless", "deadline")
_OPEN = ("fit", "only", "required", "officer")
_DOUBTS = ("unless", "deadline")
Rates = tuple[str, str, str, str]
_NO_RATES = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one incentive stands for a company, or several rows of a scheme of which one holds (`rows`; `incentive` is the first).

    Rates in % and years as text, empty where the row has none or where they are not settled. `standing`: empty, `passed` (its
    deadline lies before the date planned, or before today where none is) or `not_yet` (in force only after it). `derived`: it
    rests on a row that was worked out, not read. `missing` names the facts that would settle it. `places` are the regions of the
    gazetteer that it is for, empty where none was named. `sources` are ids of incentives.csv.
    """

    incentive: Incentive
    outcome: Outcome
    conditions: tuple[Condition, ...]
    rate_full: str
    years_full: str
    rate_half: str
    years_half: str
    estimate: Estimate | None
    standing: str
    missing: tuple[str, ...]
    derived: bool
    rows: tuple[Incentive, ...]
    places: tuple[str, ...]
    sources: tuple[str, ...]

    def name(self, language: str) -> str:
        """Its name in `ko` or `en`; of several rows, what stands before the colon of their names."""
        name = self.incentive.name_ko if language == "ko" else self.incentive.name_en
        return name if len(self.rows) == 1 else name.partition(":")[0].strip()


def evaluate(
    company: Company, catalogue: Catalogue, rules: Rules, today: date, asked: Collection[str] = ()
) -> list[Verdict]:
    """Every incentive with rules that is for such a company and place: likely ones first, then for an officer, then unlikely.

    A required condition missed or a deadline passed makes it unlikely; else one not known, or for an officer to judge, makes it
    need an officer; else it is likely. One that is not in force at the date planned is at best for an officer. What differs between
    the places named is told for each. Incentives `asked` for by name are told even where they are not for such a company.
    """
    classes = _classes(company, catalogue, rules, today)
    told = [verdict for known in classes for verdict in _verdicts(known, ())]
    left = {*asked}.difference(row.id for verdict in told for row in verdict.rows)
    if left:
        others = [verdict for known in classes for verdict in _verdicts(known, left)]
        told += [verdict for verdict in others if verdict.incentive.id in left]
    same: dict[Verdict, list[Verdict]] = {}
    for verdict in told:
        same.setdefault(replace(verdict, places=(), sources=(), derived=False), []).append(verdict)
    rank, order = list(Outcome), {key: place for place, key in enumerate(rules.incentives)}
    joined = [_everywhere(verdicts) for verdicts in same.values()]
    return sorted(joined, key=lambda v: (rank.index(v.outcome), order[v.incentive.id]))


def missing_facts(company: Company, catalogue: Catalogue, rules: Rules, today: date) -> list[str]:
    """Names of facts (fields of `Company`, answers, facts of places) whose answer would settle or size most, the most telling first."""
    known = Known(company, catalogue, rules, today)
    weight: Counter[str] = Counter()
    for verdict in evaluate(company, catalogue, rules, today):
        if verdict.outcome is Outcome.UNLIKELY:
            continue
        unknown = [c for c in verdict.conditions if c.state is State.UNKNOWN]
        settles = all(c.asks for c in unknown if c.kind in _OPEN)
        weight.update({fact: 6 if settles else 1 for fact in verdict.missing})
        doubts = {fact for c in unknown if c.kind in _DOUBTS for fact in c.asks}
        weight.update(doubts.union(*(amounts_wanted(known, row.id) for row in verdict.rows)))
    return sorted(weight, key=lambda fact: (-weight[fact], fact))


def _classes(company: Company, catalogue: Catalogue, rules: Rules, today: date) -> list[Known]:
    """What is known for the places named, once for those that no rule tells apart; without a place where none is named."""
    classes: dict[tuple[Any, ...], list[str]] = {}
    for place in places_of(company, catalogue, rules.regions):
        known = Known(company, catalogue, rules, today, (place,))
        what = (*map(known.assigned, rules.places), *map(known.state, rules.destinations))
        classes.setdefault(what, []).append(place)
    return [Known(company, catalogue, rules, today, tuple(some)) for some in (classes.values() or [()])]


def _everywhere(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict of those that differ only in the place."""
    return replace(
        verdicts[0],
        places=tuple(dict.fromkeys(place for v in verdicts for place in v.places)),
        sources=tuple(dict.fromkeys(source for v in verdicts for source in v.sources)),
        derived=any(v.derived for v in verdicts),
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """Rows of one scheme of which one holds, with the conditions they share."""

    rows: tuple[Incentive, ...]
    conditions: tuple[Condition, ...]


def _verdicts(known: Known, asked: Collection[str]) -> list[Verdict]:
    rows = [row for key in known.rules.incentives if (row := known.catalogue.incentives.get(key))]
    found: list[Verdict] = []
    # What depends on another scheme comes after it.
    for later in (False, True):
        ready = [row for row in rows if row.status in TELLABLE and _depends(row, known.rules) is later]
        drafts = [draft for row in ready if (draft := _draft(row, known, row.id in asked))]
        verdicts = [_verdict(draft, known) for draft in _joined(drafts, known)]
        for verdict in verdicts:
            _stand(verdict, known)
        found += verdicts
    return found


def _depends(row: Incentive, rules: Rules) -> bool:
    return any(rule.check.fact == "scheme" for rule in rules.of(row.id, *CONDITIONS))


def _stand(verdict: Verdict, known: Known) -> None:
    """Note how a scheme stands: as its best row."""
    scheme, state = verdict.incentive.scheme, _STATES[verdict.outcome]
    best = list(_STATES.values())
    known.standings[scheme] = min(state, known.standings.get(scheme, State.MISSED), key=best.index)
    known.lacking[scheme] = verdict.missing


def _draft(row: Incentive, known: Known, asked: bool) -> _Draft | None:
    """An incentive with its conditions; None where it is not for this company or place and was not asked for."""
    conditions = conditions_of(row, known)
    hidden = known.rules.of(row.id, "aside") or any(
        c.kind in ("fit", "only")
        and c.state in (State.MISSED, State.UNKNOWN if c.kind == "only" else State.MISSED)
        for c in conditions
    )
    return _Draft((row,), tuple(conditions)) if asked or not hidden else None


def _joined(drafts: Sequence[_Draft], known: Known) -> list[_Draft]:
    """Rows of a scheme that hold in different classes of place are one where the class is not known."""
    joined: dict[tuple[str, str], list[_Draft]] = {}
    for draft in drafts:
        row = draft.rows[0]
        fits = [c.state for c in draft.conditions if c.kind == "fit" and c.fact in known.rules.places]
        is_open = State.UNKNOWN in fits and State.MISSED not in fits
        joined.setdefault((row.scheme, "" if is_open else row.id), []).append(draft)
    return [_join(group) for group in joined.values()]


def _join(group: Sequence[_Draft]) -> _Draft:
    """One of several, with what they share and what leaves open which of them it is."""
    count = Counter(c for draft in group for c in dict.fromkeys(draft.conditions))
    shared = tuple(
        c for c, times in count.items() if times == len(group) or (c.kind, c.state) == ("fit", State.UNKNOWN)
    )
    return _Draft(tuple(row for draft in group for row in draft.rows), shared)


def _verdict(draft: _Draft, known: Known) -> Verdict:
    conditions = list(draft.conditions)
    rates, read_in = _rates(draft, known)
    if rates is None:
        conditions.append(open_rates(draft.rows[0], known))
    standing = standing_of(draft.rows[0], conditions, known)
    outcome = _outcome(conditions, standing)
    places = [used for c in conditions if (used := known.assigned(c.fact))]
    sources = [
        *(row.id for row in draft.rows), *read_in, *(rule.source for rule in places), *(c.source for c in conditions)
    ]  # fmt: skip
    listed = known.catalogue.incentives
    kept = tuple(key for key in dict.fromkeys(sources) if key in listed)
    return Verdict(
        draft.rows[0], outcome, tuple(conditions), *(rates or _NO_RATES),
        _sum(draft, known) if outcome is not Outcome.UNLIKELY else None,
        standing, _missing(conditions) if outcome is Outcome.NEEDS_OFFICER else (),
        any(listed[key].status == "derived" for key in kept), draft.rows, known.places, kept,
    )  # fmt: skip


def _outcome(conditions: Iterable[Condition], standing: str) -> Outcome:
    found = {(c.kind, c.state) for c in conditions}
    if any((kind, State.MISSED) in found for kind in _DECIDES):
        return Outcome.UNLIKELY
    unsure = any((kind, State.UNKNOWN) in found for kind in _OPEN) or ("officer", State.MISSED) in found
    return Outcome.NEEDS_OFFICER if unsure or standing == "not_yet" else Outcome.LIKELY


def _missing(conditions: Iterable[Condition]) -> tuple[str, ...]:
    open_ones = (c for c in conditions if c.state is State.UNKNOWN and c.kind in _OPEN)
    return tuple(dict.fromkeys(fact for c in open_ones for fact in c.asks))


def _rates(draft: _Draft, known: Known) -> tuple[Rates | None, list[str]]:
    """Rates and years with the rows they were read in; None where they depend on what is not settled."""
    found: dict[str, Rates] = {}
    for rule in known.rules.of(draft.rows[0].id, "period"):
        values = rule.check.choices[0][1]
        place = known.assigned(rule.check.fact)
        if values == ("place",):
            settled = place is not None and len(place.check.choices[0][1]) == 1
            row = known.catalogue.incentives.get(place.source) if place and settled else None
            if row and {*row.regions}.intersection(known.places):
                return _rates_of(row), [row.id]
        elif known.all(rule.when) is not State.MISSED:
            named = known.catalogue.incentives.get(values[0])
            found[values[0]] = _rates_of(named) if named else (*values, *_NO_RATES)[:4]
    found = found or {row.id: _rates_of(row) for row in draft.rows}
    agreed = set(found.values())
    return (agreed.pop() if len(agreed) == 1 else None), list(found)


def _rates_of(row: Incentive) -> Rates:
    return row.rate_full, row.years_full, row.rate_half, row.years_half


def _sum(draft: _Draft, known: Known) -> Estimate | None:
    if len(draft.rows) == 1:
        return estimate(known, draft.rows[0])
    return spanning([(*_own_names(row), estimate(known, row)) for row in draft.rows])


def _own_names(row: Incentive) -> tuple[str, str]:
    """What sets a row apart in its scheme: its names behind the colon."""
    return row.name_ko.rpartition(":")[2].strip(), row.name_en.rpartition(":")[2].strip()
