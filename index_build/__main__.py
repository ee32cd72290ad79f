"""`python -m index_build`: build, publish, roll back, list, verify and inspect knowledge releases."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from index_build.catalogue_files import BuildError
from index_build.passages import split_document
from index_build.reading import UnreadableDocument, read_document
from index_build.release import build, current_id, publish, releases, rollback
from knowledge.config import DOCUMENTS, ConfigError, data_folder, load_config
from knowledge.embedding import Embedder, EmbeddingError
from knowledge.library import ReleaseError, verify


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the answer is no, 2 wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    options.home = options.home or data_folder() / "knowledge"
    commands = {
        "build": _build,
        "publish": _publish,
        "rollback": _rollback,
        "list": _list,
        "verify": _verify,
        "inspect": _inspect,
    }
    try:
        return commands[options.command](options)
    except (BuildError, UnreadableDocument, ConfigError, EmbeddingError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index_build", description="Knowledge releases")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home", type=Path, help="where releases lie (default: knowledge/ in the data folder)"
    )
    common.add_argument("--json", action="store_true", help="print one JSON object")
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", parents=[common], help="build a release and publish it")
    building.add_argument(
        "--source", type=Path, action="append", default=[], help="a folder of documents; may be repeated"
    )
    commands.add_parser("publish", parents=[common], help="serve a release").add_argument("id")
    commands.add_parser("rollback", parents=[common], help="serve the release before the current one")
    commands.add_parser("list", parents=[common], help="all releases, newest first")
    commands.add_parser("verify", parents=[common], help="check every file of the served release")
    commands.add_parser("inspect", parents=[common], help="what would be indexed of a file").add_argument(
        "file", type=Path
    )
    return parser


def _print(options: argparse.Namespace, value: dict[str, Any], line: str) -> None:
    print(json.dumps(value, ensure_ascii=False) if options.json else line)


def _build(options: argparse.Namespace) -> int:
    uploads = data_folder() / "uploads"
    sources = options.source or [DOCUMENTS, *([uploads] if uploads.is_dir() else [])]
    options.home.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report = build(options.home, sources, Embedder(load_config().embedding_model), _progress)
    seconds = round(time.monotonic() - started, 1)
    value = {
        name: getattr(report, name)
        for name in ("id", "documents", "passages", "embedded", "reused", "refused", "warnings")
    }
    for reason in report.refused.values():
        print(f"refused: {reason}", file=sys.stderr)
    _print(
        options,
        value | {"seconds": seconds},
        f"{report.id}: {report.documents} documents, {report.passages} passages ({report.embedded} embedded, {report.reused} unchanged), {len(report.refused)} refused, {seconds} s. Published.",
    )
    return 0


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        bar = "█" * (30 * done // total)
        print(
            f"\r{stage} {bar:<30} {done}/{total}",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )
    elif done == total or done % 320 == 0:
        print(f"{stage} {done}/{total}", file=sys.stderr, flush=True)


def _publish(options: argparse.Namespace) -> int:
    publish(options.home, options.id)
    _print(options, {"current": options.id}, f"{options.id} is served now.")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    release_id = rollback(options.home)
    _print(options, {"current": release_id}, f"{release_id} is served again.")
    return 0


def _list(options: argparse.Namespace) -> int:
    listed = releases(options.home)
    lines = [
        f"{'*' if r['current'] else ' '} {r['id']}  {r['counts']['passages']} passages"
        if r["whole"]
        else f"! {r['id']}  {r['problem']}"
        for r in listed
    ]
    _print(
        options, {"releases": listed}, "\n".join(lines) or "No releases yet. Run: python -m index_build build"
    )
    return 0 if listed else 1


def _verify(options: argparse.Namespace) -> int:
    release_id = current_id(options.home)
    if not release_id:
        raise ReleaseError("No release is published. Run: python -m index_build build")
    manifest = verify(options.home / "releases" / release_id)
    _print(
        options,
        {"id": release_id, "whole": True, "files": manifest["files"]},
        f"{release_id}: {len(manifest['files'])} files, all as published.",
    )
    return 0


def _inspect(options: argparse.Namespace) -> int:
    document = read_document(options.file)
    drafts = split_document(document)
    value = {
        "title": document.title,
        "language": document.language,
        "passages": [
            {
                "id": d.id,
                "section": d.section,
                "kind": d.kind,
                "text": d.text,
                "sources": [s.sources for s in d.sentences],
                "warnings": [],
            }
            for d in drafts
        ],
    }
    lines = [f"{document.title} ({document.language}), {len(drafts)} passages"] + [
        f"\n[{d.id}] {d.section}\n{d.text}" for d in drafts
    ]
    _print(options, value, "\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
