"""Guided conversations over HTTP on the running service: one of each kind, and the turns ten companies need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import httpx
import pytest

from tests.conftest import Running
from tests.visitor import Visitor

pytestmark = pytest.mark.engine
SITE = {"ko": "우리 회사에 맞는 곳을 찾아 주세요", "en": "Please find a site that fits our company"}
ELIGIBILITY = {
    "ko": "우리 회사가 받을 수 있는 지원을 확인해 주세요",
    "en": "Please check what our company would be eligible for",
}
FACTS = {
    "ko": [SITE["ko"], "본사를 옮깁니다", "업종은 바이오입니다", "면적은 3,000㎡입니다"],
    "en": [SITE["en"], "our head office", "We are in biotech", "We need 3,000 m2"],
}
TAKEN = {
    "ko": "확인한 조건: 시설 본사 · 업종 바이오 · 면적 3,000㎡ (약 908평)",
    "en": "What I took down: facility head office · industry biotech and medical · area 3,000 ㎡ (about 908 pyeong)",
}
SAME = {"ko": "결과는 앞서 안내해 드린 것과 같습니다", "en": "The result is the same as before"}
WHERE = {"ko": "어느 지역을 생각하고 계신가요?", "en": "Which places do you have in mind?"}


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, timeout=15, trust_env=False) as client:
        yield client


def talk(client: httpx.Client, texts: list[str], language: str = "ko") -> list[dict[str, Any]]:
    """The answers to texts said one after the other in a new conversation."""
    visitor = Visitor.begin(client, language)
    return [visitor.hear(text) for text in texts]


def told(client: httpx.Client, language: str) -> Visitor:
    """A visitor who has said facility, line of business and area, and is asked for places."""
    visitor = Visitor.begin(client, language)
    last = [visitor.hear(text) for text in FACTS[language]][-1]
    assert TAKEN[language] in last["text"]
    assert last["text"].endswith(WHERE[language])
    return visitor


def reason(answer: dict[str, Any]) -> str:
    return str(answer["outcome"]["reason"])


def card_type(answer: dict[str, Any]) -> str:
    return str((answer["card"] or {}).get("type", ""))


def titles(answer: dict[str, Any]) -> list[str]:
    return [button["title"] for button in answer["buttons"]]


def row_words(answer: dict[str, Any], start: str) -> str:
    """All values of the card's first row whose title begins so."""
    row = next(row for row in answer["card"]["rows"] if row["title"].startswith(start))
    return " ".join(field["value"] for field in row["fields"])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_facts_are_asked_for_one_at_a_time_and_taken_down(client: httpx.Client, language: str) -> None:
    answers = talk(client, FACTS[language], language)

    assert [reason(answer) for answer in answers] == ["asked_facility", "asked_area_m2", "sites", "sites"]
    assert TAKEN[language] in answers[-1]["text"]
    assert [answer["language"] for answer in answers] == [language] * 4


def test_every_figure_of_a_site_card_has_source_and_date(client: httpx.Client) -> None:
    answer = talk(client, FACTS["ko"])[-1]

    assert [row["title"] for row in answer["card"]["rows"] if not (row["source"] and row["as_of"])] == []
    assert "2021-12 기준" in row_words(answer, "경북 혁신도시")
    assert "145,700㎡" in row_words(answer, "경북 혁신도시")


def test_conditions_of_support_bear_their_clause(client: httpx.Client) -> None:
    answer = talk(
        client, ["수원 공장을 나주로 옮기면 감면 대상인지 확인해 주세요. 중소기업이고 10년째 운영 중입니다."]
    )[0]

    assert card_type(answer) == "eligibility"
    assert "조세특례제한법 제63조" in row_words(answer, "공장 이전 소득세·법인세 감면")
    assert "7년 100%, 그 뒤 4년 50%" in answer["text"]
    assert all(row["source"] for row in answer["card"]["rows"])


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("본사가 아니라 연구소입니다", "시설 연구소 · 업종 바이오 · 면적 3,000㎡"),
        ("아니요, 면적은 10,000㎡로 고쳐 주세요", "시설 본사 · 업종 바이오 · 면적 10,000㎡"),
        ("3,000㎡가 아니라 3,000평입니다", "면적 9,917㎡ (약 3,000평)"),
        ("공장으로 바꾸고 면적은 500평으로 해 주세요", "시설 공장 · 업종 바이오 · 면적 1,653㎡ (약 500평)"),
    ],
)
def test_correction_replaces_what_was_taken_down(client: httpx.Client, said: str, taken: str) -> None:
    answer = told(client, "ko").hear(said)

    assert (taken in answer["text"], card_type(answer)) == (True, "land")


def test_correction_changes_the_result(client: httpx.Client) -> None:
    visitor = told(client, "en")
    before, after = visitor.hear("We need 8,000 m2"), visitor.hear("Sorry, 9,000 m2, not 8,000 m2")

    assert "only 8,956" not in row_words(before, "Jeonbuk")
    assert "only 8,956" in row_words(after, "Jeonbuk")


def test_place_is_corrected_twice_old_name_first_and_last(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    said = {"나주요": "나주", "나주 말고 진주요": "진주", "김천으로 바꿔 주세요, 진주가 아니라": "김천"}
    texts = {place: visitor.hear(text)["text"] for text, place in said.items()}

    assert [place for place, text in texts.items() if f"희망 지역 {place} ·" not in text] == []


def test_origin_is_corrected_and_the_relief_goes_with_it(client: httpx.Client) -> None:
    visitor = Visitor.begin(client, "en")
    before = visitor.hear(
        "Check whether our SME would get tax relief for moving a factory from Suwon to Naju"
    )
    after = visitor.hear("We are in Hwaseong, not Suwon")

    assert "overconcentration control region" in before["text"]
    assert "present place Hwaseong (growth management region" in after["text"]
    assert before["card"]["rows"] != after["card"]["rows"]


@pytest.mark.parametrize(
    ("language", "question", "found"),
    [
        ("ko", "입주승인은 누가 하나요?", "시·도지사"),
        ("ko", "나주 땅은 남았나요?", "30,000㎡"),
        ("en", "Who approves entry to a cluster?", "governor"),
        ("en", "Is there cluster land in Gimcheon?", "145,700"),
    ],
)
def test_digression_is_answered_and_the_question_comes_back(
    client: httpx.Client, language: str, question: str, found: str
) -> None:
    visitor = told(client, language)
    answer = visitor.hear(question)
    after = visitor.hear({"ko": "모르겠어요", "en": "I don't know"}[language])

    assert found in answer["text"]
    assert answer["text"].endswith(WHERE[language])
    assert SAME[language] in after["text"]
    assert WHERE[language] not in after["text"]


@pytest.mark.parametrize(
    ("language", "aside", "said", "taken"),
    [
        ("ko", "나주 땅은 남았나요?", "아니, 본사 말고 공장이요", "시설 공장 · 업종 바이오"),
        ("en", "Who approves entry to a cluster?", "Sorry, 20,000 m2, not 3,000 m2", "area 20,000"),
    ],
)
def test_correction_after_a_digression_is_still_a_correction(
    client: httpx.Client, language: str, aside: str, said: str, taken: str
) -> None:
    visitor = told(client, language)
    visitor.hear(aside)

    assert taken in visitor.hear(said)["text"]


def test_number_without_a_unit_is_asked_back_with_units_to_press(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    answers = [visitor.hear(text) for text in (SITE["ko"], "본사를 옮깁니다", "면적은 3000")]

    assert (reason(answers[-1]), titles(answers[-1])[:2]) == ("unit", ["3,000㎡", "3,000평"])
    assert "면적 9,917㎡ (약 3,000평)" in visitor.hear("3000평")["text"]


def test_yes_and_no_answer_the_open_question_and_can_be_taken_back(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    texts = [ELIGIBILITY["ko"], "공장", "대전에 있어요", "나주", "중소기업입니다", "업종은 기계입니다"]
    asked = [visitor.hear(text) for text in texts][-1]
    yes = visitor.hear("네")
    no = visitor.hear("아니요, 산업단지가 아닌 곳입니다")

    assert asked["text"].endswith("산업단지에 들어가시나요?")
    assert "산업단지 입주 네" in yes["text"]
    assert "산업단지 입주 아니요" in no["text"]


def test_cancel_forgets_what_was_told(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    cancelled, again = visitor.hear("그만할게요"), visitor.hear(SITE["ko"])

    assert (reason(cancelled), reason(again)) == ("cancelled", "asked_facility")
    assert "확인한 조건" not in again["text"]


def test_starting_over_asks_the_first_question_again(client: httpx.Client) -> None:
    answer = told(client, "en").hear("Start over please")

    assert (reason(answer), answer["text"].endswith("What would you move?")) == ("asked_facility", True)
    assert "What I took down" not in answer["text"]


def test_language_switch_in_the_middle_keeps_the_facts(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    visitor.hear('/switch_language{"language": "en"}')
    answer = visitor.hear("Actually it is a factory")

    assert answer["language"] == "en"
    assert "facility factory · industry biotech and medical · area 3,000" in answer["text"]


def test_going_back_asks_for_the_last_fact_again(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    back, after = visitor.hear("이전 질문으로 돌아가 주세요"), visitor.hear("면적은 500평입니다")

    assert (reason(back), back["text"].endswith("면적은 얼마나 필요하신가요?")) == ("asked_area_m2", True)
    assert "면적 1,653㎡ (약 500평)" in after["text"]
    assert "3,000㎡" not in after["text"]


def test_repeating_gives_the_same_text_card_and_buttons(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    last = [visitor.hear(text) for text in FACTS["ko"]][-1]
    again = visitor.hear("다시 한번 말씀해 주세요")

    assert again["outcome"]["intent"] == "repeat"
    assert [again[part] for part in ("text", "card", "buttons")] == [
        last[part] for part in ("text", "card", "buttons")
    ]


def test_why_and_what_are_told_and_the_question_stays_open(client: httpx.Client) -> None:
    visitor = Visitor.begin(client)
    visitor.hear(SITE["ko"])
    why, what, after = (
        visitor.hear(text) for text in ("그건 왜 물어보세요?", "그게 무슨 뜻이에요?", "공장을 옮깁니다")
    )

    assert ["감면 조항이 서로 다릅니다" in answer["text"] for answer in (why, what)] == [True, True]
    assert (titles(why)[:2], titles(why)[-1]) == (["본사", "공장"], "모르겠어요")
    assert "시설 공장" in after["text"]


def test_waiting_leaves_the_question_open(client: httpx.Client) -> None:
    visitor = Visitor.begin(client, "en")
    visitor.hear(SITE["en"])
    wait, after = visitor.hear("Give me a moment"), visitor.hear("a factory")

    assert (reason(wait), "facility factory" in after["text"]) == ("wait", True)


def test_other_task_goes_on_with_the_facts_known(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    asked = visitor.hear("감면을 받을 수 있는지 확인해 주세요")
    result = [visitor.hear(text) for text in ("서울에 있습니다", "나주로 갑니다")][-1]

    assert (reason(asked), card_type(result)) == ("asked_origin", "eligibility")
    assert "시설 본사 · 업종 바이오 · 현재 위치 서울" in result["text"]


def test_two_requests_in_one_message_are_both_answered(client: httpx.Client) -> None:
    answer = talk(client, ["나주 땅이 남았나요? 그리고 본사를 옮기면 감면은 몇 년인가요?"])[0]

    assert ("30,000㎡" in answer["text"], "전액 7년" in answer["text"]) == (True, True)


def test_person_is_offered_and_the_assistant_goes_on_where_it_was(client: httpx.Client) -> None:
    visitor = told(client, "ko")
    person, after = visitor.hear("/talk_to_person"), visitor.hear("챗봇으로 계속할게요")

    assert (person["outcome"]["status"], card_type(person)) == ("handoff", "contact")
    assert (reason(after), after["text"].endswith(WHERE["ko"])) == ("asked_regions", True)
    assert SAME["ko"] in visitor.hear("모르겠어요")["text"]


def test_comparison_takes_up_another_place(client: httpx.Client) -> None:
    first, more = talk(client, ["나주와 진주를 비교해 주세요", "전주도 넣어 주세요"])

    assert [len(answer["card"]["rows"]) for answer in (first, more)] == [2, 3]
    assert all(row["source"] and row["as_of"] for row in more["card"]["rows"])


@dataclass(frozen=True)
class Company:
    """A scripted company: all in one message, and the request with an answer for each question it may be asked."""

    language: str
    whole: str
    request: str
    answers: dict[str, str]


COMPANIES = [
    Company(
        "ko", "본사를 옮길 곳을 찾아 주세요. 바이오 중소기업이고 3,000㎡가 필요합니다.", SITE["ko"],
        {"facility": "본사입니다", "area_m2": "3,000㎡입니다"},
    ),
    Company(
        "ko", "안양에서 공장을 옮기려는데 이차전지 업종이고 1만 평 필요합니다. 어디가 맞을까요?", SITE["ko"],
        {"facility": "공장을 옮깁니다", "area_m2": "1만 평입니다"},
    ),
    Company(
        "ko", "서울 중소기업인데 본사를 나주로 옮기면 감면 대상이 되는지 확인해 주세요. 직원 30명, 투자 20억 원, 5년째 운영 중입니다.",
        ELIGIBILITY["ko"], {"facility": "본사입니다", "origin": "서울에 있습니다", "regions": "나주를 생각합니다"},
    ),
    Company(
        "ko", "수원에 있는 중견기업입니다. 공장을 김천으로 옮기면 감면 대상인지 확인해 주세요. 10년째 운영 중입니다.",
        ELIGIBILITY["ko"], {"facility": "공장입니다", "origin": "수원에 있습니다", "regions": "김천입니다"},
    ),
    Company("ko", "나주, 진주, 김천을 비교해 주세요", "지역을 비교하고 싶어요", {"places": "나주, 진주, 김천이요"}),
    Company(
        "en", "We are a biotech SME looking for a place for our head office, about 3,000 m2. Where would fit?",
        SITE["en"], {"facility": "our head office", "area_m2": "3,000 m2"},
    ),
    Company(
        "en", "Our battery factory needs 10,000 pyeong. Please find a site that fits.", SITE["en"],
        {"facility": "a factory", "area_m2": "10,000 pyeong"},
    ),
    Company(
        "en", "Would our Seoul SME qualify for relief if we move the head office to Naju? 30 employees, 2 billion won investment",
        ELIGIBILITY["en"], {"facility": "our head office", "origin": "We are in Seoul", "regions": "Naju"},
    ),
    Company(
        "en", "Are we eligible for support if our mid-sized company moves its factory from Suwon to Gimcheon?",
        ELIGIBILITY["en"], {"facility": "a factory", "origin": "We are in Suwon", "regions": "Gimcheon"},
    ),
    Company("en", "Compare Naju, Jinju and Gimcheon", "Can you compare cities?", {"places": "Naju, Jinju and Gimcheon"}),
]  # fmt: skip


def is_useful(answer: dict[str, Any]) -> bool:
    return answer["outcome"]["status"] == "answered" and card_type(answer) in (
        "land",
        "eligibility",
        "comparison",
    )


def turns(client: httpx.Client, company: Company) -> int:
    """Messages until the first useful result, each question answered with one fact; 99 where none comes."""
    visitor, said = Visitor.begin(client, company.language), company.request
    for turn in range(1, 9):
        answer = visitor.hear(said)
        if is_useful(answer):
            return turn
        asked = reason(answer).removeprefix("asked_").replace("compare_need", "places")
        said = company.answers.get(asked, {"ko": "모르겠어요", "en": "I don't know"}[company.language])
    return 99


def test_ten_companies_get_a_result_in_four_turns_piecemeal(client: httpx.Client) -> None:
    needed = [turns(client, company) for company in COMPANIES]

    assert median(needed) <= 4
    assert max(needed) <= 5


def test_ten_companies_get_a_result_in_one_turn_when_all_is_said_at_once(client: httpx.Client) -> None:
    useful = {
        company.whole: is_useful(talk(client, [company.whole], company.language)[0]) for company in COMPANIES
    }

    assert [text for text, found in useful.items() if not found] == []
