"""Documents and catalogue to a candidate release: read, check, embed only what changed, write beside, move into place."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index_build.adapting import Pairs, fit, pairs_of
from index_build.cache import Cache
from index_build.catalogue_files import CATALOGUE_FILES, BuildError, Tables, read_tables
from index_build.checking import Checked, check_documents
from index_build.glosses import gloss_digest, glosses
from index_build.passages import DraftPassage, question_digest
from index_build.progress import BUILD_LOCK, BuildCancelled, EventFile, Listener, Progress
from index_build.questions import QUESTIONS, read_questions
from index_build.reading.assemble import ABOUT, about_file, document_of, read_file
from index_build.reading.document import Document, Reading, UnreadableDocument
from index_build.writing import fsync_folder, write_release
from knowledge.adapter import Adapter
from knowledge.config import LANGUAGES, AnswerConfig
from knowledge.embedding import Embedder, Vectors
from knowledge.glossary import Glossary
from knowledge.home import current_id
from knowledge.library import ReleaseError, verify

_NOT_DOCUMENTS = {"README.md", QUESTIONS, *CATALOGUE_FILES}
_PROBES = 1.0  # seconds; whoever asks whether a build runs holds the lock for a moment
_READERS = 2  # files read at the same time, each in a process of its own


@dataclass(slots=True)
class BuildReport:
    """What a build did. `created`, `updated`, `deleted` and `skipped` name documents against the served release;
    `refused` gives each refused file its code and its reason in `ko` and `en`, `lost` those of them that are served today;
    `warnings` gives what to know of files that were read.
    """

    id: str = ""
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    reused: int = 0
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    warnings: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    passages_by_document: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    contradictions: int = 0


def build(
    home: Path, sources: Sequence[Path], embedder: Embedder, config: AnswerConfig, *listeners: Listener
) -> BuildReport:
    """Build a candidate from folders. What is served does not change; `release.publish` does that.

    Raises BuildError where another build runs, no document can be read or a row of the catalogue is wrong, and
    BuildCancelled where `progress.cancel` was called.
    """
    created = datetime.now(UTC)
    build_id = f"{created:%Y%m%d-%H%M%S-%f}"  # sorts by time, to the microsecond
    with _only_build(home):
        cancel = home / "builds" / "CANCEL"
        cancel.unlink(missing_ok=True)
        # The file first: who hears of a step may read it there at once.
        progress = Progress(EventFile(home, build_id), *listeners, cancelled=cancel.exists)
        try:
            report = _build(home, sources, embedder, config, progress, created, build_id)
        except BaseException as error:
            progress.end("cancelled" if isinstance(error, BuildCancelled) else "failed", str(error))
            raise
        progress.end("done", build_id)
        return report


@contextmanager
def _only_build(home: Path) -> Iterator[None]:
    """One build at a time; what a killed or cancelled one left goes."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / BUILD_LOCK, timeout=_PROBES):
            shutil.rmtree(home / "building", ignore_errors=True)
            try:
                yield
            finally:
                shutil.rmtree(home / "building", ignore_errors=True)
    except Timeout as error:
        raise BuildError(
            "Another build is running here. Wait for it, or stop it: python -m index_build cancel"
        ) from error


def _build(
    home: Path, sources: Sequence[Path], embedder: Embedder, config: AnswerConfig, progress: Progress,
    created: datetime, build_id: str,
) -> BuildReport:  # fmt: skip
    report = BuildReport(id=build_id)
    cache = Cache(home, embedder.name)
    try:
        documents = _read_all(sources, cache, report, progress)
        if not documents:
            raise BuildError(
                f"No readable document in {', '.join(s.name for s in sources)}. Put documents there, or name another folder with --source."
            )
        tables, questions = read_tables(sources), read_questions(sources)
        checked = check_documents(documents, tables, home, progress)
        lines = glosses(checked.documents, checked.drafts, Glossary.from_rows(tables["glossary"]))
        texts = _texts(checked.drafts, lines.values(), tables)
        vectors = _embed(texts, cache, embedder, report, progress)
        adapter = _adapter(pairs_of(checked.drafts, tables, vectors, embedder.dimension), cache, home)
        progress.step("writing", 0, 1)
        folder = home / "building" / build_id
        _count(home, checked, report)
        write_release(
            folder, created, checked, tables, questions, report.lost, vectors, lines, adapter, cache, embedder, config
        )  # fmt: skip
        (home / "releases").mkdir(exist_ok=True)
        progress.step("writing", 1, 1)  # the last moment to cancel
        folder.rename(home / "releases" / build_id)
        fsync_folder(home / "releases")
    finally:
        cache.close()
    return report


def _read_all(
    sources: Sequence[Path], cache: Cache, report: BuildReport, progress: Progress
) -> list[Document]:
    """Documents of all folders; one of a later folder takes the place of an earlier one's with the same name and language."""
    files = [(folder, path) for folder in sources for path in _files(folder)]
    documents: dict[tuple[str, str], Document] = {}
    places: dict[tuple[str, str], tuple[Path, str]] = {}
    for (folder, path), reading in zip(files, _readings(files, cache, progress), strict=True):
        name = path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
        try:
            if isinstance(reading, UnreadableDocument):
                raise reading
            document = document_of(path, reading, about_file(path))
            key = (document.id, document.language)
            if places.get(key, (None, ""))[0] == folder:
                raise UnreadableDocument("same_name", name, other=places[key][1])
        except UnreadableDocument as error:
            report.refused[name] = {"code": error.code, "ko": error.text("ko"), "en": error.text("en")}
            continue
        places[key], documents[key] = (folder, name), document
    return list(documents.values())


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BuildError(f"{folder.name}: no such folder. Name a folder that holds documents.")
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in _NOT_DOCUMENTS
        and not path.name.endswith(ABOUT)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _readings(
    files: Sequence[tuple[Path, Path]], cache: Cache, progress: Progress
) -> Iterator[Reading | UnreadableDocument]:
    """The reading or the refusal of each file, in order; what did not change since the last build is not read again."""
    known = [cache.reading(path) for _, path in files]
    with ThreadPoolExecutor(_READERS) as pool:
        running = [
            None if reading is not None else pool.submit(read_file, path)
            for (_, path), reading in zip(files, known, strict=True)
        ]
        try:
            for number, ((_, path), reading, job) in enumerate(
                zip(files, known, running, strict=True), start=1
            ):
                progress.step("reading", number, len(files), path.name)
                if job is None:
                    yield reading  # type: ignore[misc]  # known where there is no job
                    continue
                try:
                    fresh = job.result()
                except UnreadableDocument as error:
                    yield error
                    continue
                cache.keep_reading(path, fresh)
                yield fresh
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts to embed, by digest: as documents or as questions; `documents` names the document of each passage."""

    as_documents: dict[str, str]
    as_questions: dict[str, str]
    documents: dict[str, str]


def _texts(drafts: Sequence[DraftPassage], lines: Iterable[str], tables: Tables) -> _Texts:
    asked = [question for draft in drafts for question in draft.asked]
    asked += [row[language] for row in tables["not_covered"] for language in LANGUAGES]
    return _Texts(
        {draft.digest: draft.embedded_text for draft in drafts}
        | {gloss_digest(line): line for line in lines},
        {question_digest(question): question for question in asked},
        {draft.digest: draft.document_id for draft in drafts},
    )


def _embed(
    texts: _Texts, cache: Cache, embedder: Embedder, report: BuildReport, progress: Progress
) -> dict[str, Vectors]:
    """Vectors of all texts by digest; kept as they come."""
    vectors = cache.vectors([*texts.as_documents, *texts.as_questions])
    report.reused = len(texts.documents.keys() & vectors.keys())
    report.embedded = len(texts.documents) - report.reused
    done, total = 0, len(texts.as_documents) + len(texts.as_questions) - len(vectors)
    for wanted, embed in (
        (texts.as_documents, embedder.passages),
        (texts.as_questions, embedder.queries),
    ):
        # Texts of one length side by side: a batch costs as much as its longest text.
        new = sorted(wanted.keys() - vectors.keys(), key=lambda digest: (len(wanted[digest]), digest))
        start = 0
        for batch in embed([wanted[digest] for digest in new]):
            some = dict(zip(new[start : start + len(batch)], batch, strict=True))
            cache.keep_vectors(some)
            vectors |= some
            start += len(batch)
            done += len(batch)
            progress.step("embedding", done, total, texts.documents.get(new[start - 1], ""))
    return vectors


def _adapter(pairs: Pairs, cache: Cache, home: Path) -> Adapter | None:
    """Fitted to the questions of this build, or known from an earlier one; with too few of them, that of the served release."""
    adapter = cache.adapter(digest := pairs.digest()) or fit(pairs)
    if adapter is None:
        served = current_id(home)
        return Adapter.load(home / "releases" / served) if served else None
    cache.keep_adapter(digest, adapter)
    return adapter


def _count(home: Path, checked: Checked, report: BuildReport) -> None:
    """Fill in the counts, against the served release."""
    rows = _served_documents(home)
    served = {key: row["sha256"] for key, row in rows.items()}
    now = {f"{d.id}.{d.language}": d.sha256 for d in checked.documents}
    refused = {unicodedata.normalize("NFC", Path(name).name)[:200] for name in report.refused}
    # Its place may have been taken by an older one of another folder.
    lost = [row["source_name"] for key, row in rows.items() if now.get(key) != row["sha256"]]
    report.lost = sorted(refused.intersection(lost))
    report.documents, report.passages = len(checked.documents), len(checked.drafts)
    report.created = sorted(now.keys() - served.keys())
    report.deleted = sorted(served.keys() - now.keys())
    report.updated = sorted(key for key in now.keys() & served.keys() if now[key] != served[key])
    report.skipped = sorted(key for key in now.keys() & served.keys() if now[key] == served[key])
    for draft in checked.drafts:
        key = f"{draft.document_id}.{draft.language}"
        report.passages_by_document[key] = report.passages_by_document.get(key, 0) + 1
    for document in checked.documents:
        if document.notices:
            report.warnings[document.source_name] = [
                {"code": n.code, "ko": n.text("ko"), "en": n.text("en")} for n in document.notices
            ]
    for doubt in checked.doubts:
        report.doubts[doubt["confidence"]] = report.doubts.get(doubt["confidence"], 0) + 1
    report.contradictions = len(checked.contradictions)


def _served_documents(home: Path) -> dict[str, dict[str, str]]:
    """What the manifest of the served release says of each document."""
    try:
        manifest: dict[str, Any] = verify(home / "releases" / current_id(home)) if current_id(home) else {}
    except ReleaseError:
        return {}
    documents: dict[str, dict[str, str]] = manifest.get("documents", {})
    return documents
