"""The action that compares places: which places and facts a message means, and the card that it shows."""

from __future__ import annotations

import re

import pytest

from actions.comparing import facts_asked
from knowledge.comparison import FACTS
from tests.asking import runner, titles, values

NAJU, JINJU, WONJU, GIMCHEON = "ic-gwangju-jeonnam", "ic-gyeongnam", "ic-gangwon", "ic-gyeongbuk"

ASKED = [
    ("나주와 진주를 비교해 주세요", FACTS),
    ("나주랑 진주 분양가 비교", ("price",)),
    ("나주와 진주의 토지 가격은요?", ("price",)),
    ("두 곳의 세금 감면을 비교해 주세요", ("tax",)),
    ("보조금 등급 비교", ("subsidy",)),
    ("나주와 진주의 지원을 비교해 주세요", ("tax", "subsidy")),
    ("면적 비교", ("left", "planned")),
    ("분양률 비교", ("sold",)),
    ("어디에 땅이 남았나요?", ("land", "left")),
    ("입주승인과 연락처를 비교해 주세요", ("approver", "contact")),
    ("Compare Naju and Jinju", FACTS),
    ("Compare the land price in Naju and Jinju", ("price",)),
    ("Which has the longer tax relief?", ("tax",)),
    ("Compare land and subsidies", ("land", "left", "subsidy")),
    ("나주 클러스터와 진주 클러스터를 비교해 주세요", FACTS),
    ("용지 분양률을 비교해 주세요", ("sold",)),
    ("compare head office relief", ("tax",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts"), ASKED)
def test_facts_are_those_that_the_message_names(text, facts) -> None:
    assert facts_asked(text) == facts


COMPARE = "action_compare_places"


@pytest.fixture(scope="module")
def run(library):
    return runner(library)


def ids(reply):
    return [row["place"] for row in reply["card"]["rows"]]


def test_two_places_become_a_table_with_downloads(run) -> None:
    reply = run(COMPARE, "나주와 진주를 비교해 주세요", region=["naju", "jinju"])
    card = reply["card"]

    assert (reply["status"], card["type"], ids(reply)) == ("answered", "comparison", [NAJU, JINJU])
    assert values(reply)["분양률"] == "92.8% (2021-12 기준, 4년 전)"
    query = f"?places={NAJU},{JINJU}&facts={','.join(FACTS)}&language=ko"
    assert card["downloads"] == {"csv": f"/api/v1/comparison.csv{query}", "print": f"/comparison{query}"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_value_of_the_table_has_its_own_date_and_source(run, language) -> None:
    reply = run(
        COMPARE, "", region=["gimcheon", "ulsan", "yangjae"], language=language, programme="innovation_city"
    )
    parts = [part for row in reply["card"]["rows"] for field in row["fields"] for part in field["parts"]]

    assert len(parts) >= 20
    assert [
        p for p in parts if bool(p["source"]) != bool(p["dated"]) or bool(p["row"]) != bool(p["source"])
    ] == []
    assert all(row["source"] and row["as_of"] for row in reply["card"]["rows"])


def test_a_table_in_english_has_no_korean_words_but_titles_of_sources(run) -> None:
    reply = run(COMPARE, "Compare Naju, Busan and Jeonju", region=["naju", "busan", "jeonju"])
    card = reply["card"]
    said = [
        reply["text"],
        card["title"],
        card["note"],
        *titles(reply),
        *(b["title"] for b in reply["buttons"]),
    ]
    said += [text for n in range(len(card["rows"])) for pair in values(reply, n).items() for text in pair]

    assert [text for text in said if re.search("[가-힣]", text)] == []


def test_facts_asked_for_alone_are_compared(run) -> None:
    reply = run(COMPARE, "나주와 진주의 세금 감면을 비교해 주세요", region=["naju", "jinju"])

    assert list(values(reply)) == ["본사·공장 이전 세금 감면"]
    assert reply["text"].startswith("이전 세금 감면은 광주·전남 혁신도시(나주)가 가장 깁니다")


def test_a_figure_of_one_date_is_set_against_the_other(run) -> None:
    reply = run(
        COMPARE,
        "나주와 충북의 분양률을 비교해 주세요",
        region=["naju", "chungbuk"],
        programme="innovation_city",
    )

    assert "57.1%p" in reply["text"]
    assert list(values(reply)) == ["분양률"]


def test_figures_of_different_dates_are_not_ranked(run) -> None:
    reply = run(COMPARE, "나주와 전북의 분양률을 비교해 주세요", region=["naju", "jeonbuk"])

    assert reply["text"] == "말씀하신 항목을 표로 비교했습니다. 각 값의 기준일을 함께 봐 주세요."
    assert "분양률의 기준일이 서로 달라" in reply["card"]["note"]


PLACES = [
    ("부산을 비교해 주세요", ["busan"], {}, ["ic-busan", "ucz-busan"]),
    ("대구와 부산의 혁신도시 비교", ["daegu", "busan"], {"programme": "innovation_city"}, ["ic-daegu", "ic-busan"]),
    (
        "대구 혁신도시와 부산 도심융합특구 비교", ["daegu", "busan"],
        {"programme": ["innovation_city", "urban_convergence_zone"]}, ["ic-daegu", "ucz-busan"],
    ),
    (
        "부산 혁신도시와 도심융합특구 비교", ["busan"],
        {"programme": ["innovation_city", "urban_convergence_zone"]}, ["ic-busan", "ucz-busan"],
    ),
    ("나주, 진주 말고 나주와 원주 비교", ["naju", "jinju", "wonju"], {}, [NAJU, WONJU]),
    ("나주와 양재를 비교해 주세요", ["naju", "yangjae"], {}, [NAJU, "ai-yangjae", "ict-yangjae"]),
    ("양재에서 옮기는데 나주와 진주 비교", ["yangjae", "naju", "jinju"], {}, [NAJU, JINJU]),
    ("서울 회사인데 나주와 진주 비교", ["seoul", "naju", "jinju"], {}, [NAJU, JINJU]),
    ("도심융합특구끼리 비교해 주세요", [], {"programme": "urban_convergence_zone"}, ["ucz-busan", "ucz-daegu", "ucz-gwangju", "ucz-daejeon", "ucz-ulsan"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "regions", "entities", "expected"), PLACES)
def test_places_are_those_that_the_message_means(run, text, regions, entities, expected) -> None:
    assert ids(run(COMPARE, text, region=regions, **entities)) == expected


def slot(*regions):
    return {"event": "slot", "name": "region", "value": list(regions)}


def test_one_place_is_held_against_the_one_talked_about_before(run) -> None:
    reply = run(
        COMPARE, "원주와 비교해 주세요", {"region": ["wonju"]}, [slot("naju"), slot("wonju")], region="wonju"
    )

    assert ids(reply) == [NAJU, WONJU]


def test_where_the_company_is_now_is_no_place_talked_about(run) -> None:
    reply = run(
        COMPARE,
        "원주와 비교해 주세요",
        {"region": ["wonju"]},
        [slot("naju"), slot("seoul"), slot("wonju")],
        region="wonju",
    )

    assert ids(reply) == [NAJU, WONJU]


def test_a_further_place_joins_the_last_table(run) -> None:
    table = run(COMPARE, "나주와 진주를 비교해 주세요", region=["naju", "jinju"])
    events = [{"event": "bot", "data": {"custom": table}}, slot("wonju")]
    reply = run(COMPARE, "원주도 같이 비교해 주세요", {"region": ["wonju"]}, events, region="wonju")

    assert ids(reply) == [NAJU, JINJU, WONJU]


def test_places_of_the_card_before_are_compared_where_none_is_named(run) -> None:
    card = run("action_find_land", "나주와 김천에 땅이 있나요?", region=["naju", "gimcheon"])
    reply = run(COMPARE, "둘을 비교해 주세요", events=[{"event": "bot", "data": {"custom": card}}])

    assert sorted(ids(reply)) == sorted([NAJU, GIMCHEON])


@pytest.mark.parametrize(("text", "known"), [("비교해 주세요", []), ("나주 비교해 주세요", ["naju"])])
def test_too_few_places_are_asked_for_with_pairs_to_press(run, library, text, known) -> None:
    reply = run(COMPARE, text, region=known)
    pairs = [library.release.gazetteer.ids(b["payload"], "region") for b in reply["buttons"][:-1]]

    assert (reply["status"], reply["card"]) == ("clarify", None)
    assert len(pairs) == 3
    assert [pair for pair in pairs if len(pair) != 2 or (known and pair[0] != "naju")] == []


def test_a_button_with_a_pair_names_it_in_korean(run) -> None:
    assert run(COMPARE, "비교해 주세요")["buttons"][0] == {
        "title": "나주와 진주",
        "payload": "나주와 진주를 비교해 주세요",
    }


def test_more_than_five_places_are_cut_to_five_and_said(run) -> None:
    regions = ["naju", "jinju", "wonju", "gimcheon", "ulsan"]
    reply = run(COMPARE, "나주, 진주, 원주, 김천, 울산을 비교해 주세요", region=regions)

    assert ids(reply) == [NAJU, JINJU, WONJU, GIMCHEON, "ic-ulsan"]
    assert "뺀 곳: 울산 도심융합특구." in reply["text"]


def test_a_place_without_district_is_named_and_not_compared(run) -> None:
    reply = run(COMPARE, "세종, 나주, 진주를 비교해 주세요", region=["sejong", "naju", "jinju"])

    assert ids(reply) == [NAJU, JINJU]
    assert "세종에는 혁신도시나 도심융합특구 자료가 없어" in reply["text"]
