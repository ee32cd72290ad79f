"""Attempts to sign in, and the time an answer takes (trust.md A2)."""

from __future__ import annotations

import time

import pytest

from assistant.accounts import Accounts
from assistant.staff_tables import Database
from tests.staffing import (
    HOME,
    PASSWORD,
    Clock,
    cheap,
    employed,
    guess,
    refusal,
)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, cheap())


def test_sixth_failure_of_an_address_waits_and_then_waits_twice_as_long(
    accounts: Accounts, clock: Clock
) -> None:
    tried = [guess(accounts, clock, f"name {number}") for number in range(5)]
    first = guess(accounts, clock, "another")
    clock.forward(seconds=first - 1)
    early = guess(accounts, clock, "another")
    clock.forward(seconds=1)
    tried.append(guess(accounts, clock, "another"))

    assert tried == [0] * 6
    assert (first, early, guess(accounts, clock, "another")) == (300, 1, 600)


def test_eleventh_failure_of_a_name_waits_wherever_it_comes_from(accounts: Accounts, clock: Clock) -> None:
    tried = [guess(accounts, clock, " KIM", f"198.51.100.{number}") for number in range(10)]

    assert tried == [0] * 10
    assert guess(accounts, clock, "kim", "192.0.2.1") == 900


def test_wait_never_exceeds_an_hour_and_is_forgotten_after_a_quiet_time(
    accounts: Accounts, clock: Clock
) -> None:
    waits = []
    for _ in range(20):
        waits.append(guess(accounts, clock))
        clock.forward(seconds=waits[-1])
    clock.forward(minutes=75, seconds=1)

    assert max(waits) == 3600
    assert [guess(accounts, clock) for _ in range(5)] == [0] * 5


def test_right_password_waits_too_while_the_door_is_shut(accounts: Accounts, clock: Clock) -> None:
    employed(accounts, clock)
    for _ in range(5):
        guess(accounts, clock)

    assert refusal(accounts.sign_in, "Kim", PASSWORD, HOME, clock()) == "attempts"
    assert refusal(accounts.sign_in, "Kim", PASSWORD, "192.0.2.1", clock()) == ""


def test_success_forgets_the_failures_of_the_name_but_not_of_the_address(
    accounts: Accounts, clock: Clock
) -> None:
    employed(accounts, clock)
    for number in range(9):
        guess(accounts, clock, "Kim", f"198.51.100.{number}")
    for _ in range(4):
        guess(accounts, clock, "Park")
    accounts.sign_in("Kim", PASSWORD, HOME, clock())

    assert [guess(accounts, clock, "Kim", f"192.0.2.{number}") for number in range(2)] == [0, 0]
    assert (guess(accounts, clock, "Park"), guess(accounts, clock, "Park")) == (0, 300)


def test_addresses_of_one_ipv6_network_count_together(accounts: Accounts, clock: Clock) -> None:
    for number in range(5):
        guess(accounts, clock, f"name {number}", f"2001:db8:1:2::{number}")

    assert guess(accounts, clock, "Kim", "2001:db8:1:2:ffff::1") == 300
    assert guess(accounts, clock, "Kim", "2001:db8:1:3::1") == 0


def test_limit_grows_with_the_scale_of_the_settings(database: Database, clock: Clock) -> None:
    accounts = Accounts(database, cheap(), scale=2.0)

    assert [guess(accounts, clock, f"name {number}") for number in range(11)] == [0] * 10 + [300]


def test_unknown_name_takes_the_time_of_a_wrong_password(database: Database, clock: Clock) -> None:
    accounts = Accounts(database, scale=1000)
    employed(accounts, clock)
    guess(accounts, clock)
    took: dict[str, list[float]] = {"Kim": [], "nobody": []}
    for name in ("Kim", "nobody") * 5:
        started = time.process_time()  # processor time: other work on the machine does not count
        guess(accounts, clock, name)
        took[name].append(time.process_time() - started)

    assert min(took["nobody"]) == pytest.approx(min(took["Kim"]), rel=0.5)


def test_a_refused_guess_is_answered_without_hashing(database: Database, clock: Clock) -> None:
    accounts = Accounts(database)
    for _ in range(5):
        guess(accounts, clock)
    started = time.process_time()
    for _ in range(5):
        guess(accounts, clock)
    refused = time.process_time() - started

    started = time.process_time()
    for number in range(5):
        guess(accounts, clock, f"name {number}", "2001:db8:7::1")
    assert refused < (time.process_time() - started) / 2
