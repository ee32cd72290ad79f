"""A running application with a desk, for tests of hand-overs: its clock, its staff and its visitors."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from assistant.app import create_app
from assistant.desk import load_desk
from assistant.settings import read_settings
from tests.visitor import Visitor

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, 12:00 in Korea
TICKET = re.compile(r"R-[2-9B-DF-HJ-NP-TV-Z]{5}")
PHONE = "010-2468-1357"
FORM = {"name": "김하나", "phone": PHONE, "time": "평일 오후", "consent": True}


class Service:
    """A running application with a staffed desk; `now` is its clock."""

    def __init__(self, client: TestClient, folder: Path) -> None:
        self.http, self.folder, self.now = client, folder, NOON
        self.chat = client.app.state.chat
        self.reception = self.chat.reception
        self.reception.now = lambda: self.now

    def run(self, step: Callable[..., Any], *values: Any) -> Any:
        """One step of the staff, on the application's own loop."""
        return self.http.portal.call(step, *values)

    def handovers(self, visitor: Visitor) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT ticket, reason, state FROM handovers WHERE conversation_id = ? ORDER BY created_at",
            visitor.id,
        )

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "service.db")) as connection:
            return connection.execute(query, values).fetchall()


@contextmanager
def serving(folder: Path, home: Path, staffed: bool) -> Iterator[Service]:
    (folder / "knowledge").symlink_to(home)
    app = create_app(read_settings({"DATA_DIR": str(folder)}), with_engine=False, desk=load_desk(staffed))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Service(client, folder)


def ask(visitor: Visitor, **body: Any) -> Any:
    return visitor.http.post(f"{visitor.path}/handover", json=body, headers=visitor.headers)


def leave(visitor: Visitor) -> int:
    return int(visitor.http.delete(f"{visitor.path}/handover", headers=visitor.headers).status_code)


def taken(desk: Service) -> tuple[Visitor, str]:
    """A visitor whose conversation `mina` has taken, and its ticket."""
    visitor = Visitor.begin(desk.http)
    ticket = ask(visitor).json()["ticket"]
    desk.run(desk.reception.staff_takes, ticket, "mina")
    return visitor, ticket
