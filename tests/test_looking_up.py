"""Whether a question asks only for a look-up, or for something that its card does not hold."""

from __future__ import annotations

import pytest

from actions.looking_up import asks_more
from knowledge.library import Library


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("land", "나주에 클러스터 땅이 남았나요?"),
        ("land", "김천에 3,000평 필요해요"),
        ("land", "어느 지역에 남은 용지가 있나요?"),
        ("land", "Which places have cluster land left?"),
        ("land", "Is there land for sale in Naju, about 3000 square metres?"),
        ("land", "진주요"),
        ("incentives", "나주로 본사를 옮기면 어떤 지원이 있나요?"),
        ("incentives", "중소기업 세금 감면 알려 주세요"),
        ("incentives", "What tax relief is there for a factory moving to Gimcheon?"),
        ("incentives", "보조금은요?"),
        ("incentives", "본사를 옮기면 어떤 지원이 있나요?"),
        ("land", "진주시로 갈 만한 용지가 있나요?"),
    ],
)
def test_question_of_a_look_up_asks_no_more(library: Library, task: str, text: str) -> None:
    assert not asks_more(task, text, library.release.gazetteer)


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("land", "나주 클러스터 땅의 가스 요금은 얼마인가요?"),
        ("land", "김천 용지 주변에 학교가 있나요?"),
        ("land", "Is there a hospital near the land in Naju?"),
        ("land", "나주 땅의 지하수는 깨끗한가요?"),
        ("incentives", "나주로 옮기면 직원 자녀 학비 지원이 있나요?"),
        ("incentives", "Is there support for visas in Gimcheon?"),
        ("incentives", "진주에서 어린이집 지원도 되나요?"),
    ],
)
def test_word_beyond_the_look_up_asks_more(library: Library, task: str, text: str) -> None:
    assert asks_more(task, text, library.release.gazetteer)


def test_words_of_one_look_up_are_more_for_the_other(library: Library) -> None:
    gazetteer = library.release.gazetteer

    assert asks_more("land", "나주 세금", gazetteer)
    assert asks_more("incentives", "나주 필지", gazetteer)


def test_names_and_numbers_ask_for_nothing(library: Library) -> None:
    assert not asks_more("land", "나주 진주 김천 본사 바이오 30명 2027년", library.release.gazetteer)
