"""The vector side: the index that is made at each size, and the passages that it offers."""

import faiss
import numpy as np
import pytest

from knowledge.vectors import CANDIDATES, PassageVectors, make_index


def unit(count, seed=1, dimension=24):
    """Random vectors of length 1 around a few middles, as texts lie around subjects."""
    chance = np.random.default_rng(seed)
    middles = chance.standard_normal((40, dimension))
    vectors = middles[chance.integers(40, size=count)] + 0.5 * chance.standard_normal((count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def made(vectors, exact_until, folder):
    """The index as a release holds it: written and read again."""
    faiss.write_index(make_index(vectors, exact_until), str(folder / "vectors.faiss"))
    return faiss.read_index(str(folder / "vectors.faiss"))


@pytest.mark.parametrize(
    ("count", "kind"), [(0, faiss.IndexFlat), (500, faiss.IndexFlat), (501, faiss.IndexIVFFlat)]
)
def test_index_is_flat_up_to_the_limit_and_lists_beyond(count, kind, tmp_path):
    index = made(unit(count), 500, tmp_path)

    assert (isinstance(index, kind), index.ntotal) == (True, count)


@pytest.mark.parametrize("exact_until", [3000, 0])
def test_index_gives_each_vector_back_unchanged(exact_until, tmp_path):
    vectors = unit(2500)
    rows = np.arange(0, 2500, 7)

    assert np.array_equal(made(vectors, exact_until, tmp_path).reconstruct_batch(rows), vectors[rows])


@pytest.mark.parametrize("count", [1, 30, 3000])
def test_index_of_the_same_vectors_is_the_same(count):
    first, second = (faiss.serialize_index(make_index(unit(count), 0)) for _ in range(2))

    assert np.array_equal(first, second)


def test_lists_find_nearly_all_of_the_nearest(tmp_path):
    vectors, questions = unit(20000), unit(100, seed=2)
    index = made(vectors, 0, tmp_path)
    truth = np.argsort(-questions @ vectors.T, axis=1)[:, :10]

    found = index.search(questions, 10)[1]
    assert np.mean([len({*a} & {*b}) for a, b in zip(found, truth, strict=True)]) >= 9.5


def passages(count, exact_until):
    """`count` passages; each third one has a question beside it, whose cosine counts 0.03 less."""
    owners = np.sort(np.concatenate([np.arange(count), np.arange(0, count, 3)]))
    offsets = np.where(np.diff(owners, prepend=-1) == 0, np.float32(0.03), np.float32(0))
    vectors = unit(len(owners))
    return PassageVectors(make_index(vectors, exact_until), owners, offsets), vectors, owners, offsets


def true_cosines(vectors, owners, offsets, question):
    each = vectors @ question - offsets
    return np.array([each[owners == row].max() for row in range(owners[-1] + 1)])


@pytest.mark.parametrize("count", [1, 10, CANDIDATES])
def test_every_passage_of_a_small_release_is_offered(count):
    side, *known = passages(count, 10**9)
    question = unit(1, seed=3)[0]
    rows, cosines = side.likely(question, np.zeros(count, dtype=np.float32))

    assert rows.tolist() == list(range(count))
    assert cosines == pytest.approx(true_cosines(*known, question), abs=1e-6)


@pytest.mark.parametrize("exact_until", [10**9, 0])
def test_cosines_of_the_passages_offered_are_exact(exact_until):
    side, *known = passages(3 * CANDIDATES, exact_until)
    question = unit(1, seed=3)[0]
    rows, cosines = side.likely(question, np.zeros(3 * CANDIDATES, dtype=np.float32))

    assert len(rows) < 3 * CANDIDATES
    assert cosines == pytest.approx(true_cosines(*known, question)[rows], abs=1e-6)


def test_nearest_passages_and_those_best_by_the_rest_are_offered():
    side, *known = passages(3 * CANDIDATES, 10**9)
    question = unit(1, seed=3)[0]
    others = np.linspace(0, 1, 3 * CANDIDATES, dtype=np.float32)
    rows = {*side.likely(question, others)[0].tolist()}

    nearest = np.argsort(-true_cosines(*known, question))[: CANDIDATES // 2]
    assert {*nearest.tolist()} <= rows
    assert {*range(2 * CANDIDATES, 3 * CANDIDATES)} <= rows
