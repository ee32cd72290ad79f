"""A visitor of the service by its public contract: in the test's own process, or over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from assistant.app import create_app
from assistant.settings import read_settings

CONVERSATIONS = "/api/v1/conversations"


@contextmanager
def open_service(folder: Path, home: Path) -> Iterator[TestClient]:
    """The service without its engine, keeping its records in `folder` and serving the release at `home`."""
    (folder / "knowledge").symlink_to(home)
    app = create_app(read_settings({"DATA_DIR": str(folder)}), with_engine=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@dataclass
class Visitor:
    """One conversation. `http` is a TestClient or an httpx client with a base address."""

    http: Any
    id: str
    token: str
    opening: list[dict[str, Any]]
    sent: int = field(default=0)

    @classmethod
    def begin(cls, http: Any, language: str = "ko") -> Visitor:
        begun = http.post(CONVERSATIONS, json={"language": language, "site": "tests"}).json()
        return cls(http, begun["id"], begun["token"], begun["messages"])

    @property
    def path(self) -> str:
        return f"{CONVERSATIONS}/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: Any, client_message_id: str = "") -> Any:
        """Send a message; the response as it came."""
        self.sent += 1
        body = {"text": text, "client_message_id": client_message_id or f"message-{self.sent}"}
        return self.http.post(f"{self.path}/messages", json=body, headers=self.headers)

    def hear(self, text: str) -> dict[str, Any]:
        """Send a message; the assistant's own message with the outcome beside it."""
        body = self.say(text).raise_for_status().json()
        return body["messages"][-1] | {"outcome": body["outcome"]}

    def transcript(self) -> list[dict[str, Any]]:
        found = self.http.get(f"{self.path}/messages", headers=self.headers)
        return list(found.raise_for_status().json()["messages"])


def stored_bytes(folder: Path, name: str = "service.db") -> bytes:
    """A database's file with its write-ahead log, as they lie on the disk."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{name}*")))
