"""`python -m assistant`: serve, ask, user, doctor."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import date
from typing import Any

import httpx

from assistant import user_command
from assistant.refusals import Refusal, title
from assistant.settings import Settings, SettingsError, read_settings
from assistant.training import TrainingError, is_trained, train
from knowledge.config import REPOSITORY, ConfigError, load_config
from knowledge.library import ReleaseError


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the answer is no, 2 wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    if getattr(options, "port", None):
        os.environ["PORT"] = str(options.port)
    try:
        settings = read_settings()
        commands = {"serve": _serve, "ask": _ask, "user": _user, "doctor": _doctor, "prepare": _prepare}
        return commands[options.command](options, settings)
    except (SettingsError, ConfigError) as error:
        print(error, file=sys.stderr)
        return 2
    except (ReleaseError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description="The relocation assistant")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="train and build what is missing, start engine and service")
    serve.add_argument("--port", type=int, help="default: PORT, or 8000; 127.0.0.1 only")
    ask = commands.add_parser("ask", help="ask one question")
    ask.add_argument("question")
    ask.add_argument("--language", choices=("ko", "en"), help="default: the question's own")
    ask.add_argument("--port", type=int, help="of the running service")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    user_command.add_parser(commands)
    doctor = commands.add_parser("doctor", help="check every part and say what to do")
    doctor.add_argument("--json", action="store_true")
    commands.add_parser("prepare", help="train and build what is missing, and end")
    return parser


def _prepare(options: argparse.Namespace, settings: Settings) -> int:
    """Train the model and build the release at the same time, where they are missing or out of date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    failures: list[BaseException] = []
    jobs = []
    if not is_trained(settings):
        print("Training the dialogue model (about a minute) …", flush=True)
        jobs.append(threading.Thread(target=_run, args=(lambda: train(settings), failures)))
    if not _has_release(settings):
        print("Building the knowledge release (about two minutes the first time) …", flush=True)
        jobs.append(threading.Thread(target=_run, args=(lambda: _build_release(settings), failures)))
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    if failures:
        raise failures[0]
    return 0


def _run(job: Any, failures: list[BaseException]) -> None:
    try:
        job()
    except (TrainingError, ReleaseError) as error:
        failures.append(error)


def _build_release(settings: Settings) -> None:
    """Build from the shipped documents and the uploads; where something is served already, the gate decides."""
    # Processes of their own: the embedding must not share an interpreter lock with the service that starts next.
    built = _index_build(settings, "build", "--json")
    if built.returncode != 0:
        raise ReleaseError("The knowledge release could not be built (see above).")
    report = json.loads(built.stdout)
    if not report["published"] and _index_build(settings, "publish", report["id"]).returncode != 0:
        print(
            f"The new documents wait as candidate {report['id']}; what was served before is served.",
            flush=True,
        )


def _index_build(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "index_build", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, check=False, stdout=subprocess.PIPE, env=environment)


def _has_release(settings: Settings) -> bool:
    """Whether something whole is served, and a release (served or a candidate) was made from the shipped documents."""
    from index_build.writing import shipped_digest
    from knowledge.home import current_id
    from knowledge.library import MANIFEST, verify

    home = settings.knowledge_home
    try:
        verify(home / "releases" / (current_id(home) or "none"))
    except ReleaseError:
        return False
    digest = shipped_digest()
    return any(f'"{digest}"' in path.read_text("utf-8") for path in home.glob(f"releases/*/{MANIFEST}"))


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    started = time.monotonic()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if _port_taken(settings):
        print(
            f"Port {settings.port} of 127.0.0.1 is in use. Stop what listens there, or choose another: make serve PORT={settings.port + 1}",
            file=sys.stderr,
        )
        return 2
    _prepare(options, settings)
    import uvicorn

    from assistant.app import create_app

    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    with suppress(KeyboardInterrupt):  # uvicorn has closed everything by then
        asyncio.run(_run_server(server, app, settings, started))
    return 0 if server.started else 1


async def _run_server(server: Any, app: Any, settings: Settings, started: float) -> None:
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.05)
    if server.started:
        await app.state.chat.engine.wait_until_ready()
        print(
            f"Ready after {time.monotonic() - started:.0f} s: http://{settings.host}:{settings.port}/   (Ctrl-C stops everything)",
            flush=True,
        )
        base = f"http://{settings.host}:{settings.port}"
        if line := user_command.first_admin_line(app.state.access.accounts, base):
            print(line, flush=True)
    await serving


def _port_taken(settings: Settings) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex((settings.host, settings.port)) == 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    value = _ask_service(options, settings) or _ask_documents(options, settings)
    if options.json:
        print(json.dumps(value, ensure_ascii=False))
    else:
        print(value["text"])
        for row in (value["card"] or {}).get("rows", []):
            print(
                f"  - {row['title']}: "
                + "; ".join(f"{f['label']} {f['value']}" for f in row["fields"])
                + f" ({row['source']}, {row['as_of']})"
            )
        for source in value["sources"]:
            print(
                f"  [{source['n']}] {source['publisher']}: {source['title']} ({source['as_of'] or source['published_on']}) {source['url']}"
            )
    return 0 if value["outcome"]["status"] in ("answered", "partial", "handoff", "clarify") else 1


def _ask_service(options: argparse.Namespace, settings: Settings) -> dict[str, Any] | None:
    """The whole journey through the running service, or None where none runs."""
    base = f"http://{settings.host}:{settings.port}/api/v1/conversations"
    try:
        with httpx.Client(timeout=30, trust_env=False) as client:
            begun = (
                client.post(base, json={"language": options.language or "auto", "site": "command-line"})
                .raise_for_status()
                .json()
            )
            headers = {"Authorization": f"Bearer {begun['token']}"}
            reply = client.post(
                f"{base}/{begun['id']}/messages",
                headers=headers,
                json={"text": options.question, "client_message_id": "ask-1"},
            )
            client.delete(f"{base}/{begun['id']}", headers=headers)
    except (httpx.HTTPError, ValueError):
        return None
    if reply.status_code != 200:
        print(reply.json().get("detail", reply.text), file=sys.stderr)
        raise SystemExit(2)
    body = reply.json()
    message = body["messages"][-1]
    return {"question": options.question, "engine": "running", "outcome": body["outcome"]} | {
        key: message[key] for key in ("text", "language", "sources", "card", "buttons")
    }


def _ask_documents(options: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """The documents alone, as the service answers when its engine is down."""
    from actions.reply import from_answer
    from assistant.privacy import clean
    from knowledge.answer import compose
    from knowledge.embedding import Embedder
    from knowledge.language import detect
    from knowledge.library import Library

    print("No service answers on this port; answering from the documents alone.", file=sys.stderr)
    config = load_config()
    library = Library(settings.knowledge_home, Embedder(config.embedding_model), config)
    started = time.perf_counter()
    text = clean(options.question).text
    if not text or len(text) > 1000:
        print(
            "The question is empty or longer than 1,000 characters. Write between 1 and 1,000.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    answer = compose(text, options.language or detect(text), library, date.today())
    payload = from_answer(answer, library.release).payload(library.release)
    outcome = {
        "status": payload["status"],
        "reason": payload["reason"],
        "intent": "",
        "confidence": payload["confidence"],
        "took_ms": round((time.perf_counter() - started) * 1000),
    }
    return {"question": options.question, "engine": "not running", "outcome": outcome} | {
        key: payload[key] for key in ("text", "language", "sources", "card", "buttons")
    }


def _user(options: argparse.Namespace, settings: Settings) -> int:
    try:
        print(user_command.run(options, settings))
    except Refusal as refusal:
        print(f"{options.name}: {title(refusal.kind, 'en')}. {refusal.detail}", file=sys.stderr)
        return 2
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.doctor import examine

    findings = examine(settings)
    if options.json:
        print(json.dumps({"findings": findings}, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding['ok'] else 'BAD '} {finding['part']}: {finding['says']}")
    return 0 if all(finding["ok"] for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main())
