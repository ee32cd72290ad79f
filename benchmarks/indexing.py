"""What a release costs: from nothing against the bare embedding loop, after one changed article, and for visitors meanwhile.

    python -m benchmarks.indexing --source DIR [--source DIR] [--bare 1500] [--home DIR]

The bare loop embeds `--bare` of the release's own texts, drawn at random, with the same model object; half of them before the
build and half after it, because the machine's speed drifts. The changed article is one of the largest statute. The questions
asked under load are headings of the release; each is a whole answer.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.report import table, write
from index_build.build import build
from index_build.passages import split_document
from index_build.progress import Event, terminal
from index_build.reading.assemble import read_document
from index_build.release import publish
from knowledge.answer import compose
from knowledge.config import REPOSITORY, load_config
from knowledge.embedding import Embedder
from knowledge.library import Library

_SWITCHES = 6
_NUMBERS = itertools.count()
_PAUSE = 0.1  # seconds between the questions of one visitor


def main() -> None:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, action="append", required=True)
    parser.add_argument("--bare", type=int, default=1500, help="texts of the bare loop")
    parser.add_argument("--home", type=Path, help="keep the releases and vectors here; it must not exist yet")
    options = parser.parse_args()
    sources = options.source
    if options.home and options.home.exists():
        parser.error(
            f"--home {options.home.name} exists: what is built from nothing needs a folder of its own"
        )
    embedder = Embedder(load_config().embedding_model)
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(shutil.copytree(source, Path(folder) / str(n))) for n, source in enumerate(sources)]
        home = options.home or Path(folder) / "home"
        results = _from_nothing(home, copies, embedder, options.bare)
        write("indexing-part", results)  # half an hour of work: kept, whatever comes after it
        results |= _after_one_article(home, copies, embedder, results["seconds"])
        results |= _under_load(home, embedder)
    _print(results)
    print(f"\nReport: {write('indexing', results).name}")


class _Stages:
    """Seconds spent in each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._since = "", time.perf_counter()

    def __call__(self, event: Event) -> None:
        if event.stage != self._stage:
            now = time.perf_counter()
            self.seconds[self._stage or "start"] = self.seconds.get(self._stage, 0.0) + now - self._since
            self._stage, self._since = event.stage, now


def _from_nothing(home: Path, sources: Sequence[Path], embedder: Embedder, bare: int) -> dict[str, Any]:
    texts = _texts(sources)
    drawn = random.Random(7).sample(texts, min(bare, len(texts)))
    halves = drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]
    bare_seconds = [_embed(embedder, halves[0])]
    stages, started = _Stages(), time.perf_counter()
    report = build(home, sources, embedder, load_config(), stages, terminal())
    seconds = time.perf_counter() - started
    bare_seconds.append(_embed(embedder, halves[1]))
    publish(home, report.id)
    bare_rate = len(drawn) / sum(bare_seconds)
    return {
        "documents": report.passages_by_document, "refused": report.refused,
        "warnings": {name: [w["code"] for w in some] for name, some in report.warnings.items()},
        "doubts": report.doubts, "contradictions": report.contradictions, "passages": report.passages,
        "embedded": report.embedded, "seconds": seconds, "stages": stages.seconds, "bare_texts": len(drawn),
        "bare_seconds": bare_seconds, "build_rate": report.embedded / seconds, "bare_rate": bare_rate,
        "build_over_bare": report.embedded / seconds / bare_rate,
        "bytes": sum(path.stat().st_size for path in (home / "releases" / report.id).iterdir()),
    }  # fmt: skip


def _texts(sources: Sequence[Path]) -> list[str]:
    """What is embedded of each passage, each text once."""
    files = [
        path for source in sources for path in sorted(source.rglob("*")) if path.suffix in (".md", ".txt")
    ]
    drafts = [d for path in files if path.name != "README.md" for d in split_document(read_document(path))]
    return list(dict.fromkeys(draft.embedded_text for draft in drafts))


def _embed(embedder: Embedder, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for _ in embedder.passages(texts):
        pass
    return time.perf_counter() - started


def _after_one_article(
    home: Path, sources: Sequence[Path], embedder: Embedder, whole: float
) -> dict[str, Any]:
    path = max((p for source in sources for p in source.rglob("*.md")), key=lambda p: p.stat().st_size)
    text = path.read_text(encoding="utf-8")
    articles = [match.start() for match in re.finditer(r"^##### 제\d+조", text, re.MULTILINE)]
    end = articles[len(articles) // 2]
    path.write_text(f"{text[:end]}이 조의 시험을 위하여 덧붙인 문장이다.\n\n{text[end:]}", encoding="utf-8")
    started = time.perf_counter()
    report = build(home, sources, embedder, load_config())
    seconds = time.perf_counter() - started
    return {
        "changed": path.name, "changed_id": report.id, "changed_seconds": seconds, "changed_share": seconds / whole,
        "changed_embedded": report.embedded, "changed_reused": report.reused, "changed_updated": report.updated,
    }  # fmt: skip


def _under_load(home: Path, embedder: Embedder) -> dict[str, Any]:
    """Whole answers of two visitors, idle and while releases are switched and loaded."""
    config = load_config()
    library = Library(home, embedder, config, background=True)
    questions = [f"{p.section} {p.title}" for p in library.release.passages() if p.section][::37][:60]
    for question in questions[:5]:
        compose(question, "ko", library, date.today())
    idle, failed = _ask(library, questions, lambda: time.sleep(30))
    ids = sorted(path.name for path in (home / "releases").iterdir())

    def switch() -> None:
        for number in range(_SWITCHES):
            # A process of its own and as patient as an administrator's command is.
            call = f"import os; os.nice(10); from pathlib import Path; from index_build.release import publish; publish(Path({str(home)!r}), {ids[(number + 1) % 2]!r})"
            subprocess.run([sys.executable, "-c", call], cwd=REPOSITORY, check=True)
            time.sleep(6)

    busy, failed_busy = _ask(library, questions, switch)
    return {
        "questions_idle": len(idle), "questions_switching": len(busy), "failed": failed + failed_busy,
        "switches": _SWITCHES, "served_after": library.release.id,
        "idle_ms": _quantiles(idle), "switching_ms": _quantiles(busy),
        "slowed": {name: _quantiles(busy)[name] / value for name, value in _quantiles(idle).items()},
    }  # fmt: skip


def _ask(library: Library, questions: Sequence[str], work: Any) -> tuple[list[float], int]:
    """Milliseconds of each answer while `work` goes on, and how many failed."""
    took: list[float] = []
    failed: list[str] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            # Another word each time: a repeated question would come from the cache of vectors.
            number = next(_NUMBERS)
            started = time.perf_counter()
            try:
                compose(f"{questions[number % len(questions)]} {number}", "ko", library, date.today())
            except Exception as error:  # noqa: BLE001 - any failure counts, whatever it is
                failed.append(repr(error))
            took.append((time.perf_counter() - started) * 1000)
            time.sleep(_PAUSE)

    visitors = [threading.Thread(target=visit) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    work()
    done.set()
    for visitor in visitors:
        visitor.join()
    return took, len(failed)


def _quantiles(took: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=20)
    return {"median": statistics.median(took), "p95": cuts[18], "max": max(took)}


def _print(results: dict[str, Any]) -> None:
    table([("document", "passages"), *((name, str(count)) for name, count in results["documents"].items())])
    print()
    rows = [("figure", "value")]
    rows += [
        (name, f"{value:.3f}" if isinstance(value, float) else str(value))
        for name, value in results.items()
        if name not in ("documents",)
    ]
    table(rows)


if __name__ == "__main__":
    main()
