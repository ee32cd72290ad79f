"""One object over a release: search, passages, catalogue. It hides FAISS, SQLite, row numbers and the reload of CURRENT."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import faiss
import numpy as np
import sqlite_utils
from numpy.typing import NDArray

from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, to_row
from knowledge.config import LANGUAGES, AnswerConfig
from knowledge.embedding import Embedder, Vectors
from knowledge.gazetteer import Gazetteer
from knowledge.lexical import Bm25, bigrams, morphemes
from knowledge.source import Source

MANIFEST, SEAL, DATABASE, CURRENT = "manifest.json", "manifest.sha256", "release.db", "CURRENT"


class ReleaseError(RuntimeError):
    """A release is missing, damaged or made for other settings."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage and the keys of the sources it rests on."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable piece of a document. `kind` is `text`, or `unpublished` for what is known not to be published."""

    id: str
    document_id: str
    language: str
    title: str
    section: str
    publisher: str
    published_on: str
    as_of: str
    programme: str
    regions: tuple[str, ...]
    kind: str
    text: str
    sentences: tuple[Sentence, ...]
    source_url: str
    source_name: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` = cosine + weight * (BM25 of morphemes + BM25 of bigrams), see `config.yml`."""

    rank: int
    score: float
    passage: Passage


class _LanguageIndex:
    """The passages of one document language: vectors in FAISS, keywords in BM25, by row."""

    def __init__(
        self,
        language: str,
        passages: list[Passage],
        index: Any,
        owners: list[tuple[int, bool]],
        terms: list[list[str]],
        pairs: list[list[str]],
        config: AnswerConfig,
        gazetteer: Gazetteer,
    ) -> None:
        self.language = language
        self.passages = passages
        self._index = index
        self._owners = np.array([row for row, _ in owners], dtype=np.int64)
        # A question lies nearer to a question than to a text that answers it; the offset makes the two comparable.
        self._offsets = np.array(
            [config.question_offset if is_question else 0.0 for _, is_question in owners], dtype=np.float32
        )
        self._terms = Bm25(terms, config.bm25_k1, config.bm25_b)
        self._mentioned = {passage.id: frozenset(own) for passage, own in zip(passages, terms, strict=True)}
        self._pairs = Bm25(pairs, config.bm25_k1, config.bm25_b)
        self._weight = config.keyword_weight
        self._place_weight = config.place_weight
        self._places = [_places(passage, gazetteer) for passage in passages]

    def search(
        self, question: str, vector: Vectors, top_k: int, places: set[str]
    ) -> list[tuple[float, Passage]]:
        if not self.passages:
            return []
        found, rows = self._index.search(vector[None, :], len(self._owners))
        cosines = np.full(len(self.passages), -1.0, dtype=np.float32)
        np.maximum.at(cosines, self._owners[rows[0]], found[0] - self._offsets[rows[0]])
        keywords = self._terms.scores(morphemes(question)) + self._pairs.scores(bigrams(question))
        scores = cosines + np.float32(self._weight) * keywords + self._place_agreement(places)
        best = np.argsort(-scores, kind="stable")[:top_k]
        return [(float(scores[row]), self.passages[row]) for row in best]

    def _place_agreement(self, places: set[str]) -> NDArray[np.float32]:
        """A little for passages on a place asked for, a little against those on one place when none is asked for."""
        if places:
            return np.array(
                [self._place_weight * bool(places & set(own)) for own in self._places], dtype=np.float32
            )
        return np.array([-self._place_weight / 2 * (len(own) == 1) for own in self._places], dtype=np.float32)

    def mentions(self, passage_id: str, term: str) -> bool:
        return term in self._mentioned[passage_id]

    def knows(self, term: str) -> bool:
        return self._terms.knows(term)


class Release:
    """One immutable release, verified and in memory."""

    def __init__(self, folder: Path, embedder: Embedder, config: AnswerConfig) -> None:
        """Verify and load. Raises ReleaseError where a file is missing or altered, or the model differs."""
        self.manifest = verify(folder)
        self.id: str = self.manifest["id"]
        if self.manifest["embedding_model"] != embedder.name:
            raise ReleaseError(
                f"Release {self.id} was made with {self.manifest['embedding_model']!r} but config.yml asks for {embedder.name!r}. "
                "Run: python -m index_build build"
            )
        # immutable=1: a release never changes, so readers take no lock and leave no file behind.
        connection = sqlite3.connect(f"file:{folder / DATABASE}?mode=ro&immutable=1", uri=True)
        database = sqlite_utils.Database(connection)
        try:
            self.gazetteer = Gazetteer.from_rows(database["gazetteer"].rows)
            self.catalogue = Catalogue(
                self.gazetteer,
                [to_row(District, row) for row in database["districts"].rows],
                [to_row(LandFact, row) for row in database["land"].rows],
                [to_row(Incentive, row) for row in database["incentives"].rows],
                [to_row(Contact, row) for row in database["contacts"].rows],
            )
            self.sources = {row["key"]: Source(**row) for row in database["sources"].rows}
            self._indexes = {
                lang: _open_language(folder, database, lang, config, self.gazetteer) for lang in LANGUAGES
            }
        finally:
            connection.close()
        self._passages = {p.id: p for index in self._indexes.values() for p in index.passages}
        documents = {lang: {p.document_id for p in index.passages} for lang, index in self._indexes.items()}
        self._only_in_other = {
            lang: bool(documents[other] - documents[lang]) for lang, other in (("ko", "en"), ("en", "ko"))
        }

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return self._passages.get(passage_id)

    def passages(self) -> Iterator[Passage]:
        """Every passage, Korean first."""
        return iter(self._passages.values())

    def source(self, key: str) -> Source | None:
        """The source behind a key of a sentence."""
        return self.sources.get(key) or self.catalogue.source(key)

    def places(self, text: str) -> set[str]:
        """The regions a text names, and those whose mention speaks of them."""
        named = self.gazetteer.ids(text, "region")
        return set().union(*(self.gazetteer.covers(region) for region in named)) - {"nation"}

    def mentions(self, passage: Passage, term: str) -> bool:
        """Whether a passage, its heading or a question beside it has the term."""
        return self._indexes[passage.language].mentions(passage.id, term)

    def knows(self, language: str, term: str) -> bool:
        """Whether any passage of this language, or a question beside one, has the term."""
        return self._indexes[language].knows(term)

    def search(self, question: str, language: str, vector: Vectors, top_k: int) -> list[Hit]:
        """The best passages, the question's own language first.

        The other language is asked only where it holds documents that this one lacks; its hits come
        interleaved by rank, because scores of the two languages do not compare (the model prefers the
        question's own language).
        """
        places = self.places(question)
        own = self._indexes[language].search(question, vector, top_k, places)
        other: list[tuple[float, Passage]] = []
        if self._only_in_other[language]:
            here = {p.document_id for p in self._indexes[language].passages}
            index = self._indexes["en" if language == "ko" else "ko"]
            names = " ".join(m.entry.name(index.language) for m in self.gazetteer.find(question))
            found = index.search(f"{question} {names}", vector, top_k * 4, places)
            other = [(score, p) for score, p in found if p.document_id not in here][:top_k]
        merged: list[tuple[float, Passage]] = []
        for position in range(max(len(own), len(other))):
            merged += own[position : position + 1] + other[position : position + 1]
        return [Hit(rank, score, passage) for rank, (score, passage) in enumerate(merged[:top_k], start=1)]


def _open_language(
    folder: Path, database: sqlite_utils.Database, language: str, config: AnswerConfig, gazetteer: Gazetteer
) -> _LanguageIndex:
    documents = {row["id"]: row for row in database["documents"].rows_where("language = ?", [language])}
    passages, terms, pairs = [], [], []
    for row in database["passages"].rows_where("language = ?", [language], order_by="row"):
        document = documents[row["document_id"]]
        passages.append(_to_passage(row, document))
        terms.append(row["morphemes"].split())
        pairs.append(row["bigrams"].split())
    index = faiss.read_index(str(folder / f"vectors.{language}.faiss"))
    rows = database["vectors"].rows_where("language = ?", [language], order_by="row")
    owners = [(row["passage_row"], bool(row["is_question"])) for row in rows]
    if index.ntotal != len(owners):
        raise ReleaseError(
            f"Release {folder.name}: {index.ntotal} vectors but {len(owners)} rows for them in {language}. Run: python -m index_build build"
        )
    return _LanguageIndex(language, passages, index, owners, terms, pairs, config, gazetteer)


def _places(passage: Passage, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The regions a passage is about: those its heading names, else those of its document."""
    named = gazetteer.ids(passage.section, "region")
    return tuple(named) if named else tuple(region for region in passage.regions if region != "nation")


def _to_passage(row: dict[str, Any], document: dict[str, Any]) -> Passage:
    sentences = tuple(Sentence(s["text"], tuple(s["sources"])) for s in json.loads(row["sentences"]))
    return Passage(
        id=row["id"],
        document_id=row["document_id"].split("/", 1)[1],
        language=row["language"],
        title=document["title"],
        section=row["section"],
        publisher=document["publisher"],
        published_on=document["published_on"],
        as_of=row["as_of"] or document["as_of"],
        programme=document["programme"],
        regions=tuple(json.loads(document["regions"])),
        kind=row["kind"],
        text=row["text"],
        sentences=sentences,
        source_url=document["source_url"],
        source_name=document["source_name"],
        warnings=tuple(json.loads(row["warnings"])),
    )


def verify(folder: Path) -> dict[str, Any]:
    """The manifest of a release whose files all match their SHA-256. Raises ReleaseError naming what does not."""
    try:
        data = (folder / MANIFEST).read_bytes()
        if hashlib.sha256(data).hexdigest() != (folder / SEAL).read_text(encoding="utf-8").strip():
            raise ValueError("its seal does not fit")
        manifest: dict[str, Any] = json.loads(data)
        files: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(
            f"Release {folder.name}: {MANIFEST} is missing or unreadable, or was altered ({error}). Run: python -m index_build build"
        ) from error
    for name, expected in files.items():
        try:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ReleaseError(
                f"Release {folder.name}: {name} cannot be read ({error}). Run: python -m index_build build"
            ) from error
        if digest != expected:
            raise ReleaseError(
                f"Release {folder.name}: {name} was altered after publishing. Run: python -m index_build rollback, or build"
            )
    return manifest


class Library:
    """The published release of a folder; notices on the next call when CURRENT names another."""

    def __init__(self, home: Path, embedder: Embedder, config: AnswerConfig) -> None:
        """Open `home` (it holds `CURRENT` and `releases/`). Raises ReleaseError when no release there is whole."""
        self._home, self._embedder, self._config = home, embedder, config
        self._lock = Lock()
        self._releases: dict[str, Release] = {}
        self._named = ""
        self.problem = ""
        self._served = self._load()

    @property
    def embedder(self) -> Embedder:
        """The model of this library."""
        return self._embedder

    @property
    def config(self) -> AnswerConfig:
        """The settings of this library."""
        return self._config

    @property
    def release(self) -> Release:
        """The release served now. Where the published one is damaged: the newest whole one, and `problem` says so."""
        if self._read_current() != self._named:
            with self._lock:
                if self._read_current() != self._named:
                    try:
                        self._served = self._load()
                    except ReleaseError as error:
                        self.problem = str(error)  # what is in memory goes on being served
        return self._served

    def search(self, question: str, language: str, top_k: int | None = None) -> list[Hit]:
        """The best passages for a question; one embedding, kept for the turn."""
        return self.release.search(
            question, language, self._embedder.query(question), top_k or self._config.top_k
        )

    def passage(self, release_id: str, passage_id: str) -> Passage | None:
        """A passage of any release still kept, so that an old citation opens the text it quoted."""
        served = self.release
        if release_id == served.id:
            return served.passage(passage_id)
        folder = self._home / "releases" / Path(release_id).name
        if not (folder / MANIFEST).is_file():
            return None
        with self._lock:
            if release_id not in self._releases:
                self._releases[release_id] = Release(folder, self._embedder, self._config)
            return self._releases[release_id].passage(passage_id)

    def _read_current(self) -> str:
        try:
            return (self._home / CURRENT).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def _load(self) -> Release:
        self._named = self._read_current()
        self.problem = ""
        folders = sorted((self._home / "releases").glob("*/"), key=lambda folder: folder.name, reverse=True)
        candidates = [f for f in folders if f.name == self._named] + [
            f for f in folders if f.name < self._named
        ]
        for folder in candidates:
            try:
                return Release(folder, self._embedder, self._config)
            except ReleaseError as error:
                self.problem = self.problem or str(error)
        raise ReleaseError(
            self.problem or f"No knowledge release in {self._home.name}/. Run: python -m index_build build"
        )
