"""The service around the conversation: headers, catalogue, passages, readiness, the engine's door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.app import ACTIONS_PATH, create_app
from assistant.settings import read_settings
from knowledge.embedding import Embedder
from tests.releasing import released
from tests.visitor import Visitor, open_service

PAGES = ["/", "/widget", "/passage", "/static/widget/index.html"]
API = ["/api/v1/land", "/api/v1/openapi.json", "/api/v1/nowhere", "/healthz", "/readyz"]


@pytest.fixture(scope="module")
def client(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_service(tmp_path_factory.mktemp("app"), shipped_home) as client:
        yield client


def rows(client: TestClient, kind: str, **filters: str) -> list[dict[str, Any]]:
    found = client.get(f"/api/v1/{kind}", params=filters).raise_for_status().json()
    return list(found["rows"])


@pytest.mark.parametrize("path", PAGES)
def test_pages_forbid_foreign_scripts(client: TestClient, path: str) -> None:
    policy = client.get(path).raise_for_status().headers["content-security-policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert (parts["default-src"], parts["script-src"], parts["style-src"]) == ("'none'", "'self'", "'self'")
    assert (parts["object-src"], parts["base-uri"]) == ("'none'", "'none'")


def test_only_the_widget_may_be_framed(client: TestClient) -> None:
    framed = [
        path for path in PAGES if "frame-ancestors *" in client.get(path).headers["content-security-policy"]
    ]

    assert framed == ["/widget"]


@pytest.mark.parametrize("path", [*PAGES, "/widget.js", "/static/widget/app.js", *API])
def test_every_response_has_the_plain_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", API)
def test_api_is_never_stored_by_a_browser(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_conversation_is_never_stored_by_a_browser_and_sets_no_cookie(client: TestClient) -> None:
    response = Visitor.begin(client).say("입주승인은 누가 하나요?")

    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


CONSOLES = ["/staff", "/staff/login", "/staff/nowhere"]


@pytest.mark.parametrize("path", CONSOLES)
def test_consoles_are_alone_in_their_window_and_never_stored(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers

    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "cross-origin-opener-policy" not in client.get("/staffing").headers


def test_https_is_held_on_to_where_it_is_used(client: TestClient) -> None:
    over_https = TestClient(client.app, base_url="https://assistant.test")

    assert over_https.get("/staff/login").headers["strict-transport-security"].startswith("max-age=31536000")
    assert "strict-transport-security" not in client.get("/staff/login").headers


def test_only_what_is_embedded_may_be_loaded_by_other_sites(client: TestClient) -> None:
    policies = {
        path: client.get(path).headers["cross-origin-resource-policy"]
        for path in ("/", "/widget", "/widget.js", "/static/widget/app.js", "/api/v1/land", "/staff/login")
    }

    assert {path for path, policy in policies.items() if policy == "cross-origin"} == {
        "/widget",
        "/widget.js",
    }


@pytest.mark.parametrize("path", ["/api/v1/conversations", "/api/v1/staff/session", "/api/v1/staff/links"])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_large_requests_are_refused(client: TestClient, path: str, is_streamed: bool) -> None:
    body = json.dumps({"name": "x" * 20_000}).encode()
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    response = client.post(path, content=iter([body]) if is_streamed else body, headers=headers)

    assert response.status_code == 413


def test_no_other_site_is_let_in(client: TestClient) -> None:
    response = client.get("/api/v1/land", headers={"Origin": "https://elsewhere.example"})

    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_openapi_lists_the_routes_of_the_api_and_no_others(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    conversation = "/api/v1/conversations/{conversation_id}"
    expected = {
        "/api/v1/conversations",
        conversation,
        "/api/v1/land",
        "/api/v1/incentives",
        "/api/v1/districts",
    }
    expected |= {f"{conversation}/{name}" for name in ("messages", "events", "feedback")}
    expected |= {"/api/v1/passages/{release}/{passage_id}", "/api/v1/search"}
    expected |= {f"/api/v1/staff/{name}" for name in ("session", "password", "accounts", "audit", "flags")}

    assert expected <= set(paths)
    assert [path for path in paths if not path.startswith("/api/v1/")] == []


def test_service_is_up_and_ready_and_names_its_release(client: TestClient, shipped_home: Path) -> None:
    ready = client.get("/readyz")

    assert client.get("/healthz").json() == {"status": "up"}
    assert (ready.status_code, ready.json()["status"], ready.json()["degraded"]) == (200, "ready", {})
    assert ready.json()["release"] == (shipped_home / "CURRENT").read_text().strip()


def test_readiness_names_a_rate_limit_scale_that_is_not_1(shipped_home: Path, tmp_path: Path) -> None:
    (tmp_path / "knowledge").symlink_to(shipped_home)
    settings = read_settings({"DATA_DIR": str(tmp_path), "RATE_LIMIT_SCALE": "100"})
    with TestClient(create_app(settings, with_engine=False)) as client:
        assert client.get("/readyz").json()["rate_limit_scale"] == 100


def test_source_opens_the_passage_that_holds_its_quote(client: TestClient) -> None:
    source = Visitor.begin(client).hear("혁신도시 클러스터 용지는 얼마나 분양되었나요?")["sources"][0]
    passage = client.get(f"/api/v1/passages/{source['release']}/{source['passage_id']}").json()

    assert source["quote"] in passage["text"]
    assert source["url"] in {one["url"] for one in passage["sources"]}


@pytest.mark.parametrize(
    "path", ["nowhere/x.ko.1", "{release}/x.ko.1", "{release}/", "..%2f..%2fservice.db/x"]
)
def test_passage_that_is_not_kept_is_not_found(client: TestClient, path: str) -> None:
    release = client.get("/readyz").json()["release"]

    assert client.get(f"/api/v1/passages/{path.format(release=release)}").status_code == 404


@pytest.mark.parametrize(("kind", "at_least"), [("land", 50), ("incentives", 50)])
def test_catalogue_rows_are_tellable_and_name_their_source(
    client: TestClient, kind: str, at_least: int
) -> None:
    found = rows(client, kind)

    assert len(found) >= at_least
    assert all(row["source_title"] and row["publisher"] for row in found)
    assert {row["status"] for row in found} <= {"verified", "secondary", "derived"}


@pytest.mark.parametrize("kind", ["land", "incentives", "districts"])
def test_catalogue_rows_have_a_source_and_an_as_of_date(client: TestClient, kind: str) -> None:
    without = [row["id"] for row in rows(client, kind) if not row.get("source_title") or not row.get("as_of")]

    assert without == []


def test_land_is_filtered_by_region_and_programme(client: TestClient) -> None:
    assert {row["region"] for row in rows(client, "land", region="gimcheon")} == {"gimcheon"}
    assert rows(client, "land", region="atlantis") == []


def test_incentives_are_filtered_by_facility_and_category(client: TestClient) -> None:
    found = rows(client, "incentives", facility="factory", category="tax_national")

    assert {row["category"] for row in found} == {"tax_national"}
    assert all("factory" in row["facility"] or not row["facility"] for row in found)


def test_districts_hold_ten_innovation_cities_and_five_zones(client: TestClient) -> None:
    assert len(rows(client, "districts", programme="innovation_city")) == 10
    assert len(rows(client, "districts", programme="urban_convergence_zone")) == 5


@pytest.mark.parametrize(
    "headers", [{}, {"X-Actions-Token": ""}, {"X-Actions-Token": "guess"}, {"Authorization": "Bearer x"}]
)
def test_actions_are_run_for_the_engine_only(client: TestClient, headers: dict[str, str]) -> None:
    call = {"next_action": "action_answer", "tracker": {"sender_id": "x"}}

    assert client.post(ACTIONS_PATH, json=call, headers=headers).status_code == 404


def test_visitors_never_see_a_sentence_with_damaged_figures(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> None:
    (tmp_path / "docs").mkdir()
    text = "The district covers 94 mXNUMX in the south.\n\nThe city supports companies there."
    (tmp_path / "docs" / "plan.txt").write_text(text, encoding="utf-8")
    report = released(tmp_path / "home", [tmp_path / "docs"], embedder)
    with open_service(tmp_path_factory.mktemp("app"), tmp_path / "home") as service:
        [passage] = service.app.state.library.release.passages()  # type: ignore[attr-defined]
        shown = service.get(f"/api/v1/passages/{report.id}/{passage.id}").raise_for_status()

    assert "XNUMX" in passage.text
    assert "XNUMX" not in shown.text
    assert "The city supports companies there." in shown.json()["text"]
