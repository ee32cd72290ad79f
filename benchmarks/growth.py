"""How search and loading hold up as a release grows.

    python -m benchmarks.growth [--sizes 1000,10000,100000] [--source DIR] [--embed 1000] [--json]

Passages are sentences of one document put together anew. The first `--embed` of them are really embedded; the vectors
of the rest are drawn around those: a real vector moved in the directions in which real ones differ, their spread kept.
`switched` is the index used beyond `exact_until`, built at every size to compare it with the flat one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from benchmarks.corpus import LANGUAGE, NOISE, Corpus, drawn
from benchmarks.report import table, write
from knowledge.config import DOCUMENTS, REPOSITORY, load_config
from knowledge.embedding import Embedder, Vectors
from knowledge.lexical import morphemes
from knowledge.library import Release
from knowledge.vectors import make_index

_QUESTIONS = REPOSITORY / "tests" / "questions" / "dev.jsonl"
_ASKED, _HITS, _CUT = 100, 12, 200


def main() -> None:
    """Measure every size, print a table, and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--source", type=Path, default=DOCUMENTS, help="a folder of documents in Korean")
    parser.add_argument("--embed", type=int, default=1000, help="how many passages are really embedded")
    parser.add_argument("--json", action="store_true", help="print the report and no table")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    corpus = Corpus.read(options.source)
    results = measure(corpus, sizes, options.embed, Embedder(load_config().embedding_model))
    path = write("growth", results)
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=1))
    else:
        _print(results)
        print(f"\nReport: {path.name}")


def measure(corpus: Corpus, sizes: Sequence[int], embed: int, embedder: Embedder) -> dict[str, Any]:
    """The figures of each size, and what embedding and cutting into morphemes costs."""
    drafts = corpus.recombined(sizes[-1])
    texts = [draft.embedded_text for draft in drafts[:embed]]
    sample, embedding = _timed(lambda: np.concatenate(list(embedder.passages(texts))))
    morphemes("나주에 땅이 있나요?")  # loads the analyser
    _, cutting = _timed(lambda: [morphemes(text) for text in texts[:_CUT]])
    vectors, questions = drawn(sample, sizes[-1]), _questions()
    asked, asking = zip(*(_timed(partial(embedder.query, question)) for question in questions), strict=True)
    results: dict[str, Any] = {
        "passages_embedded_a_second": round(len(texts) / embedding, 1),
        "morphemes_ms_a_passage": round(1000 * cutting / len(texts[:_CUT]), 1),
        "question_embedding_ms": _summary(asking),
        "vectors": f"{len(sample)} really embedded, the rest drawn around them (noise {NOISE})",
        "nearest_neighbour_cosine": {"real": nearest(sample), "drawn": nearest(vectors)},
        "sizes": {},
    }
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            release = Path(folder) / "growth"
            write = partial(corpus.write, release, drafts[:size], vectors[:size], embedder, load_config())
            _, seconds = _timed(write)
            disk = sum(path.stat().st_size for path in release.iterdir())
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # a process of its own, for its memory
                served = pool.submit(serve, release, questions).result()
        written = {"write_s": round(seconds, 2), "disk_mb": round(disk / 2**20, 1)}
        results["sizes"][str(size)] = written | served | compare(vectors[:size], np.stack(asked))
    return results


def nearest(vectors: Vectors) -> float:
    """Median cosine of a vector to the nearest other one of the last 1,000."""
    some = vectors[-1000:]
    return round(float(np.median(np.sort(some @ some.T, axis=1)[:, -2])), 3)


def serve(folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Load a release and search it in this process."""
    config = load_config()
    embedder = Embedder(config.embedding_model)
    vectors = [embedder.query(question) for question in questions]
    morphemes("나주에 땅이 있나요?")  # loads the analyser, whose memory does not count
    before = _resident_mb()
    release, load_seconds = _timed(lambda: Release(folder, embedder, config))
    resident = _resident_mb() - before
    found, whole = [], []
    for number, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        found.append(_timed(partial(release.search, question, LANGUAGE, vector, _HITS))[1])
        fresh = f"{question} ({number})"  # not in the cache of the last questions
        whole.append(_timed(lambda: release.search(fresh, LANGUAGE, embedder.query(fresh), _HITS))[1])  # noqa: B023
    stall = _Stall()
    _, reload_seconds = _timed(lambda: Release(folder, embedder, config))
    return {
        "load_s": round(load_seconds, 3),
        "reload_s": round(reload_seconds, 3),
        "longest_stall_ms": stall.end(),
        "resident_mb": round(resident),
        "search_ms": _summary(found),
        "embedding_and_search_ms": _summary(whole),
    }


class _Stall:
    """The longest time for which another thread could not run; a few ms on an idle machine."""

    def __init__(self) -> None:
        self._ended, self._longest = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            started = time.perf_counter()
            time.sleep(0.001)
            self._longest = max(self._longest, time.perf_counter() - started - 0.001)

    def end(self) -> float:
        self._ended.set()
        self._thread.join()
        return round(1000 * self._longest, 1)


def compare(vectors: Vectors, asked: Vectors) -> dict[str, Any]:
    """The flat index beside the one it is switched to: seconds to build, milliseconds a search, share of the best ten."""
    results: dict[str, Any] = {}
    found: dict[str, list[set[int]]] = {}
    for name, exact_until in (("flat", len(vectors)), ("switched", 0)):
        index, seconds = _timed(partial(make_index, vectors, exact_until))
        searches = [_timed(partial(index.search, question[None, :], 10)) for question in asked]
        found[name] = [set(rows[0]) for (_, rows), _ in searches]
        results[name] = {"build_s": round(seconds, 2), "search_ms": _summary([took for _, took in searches])}
    shares = [len(a & b) / len(a) for a, b in zip(found["flat"], found["switched"], strict=True)]
    results["switched"]["recall_at_10"] = round(float(np.mean(shares)), 3)
    medians = [results[name]["search_ms"]["p50"] for name in ("flat", "switched")]
    results["flat_over_switched"] = round(medians[0] / medians[1], 1)
    return results


def _questions() -> list[str]:
    rows = map(json.loads, _QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [row["question"] for row in rows if row["language"] == LANGUAGE][:_ASKED]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "p50": round(1000 * float(np.median(seconds)), 2),
        "p95": round(1000 * float(np.percentile(seconds, 95)), 2),
    }


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def _print(results: dict[str, Any]) -> None:
    rows: list[tuple[str, ...]] = []
    for size, one in results["sizes"].items():
        search, whole, switched = one["search_ms"], one["embedding_and_search_ms"], one["switched"]
        row = {
            "passages": size,
            "write s": one["write_s"],
            "disk MB": one["disk_mb"],
            "load s": one["load_s"],
            "reload s": one["reload_s"],
            "stall ms": one["longest_stall_ms"],
            "resident MB": one["resident_mb"],
            "search ms p50/p95": f"{search['p50']}/{search['p95']}",
            "with embedding": f"{whole['p50']}/{whole['p95']}",
            "flat ms": one["flat"]["search_ms"]["p50"],
            "switched ms": switched["search_ms"]["p50"],
            "recall@10": switched["recall_at_10"],
            "switched build s": switched["build_s"],
        }
        rows = [*(rows or [tuple(row)]), tuple(map(str, row.values()))]
    table(rows)
    for name in (
        "passages_embedded_a_second",
        "morphemes_ms_a_passage",
        "question_embedding_ms",
        "vectors",
        "nearest_neighbour_cosine",
    ):
        print(f"{name}: {results[name]}")


if __name__ == "__main__":
    faiss.omp_set_num_threads(1)
    main()
