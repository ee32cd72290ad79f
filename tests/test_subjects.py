"""Vectors without what sets places apart."""

import numpy as np
import pytest

from knowledge.subjects import Subjects

DIMENSION, SUBJECTS, PLACES = 64, 30, 5
RANDOM = np.random.default_rng(7)
ABOUT = RANDOM.normal(size=(SUBJECTS, DIMENSION)).astype(np.float32)
AT = 2 * RANDOM.normal(size=(PLACES, DIMENSION)).astype(np.float32)


def asked(subject, place):
    """The vector of a question on a subject at a place; the place weighs twice as much."""
    vector = ABOUT[subject] + AT[place]
    return vector / np.linalg.norm(vector)


@pytest.fixture(scope="module")
def subjects():
    pairs = [(subject, place) for subject in range(SUBJECTS - 2) for place in range(PLACES)]
    vectors = np.stack([asked(*pair) for pair in pairs])
    return Subjects.fit(vectors, [place for _, place in pairs])


@pytest.mark.parametrize("subject", [SUBJECTS - 1, SUBJECTS - 2])
def test_question_is_nearest_to_its_subject_whatever_the_place(subjects, subject):
    question, same, other = asked(subject, 0), asked(subject, 1), asked(0, 0)
    plain = [subjects.of(vector) for vector in (question, same, other)]

    assert question @ other > question @ same  # the place drew it away
    assert plain[0] @ plain[1] > 0.9 > plain[0] @ plain[2]


def test_vectors_keep_their_shape_and_are_of_length_one(subjects):
    many = np.stack([asked(1, 1), asked(2, 2)])

    assert subjects.of(many).shape == many.shape
    assert np.linalg.norm(subjects.of(many), axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize("places", [[-1] * 40, [0] * 40, [0] * 39 + [1]])
def test_without_two_places_known_well_enough_nothing_is_taken_out(places):
    vectors = np.stack([asked(n % SUBJECTS, 0) for n in range(40)])
    subjects = Subjects.fit(vectors, places)
    centred = vectors[3] - vectors.mean(axis=0)

    assert subjects.of(vectors[3]) == pytest.approx(centred / np.linalg.norm(centred), abs=1e-5)


def test_without_questions_vectors_stay_as_they_are():
    subjects = Subjects.fit(np.zeros((0, DIMENSION), np.float32), [])

    assert subjects.of(asked(1, 1)) == pytest.approx(asked(1, 1), abs=1e-5)


def test_fibre_in_jinju_is_seen_to_be_what_no_sheet_answers(library):
    question = "What fibre speed do buildings in the Jinju cluster get?"
    [best] = library.search(question, "en", 1)

    assert best.evidence.asked > best.evidence.not_covered  # with the place, a question on Jinju is nearer
    assert best.evidence.plain_asked < best.evidence.plain_not_covered
