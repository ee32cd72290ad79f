"""The conditions, sums and places of the incentives as data: the rows of `rules.csv`, read and checked.

Adding an incentive adds a row to `incentives.csv` and rows here, and no code. A row names incentives (joined by ;) and is of a kind:

- `fit`: for whom or where it is at all; who misses it does not see the incentive.
- `only`: as `fit`, for what few ask for: who has not said it does not see the incentive either.
- `required`: missed, it is unlikely; not known, an officer is needed.
- `officer`: only an office judges it; with a fact, it counts as met where the fact meets it.
- `unless`: an exclusion that seldom applies; counts only where it was said.
- `deadline`: the last day of `start` or `acquired`; `deadline` stands for the one of incentives.csv.
- `later`: a duty after the move; changes nothing.
- `aside`: the incentive is told only where it is asked for by name.
- `assign`: no condition, but what a place is: `tier = middle` when `destination within jincheon`. The first row that holds counts;
  several values mean that it is one of them. `source` is the row of incentives.csv that says so, if one does.
- `period`: rates and years: those of a row of incentives.csv, of the row that says what the place is (`place`), or themselves as
  `100;5;50;3` (full rate, its years, half rate, its years).
- `estimate`: a step of a sum: `share` (% of an amount) and `each` (won a head) are added up; `cap` and `times` come after.

A fact is a field of `Company`, `destination` (`in`: a place itself; `within`: or what it lies in), `scheme` (likely as that scheme
is), a fact of a row of kind `assign`, or the name of a yes/no answer (`said yes` is missed and `!= yes` met where
nothing was said). A value may differ by size or answer: `3|sme:2|startup:2`. `when` joins further conditions, without which the row does not apply, by ` & `.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.company import SIZES

RULES = "rules.csv"
COLUMNS = (
    "incentive", "kind", "fact", "op", "value", "when", "source", "text_ko", "text_en", "clause_ko", "clause_en",
)  # fmt: skip
CONDITIONS = ("fit", "only", "required", "officer", "unless", "deadline", "later")
KINDS = (*CONDITIONS, "aside", "assign", "period", "estimate")
IDS = frozenset({"facility", "size", "industry", "origin", "programme"})
NUMBERS = frozenset(
    {"area_m2", "budget", "investment", "land_price", "equipment", "headcount", "hires", "years", "rent"}
)
DATES = frozenset({"start", "acquired"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?")
_OPS = {
    "ids": ("=", "!=", "in", "not_in"),
    "numbers": ("=", ">=", "<="),
    "dates": ("<=", ">=", "before", "after"),
    "destination": ("in", "not_in", "within", "not_within"),
    "scheme": ("=",),
    "answer": ("=", "!=", "said"),
    "estimate": ("share", "each", "cap", "times"),
    "assign": ("=",),
    "period": ("=",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A fact against a value. `choices` are (key, value) pairs: the value with key "" holds unless a keyed one does.

    A key is a size of company or a yes/no answer. Values: a float, a date (or `start`, `acquired`, `deadline`), a tuple of ids,
    or (low, high) of a sum. A check without a fact is left to an officer, or to today's date.
    """

    fact: str
    op: str
    choices: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `rules.csv`. `incentives` are the rows it belongs to, `source` the row it was read in where that is another."""

    incentives: tuple[str, ...]
    kind: str
    check: Check
    when: tuple[Check, ...]
    source: str
    text_ko: str
    text_en: str
    clause_ko: str
    clause_en: str


class Rules:
    """Look-ups over the rules of one release, in file order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Hold the rules by incentive, and what they say of places by fact."""
        self.rows = tuple(rules)
        self._by_incentive: dict[str, list[Rule]] = {}
        self.places: dict[str, list[Rule]] = {}
        for rule in self.rows:
            if rule.kind == "assign":
                self.places.setdefault(rule.check.fact, []).append(rule)
            for incentive in rule.incentives:
                self._by_incentive.setdefault(incentive, []).append(rule)
        checks = [check for rule in self.rows for check in (rule.check, *rule.when)]
        # What places are told apart by, and the regions named: such a one is a place of its own although it may hold others.
        self.destinations = tuple(dict.fromkeys(c for c in checks if c.fact == "destination"))
        self.regions = frozenset(region for c in self.destinations for _, ids in c.choices for region in ids)

    @classmethod
    def read(cls, path: Path) -> Rules:
        """Read a `rules.csv`. Raises ValueError naming row, column, value and the allowed form."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Rules:
        """From rows with the columns of `rules.csv`. Raises ValueError naming row, column, value and the allowed form."""
        texts = [{name: str(row.get(name) or "").strip() for name in COLUMNS} for row in rows]
        assigned = frozenset(text["fact"] for text in texts if text["kind"] == "assign")
        return cls(_Reader(number, text, assigned).rule() for number, text in enumerate(texts, start=2))

    @property
    def incentives(self) -> tuple[str, ...]:
        """Ids of the incentives that have rules, in the order of the file."""
        return tuple(self._by_incentive)

    def of(self, incentive: str, *kinds: str) -> list[Rule]:
        """The rules of an incentive, of these kinds."""
        return [rule for rule in self._by_incentive.get(incentive, ()) if rule.kind in kinds]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one row; `assigned` are the facts that rows say of places."""

    number: int
    row: Mapping[str, str]
    assigned: frozenset[str]

    def rule(self) -> Rule:
        row, kind = self.row, self.row["kind"]
        incentives = _parts(row["incentive"])
        if kind not in KINDS:
            raise self._fault("kind", f"one of {', '.join(KINDS)}")
        if not incentives and kind != "assign":
            raise self._fault("incentive", "ids of incentives.csv, joined by ;")
        if kind == "assign" and not (row["source"] or row["clause_ko"]):
            raise self._fault(
                "source", "the id of the row of incentives.csv that says so, where no clause does"
            )
        for column in ("text_ko", "text_en"):
            if kind not in ("period", "aside") and not row[column]:
                raise self._fault(column, "a sentence in that language")
        when = tuple(self._condition(part) for part in row["when"].split(" & ") if part.strip())
        if kind == "assign" and any(check.fact in self.assigned for check in when):
            raise self._fault("when", "destination or what the company said, for a row of kind assign")
        return Rule(
            incentives, kind, self._check("value", row["fact"], row["op"], row["value"]), when,
            row["source"], row["text_ko"], row["text_en"], row["clause_ko"], row["clause_en"],
        )  # fmt: skip

    def _fault(self, column: str, allowed: str) -> ValueError:
        named = self.row["incentive"] or self.row["source"]
        return ValueError(
            f"{RULES} row {self.number} ({named}), column {column}: {self.row[column]!r} is not allowed. "
            f"Allowed: {allowed}."
        )

    def _condition(self, text: str) -> Check:
        parts = text.split(maxsplit=2)
        if len(parts) != 3:
            raise self._fault("when", "fact op value, several joined by ' & '")
        return self._check("when", *parts)

    def _check(self, column: str, fact: str, op: str, value: str) -> Check:
        """A check of the column `value` (with its own columns for fact and op) or `when`."""
        if not fact and column == "value" and self.row["kind"] in ("officer", "later", "aside"):
            if op or value:
                raise self._fault("fact", "the fact that op and value are about")
            return Check("", "", ())
        form = self._form(fact, value) if column == "when" else self._own_form(fact, value)
        if not form:
            raise self._fault(
                "when" if column == "when" else "fact",
                "a field of Company, destination, scheme, a fact of a row of kind assign, or the name of a yes/no answer "
                "whose value is yes or no",
            )
        if op not in _OPS[form]:
            raise self._fault(
                "when" if column == "when" else "op",
                f"one of {' '.join(_OPS[form])} for {fact or self.row['kind']}",
            )
        choices = tuple(self._choice(part, form, column) for part in value.split("|"))
        if [key for key, _ in choices[1:] if not key]:
            raise self._fault(column, "one value without a key, and before those with one: 3|sme:2")
        return Check(fact, op, choices)

    def _own_form(self, fact: str, value: str) -> str:
        kind = self.row["kind"]
        if kind == "deadline":
            return "dates" if fact in ("", *DATES) else ""
        if kind == "estimate":
            return "estimate" if fact in NUMBERS or not fact else ""
        if kind in ("assign", "period"):
            return kind if _NAME.fullmatch(fact or "none") else ""
        return self._form(fact, value)

    def _form(self, fact: str, value: str) -> str:
        """How the values of a fact are written, empty where there is no such fact."""
        for form, facts in (("ids", IDS | self.assigned), ("numbers", NUMBERS), ("dates", DATES)):
            if fact in facts:
                return form
        if fact in ("destination", "scheme"):
            return fact
        return "answer" if _NAME.fullmatch(fact) and value in ("yes", "no") else ""

    def _choice(self, text: str, form: str, column: str) -> tuple[str, Any]:
        key, colon, value = text.strip().rpartition(":")
        if colon and not _NAME.fullmatch(key):
            raise self._fault(column, f"values with a key of {', '.join(SIZES)} or a yes/no answer: 3|sme:2")
        return key, self._value(value.strip(), form, column)

    def _value(self, text: str, form: str, column: str) -> Any:
        if form == "numbers" and _RANGE.fullmatch(text) and ".." not in text:
            return float(text)
        if form == "estimate" and (match := _RANGE.fullmatch(text)):
            return float(match[1]), float(match[2] or match[1])
        if form == "dates":
            return self._date(text, column)
        if form not in ("numbers", "estimate") and (ids := _parts(text)):
            return ids
        forms = {"numbers": "a plain number", "estimate": "a number or low..high"}
        raise self._fault(column, forms.get(form, "ids joined by ;"))

    def _date(self, text: str, column: str) -> date | str:
        if text in DATES or (text == "deadline" and self.row["kind"] == "deadline"):
            return text
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._fault(
                column, "a date as 2028-12-31, start, acquired, or (kind deadline) deadline"
            ) from None


def is_field(fact: str) -> bool:
    """Whether a fact is a field of `Company` that conditions are about."""
    return fact in IDS or fact in NUMBERS or fact in DATES


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
