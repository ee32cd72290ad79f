"""The rows of rules.csv: what they name, their boundaries on both sides, rows in the wrong form, and an incentive added."""

import csv
from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge.catalogue import Catalogue
from knowledge.company import SIZES, Company
from knowledge.conditions import conditions_of
from knowledge.config import DOCUMENTS
from knowledge.eligibility import Outcome, Rules, State, evaluate
from knowledge.known import Known
from knowledge.rules import COLUMNS, CONDITIONS, DATES, NUMBERS, RULES
from knowledge.words_eligibility import words
from tests.moving import CATALOGUE, FACTORY, ROWS, SHIPPED, TODAY, verdict


def rule_rows():
    with (DOCUMENTS / RULES).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# What stands in the file


def test_every_id_of_the_rules_is_in_the_catalogue():
    schemes = {row.scheme for row in CATALOGUE.incentives.values()}
    named = {key for rule in SHIPPED.rows for key in (*rule.incentives, rule.source) if key}
    named |= {values[0] for rule in SHIPPED.rows if rule.kind == "period" for _, values in rule.check.choices}

    assert {key for key in named if key != "place" and not key.isdigit()} - set(CATALOGUE.incentives) == set()
    assert {rule.check.choices[0][1][0] for rule in SHIPPED.rows if rule.check.fact == "scheme"} <= schemes
    assert all(CATALOGUE.gazetteer.get("region", region) for region in SHIPPED.regions)


def test_every_condition_speaks_both_languages_and_cites_its_clause():
    halves = [
        row for row in rule_rows() for stem in ("text", "clause") if bool(row[f"{stem}_ko"]) != bool(row[f"{stem}_en"])
    ]  # fmt: skip

    assert halves == []
    assert [row for row in rule_rows() if row["kind"] in CONDITIONS and not row["clause_ko"]] == []
    assert all(
        words(key, names="", date="", amount="", formula="", name="") for key in ("facility", "deadline")
    )


def test_no_row_of_the_rules_stands_twice():
    rows = [tuple(row[name] for name in (*COLUMNS[:6], "text_ko")) for row in rule_rows()]

    assert len(rows) == len(set(rows)) > 200


# Boundaries, from the rows themselves


def boundaries():
    for place, rule in enumerate(SHIPPED.rows):
        if rule.kind in CONDITIONS and (rule.check.fact in NUMBERS | DATES) and rule.check.op in (">=", "<="):
            for key, bound in rule.check.choices:
                if bound != "start":
                    yield pytest.param(
                        rule, key, bound, id=f"{rule.incentives[0]}-{place}-{rule.check.fact}-{key}"
                    )


def state_at(rule, key, value):
    """The state of a rule's condition where its fact is `value` and the key of the bound holds."""
    row = CATALOGUE.incentives[rule.incentives[0]]
    answers = {other: other == key for other, _ in rule.check.choices if other and other not in SIZES}
    company = Company(size=key if key in SIZES else "large", answers=answers)
    if rule.when:
        company = replace(company, start=date(2030, 1, 1), answers={"new_build": True})
    known = Known(replace(company, **{rule.check.fact: value}), CATALOGUE, SHIPPED, TODAY)
    return next(c.state for c in conditions_of(row, known) if c.text_ko == rule.text_ko)


@pytest.mark.parametrize(("rule", "key", "bound"), list(boundaries()))
def test_a_condition_is_met_at_its_boundary_and_missed_one_step_beyond(rule, key, bound):
    if bound == "deadline":
        bound = date.fromisoformat(CATALOGUE.incentives[rule.incentives[0]].deadline)
    step = timedelta(days=1) if isinstance(bound, date) else 0.1 if rule.check.fact == "years" else 1
    beyond = bound - step if rule.check.op == ">=" else bound + step

    assert state_at(rule, key, bound) is State.MET
    assert state_at(rule, key, beyond) is State.MISSED


def yes_or_no():
    for place, rule in enumerate(SHIPPED.rows):
        answers = rule.check.choices and rule.check.choices[0][1] in (("yes",), ("no",))
        if rule.kind in CONDITIONS and answers and rule.check.fact not in SHIPPED.places:
            yield pytest.param(rule, id=f"{rule.incentives[0]}-{place}-{rule.check.fact}")


@pytest.mark.parametrize("rule", list(yes_or_no()))
def test_an_answer_decides_its_condition_and_silence_leaves_it_open(rule):
    wanted = rule.check.choices[0][1] == ("yes",)

    def state(answers):
        return Known(Company(answers=answers), CATALOGUE, SHIPPED, TODAY).state(rule.check)

    assert state({rule.check.fact: wanted}) is State.MET
    assert state({rule.check.fact: not wanted}) is State.MISSED
    assert state({}) is State.UNKNOWN


# Adding an incentive adds rows


def added(*rows):
    blank = dict.fromkeys(COLUMNS, "")
    texts = {
        "incentive": "Z01",
        "text_ko": "조건",
        "text_en": "A condition.",
        "clause_ko": "조례 제1조",
        "clause_en": "Ordinance, Article 1",
    }
    return Rules.from_rows([*rule_rows(), *(blank | texts | row for row in rows)])


def test_an_invented_incentive_is_judged_and_estimated_by_its_rows_alone():
    row = replace(
        CATALOGUE.incentives["C13"],
        id="Z01",
        scheme="harbour-grant",
        name_en="Harbour grant",
        deadline="2027-06",
    )
    catalogue = Catalogue(CATALOGUE.gazetteer, [], [], [*ROWS["incentives"], row], [])
    rules = added(
        {"kind": "assign", "incentive": "", "source": "Z01", "fact": "harbour", "op": "=", "value": "deep", "when": "destination within busan"},
        {"kind": "assign", "incentive": "", "source": "Z01", "fact": "harbour", "op": "=", "value": "none", "when": "destination within nation"},
        {"kind": "fit", "fact": "harbour", "op": "=", "value": "deep"},
        {"kind": "required", "fact": "ships_goods", "op": "=", "value": "yes"},
        {"kind": "required", "fact": "hires", "op": ">=", "value": "10|sme:5"},
        {"kind": "estimate", "fact": "hires", "op": "each", "value": "1000000..2000000", "text_ko": "{amount} × {rate}", "text_en": "{amount} × {rate}"},
        {"kind": "estimate", "op": "cap", "value": "7000000", "text_ko": "한도 {rate}", "text_en": "capped at {rate}"},
    )  # fmt: skip
    company = replace(
        FACTORY, regions=("saha",), hires=5, start=date(2027, 6, 30), answers={"ships_goods": True}
    )

    told = verdict(company, "Z01", rules, catalogue)
    assert (told.outcome, told.estimate.low, told.estimate.high) == (Outcome.LIKELY, 5e6, 7e6)
    assert verdict(replace(company, hires=4), "Z01", rules, catalogue).outcome is Outcome.UNLIKELY
    assert verdict(replace(company, start=date(2027, 7, 1)), "Z01", rules, catalogue).standing == "passed"
    assert verdict(replace(company, answers={}), "Z01", rules, catalogue).missing == ("ships_goods",)
    assert "Z01" not in [v.incentive.id for v in evaluate(FACTORY, catalogue, rules, TODAY)]


def test_an_incentive_that_is_not_verified_is_not_told():
    row = replace(CATALOGUE.incentives["T06"], status="unverified")
    catalogue = Catalogue(CATALOGUE.gazetteer, [], [], [*ROWS["incentives"], row], [])

    assert "T06" not in [v.incentive.id for v in evaluate(FACTORY, catalogue, SHIPPED, TODAY)]


FAULTS = [
    ({"kind": "must"}, "column kind: 'must' is not allowed. Allowed: one of fit"),
    ({"kind": "required", "incentive": ""}, "column incentive"),
    ({"kind": "required", "fact": "orign", "op": "=", "value": "outside"}, "column fact: 'orign'"),
    ({"kind": "required", "fact": "years", "op": ">>", "value": "3"}, "column op: '>>' is not allowed. Allowed: one of = >= <= for years"),
    ({"kind": "required", "fact": "years", "op": ">=", "value": "three"}, "column value: 'three' is not allowed. Allowed: a plain number"),
    ({"kind": "required", "fact": "years", "op": ">=", "value": "sme:2|3"}, "before those with one"),
    ({"kind": "deadline", "fact": "start", "op": "<=", "value": "2028-13-01"}, "Allowed: a date as 2028-12-31"),
    ({"kind": "required", "fact": "start", "op": "<=", "value": "deadline"}, "Allowed: a date as 2028-12-31"),
    ({"kind": "required", "fact": "origin", "op": "in", "value": ""}, "Allowed: ids joined by ;"),
    ({"kind": "required", "fact": "origin", "op": "=", "value": "outside", "when": "size sme"}, "column when: 'size sme'"),
    ({"kind": "estimate", "fact": "rent", "op": "share", "value": "80%"}, "Allowed: a number or low..high"),
    ({"kind": "officer", "text_en": ""}, "column text_en"),
    ({"kind": "assign", "fact": "tier", "op": "=", "value": "upper", "when": "tier = lower", "source": "C15"}, "column when"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "message"), FAULTS)
def test_a_row_in_the_wrong_form_is_refused_with_row_column_and_form(row, message):
    with pytest.raises(ValueError, match=r"rules\.csv row") as error:
        added(row)

    assert f"row {len(rule_rows()) + 2} " in str(error.value)
    assert message in str(error.value)
