"""`python -m index_build`: build, check, publish and roll back knowledge releases."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from index_build.build import BuildReport, build
from index_build.catalogue_files import BuildError
from index_build.checking import inspect_document
from index_build.config import load_release_config
from index_build.decisions import VERDICTS, Decisions
from index_build.expiry import expiring
from index_build.gate import Evaluation, evaluate, publish_checked
from index_build.progress import BuildCancelled, cancel, terminal
from index_build.reading.assemble import read_document
from index_build.reading.document import UnreadableDocument
from index_build.release import collect, drop, publish, release_rows, releases, rollback
from knowledge.config import DOCUMENTS, ConfigError, data_folder, load_config
from knowledge.embedding import Embedder, EmbeddingError
from knowledge.home import current_id
from knowledge.library import ReleaseError, verify


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the answer is no, 2 wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    options.elsewhere = options.home is not None
    options.home = options.home or data_folder() / "knowledge"
    try:
        return int(_COMMANDS[options.command](options))
    except (BuildError, UnreadableDocument, ConfigError, EmbeddingError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except (ReleaseError, BuildCancelled) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index_build", description="Knowledge releases")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home", type=Path, help="where releases lie (default: knowledge/ in the data folder)"
    )
    common.add_argument("--json", action="store_true", help="print one JSON object")
    by = argparse.ArgumentParser(add_help=False)
    by.add_argument("--by", default="", help="who does it, for the history")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, text: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[common, *parents], help=text)

    building = add("build", "build a candidate; the first of a home, or one made with --home, is published")
    building.add_argument(
        "--source", type=Path, action="append", default=[], help="a folder of documents; may be repeated"
    )
    building.add_argument("--candidate", action="store_true", help="publish nothing, whatever the home")
    add(
        "evaluate", "ask the questions of a candidate and of what is served; which answers change"
    ).add_argument("id")
    publishing = add("publish", "serve a release that passes the gate", by)
    publishing.add_argument("id")
    publishing.add_argument(
        "--force", default="", metavar="REASON", help="publish below the gate; the reason is kept"
    )
    add("rollback", "serve what was published before", by)
    add("list", "all releases, newest first")
    add("verify", "check every file of the served release, or of ID").add_argument(
        "id", nargs="?", default=""
    )
    add("drop", "remove a candidate").add_argument("id")
    add("cancel", "stop the running build")
    add("inspect", "what would be indexed of a file, with its warnings").add_argument("file", type=Path)
    for name, text in (
        ("doubts", "figures that look damaged"),
        ("contradictions", "documents that disagree"),
    ):
        add(name, f"{text}, of the served release or of ID").add_argument("id", nargs="?", default="")
    deciding = add("decide", "confirm, correct or dismiss a doubt; kept for all later builds", by)
    deciding.add_argument("key")
    deciding.add_argument("verdict", choices=VERDICTS)
    for name, text in (
        ("note", "why"),
        ("correction", "the right sentence"),
        ("source", "where the right figure stands"),
    ):
        deciding.add_argument(f"--{name}", default="", help=text)
    add("expiring", "documents that expire soon, or have expired").add_argument(
        "--days", type=int, default=90
    )
    return parser


def _print(options: argparse.Namespace, value: dict[str, Any], lines: str | Iterable[str]) -> None:
    text = lines if isinstance(lines, str) else "\n".join(lines)
    print(json.dumps(value, ensure_ascii=False) if options.json else text)


def _build(options: argparse.Namespace) -> int:
    uploads = data_folder() / "uploads"
    sources = options.source or [DOCUMENTS, *([uploads] if uploads.is_dir() else [])]
    config = load_config()
    started = time.monotonic()
    report = build(options.home, sources, Embedder(config.embedding_model), config, terminal())
    first = not current_id(options.home)
    if published := (options.elsewhere or first) and not options.candidate:
        publish(options.home, report.id, "index_build", "first release" if first else "built with --home")
        collect(options.home, load_release_config().keep)
    seconds = round(time.monotonic() - started, 1)
    for reason in report.refused.values():
        print(f"refused: {reason['en']} · {reason['ko']}", file=sys.stderr)
    for name, notices in report.warnings.items():
        for notice in notices:
            print(f"{name}: {notice['en']}", file=sys.stderr)
    _print(
        options,
        asdict(report) | {"seconds": seconds, "published": published},
        _build_line(report, seconds, published),
    )
    return 0


def _build_line(report: BuildReport, seconds: float, published: bool) -> str:
    files = ", ".join(
        f"{len(getattr(report, name))} {name}"
        for name in ("created", "updated", "deleted", "skipped", "refused")
    )
    doubts = ", ".join(f"{count} {name}" for name, count in sorted(report.doubts.items())) or "none"
    way = (
        "Published."
        if published
        else f"Candidate. Next: python -m index_build evaluate {report.id}, then publish {report.id}"
    )
    return (
        f"{report.id}: {report.documents} documents ({files}), {report.passages} passages ({report.embedded} embedded, "
        f"{report.reused} unchanged), doubts: {doubts}, contradictions: {report.contradictions}, {seconds} s. {way}"
    )


def _evaluate(options: argparse.Namespace) -> int:
    config = load_config()
    embedder = Embedder(config.embedding_model)
    found = evaluate(options.home, options.id, embedder, config, load_release_config(), date.today())
    _print(options, asdict(found) | {"passes": found.passes}, _evaluation_lines(found))
    return 0 if found.passes else 1


def _evaluation_lines(found: Evaluation) -> Iterable[str]:
    yield (
        f"{found.id} against {found.against or 'nothing'}: {found.right_after} of {found.questions} right "
        f"(now {found.right_before}), {len(found.changes)} answers change, {len(found.mended)} mended, {len(found.broken)} broken"
    )
    for change in found.changes:
        yield f"\n[{change.id}] {change.question}"
        for sign, answer in (("-", change.before), ("+", change.after)):
            right = "right" if answer.right else "wrong"
            yield f"{sign} {answer.status} ({right}; {', '.join(answer.documents) or 'no source'}) {answer.text}"
    yield "\n".join(found.reasons) or "The gate opens."


def _publish(options: argparse.Namespace) -> int:
    config, rules = load_config(), load_release_config()
    verify(
        options.home / "releases" / Path(options.id).name
    )  # before the model is loaded, which takes some seconds
    embedder = Embedder(config.embedding_model)
    publish_checked(
        options.home, options.id, embedder, config, rules, date.today(), options.by, options.force
    )
    collected = collect(options.home, rules.keep)
    _print(options, {"current": options.id, "collected": collected}, f"{options.id} is served now.")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    release_id = rollback(options.home, options.by)
    _print(options, {"current": release_id}, f"{release_id} is served again.")
    return 0


def _list(options: argparse.Namespace) -> int:
    listed = releases(options.home)
    lines = [
        f"{'*' if r['current'] else ' '} {r['id']}  {r['counts']['passages']} passages{'' if r['published'] else '  candidate'}"
        if r["whole"]
        else f"! {r['id']}  {r['problem']}"
        for r in listed
    ]
    _print(options, {"releases": listed}, lines or "No releases yet. Run: python -m index_build build")
    return 0 if listed else 1


def _verify(options: argparse.Namespace) -> int:
    release_id = _release_id(options)
    manifest = verify(options.home / "releases" / release_id)
    _print(
        options,
        {"id": release_id, "whole": True, "files": manifest["files"]},
        f"{release_id}: {len(manifest['files'])} files, all as they were written.",
    )
    return 0


def _release_id(options: argparse.Namespace) -> str:
    """The release named, else the served one. Raises ReleaseError where there is none."""
    release_id = options.id or current_id(options.home)
    if not release_id:
        raise ReleaseError("No release is published. Run: python -m index_build build")
    return str(release_id)


def _drop(options: argparse.Namespace) -> int:
    drop(options.home, options.id)
    _print(options, {"dropped": options.id}, f"{options.id} is gone.")
    return 0


def _cancel(options: argparse.Namespace) -> int:
    asked = cancel(options.home)
    _print(options, {"cancelled": asked}, "The build was asked to stop." if asked else "No build is running.")
    return 0 if asked else 1


def _inspect(options: argparse.Namespace) -> int:
    document = read_document(options.file)
    drafts, doubts = inspect_document(document, options.home)
    warnings = {draft.id: [row for row in doubts if row["passage_id"] == draft.id] for draft in drafts}
    value = {
        "title": document.title, "language": document.language, "published_on": document.published_on,
        "valid_from": document.valid_from, "valid_until": document.valid_until, "is_statute": document.is_statute,
        "notices": [{"code": n.code, "ko": n.text("ko"), "en": n.text("en")} for n in document.notices],
        "passages": [
            {"id": d.id, "section": d.section, "kind": d.kind, "text": d.text,
             "sources": [s.sources for s in d.sentences], "warnings": warnings[d.id]}
            for d in drafts
        ],
    }  # fmt: skip
    lines = [f"{document.title} ({document.language}), {len(drafts)} passages"]
    lines += [f"! {notice.text('en')}" for notice in document.notices]
    for d in drafts:
        lines += [f"\n[{d.id}] {d.section}\n{d.text}"]
        lines += [f"! {row['confidence']}, {row['rule']}: {row['en']}" for row in warnings[d.id]]
    _print(options, value, lines)
    return 0


def _doubts(options: argparse.Namespace) -> int:
    rows = release_rows(options.home, _release_id(options), "doubts")
    lines = [
        f"{r['key']}  {r['rule']} ({r['confidence']}{', ' + r['verdict'] if r['verdict'] else ''})  {r['document_id']} – {r['section']}\n"
        f"   {r['found']}: {r['en']}\n   {r['sentence']}"
        for r in rows
    ]
    _print(options, {"doubts": rows}, lines or "No doubts.")
    return 0


def _contradictions(options: argparse.Namespace) -> int:
    rows = release_rows(options.home, _release_id(options), "contradictions")
    lines = [
        f"{r['value_a']} ({r['document_a']}, {r['as_of_a'] or 'no date'}) against {r['value_b']} ({r['document_b']}, {r['as_of_b'] or 'no date'})\n"
        f"   {r['sentence_a']}\n   {r['sentence_b']}"
        for r in rows
    ]
    _print(options, {"contradictions": rows}, lines or "No contradictions.")
    return 0


def _decide(options: argparse.Namespace) -> int:
    decision = Decisions(options.home).decide(
        options.key, options.verdict, options.by, options.note, options.correction, options.source
    )
    _print(options, asdict(decision), f"{decision.verdict}: kept. It takes effect with the next build.")
    return 0


def _expiring(options: argparse.Namespace) -> int:
    rows = expiring(
        release_rows(options.home, current_id(options.home), "documents"), date.today(), options.days
    )
    lines = [
        f"{r['until']}  {r['title']} ({r['source_name']}){'  EXPIRED' if r['expired'] else ''}" for r in rows
    ]
    _print(options, {"documents": rows}, lines or "Nothing expires.")
    return 0


_COMMANDS = {
    "build": _build, "evaluate": _evaluate, "publish": _publish, "rollback": _rollback, "list": _list,
    "verify": _verify, "drop": _drop, "cancel": _cancel, "inspect": _inspect, "doubts": _doubts,
    "contradictions": _contradictions, "decide": _decide, "expiring": _expiring,
}  # fmt: skip

if __name__ == "__main__":
    os.nice(10)  # those who ask the served release come before those who build the next one
    sys.exit(main())
