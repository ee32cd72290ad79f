"""What visitors, staff and documents write stays text on every page of the call-centre console (trust.md W3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from lxml import html as markup

from assistant.access import Staff
from assistant.app import WEB
from assistant.lookup import Entry
from assistant.records import NewMessage
from assistant.staff.cards import Card
from assistant.staff.pages import render
from knowledge.library import Library
from tests.console import opened, waiting
from tests.payloads import PAYLOADS, foreign
from tests.staffing import signed_in

TEMPLATES = sorted((WEB / "staff").glob("*.html"))


@pytest.fixture
def app(tmp_path: Path, library: Library) -> Iterator[FastAPI]:
    with opened(tmp_path, library) as app:
        yield app


def test_what_visitors_and_staff_write_stays_text(app: FastAPI) -> None:
    ticket, conversation = waiting(app, *PAYLOADS)
    said = [NewMessage("staff", payload, "ko") for payload in PAYLOADS]
    app.state.chat.records.add_turn(conversation.id, said)
    agent = signed_in(app, "agent")
    home = f"/staff/conversations/{ticket}"
    paths = [
        home, f"{home}/messages?after=0&state=open", f"/staff/transcripts/{conversation.id}", "/staff/transcripts?outcome=no_answer",
        *(f"{home}/suggestions?seq={2 * number + 1}" for number in range(0, len(PAYLOADS), 5)),
    ]  # fmt: skip
    pages = [agent.http.get(path).text for path in paths]

    assert [found for page in pages if (found := foreign(page, TEMPLATES))] == []
    assert PAYLOADS[0] in markup.fromstring(pages[0]).text_content()


@pytest.mark.parametrize("path", ["", "/suggest", "/search", "/card/term/0", "/transcripts"])
def test_what_is_looked_up_stays_text(app: FastAPI, path: str) -> None:
    agent = signed_in(app, "agent")
    pages = [agent.http.get(f"/staff{path}", params={"q": payload}).text for payload in PAYLOADS]

    assert [found for page in pages if (found := foreign(page, TEMPLATES))] == []


def test_what_documents_and_the_catalogue_say_stays_text() -> None:
    pages = [page for payload in PAYLOADS for page in drawn_with(payload)]

    assert [found for page in pages if (found := foreign(page, TEMPLATES))] == []


def drawn_with(payload: str) -> list[str]:
    """Every part of a page that shows texts of a release, with a payload in the place of each."""
    names = ("title", "source", "as_of", "status", "note", "url", "demo", "row", "phone")
    row = dict.fromkeys(names, payload) | {"fields": [{"label": payload, "value": payload}]}
    texts = dict.fromkeys(("id", "title", "said", "release", "clause", "section", "text"), payload)
    more = {"districts": ((payload, payload),), "related": (("section", payload, payload),)}
    card = Card("place", **texts, rows=[row], language="ko", passages=(payload,), warnings=(payload,), **more)
    entry = Entry("place", payload, (payload, payload), (payload, payload), ())
    hit = dict.fromkeys(("id", "title", "beside", "text", "score", "support", "language"), payload)
    return [
        drawn("card.html", card=card, other=None, copies={"ko": card.copied()}),
        drawn("suggest.html", found=[entry], q=payload, offices=[row]),
        drawn("suggest.html", found=[], q=payload, offices=[row]),
        drawn("hits.html", hits=[hit], below=[hit], changes=[(payload, payload)], offices=[row], q=payload),
        drawn("suggestions.html", found=[(card, False)], said=payload),
    ]


def drawn(template: str, **values: Any) -> str:
    request = Request({"type": "http", "method": "GET", "path": "/staff", "query_string": b"", "headers": []})
    staff = Staff("1", "Kim", "agent", "", "token", datetime.now(UTC))
    return bytes(render(request, template, staff, **values).body).decode()


def test_markup_that_is_not_ours_is_noticed() -> None:
    unescaped = {payload: foreign(f"<p>{payload}</p>", TEMPLATES) for payload in PAYLOADS}

    assert sum(map(bool, unescaped.values())) >= 50
