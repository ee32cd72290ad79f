"""What a question asks for, and whether a passage holds it."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.asked import holds_everywhere, in_context, split_parts, why_not

TODAY = date(2026, 11, 23)


def passage(library, document, heading):
    """The passage of a sheet whose heading begins so."""
    [found] = [
        p for p in library.release.passages() if p.document_id == document and p.section.startswith(heading)
    ]
    return found


@pytest.mark.parametrize(
    ("document", "heading", "question"),
    [
        # a price is told on the way, and not asked for
        (
            "cluster-staying",
            "When does the price ceiling end",
            "Still bound by the price ceiling if we sell?",
        ),
        (
            "local-tax-factory",
            "What if the new factory property",
            "The plant costs more. Is all of it tax-free?",
        ),
        # a relief in full has no figure
        ("local-tax-factory", "Acquisition and property tax relief", "how much acquisition tax is waived"),
        # time, and not money
        (
            "local-tax-decline-and-opportunity",
            "인구감소지역 감면의 요건",
            "안 쓰고 놔두면 얼마 만에 추징돼요?",
        ),
        # the noun that is counted stands elsewhere
        (
            "city-jeju",
            "서귀포 혁신도시 클러스터의 면적",
            "서귀포 클러스터 필지가 용도별로 각각 몇 개씩이에요?",
        ),
        # the year in which the company began, and that of an old brochure, are not asked for
        (
            "tax-factory-relocation",
            "Ceiling on the factory relief",
            "My father started our workshop in 1994 and I inherited it. Is there a ceiling on the relief?",
        ),
        (
            "tax-factory-relocation",
            "Ceiling on the factory relief",
            "My 2023 brochure names no ceiling on the factory relief. Is that still so?",
        ),
        # where the head office is now
        (
            "tax-clawback",
            "What if many head-office staff stay in",
            "We want to keep our people in Gangnam. How many may stay?",
        ),
        # a year that lies ahead falls under what holds now
        ("tax-hq-relocation", "Conditions of the head-office", "What if the head office moves in 2027?"),
    ],
)
def test_passage_that_answers_is_not_refused(library, document, heading, question):
    assert why_not(question, passage(library, document, heading), library.release, TODAY) == ""


@pytest.mark.parametrize(
    ("document", "heading", "question", "reason"),
    [
        ("legal-advice", "Who decides", "How much does a tax adviser cost?", "figure"),
        ("city-jeju", "서귀포 혁신도시 클러스터의 면적", "서귀포에 초등학교가 몇 개예요?", "figure"),
        ("cluster-sales", "가장 최근의 전국", "2025년 말 분양률은?", "year"),
        ("city-jeju", "서귀포 혁신도시 클러스터의 면적", "나주 클러스터 면적은?", "place"),
        ("cluster-sales", "가장 최근의 전국", "2016년 말 기준으로 아직 안 팔린 비율은?", "year"),
        ("tax-clawback", "What if many head-office staff stay in", "Can we buy land in Gangnam?", "place"),
        (
            "cluster-sales",
            "가장 최근의 전국",
            "1994년에 분양을 시작했는데 1994년 분양률은 얼마였나요?",
            "year",
        ),
    ],
)
def test_passage_that_lacks_what_is_asked_is_refused(library, document, heading, question, reason):
    assert why_not(question, passage(library, document, heading), library.release, TODAY) == reason


def test_rule_for_the_whole_country_holds_everywhere_and_one_on_a_place_does_not(library):
    rule = passage(library, "local-tax-decline-and-opportunity", "Local tax relief for reshoring")
    place = passage(library, "city-ulsan", "Corporate tax relief for a move")

    assert holds_everywhere(rule, library.release.gazetteer)
    assert not holds_everywhere(place, library.release.gazetteer)
    assert not holds_everywhere(replace(rule, text=f"{rule.text} Ulsan."), library.release.gazetteer)
    read_there = replace(rule, text=f"{rule.text} (national table, page of Gangwon Province)")
    assert holds_everywhere(read_there, library.release.gazetteer)


def test_section_on_where_a_company_comes_from_answers_wherever_it_goes(library):
    release, today = library.release, date(2026, 11, 22)
    section = passage(library, "tax-origin-area", "Does a company in Hwaseong")
    ours = "Our factory in Hwaseong moves to Jincheon. Does factory relief apply?"

    assert why_not(ours, section, release, today) == ""
    assert why_not(ours.replace("Hwaseong", "Seoul"), section, release, today) == "place"


def test_what_was_told_first_holds_for_every_part():
    parts = split_parts("Our approval has been revoked. What must we do, and what becomes of the land?")

    assert parts == [
        "Our approval has been revoked. What must we do",
        "Our approval has been revoked. what becomes of the land?",
    ]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Gwangju zone: where exactly, target year, size of the linked area?",
            ["Gwangju zone where exactly", "Gwangju zone target year", "Gwangju zone size of the linked area"],
        ),
        ("센텀2 특구 넓이, 미는 업종, 다 되는 해 세 가지 부탁드려요", ["센텀2 특구 넓이", "미는 업종", "다 되는 해"]),
        ("Where is the Ulsan zone and until what year does its plan run?", ["Where is the Ulsan zone", "until what year does its plan run?"]),
        ("그 기준은 언제 나왔고, 보조금 말고 또 뭘 정했나요?", ["그 기준은 언제 나왔고", "보조금 말고 또 뭘 정했나요?"]),
        # what is compared, and what a question says of the same thing twice, stays together
        ("Jinju land: what's the gap between the price of 2014 and that of 2017?", None),
        ("Is there a grant for foreign investors, and at what percentage?", None),
        ("나주, 진주, 김천 세 곳 가운데 어디가 싼가요?", None),
    ],
)  # fmt: skip
def test_list_of_things_asked_for_is_taken_item_by_item(question, parts):
    assert split_parts(question) == (parts or [question])


def test_part_takes_places_and_other_programmes_but_not_the_word_cluster(library):
    release = library.release

    def second(question):
        return in_context(split_parts(question), question, "en", release)[1]

    asked = "Who approves entry to a cluster and what happens if it is cancelled?"
    assert second(asked) == "what happens if it is cancelled?"
    assert second("Who runs the Ulsan convergence zone and what does land cost there?").startswith("Ulsan ")
