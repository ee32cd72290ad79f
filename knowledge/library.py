"""One object over a release: search, passages, catalogue. It hides FAISS, SQLite, row numbers and the reload of CURRENT."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import sqlite_utils

from knowledge.adapter import Adapter
from knowledge.catalogue import Catalogue, Contact, District, Incentive, LandFact, to_row
from knowledge.clauses import asking_part
from knowledge.concepts import Concepts
from knowledge.config import LANGUAGES, OTHER, AnswerConfig
from knowledge.embedding import Embedder, Vectors
from knowledge.evidence import Evidence
from knowledge.gazetteer import Gazetteer
from knowledge.glossary import Glossary
from knowledge.home import ARCHIVE, current_id, earlier_ids, pointer_problem
from knowledge.index import Query, open_index
from knowledge.lexical import morphemes
from knowledge.matters import Matter, Matters
from knowledge.mistyped import Mended, Mender, initials
from knowledge.passages import Passage, PassageTable, Sentence, open_copy, open_file
from knowledge.rules import Rules
from knowledge.source import Source

__all__ = [
    "DATABASE",
    "MANIFEST",
    "SEAL",
    "Hit",
    "Library",
    "Passage",
    "Release",
    "ReleaseError",
    "Sentence",
    "verify",
]
MANIFEST, SEAL, DATABASE = "manifest.json", "manifest.sha256", "release.db"
_DEPTH, _TAIL = (
    60,
    10,
)  # hits looked at to tell which language leads; from the tail on they serve as background
_SURE, _FAR, _NEAR = (
    1.7,
    4,
    2,
)  # log odds from which one list is trusted; hits of it for each one of the other list
_ARTICLE = re.compile(r"제\d+조")
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, RuntimeError, sqlite3.Error)


class ReleaseError(RuntimeError):
    """A release is missing, damaged or made for other settings."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` = cosine + weight * (BM25 of morphemes + BM25 of bigrams), see `config.yml`.

    `support` is the probability that it answers the question, from `evidence`.
    """

    rank: int
    score: float
    passage: Passage
    evidence: Evidence
    support: float


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
        try:
            self._open(folder, config)
        except _UNREADABLE as error:
            raise ReleaseError(
                f"Release {self.id} was made by another version and cannot be read ({error}). Run: python -m index_build build"
            ) from error

    def _open(self, folder: Path, config: AnswerConfig) -> None:
        connection = open_copy(folder / DATABASE)
        self._passages, self._config = PassageTable(connection), config
        self._database = database = sqlite_utils.Database(connection)
        self.gazetteer = Gazetteer.from_rows(database["gazetteer"].rows)
        self.catalogue = Catalogue(
            self.gazetteer,
            [to_row(District, row) for row in database["districts"].rows],
            [to_row(LandFact, row) for row in database["land"].rows],
            [to_row(Incentive, row) for row in database["incentives"].rows],
            [to_row(Contact, row) for row in database["contacts"].rows],
        )
        self.sources = {row["key"]: Source(**row) for row in database["sources"].rows}
        self._adapter = Adapter.load(folder)
        self._indexes = {
            lang: open_index(folder, connection, lang, config, self._adapter) for lang in LANGUAGES
        }
        self.glossary = Glossary.from_rows(database["glossary"].rows)
        self.rules = Rules.from_rows(database["rules"].rows)
        matters = database["matters"]  # releases of before 2026-11-23 have none
        self._matters = Matters.from_rows(matters.rows if matters.exists() else ())
        self._concepts = Concepts(self.glossary, self._matters)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return self._passages.get(passage_id)

    def passages(self) -> Iterator[Passage]:
        """Every passage, Korean first."""
        return iter(self._passages)

    def source(self, key: str) -> Source | None:
        """The source behind a key of a sentence."""
        return self.sources.get(key) or self.catalogue.source(key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table of the release: `documents`, `doubts`, `contradictions`."""
        return list(self._database[table].rows)

    @cached_property
    def _contradictions(self) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
        found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        for row in self.rows("contradictions"):
            for own, other in (("a", "b"), ("b", "a")):
                found.setdefault(row[f"document_{own}"], []).append((own, other, row))
        return found

    def contradictions(self, passage: Passage) -> list[tuple[str, str, dict[str, Any]]]:
        """Rows of `contradictions` that a passage's document is in: its side there (`a` or `b`), the other side, the row."""
        rows = self._contradictions.get(passage.document_id, [])
        return [one for one in rows if one[2]["language"] == passage.language]

    def title(self, document_id: str, language: str) -> str:
        """The title of a document; its id where there is none."""
        rows = self._database["documents"].rows_where("id = ?", [f"{language}/{document_id}"])
        return next((str(row["title"]) for row in rows), document_id)

    def questions(self) -> list[dict[str, Any]]:
        """The questions that this release was made to answer; see `index_build/questions.py`."""
        return [json.loads(row["question"]) for row in self.rows("questions")]

    @cached_property
    def _mender(self) -> Mender:
        rows = self.rows("gazetteer")
        names = [name for row in rows for name in _named(row)]
        # Terms of two syllables would leave two consonants with more meanings than one can choose from.
        names += [form for term in self.glossary.terms for form in term.forms("ko") if len(form) > 2]
        latin = {
            w for row in rows for w in re.findall("[a-z]+", f"{row['name_en']};{row['aliases']}".lower())
        }

        def is_word(word: str) -> bool:
            # Grammar words have no term, so `all` makes them known.
            return word in latin or all(
                self.knows("en", term) or self.knows("ko", term) for term in morphemes(word)
            )

        return Mender(names, is_word)

    def mended(self, text: str) -> Mended:
        """A text with what was typed on the wrong keyboard, or as initial consonants, put right."""
        return self._mender.mend(text)

    @cached_property
    def _origins(self) -> dict[str, dict[str, str]]:
        return {row["region"]: row for row in self.rows("origins")}

    def origin_zone(self, region: str) -> str:
        """The zone of the capital region that a place lies in (Seoul Metropolitan Area Readjustment Planning Act, Article 6).

        `outside` for places outside the capital region, empty where the zone differs by address or is not known.
        """
        if not self.gazetteer.in_capital_region(region):
            return "outside"
        row = self._origin(region)
        return row["zone"] if row else ""

    def origin_source(self, region: str) -> Source | None:
        """Where the zone of a place is read, or None where it is not known."""
        row = self._origin(region)
        if row is None:
            return None
        return Source(
            region, row["source_title"], row["publisher"], "", row["as_of"], row["url"], row["status"]
        )

    def _origin(self, region: str) -> dict[str, str] | None:
        """The row of a place, or of the nearest one that it lies in."""
        while region and region not in self._origins:
            entry = self.gazetteer.get("region", region)
            region = entry.parent if entry else ""
        return self._origins.get(region)

    def places(self, text: str) -> frozenset[str]:
        """The regions a text names, and those whose mention speaks of them."""
        named = self.gazetteer.ids(text, "region")
        return frozenset().union(*(self.gazetteer.covers(region) for region in named)) - {"nation"}

    def mentions(self, passage: Passage, term: str) -> bool:
        """Whether a passage, its heading or a question beside it has the term."""
        return self._indexes[passage.language].mentions(self._passages.row(passage.id), term)

    def knows(self, language: str, *terms: str) -> bool:
        """Whether any passage of this language, with the questions beside it, has the term; of several, whether one has all."""
        return self._indexes[language].knows(*terms)

    def unheard_of(self, question: str) -> list[Matter]:
        """The matters that a question names and no passage in either language speaks of."""
        return [
            matter
            for matter in self._matters.named(question)
            if not any(self._indexes[language].tells_of(matter) for language in LANGUAGES)
        ]

    def search(self, question: str, language: str, vector: Vectors, top_k: int) -> list[Hit]:
        """The best passages for a question; one an article, because an article is one answer.

        Documents that only the other language has are asked too. Scores of the two languages do not compare (the model
        prefers the question's own), so the two lists are interleaved, and the one leads that is likelier to hold the answer.
        """
        away_language = OTHER[language]
        depth = _DEPTH if self._indexes[away_language].is_asked_across else 0
        own, behind_own = self._ranked(language, question, language, vector, top_k, depth)
        away, behind_away = self._ranked(away_language, question, language, vector, top_k, depth)
        odds = self._odds_of_away(language, own, away, behind_own, behind_away)
        first, second = (away, own) if odds > 0 else (own, away)
        each = _FAR if abs(odds) > _SURE else _NEAR
        merged: list[Hit] = []
        while first or second:
            merged += first[:each] + second[:1]
            first, second = first[each:], second[1:]
        return [replace(hit, rank=rank) for rank, hit in enumerate(merged[:top_k], start=1)]

    def _odds_of_away(
        self, language: str, own: list[Hit], away: list[Hit], behind_own: float, behind_away: float
    ) -> float:
        """Log odds that the answer stands in the other language's documents; see `lead_weights` of config.yml."""
        if not (own and away):
            return float("inf") if away else float("-inf")
        *weights, constant = self._config.lead_weights[language]
        best = own[0].score, away[0].score
        features = (*best, best[0] - behind_own, best[1] - behind_away)
        return math.fsum(w * f for w, f in zip(weights, features, strict=True)) + constant

    def search_in(
        self, passages: str, question: str, language: str, vector: Vectors, top_k: int
    ) -> list[Hit]:
        """The best of the passages in one language, for a question put in `language`; one an article."""
        return self._ranked(passages, question, language, vector, top_k, top_k)[0]

    def _ranked(
        self, passages: str, question: str, language: str, vector: Vectors, top_k: int, depth: int
    ) -> tuple[list[Hit], float]:
        """Hits, and the mean score of passages that have nothing to do with the question: those from the tenth to `depth`."""
        index, across = self._indexes[passages], passages != language
        terms = self.glossary.translated(question, passages)
        if across:
            terms += [m.entry.name(passages) for m in self.gazetteer.find(question)]
        query = Query(
            vector, question, tuple(terms), self.places(question), self._matters.named(question),
            self._concepts.named(question),
            self._adapter.of_questions(vector, language) if self._adapter else None,
        )  # fmt: skip
        part = asking_part(question)
        asking = replace(query, words=part, matters=self._matters.named(part))
        search = index.search_across if across else index.search
        found = search(query, max(2 * top_k, depth))
        rest = [score for score, _ in found[_TAIL:_DEPTH] or found]  # a handful of passages has no tail
        best: dict[str, tuple[float, int, Passage]] = {}
        texts = self._passages.at(passages, [row for _, row in found[: 2 * top_k]])
        for (score, row), passage in zip(found, texts, strict=False):
            best.setdefault(_article(passage), (score, row, passage))
        kept = list(best.values())[:top_k]
        weights = self._config.support_weights["other" if across else "own"]
        scored = [(score, row) for score, row, _ in kept]
        found_each = [index.evidence(query, scored, across)]
        if asking.words != query.words and not across:
            found_each.append(index.reworded(found_each[0], asking, [row for _, row in scored]))
        evidence = [max(each, key=lambda one: one.support(weights)) for each in zip(*found_each, strict=True)]
        hits = [
            Hit(rank, score, passage, one, one.support(weights))
            for rank, ((score, _, passage), one) in enumerate(zip(kept, evidence, strict=True), start=1)
        ]
        return hits, sum(rest) / len(rest) if rest else 0.0

    def search_plainly(
        self, passages: str, question: str, vector: Vectors | None, top_k: int
    ) -> list[Passage]:
        """By one half of the search alone, for comparison: vectors where one is given, else BM25 of morphemes."""
        found = self._indexes[passages].search_plainly(question, vector, top_k)
        return self._passages.at(passages, [row for _, row in found])


def _named(row: dict[str, Any]) -> list[str]:
    """Names of a gazetteer row, the first of those that begin with the same consonants."""
    aliases = [alias for alias in row["aliases"].split(";") if alias and not alias.startswith("!")]
    return list({initials(name): name for name in reversed([row["name_ko"], *aliases])}.values())


def _article(passage: Passage) -> str:
    """The article of an act that a passage stands in; other passages stand for themselves."""
    return f"{passage.document_id} {passage.section}" if _ARTICLE.match(passage.section) else passage.id


def verify(folder: Path, only: Collection[str] = ()) -> dict[str, Any]:
    """The manifest of a release whose files all match their SHA-256, or `only` these. Raises ReleaseError naming what does not."""
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
        if only and name not in only:
            continue
        try:
            with (folder / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
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

    def __init__(
        self, home: Path, embedder: Embedder, config: AnswerConfig, background: bool = False, pinned: str = ""
    ) -> None:
        """Open `home` (it holds `CURRENT` and `releases/`). Raises ReleaseError when no release there is whole.

        With `background` a newly published release is loaded in a thread of its own, and the old one serves until then;
        without, the call that notices it waits. `pinned` names a release to hold on to, whatever is published.
        """
        self._home, self._embedder, self._config, self._background = home, embedder, config, background
        self._loading, self._opening = Lock(), Lock()
        self._older: dict[str, PassageTable] = {}
        self._pinned = pinned
        self.problem = ""
        self._named = self._read_current()
        self._served = self._load(self._named)

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
            if not self._background:
                return self.refresh()
            Thread(target=self.refresh, name="load-release", daemon=True).start()
        return self._served

    def refresh(self) -> Release:
        """Load the published release, where it is not served yet, in the caller's thread; returns the one served."""
        with self._loading:
            named = self._read_current()
            if named != self._named:
                self._named = named  # at once: nobody else starts to load it
                try:
                    self._served = self._load(named)
                except ReleaseError as error:
                    self.problem = str(error)  # what is in memory goes on being served
            return self._served

    def search(self, question: str, language: str, top_k: int | None = None) -> list[Hit]:
        """The best passages for a question; one embedding, kept for the turn."""
        release = self.release
        question = release.mended(question).text
        return release.search(question, language, self._embedder.query(question), top_k or self._config.top_k)

    def passage(self, release_id: str, passage_id: str) -> Passage | None:
        """A passage of any release ever published, so that an old citation opens the text it quoted."""
        served = self.release
        if release_id == served.id:
            return served.passage(passage_id)
        name = Path(release_id).name
        for folder in (self._home / "releases" / name, self._home / ARCHIVE / name):
            if (folder / MANIFEST).is_file():
                return self._open_older(folder).get(passage_id)
        return None

    def source(self, release_id: str, key: str) -> Source | None:
        """The source behind a key of a sentence as that release names it; a row of the catalogue as it is served now."""
        older = self._older.get(Path(release_id).name)
        return (older.source(key) if older else None) or self.release.source(key)

    def _open_older(self, folder: Path) -> PassageTable:
        with self._opening:
            if folder.name not in self._older:
                verify(folder, [DATABASE])
                self._older[folder.name] = PassageTable(open_file(folder / DATABASE))
        return self._older[folder.name]

    def _read_current(self) -> str:
        return self._pinned or current_id(self._home)

    def _load(self, named: str) -> Release:
        """The release of this id; where it is damaged, the newest whole one that was published before it."""
        problem = "" if self._pinned else pointer_problem(self._home)
        for release_id in [named] if self._pinned else [named, *earlier_ids(self._home, named)]:
            try:
                release = Release(self._home / "releases" / release_id, self._embedder, self._config)
            except ReleaseError as error:
                problem = problem or str(error)
            else:
                self.problem = problem
                return release
        raise ReleaseError(
            problem
            if named
            else f"No knowledge release in {self._home.name}/. Run: python -m index_build build"
        )
