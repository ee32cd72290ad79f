"""Write the folder of a release, durable and sealed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache as cache_calls
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils

from index_build.cache import Cache
from index_build.catalogue_files import KEYS, Tables
from index_build.checking import Checked
from index_build.glosses import gloss_digest
from index_build.passages import DraftPassage, question_digest
from index_build.reading.document import Document
from knowledge.adapter import Adapter
from knowledge.clauses import asking_part
from knowledge.concepts import Concepts
from knowledge.config import DOCUMENTS, LANGUAGES, AnswerConfig
from knowledge.embedding import Embedder, Vectors
from knowledge.gazetteer import Gazetteer
from knowledge.glossary import Glossary
from knowledge.index import Glosses, places_of, write_index
from knowledge.lexical import bigrams
from knowledge.library import DATABASE, MANIFEST, SEAL
from knowledge.matters import Matters
from knowledge.vectors import stacked

_FORMAT = b"4"  # of a release's files; another one is made again at the next start
Rows = list[dict[str, Any]]
Lines = Mapping[str, str]  # by a passage's id what its section is about, in the other language


def write_release(
    folder: Path, created: datetime, checked: Checked, tables: Tables, questions: Rows, lost: Sequence[str],
    vectors: dict[str, Vectors], glosses: Lines, adapter: Adapter | None, cache: Cache, embedder: Embedder, config: AnswerConfig,
) -> None:  # fmt: skip
    """Write all files of a release into `folder`, whose name is its id. `lost` are served documents refused in this build."""
    folder.mkdir(parents=True)
    # The story that a question tells on the way is no word of the passage that answers it.
    lines = {draft.digest: (draft.embedded_text, *map(asking_part, draft.asked)) for draft in checked.drafts}
    terms = cache.terms(chain.from_iterable(lines.values()))
    words = {digest: [terms[line].split() for line in own] for digest, own in lines.items()}
    gazetteer = Gazetteer.from_rows(tables["gazetteer"])
    regions = {(d.id, d.language): d.regions for d in checked.documents}
    places = cache_calls(lambda section, own: places_of(section, own, gazetteer))
    concepts = Concepts(Glossary.from_rows(tables["glossary"]), Matters.from_rows(tables["matters"]))
    if adapter:
        adapter.save(folder)
    for language in LANGUAGES:
        drafts = [draft for draft in checked.drafts if draft.language == language]
        own = [vectors[digest] for draft in drafts for digest in digests(draft)]
        write_index(
            folder, language, stacked(own, embedder.dimension),
            (list(chain.from_iterable(words[draft.digest])) for draft in drafts),
            (bigrams(" ".join(lines[draft.digest])) for draft in drafts),
            [places(d.section, regions[d.document_id, language]) for d in drafts],
            _glosses(drafts, glosses, vectors, embedder),
            concepts.told(words[draft.digest] for draft in drafts), config,
        )  # fmt: skip
        _write_not_covered(folder, language, tables, vectors, embedder)
    cache.forget(vectors, terms)
    _write_database(folder / DATABASE, checked, tables, questions)
    _write_manifest(folder, created, checked, tables, lost, embedder)
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    fsync_folder(folder)


def digests(draft: DraftPassage) -> list[str]:
    """Digests of the vectors of a passage: its own, then those of the questions beside it."""
    return [draft.digest, *(question_digest(question) for question in draft.asked)]


def shipped_digest() -> str:
    """A digest of the documents shipped with the project and of the format: whether a release must be made again."""
    digest = hashlib.sha256(_FORMAT)
    for path in sorted(DOCUMENTS.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(DOCUMENTS).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _glosses(
    drafts: Sequence[DraftPassage], lines: Lines, vectors: dict[str, Vectors], embedder: Embedder
) -> Glosses:
    own = [lines.get(d.id, "") for d in drafts]
    places = {line: place for place, line in enumerate(dict.fromkeys(filter(None, own)))}
    return Glosses(
        stacked([vectors[gloss_digest(line)] for line in places], embedder.dimension),
        np.array([places.get(line, -1) for line in own], dtype=np.int64),
    )


def _write_not_covered(
    folder: Path, language: str, tables: Tables, vectors: dict[str, Vectors], embedder: Embedder
) -> None:
    rows = [vectors[question_digest(row[language])] for row in tables["not_covered"]]
    np.save(folder / f"not_covered.{language}.npy", stacked(rows, embedder.dimension), allow_pickle=False)


def _write_manifest(
    folder: Path, created: datetime, checked: Checked, tables: Tables, lost: Sequence[str], embedder: Embedder
) -> None:
    counts = {"documents": len(checked.documents), "passages": len(checked.drafts)}
    counts |= {name: len(rows) for name, rows in tables.items()}
    counts |= {"doubts": len(checked.doubts), "contradictions": len(checked.contradictions)}
    manifest = {
        "id": folder.name,
        "created_at": created.isoformat(timespec="seconds"),
        "embedding_model": embedder.name,
        "dimension": embedder.dimension,
        "counts": counts,
        "shipped_digest": shipped_digest(),
        "lost": list(lost),
        "documents": {
            f"{d.id}.{d.language}": {"sha256": d.sha256, "as_of": d.as_of, "source_name": d.source_name}
            for d in checked.documents
        },
        "files": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / SEAL).write_text(hashlib.sha256(text.encode()).hexdigest() + "\n", encoding="utf-8")


def _write_database(path: Path, checked: Checked, tables: Tables, questions: Rows) -> None:
    database = sqlite_utils.Database(path)
    # The file is made durable when it is whole, and thrown away where it is not.
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        database.execute(f"PRAGMA {pragma}")
    for name, rows in tables.items():
        database.table(name).insert_all(rows, pk=KEYS.get(name, "id"))
    database.table("documents").insert_all((_document_row(d) for d in checked.documents), pk="id")
    _fill(database, "sources", [asdict(source) for source in checked.sources.values()], "key")
    database.table("passages").insert_all(_passage_rows(checked, tables), pk="id")
    database.table("passages").create_index(["language", "row"])
    database.table("vectors").insert_all(_vector_rows(checked.drafts), pk=("language", "row"))
    _fill(database, "doubts", checked.doubts, "key")
    _fill(database, "contradictions", checked.contradictions, "id")
    _fill(
        database,
        "questions",
        [{"id": q["id"], "question": json.dumps(q, ensure_ascii=False)} for q in questions],
        "id",
    )
    database.vacuum()
    database.close()


_COLUMNS = {
    "sources": "key title publisher published_on as_of url status",
    "doubts": "key rule confidence verdict document_id language section passage_id sentence found ko en",
    "contradictions": "id language unit newer value_a document_a section_a sentence_a as_of_a value_b document_b section_b sentence_b as_of_b",
    "questions": "id question",
}


def _fill(database: sqlite_utils.Database, name: str, rows: Sequence[dict[str, Any]], key: str) -> None:
    """A table that is there also where it has no row."""
    table = database.table(name).create(dict.fromkeys(_COLUMNS[name].split(), str), pk=key)
    table.insert_all(rows, replace=True)


def _document_row(document: Document) -> dict[str, Any]:
    row = {name: getattr(document, name) for name in (
        "language", "title", "programme", "publisher", "source_title", "source_url", "published_on", "as_of",
        "valid_from", "valid_until", "superseded_by", "source_name", "sha256",
    )}  # fmt: skip
    notices = [{"code": n.code, "ko": n.text("ko"), "en": n.text("en")} for n in document.notices]
    return {
        "id": f"{document.language}/{document.id}",
        "regions": json.dumps(document.regions),
        "notices": json.dumps(notices, ensure_ascii=False),
    } | row


def _passage_rows(checked: Checked, tables: Tables) -> Iterable[dict[str, Any]]:
    dates = {row["id"]: row["as_of"] for row in tables["land"]}
    dates |= {key: source.as_of for key, source in checked.sources.items()}
    warnings: dict[str, list[str]] = {}
    for doubt in checked.doubts:
        warnings.setdefault(doubt["passage_id"], []).append(f"{doubt['confidence']}: {doubt['en']}")
    rows = dict.fromkeys(LANGUAGES, 0)
    for draft in checked.drafts:
        as_of = max((dates.get(key, "") for s in draft.sentences for key in s.sources), default="")
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
                [{"text": s.text, "sources": s.sources, "doubt": s.doubt} for s in draft.sentences],
                ensure_ascii=False,
            ),
            "warnings": json.dumps(warnings.get(draft.id, []), ensure_ascii=False),
            "digest": draft.digest,
        }
        rows[draft.language] += 1


def _vector_rows(drafts: Sequence[DraftPassage]) -> Iterable[dict[str, Any]]:
    """Which passage each row of a FAISS file belongs to: a passage's own vector, then those of its questions."""
    for language in LANGUAGES:
        row = 0
        for passage_row, draft in enumerate(d for d in drafts if d.language == language):
            for position, digest in enumerate(digests(draft)):
                yield {
                    "language": language,
                    "row": row,
                    "passage_row": passage_row,
                    "is_question": int(position > 0),
                    "digest": digest,
                }
                row += 1
