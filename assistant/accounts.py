"""People of the staff: their roles and what those permit, passwords set by one-time links, signing in.

There is no default account: the first administrator comes by a link that the service prints at its start.
Every change is one transaction together with its row in the audit log.
"""

from __future__ import annotations

import logging
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from assistant import passwords
from assistant.audit import Actor, Deed, append
from assistant.refusals import Refusal
from assistant.sessions import close_all
from assistant.staff_tables import ACCOUNTS, LINKS, Database, sha256
from assistant.throttle import Throttle

_LOG = logging.getLogger("assistant.accounts")
# What a route may ask for. An editor prepares and a publisher publishes: two people see what goes out.
PERMISSIONS: Mapping[str, str] = {
    "own": "one's own account: who am I, sign out, password",
    "lookup": "search as staff, fact cards, call notes",
    "flag": "flag a fact as wrong",
    "conversations": "read transcripts, take over, return to the assistant",
    "knowledge.read": "documents, releases, history, retrieval test box",
    "knowledge.edit": "upload, decide doubts, import the catalogue, build candidates",
    "knowledge.publish": "publish, roll back",
    "questions": "unanswered and badly rated questions, test questions",
    "figures": "usage figures and plots",
    "service": "switch the assistant off and on",
    "retention": "how long what is kept",
    "accounts": "accounts of the staff",
    "audit": "the audit log",
}
_VIEWER = frozenset({"own", "lookup", "knowledge.read", "figures"})
ROLES: Mapping[str, frozenset[str]] = {
    "viewer": _VIEWER,
    "agent": frozenset({"own", "lookup", "flag", "conversations"}),
    "editor": _VIEWER | {"flag", "knowledge.edit", "questions"},
    "publisher": _VIEWER | {"flag", "knowledge.publish", "service"},
    "admin": frozenset(PERMISSIONS),
}
LINK_LASTS = timedelta(hours=24)
# The token follows as a fragment, which browsers do not send: it stays out of logs and Referer (ASVS 14.2.1).
FIRST_ADMIN_PAGE = "/staff/start#"
PASSWORD_PAGE = "/staff/password#"
_NAME = re.compile(r"\w[\w .@+-]{0,62}[\w.@+-]")


@dataclass(frozen=True, slots=True)
class Account:
    """A person. `state` is invited (no password yet), active or disabled."""

    id: str
    name: str
    role: str
    state: str
    created_at: datetime

    def public(self) -> dict[str, Any]:
        """As routes show it."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "state": self.state,
            "created_at": self.created_at.isoformat(),
        }


class Accounts:
    """Accounts, their links and passwords. `now` is always an aware time; every refusal is a Refusal."""

    def __init__(
        self, database: Database, hasher: passwords.Hasher | None = None, scale: float = 1.0
    ) -> None:
        """`scale` multiplies the limits of attempts to sign in."""
        self._database = database
        self._hasher = hasher or passwords.Hasher()
        self._throttle = Throttle(scale)

    def everyone(self) -> list[Account]:
        """Every account, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name_key)).mappings()
            return [_account(row) for row in rows]

    def get(self, account_id: str) -> Account:
        """The account. Raises Refusal no_account."""
        with self._database.reading() as connection:
            return _account(_row(connection, ACCOUNTS.c.id == account_id))

    def named(self, name: str) -> Account:
        """The account of this name, however it is capitalised. Raises Refusal no_account."""
        with self._database.reading() as connection:
            return _account(_row(connection, ACCOUNTS.c.name_key == _key(name)))

    def first_admin_token(self, now: datetime) -> str | None:
        """Token of a link that makes the first administrator, voiding earlier ones; None where there is one already."""
        with self._database.writing() as connection:
            if _active_admins(connection):
                return None
            return _link(connection, None, now)

    def make_first_admin(self, token: str, name: str, password: str, address: str, now: datetime) -> Account:
        """Use the first administrator's link. Raises Refusal: link, name, name_taken or one of the password's."""
        self._look_at_link(token, LINKS.c.account_id.is_(None), now)
        shown = _checked(name)
        passwords.check(password, [shown])
        kept = self._hasher.hash(password)
        with self._database.writing() as connection:
            _use_link(connection, token, now)
            if _active_admins(connection):
                raise Refusal("link")
            account = _add(connection, shown, "admin", now, kept)
            append(connection, Actor(account.id, account.name, address), _made(account), now)
        return account

    def invite(self, name: str, role: str, actor: Actor, now: datetime) -> tuple[Account, str]:
        """A new account and the token of its link. Raises Refusal name or name_taken."""
        shown = _checked(name)
        with self._database.writing() as connection:
            account = _add(connection, shown, role, now)
            append(connection, actor, _made(account), now)
            return account, _link(connection, account.id, now)

    def reset(self, account_id: str, actor: Actor, now: datetime) -> tuple[Account, str]:
        """A new link for a person who lost the password or is to come back: password and sessions end at once."""
        with self._database.writing() as connection:
            before = _row(connection, ACCOUNTS.c.id == account_id)
            _change(connection, account_id, password_hash=None)
            after = _account(_row(connection, ACCOUNTS.c.id == account_id))
            deed = Deed(
                "account.reset", after.name, {"state": _account(before).state}, {"state": after.state}
            )
            append(connection, actor, deed, now)
            return after, _link(connection, account_id, now)

    def set_password(self, token: str, password: str, address: str, now: datetime) -> Account:
        """Use the link of an invitation or a reset; a disabled account comes back. Raises Refusal: link or one of the password's."""
        account_id = self._look_at_link(token, LINKS.c.account_id.is_not(None), now)
        before = self.get(account_id)
        passwords.check(password, [before.name])
        kept = self._hasher.hash(password)
        with self._database.writing() as connection:
            _use_link(connection, token, now)
            _change(connection, account_id, password_hash=kept, disabled_at=None)
            deed = Deed("account.password", before.name, {"state": before.state}, {"state": "active"})
            append(connection, Actor(before.id, before.name, address), deed, now)
        return self.get(account_id)

    def set_role(self, account_id: str, role: str, actor: Actor, now: datetime) -> Account:
        """Another role; the person signs in anew. Raises Refusal no_account or last_admin."""
        with self._database.writing() as connection:
            before = _account(_row(connection, ACCOUNTS.c.id == account_id))
            if role != "admin":
                _keep_an_admin(connection, account_id)
            _change(connection, account_id, role=role)
            append(
                connection,
                actor,
                Deed("account.role", before.name, {"role": before.role}, {"role": role}),
                now,
            )
        return self.get(account_id)

    def disable(self, account_id: str, actor: Actor, now: datetime) -> Account:
        """Shut out: sessions and links end at once. Raises Refusal no_account or last_admin."""
        with self._database.writing() as connection:
            before = _account(_row(connection, ACCOUNTS.c.id == account_id))
            _keep_an_admin(connection, account_id)
            _change(connection, account_id, disabled_at=now)
            connection.execute(delete(LINKS).where(LINKS.c.account_id == account_id))
            deed = Deed("account.disable", before.name, {"state": before.state}, {"state": "disabled"})
            append(connection, actor, deed, now)
        return self.get(account_id)

    def sign_in(self, name: str, password: str, address: str, now: datetime) -> Account:
        """The account of this name and password. Raises Refusal: attempts (before anything is hashed) or credentials.

        A wrong name, a wrong password and an account without access give the same refusal after the same work.
        """
        name_key = _key(name)
        row = self._admitted(name_key, address, now)
        may = row is not None and _account(row).state == "active"
        right, renewed = self._hasher.verify(password, row["password_hash"] if row and may else None)
        if row is None or not right:
            self._refuse(name_key, row, address, "session.open", now)
        with self._database.writing() as connection:
            self._throttle.clear(connection, name_key)
            if renewed:
                own = ACCOUNTS.c.id == row["id"]
                connection.execute(update(ACCOUNTS).where(own).values(password_hash=renewed))
            append(connection, Actor(row["id"], row["name"], address), Deed("session.open"), now)
        return _account(row)

    def change_password(self, actor: Actor, current: str, new: str, now: datetime) -> None:
        """Replace one's own password; every session ends. Raises Refusal: attempts, credentials or one of the password's."""
        name_key = _key(actor.name)
        passwords.check(new, [actor.name])
        row = self._admitted(name_key, actor.address, now)
        if row is None or not self._hasher.verify(current, row["password_hash"])[0]:
            self._refuse(name_key, row, actor.address, "account.password", now)
        kept = self._hasher.hash(new)
        with self._database.writing() as connection:
            self._throttle.clear(connection, name_key)
            _change(connection, row["id"], password_hash=kept)
            append(connection, actor, Deed("account.password", actor.name), now)

    def _admitted(self, name_key: str, address: str, now: datetime) -> RowMapping | None:
        """The row of the name, if this is not one attempt too many."""
        with self._database.reading() as connection:
            wait = self._throttle.wait(connection, address, name_key, now)
            if wait:
                _LOG.warning("Attempts to sign in from %s are shut out for %d s.", address, wait)
                raise Refusal("attempts", wait)
            query = select(ACCOUNTS).where(ACCOUNTS.c.name_key == name_key)
            return connection.execute(query).mappings().first()

    def _refuse(
        self, name_key: str, row: RowMapping | None, address: str, action: str, now: datetime
    ) -> NoReturn:
        """Count, log and refuse. An unknown name is not written down: it may be a password in the wrong field."""
        actor = Actor(row["id"], row["name"], address) if row else Actor("", "", address)
        with self._database.writing() as connection:
            self._throttle.fail(connection, address, name_key, now)
            append(connection, actor, Deed(action, result="refused"), now)
        raise Refusal("credentials")

    def _look_at_link(self, token: str, kind: ColumnElement[bool], now: datetime) -> str:
        """The account of a link that could be used now; the link is left as it is, so that a refused password does not burn it."""
        query = select(LINKS.c.account_id).where(
            LINKS.c.token_sha256 == sha256(token), LINKS.c.expires_at > now, kind
        )
        with self._database.reading() as connection:
            found = connection.execute(query).first()
        if found is None:
            raise Refusal("link")
        return str(found[0])


def _account(row: RowMapping) -> Account:
    state = "active" if row["password_hash"] else "invited"
    return Account(
        row["id"], row["name"], row["role"], "disabled" if row["disabled_at"] else state, row["created_at"]
    )


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _checked(name: str) -> str:
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    if not _NAME.fullmatch(shown):
        raise Refusal("name")
    return shown


def _made(account: Account) -> Deed:
    return Deed("account.add", account.name, after={"role": account.role, "state": account.state})


def _row(connection: Connection, which: ColumnElement[bool]) -> RowMapping:
    row = connection.execute(select(ACCOUNTS).where(which)).mappings().first()
    if row is None:
        raise Refusal("no_account")
    return row


def _add(connection: Connection, name: str, role: str, now: datetime, kept: str | None = None) -> Account:
    if connection.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.name_key == _key(name))).first():
        raise Refusal("name_taken")
    new = secrets.token_hex(8)
    connection.execute(
        insert(ACCOUNTS).values(
            id=new, name=name, name_key=_key(name), role=role, password_hash=kept, created_at=now
        )
    )
    return _account(_row(connection, ACCOUNTS.c.id == new))


def _change(connection: Connection, account_id: str, **values: Any) -> None:
    """Change what lets a person in; whatever it is, the sessions end."""
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(**values))
    close_all(connection, account_id)


def _active_admins(connection: Connection) -> list[str]:
    query = select(ACCOUNTS.c.id).where(
        ACCOUNTS.c.role == "admin", ACCOUNTS.c.password_hash.is_not(None), ACCOUNTS.c.disabled_at.is_(None)
    )
    return [row[0] for row in connection.execute(query.with_for_update())]


def _keep_an_admin(connection: Connection, account_id: str) -> None:
    if _active_admins(connection) == [account_id]:
        raise Refusal("last_admin")


def _link(connection: Connection, account_id: str | None, now: datetime) -> str:
    """The token of a new link, which voids the earlier ones of the same account."""
    token = secrets.token_urlsafe(32)
    earlier = LINKS.c.account_id.is_(None) if account_id is None else LINKS.c.account_id == account_id
    connection.execute(delete(LINKS).where(earlier))
    connection.execute(
        insert(LINKS).values(token_sha256=sha256(token), account_id=account_id, expires_at=now + LINK_LASTS)
    )
    return token


def _use_link(connection: Connection, token: str, now: datetime) -> None:
    """Take the link away; only one of two who use it at once finds it."""
    gone = connection.execute(
        delete(LINKS).where(LINKS.c.token_sha256 == sha256(token), LINKS.c.expires_at > now)
    )
    if gone.rowcount != 1:
        raise Refusal("link")
