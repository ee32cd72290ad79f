"""An administrator's console over a small home: two documents, two test questions, one published release."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from hwpx.document import HwpxDocument
from starlette.exceptions import HTTPException

from assistant import account_routes, staff
from assistant.access import Access, protect, refuse_unguarded
from assistant.admin import pages
from assistant.admin.office import BackOffice
from assistant.app import WEB
from assistant.problems import Problem, on_invalid, on_problem
from assistant.records import NewMessage, Outcome, Records
from assistant.staff.flags import Flag, Flags
from assistant.staff_tables import Database
from knowledge.config import AnswerConfig
from knowledge.embedding import Embedder
from knowledge.library import Library
from tests.conftest import DATA, is_current, one_at_a_time
from tests.payloads import PAYLOADS
from tests.releasing import released
from tests.staffing import Clock, Person, cheap

NAJU = "나주 공동혁신단지의 입주 보증금은 3,000만 원입니다. 계약할 때 한 번 냅니다."
JINJU = "진주 공동혁신단지의 관리비는 한 달에 12만 원입니다. 매달 말일까지 냅니다."
NEW = NAJU.replace("3,000만", "4,500만")
QUESTIONS = [
    {
        "id": "q-naju", "language": "ko", "question": "나주 공동혁신단지의 입주 보증금은 얼마인가요?",
        "facts": [["4,500만", "3,000만"]], "documents": ["deposit"],
    },
    {
        "id": "q-jinju", "language": "ko", "question": "진주 공동혁신단지의 관리비는 한 달에 얼마인가요?",
        "facts": [["12만"]], "documents": ["fees"],
    },
]  # fmt: skip


def write_documents(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "deposit.md").write_text(f"# 입주 보증금 안내\n\n{NAJU}\n", encoding="utf-8")
    (folder / "fees.md").write_text(f"# 관리비 안내\n\n{JINJU}\n", encoding="utf-8")
    lines = [json.dumps(question, ensure_ascii=False) for question in QUESTIONS]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def hwpx(*paragraphs: str, title: str = "입주 보증금 안내") -> bytes:
    """A Hangul document with a title and paragraphs."""
    made = HwpxDocument.new()
    made.add_heading(title, 1)
    for text in paragraphs:
        made.add_paragraph(text, inherit_style=False)
    return bytes(made.to_bytes())


def small_office(embedder: Embedder) -> Path:
    """A folder with the two documents and a home that serves them; kept between runs, to be copied."""
    folder = DATA / "office"
    with one_at_a_time("office"):
        if not is_current(folder / "knowledge"):
            shutil.rmtree(folder, ignore_errors=True)
            released(folder / "knowledge", [write_documents(folder / "docs")], embedder)
    return folder


@contextmanager
def office_app(
    folder: Path, embedder: Embedder, config: AnswerConfig, clock: Clock | None = None
) -> Iterator[FastAPI]:
    """The console's routes over a copy of the small office in `folder`."""
    shutil.copytree(small_office(embedder), folder, dirs_exist_ok=True)
    clock = clock or Clock()
    docs, home, url = folder / "docs", folder / "knowledge", f"sqlite:///{folder / 'service.db'}"
    database, records = Database(url), Records(url)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.access = access = Access(database, cheap(), 1000.0, clock)
    library = Library(home, embedder, config)
    app.state.library, app.state.records = library, records
    app.state.back_office = office = BackOffice(
        home, folder / "uploads", library, records, database, access, [docs]
    )
    app.state.flags = Flags(database)
    protect(app)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.include_router(account_routes.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=WEB), name="static")
    refuse_unguarded(app)
    app.include_router(staff.pages.router)  # where people sign in: open to everybody
    try:
        yield app
    finally:
        office.close()
        records.close()
        database.close()


class Editor:
    """A signed-in person who fills in the console's forms as a browser does."""

    def __init__(self, person: Person) -> None:
        self.http = person.http
        self.csrf = person.who().json()["csrf"]

    def get(self, path: str) -> Any:
        return self.http.get(path)

    def post(self, path: str, **fields: str) -> Any:
        return self.http.post(path, data={"csrf": self.csrf, **fields})

    def upload(self, *files: tuple[str, bytes], path: str = "/admin/documents") -> Any:
        return self.http.post(path, data={"csrf": self.csrf}, files=[("files", file) for file in files])


def upload_ids(html: str) -> list[str]:
    """Ids of the uploaded documents that a page links to."""
    return re.findall(r'href="/admin/documents/([0-9a-f]{16})"', html)


def plant(app: FastAPI, admin: Editor) -> Any:
    """Put every payload where visitors, documents, file names and staff could write it; the page after the upload."""
    office = app.state.back_office
    conversation, _ = office.records.start_conversation("", "ko")
    for number, payload in enumerate(PAYLOADS):
        asked = NewMessage("user", payload, "ko", client_message_id=str(number))
        reply = NewMessage("assistant", payload, "ko", sources=[{"document_id": payload}])
        stored = office.records.add_turn(
            conversation.id, [asked, reply], Outcome("no_answer", payload[:32], payload[:64], 0.1, 10)
        )
        office.records.add_feedback(conversation.id, stored[1]["id"], False, payload, payload)
        flag = Flag(
            f"x{number}",
            payload,
            payload,
            [payload],
            payload,
            payload,
            payload[:64],
            app.state.access.clock(),
        )
        app.state.flags.add(flag)
    table = io.StringIO()
    rows = [[payload, payload] for payload in PAYLOADS]
    csv.writer(table).writerows([["도시", "값"], *rows])
    uploaded = admin.upload(
        *((f"{payload}.txt", f"나주의 안내 {n}".encode()) for n, payload in enumerate(PAYLOADS[::6])),
        ("cells.csv", table.getvalue().encode()),
        ("text.hwpx", hwpx(*PAYLOADS, title=PAYLOADS[8])),
        ("<script>x</script>", b""),
    )
    (first, *_) = upload_ids(uploaded.text)
    admin.post(f"/admin/documents/{first}/about", title=PAYLOADS[10], publisher=PAYLOADS[13])
    board = admin.get("/admin/questions?days=365").text
    for key in re.findall(r'action="/admin/questions/(\w+)"', board)[:3]:
        admin.post(f"/admin/questions/{key}", note=PAYLOADS[8], days="365")
    admin.post(
        "/admin/tests",
        question=PAYLOADS[0],
        asked_in="ko",
        facts=PAYLOADS[8],
        never=PAYLOADS[13],
        documents="x",
    )
    admin.post("/admin/service", to="on", notice_ko=PAYLOADS[4], notice_en=PAYLOADS[9])
    return uploaded


def press(page: Any, name: str) -> None:
    """Press a button from the keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def agree(page: Any, name: str, yes: str) -> None:
    """Press what asks first, from the keyboard, and say yes."""
    page.locator("details.ask > summary", has_text=name).first.focus()
    page.keyboard.press("Enter")
    press(page, yes)
