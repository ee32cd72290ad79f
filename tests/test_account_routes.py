"""Signing in and out over HTTP, links, the list of people (trust.md A2, A3, A6)."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from assistant.access import COOKIE
from assistant.accounts import ROLES
from assistant.passwords import Hasher
from assistant.staff_tables import Database
from tests.staffing import (
    HOST,
    PASSWORD,
    STAFF,
    Clock,
    Person,
    employ,
    problem,
    staff_app,
)

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(database: Database, clock: Clock) -> FastAPI:
    return staff_app(database, clock)


@pytest.fixture
def admin(app: FastAPI) -> Person:
    employ(app, "Lee", "admin")
    person = Person(app)
    assert person.sign_in("Lee").status_code == 200
    return person


def test_first_administrator_signs_in_by_the_link_once(app: FastAPI, clock: Clock) -> None:
    token = app.state.access.accounts.first_admin_token(clock())
    first, second = Person(app), Person(app)
    made = first.post("/first-admin", token=token, name="Lee", password=PASSWORD)

    assert (made.status_code, made.json()["role"], first.who().json()["name"]) == (200, "admin", "Lee")
    assert problem(second.post("/first-admin", token=token, name="Choi", password=PASSWORD)) == (410, "link")


@pytest.mark.parametrize("password", ["admin", "password", "", PASSWORD])
def test_without_a_first_administrator_nobody_signs_in(app: FastAPI, password: str) -> None:
    assert problem(Person(app).sign_in("admin", password)) == (401, "credentials")


def test_weak_password_is_refused_with_what_to_do(app: FastAPI, clock: Clock) -> None:
    token = app.state.access.accounts.first_admin_token(clock())
    response = Person(app).post("/first-admin", token=token, name="Lee", password="Password1234!")

    assert problem(response) == (422, "guessable")
    assert "common" in response.json()["detail"]
    assert "Password1234!" not in response.text


def test_cookie_is_kept_from_scripts_other_sites_and_plain_http(app: FastAPI) -> None:
    employ(app, "Kim", "agent")
    name, _, rest = Person(app).sign_in("Kim").headers["set-cookie"].partition("=")
    value, *attributes = rest.split("; ")

    assert (name, len(value)) == ("__Host-staff", 43)
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=lax", "Secure"]


def replayed(app: FastAPI, token: str) -> int:
    person = Person(app)
    person.http.cookies.set(COOKIE, token)
    return int(person.who().status_code)


ENDINGS = [
    "sign out",
    "sign out by form",
    "sign in again",
    "password",
    "role",
    "disable",
    "reset",
    "idle",
    "age",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_replayed_cookie_of_an_ended_session_is_refused(
    app: FastAPI, admin: Person, clock: Clock, ending: str
) -> None:
    kim = employ(app, "Kim", "agent")
    person = Person(app)
    person.sign_in("Kim")
    token = person.http.cookies[COOKIE]
    before = replayed(app, token)
    match ending:
        case "sign out":
            person.http.request(
                "DELETE", f"{STAFF}/session", headers={"X-CSRF-Token": person.who().json()["csrf"]}
            )
        case "sign out by form":
            person.http.post(f"{STAFF}/session/end", data={"csrf": person.who().json()["csrf"]})
        case "sign in again":
            person.sign_in("Kim")
        case "password":
            person.post("/password", current=PASSWORD, new=PASSWORD + " 또")
        case "role":
            admin.post(f"/accounts/{kim}/role", role="editor")
        case "disable" | "reset":
            admin.post(f"/accounts/{kim}/{ending}")
        case "idle":
            clock.forward(minutes=31)
        case "age":
            for _ in range(25):
                clock.forward(minutes=29)
                replayed(app, token)

    assert (before, replayed(app, token)) == (200, 401)


def test_session_in_use_outlives_its_idle_time(app: FastAPI, admin: Person, clock: Clock) -> None:
    seen = []
    for _ in range(24):
        clock.forward(minutes=29)
        seen.append(admin.who().status_code)

    assert seen == [200] * 24


def test_changing_the_password_gives_this_browser_a_new_session(app: FastAPI, admin: Person) -> None:
    other = Person(app)
    other.sign_in("Lee")
    before = admin.http.cookies[COOKIE]
    response = admin.post("/password", current=PASSWORD, new=PASSWORD + " 또")

    assert response.status_code == 200
    assert admin.http.cookies[COOKIE] != before
    assert (admin.who().status_code, other.who().status_code) == (200, 401)


def test_a_cookie_chosen_by_somebody_else_is_not_taken_over(app: FastAPI) -> None:
    employ(app, "Kim", "agent")
    person = Person(app)
    person.http.cookies.set(COOKIE, "fixed-by-an-attacker", domain="staff.test", path="/")
    person.sign_in("Kim")

    assert person.http.cookies.get(COOKIE, domain="staff.test") != "fixed-by-an-attacker"
    assert replayed(app, "fixed-by-an-attacker") == 401


def test_new_role_is_in_force_at_the_next_sign_in(app: FastAPI, admin: Person) -> None:
    kim = employ(app, "Kim", "agent")
    admin.post(f"/accounts/{kim}/role", role="editor").raise_for_status()
    person = Person(app)
    person.sign_in("Kim")

    assert (person.call("POST /documents"), person.call("GET /transcripts")) == (200, 403)


def test_sixth_wrong_password_is_told_how_long_to_wait(database: Database, clock: Clock) -> None:
    app = staff_app(database, clock, scale=1)
    employ(app, "Kim", "agent")
    person = Person(app)
    tries = [problem(person.sign_in("Kim", f"wrong password {i}")) for i in range(5)]
    shut = person.sign_in("Kim")

    assert tries == [(401, "credentials")] * 5
    assert (problem(shut), shut.headers["retry-after"]) == ((429, "attempts"), "300")
    assert "300 seconds" in shut.json()["detail"]
    clock.forward(seconds=300)
    assert person.sign_in("Kim").status_code == 200


def test_unknown_disabled_and_invited_names_are_answered_like_a_wrong_password(
    app: FastAPI, admin: Person
) -> None:
    employ(app, "Kim", "agent")
    admin.post(f"/accounts/{employ(app, 'Choi', 'agent')}/disable").raise_for_status()
    admin.post("/accounts", name="Park", role="agent").raise_for_status()
    answers = {
        Person(app).sign_in(name, word).text
        for name, word in [
            ("Kim", "wrong password"),
            ("nobody", PASSWORD),
            ("Choi", PASSWORD),
            ("Park", PASSWORD),
        ]
    }

    assert len(answers) == 1


def test_two_hundred_guesses_at_once_leave_the_service_quick(database: Database, clock: Clock) -> None:
    app = staff_app(database, clock, Hasher(), scale=1)
    waits: list[float] = []

    async def storm() -> list[int]:
        transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as http:
            headers = {"Sec-Fetch-Site": "same-origin"}
            body = {"name": "Kim", "password": "wrong password"}
            guesses = asyncio.gather(
                *(http.post(f"{STAFF}/session", json=body, headers=headers) for _ in range(200))
            )
            while not guesses.done():
                started = time.perf_counter()
                await http.get("/readyz")
                waits.append(time.perf_counter() - started)
                await asyncio.sleep(0.005)
            return [response.status_code for response in await guesses]

    statuses = asyncio.run(storm())

    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 6  # the limit, and those under way when it was reached
    assert statistics.median(waits) < 0.2  # seconds; behind the hashing of 200 guesses it would be many


def test_sign_in_by_form_leads_to_the_next_page(app: FastAPI) -> None:
    employ(app, "Kim", "agent")
    person = Person(app)
    response = person.http.post(f"{STAFF}/session", data={"name": "Kim", "password": PASSWORD, "next": "/staff?q=판교"})  # fmt: skip

    assert (response.status_code, response.headers["location"]) == (303, "/staff?q=%ED%8C%90%EA%B5%90")
    assert person.who().json()["name"] == "Kim"


@pytest.mark.parametrize("going", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "staff", "/a\r\nX-Y: 1", "javascript:x"])  # fmt: skip
def test_next_page_is_never_of_another_site(app: FastAPI, going: str) -> None:
    employ(app, "Kim", "agent")
    response = Person(app).http.post(f"{STAFF}/session", data={"name": "Kim", "password": PASSWORD, "next": going})  # fmt: skip

    assert response.status_code == 422
    assert "set-cookie" not in response.headers


def test_sign_out_by_form_clears_the_cookie_and_leads_on(admin: Person) -> None:
    token = admin.who().json()["csrf"]
    response = admin.http.post(f"{STAFF}/session/end", data={"csrf": token, "next": "/staff"})

    assert (response.status_code, response.headers["location"]) == (303, "/staff")
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert COOKIE not in admin.http.cookies


BODIES: list[tuple[bytes, str, int]] = [
    (b"{not json", "application/json", 422),
    (b"[" * 9000, "application/json", 422),
    (b"\xff\xfe", "application/json", 422),
    (b"[]", "application/json", 422),
    (b'{"name": 1, "password": null}', "application/json", 422),
    (b'{"name": "' + b"x" * 200 + b'", "password": "x"}', "application/json", 422),
    (b"name=Kim", FORM, 422),
    (b'{"name": "Kim", "password": "x"}', "text/plain", 415),
    (b'{"name": "Kim", "password": "x"}', "", 415),
    (b'{"name": "' + b"x" * 20_000 + b'"}', "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES)
def test_body_that_cannot_be_read_is_refused(app: FastAPI, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind} if kind else {}

    assert Person(app).http.post(f"{STAFF}/session", content=body, headers=headers).status_code == status


def test_endless_body_is_cut_off(app: FastAPI) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    response = Person(app).http.post(f"{STAFF}/session", content=endless(), headers={"Content-Type": "application/json"})  # fmt: skip

    assert response.status_code == 413


@pytest.mark.parametrize(("language", "title"), [("ko-KR,ko", "로그인하지 못했습니다"), ("en", "Signing in failed"), ("fr", "로그인하지 못했습니다 / Signing in failed")])  # fmt: skip
def test_refusal_is_in_the_language_of_the_browser(app: FastAPI, language: str, title: str) -> None:
    person = Person(app)
    person.http.headers["Accept-Language"] = language

    assert person.sign_in("nobody").json()["title"] == title


def test_invited_person_joins_by_the_link(app: FastAPI, admin: Person) -> None:
    invited = admin.post("/accounts", name="김 하늘", role="agent")
    page, _, token = invited.json()["link"].partition("#")
    person = Person(app)
    joined = person.post("/links", token=token, password=PASSWORD)

    assert (invited.status_code, page, joined.status_code) == (201, "/staff/password", 200)
    assert person.who().json()["permissions"] == sorted(ROLES["agent"])


def test_list_of_accounts_holds_no_secret(admin: Person) -> None:
    link = admin.post("/accounts", name="Kim", role="viewer").json()["link"]
    listed = admin.http.get(f"{STAFF}/accounts")

    assert [(one["name"], one["role"], one["state"]) for one in listed.json()["accounts"]] == [("Kim", "viewer", "invited"), ("Lee", "admin", "active")]  # fmt: skip
    assert link.partition("#")[2] not in listed.text
    assert "argon2" not in listed.text


@pytest.mark.parametrize(
    ("path", "fields", "expected"),
    [
        ("/accounts", {"name": "Lee", "role": "agent"}, (409, "name_taken")),
        ("/accounts", {"name": "<i>", "role": "agent"}, (422, "name")),
        ("/accounts/nobody/role", {"role": "agent"}, (404, "no_account")),
        ("/accounts/nobody/disable", {}, (404, "no_account")),
        ("/accounts/nobody/reset", {}, (404, "no_account")),
        ("/links", {"token": "x", "password": PASSWORD}, (410, "link")),
    ],
)
def test_what_cannot_be_done_to_accounts_is_refused_by_name(
    admin: Person, path: str, fields: dict[str, str], expected: tuple[int, str]
) -> None:
    assert problem(admin.post(path, **fields)) == expected


def test_unknown_role_is_refused_with_the_roles_there_are(admin: Person) -> None:
    response = admin.post("/accounts", name="Kim", role="root")

    assert response.status_code == 422
    assert "viewer, agent, editor, publisher, admin" in response.text


def test_last_administrator_cannot_step_down(app: FastAPI, admin: Person) -> None:
    lee = admin.http.get(f"{STAFF}/accounts").json()["accounts"][0]["id"]

    assert problem(admin.post(f"/accounts/{lee}/disable")) == (409, "last_admin")
    assert problem(admin.post(f"/accounts/{lee}/role", role="editor")) == (409, "last_admin")
    assert admin.who().status_code == 200


def test_log_tells_who_did_what_and_is_whole(app: FastAPI, admin: Person) -> None:
    kim = admin.post("/accounts", name="Kim", role="agent").json()["account"]["id"]
    admin.post(f"/accounts/{kim}/disable")
    rows = admin.http.get(f"{STAFF}/audit", params={"limit": 2}).json()["rows"]

    assert [(row["name"], row["action"], row["object"], row["address"]) for row in rows] == [
        ("Lee", "account.disable", "Kim", "203.0.113.7"),
        ("Lee", "account.add", "Kim", "203.0.113.7"),
    ]
    assert admin.http.get(f"{STAFF}/audit/check").json() == {"whole": True, "first_broken": None}


def test_routes_describe_their_bodies_to_openapi(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    body = paths[f"{STAFF}/session"]["post"]["requestBody"]["content"]

    assert set(body) == {"application/json", FORM, "multipart/form-data"}
    assert set(body[FORM]["schema"]["properties"]) == {"name", "password", "next"}
