"""Answer quality through the running service, retrieval, and language understanding, on questions with checked facts.

    python -m benchmarks.evaluate [--default-pipeline]

Questions: tests/questions/ (`dev` was used to set thresholds; `test` was not looked at; `systems` and
`musts` (knowledge/documents/questions.jsonl) are the acceptance lists). An answer counts as right when its text or card holds every fact asked for, as wrong when it holds a
figure that must never be told. `--default-pipeline` trains Rasa's default pipeline on the same data and measures it too.
"""

from __future__ import annotations

import asyncio
import collections
import json
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import httpx

from assistant.settings import read_settings
from benchmarks.report import table, write, write_page
from benchmarks.service import started_service
from knowledge.config import DOCUMENTS, REPOSITORY

_SETS = ("dev", "test", "musts", "systems")
_DECLINED = ("no_answer", "out_of_scope", "handoff", "clarify")


def main() -> None:
    """Measure, print, and write the report."""
    results: dict[str, Any] = {
        "answers": asyncio.run(_answers()),
        "understanding": {"ours": _understanding(str(read_settings().model_path))},
    }
    if "--default-pipeline" in sys.argv:
        results["understanding"]["default_pipeline"] = _understanding(_train_default())
    _print(results)
    path = write("evaluate", results)
    page = write_page(
        path, [turn for name in ("musts", "systems") for turn in results["answers"][name]["turns"]]
    )
    print(
        f"\nReport: {path.name}, {page.name} in {path.parent.relative_to(read_settings().data_dir.parent)}/"
    )


async def _answers() -> dict[str, Any]:
    measured: dict[str, Any] = {}
    async with started_service() as service, httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for name in _SETS:
            path = DOCUMENTS if name == "musts" else REPOSITORY / "tests" / "questions"
            path = path / ("questions.jsonl" if name == "musts" else f"{name}.jsonl")
            questions = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            turns = [await _ask(client, service.url, question) for question in questions]
            measured[name] = {"figures": _figures(turns), "turns": turns}
    return measured


async def _ask(client: httpx.AsyncClient, url: str, question: dict[str, Any]) -> dict[str, Any]:
    """One question in a conversation of its own, judged."""
    base = f"{url}/api/v1/conversations"
    begun = (await client.post(base, json={"language": "auto", "site": "evaluate"})).json()
    headers = {"Authorization": f"Bearer {begun['token']}"}
    body = {"text": question["question"], "client_message_id": secrets.token_hex(8)}
    reply = (await client.post(f"{base}/{begun['id']}/messages", headers=headers, json=body)).json()
    await client.delete(f"{base}/{begun['id']}", headers=headers)
    message, outcome = reply["messages"][-1], reply["outcome"]
    said = _plain(" ".join([message["text"], *_card_words(message["card"])]))
    answered = outcome["status"] in ("answered", "partial")
    return {
        "id": question["id"],
        "language": question["language"],
        "kind": question["kind"],
        "expect": question["expect"],
        "question": question["question"],
        "text": message["text"],
        "sources": [
            {key: s[key] for key in ("document_id", "section", "title", "publisher", "as_of")}
            for s in message["sources"]
        ],
        "outcome": outcome,
        "facts_right": answered
        and all(any(_plain(one) in said for one in fact) for fact in question["facts"]),
        "source_right": any(s["document_id"] in question["documents"] for s in message["sources"]),
        "never_told": [one for one in question["never"] if _plain(one) in said],
        "declined": outcome["status"] in _DECLINED,
        "language_right": message["language"] == question["language"],
    }


def _figures(turns: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    figures: dict[str, dict[str, Any]] = {}
    for language in ("ko", "en"):
        own = [turn for turn in turns if turn["language"] == language]
        asked = [turn for turn in own if turn["expect"] == "answered"]
        figures[language] = {
            "answerable": len(asked),
            "facts_right": _share(turn["facts_right"] for turn in asked),
            "source_right": _share(turn["source_right"] for turn in asked),
            "answered": _share(not turn["declined"] for turn in asked),
            "unanswerable_declined": _share(
                turn["declined"] for turn in own if turn["expect"] == "no_answer"
            ),
            "off_topic_declined": _share(
                turn["declined"] for turn in own if turn["expect"] == "out_of_scope"
            ),
            "wrong_figures_told": sum(bool(turn["never_told"]) for turn in own),
            "language_right": _share(turn["language_right"] for turn in own),
        }
    return figures


def _understanding(model: str) -> dict[str, Any]:
    command = [
        str(read_settings().engine_python),
        "benchmarks/understanding.py",
        model,
        "tests/nlu/heldout.yml",
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _train_default() -> str:
    """Train Rasa's default pipeline on our messages; some minutes."""
    folder = read_settings().data_dir / "models" / "default"
    command = [
        str(read_settings().engine_python), "assistant/rasa/launch.py", "train", "nlu", "--config", "benchmarks/default_pipeline.yml",
        "--nlu", "assistant/rasa/data/nlu", "--out", str(folder), "--fixed-model-name", "default",
    ]  # fmt: skip
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return str(folder / "default.tar.gz")


def _card_words(card: dict[str, Any] | None) -> Iterable[str]:
    for row in (card or {}).get("rows", []):
        yield row["title"]
        yield from (field["value"] for field in row["fields"])
        yield row["note"]


def _plain(text: str) -> str:
    return re.sub(r"[\s,]", "", text)


def _share(values: Iterable[bool]) -> float | None:
    counted = collections.Counter(values)
    return round(counted[True] / counted.total(), 4) if counted.total() else None


def _print(results: dict[str, Any]) -> None:
    names = (
        "answerable",
        "facts_right",
        "source_right",
        "answered",
        "unanswerable_declined",
        "off_topic_declined",
        "wrong_figures_told",
        "language_right",
    )
    rows: list[tuple[str, ...]] = [("questions", "", *names)]
    for name, measured in results["answers"].items():
        rows += [
            (name, language, *(str(figures[key]) for key in names))
            for language, figures in measured["figures"].items()
        ]
    table(rows)
    print()
    rows = [("understanding", "", "n", "accuracy", "off_topic_rejected", "wrongly_rejected")]
    for name, measured in results["understanding"].items():
        rows += [
            (
                name,
                lang,
                *(
                    str(measured[lang][key])
                    for key in ("n", "accuracy", "off_topic_rejected", "wrongly_rejected")
                ),
            )
            for lang in ("ko", "en")
        ]
    table(rows)


if __name__ == "__main__":
    main()
