"""Every route of the application that is served, against every role: the whole table, asked over HTTP (trust.md A4, A5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.access import permissions_of, unguarded_routes
from assistant.app import create_app
from assistant.desk import load_desk
from assistant.settings import read_settings
from tests.staffing import Person, problem, signed_in
from tests.test_access import ELSEWHERE, MATRIX

# One line a route: method, path, permission (`-`: open to everybody). A new route is added here by hand, so that
# somebody has thought about who may use it.
WRITTEN = Path(__file__).with_name("routes.txt")


@pytest.fixture(scope="module")
def app(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("routes")
    (folder / "knowledge").symlink_to(shipped_home)
    settings = read_settings({"DATA_DIR": str(folder), "RATE_LIMIT_SCALE": "1000"})
    app = create_app(settings, with_engine=False, desk=load_desk(True))
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def people(app: FastAPI) -> dict[str, Person]:
    return {role: signed_in(app, role) for role in MATRIX}


def written() -> dict[str, str]:
    lines = [line.rsplit(" ", 1) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    return {route: permission.strip("-") for route, permission in lines}


def came(person: Person, route: str) -> str:
    """How far a request comes: signed_out, refused, or admitted past session and role.

    Forms carry a wrong token, so that whoever is admitted changes nothing.
    """
    method, path = route.replace("MOUNT", "GET").split(" ", 1)
    form = {} if method == "GET" else {"data": {"csrf": "wrong"}}
    response = person.http.request(method, re.sub(r"\{\w+(:path)?\}", "0", path), **form)
    if response.status_code == 401 or response.headers.get("location", "").startswith("/staff/login?"):
        return "signed_out"
    if response.status_code == 403:
        return "admitted" if method != "GET" and problem(response)[1] == "form_token" else "refused"
    return "admitted"


def test_no_route_of_the_application_lacks_a_permission(app: FastAPI) -> None:
    assert unguarded_routes(app) == []


def test_a_route_that_is_forgotten_is_noticed(app: FastAPI) -> None:
    one = create_app(app.state.settings, with_engine=False, desk=load_desk(True))
    one.add_api_route("/api/v1/forgotten", lambda: "open")

    assert unguarded_routes(one) == ["GET /api/v1/forgotten"]


def test_every_route_is_written_down_with_its_permission(app: FastAPI) -> None:
    assert permissions_of(app) == written()


@pytest.mark.parametrize("role", MATRIX)
def test_a_role_comes_as_far_as_the_table_says_on_every_route(people: dict[str, Person], role: str) -> None:
    allowed = {"", *MATRIX[role]}
    wrong = [
        (route, found)
        for route, permission in written().items()
        if (found := came(people[role], route)) != ("admitted" if permission in allowed else "refused")
    ]

    assert wrong == []


def test_whoever_is_signed_out_reaches_public_routes_alone(app: FastAPI) -> None:
    person = Person(app)
    reached = {route for route in written() if came(person, route) != "signed_out"}

    assert reached == {route for route, permission in written().items() if not permission}


def test_a_form_of_another_site_is_refused_on_every_route_of_the_staff(people: dict[str, Person]) -> None:
    person = people["admin"]
    changing = [route.split(" ", 1) for route in written() if not route.startswith(("GET", "MOUNT"))]
    staff = [
        (method, path) for method, path in changing if path.startswith(("/staff", "/admin", "/api/v1/staff"))
    ]
    answers = {
        problem(person.http.request(method, path, data={"csrf": "x"}, headers=headers))
        for method, path in staff
        for headers in ELSEWHERE[:2]
    }

    assert len(staff) >= 15
    assert answers == {(403, "cross_site")}


def sent(person: Person, path: str, kilobytes: int, is_streamed: bool) -> int:
    """Status of a form of this size."""
    token = person.who().json()["csrf"]
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
        + b"x" * 1024 * kilobytes
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": token}
    content = iter([body, b"\r\n--x--\r\n"]) if is_streamed else body + b"\r\n--x--\r\n"
    return int(person.http.post(path, content=content, headers=headers).status_code)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_uploads_are_taken_and_other_forms_stay_small(people: dict[str, Person], is_streamed: bool) -> None:
    admin = people["admin"]

    assert sent(admin, "/admin/documents", 100, is_streamed) == 200
    assert sent(admin, "/admin/service", 1000, is_streamed) == 413
    assert sent(admin, "/staff/flags", 100, is_streamed) == 413
