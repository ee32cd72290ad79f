"""Questions that mix Korean and English are put into one language before they are searched for."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answer import Status, compose
from knowledge.library import Library
from knowledge.mixed import in_one_language

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "language", "put"),
    [
        (
            "What is the budget of the 울산 도심융합특구?",
            "en",
            "What is the budget of the Ulsan urban convergence special zone?",
        ),
        ("Does 입주승인 hold for tenants?", "en", "Does admission approval hold for tenants?"),
        ("Chungbuk cluster에서 취득세는?", "ko", "충북 혁신도시에서 취득세는?"),
        ("UCZ 중에 어디가 넓어요?", "ko", "도심융합특구 중에 어디가 넓어요?"),
    ],
)
def test_names_and_terms_take_the_language_of_the_question(
    library: Library, text: str, language: str, put: str
) -> None:
    release = library.release

    assert in_one_language(text, language, release.gazetteer, release.glossary) == put


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("나주로 본사를 옮기면 법인세가 몇 년 감면되나요?", "ko"),
        ("How many years of relief does a head office get in Naju?", "en"),
        ("보도에 1.93M㎡로 나오던데요", "ko"),
        ("Who won the 한국시리즈 last year?", "en"),
        ("B동 quokka", "ko"),
    ],
)
def test_what_is_in_one_language_or_unknown_stays(library: Library, text: str, language: str) -> None:
    release = library.release

    assert in_one_language(text, language, release.gazetteer, release.glossary) == text


@pytest.mark.parametrize(
    ("question", "language", "fact"),
    [
        ("What is the reported budget of the 울산 도심융합특구?", "en", "3.5704 trillion"),
        ("Which cluster had sold more by December 2021, 나주 or 충북?", "en", "92.8"),
        (
            "저희는 large company고 upper tier 지역으로 가는데 equipment subsidy rate가 어떻게 되죠",
            "ko",
            "4%",
        ),
        ("지방으로 옮긴 HQ에 executives가 45%만 있으면 relief clawback 당하나요", "ko", "50%"),
        # no term is meant by "bonus", nor by "서식" in English: the question as it was put is asked too
        ("AI 설비를 사면 보조금이 몇 %p bonus로 오르죠?", "ko", "2%포인트"),
        ("Which 서식 do we hand in when our approved 사업계획 changes?", "en", "form 7"),
    ],
)
def test_mixed_questions_are_answered(library: Library, question: str, language: str, fact: str) -> None:
    answer = compose(question, language, library, TODAY)

    assert answer.status is Status.ANSWERED
    assert fact in answer.text
