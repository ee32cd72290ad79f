"""create_app(settings): the only place that wires the parts together."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from actions import executor_for
from assistant import access, account_routes, downloads, staff, visitor_routes
from assistant.access import Access
from assistant.admin import pages as admin_pages
from assistant.admin.office import BackOffice
from assistant.chat import Chat
from assistant.desk import Desk, is_staffed, load_desk
from assistant.engine import Engine
from assistant.handover import Reception
from assistant.headers import MAX_BODY, dress
from assistant.problems import Problem, on_invalid, on_problem, respond
from assistant.records import Records
from assistant.rooms import Rooms
from assistant.settings import Settings
from assistant.staff.entries import Indexes
from assistant.staff.flags import Flags
from assistant.staff_tables import Database
from knowledge.config import REPOSITORY, load_config
from knowledge.embedding import Embedder
from knowledge.library import Library, ReleaseError
from knowledge.words import say

WEB = REPOSITORY / "assistant" / "web"
ACTIONS_PATH = "/internal/actions"
# A tracker of a long conversation travels with each action call; only the engine may send one.
_MAX_TRACKER = 8 * 1024 * 1024
_LOG = logging.getLogger("assistant.app")


def create_app(settings: Settings, with_engine: bool = True, desk: Desk | None = None) -> FastAPI:
    """The service: visitor routes, widget, catalogue, consoles and the actions webhook. It starts the engine with itself.

    `desk` is that of `handover.yml` and STAFF_DESK where none is given. Raises ReleaseError (at start) where no
    knowledge release can be served, ConfigError or SettingsError where the desk cannot be read, RuntimeError where a
    route names no permission.
    """
    reception_desk = desk or load_desk(is_staffed())
    actions_token = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        url = f"http://127.0.0.1:{settings.port}{ACTIONS_PATH}"
        engine = Engine(settings, url, actions_token) if with_engine else None
        if engine:
            await engine.start()
        try:
            library = await asyncio.to_thread(_open_library, settings)
            with ExitStack() as opened:
                work = _open_parts(app, settings, library, engine, reception_desk, opened)
                tasks = [asyncio.create_task(one) for one in work]
                yield
                for task in tasks:
                    task.cancel()
        finally:
            if engine:
                await engine.stop()

    app = FastAPI(
        title="Relocation assistant",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.settings = settings
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY)
    access.protect(app)
    app.middleware("http")(dress)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(StarletteHTTPException, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(Exception, on_problem)
    app.include_router(visitor_routes.router)
    app.include_router(downloads.router)
    app.include_router(account_routes.router)
    app.include_router(staff.router)
    app.include_router(admin_pages.router)
    _add_catalogue_routes(app)
    _add_health_routes(app)
    _add_pages(app)
    _add_webhook(app, actions_token)
    access.refuse_unguarded(app)
    return app


def _open_parts(
    app: FastAPI, settings: Settings, library: Library, engine: Engine | None, desk: Desk, opened: ExitStack
) -> list[Coroutine[Any, Any, None]]:
    """Put what the routes work with into `app.state`; `opened` closes it. Returns what is to run beside the routes."""
    database, records = Database(settings.database_url), Records(settings.database_url)
    opened.callback(database.close)
    opened.callback(records.close)
    reception = Reception(records, Rooms(), library, desk, engine.tracker_database if engine else None)
    staff_access = Access(database, scale=settings.rate_limit_scale)
    uploads = settings.data_dir / "uploads"
    office = BackOffice(settings.knowledge_home, uploads, library, records, database, staff_access)
    opened.callback(office.close)
    state = app.state
    state.library, state.executor, state.staff_indexes = library, executor_for(library), Indexes(library)
    state.access, state.flags, state.back_office = staff_access, Flags(database), office
    state.chat = Chat(records, library, engine, reception, office.switch.notice)
    forget = engine.forget if engine else lambda sender: None
    return [
        reception.keep_cutting(),
        office.retention.keep_cutting(staff_access.clock, forget),
        asyncio.to_thread(state.staff_indexes.current),  # made before somebody types
    ]


def _open_library(settings: Settings) -> Library:
    config = load_config()
    library = Library(settings.knowledge_home, Embedder(config.embedding_model), config, background=True)
    library.search("입주승인은 누가 하나요?", "ko")  # loads the morpheme analyser before the first visitor
    return library


def _add_catalogue_routes(app: FastAPI) -> None:
    @app.get("/api/v1/passages/{release}/{passage_id}", tags=["visitor"])
    async def read_passage(release: str, passage_id: str) -> dict[str, Any]:
        """The exact passage a citation points to, also after later releases."""
        library: Library = app.state.library
        try:
            found = await asyncio.to_thread(library.passage, release, passage_id)
        except ReleaseError as error:
            _LOG.error("A citation cannot be opened: %s", error)
            found = None
        if found is None:
            raise Problem("no_passage")
        keys = [key for sentence in found.sentences for key in sentence.sources]
        sources = [source for key in keys if (source := library.source(release, key))]
        return _without_damage(asdict(found)) | {
            "release": release,
            "sources": [asdict(source) for source in dict.fromkeys(sources)],
        }

    @app.get("/api/v1/land", tags=["visitor"])
    async def list_land(region: str = "", programme: str = "") -> dict[str, Any]:
        """Tellable land facts, each with source and as-of date."""
        rows = [r for r in app.state.library.release.catalogue.land.values() if _fits(r, region, programme)]
        return {"release": app.state.library.release.id, "rows": [asdict(row) for row in rows]}

    @app.get("/api/v1/incentives", tags=["visitor"])
    async def list_incentives(
        facility: str = "", company_type: str = "", category: str = ""
    ) -> dict[str, Any]:
        """Tellable incentives, each with legal basis, source and as-of date."""
        release = app.state.library.release
        return {
            "release": release.id,
            "rows": [
                asdict(row) for row in release.catalogue.find_incentives(facility, company_type, category)
            ],
        }

    @app.get("/api/v1/districts", tags=["visitor"])
    async def list_districts(programme: str = "") -> dict[str, Any]:
        """Innovation cities, convergence zones and designated areas."""
        release = app.state.library.release
        return {
            "release": release.id,
            "rows": [
                asdict(d) for d in release.catalogue.districts.values() if programme in ("", d.programme)
            ],
        }


def _without_damage(passage: dict[str, Any]) -> dict[str, Any]:
    """A passage as visitors may see it: sentences whose figures are damaged are withheld."""
    withheld = say("withheld", passage["language"])
    texts = [withheld if s["doubt"] == "certain" else s["text"] for s in passage["sentences"]]
    sentences = [s | {"text": text} for s, text in zip(passage["sentences"], texts, strict=True)]
    return passage | {"sentences": sentences, "text": " ".join(texts), "warnings": []}


def _fits(row: Any, region: str, programme: str) -> bool:
    tellable = row.status in ("verified", "secondary", "derived")
    return tellable and region in ("", row.region) and programme in ("", row.programme)


def _add_health_routes(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def health() -> dict[str, str]:
        """The process is up."""
        return {"status": "up"}

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> JSONResponse:
        """Whether every part is usable; degraded parts are named."""
        library, talk = app.state.library, app.state.chat
        degraded: dict[str, str] = {}
        if talk.engine is not None and not talk.engine.ready:
            degraded["engine"] = "starting or down; answers come from the documents alone"
        if library.problem:
            degraded["knowledge"] = library.problem
        try:
            await asyncio.to_thread(talk.records.check)
        except SQLAlchemyError as error:
            degraded["records"] = f"database not usable: {type(error).__name__}"
        settings: Settings = app.state.settings
        body: dict[str, Any] = {
            "status": "degraded" if degraded else "ready",
            "release": library.release.id,
            "degraded": degraded,
        }
        if settings.rate_limit_scale != 1:
            body["rate_limit_scale"] = settings.rate_limit_scale
        return JSONResponse(body, status_code=503 if degraded else 200)


def _add_pages(app: FastAPI) -> None:
    pages = {
        "/": "demo/index.html",
        "/widget": "widget/index.html",
        "/passage": "widget/passage.html",
        "/widget.js": "widget/loader.js",
    }
    for path, name in pages.items():
        app.add_api_route(path, _page(name), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=WEB), name="static")


def _page(name: str) -> Callable[[], Awaitable[FileResponse]]:
    async def serve() -> FileResponse:
        return FileResponse(WEB / name)

    return serve


def _add_webhook(app: FastAPI, actions_token: str) -> None:
    @app.post(ACTIONS_PATH, include_in_schema=False, max_body_size=_MAX_TRACKER)
    async def run_action(request: Request, x_actions_token: Annotated[str, Header()] = "") -> Response:
        """Run one custom action for the engine, which alone knows the token."""
        if not hmac.compare_digest(x_actions_token.encode(), actions_token.encode()):
            raise HTTPException(404)
        call = await request.json()
        call.setdefault("domain", {})  # the engine leaves it out of selective calls; the SDK asks for it
        try:
            result = await app.state.executor.run(call)
        except ActionExecutionRejection as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, status_code=400)
        except ActionNotFoundException as error:
            _LOG.error("The engine asked for an action that does not exist: %s", error)
            return respond(request, "failed", "en", f"No such action: {error.action_name}")
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})
