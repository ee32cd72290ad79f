"""What an incentive may come to, as a range with its formula: worked out from the rows of kind `estimate` of `rules.csv`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.catalogue import Catalogue, Incentive
from knowledge.known import Known, State
from knowledge.rules import Rule
from knowledge.words_eligibility import words

LANGUAGES = ("ko", "en")
_HEADS = ("headcount", "hires")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range in won (`unit` "KRW") or won a month ("KRW/month"); the formula has the company's numbers put in.

    `ceiling` is the cap that was applied to the sum, in the same unit, None where there is none. `as_of` is the date of the
    oldest source; `sources` are ids of incentives.csv. No promise: rates are upper rates, and an office decides.
    """

    low: float
    high: float
    unit: str
    formula_ko: str
    formula_en: str
    ceiling: float | None
    as_of: str
    sources: tuple[str, ...]


@dataclass(slots=True)
class _Sum:
    """A sum under way: its range in won, and the words of its terms and of the steps after them."""

    low: float = 0.0
    high: float = 0.0
    monthly: bool = False
    ceiling: float | None = None
    terms: list[tuple[str, str]] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)


def estimate(known: Known, incentive: Incentive) -> Estimate | None:
    """The range of an incentive; None where it has no sum, or an amount or rate it needs is not known."""
    rules = known.rules.of(incentive.id, "estimate")
    states = [(rule, known.all(rule.when)) for rule in rules]
    # A cap that may not hold is left out: the range is then the wider one.
    states = [(rule, state) for rule, state in states if (rule.check.op, state) != ("cap", State.UNKNOWN)]
    used = [rule for rule, state in states if state is not State.MISSED]
    if any(state is State.UNKNOWN for _, state in states):
        return None
    total = _Sum()
    for rule in used:
        if not _step(total, rule, known):
            return None
    return _estimate(total, incentive, used, known.catalogue) if total.terms else None


def amounts_wanted(known: Known, incentive: str) -> list[str]:
    """Names of the amounts of a company that the sum of an incentive still lacks."""
    rules = known.rules.of(incentive, "estimate")
    facts = [
        rule.check.fact for rule in rules if rule.check.fact and known.all(rule.when) is not State.MISSED
    ]
    return [fact for fact in dict.fromkeys(facts) if getattr(known.company, fact) is None]


def spanning(estimates: Sequence[tuple[str, str, Estimate | None]]) -> Estimate | None:
    """One range over the estimates of rows of which one holds, given with their names; None where one of them is not known.

    The formula tells the lowest and the highest of them.
    """
    found = [(ko, en, one) for ko, en, one in estimates if one is not None]
    if len(found) != len(estimates) or not found:
        return None
    ceilings = [one.ceiling for _, _, one in found if one.ceiling is not None]
    lowest, highest = min(found, key=lambda row: row[2].low), max(found, key=lambda row: row[2].high)
    ends = [lowest, highest] if lowest is not highest else [lowest]
    return Estimate(
        lowest[2].low,
        highest[2].high,
        lowest[2].unit,
        "; ".join(words("one_of", formula=one.formula_ko, name=ko)[0] for ko, _, one in ends),
        "; ".join(words("one_of", formula=one.formula_en, name=en)[1] for _, en, one in ends),
        max(ceilings, default=None),
        min(one.as_of for _, _, one in found),
        tuple(dict.fromkeys(source for _, _, one in found for source in one.sources)),
    )


def won(value: float, language: str) -> str:
    """An amount in won: `50억 원`, `1억 5,000만 원`, `1조 5,790억 원`, `KRW 1.5 billion`."""
    if language == "ko":
        jo, rest = divmod(round(value), 1_000_000_000_000)
        eok, rest = divmod(rest, 100_000_000)
        man, left = divmod(rest, 10_000)
        parts = [f"{jo:,}조" if jo else "", f"{eok:,}억" if eok else "", f"{man:,}만" if man else "", f"{left:,}" if left or not value else ""]  # fmt: skip
        return " ".join(filter(None, parts)) + ("원" if left or not value else " 원")
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"KRW {value / size:,.4f}".rstrip("0").rstrip(".") + f" {name}"
    return f"KRW {value:,.0f}"


def _step(total: _Sum, rule: Rule, known: Known) -> bool:
    """Put one row into the sum; False where its amount or rate is not known."""
    ranges = known.bounds(rule.check)
    amount = getattr(known.company, rule.check.fact) if rule.check.fact else 1.0
    if not ranges or amount is None:
        return False
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    op = rule.check.op
    if op in ("share", "each"):
        part = 0.01 if op == "share" else 1.0
        total.low, total.high = total.low + amount * low * part, total.high + amount * high * part
        total.monthly = total.monthly or rule.check.fact == "rent"
        total.terms.append(_told(rule, amount, low, high))
        return True
    if op == "cap":
        total.low, total.high, total.ceiling = min(total.low, high), min(total.high, high), high
    else:
        total.low, total.high, total.monthly = total.low * low, total.high * high, False
    total.steps.append(_told(rule, amount, low, high))
    return True


def _told(rule: Rule, amount: float, low: float, high: float) -> tuple[str, str]:
    """The words of a row with its amount and rate put in, in Korean and English."""
    korean, english = (
        text.format(amount=_amount(rule.check.fact, amount, language), rate=_rate(rule.check.op, low, high, language))
        for language, text in (("ko", rule.text_ko), ("en", rule.text_en))
    )  # fmt: skip
    return korean, english


def _amount(fact: str, amount: float, language: str) -> str:
    if fact in _HEADS:
        return f"{amount:g}명" if language == "ko" else f"{amount:g}"
    return won(amount, language)


def _rate(op: str, low: float, high: float, language: str) -> str:
    if op == "share":
        return _range(low, high, lambda value, _: f"{value:g}%", language)
    if op == "times":
        return f"{high:g}"
    return _range(low, high, won, language)


def _range(low: float, high: float, tell: Callable[[float, str], str], language: str) -> str:
    first, last = tell(low, language), tell(high, language)
    return last if first == last else f"{first}{words('to')[LANGUAGES.index(language)]}{last}"


def _estimate(total: _Sum, incentive: Incentive, rules: Iterable[Rule], catalogue: Catalogue) -> Estimate:
    sources = tuple(dict.fromkeys((incentive.id, *(rule.source for rule in rules if rule.source))))
    dates = [catalogue.incentives[source].as_of for source in sources if source in catalogue.incentives]
    formulas = []
    for place, language in enumerate(LANGUAGES):
        result = _range(total.low, total.high, won, language)
        if total.monthly:
            result = words("a_month", amount=result)[place]
        told = " + ".join(term[place] for term in total.terms)
        formulas.append("".join((told, *(f", {step[place]}" for step in total.steps), f" = {result}")))
    unit = "KRW/month" if total.monthly else "KRW"
    return Estimate(
        total.low, total.high, unit, formulas[0], formulas[1], total.ceiling, min(filter(None, dates), default=""), sources
    )  # fmt: skip
