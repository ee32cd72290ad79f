"""Search over raw documents, as an administrator would upload them: recall by language of question and document.

    python -m benchmarks.retrieval --home DIR [--split test]

DIR holds a release of the founding texts and statutes (`python -m index_build build --home DIR --source …`), built after one of the
shipped documents (`python -m index_build build --home DIR`), whose adapter it keeps. Questions:
`tests/questions/retrieval-*.jsonl`; those of `tuning` were used to set weights, those of `test` only here. A hit is right where it
lies in the article named, or holds the words named. Own: only documents of the corpus's language are searched. Mixed: all.
Times are of the whole search, the question's embedding included, beside the embedding alone.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from benchmarks.figures import stage
from benchmarks.report import table, write
from knowledge.config import REPOSITORY, load_config
from knowledge.embedding import Embedder
from knowledge.library import Library, Passage, Release

_FOLDER = REPOSITORY / "tests" / "questions"
_LANGUAGE = {"founding": "en", "statutes": "ko"}
_DEPTH = 50
_WAYS = ("ours", "BM25 alone", "embeddings alone", "mixed")


def main() -> None:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--split", choices=("tuning", "test"), default="test")
    options = parser.parse_args()
    config = load_config()
    library = Library(options.home, Embedder(config.embedding_model), config)
    timing = time_searches(library)  # first: the vectors of questions asked before are kept
    results = measure(library, options.split) | {"timing": timing}
    _print(results)
    print(f"\nReport: {write('retrieval', results).name}")


def measure(library: Library, split: str) -> dict[str, Any]:
    """Ranks of the first right hit by corpus, language and way; and how well answerable questions are told from others."""
    ranks: dict[str, dict[str, list[int]]] = {}
    missed: list[dict[str, Any]] = []
    for question in questions(("founding", "statutes"), split):
        place = f"{question['corpus']} {question['language']}"
        for way, found in _hits(library, question):
            rank = next((n for n, passage in enumerate(found, start=1) if is_right(question, passage)), 0)
            ranks.setdefault(place, {}).setdefault(way, []).append(rank)
            if way == "mixed" and not 0 < rank <= 5:
                missed.append({"id": question["id"], "question": question["question"], "rank": rank})
    return {
        "split": split,
        "recall": {
            place: {way: figures(own) for way, own in by_way.items()} for place, by_way in ranks.items()
        },
        "missed": missed,
        "answerable": _answerable(library, split),
    }


def questions(corpora: Sequence[str], split: str) -> Iterator[dict[str, Any]]:
    """Questions of a split with their gold."""
    for corpus in corpora:
        for line in (_FOLDER / f"retrieval-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            if question["split"] == split:
                yield question


def time_searches(library: Library) -> dict[str, Any]:
    """Milliseconds that embedding a question takes, and the search with it, over the questions of both splits, each asked once."""
    library.search("warm up", "en")
    embedding: list[float] = []
    whole: list[float] = []
    for split in ("tuning", "test"):
        for question in questions(("founding", "statutes"), split):
            text = library.release.mended(question["question"]).text
            started = time.perf_counter()
            library.embedder.query(text)
            embedding.append(1000 * (time.perf_counter() - started))
            library.search(question["question"], question["language"])
            whole.append(1000 * (time.perf_counter() - started))
    alone, together = stage(embedding), stage(whole)
    return {
        "passages": sum(1 for _ in library.release.passages()),
        "embedding": alone,
        "search with it": together,
        "ratio_of_p95": round(together["p95_ms"] / alone["p95_ms"], 3),
    }


def is_right(question: dict[str, Any], passage: Passage) -> bool:
    """Whether a passage is of an article named in the gold, or holds its words."""
    for gold in question["gold"]:
        if passage.document_id == gold["document"]:
            if "article" in gold:
                if re.search(rf"{re.escape(gold['article'])}(?!\s*의\s*\d)(?!\d)", passage.section):
                    return True
            elif any(_plain(words) in _plain(passage.text) for words in gold["holds"]):
                return True
    return False


def figures(ranks: Sequence[int]) -> dict[str, float]:
    """Recall@1/3/5 and MRR of ranks, 0 standing for not found."""
    recall = {
        f"recall@{k}": round(statistics.mean(0 < rank <= k for rank in ranks), 4) for k in (1, 3, 5, 10)
    }
    return {"n": len(ranks)} | recall | {"mrr": round(statistics.mean(1 / r if r else 0.0 for r in ranks), 4)}


def _hits(library: Library, question: dict[str, Any]) -> Iterator[tuple[str, list[Passage]]]:
    text, language = question["question"], question["language"]
    own = _LANGUAGE[question["corpus"]]
    vector = library.embedder.query(text)
    release: Release = library.release
    yield "ours", [hit.passage for hit in release.search_in(own, text, language, vector, _DEPTH)]
    yield "mixed", [hit.passage for hit in library.search(text, language, _DEPTH)]
    yield "BM25 alone", release.search_plainly(own, text, None, _DEPTH)
    yield "embeddings alone", release.search_plainly(own, text, vector, _DEPTH)


def _answerable(library: Library, split: str) -> dict[str, Any]:
    """AUROC of the best support, by language of the question, for questions that the documents answer against those they do not."""
    rows: dict[str, list[tuple[bool, float]]] = {}
    for question in questions(("founding", "statutes", "none"), split):
        hits = library.search(question["question"], question["language"], 5)
        rows.setdefault(question["language"], []).append(
            (question["corpus"] != "none", max((hit.support for hit in hits), default=0.0))
        )
    return {
        language: {"n": len(own), "auroc": round(float(roc_auc_score(*zip(*own, strict=True))), 4)}
        for language, own in rows.items()
    }


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(str.maketrans("‘’“”", "''\"\""))).lower()


def _print(results: dict[str, Any]) -> None:
    rows: list[tuple[str, ...]] = [
        ("questions", "way", "n", "recall@1", "recall@3", "recall@5", "recall@10", "mrr")
    ]
    for place, by_way in results["recall"].items():
        rows += [(place, way, *(str(value) for value in by_way[way].values())) for way in _WAYS]
    table(rows)
    print()
    table([("answerable", "n", "AUROC"), *(
        (language, str(own["n"]), str(own["auroc"])) for language, own in results["answerable"].items()
    )])  # fmt: skip
    timing = results["timing"]
    print()
    table([("time", "runs", "median ms", "p95 ms"), *(
        (stage_name, *(str(value) for value in timing[stage_name].values())) for stage_name in ("embedding", "search with it")
    )])  # fmt: skip
    print(f"p95 over {timing['passages']} passages: {timing['ratio_of_p95']} times the embedding alone")


if __name__ == "__main__":
    main()
