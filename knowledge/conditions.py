"""Each condition of an incentive, with its clause and how it stands for a company and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.catalogue import Incentive
from knowledge.known import Known, State
from knowledge.rules import CONDITIONS, Rule
from knowledge.words_eligibility import words

_Told = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition and how it stands. `kind` as in `rules.csv`; `asks` names the facts that would settle it.

    `source` is the row of incentives.csv it was read in, empty for the incentive's own.
    """

    text_ko: str
    text_en: str
    clause_ko: str
    clause_en: str
    state: State
    fact: str
    kind: str
    asks: tuple[str, ...] = ()
    source: str = ""


def conditions_of(row: Incentive, known: Known) -> list[Condition]:
    """The conditions of an incentive that apply, or may apply, to what is known."""
    found = [*_facility(row, known)]
    for rule in known.rules.of(row.id, *CONDITIONS):
        applies = known.all(rule.when)
        if applies is not State.MISSED:
            found.append(_condition(rule, applies, row, known))
    if row.deadline and not known.rules.of(row.id, "deadline"):
        found.append(_last_day_of(row, known))
    return found


def open_rates(row: Incentive, known: Known) -> Condition:
    """The condition that rates and years depend on what is not known."""
    checks = [check for rule in known.rules.of(row.id, "period") for check in rule.when]
    asks = [name for check in checks if known.state(check) is State.UNKNOWN for name in known.asks(check)]
    fact = asks[0] if asks else ""
    return Condition(
        *words("period"), row.law_ko, row.law_en, State.UNKNOWN, fact, "fit", tuple(dict.fromkeys(asks))
    )


def standing_of(row: Incentive, conditions: Iterable[Condition], known: Known) -> str:
    """`passed` where a deadline lies before the date planned (today where none is), `not_yet` where the row is in force only after."""
    limits = [c for c in conditions if c.kind == "deadline"]
    if any(c.state is State.MISSED for c in limits):
        return "passed"
    planned = [day for c in limits if c.fact and (day := getattr(known.company, c.fact))]
    day = min(planned, default=known.company.start or known.company.acquired or known.today)
    in_force = row.in_force_from
    return "not_yet" if in_force and day.isoformat()[: len(in_force)] < in_force else ""


def _facility(row: Incentive, known: Known) -> Iterable[Condition]:
    """The facility an incentive is for, where the company moves another or has not said which."""
    facility = known.company.facility
    if not row.facility or facility in row.facility:
        return
    entries = [known.catalogue.gazetteer.get("facility_type", key) for key in row.facility]
    korean, english = (
        words("or")[place].join(entry.name(language) for entry in entries if entry)
        for place, language in enumerate(("ko", "en"))
    )
    yield Condition(
        words("facility", names=korean)[0], words("facility", names=english)[1], row.law_ko, row.law_en,
        State.MISSED if facility else State.UNKNOWN, "facility", "fit", () if facility else ("facility",),
    )  # fmt: skip


def _condition(rule: Rule, applies: State, row: Incentive, known: Known) -> Condition:
    if rule.kind == "deadline":
        return _deadline(rule, row, known)
    state, told, asks = known.state(rule.check), _told(rule), list[str]()
    if applies is State.UNKNOWN and state is not State.MET:
        state = State.UNKNOWN
        asks += [
            name for when in rule.when if known.state(when) is State.UNKNOWN for name in known.asks(when)
        ]
    if state is State.UNKNOWN:
        asks += known.asks(rule.check)
        told = _open_place(rule, known) if rule.check.fact in known.rules.places else told
    korean, english, clause_ko, clause_en, source = told
    wanted = tuple(dict.fromkeys(asks))
    return Condition(korean, english, clause_ko, clause_en, state, rule.check.fact, rule.kind, wanted, source)


def _told(rule: Rule) -> _Told:
    return rule.text_ko, rule.text_en, rule.clause_ko, rule.clause_en, rule.source


def _open_place(rule: Rule, known: Known) -> _Told:
    """Words for what is not known of the place: those of the row that leaves it open."""
    used = known.assigned(rule.check.fact)
    return _told(used) if used else (*words("regions"), "", "", "")


def _deadline(rule: Rule, row: Incentive, known: Known) -> Condition:
    """A last day against the date planned; without one, against today, which alone settles only that it has passed.

    A longer term holds only where its reason was said. Property is bought before business starts: a start in time settles the
    purchase, a late one leaves it open.
    """
    limit = known.bounds(rule.check)[0]
    last = _last_day(row.deadline) if limit == "deadline" else limit
    fact, company = rule.check.fact, known.company
    planned = getattr(company, fact) if fact else None
    state, kind = State.UNKNOWN, rule.kind
    if planned is not None:
        state = State.MET if planned <= last else State.MISSED
    elif known.today > last:
        state = State.MISSED
    elif fact == "acquired" and company.start is not None:
        state, kind = (State.MET, kind) if company.start <= last else (State.UNKNOWN, "required")
    asks = (fact,) if fact and state is State.UNKNOWN else ()
    return Condition(
        rule.text_ko, rule.text_en, rule.clause_ko, rule.clause_en, state, fact, kind, asks, rule.source
    )


def _last_day_of(row: Incentive, known: Known) -> Condition:
    """The deadline of a row that has no rule for it."""
    last = _last_day(row.deadline)
    korean, english = words("deadline", date=last)
    day = known.company.start or known.company.acquired
    state = State.MISSED if (day or known.today) > last else State.MET if day else State.UNKNOWN
    return Condition(
        row.deadline_note_ko or korean, row.deadline_note_en or english, row.law_ko, row.law_en, state, "start",
        "deadline", () if day else ("start",),
    )  # fmt: skip


def _last_day(text: str) -> date:
    """The last day of an ISO date that is known to the year, month or day."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    month = month or 12
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
