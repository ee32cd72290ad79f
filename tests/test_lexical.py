"""The keyword side: morphemes, bigrams and BM25."""

import math

import numpy as np
import pytest

from knowledge.lexical import Bm25, bigrams, morphemes

CITIES = ["서울", "부산", "제주", "인천", "대구", "광주", "대전", "울산", "세종", "수원"]
TEXTS = [f"{city} 지역의 기업 용지 현황입니다." for city in CITIES]


def with_particle(city, particle):
    """The city with a particle in the form that its last sound asks for: 서울은 but 제주는, 부산으로 but 서울로."""
    final = (ord(city[-1]) - 0xAC00) % 28
    if particle == "은/는":
        return city + ("은" if final else "는")
    if particle == "으로":
        return city + ("으로" if final not in (0, 8) else "로")
    return city + particle


def best(texts, query):
    """The row that morphemes and bigrams together put first, or None where nothing is found."""
    scores = sum(
        Bm25([cut(text) for text in texts], 1.2, 0.75).scores(cut(query)) for cut in (morphemes, bigrams)
    )
    return int(np.argmax(scores)) if scores.any() else None


@pytest.mark.parametrize("particle", ["은/는", "에서", "으로", "의", "에", "도"])
def test_city_in_a_question_is_found_whatever_its_particle(particle):
    found = [best(TEXTS, f"{with_particle(city, particle)} 어떤가요") for city in CITIES]

    assert found == list(range(10))


@pytest.mark.parametrize("particle", ["은/는", "에서", "으로", "의"])
def test_city_in_a_text_is_found_whatever_its_particle(particle):
    texts = [f"{with_particle(city, particle)} 옮긴 기업이 늘고 있습니다." for city in CITIES]

    assert [best(texts, city) for city in CITIES] == list(range(10))


def test_morphemes_leave_out_particles_and_words_of_every_question():
    assert morphemes("나주에서 땅을 살 수 있나요?") == ["나주", "땅", "사"]
    assert morphemes("What is the price of land?") == ["price", "land"]


def test_morphemes_join_the_forms_of_an_english_word():
    assert morphemes("cancelled") == morphemes("cancel") == morphemes("Cancelling")
    assert morphemes("Are the factories relocating?") == morphemes("a factory relocates")


def test_morphemes_keep_english_words_and_numbers_in_korean_text():
    assert {"ai", "63"} <= set(morphemes("AI 기업은 제63조를 봅니다"))


def test_bigrams_do_not_mind_spacing_inside_a_word():
    assert bigrams("혁신도시") == ["혁신", "신도", "도시"]
    assert bigrams("A 도시-B2") == ["a", "도시", "b2"]
    assert set(bigrams("혁신 도시")) <= set(bigrams("혁신도시"))


def test_bm25_scores_lie_between_zero_and_one():
    index = Bm25([morphemes(text) for text in [*TEXTS, "서울 " * 50, ""]], 1.2, 0.75)

    scores = np.stack([index.scores(morphemes(query)) for query in [*TEXTS, "서울", "서울 서울 우주", ""]])

    assert scores.min() >= 0.0
    assert scores.max() <= 1.0


def test_bm25_prefers_the_text_that_holds_more_of_the_query():
    index = Bm25([["land", "price"], ["land", "tax"], ["rent"]], 1.2, 0.75)

    scores = index.scores(["land", "price"])

    assert list(np.argsort(-scores, kind="stable")) == [0, 1, 2]
    assert scores[2] == 0.0


def test_bm25_unknown_term_lowers_the_score():
    index = Bm25([["land", "price"], ["land", "tax"], ["rent"]], 1.2, 0.75)

    assert index.scores(["price", "zoo"])[0] < index.scores(["price"])[0]
    assert index.scores(["zoo"]).tolist() == [0.0, 0.0, 0.0]


def test_bm25_repeated_query_terms_count_once():
    index = Bm25([["land"], ["tax"]], 1.2, 0.75)

    assert index.scores(["land", "land"]).tolist() == index.scores(["land"]).tolist()


def test_bm25_idf_is_higher_for_rarer_terms():
    index = Bm25([["land", "naju"], ["land", "tax"], ["land", "tax"]], 1.2, 0.75)

    assert index.idf("naju") > index.idf("tax") > index.idf("land") > 0
    assert index.idf("zoo") == math.log(4)


def test_bm25_of_no_texts_scores_nothing():
    assert Bm25([], 1.2, 0.75).scores(["land"]).shape == (0,)
