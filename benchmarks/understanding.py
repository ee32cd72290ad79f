"""Intent accuracy, rejection and entity F1 of a trained model on held-out messages. Runs in the engine's Python.

    assistant/rasa/.venv/bin/python benchmarks/understanding.py MODEL.tar.gz tests/nlu/heldout.yml [more.yml …] [--wrong]

Entities are measured on the file beside each, `entities.yml` for `heldout.yml`. The last line printed is one JSON object, with
`confused` (intent meant → intent read → count) per language; with `--wrong`, the messages misread go before it.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "assistant" / "rasa"))

import yaml  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

OFF_TOPIC = {"out_of_scope", "out_of_scope_property", "out_of_scope_agency", "manipulate"}


def is_korean(text: str) -> bool:
    """Whether any Hangul occurs."""
    return bool(re.search("[가-힣ㄱ-ㅎ]", text))


def messages(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Text and intent meant of every message of NLU files."""
    for path in paths:
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- ") and line[2:].strip():
                    yield line[2:].strip(), block["intent"]


async def intents(agent: Agent, paths: list[Path], wrong: bool = False) -> dict[str, dict[str, Any]]:
    """Per language: accuracy, share of off-topic messages rejected, share of real ones wrongly rejected, what was confused."""
    count: dict[str, collections.Counter] = {"ko": collections.Counter(), "en": collections.Counter()}
    confused: dict[str, Any] = {language: collections.defaultdict(collections.Counter) for language in count}
    for text, meant in messages(paths):
        parsed = await agent.parse_message(text)
        language, got = "ko" if is_korean(text) else "en", parsed["intent"]["name"]
        seen, rejected = count[language], got in OFF_TOPIC or got == "nlu_fallback"
        confused[language][meant][got] += 1
        seen.update(all=1, right=got == meant)
        seen.update(
            {"off": 1, "off_rejected": rejected}
            if meant in OFF_TOPIC
            else {"real": 1, "real_rejected": rejected}
        )
        if got != meant and wrong:
            print(f"{meant:22} -> {got:22} {parsed['intent']['confidence']:.2f}  {text}")
    return {
        language: {
            "n": seen["all"],
            "accuracy": round(seen["right"] / seen["all"], 4),
            "off_topic_rejected": round(seen["off_rejected"] / seen["off"], 4),
            "wrongly_rejected": round(seen["real_rejected"] / seen["real"], 4),
            "confused": confused[language],
        }
        for language, seen in count.items()
    }


async def entities(agent: Agent, paths: list[Path], wrong: bool = False) -> dict[str, float]:
    """F1 per kind of entity; areas and amounts count when within 0.1 %."""
    hits, said, wanted = collections.Counter(), collections.Counter(), collections.Counter()
    for item in (item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8"))):
        found: dict[str, list[Any]] = collections.defaultdict(list)
        for entity in (await agent.parse_message(item["text"]))["entities"]:
            if entity["value"] not in found[entity["entity"]]:
                found[entity["entity"]].append(entity["value"])
        for kind in (
            "region",
            "programme",
            "company_type",
            "facility_type",
            "industry",
            "area",
            "amount",
            "headcount",
            "years",
            "start",
            "origin",
        ):
            right = item["entities"].get(kind, [])
            matched = sum(any(_same(value, one) for one in found[kind]) for value in right)
            hits[kind] += matched
            said[kind] += len(found[kind])
            wanted[kind] += len(right)
            if (matched < len(right) or len(found[kind]) > len(right)) and wrong:
                print(f"{kind}: wanted {right}, found {found[kind]}  {item['text']}")
    return {kind: round(2 * hits[kind] / max(said[kind] + wanted[kind], 1), 4) for kind in wanted}


def _same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, (int, float)):
        return abs(float(wanted) - float(got)) <= max(0.1, abs(wanted) * 0.001)
    return wanted == got


async def main() -> None:
    """Measure and print."""
    configure_structlog(logging.ERROR)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("heldout", type=Path, nargs="+")
    parser.add_argument("--wrong", action="store_true", help="print what was misread")
    options = parser.parse_args()
    agent = Agent.load(options.model)
    result: dict[str, Any] = await intents(agent, options.heldout, options.wrong)
    beside = [path.with_name(path.name.replace("heldout", "entities")) for path in options.heldout]
    result["entities"] = await entities(agent, beside, options.wrong)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main())
