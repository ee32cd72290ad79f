"""`python -m assistant user`: accounts from the machine itself, and the first administrator's link."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from assistant.accounts import FIRST_ADMIN_PAGE, LINK_LASTS, PASSWORD_PAGE, ROLES, Accounts
from assistant.audit import Actor
from assistant.settings import Settings
from assistant.staff_tables import Database

_HERE = Actor("", "command line", "")


def add_parser(commands: Any) -> None:
    """Add `user add|list|disable|reset` to the subcommands of an argparse parser."""
    user = commands.add_parser("user", help="accounts of the staff")
    actions = user.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="everybody, with role and state")
    listing.add_argument("--json", action="store_true")
    adding = actions.add_parser("add", help="invite somebody; prints the link to hand over")
    adding.add_argument("name")
    adding.add_argument("--role", choices=tuple(ROLES), required=True)
    for action, text in (
        ("disable", "shut somebody out at once"),
        ("reset", "a new link for somebody who lost the password; the old one ends at once"),
    ):
        actions.add_parser(action, help=text).add_argument("name")


def run(options: argparse.Namespace, settings: Settings) -> str:
    """Run one of them; what to print. Raises Refusal where it cannot be done."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        return _run(options, Accounts(database), f"http://{settings.host}:{settings.port}")
    finally:
        database.close()


def first_admin_line(accounts: Accounts, base: str) -> str:
    """What `serve` prints where nobody administers yet: the one-time link; empty where somebody does."""
    token = accounts.first_admin_token(datetime.now(UTC))
    if token is None:
        return ""
    return f"First administrator, once and within {_hours()}: {base}{FIRST_ADMIN_PAGE}{token}"


def _run(options: argparse.Namespace, accounts: Accounts, base: str) -> str:
    now = datetime.now(UTC)
    if options.action == "list":
        everyone = accounts.everyone()
        if options.json:
            return json.dumps({"accounts": [one.public() for one in everyone]}, ensure_ascii=False)
        return "\n".join(f"{one.name}\t{one.role}\t{one.state}" for one in everyone) or "No account yet."
    if options.action == "add":
        _, token = accounts.invite(options.name, options.role, _HERE, now)
    elif options.action == "disable":
        accounts.disable(accounts.named(options.name).id, _HERE, now)
        return f"{options.name} is disabled; open sessions have ended."
    else:
        _, token = accounts.reset(accounts.named(options.name).id, _HERE, now)
    return f"For {options.name}, once and within {_hours()}: {base}{PASSWORD_PAGE}{token}"


def _hours() -> str:
    return f"{LINK_LASTS.total_seconds() / 3600:.0f} hours"
