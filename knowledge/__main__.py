"""`python -m knowledge search`: the search that the assistant uses, on the command line."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.answer import confidence
from knowledge.config import LANGUAGES, ConfigError, data_folder, load_config
from knowledge.embedding import Embedder, EmbeddingError
from knowledge.language import detect
from knowledge.library import Hit, Library, Passage, ReleaseError
from knowledge.standing import Standing, standing


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 nothing found, 2 wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config()
        questions = list(_questions(options))
        library = Library(
            options.home or data_folder() / "knowledge", Embedder(config.embedding_model), config
        )
    except (ConfigError, EmbeddingError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    results = [_search(library, question, options.top_k) for question in questions]
    for result in results:
        print(json.dumps(result, ensure_ascii=False) if options.json else _lines(result))
    return 0 if any(result["answerable"] for result in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="The knowledge of the assistant")
    commands = parser.add_subparsers(dest="command", required=True)
    search = commands.add_parser("search", help="the best passages for a question")
    search.add_argument("question", nargs="?", default="")
    search.add_argument("--queries", type=Path, help='a file of JSON lines {"id", "question", "language"}')
    search.add_argument("--language", choices=LANGUAGES, help="of the question; default: its own")
    search.add_argument("--top-k", type=int, default=5)
    search.add_argument(
        "--home", type=Path, help="where releases lie (default: knowledge/ in the data folder)"
    )
    search.add_argument("--json", action="store_true", help="print JSON, one line a question")
    return parser


def _questions(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Questions with id and language. Raises ValueError naming the line or argument that cannot be used."""
    if options.queries is None:
        if not options.question.strip():
            raise ValueError("No question given. Write one in quotes, or name a file with --queries.")
        yield {
            "id": "1",
            "question": options.question,
            "language": options.language or detect(options.question),
        }
        return
    for number, line in enumerate(options.queries.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question = str(row["question"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f'{options.queries.name} line {number}: not an object with "question" ({error}). Mend the line.'
            ) from error
        language = row.get("language")
        yield {
            "id": row.get("id", str(number)),
            "question": question,
            "language": language if language in LANGUAGES else detect(question),
        }


def _search(library: Library, question: dict[str, Any], top_k: int) -> dict[str, Any]:
    started = time.perf_counter()
    hits = library.search(question["question"], question["language"], max(1, top_k))
    threshold = library.config.minimum_support[question["language"]]
    best = max((hit.support for hit in hits), default=0.0)
    return question | {
        "answerable": best >= threshold,
        "confidence": round(confidence(best, threshold), 4),
        "hits": [_hit(hit) for hit in hits],
        "took_ms": round((time.perf_counter() - started) * 1000, 1),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    names = (
        "document_id",
        "title",
        "section",
        "publisher",
        "published_on",
        "as_of",
        "language",
        "text",
        "source_name",
    )
    values = {name: getattr(passage, name) for name in names}
    return (
        {"rank": hit.rank, "score": round(hit.score, 4), "passage_id": passage.id}
        | values
        | {"warnings": [*passage.warnings, *_standing(passage)]}
    )


def _standing(passage: Passage) -> list[str]:
    """A warning where a passage does not hold today."""
    how = standing(passage, date.today())
    day = passage.valid_from if how == Standing.NOT_YET else passage.valid_until or passage.superseded_by
    return [] if how == Standing.CURRENT else [f"{how}: {day}"]


def _lines(result: dict[str, Any]) -> str:
    head = f"{result['question']}  ({'answerable' if result['answerable'] else 'nothing found'}, {result['took_ms']} ms)"
    return "\n".join(
        [
            head,
            *(
                f"{h['rank']}. {h['score']:.3f} {h['title']} – {h['section']} ({h['as_of']})\n   {h['text']}"
                for h in result["hits"]
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
