"""What a line of business is shut out of is told before what others get."""

from datetime import date

import pytest

from knowledge.answer import compose
from knowledge.exclusions import excluded_from
from knowledge.language import detect

TODAY = date(2026, 11, 23)
NO_RELIEF = {"ko": "건설업", "en": "A construction company gets no relief under Article 63-2"}


@pytest.mark.parametrize(
    "question",
    [
        "Construction company, HQ in Seoul, wants to move it to Gimcheon. Corporate tax relief?",
        "We are a construction firm. How many years of corporate tax relief for a head office moving to Naju?",
        "서울 건설사인데 본사를 나주로 옮기면 법인세를 몇 년 감면받나요?",
        "건설회사 본사를 진천으로 이전하면 법인세 감면 되나요?",
    ],
)
def test_construction_company_is_told_first_that_it_gets_no_relief(library, question):
    answer = compose(question, detect(question), library, TODAY)

    first, *others = answer.citations
    assert NO_RELIEF[answer.language] in first.quote
    assert "T09" in {key for sentence in first.passage.sentences for key in sentence.sources}
    assert not [c for c in others if c.source.key.startswith("T") and c.passage.id != first.passage.id]


@pytest.mark.parametrize(
    "question",
    [
        "How many years of corporate tax relief for a head office moving to Naju?",
        "Our head office moves to Naju; when must construction of the new building start for the tax relief?",
        "건설사인데 공장을 나주로 옮기면 법인세를 몇 년 감면받나요?",
        "나주 클러스터에 건설회사도 입주할 수 있나요?",
    ],
)
def test_nobody_else_is_told_so(library, question):
    answer = compose(question, detect(question), library, TODAY)

    assert not [
        c for c in answer.citations if NO_RELIEF[answer.language] in c.quote and "T09" in c.source.key
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("건설회사 본사 이전", ["T09"]),
        ("부동산 임대업 본사", ["T09"]),
        ("We are in construction", ["T09"]),
        ("when does construction start", []),
        ("건설회사 공장", []),
        ("AI 회사 본사", []),
    ],
)
def test_incentives_a_line_of_business_is_shut_out_of(library, text, ids):
    assert [row.id for row in excluded_from(text, library.release)] == ids
