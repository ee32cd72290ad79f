"""Answer quality through the running service, retrieval, and language understanding, on questions with checked facts.

    python -m benchmarks.evaluate [--sets dev,test,musts,systems] [--against FILE] [--default-pipeline]

Questions: `dev` (thresholds are set on it) and `test` (not looked at) of tests/questions/, and the acceptance lists `musts`
(knowledge/documents/questions.jsonl) and `systems`. What counts as right: benchmarks/judging.py. The report, `evaluate-<time>`
as .json and .html under `var/reports/`, is compared with the newest earlier one that holds the same sets, or with `--against`.
`--default-pipeline` trains Rasa's default pipeline on the same data and measures it too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import subprocess
import time
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from assistant.settings import read_settings
from benchmarks.comparing import changed_questions, compare, summary
from benchmarks.figures import answers, retrieval, stage
from benchmarks.judging import judge
from benchmarks.pages import page
from benchmarks.report import newest, read, table, tables, write
from benchmarks.service import started_service
from knowledge.answer import compose
from knowledge.config import DOCUMENTS, REPOSITORY, load_config
from knowledge.embedding import Embedder
from knowledge.library import Hit, Library

_QUESTIONS = REPOSITORY / "tests" / "questions"
SETS = {
    "dev": _QUESTIONS / "dev.jsonl",
    "test": _QUESTIONS / "test.jsonl",
    "blind": _QUESTIONS / "blind.jsonl",
    "fresh": _QUESTIONS / "fresh.jsonl",
    "tables": _QUESTIONS / "tables.jsonl",
    "near": _QUESTIONS / "near.jsonl",
    "musts": DOCUMENTS / "questions.jsonl",
    "systems": _QUESTIONS / "systems.jsonl",
}
HELD_OUT = ("tests/nlu/heldout.yml", "tests/nlu/heldout_guided.yml")
_HITS = 10  # hits looked at for the reciprocal rank
_STAGES = ("query_embedding", "search", "compose")
Questions = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Measure, print, and write the report."""
    options = _parser().parse_args()
    questions = {name: _questions(SETS[name]) for name in options.sets}
    turns = asyncio.run(_ask_all(questions))
    library = _library()
    results: dict[str, Any] = {
        "about": _about(library, questions),
        "answers": {name: answers(own) | {"turns": own} for name, own in turns.items()},
        **measure_inside(library, questions),
        "understanding": {"ours": _understanding(read_settings().model_path)},
    }
    took = [turn["outcome"]["took_ms"] for own in turns.values() for turn in own]
    results["timing"] = {"turn": stage(took)} | results["timing"]
    if options.default_pipeline:
        results["understanding"]["default_pipeline"] = _understanding(_train_default())
    before = options.against or newest("evaluate", options.sets)
    results["compared"] = compare(results, read(before), before.name) if before else None
    _print(results)
    path = write("evaluate", results)
    path.with_suffix(".html").write_text(page(results, path.stem), encoding="utf-8")
    print(
        f"\nReport: {path.stem}.json and .html in {path.parent.relative_to(read_settings().data_dir.parent)}/"
    )


def measure_inside(library: Library, questions: Questions) -> dict[str, Any]:
    """Without the service: `retrieval` by set and, over all sets, `timing` of the stages of an answer.

    Retrieval is measured on questions that have an answer in a document; other corpora report theirs by the same
    `figures.retrieval`.
    """
    library.search("입주승인은 누가 하나요?", "ko")  # loads the morpheme analyser
    times: dict[str, list[float]] = {name: [] for name in _STAGES}
    found: dict[str, Any] = {}
    for name, own in questions.items():
        rows = []
        for question in own:
            hits, took = _look_up(library, question)
            for part, milliseconds in zip(_STAGES, took, strict=True):
                times[part].append(milliseconds)
            if question["expect"] == "answered" and question["documents"]:
                rows.append(question | {"rank": _rank(hits, question["documents"])})
        found[name] = retrieval(rows) | {"ranks": {row["id"]: row["rank"] for row in rows}}
    return {"retrieval": found, "timing": {name: stage(own) for name, own in times.items()}}


def _look_up(library: Library, question: dict[str, Any]) -> tuple[list[Hit], tuple[float, ...]]:
    """Hits for a question, and the milliseconds of each of `_STAGES`; composing searches again, with the vector kept."""
    text, language = question["question"], question["language"]
    marks = [time.perf_counter()]
    vector = library.embedder.query(text)
    marks.append(time.perf_counter())
    hits = library.release.search(text, language, vector, _HITS)
    marks.append(time.perf_counter())
    compose(text, language, library, date.today())
    marks.append(time.perf_counter())
    return hits, tuple(1000 * (end - start) for start, end in pairwise(marks))


def _rank(hits: list[Hit], documents: list[str]) -> int | None:
    return next((hit.rank for hit in hits if hit.passage.document_id in documents), None)


async def _ask_all(questions: Questions) -> Questions:
    async with started_service() as service, httpx.AsyncClient(timeout=60, trust_env=False) as client:
        return {
            name: [await _ask(client, f"{service.url}/api/v1/conversations", question) for question in own]
            for name, own in questions.items()
        }


async def _ask(client: httpx.AsyncClient, base: str, question: dict[str, Any]) -> dict[str, Any]:
    """One question in a conversation of its own, judged. Raises httpx.HTTPStatusError where the service refuses it."""
    begun = (await client.post(base, json={"language": "auto", "site": "evaluate"})).raise_for_status().json()
    headers = {"Authorization": f"Bearer {begun['token']}"}
    body = {"text": question["question"], "client_message_id": secrets.token_hex(8)}
    reply = await client.post(f"{base}/{begun['id']}/messages", headers=headers, json=body)
    said = reply.raise_for_status().json()
    await client.delete(f"{base}/{begun['id']}", headers=headers)
    return judge(question, said["messages"][-1], said["outcome"])


def _library() -> Library:
    config = load_config()
    return Library(read_settings().knowledge_home, Embedder(config.embedding_model), config)


def _about(library: Library, questions: Questions) -> dict[str, Any]:
    """What was measured, when, and on how many questions."""
    return {
        "at": f"{datetime.now():%Y-%m-%d %H:%M}",
        "release": library.release.id,
        "embedding_model": library.embedder.name,
        "questions": {name: len(own) for name, own in questions.items()},
    }


def _understanding(model: Path) -> dict[str, Any]:
    """Figures of benchmarks/understanding.py, which runs in the engine's Python."""
    engine = str(read_settings().engine_python)
    command = [engine, "benchmarks/understanding.py", str(model), *HELD_OUT]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _train_default() -> Path:
    """Train Rasa's default pipeline on our messages; some minutes."""
    folder = read_settings().data_dir / "models" / "default"
    command = [
        str(read_settings().engine_python), "assistant/rasa/launch.py", "train", "nlu", "--config", "benchmarks/default_pipeline.yml",
        "--nlu", "assistant/rasa/data/nlu", "--out", str(folder), "--fixed-model-name", "default",
    ]  # fmt: skip
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return folder / "default.tar.gz"


def _questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=_sets, default=list(SETS), help=f"default: {','.join(SETS)}")
    parser.add_argument("--against", type=_report, help="an earlier report; default: the newest")
    parser.add_argument("--default-pipeline", action="store_true", help="measure Rasa's default pipeline too")
    return parser


def _sets(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in SETS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no set {', '.join(unknown)}; there are {', '.join(SETS)}")
    return names


def _report(text: str) -> Path:
    try:
        read(Path(text))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text} is no report that can be read ({error})") from error
    return Path(text)


def _print(results: dict[str, Any]) -> None:
    for title, rows in tables(results):
        print(f"{title}\n")
        table(rows)
        print()
    compared = results["compared"]
    if compared:
        print(f"Compared with {compared['against']}\n")
        differing = summary(compared, brief=True)
        if len(differing) > 1:
            table([*differing, ("",) * 4])
        print("\n".join(changed_questions(compared)))


if __name__ == "__main__":
    main()
