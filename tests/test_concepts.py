"""Concepts: one meaning under many forms, in both languages, in questions and in texts."""

import pytest

from knowledge.concepts import Concepts
from knowledge.glossary import Glossary
from knowledge.lexical import morphemes
from knowledge.matters import Matters


def row(ko, en, ko_variants="", en_variants="", also=""):
    return {"ko": ko, "en": en, "ko_variants": ko_variants, "en_variants": en_variants, "also": also}


@pytest.fixture(scope="module")
def concepts():
    terms = [
        row("임대료", "rental charge", "월세", "monthly rent"),
        row("양도", "transfer", "되팔기", "resale"),
    ]
    matters = [
        row("통근버스", "commuter bus", "셔틀버스", "shuttle", "staff bus"),
        row("임대료", "rental charge", "임차비", ""),
    ]
    return Concepts(Glossary.from_rows(terms), Matters.from_rows(matters))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("월세는 얼마예요?", ("임대료",)),
        ("What is the monthly rent, and is there a shuttle?", ("임대료", "통근버스")),
        ("셔틀버스 있나요", ("통근버스",)),
        ("staff bus?", ()),
        ("임차비", ("임대료",)),
    ],
)
def test_question_names_concepts_by_any_form(concepts, question, named):
    assert concepts.named(question) == named


def told(concepts, *texts):
    return [sorted(found) for found in concepts.told([morphemes(text)] for text in texts)]


def test_texts_tell_of_concepts_in_either_language_and_in_any_order(concepts):
    assert told(
        concepts,
        "The rent is due every month: a monthly rent.",
        "셔틀버스를 운행합니다",
        "A bus for staff",
        "Tax",
    ) == [["임대료"], ["통근버스"], ["통근버스"], []]


def test_text_with_two_forms_tells_of_a_concept_once(concepts):
    assert told(concepts, "월세, 곧 임대료와 임차비") == [["임대료"]]


def test_words_of_a_form_stand_together_in_the_text_or_in_one_question(concepts):
    lines = [morphemes(line) for line in ("A company bus", "Do staff come along?", "셔틀버스 있나요", "Tax")]

    assert list(concepts.told([lines[:2], lines[:3], lines[3:]])) == [[], ["통근버스"], []]
