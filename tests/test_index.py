"""The search over one language: its score is the formula of config.yml, also where not every passage is looked at."""

import dataclasses
import json
from pathlib import Path

import faiss
import numpy as np
import pytest

from benchmarks.corpus import Corpus, drawn
from index_build.release import current_id
from knowledge.adapter import Adapter
from knowledge.config import DOCUMENTS
from knowledge.index import Adapted, Glosses, LanguageIndex, Query, open_index, places_of, write_index
from knowledge.lexical import Bm25, Postings, bigrams, morphemes
from knowledge.library import Release
from knowledge.passages import open_file
from knowledge.vectors import PassageVectors, make_index

_LINES = (Path(__file__).parent / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
QUESTIONS = [json.loads(line)["question"] for line in _LINES][::12]
SIZE, HITS = 3000, 12


@pytest.fixture(scope="module")
def folder(shipped_home):
    """The release of the shipped documents."""
    return shipped_home / "releases" / current_id(shipped_home)


@pytest.fixture(scope="module")
def large(folder, tmp_path_factory, embedder, config):
    """Releases of 3,000 passages, flat and in lists: sentences put together anew, vectors drawn around real ones."""
    corpus = Corpus.read(DOCUMENTS)
    vectors = drawn(faiss.read_index(str(folder / "vectors.ko.faiss")).reconstruct_n(0, 600), SIZE)
    made = {}
    for name, exact_until in (("flat", SIZE), ("lists", 0)):
        release = tmp_path_factory.mktemp("large") / name
        settings = dataclasses.replace(config, exact_until=exact_until)
        corpus.write(release, corpus.recombined(SIZE), vectors, embedder, settings)
        made[name] = Release(release, embedder, settings)
    return made


def plain_scores(folder, language, release, question, vector, config):
    """The score of each passage by its id: one after the other, nothing left out."""
    vectors = faiss.read_index(str(folder / f"vectors.{language}.faiss"))
    cosines = vectors.reconstruct_n(0, vectors.ntotal) @ vector
    owned = open_file(folder / "release.db").execute(
        "SELECT p.id, v.row, v.is_question FROM vectors v JOIN passages p ON p.row = v.passage_row"
        " AND p.language = v.language WHERE v.language = ?",
        (language,),
    )
    best = {}
    for passage_id, row, is_question in owned:
        cosine = cosines[row] - config.question_offset * is_question
        best[passage_id] = max(best.get(passage_id, -1.0), cosine)
    terms = release.glossary.translated(question, language)
    texts = [question, " ".join([question, *terms])] if terms else [question]
    keywords = sum(
        Bm25.load(folder / f"{name}.{language}.npz").scores(cut(text)) / len(texts)
        for name, cut in (("terms", morphemes), ("pairs", bigrams))
        for text in texts
    )
    places, scores = release.places(question), {}
    for row, passage in enumerate(p for p in release.passages() if p.language == language):
        own = set(places_of(passage.section, passage.regions, release.gazetteer))
        place = bool(places & own) if places else -(len(own) == 1) / 2
        scores[passage.id] = (
            best[passage.id] + config.keyword_weight * keywords[row] + config.place_weight * place
        )
    return scores


@pytest.mark.parametrize("language", ["ko", "en"])
def test_search_finds_what_scoring_every_passage_finds(language, folder, library, embedder, config):
    release, database = library.release, open_file(folder / "release.db")
    index = open_index(folder, database, language, config)
    ids = [p.id for p in release.passages() if p.language == language]
    for question in QUESTIONS:
        vector = embedder.query(question)
        terms = tuple(release.glossary.translated(question, language))
        found = index.search(Query(vector, question, terms, release.places(question)), HITS)
        true = plain_scores(folder, language, release, question, vector, config)

        assert [score for score, _ in found] == pytest.approx(
            sorted(true.values())[: -HITS - 1 : -1], abs=2e-6
        )
        assert [true[ids[row]] for _, row in found] == pytest.approx([score for score, _ in found], abs=2e-6)


def hits(release, embedder):
    return [release.search(question, "ko", embedder.query(question), HITS) for question in QUESTIONS]


def test_flat_search_finds_the_same_whether_or_not_all_passages_are_looked_at(large, embedder, monkeypatch):
    likely = hits(large["flat"], embedder)
    monkeypatch.setattr("knowledge.vectors.CANDIDATES", SIZE)

    assert [[h.passage.id for h in own] for own in likely] == [
        [h.passage.id for h in own] for own in hits(large["flat"], embedder)
    ]


def test_search_in_lists_finds_nearly_the_same_with_the_same_scores(large, embedder):
    true, found = (
        [{h.passage.id: h.score for h in own} for own in hits(large[name], embedder)]
        for name in ("flat", "lists")
    )
    common = [(a[key], b[key]) for a, b in zip(true, found, strict=True) for key in a.keys() & b.keys()]

    assert len(common) >= 0.95 * HITS * len(QUESTIONS)
    assert [a for a, _ in common] == pytest.approx([b for _, b in common], abs=1e-6)


def small(places, config, texts=None):
    """An index of passages that all lie at the same distance from any question."""
    count = len(places)
    words = Bm25.from_texts([text.split() for text in texts or [""] * count], config.bm25_k1, config.bm25_b)
    vectors = PassageVectors(
        make_index(np.full((count, 4), 0.5, dtype=np.float32), count),
        np.arange(count),
        np.zeros(count, dtype=np.float32),
    )
    return LanguageIndex(
        vectors, words, words, Postings.from_texts(places)[0], none(count), NO_VECTORS, config
    )


NO_VECTORS = np.zeros((0, 4), dtype=np.float32)


def none(count):
    return Glosses(NO_VECTORS, np.full(count, -1))


def asked(words, places=()):
    return Query(np.full(4, 0.5, dtype=np.float32), words, (), frozenset(places))


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (set(), [-0.5, 0.0, 0.0]),
        ({"naju"}, [1.0, 1.0, 0.0]),
        ({"naju", "jeonnam"}, [1.0, 1.0, 0.0]),
        ({"daegu"}, [0.0, 0.0, 0.0]),
    ],
)
def test_place_agreement_follows_the_places_asked_for(regions, expected, config):
    index = small([["naju"], ["jeonnam", "naju"], []], config)
    found = {row: score for score, row in index.search(asked("?", regions), 3)}

    assert [found[row] - 1.0 for row in range(3)] == pytest.approx(
        [share * config.place_weight for share in expected], abs=1e-6
    )


def test_equal_scores_come_in_the_order_of_rows(config):
    found = small([[]] * 50, config).search(asked("?"), 5)

    assert [row for _, row in found] == [0, 1, 2, 3, 4]


def test_index_knows_its_terms_and_which_passage_has_them(config):
    index = small([[], []], config, ["school land", "tax"])

    assert [index.knows(term) for term in ("tax", "price")] == [True, False]
    assert [index.mentions(row, "tax") for row in (0, 1)] == [False, True]


def test_concepts_lift_a_passage_by_their_weighted_share(config):
    told = Postings.from_texts([["rent"], ["rent", "bus"], []])[0]
    index = small([[], [], []], config)
    plain = index.search(asked("?"), 3)
    index._concepts = told
    found = index.search(dataclasses.replace(asked("?"), concepts=("rent", "bus", "unheard of")), 3)
    rent, bus = np.log(1 + 3 / 2), np.log(1 + 3 / 1)
    shares = {1: 1.0, 0: rent / (rent + bus), 2: 0.0}

    assert [row for row, _ in shares.items()] == [row for _, row in found]
    assert [score - plain[0][0] for score, _ in found] == pytest.approx(
        [share * config.concept_weight for share in shares.values()], abs=1e-6
    )


def test_adapter_lifts_what_lies_near_after_it(config):
    adapter = Adapter(
        np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)[[1, 0, 2, 3]],
        np.zeros((2, 4), np.float32), np.zeros((2, 4), np.float32),
    )  # fmt: skip
    stored = np.eye(4, dtype=np.float32)[[0, 1]]
    words = Bm25.from_texts([[], []], config.bm25_k1, config.bm25_b)
    vectors = PassageVectors(make_index(stored, 2), np.arange(2), np.zeros(2, dtype=np.float32))
    adapted = Adapted.of(adapter, vectors, none(2), NO_VECTORS, "ko")
    index = LanguageIndex(
        vectors, words, words, Postings.from_texts([[], []])[0], none(2), NO_VECTORS, config, adapted=adapted
    )
    question = np.array([0.8, 0.6, 0, 0], dtype=np.float32)
    query = dataclasses.replace(asked("?"), vector=question)
    turned = dataclasses.replace(query, adapted=adapter.of_questions(question, "ko"))

    assert index.search(query, 2) == [(pytest.approx(0.8), 0), (pytest.approx(0.6), 1)]
    # The map of passages swaps the two directions; where no question stands beside one, its own cosine counts for both.
    assert dict(map(reversed, index.search(turned, 2))) == pytest.approx(
        {0: 0.8 + 2 * 0.6 * config.adapter_weight, 1: 0.6 + 2 * 0.8 * config.adapter_weight}
    )
    measures = index.evidence(turned, [(1.0, 0), (0.7, 1)], across=False)
    assert [(m.adapted_passage, m.adapted_asked, m.ahead) for m in measures] == [
        pytest.approx((0.6, 0.6, 0.3), abs=1e-6), pytest.approx((0.8, 0.8, -0.3), abs=1e-6),
    ]  # fmt: skip


def write_empty(folder, language, config):
    write_index(folder, language, np.zeros((0, 4), dtype=np.float32), [], [], [], none(0), [], config)
    np.save(folder / f"not_covered.{language}.npy", NO_VECTORS)


def test_index_without_passages_finds_nothing(tmp_path, config, folder):
    write_empty(tmp_path, "none", config)
    empty = open_index(tmp_path, open_file(folder / "release.db"), "none", config)

    assert empty.search(asked("나주", {"naju"}), HITS) == []
    assert empty.search_across(asked("Naju"), HITS) == []


def test_index_that_does_not_fit_its_database_is_refused(tmp_path, config, folder):
    write_empty(tmp_path, "ko", config)

    with pytest.raises(ValueError, match="0 vectors but"):
        open_index(tmp_path, open_file(folder / "release.db"), "ko", config)


def test_a_line_on_its_section_leads_a_question_of_the_other_language_to_a_passage(config):
    index = small([[], [], []], config)
    lines = np.eye(4, dtype=np.float32)[:2]
    index._glosses = Glosses(lines, np.array([0, 1, -1]))
    query = Query(np.array([0, 1, 0, 0], dtype=np.float32), "?", (), frozenset())

    assert [row for _, row in index.search_across(query, 3)] == [1, 0, 2]


def test_evidence_tells_what_a_passage_lacks(config):
    index = small([[], []], config, ["school land", "tax land"])
    school, tax = index.evidence(asked("tax subway"), [(1.0, 0), (1.0, 1)], across=False)

    assert (school.covered, tax.covered) == (0.0, pytest.approx(0.3868, abs=0.2))
    assert school.unknown == tax.unknown == 0.5
    assert index.evidence(asked(""), [(1.0, 0)], across=False)[0].covered == 0.0
