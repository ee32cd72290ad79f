"""Which documents expire soon, have expired, or were replaced."""

from datetime import date

import pytest

from index_build.expiry import expiring

TODAY = date(2026, 11, 22)


def document(until, name="plan", superseded_by=""):
    return {
        "id": f"ko/{name}", "title": "계획", "source_name": f"{name}.hwp", "valid_until": until,
        "superseded_by": superseded_by, "valid_from": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("until", "days", "listed", "expired"),
    [
        ("2026-11-21", 0, True, True),
        ("2026-11-22", 0, True, False),  # the last day still holds
        ("2026-11-23", 0, False, False),
        ("2026-11-23", 1, True, False),
        ("2027-02-20", 90, True, False),
        ("2027-02-21", 90, False, False),
        ("2026-10", 0, True, True),
        ("2026-11", 7, False, False),
        ("2026-11", 8, True, False),  # to the end of the month
        ("2026-12", 0, False, False),
        ("2026-12", 38, False, False),
        ("2026-12", 39, True, False),
        ("2025", 0, True, True),
        ("2026", 38, False, False),
        ("2026", 39, True, False),  # to the end of the year
        ("2027", 30, False, False),
        ("2027", 403, False, False),
        ("2027", 404, True, False),
        ("", 90, False, False),
    ],
)
def test_a_document_is_listed_by_the_end_of_its_validity(until, days, listed, expired):
    rows = expiring([document(until)], TODAY, days)

    assert [row["expired"] for row in rows] == [expired] * listed


def test_the_earliest_end_comes_first():
    ends = ["2026-12", "", "2026-12-05", "2019", "2019-02-01"]
    rows = expiring([document(until, superseded_by="new") for until in ends], TODAY, 90)

    assert [row["until"] for row in rows] == ["2019-02-01", "2019", "2026-12-05", "2026-12", ""]


def test_replaced_document_is_listed_whatever_its_end():
    rows = expiring([document("2099", "old", "new"), document("", "older", "new")], TODAY, 0)

    assert [(row["source_name"], row["superseded_by"]) for row in rows] == [
        ("old.hwp", "new"),
        ("older.hwp", "new"),
    ]


def test_a_row_tells_what_an_administrator_needs():
    [row] = expiring([document("2026-01", "plan", "plan-2")], TODAY, 90)

    assert row == {
        "id": "ko/plan", "title": "계획", "source_name": "plan.hwp", "until": "2026-01", "expired": True,
        "superseded_by": "plan-2",
    }  # fmt: skip
