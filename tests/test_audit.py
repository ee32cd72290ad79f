"""The audit log: what it holds, and what it notices (trust.md P3)."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assistant.accounts import Accounts
from assistant.audit import Actor, Audit, Deed
from assistant.staff_tables import Database
from tests.staffing import (
    HOME,
    TESTER,
    Clock,
    cheap,
    employed,
    guess,
    refusal,
)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, cheap())


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


def test_each_change_leaves_one_row_with_who_what_when_where(
    accounts: Accounts, audit: Audit, clock: Clock
) -> None:
    kim = employed(accounts, clock)
    accounts.set_role(kim, "editor", Actor("a1", "Lee", HOME), clock())
    guess(accounts, clock)
    rows = audit.rows()

    assert [(row["action"], row["result"]) for row in rows] == [
        ("session.open", "refused"),
        ("account.role", "done"),
        ("account.password", "done"),
        ("account.add", "done"),
    ]
    assert rows[1] | {"seq": 0} == {
        "seq": 0, "at": "2026-01-05T00:00:00+00:00", "account_id": "a1", "name": "Lee", "address": HOME, "action": "account.role",
        "object": "Kim", "result": "done", "before": {"role": "agent"}, "after": {"role": "editor"},
    }  # fmt: skip


def test_change_that_fails_leaves_no_row(accounts: Accounts, audit: Audit, clock: Clock) -> None:
    lee = employed(accounts, clock, "Lee", "admin")
    before = audit.rows()

    assert refusal(accounts.disable, lee, TESTER, clock()) == "last_admin"
    assert audit.rows() == before


@pytest.mark.parametrize("statement", ["UPDATE staff_audit SET name = 'x'", "DELETE FROM staff_audit"])
def test_database_itself_refuses_to_change_the_log(
    database: Database, audit: Audit, clock: Clock, statement: str
) -> None:
    audit.add(TESTER, Deed("test"), clock())

    with pytest.raises(IntegrityError, match="append-only"), database.writing() as connection:
        connection.exec_driver_sql(statement)


TAMPERING = {
    "UPDATE staff_audit SET name = 'x' WHERE seq = 3": 3,
    "UPDATE staff_audit SET after = '{\"n\": 9}' WHERE seq = 2": 2,
    "UPDATE staff_audit SET at = '2026-01-01 00:00:00.000000' WHERE seq = 4": 4,
    "DELETE FROM staff_audit WHERE seq = 1": 1,
    "DELETE FROM staff_audit WHERE seq = 3": 3,
    "DELETE FROM staff_audit WHERE seq = 5": 5,
    "DELETE FROM staff_audit": 1,
    "UPDATE staff_audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3); UPDATE staff_audit SET seq = -seq WHERE seq < 0": 2,
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_log_changed_behind_the_service_is_found_at_its_row(
    tmp_path: Path, audit: Audit, clock: Clock, tampering: str
) -> None:
    for number in range(5):
        audit.add(TESTER, Deed("test", f"문서 {number}", {"n": number}, {"n": number + 1}), clock())
    whole = audit.first_broken()
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
        connection.executescript(f"DROP TRIGGER audit_no_UPDATE; DROP TRIGGER audit_no_DELETE; {tampering}")

    assert (whole, audit.first_broken()) == (None, TAMPERING[tampering])


def test_writers_at_once_make_one_chain(audit: Audit, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(80):
            pool.submit(audit.add, TESTER, Deed("test", str(number)), clock())

    assert [row["seq"] for row in audit.rows()] == list(range(80, 0, -1))
    assert audit.first_broken() is None


def test_log_is_read_in_pages(audit: Audit, clock: Clock) -> None:
    for _ in range(7):
        audit.add(TESTER, Deed("test"), clock())
    first = [row["seq"] for row in audit.rows(limit=3)]

    assert first == [7, 6, 5]
    assert [row["seq"] for row in audit.rows(before=first[-1], limit=3)] == [4, 3, 2]
