"""Documents and catalogue to an immutable release; publish, roll back and verify by one atomic switch of CURRENT."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import sqlite_utils

from index_build.catalogue_files import BuildError, Tables, read_tables
from index_build.passages import DraftPassage, question_digest, split_document
from index_build.reading import Document, UnreadableDocument, read_document
from index_build.reading.text import SUFFIXES
from knowledge.config import DOCUMENTS, LANGUAGES
from knowledge.embedding import Embedder
from knowledge.lexical import bigrams, morphemes
from knowledge.library import CURRENT, DATABASE, MANIFEST, SEAL, ReleaseError, verify

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class BuildReport:
    """What a build did: the release's id, counts, and the files refused with their reason."""

    id: str = ""
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    reused: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def build(
    home: Path, sources: Sequence[Path], embedder: Embedder, progress: Progress | None = None
) -> BuildReport:
    """Build a release from folders and publish it. Returns the report; nothing is switched when this raises.

    Raises BuildError where no document can be read or a row of the catalogue is wrong.
    """
    report = BuildReport()
    documents = _read_all(sources, report)
    if not documents:
        raise BuildError(
            f"No readable document in {', '.join(str(s) for s in sources)}. Put .md or .txt files there, or name another folder with --source."
        )
    drafts = [draft for document in documents for draft in split_document(document)]
    tables = read_tables(sources)
    _check_marks(documents, drafts, tables)
    known = _known_vectors(home, embedder)
    vectors = _embed(drafts, known, embedder, report, progress)
    report.documents, report.passages = len(documents), len(drafts)
    report.id = _write(home, documents, drafts, vectors, tables, embedder)
    publish(home, report.id)
    return report


def publish(home: Path, release_id: str) -> None:
    """Make a whole release the served one: CURRENT is replaced atomically. Raises ReleaseError where it is not whole."""
    verify(home / "releases" / release_id)
    temporary = home / f".{CURRENT}.{secrets.token_hex(4)}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(release_id + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home / CURRENT)
    _fsync_folder(home)


def releases(home: Path) -> list[dict[str, Any]]:
    """Every release, newest first, with its id, time, counts, and whether it is the served one and whole."""
    current = current_id(home)
    listed = []
    for folder in sorted((home / "releases").glob("*/"), reverse=True):
        try:
            manifest = verify(folder)
            listed.append(
                {
                    "id": folder.name,
                    "created_at": manifest["created_at"],
                    "counts": manifest["counts"],
                    "current": folder.name == current,
                    "whole": True,
                }
            )
        except ReleaseError as error:
            listed.append(
                {"id": folder.name, "current": folder.name == current, "whole": False, "problem": str(error)}
            )
    return listed


def rollback(home: Path) -> str:
    """Serve the newest whole release before the current one; returns its id. Raises ReleaseError where there is none."""
    current = current_id(home)
    for release in releases(home):
        if release["whole"] and release["id"] < current:
            publish(home, release["id"])
            return str(release["id"])
    raise ReleaseError(
        f"No whole release before {current or 'the first one'}. Build one: python -m index_build build"
    )


def current_id(home: Path) -> str:
    """The id in CURRENT, or empty."""
    try:
        return (home / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def shipped_digest() -> str:
    """A digest of the documents shipped with the project: whether a release was made from them."""
    digest = hashlib.sha256()
    for path in sorted(DOCUMENTS.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(DOCUMENTS).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _read_all(sources: Sequence[Path], report: BuildReport) -> list[Document]:
    """Documents of all folders; one of a later folder takes the place of an earlier one's with the same name and language."""
    documents: dict[tuple[str, str], Document] = {}
    for folder in sources:
        if not folder.is_dir():
            raise BuildError(f"{folder}: no such folder. Name a folder that holds documents.")
        here: dict[tuple[str, str], str] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in SUFFIXES or path.name == "README.md":
                continue
            name = path.relative_to(folder).as_posix()
            try:
                document = read_document(path)
            except UnreadableDocument as error:
                report.refused[name] = str(error)
                continue
            key = (document.id, document.language)
            if key in here:
                report.refused[name] = (
                    f"{name}: {here[key]} has the same name and language. Rename one of them."
                )
                continue
            here[key] = name
            documents[key] = document
    return list(documents.values())


def _check_marks(documents: list[Document], drafts: list[DraftPassage], tables: Tables) -> None:
    """Every mark of a sentence points to a source that may be told."""
    statuses = {
        row["id"]: row["status"] for name in ("land", "incentives", "contacts") for row in tables[name]
    }
    statuses |= {s.key: s.status for document in documents for s in document.sources.values()}
    for draft in drafts:
        for key in (key for sentence in draft.sentences for key in sentence.sources):
            status = statuses.get(key)
            told = status in ("verified", "secondary", "derived") or (
                draft.kind == "unpublished" and status == "unverified"
            )
            if not told:
                raise BuildError(
                    f"{draft.document_id} ({draft.language}), section {draft.section!r}: mark [{key}] points to "
                    f"{'nothing' if status is None else f'a row of status {status}'}. Name a verified, secondary or derived source."
                )


def _known_vectors(home: Path, embedder: Embedder) -> dict[str, Any]:
    """Vectors of the served release by digest, so that what has not changed is never embedded again."""
    folder = home / "releases" / current_id(home)
    try:
        if not current_id(home) or verify(folder)["embedding_model"] != embedder.name:
            return {}
    except ReleaseError:
        return {}
    known: dict[str, Any] = {}
    database = sqlite_utils.Database(folder / DATABASE)
    for language in LANGUAGES:
        index = faiss.read_index(str(folder / f"vectors.{language}.faiss"))
        for row in database["vectors"].rows_where("language = ?", [language]):
            known[row["digest"]] = index.reconstruct(row["row"])
    database.close()
    return known


def _embed(
    drafts: list[DraftPassage],
    known: dict[str, Any],
    embedder: Embedder,
    report: BuildReport,
    progress: Progress | None,
) -> dict[str, Any]:
    """Vectors of all passages and of the questions beside them, by digest."""
    vectors = {digest: known[digest] for draft in drafts for digest in _digests(draft) if digest in known}
    passages = list({d.digest: d.embedded_text for d in drafts if d.digest not in vectors}.items())
    questions = list(
        {question_digest(q): q for d in drafts for q in d.asked if question_digest(q) not in vectors}.items()
    )
    report.embedded = len(passages)
    report.reused = len(drafts) - len(passages)
    done, total = 0, len(passages) + len(questions)
    for missing, batches in (
        (passages, embedder.passages([t for _, t in passages])),
        (questions, embedder.queries([t for _, t in questions])),
    ):
        start = 0
        for batch in batches:
            for (digest, _), vector in zip(missing[start : start + len(batch)], batch, strict=True):
                vectors[digest] = vector
            start += len(batch)
            done += len(batch)
            if progress:
                progress("embedding", done, total)
    return vectors


def _digests(draft: DraftPassage) -> list[str]:
    return [draft.digest, *(question_digest(question) for question in draft.asked)]


def _write(
    home: Path,
    documents: list[Document],
    drafts: list[DraftPassage],
    vectors: dict[str, Any],
    tables: Tables,
    embedder: Embedder,
) -> str:
    """Write beside, then move into place; a killed build leaves only a folder that nothing names."""
    created = datetime.now(UTC)
    release_id = f"{created:%Y%m%d-%H%M%S-%f}"  # sorts by time, to the microsecond
    temporary = home / "building" / release_id
    temporary.mkdir(parents=True)
    (home / "releases").mkdir(exist_ok=True)
    for language in LANGUAGES:
        index = faiss.IndexFlatIP(embedder.dimension)
        own = [
            vectors[digest] for draft in drafts if draft.language == language for digest in _digests(draft)
        ]
        if own:
            index.add(np.stack(own).astype(np.float32))
        faiss.write_index(index, str(temporary / f"vectors.{language}.faiss"))
    _write_database(temporary / DATABASE, documents, drafts, tables)
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(temporary.iterdir())}
    manifest = {
        "id": release_id,
        "created_at": created.isoformat(timespec="seconds"),
        "embedding_model": embedder.name,
        "dimension": embedder.dimension,
        "counts": {"documents": len(documents), "passages": len(drafts)}
        | {name: len(rows) for name, rows in tables.items()},
        "shipped_digest": shipped_digest(),
        "documents": {
            f"{d.id}.{d.language}": {"sha256": d.sha256, "as_of": d.as_of, "source_name": d.source_name}
            for d in documents
        },
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (temporary / MANIFEST).write_text(text, encoding="utf-8")
    (temporary / SEAL).write_text(hashlib.sha256(text.encode()).hexdigest() + "\n", encoding="utf-8")
    for path in temporary.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    _fsync_folder(temporary)
    shutil.move(temporary, home / "releases" / release_id)
    _fsync_folder(home / "releases")
    return release_id


def _write_database(
    path: Path, documents: list[Document], drafts: list[DraftPassage], tables: Tables
) -> None:
    database = sqlite_utils.Database(path)
    for name, rows in tables.items():
        if name == "gazetteer":
            database.table("gazetteer").insert_all(rows, pk=("kind", "id"))
        else:
            database.table(name).insert_all(rows, pk="id")
    database.table("documents").insert_all((_document_row(document) for document in documents), pk="id")
    sources = {s.key: asdict(s) for document in documents for s in document.sources.values()}
    database.table("sources").create(
        {
            "key": str,
            "title": str,
            "publisher": str,
            "published_on": str,
            "as_of": str,
            "url": str,
            "status": str,
        },
        pk="key",
    )
    database.table("sources").insert_all(sources.values())
    database.table("passages").insert_all(_passage_rows(drafts, documents, tables), pk="id")
    database.table("passages").create_index(["language", "row"])
    database.table("vectors").insert_all(_vector_rows(drafts), pk=("language", "row"))
    database.vacuum()
    database.close()


def _document_row(document: Document) -> dict[str, Any]:
    row = {name: getattr(document, name) for name in (
        "language", "title", "programme", "publisher", "source_title", "source_url", "published_on", "as_of",
        "valid_from", "valid_until", "source_name", "sha256",
    )}  # fmt: skip
    return {"id": f"{document.language}/{document.id}", "regions": json.dumps(document.regions)} | row


def _passage_rows(
    drafts: list[DraftPassage], documents: list[Document], tables: Tables
) -> Iterable[dict[str, Any]]:
    dates = {row["id"]: row["as_of"] for row in tables["land"]}
    dates |= {s.key: s.as_of for document in documents for s in document.sources.values()}
    rows = dict.fromkeys(LANGUAGES, 0)
    for draft in drafts:
        as_of = max(
            (dates.get(key, "") for sentence in draft.sentences for key in sentence.sources), default=""
        )
        yield {
            "id": draft.id,
            "row": rows[draft.language],
            "document_id": f"{draft.language}/{draft.document_id}",
            "language": draft.language,
            "section": draft.section,
            "kind": draft.kind,
            "as_of": as_of,
            "text": draft.text,
            "sentences": json.dumps(
                [{"text": s.text, "sources": s.sources} for s in draft.sentences], ensure_ascii=False
            ),
            "warnings": "[]",
            "digest": draft.digest,
            "morphemes": " ".join(morphemes(" ".join((draft.embedded_text, *draft.asked)))),
            "bigrams": " ".join(bigrams(" ".join((draft.embedded_text, *draft.asked)))),
        }
        rows[draft.language] += 1


def _vector_rows(drafts: list[DraftPassage]) -> Iterable[dict[str, Any]]:
    """Which passage each row of a FAISS file belongs to: a passage's own vector, then those of its questions."""
    for language in LANGUAGES:
        row = 0
        for passage_row, draft in enumerate(d for d in drafts if d.language == language):
            for position, digest in enumerate(_digests(draft)):
                yield {
                    "language": language,
                    "row": row,
                    "passage_row": passage_row,
                    "is_question": int(position > 0),
                    "digest": digest,
                }
                row += 1


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
