"""Kill builds, publications, rollbacks and collections at random moments: `python -m tests.chaos 200 [SEED]`."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index_build.build import build
from index_build.progress import ENDS, events
from index_build.release import collect, publish, releases, rollback
from knowledge.config import load_config
from knowledge.embedding import Embedder
from knowledge.home import current_id, history, published_ids
from knowledge.library import Library, verify

CONFIG = load_config()
TEXT = "나주 계획 {name}\n\n나주에는 용지 {number}필지가 남았습니다.\n"
# Seconds to the kill: about what one round takes, so that every stage has its share.
BUILDING, SWITCHING = 1.2, 0.15
Tell = Callable[[str], None]


def forked(work: Callable[[Tell], None]) -> tuple[int, int]:
    """Start `work` in a copy of this warm process; returns its number, and where what it tells can be read."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads, from 3.12 on
        child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    try:
        os.close(reader)
        work(lambda text: os.write(writer, text.encode() + b"\n") and None)
    except BaseException:  # noqa: BLE001  # the copy must never run on as its parent
        os.write(writer, b"!" + traceback.format_exc().replace("\n", " | ").encode() + b"\n")
    os._exit(0)


def killed(work: Callable[[Tell], None], seconds: float) -> str:
    """Start `work`, kill -9 it after some seconds; the last thing it told."""
    child, reader = forked(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(reader, encoding="utf-8") as told:
        lines = told.read().splitlines()
    assert not any(line.startswith("!") for line in lines), lines[-1]
    return lines[-1] if lines else "starting"


def write_documents(docs: Path, number: int) -> None:
    """Two documents that tell the same number."""
    docs.mkdir(exist_ok=True)
    for name in ("a", "b"):
        (docs / f"{name}.txt").write_text(TEXT.format(name=name, number=number), encoding="utf-8")


def build_on(home: Path, docs: Path, embedder: Embedder, number: int) -> Callable[[Tell], None]:
    """Builds and publications without end, each of other documents."""

    def work(tell: Tell) -> None:
        for step in range(1000):
            write_documents(docs, 1000 * number + step)
            report = build(home, [docs], embedder, CONFIG, lambda event: tell(event.stage))
            tell("publishing")
            publish(home, report.id)
            tell("between")

    return work


def switch_on(home: Path) -> Callable[[Tell], None]:
    """Publications, rollbacks and collections without end."""

    def work(tell: Tell) -> None:
        for _ in range(10_000):
            other = next(row["id"] for row in releases(home) if not row["current"])
            tell("publishing")
            publish(home, other)
            tell("rolling back")
            rollback(home)
            tell("collecting")
            collect(home, 2)

    return work


def told_numbers(library: Library) -> set[str]:
    """The numbers that the documents of the served release tell."""
    return {passage.text.split("용지 ")[1] for passage in library.release.passages()}


def check(home: Path, embedder: Embedder) -> None:
    """What must hold after any kill: a whole published release is served, and no other lies about half done."""
    library = Library(home, embedder, CONFIG)
    last = history(home)[-1]

    assert library.problem == ""
    assert library.release.id == current_id(home)
    assert library.release.id in published_ids(home)
    assert library.release.id in (last["id"], last["from"])
    assert verify(home / "releases" / library.release.id)["counts"]["documents"] == 2
    assert len(told_numbers(library)) == 1
    assert library.search("나주 용지", "ko")[0].passage.document_id in ("a", "b")
    assert [row for row in releases(home) if not row["whole"]] == []
    newest = max((home / "builds").glob("*.jsonl"))
    assert events(home, newest.stem)[-1]["stage"] in ENDS


def go_on(home: Path, docs: Path, embedder: Embedder, library: Library, number: int) -> None:
    """A build after the kill works and is served, and leaves nothing over."""
    write_documents(docs, number)
    report = build(home, [docs], embedder, CONFIG)
    publish(home, report.id)
    collect(home, 2)

    assert told_numbers(library) == {f"{number}필지가 남았습니다."}
    assert not [*home.glob("building/*"), *home.glob("trash/*"), *home.glob(".CURRENT.*")]


def chaos(home: Path, kills: int, seed: int, embedder: Embedder) -> Counter[str]:
    """Kill `kills` times at random moments and check after each; how many kills came in which stage.

    Raises AssertionError where anything but a whole published release is served, or work cannot go on.
    """
    random_moment, stages = random.Random(seed), Counter[str]()
    docs = home / "documents"
    home.mkdir(exist_ok=True)
    for number in (1, 2):
        write_documents(docs, number)
        publish(home, build(home, [docs], embedder, CONFIG).id)
    library = Library(home, embedder, CONFIG)
    cited = (library.release.id, next(library.release.passages()))
    for number in range(10, 10 + kills):
        builds = random_moment.random() < 0.75
        work = build_on(home, docs, embedder, number) if builds else switch_on(home)
        stages[killed(work, random_moment.uniform(0, BUILDING if builds else SWITCHING))] += 1
        check(home, embedder)
        go_on(home, docs, embedder, library, number)
        assert Library(home, embedder, CONFIG).passage(cited[0], cited[1].id) == cited[1]
    return stages


def main() -> None:
    """Print how many kills came in which stage."""
    kills, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    started = time.monotonic()
    embedder = Embedder()
    with tempfile.TemporaryDirectory() as folder:
        stages = chaos(Path(folder) / "home", kills, seed, embedder)
    for stage, count in stages.most_common():
        print(f"{stage:<14}{count:>5}")  # noqa: T201
    print(f"{kills} kills, {time.monotonic() - started:.0f} s, each followed by a whole published release")  # noqa: T201


if __name__ == "__main__":
    main()
