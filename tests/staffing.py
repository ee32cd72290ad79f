"""An application with accounts of the staff, a clock that tests move, and people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from assistant import account_routes
from assistant.access import Access, needs, protect, refuse_unguarded
from assistant.accounts import Accounts
from assistant.audit import Actor
from assistant.passwords import Hasher
from assistant.refusals import Refusal
from assistant.staff_tables import Database

HOST = "https://staff.test"
HOME = "203.0.113.7"
STAFF = "/api/v1/staff"
PASSWORD = "빨간 우산 아래 고양이가 잔다"
TESTER = Actor("", "tests", "")
# One permission of each kind, and a route that changes something beside one that only reads.
SAMPLES = {
    "GET /readyz": "",
    "GET /search": "lookup",
    "POST /flags": "flag",
    "GET /transcripts": "conversations",
    "GET /documents": "knowledge.read",
    "POST /documents": "knowledge.edit",
    "POST /publish": "knowledge.publish",
    "GET /questions": "questions",
    "GET /figures": "figures",
    "POST /switch": "service",
    "PUT /retention": "retention",
}


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def cheap() -> Hasher:
    """Argon2id at its lowest cost: what is tested with it is not the cost."""
    return Hasher(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


def staff_app(
    database: Database, clock: Clock, hasher: Hasher | None = None, scale: float = 1000.0
) -> FastAPI:
    """Accounts and the sample routes; attempts are limited as in the service only with `scale` 1."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.access = Access(database, hasher or cheap(), scale, clock)
    protect(app)
    app.include_router(account_routes.router)
    for route, permission in SAMPLES.items():
        method, path = route.split()
        guards = [Depends(needs(permission))] if permission else []
        app.add_api_route(path, _sample, methods=[method], dependencies=guards)
    refuse_unguarded(app)
    return app


async def _sample() -> str:
    return "reached"


def refusal(work: Callable[..., Any], *args: Any) -> str:
    """Short name of the refusal, or an empty text."""
    try:
        work(*args)
    except Refusal as error:
        return error.kind
    return ""


def employed(accounts: Accounts, clock: Clock, name: str = "Kim", role: str = "agent") -> str:
    _, token = accounts.invite(name, role, TESTER, clock())
    return accounts.set_password(token, PASSWORD, HOME, clock()).id


def guess(accounts: Accounts, clock: Clock, name: str = "Kim", address: str = HOME) -> int:
    """Seconds to wait that a wrong password was answered with; 0 where it was tried."""
    try:
        accounts.sign_in(name, "wrong password", address, clock())
    except Refusal as refusal:
        return refusal.wait
    raise AssertionError(f"{name} was let in with a wrong password.")


class Person:
    """A browser of our own pages: it says where its requests come from, and keeps cookies."""

    def __init__(self, app: FastAPI, address: str = HOME) -> None:
        self.http = TestClient(
            app,
            base_url=HOST,
            headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
            client=(address, 1),
            follow_redirects=False,
        )

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.http.post(f"{STAFF}/session", json={"name": name, "password": password})

    def post(self, path: str, **fields: Any) -> Any:
        return self.http.post(f"{STAFF}{path}", json=fields)

    def who(self) -> Any:
        return self.http.get(f"{STAFF}/session")

    def call(self, route: str) -> int:
        method, path = route.split()
        return int(
            self.http.request(method, path, json=None if method in ("GET", "DELETE") else {}).status_code
        )


def employ(app: FastAPI, name: str, role: str, password: str = PASSWORD) -> str:
    """Make an account that can sign in; its id."""
    access: Access = app.state.access
    account, token = access.accounts.invite(name, role, TESTER, access.clock())
    access.accounts.set_password(token, password, "", access.clock())
    return account.id


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def signed_in(app: FastAPI, role: str) -> Person:
    """A new person of this role, named like it."""
    employ(app, role, role)
    person = Person(app)
    person.sign_in(role).raise_for_status()
    return person


def problem(response: Any) -> tuple[int, str]:
    """Status and short name of a refusal."""
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["type"].removeprefix("urn:problem:")
