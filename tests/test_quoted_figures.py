"""What is worked out from two figures of the sentences quoted; every expected figure was worked out by hand from the sheets."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from actions.base import led_by
from actions.quoted_figures import with_calculation
from actions.reply import Reply, from_answer
from knowledge.answer import Status, compose
from knowledge.language import detect
from tests.asking import TODAY


@pytest.fixture
def ask(library):
    def asked(question):
        reply = from_answer(compose(question, detect(question), library, TODAY), library.release)
        return with_calculation(question, reply, library.release.gazetteer)

    return asked


@pytest.mark.parametrize(
    ("question", "calculation"),
    [
        ("대전 특구가 2021년 계획 때보다 2024년 지정 때 얼마나 커졌나요?", "1,340,000㎡ (약 405,350평) − 1,240,000㎡ (약 375,100평) = 100,000㎡ (약 30,250평)"),
        ("2024년에 보도된 사업비로 울산 특구가 광주 특구보다 얼마나 더 들어요?", "3조 5,704억 원 − 1조 5,790억 원 = 1조 9,914억 원"),
        ("거점 스마트도시로 뽑힌 고양하고 전주는 국비 차이가 얼마예요", "200억 원 − 160억 원 = 40억 원"),
        ("동삼 혁신지구가 문현 쪽보다 몇 배 넓은 거예요?", "610,000㎡ (약 184,525평) ÷ 102,652㎡ (약 31,052평) = 5.94배"),
        ("대전역세권이랑 연축 두 지구 혁신도시 면적 합치면 얼마?", "923,000㎡ (약 279,208평) + 248,700㎡ (약 75,232평) = 1,171,700㎡ (약 354,439평)"),
        ("대구 신서동 클러스터 면적을 평으로 바꾸면 몇 평인가요?", "858,000㎡ (약 259,545평)"),
        ("In the Chungbuk innovation city, how much dearer per m² was cluster land than industrial land in 2016-17?", "KRW 289,094 per ㎡ − KRW 194,000 per ㎡ = KRW 95,094 per ㎡"),
        ("In 2019 the Wonju cluster was cut on paper. How many square metres were lost?", "143,000 ㎡ (about 43,258 pyeong) − 112,000 ㎡ (about 33,880 pyeong) = 31,000 ㎡ (about 9,378 pyeong)"),
        ("진천·음성 혁신도시에서 2019년 3월까지 팔린 땅을 그때 들어와 있던 기업 수로 나누면 한 곳당 몇 ㎡예요?", "202,000㎡ (약 61,105평) ÷ 33곳 = 6,121㎡ (약 1,852평)"),
        ("충북 클러스터는 필지 하나가 평균 몇 ㎡꼴인가요? 2019년 3월 필지 수로요", "684,000㎡ (약 206,910평) ÷ 74필지 = 9,243㎡ (약 2,796평)"),
        ("How many percentage points more of its land price does an SME get in a crisis area than in the upper tier?", "50% − 9% = 41 percentage points"),
    ],
)  # fmt: skip
def test_two_figures_quoted_are_worked_out(ask, question, calculation):
    reply = ask(question)
    [row] = reply.card["rows"]

    assert [field["value"] for field in row["fields"]] == [calculation]
    assert (row["source"] != "", re.match(r"\d{4}", row["as_of"]) is not None) == (True, True)
    assert [line for line in reply.text.splitlines() if calculation in line] != []


def test_nothing_is_built_on_doubtful_figures(library):
    question = "대전 특구가 2021년 계획 때보다 2024년 지정 때 얼마나 커졌나요?"
    sound = from_answer(compose(question, "ko", library, TODAY), library.release)
    doubtful = replace(sound, citations=tuple(map(doubted, sound.citations)))
    worked = [with_calculation(question, reply, library.release.gazetteer) for reply in (sound, doubtful)]

    assert [reply.card is None for reply in worked] == [False, True]


def doubted(citation):
    sentences = tuple(replace(sentence, doubt="suspicion") for sentence in citation.passage.sentences)
    return replace(citation, passage=replace(citation.passage, sentences=sentences))


@pytest.mark.parametrize(
    "question",
    [
        "나주 클러스터의 남은 면적은 얼마인가요?",  # nothing to work out
        "농공단지에 들어가면 세금을 얼마나 깎아 주나요?",  # how much relief, not how much less
        "나주 클러스터의 팔린 땅 중에 실제로 쓰이는 땅은 몇 프로인가요?",  # the share stands there
        "1부터 100까지 더하면 얼마?",
        "본사 이전 감면과 공장 이전 감면의 차이가 뭐예요?",  # no quantity
        "영남(대구, 김천, 울산, 진주) 혁신도시 땅을 전부 합쳐서 몇 제곱미터죠?",  # more places than figures
        "전북(2016년)하고 충북(2016~17년) 분양가는 ㎡당 차액이 얼마에요?",  # both figures are of one of the two
    ],
)
def test_nothing_is_worked_out_where_it_is_not_certain(ask, question):
    assert ask(question).card is None


def test_what_was_worked_out_leads_the_card_that_follows_the_quotation(ask):
    quoted = ask("2024년에 보도된 사업비로 울산 특구가 광주 특구보다 얼마나 더 들어요?")
    table = Reply(
        "표", "ko", Status.ANSWERED, card={"type": "comparison", "title": "비교", "rows": [{"title": "울산"}]}
    )
    offices = replace(table, card={"type": "contact", "title": "담당", "rows": [{"title": "LH"}]})

    assert [row["title"] for row in led_by(quoted, table).card["rows"]] == ["차이", "울산"]
    assert [row["title"] for row in led_by(quoted, offices).card["rows"]] == ["LH"]
    assert led_by(quoted, replace(table, card=None)).card == quoted.card
