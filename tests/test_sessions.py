"""Sessions of the staff (trust.md A3)."""

from __future__ import annotations

import pytest

from assistant.accounts import Accounts
from assistant.sessions import Sessions
from assistant.staff_tables import Database
from tests.staffing import (
    Clock,
    cheap,
    employed,
)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, cheap())


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


@pytest.mark.parametrize(
    ("minutes", "expected"), [([29, 29, 29], True), ([31], False), ([29, 31], False), ([29] * 24 + [23], True), ([29] * 24 + [24], False)]
)  # fmt: skip
def test_session_ends_by_idleness_and_by_age(
    accounts: Accounts, sessions: Sessions, clock: Clock, minutes: list[int], expected: bool
) -> None:
    token = sessions.open(employed(accounts, clock), clock())
    found = None
    for span in minutes:
        clock.forward(minutes=span)
        found = sessions.find(token, clock())

    assert (found is not None) == expected


def test_session_is_found_by_its_token_alone(accounts: Accounts, sessions: Sessions, clock: Clock) -> None:
    kim = employed(accounts, clock)
    token = sessions.open(kim, clock())
    wrong = ["", token[:-1], token.swapcase(), token + "A", kim]

    assert sessions.find(token, clock()).account_id == kim
    assert [sessions.find(text, clock()) for text in wrong] == [None] * 5


def test_tokens_of_sessions_do_not_repeat_and_hold_256_bits(
    accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    kim = employed(accounts, clock)
    tokens = {sessions.open(kim, clock()) for _ in range(200)}

    assert (len(tokens), min(map(len, tokens))) == (200, 43)


def test_ended_sessions_are_cleared_away(
    database: Database, accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    kim = employed(accounts, clock)
    for _ in range(5):
        sessions.open(kim, clock())
    clock.forward(hours=1)
    sessions.open(kim, clock())

    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM staff_sessions").scalar_one() == 1
