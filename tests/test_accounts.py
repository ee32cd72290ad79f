"""Accounts below the routes: links, roles, the last administrator (trust.md A5, A6)."""

from __future__ import annotations

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from assistant.accounts import PERMISSIONS, ROLES, Accounts
from assistant.audit import Actor, Audit, Deed
from assistant.passwords import Hasher
from assistant.sessions import Sessions
from assistant.staff_tables import Database
from tests.staffing import (
    HOME,
    PASSWORD,
    TESTER,
    Clock,
    cheap,
    employed,
    guess,
    opened,
    refusal,
)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, cheap())


def test_an_empty_installation_lets_nobody_in(accounts: Accounts, clock: Clock) -> None:
    names = ["admin", "administrator", "root", "staff", ""]

    assert accounts.everyone() == []
    assert {refusal(accounts.sign_in, name, word, f"192.0.2.{i}", clock()) for i, name in enumerate(names) for word in (name, "password")} == {"credentials"}  # fmt: skip


def test_first_administrator_comes_by_a_link_that_works_once(accounts: Accounts, clock: Clock) -> None:
    token = accounts.first_admin_token(clock())
    made = accounts.make_first_admin(token, "Lee", PASSWORD, HOME, clock())

    assert (made.role, made.state) == ("admin", "active")
    assert refusal(accounts.make_first_admin, token, "Choi", PASSWORD, HOME, clock()) == "link"
    assert accounts.first_admin_token(clock()) is None


@pytest.mark.parametrize(("hours", "expected"), [(23.99, ""), (24, "link")])
def test_first_administrators_link_lasts_a_day(
    accounts: Accounts, clock: Clock, hours: float, expected: str
) -> None:
    token = accounts.first_admin_token(clock())
    clock.forward(hours=hours)

    assert refusal(accounts.make_first_admin, token, "Lee", PASSWORD, HOME, clock()) == expected


def test_only_the_newest_link_of_a_restarted_service_works(accounts: Accounts, clock: Clock) -> None:
    old, new = accounts.first_admin_token(clock()), accounts.first_admin_token(clock())

    assert refusal(accounts.make_first_admin, old, "Lee", PASSWORD, HOME, clock()) == "link"
    assert refusal(accounts.make_first_admin, new, "Lee", PASSWORD, HOME, clock()) == ""


def test_refused_password_does_not_burn_the_link(accounts: Accounts, clock: Clock) -> None:
    token = accounts.first_admin_token(clock())

    assert refusal(accounts.make_first_admin, token, "Lee", "short", HOME, clock()) == "short"
    assert refusal(accounts.make_first_admin, token, "<Lee>", PASSWORD, HOME, clock()) == "name"
    assert refusal(accounts.make_first_admin, token, "Lee", PASSWORD, HOME, clock()) == ""


def test_of_many_who_use_one_link_at_once_one_succeeds(accounts: Accounts, clock: Clock) -> None:
    token = accounts.first_admin_token(clock())
    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(refusal, accounts.make_first_admin, token, f"Lee {i}", PASSWORD, HOME, clock())
            for i in range(8)
        ]

    assert sorted(one.result() for one in tries) == [""] + ["link"] * 7
    assert len(accounts.everyone()) == 1


def test_of_many_who_use_one_invitation_at_once_one_succeeds(accounts: Accounts, clock: Clock) -> None:
    _, token = accounts.invite("Kim", "agent", TESTER, clock())
    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(refusal, accounts.set_password, token, f"{PASSWORD} {i}", HOME, clock())
            for i in range(8)
        ]

    assert sorted(one.result() for one in tries) == [""] + ["link"] * 7


def test_first_administrators_link_is_void_once_somebody_else_administers(
    accounts: Accounts, clock: Clock
) -> None:
    token = accounts.first_admin_token(clock())
    employed(accounts, clock, "Choi", "admin")

    assert refusal(accounts.make_first_admin, token, "Lee", PASSWORD, HOME, clock()) == "link"


def test_link_of_an_invitation_makes_no_administrator(accounts: Accounts, clock: Clock) -> None:
    _, invitation = accounts.invite("Kim", "viewer", TESTER, clock())
    first = accounts.first_admin_token(clock())

    assert refusal(accounts.make_first_admin, invitation, "Lee", PASSWORD, HOME, clock()) == "link"
    assert refusal(accounts.set_password, first, PASSWORD, HOME, clock()) == "link"


@pytest.mark.parametrize("name", ["", "A", "a\nb" + "\x00", "<b>Kim</b>", "x" * 65, "Kim\u202e", "'; --"])
def test_name_that_is_none_is_refused(accounts: Accounts, clock: Clock, name: str) -> None:
    assert refusal(accounts.invite, name, "agent", TESTER, clock()) == "name"


@pytest.mark.parametrize("name", ["김 하늘", " kim@example.kr ", "Anne-Marie O.", "홍길동2"])
def test_name_of_a_person_is_taken_once_however_it_is_written(
    accounts: Accounts, clock: Clock, name: str
) -> None:
    accounts.invite(name, "agent", TESTER, clock())

    assert refusal(accounts.invite, name.upper(), "agent", TESTER, clock()) == "name_taken"
    assert accounts.named(unicodedata.normalize("NFD", name)).name == name.strip()


def test_invited_person_cannot_sign_in_before_using_the_link(accounts: Accounts, clock: Clock) -> None:
    account, token = accounts.invite("Kim", "agent", TESTER, clock())

    assert account.state == "invited"
    assert refusal(accounts.sign_in, "Kim", "", HOME, clock()) == "credentials"
    assert accounts.set_password(token, PASSWORD, HOME, clock()).state == "active"


def test_reset_ends_the_old_password_at_once(accounts: Accounts, clock: Clock) -> None:
    kim = employed(accounts, clock)
    _, token = accounts.reset(kim, TESTER, clock())

    assert refusal(accounts.sign_in, "Kim", PASSWORD, HOME, clock()) == "credentials"
    accounts.set_password(token, PASSWORD + "!", HOME, clock())
    assert accounts.sign_in("Kim", PASSWORD + "!", HOME, clock()).id == kim


def test_disabled_person_comes_back_only_by_a_new_link(accounts: Accounts, clock: Clock) -> None:
    kim = employed(accounts, clock)
    _, old = accounts.reset(kim, TESTER, clock())
    accounts.disable(kim, TESTER, clock())
    gone = refusal(accounts.set_password, old, PASSWORD, HOME, clock())
    account, new = accounts.reset(kim, TESTER, clock())

    assert (gone, account.state) == ("link", "disabled")
    assert accounts.set_password(new, PASSWORD, HOME, clock()).state == "active"


@pytest.mark.parametrize("demote", [True, False])
def test_last_administrator_stays(accounts: Accounts, clock: Clock, demote: bool) -> None:
    lee, choi = (employed(accounts, clock, name, "admin") for name in ("Lee", "Choi"))
    invited, _ = accounts.invite("Park", "admin", TESTER, clock())

    def remove(who: str) -> str:
        rest = (who, "viewer", TESTER, clock()) if demote else (who, TESTER, clock())
        return refusal(accounts.set_role if demote else accounts.disable, *rest)

    assert (remove(lee), remove(invited.id), remove(choi)) == ("", "", "last_admin")


def test_two_administrators_cannot_remove_each_other_at_once(accounts: Accounts, clock: Clock) -> None:
    both = [employed(accounts, clock, name, "admin") for name in ("Lee", "Choi")]
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(refusal, accounts.disable, who, TESTER, clock()) for who in both]

    assert sorted(one.result() for one in tries) == ["", "last_admin"]


def test_own_password_changes_only_with_the_current_one(accounts: Accounts, clock: Clock) -> None:
    kim = Actor(employed(accounts, clock), "Kim", HOME)
    new = PASSWORD + " 또"

    assert refusal(accounts.change_password, kim, "wrong password", new, clock()) == "credentials"
    assert refusal(accounts.change_password, kim, PASSWORD, "short", clock()) == "short"
    assert refusal(accounts.change_password, kim, PASSWORD, new, clock()) == ""
    assert refusal(accounts.sign_in, "Kim", PASSWORD, HOME, clock()) == "credentials"
    assert accounts.sign_in("Kim", new, HOME, clock()).name == "Kim"


def test_guesses_at_the_current_password_wait_as_well(accounts: Accounts, clock: Clock) -> None:
    kim = Actor(employed(accounts, clock), "Kim", HOME)
    tries = [refusal(accounts.change_password, kim, f"wrong {i}", PASSWORD + "!", clock()) for i in range(6)]

    assert tries == ["credentials"] * 5 + ["attempts"]


def test_hash_of_a_lower_cost_is_renewed_when_its_person_signs_in(
    database: Database, accounts: Accounts, clock: Clock
) -> None:
    employed(accounts, clock)
    dearer = Hasher(PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),)))
    Accounts(database, dearer).sign_in("Kim", PASSWORD, HOME, clock())

    with database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT password_hash FROM staff_accounts").scalar_one()
    assert ",".join(("m=16", "t=2", "p=1")) in kept
    assert accounts.sign_in("Kim", PASSWORD, HOME, clock()).name == "Kim"


def test_database_holds_no_token_and_no_password(
    tmp_path: Path, database: Database, accounts: Accounts, clock: Clock
) -> None:
    first = accounts.first_admin_token(clock())
    _, invitation = accounts.invite("Kim", "agent", TESTER, clock())
    token = Sessions(database).open(accounts.named("Kim").id, clock())
    guess(accounts, clock, "my secret typed as a name")
    accounts.make_first_admin(first, "Lee", PASSWORD, HOME, clock())
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    for secret in (first, invitation, token, PASSWORD, "my secret typed as a name", "wrong password"):
        assert secret.encode() not in stored
    assert b"Kim" in stored


def test_roles_hold_only_permissions_of_the_table_and_each_is_held_by_somebody() -> None:
    assert frozenset().union(*ROLES.values()) == frozenset(PERMISSIONS)
    assert ROLES["admin"] == frozenset(PERMISSIONS)


def test_editor_and_publisher_are_two_people() -> None:
    assert "knowledge.publish" not in ROLES["editor"]
    assert "knowledge.edit" not in ROLES["publisher"]


@pytest.mark.parametrize("permission", ["accounts", "audit", "retention"])
def test_only_administrators_manage(permission: str) -> None:
    assert [role for role, held in ROLES.items() if permission in held] == ["admin"]


def test_tables_are_made_once_by_services_that_start_together(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    with ThreadPoolExecutor(4) as pool:
        for database in [one.result() for one in [pool.submit(Database, url) for _ in range(4)]]:
            database.close()

    with opened(url) as database:
        Audit(database).add(TESTER, Deed("test"), Clock()())
        assert Audit(database).first_broken() is None


def test_a_reader_does_not_wait_for_a_writer(database: Database, accounts: Accounts, clock: Clock) -> None:
    employed(accounts, clock)
    with database.writing():
        started = time.monotonic()
        accounts.everyone()

    assert time.monotonic() - started < 5  # seconds; a blocked reader waits ten
