"""The keyword side: morphemes, bigrams and BM25."""

import math
import random

import numpy as np
import pytest

from knowledge.lexical import Bm25, Postings, bigrams, morphemes

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
        Bm25.from_texts([cut(text) for text in texts], 1.2, 0.75).scores(cut(query))
        for cut in (morphemes, bigrams)
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
    index = Bm25.from_texts([morphemes(text) for text in [*TEXTS, "서울 " * 50, ""]], 1.2, 0.75)

    scores = np.stack([index.scores(morphemes(query)) for query in [*TEXTS, "서울", "서울 서울 우주", ""]])

    assert scores.min() >= 0.0
    assert scores.max() <= 1.0


def test_bm25_prefers_the_text_that_holds_more_of_the_query():
    index = Bm25.from_texts([["land", "price"], ["land", "tax"], ["rent"]], 1.2, 0.75)

    scores = index.scores(["land", "price"])

    assert list(np.argsort(-scores, kind="stable")) == [0, 1, 2]
    assert scores[2] == 0.0


def test_bm25_unknown_term_lowers_the_score():
    index = Bm25.from_texts([["land", "price"], ["land", "tax"], ["rent"]], 1.2, 0.75)

    assert index.scores(["price", "zoo"])[0] < index.scores(["price"])[0]
    assert index.scores(["zoo"]).tolist() == [0.0, 0.0, 0.0]


def test_bm25_repeated_query_terms_count_once():
    index = Bm25.from_texts([["land"], ["tax"]], 1.2, 0.75)

    assert index.scores(["land", "land"]).tolist() == index.scores(["land"]).tolist()


def test_bm25_idf_is_higher_for_rarer_terms():
    index = Bm25.from_texts([["land", "naju"], ["land", "tax"], ["land", "tax"]], 1.2, 0.75)

    assert index.idf("naju") > index.idf("tax") > index.idf("land") > 0
    assert index.idf("zoo") == math.log(4)


def test_bm25_of_no_texts_scores_nothing():
    assert Bm25.from_texts([], 1.2, 0.75).scores(["land"]).shape == (0,)


def plain_scores(texts, query, k1=1.2, b=0.75):
    """BM25 as the formula stands in the literature, over its bound; one text after the other."""
    mean = sum(map(len, texts)) / len(texts)
    having = {term: sum(term in text for text in texts) for term in set(query)}
    idf = {
        t: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) if n else math.log(1 + len(texts))
        for t, n in having.items()
    }
    return [
        sum(
            idf[t]
            * text.count(t)
            * (k1 + 1)
            / (text.count(t) + k1 * (1 - b + b * len(text) / max(mean, 1.0)))
            for t in idf
        )
        / sum(idf[t] * (k1 + 1) for t in idf)
        for text in texts
    ]


@pytest.mark.parametrize("seed", range(10))
def test_bm25_scores_are_those_of_the_formula(seed):
    chance = random.Random(seed)
    texts = [chance.choices(CITIES[:8], k=chance.randrange(12)) for _ in range(40)]
    query = chance.choices(CITIES, k=5)

    assert Bm25.from_texts(texts, 1.2, 0.75).scores(query) == pytest.approx(
        plain_scores(texts, query), abs=1e-6
    )


def test_bm25_from_a_file_scores_and_knows_the_same(tmp_path):
    texts = [bigrams(text) for text in [*TEXTS, "", "Busan has land"]]
    built = Bm25.from_texts(texts, 1.5, 0.6)
    built.save(tmp_path / "pairs.npz")
    loaded = Bm25.load(tmp_path / "pairs.npz")
    queries = [bigrams(query) for query in ("부산 지역", "land", "없는 말")]

    assert [loaded.scores(query).tolist() for query in queries] == [
        built.scores(query).tolist() for query in queries
    ]
    assert [loaded.knows(term) for term in ("부산", "la", "zz")] == [True, True, False]


@pytest.mark.parametrize("lists", [[["나주", "부산"], [], ["부산", "a", "부산"], ["혁신도시"]], [[]], []])
def test_postings_hold_each_row_of_each_term_and_no_other(lists, tmp_path):
    Postings.from_texts(lists)[0].save(tmp_path / "places.npz")
    postings = Postings.load(tmp_path / "places.npz")
    terms = ["나주", "부산", "a", "혁신도시", "혁신", "힣", "A", "~", ""]

    found = {term: postings.rows[postings.find(term)].tolist() for term in terms}
    assert found == {term: [row for row, own in enumerate(lists) if term in own] for term in terms}
    assert all(postings.has(row, term) == (row in found[term]) for term in terms for row in range(5))


def test_postings_count_how_often_a_term_stands_in_a_row():
    postings, counts = Postings.from_texts([["b", "a", "b"], ["b"]])

    assert counts[postings.find("b")].tolist() == [2.0, 1.0]
    assert postings.counts().tolist() == [1, 2]


def test_postings_of_a_file_that_would_run_code_are_refused(tmp_path):
    np.savez(tmp_path / "places.npz", size=np.array([print], dtype=object))

    with pytest.raises(ValueError, match="allow_pickle"):
        Postings.load(tmp_path / "places.npz")
