"""The kind of answer that a question asks for, and whether a text holds one."""

import pytest

from knowledge.kinds import asks_for_official, counted, lacks_kind_asked

APPROVAL = "시·도지사가 입주승인을 합니다. 신청서와 사업계획서를 냅니다."
ZONE = "The zone in Ulju-gun was designated for mobility and hydrogen."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("입주승인은 며칠 걸려요?", APPROVAL),
        ("입주승인을 넣으면 몇 주 안에 나와요?", APPROVAL),
        ("How many working days does approval take?", "The governor approves admission."),
        ("How long is the ride from the station?", ZONE),
        ("특구 착공은 언제예요?", "모빌리티와 수소를 중심 산업으로 삼습니다."),
        ("When does the next bidding round open?", ZONE),
        ("어느 건설사가 시공을 맡았나요?", "특구는 2024년 11월 7일에 지정되었습니다."),
        ("입주기업 명단 주세요", "기업 205개가 입주했습니다."),
        ("Which contractor is building the zone?", ZONE),
        ("How many firms have signed up?", ZONE),
        ("입주한 회사가 몇 개예요?", "신도시 면적은 9,950,000㎡입니다."),
        ("담당 부서 연락처 좀요", "시청 투자유치과에 문의하세요."),
        ("분양가가 얼마예요?", "시·도지사가 공고합니다."),
        ("면적을 줄이려면 무슨 서식을 내나요?", APPROVAL),
        ("Which form do we hand in?", "The governor approves the change first."),
        ("연체 이율이 몇 퍼센트예요?", "네 필지의 계약이 대금 연체로 해제되었습니다."),
        ("What share of the staff may stay?", "Too many staff left behind cost the relief."),
        # neither the day when the law came into force nor a period of relief is a last day
        (
            "언제까지 사야 면제되나요?",
            "취득세를 면제받고 재산세는 5년간 면제됩니다(2026년 6월 2일 시행 법령).",
        ),
        ("By when must we buy?", "Acquisition tax is waived in full (law in force on 2 June 2026)."),
    ],
)
def test_text_without_the_kind_asked_for_does_not_answer(question, text):
    assert lacks_kind_asked(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("취소 통보 뒤 며칠 안에 팔아야 하나요?", "6개월 안에 팔아야 합니다."),
        ("How long does the relief last?", "It falls under 7 full years plus 4 at half."),
        ("How long until the zone is built?", "The master plan runs to 2030."),
        ("감면은 몇 년 동안 받나요?", "7년간 전액, 그 뒤 3년간 절반입니다."),
        ("세금 정보 기준일이 며칠이에요?", "2026년 6월 2일 시행 법령입니다."),
        ("언제 지정됐나요?", "2024년 11월 7일에 지정되었습니다."),
        ("When must the sale be reported?", "It must be reported before the contract."),
        ("Which companies qualify for relief?", ZONE),
        ("어떤 기업이 감면을 받나요?", "과밀억제권역에 본사를 둔 법인입니다."),
        ("시행사가 어느 회사로 뽑혔나요?", "한국토지주택공사(LH)가 시행합니다."),
        ("How many firms had moved in by 2019?", "In March 2019 there were 205 companies."),
        ("입주한 기업이 몇 곳인가요?", "2019년 4월에는 입주한 기업이 없었습니다."),
        ("How much acquisition tax is waived?", "It is exempt in full."),
        ("변경할 때 무슨 서식을 내나요?", "별지 제7호 서식의 신청서를 냅니다."),
        ("Which form do we hand in?", "A change is applied for on form 7."),
        ("남은 땅이 전체의 몇 %였나요?", "전체 141,000㎡ 가운데 52,000㎡가 남아 있었습니다."),
        ("몇 퍼센트를 의무로 뽑나요?", "아닙니다. 민간기업에는 의무가 없습니다."),
        ("언제까지 사야 면제되나요?", "2027년 12월 31일까지 취득한 부동산에 적용됩니다."),
        ("언제까지 가는 특구예요?", "기간은 2025~2029년입니다."),
        ("Until when does the zone's plan run?", "The plan runs to 2034."),
    ],
)
def test_text_with_the_kind_asked_for_may_answer(question, text):
    assert not lacks_kind_asked(question, text)


def test_officials_are_told_from_other_people():
    assert asks_for_official("국토부 담당 과장님 성함이 뭐예요?")
    assert not asks_for_official("담당 부서가 어디예요?")


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("초등학교가 몇 개예요?", ["초등학교"]),
        ("How many schools are there?", ["school"]),
        ("How many plots had been sold?", ["plot", "lot", "parcel", "구획", "필지"]),
        ("직원 아파트를 몇 채 사려고 하는데 평수 제한이 있나요?", []),
        ("용도별로 각각 몇 개예요?", []),
        ("학교가 있나요?", []),
    ],
)
def test_what_is_counted_is_the_noun_before_the_number(question, terms):
    assert counted(question) == terms
