"""Who may do what: permissions of routes, requests of other sites, form tokens (trust.md A4, A5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Form, UploadFile, WebSocket
from fastapi.staticfiles import StaticFiles

from assistant.access import COOKIE, PUBLIC, needs, permissions_of, refuse_unguarded, unguarded_routes
from assistant.accounts import ROLES
from assistant.staff_tables import Database
from tests.staffing import (
    HOST,
    SAMPLES,
    STAFF,
    TESTER,
    Clock,
    Person,
    employ,
    problem,
    signed_in,
    staff_app,
)

# Permissions a role does not hold are refused; this is the whole table, written down a second time on purpose.
MATRIX = {
    "viewer": {"own", "lookup", "knowledge.read", "figures"},
    "agent": {"own", "lookup", "flag", "conversations"},
    "editor": {"own", "lookup", "flag", "knowledge.read", "knowledge.edit", "questions", "figures"},
    "publisher": {"own", "lookup", "flag", "knowledge.read", "knowledge.publish", "figures", "service"},
    "admin": {
        "own", "lookup", "flag", "conversations", "knowledge.read", "knowledge.edit", "knowledge.publish", "questions",
        "figures", "service", "retention", "accounts", "audit",
    },
}  # fmt: skip
OWN_ROUTES = {
    "POST /session": "",
    "GET /session": "own",
    "DELETE /session": "own",
    "POST /session/end": "own",
    "POST /password": "own",
    "POST /first-admin": "",
    "POST /links": "",
    "GET /accounts": "accounts",
    "POST /accounts": "accounts",
    "POST /accounts/{account_id}/role": "accounts",
    "POST /accounts/{account_id}/disable": "accounts",
    "POST /accounts/{account_id}/reset": "accounts",
    "GET /audit": "audit",
    "GET /audit/check": "audit",
}
CHANGING = ["POST /flags", "POST /publish", "PUT /retention", "DELETE /api/v1/staff/session", "POST /api/v1/staff/accounts", "POST /api/v1/staff/session", "POST /api/v1/staff/links"]  # fmt: skip


@pytest.fixture
def app(database: Database, clock: Clock) -> FastAPI:
    return staff_app(database, clock)


@pytest.fixture
def admin(app: FastAPI) -> Person:
    employ(app, "Lee", "admin")
    person = Person(app)
    assert person.sign_in("Lee").status_code == 200
    return person


def test_every_route_is_in_the_table_with_its_permission(app: FastAPI) -> None:
    own = {route.replace(" ", f" {STAFF}", 1): permission for route, permission in OWN_ROUTES.items()}

    assert permissions_of(app) == SAMPLES | own


@pytest.mark.parametrize("role", MATRIX)
def test_a_role_opens_its_routes_and_no_other(app: FastAPI, role: str) -> None:
    person = signed_in(app, role)
    opened = {route for route in SAMPLES if person.call(route) == 200}

    assert opened == {route for route, needed in SAMPLES.items() if not needed or needed in MATRIX[role]}


@pytest.mark.parametrize("role", MATRIX)
def test_only_administrators_reach_accounts_and_the_log(app: FastAPI, role: str) -> None:
    person = signed_in(app, role)
    found = {person.call(f"{method} {STAFF}{path}") for method, path in (
        ("GET", "/accounts"), ("POST", "/accounts"), ("POST", "/accounts/x/role"), ("POST", "/accounts/x/disable"),
        ("POST", "/accounts/x/reset"), ("GET", "/audit"), ("GET", "/audit/check"))}  # fmt: skip

    assert found == ({200, 404, 422} if role == "admin" else {403})


def test_roles_are_as_written_down() -> None:
    assert {role: set(held) for role, held in ROLES.items()} == MATRIX


def test_nobody_who_has_not_signed_in_reaches_a_guarded_route(app: FastAPI) -> None:
    person = Person(app)
    guarded = [route for route, permission in permissions_of(app).items() if permission]

    assert len(guarded) == 21
    assert {person.call(route) for route in guarded} == {401}


def test_sign_in_is_asked_for_before_a_body_is_read(app: FastAPI) -> None:
    response = Person(app).http.post(
        f"{STAFF}/accounts", content=b"{not json", headers={"Content-Type": "application/json"}
    )

    assert problem(response) == (401, "signed_out")


def test_refused_permission_stands_in_the_log(app: FastAPI, admin: Person) -> None:
    signed_in(app, "editor").http.post("/publish", json={})
    row = admin.http.get(f"{STAFF}/audit").json()["rows"][0]

    assert (row["name"], row["action"], row["object"], row["result"]) == (
        "editor",
        "knowledge.publish",
        "POST /publish",
        "refused",
    )


def test_session_that_opens_while_its_person_is_disabled_opens_nothing(app: FastAPI, clock: Clock) -> None:
    kim, access = employ(app, "Kim", "agent"), app.state.access
    access.accounts.disable(kim, TESTER, clock())
    person = Person(app)
    person.http.cookies.set(COOKIE, access.sessions.open(kim, clock()))

    assert person.who().status_code == 401


def plain(app: FastAPI) -> str:
    app.add_api_route("/forgotten", lambda: "open", methods=["POST"])
    return "POST /forgotten"


def included(app: FastAPI) -> str:
    inner, outer = APIRouter(), APIRouter()
    inner.add_api_route("/forgotten/{id}", lambda id: id)
    outer.include_router(inner, prefix="/inner")
    app.include_router(outer, prefix="/outer")
    return "GET /outer/inner/forgotten/{id}"


def mounted(app: FastAPI) -> str:
    app.mount("/files", StaticFiles(directory=Path(__file__).parent))
    return "MOUNT /files"


def socket(app: FastAPI) -> str:
    async def listen(websocket: WebSocket) -> None: ...

    app.add_api_websocket_route("/live", listen)
    return "WEBSOCKET /live"


def sub_application(app: FastAPI) -> str:
    app.mount("/other", FastAPI())
    return "MOUNT /other"


def starlette_route(app: FastAPI) -> str:
    app.router.add_route("/raw", lambda request: None, methods=["GET"])
    return "GET /raw"


@pytest.mark.parametrize("forget", [plain, included, mounted, socket, sub_application, starlette_route])
def test_a_route_without_a_permission_keeps_the_service_from_starting(forget: Any) -> None:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    name = forget(app)

    assert unguarded_routes(app) == [name]
    with pytest.raises(RuntimeError, match=re.escape(name)):
        refuse_unguarded(app)


def test_a_router_guarded_as_a_whole_is_guarded() -> None:
    app, inner = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), APIRouter()
    inner.add_api_route("/one", lambda: "one")
    app.include_router(inner, dependencies=[Depends(needs("figures"))])

    assert permissions_of(app) == {"GET /one": "figures"}


def test_a_permission_that_is_not_in_the_table_is_refused_at_import() -> None:
    with pytest.raises(ValueError, match="no permission 'knowlege"):
        needs("knowlege.edit")


def test_public_list_names_no_route_twice_guarded(app: FastAPI) -> None:
    assert [
        route for route, permission in permissions_of(app).items() if permission and route in PUBLIC
    ] == []


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HOST},
    {"Sec-Fetch-Site": "something new"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "https://staff.test.elsewhere.example"},
    {"Origin": f"{HOST}:8443"},
    {"Origin": "null"},
    {"Origin": "not an address"},
    {},
]
OURS = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": HOST}]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_change_asked_for_by_another_site_is_refused_on_every_route(
    admin: Person, headers: dict[str, str]
) -> None:
    del admin.http.headers["Sec-Fetch-Site"]
    found = set()
    for route in CHANGING:
        method, path = route.split()
        found.add(problem(admin.http.request(method, path, json={}, headers=headers)))

    assert found == {(403, "cross_site")}


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_change_asked_for_by_our_own_page_is_taken(admin: Person, headers: dict[str, str]) -> None:
    del admin.http.headers["Sec-Fetch-Site"]

    assert admin.http.post("/publish", json={}, headers=headers).status_code == 200
    assert admin.http.put("/retention", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/conversations", "/api/v1/conversations/x/messages", "/internal/actions"]
)
def test_routes_that_carry_their_own_secret_are_left_alone(app: FastAPI, path: str) -> None:
    response = Person(app).http.post(path, json={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 404  # this application has none of them; what matters is that it was asked


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "kind", [FORM, "multipart/form-data; boundary=x", "text/plain", "", "application/jsonp", "text/json"]
)
def test_what_is_not_json_needs_the_form_token(admin: Person, kind: str) -> None:
    body = b"--x--" if "multipart" in kind else b""
    response = admin.http.post("/publish", content=body, headers={"Content-Type": kind} if kind else {})

    assert problem(response) == (403, "form_token")


def test_form_with_its_token_is_taken_in_field_or_header(admin: Person) -> None:
    token = admin.who().json()["csrf"]
    tries = [
        admin.http.post("/publish", data={"csrf": token}),
        admin.http.post("/publish", data={"csrf": token}, files={"file": b"content"}),
        admin.http.post("/publish", headers={"X-CSRF-Token": token}),
    ]

    assert [response.status_code for response in tries] == [200] * 3


def test_form_token_of_another_session_is_refused(app: FastAPI, admin: Person) -> None:
    other = Person(app)
    other.sign_in("Lee")
    token = other.who().json()["csrf"]
    wrong = [token, "", "x" * 64, "토큰"]

    assert {problem(admin.http.post("/publish", data={"csrf": one}))[1] for one in wrong} == {"form_token"}


def test_database_that_fails_is_told_without_its_words(admin: Person, database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE staff_sessions RENAME TO gone")
    response = admin.who()

    assert problem(response) == (503, "unavailable")
    assert (response.headers["retry-after"], "staff_sessions" in response.text) == ("5", False)


def test_upload_of_a_person_without_the_permission_is_not_read(app: FastAPI) -> None:
    person = signed_in(app, "viewer")
    read: list[int] = []

    def parts() -> Iterator[bytes]:
        for number in range(3):
            read.append(number)
            yield b"x" * 1000

    response = person.http.post("/documents", content=parts(), headers={"Content-Type": "multipart/form-data; boundary=x"})  # fmt: skip

    assert problem(response) == (403, "permission")


def test_route_that_declares_its_own_form_is_guarded_the_same(app: FastAPI, admin: Person) -> None:
    @app.post("/upload", dependencies=[Depends(needs("knowledge.edit"))])
    async def upload(title: Annotated[str, Form()], file: UploadFile) -> str:
        return f"{title}: {len(await file.read())}"

    fields, files = {"title": "자료", "csrf": admin.who().json()["csrf"]}, {"file": b"content"}
    taken = admin.http.post("/upload", data=fields, files=files)

    assert taken.json() == "자료: 7"
    assert problem(admin.http.post("/upload", data={"title": "자료"}, files=files)) == (403, "form_token")
