"""The adapter: what it learns from questions beside passages, how it is kept, and cosines worked out on stored vectors."""

import dataclasses

import numpy as np
import pytest

from index_build.adapting import FEWEST_SECTIONS, Pairs, fit, numbered
from knowledge.adapter import Adapter
from knowledge.config import LANGUAGES
from knowledge.vectors import AdaptedVectors, PassageVectors, make_index

SECTIONS, DIMENSION, STYLE = FEWEST_SECTIONS + 40, 32, 8


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def texts(subjects, seed):
    """Texts on subjects; the last STYLE dimensions tell only how they are written, and loudly."""
    chance = np.random.default_rng(seed)
    vectors = subjects + 0.25 * chance.standard_normal(subjects.shape)
    vectors[:, -STYLE:] = 1.5 * chance.standard_normal((len(subjects), STYLE))
    return unit(vectors)


@pytest.fixture(scope="module")
def subjects():
    return np.random.default_rng(0).standard_normal((SECTIONS, DIMENSION))


@pytest.fixture(scope="module")
def pairs(subjects):
    """Four questions a section, two in each language, and a passage in each."""
    sections = np.tile(np.arange(SECTIONS), 4)
    languages = np.repeat([0, 0, 1, 1], SECTIONS)
    both = np.tile(np.arange(SECTIONS), 2)
    return Pairs(
        texts(subjects[sections], 1), languages, sections,
        texts(subjects[both], 2), np.repeat([0, 1], SECTIONS), both,
        texts(np.random.default_rng(3).standard_normal((60, DIMENSION)), 4), np.repeat([0, 1], 30),
    )  # fmt: skip


@pytest.fixture(scope="module")
def adapter(pairs):
    return fit(pairs)


def found_first(questions, passages):
    return float(np.mean((questions @ passages.T).argmax(axis=1) == np.arange(len(questions))))


@pytest.mark.parametrize("number", [0, 1])
def test_new_questions_find_their_passages_more_often_than_before(number, subjects, pairs, adapter):
    questions, language = texts(subjects, 9), LANGUAGES[number]
    passages = pairs.passages[pairs.passage_languages == number]
    adapted = adapter.of_questions(questions, language), adapter.of_passages(passages, language)

    assert found_first(*adapted) > found_first(questions, passages) + 0.15
    assert np.linalg.norm(adapted[0], axis=1) == pytest.approx(np.ones(SECTIONS), abs=1e-5)


def test_fit_of_the_same_pairs_is_the_same(pairs, adapter):
    assert fit(pairs).to_bytes() == adapter.to_bytes()


def test_digest_changes_with_any_of_the_pairs(pairs):
    moved = pairs.questions.copy()
    moved[0, 0] += 1e-3

    assert pairs.digest() == dataclasses.replace(pairs).digest()
    assert pairs.digest() != dataclasses.replace(pairs, questions=moved).digest()


def test_too_few_sections_are_not_learned_by_heart(pairs):
    few = pairs.question_sections < FEWEST_SECTIONS - 1

    assert fit(dataclasses.replace(
        pairs, questions=pairs.questions[few], question_languages=pairs.question_languages[few],
        question_sections=pairs.question_sections[few],
    )) is None  # fmt: skip


def test_pairs_without_uncovered_questions_are_learned_from_too(pairs):
    none = np.zeros((0, DIMENSION), dtype=np.float32), np.zeros(0, dtype=np.int64)

    assert fit(dataclasses.replace(pairs, not_covered=none[0], not_covered_languages=none[1])) is not None


def test_adapter_is_read_as_it_was_written(adapter, tmp_path):
    adapter.save(tmp_path)

    assert Adapter.load(tmp_path).to_bytes() == adapter.to_bytes()
    assert Adapter.load(tmp_path / "nowhere") is None


def test_cosines_of_stored_vectors_are_those_of_adapted_ones(pairs, adapter):
    owners = np.array([0, 0, 0, 1, 2, 2])  # passages 0 and 2 have questions beside them
    stored = np.concatenate(
        [pairs.passages[:1], pairs.questions[:2], pairs.passages[1:3], pairs.questions[3:4]]
    )
    vectors = PassageVectors(make_index(stored, 10), owners, np.zeros(6, dtype=np.float32))
    question = adapter.of_questions(pairs.questions[7], "ko")
    passages, beside = (adapter.of_passages(stored, "ko"), adapter.of_questions(stored, "ko"))

    own, nearest = AdaptedVectors(vectors, adapter, "ko").cosines([2, 0, 1], question)

    assert own == pytest.approx(passages[[4, 0, 3]] @ question, abs=1e-5)
    assert nearest == pytest.approx(
        [beside[5] @ question, (beside[1:3] @ question).max(), passages[3] @ question], abs=1e-5
    )
    assert [vectors.has_questions(row) for row in range(3)] == [True, False, True]


def test_numbers_follow_the_order_in_which_keys_come():
    assert numbered(["b", "a", "b", ("c", 1)]).tolist() == [0, 1, 0, 2]
