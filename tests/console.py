"""The call-centre console as an application of its own, for tests: accounts, library, conversations, no engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from assistant import downloads, staff, visitor_routes
from assistant.app import _add_catalogue_routes, _add_pages
from assistant.chat import Chat
from assistant.desk import load_desk
from assistant.handover import Reception
from assistant.problems import Problem, on_invalid, on_problem
from assistant.records import Conversation, NewMessage, Outcome, Records
from assistant.rooms import Rooms
from assistant.staff.entries import Indexes
from assistant.staff.flags import Flags
from assistant.staff_tables import Database
from knowledge.library import Library
from tests.staffing import Clock, staff_app

QUESTION = "나주로 본사를 옮기면 법인세가 얼마나 감면되나요?"


def console_app(folder: Path, library: Library) -> FastAPI:
    """The application; its clock stands at `app.state.clock`, its database is closed with `app.state.database`."""
    url = f"sqlite:///{folder / 'service.db'}"
    database, clock = Database(url), Clock()
    clock.now = datetime.now(UTC)
    app = staff_app(database, clock)
    app.state.clock, app.state.database = clock, database
    app.state.library, app.state.flags, app.state.staff_indexes = library, Flags(database), Indexes(library)
    records = Records(url)
    app.state.chat = Chat(records, library, None, Reception(records, Rooms(), library, load_desk(True)))
    app.include_router(staff.router)
    app.include_router(visitor_routes.router)
    app.include_router(downloads.router)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    _add_catalogue_routes(app)
    _add_pages(app)
    return app


@contextmanager
def opened(folder: Path, library: Library) -> Iterator[FastAPI]:
    app = console_app(folder, library)
    try:
        yield app
    finally:
        app.state.chat.records.close()
        app.state.database.close()


def waiting(app: FastAPI, *texts: str, reason: str = "not_in_sources") -> tuple[str, Conversation]:
    """A conversation in which a visitor said these texts and asked for a person: its ticket, and itself."""
    chat = app.state.chat
    conversation, _ = chat.records.start_conversation("test", "ko")
    for text in texts or (QUESTION,):
        answer = NewMessage("assistant", "자료에서 찾지 못했습니다.", "ko")
        outcome = Outcome("no_answer", "nothing_found", "ask_policy", 0.1, 12)
        chat.records.add_turn(conversation.id, [NewMessage("user", text, "ko"), answer], outcome)
    kept = chat.reception.kept
    ticket = kept.new_ticket()
    slots = {"region": ["naju"], "headcount": 45, "session_started_metadata": {}}
    also = kept.opening(conversation.id, ticket, reason, "ko", slots, chat.reception.now())
    chat.records.add_turn(conversation.id, [NewMessage("notice", f"접수 번호 {ticket}", "ko")], also=also)
    return ticket, conversation


@contextmanager
def served(app: FastAPI, port: int) -> Iterator[str]:
    """The application at an address of this machine, for a browser."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
