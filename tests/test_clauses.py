"""The part of a question that asks."""

import pytest

from knowledge.clauses import asking_part


@pytest.mark.parametrize(
    ("question", "part"),
    [
        (
            "화장품 용기를 찍어 내는 가족회사예요. 중소기업이고 직원은 51명입니다. 음성 쪽 땅값의 몇 프로나 보조금으로 받을 수 있나요?",
            "음성 쪽 땅값의 몇 프로나 보조금으로 받을 수 있나요?",
        ),
        (
            "저희가 인천에서 20년 넘게 돌리던 공장을 팔고 지방으로 갈 생각인데 차익이 크거든요. 이 차익의 세금을 나눠서 낼 수 있는지 궁금합니다",
            "이 차익의 세금을 나눠서 낼 수 있는지 궁금합니다",
        ),
        (
            "We make dental drills in Anyang, 63 people, and our leased plant will be torn down. How many years of full tax relief would we get in Wonju?",
            "How many years of full tax relief would we get in Wonju?",
        ),
        (
            "의왕에서 통근버스를 굴리는데 매부가 공사에 다닌다고 겁을 주네요. 나주 클러스터에 들어가려면 누구 허락을 받아야 하는지요?",
            "나주 클러스터에 들어가려면 누구 허락을 받아야 하는지요?",
        ),
        (
            "We weave fishing nets in Hwaseong with two dozen looms and a patient banker; what share of building costs is paid in Jinju?",
            "what share of building costs is paid in Jinju?",
        ),
        (
            "My brother, who sells boats in Gunpo, wants us in Busan, so how many firms have settled there by now?",
            "so how many firms have settled there by now?",
        ),
        # a condition stays with what is asked under it
        (
            "We got rid of our old workshop in Suwon. Given that we put one up from scratch, how long until it has to run?",
            "Given that we put one up from scratch, how long until it has to run?",
        ),
        # a part that says too little takes what stands before it
        (
            "I see 143 thousand square metres for the Wonju cluster in one paper and 112 thousand in another. Which year is which?",
            "I see 143 thousand square metres for the Wonju cluster in one paper and 112 thousand in another. Which year is which?",
        ),
    ],
)
def test_story_before_a_question_is_left_out(question, part):
    assert asking_part(question) == part


@pytest.mark.parametrize(
    "question",
    [
        "공장이 있는데요, 나주 면적은 몇 ㎡인가요?",  # short
        "How large is the cluster?",
        "나주 혁신도시 산학연 클러스터 용지 가운데 지금까지 분양되지 않고 남은 면적과 그 기준일, 그리고 그 숫자를 밝힌 기관 이름",  # asks without a sign
    ],
)
def test_question_without_a_story_is_whole(question):
    assert asking_part(question) == question


def test_support_does_not_suffer_from_a_story(library):
    bare = "원주로 본사를 옮기면 법인세를 몇 년 동안 감면받나요?"
    story = (
        "저희는 안양에서 22년째 치과용 핸드피스를 만드는 회사입니다. 사장님이 골프장에서 들으셨다고 해서요. "
    )
    alone, told = (library.search(question, "ko")[0] for question in (bare, story + bare))

    assert told.passage.id == alone.passage.id
    assert told.evidence.unmet == alone.evidence.unmet == 0
    assert told.support > alone.support / 2
