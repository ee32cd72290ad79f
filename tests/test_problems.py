"""Refusals: the same 404 for every stranger, sizes and shapes of requests, and how a refusal is worded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from tests.visitor import CONVERSATIONS, Visitor, open_service

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_service(tmp_path_factory.mktemp("problems"), shipped_home) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor.begin(client, "en")


def private_routes(client: TestClient) -> list[tuple[str, str]]:
    """Method and path of every route that holds a conversation's id."""
    return [
        (method, str(route.path))
        for route in iter_route_contexts(client.app.routes)  # type: ignore[attr-defined]
        if "{conversation_id}" in str(route.path)
        for method in sorted(route.methods or ())
    ]


def refusal(
    client: TestClient, method: str, path: str, headers: dict[str, str], **more: Any
) -> tuple[int, str, str]:
    """Status, type and body of a response, but for the request id."""
    response = client.request(
        method, path, headers=headers, **({"json": {}} if method == "POST" else {}), **more
    )
    body = re.sub(r'"request_id":"[0-9a-f]+"', "", response.text)
    return response.status_code, response.headers["content-type"], body


def strangers(visitor: Visitor, other: Visitor) -> list[dict[str, str]]:
    """Headers that do not open the visitor's conversation."""
    token = visitor.token
    schemes = [{}, {"Authorization": ""}, {"Authorization": token}, {"Authorization": f"Basic {token}"}]
    wrong = [other.token, token[:-1], token[1:], token + "A", token.swapcase(), visitor.id, "", "x" * 4000]
    return [*schemes, {"Cookie": f"token={token}"}, *({"Authorization": f"Bearer {text}"} for text in wrong)]


def test_every_private_route_refuses_every_stranger_alike(client: TestClient, visitor: Visitor) -> None:
    routes = private_routes(client)
    attempts = [(visitor.id, headers) for headers in strangers(visitor, Visitor.begin(client))]
    attempts += [
        ("unknown", visitor.headers),
        (visitor.id.swapcase(), visitor.headers),
        ("%00", visitor.headers),
    ]
    answers = {
        refusal(client, method, path.format(conversation_id=id), headers)
        for method, path in routes
        for id, headers in attempts
    }

    assert len(routes) >= 5
    assert [(status, kind) for status, kind, _ in answers] == [(404, "application/problem+json")]


def test_every_private_route_refuses_a_token_in_the_address(client: TestClient, visitor: Visitor) -> None:
    queries = [{name: visitor.token} for name in ("token", "authorization", "Authorization", "access_token")]
    answers = {
        refusal(client, method, path.format(conversation_id=visitor.id), {}, params=query)
        for method, path in private_routes(client)
        for query in queries
    }

    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_token_that_is_not_ascii_is_refused_like_any_other(client: TestClient, visitor: Visitor) -> None:
    header = {b"Authorization": "Bearer \u00e9\u00e9".encode("latin-1")}
    response = client.get(f"{visitor.path}/messages", headers=header)  # type: ignore[arg-type]

    assert (response.status_code, response.json()["type"]) == (404, "urn:problem:not_found")


def test_strangers_change_nothing(client: TestClient, visitor: Visitor) -> None:
    for method, path in private_routes(client):
        refusal(client, method, path.format(conversation_id=visitor.id), {"Authorization": "Bearer wrong"})

    assert visitor.transcript() == visitor.opening


MESSAGE = b'{"text": "a", "client_message_id": "a"}'
WRONG_SHAPES = [
    (b"", JSON), (b"{", JSON), (b"[]", JSON), (b"null", JSON), (b"[" * 8000, JSON), (b"\xff\xfe\x00", JSON),
    (b'{"text": 5, "client_message_id": "a"}', JSON), (b'{"text": ["a"], "client_message_id": "a"}', JSON),
    (b'{"text": "a"}', JSON), (b'{"text": "a", "client_message_id": ""}', JSON),
    (b'{"text": "a", "client_message_id": "a b"}', JSON), (b'{"text": "a", "client_message_id": "\\u0000"}', JSON),
    (b'{"text": "a", "client_message_id": 7}', JSON),
    (b'{"text": "a", "client_message_id": "' + b"a" * 65 + b'"}', JSON),
    (MESSAGE, {"content-type": "text/plain"}), (MESSAGE, {"content-type": "application/x-www-form-urlencoded"}), (MESSAGE, {}),
]  # fmt: skip


@pytest.mark.parametrize(("content", "headers"), WRONG_SHAPES, ids=lambda value: ascii(value)[:48])
def test_message_of_a_wrong_shape_is_refused(
    visitor: Visitor, content: bytes, headers: dict[str, str]
) -> None:
    response = visitor.http.post(
        f"{visitor.path}/messages", content=content, headers=visitor.headers | headers
    )

    assert (response.status_code, response.json()["type"]) == (422, "urn:problem:malformed")
    assert visitor.transcript() == visitor.opening


@pytest.mark.parametrize(
    "body", [{"language": "fr"}, {"language": 1}, {"site": "x" * 65}, {"site": 3}, {"language": None}]
)
def test_beginning_with_unusable_fields_is_refused_by_name(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post(CONVERSATIONS, json=body)

    assert response.status_code == 422
    assert response.json()["detail"].startswith(next(iter(body)) + ":")


def test_unknown_fields_are_ignored(client: TestClient) -> None:
    response = client.post(CONVERSATIONS, json={"language": "ko", "sender": "admin", "id": "mine"})

    assert response.status_code == 201
    assert response.json()["id"] != "mine"


def test_body_over_16_kb_is_refused(visitor: Visitor) -> None:
    body = json.dumps({"text": "가" * 6000, "client_message_id": "a"}, ensure_ascii=False).encode()
    response = visitor.http.post(f"{visitor.path}/messages", content=body, headers=visitor.headers | JSON)

    assert response.status_code == 413
    assert visitor.transcript() == visitor.opening


def test_body_over_16_kb_in_pieces_is_refused_in_words(visitor: Visitor) -> None:
    pieces = (b" " * 1024 for _ in range(20))
    response = visitor.http.post(f"{visitor.path}/messages", content=pieces, headers=visitor.headers | JSON)

    assert (response.status_code, response.json()["type"]) == (413, "urn:problem:too_large")
    assert "16 KB" in response.json()["detail"]


def test_body_declared_over_16_kb_is_refused_in_words(client: TestClient) -> None:
    response = client.post(CONVERSATIONS, content=b" " * 17_000, headers=JSON)

    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_problem_has_the_fields_of_rfc_9457_and_a_request_id(visitor: Visitor) -> None:
    response = visitor.say("")
    problem = response.json()

    assert response.headers["content-type"] == "application/problem+json"
    assert problem == {
        "type": "urn:problem:empty",
        "title": "The message is empty",
        "status": 422,
        "detail": "Please write at least one character.",
        "request_id": response.headers["x-request-id"],
    }


def test_problem_speaks_the_language_of_the_conversation(client: TestClient) -> None:
    titles = [Visitor.begin(client, language).say("").json()["title"] for language in ("ko", "en", "auto")]

    assert titles == [
        "내용이 비어 있습니다",
        "The message is empty",
        "내용이 비어 있습니다 / The message is empty",
    ]


@pytest.mark.parametrize(
    ("accept", "title"), [("ko-KR,en;q=0.5", "없는 주소입니다"), ("en", "No such address")]
)
def test_problem_without_conversation_speaks_the_language_of_the_browser(
    client: TestClient, accept: str, title: str
) -> None:
    response = client.get("/api/v1/nothing-here", headers={"Accept-Language": accept})

    assert response.json()["title"] == title


def test_malformed_message_is_refused_in_the_language_of_the_conversation(visitor: Visitor) -> None:
    assert visitor.say(5).json()["title"] == "The request cannot be read"


def test_request_ids_differ(client: TestClient) -> None:
    ids = {client.get("/nowhere").json()["request_id"] for _ in range(20)}

    assert len(ids) == 20
    assert all(re.fullmatch(r"[0-9a-f]{16}", id) for id in ids)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/nowhere.js", 404),
        ("GET", "/static/../app.py", 404),
        ("PUT", CONVERSATIONS, 405),
    ],
)
def test_other_addresses_and_methods_are_refused_as_problems(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("after", ["abc", "1.5", ""])
def test_messages_after_what_is_no_number_is_refused(visitor: Visitor, after: str) -> None:
    response = visitor.http.get(f"{visitor.path}/messages?after={after}", headers=visitor.headers)

    assert response.status_code == 422


def test_messages_after_a_number_too_large_is_no_failure(visitor: Visitor) -> None:
    response = visitor.http.get(f"{visitor.path}/messages?after={10**20}", headers=visitor.headers)

    assert response.status_code < 500
