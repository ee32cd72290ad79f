"""Contradictions between documents: planted ones are found, and what is consistent or has merely changed is left alone."""

from __future__ import annotations

import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from index_build.contradictions import Statement, find_contradictions
from index_build.contradictions.figures import compatible, equal, find_figures
from index_build.passages import section_sentences
from index_build.reading.assemble import read_document
from knowledge.config import DOCUMENTS

CASES = yaml.safe_load(Path(__file__).with_name("contradictions.yml").read_text(encoding="utf-8"))
AREA = "2019년 말 기준 대구 혁신도시 클러스터의 면적은 {}입니다."


def statement(
    document, sentence, as_of="2024-01", title="안내", section="현황", language="ko", statute=False
):
    return Statement(document, title, section, sentence, as_of, language, (), statute)


def found_between(*sentences, **how):
    return find_contradictions([statement(f"d{n}", sentence, **how) for n, sentence in enumerate(sentences)])


def found_in(case):
    language, *both = case
    return find_contradictions(
        [Statement(f"d{n}", *told, language) for n, (*told,) in enumerate(both)],
    )


@cache
def sheets():
    """Every sentence of the shipped documents."""
    return [
        Statement(d.id, d.title, section.heading, sentence.text, d.as_of, d.language, d.regions)
        for language in ("ko", "en")
        for d in map(read_document, sorted((DOCUMENTS / language).glob("*.md")))
        for section in d.sections
        for sentence in section_sentences(d, section)
    ]


@cache
def reported(kind):
    """Which uploads of a kind contradict a sheet, each in a document of its own."""
    uploads = [
        Statement(f"upload {number}", title, section, sentence, as_of, language)
        for number, (language, title, section, sentence, as_of) in enumerate(CASES[kind])
    ]
    sides = [
        (one, other)
        for c in find_contradictions([*sheets(), *uploads])
        for one, other in ((c.first, c.second), (c.second, c.first))
    ]
    return {
        one.sentence
        for one, other in sides
        if one.document_id.startswith("upload") and not other.document_id.startswith("upload")
    }


def test_planted_contradictions_are_found():
    missed = [case for case in CASES["contradicting"] if not found_in(case)]

    assert len(missed) <= len(CASES["contradicting"]) // 20, missed


def test_statements_that_only_look_alike_are_left_alone():
    wrong = [case for case in CASES["consistent"] if found_in(case)]

    assert len(wrong) <= 2, wrong


def test_uploads_that_say_other_than_the_sheets_are_found():
    missed = [case for case in CASES["wrong"] if case[3] not in reported("wrong")]

    assert len(missed) <= len(CASES["wrong"]) // 10, missed


def test_uploads_that_agree_or_say_something_else_are_left_alone():
    assert reported("right") == set()


def test_shipped_sheets_do_not_contradict_each_other():
    assert find_contradictions(sheets()) == []


def test_report_names_sentences_values_unit_and_the_newer_document():
    old, new = AREA.format("858,000㎡"), "혁신도시: 대구; 클러스터 면적(천㎡): 585"
    (found,) = find_contradictions(
        [statement("old", old, "2019-12"), statement("new", new, "2020-05", section="2019년 말 현황")]
    )

    assert (found.first.sentence, found.second.sentence) == (old, new)
    assert (found.first_value, found.second_value, found.unit) == (858_000, 585_000, "m2")
    assert (found.first_shown, found.second_shown, found.newer) == ("858,000㎡", "585", "new")


@pytest.mark.parametrize(("one", "other"), [("2024-01", "2024-01-31"), ("", "2024-01")])
def test_newer_document_is_left_open_where_dates_do_not_tell(one, other):
    (found,) = find_contradictions(
        [
            statement("a", AREA.format("858,000㎡"), one),
            statement("b", AREA.format("585,000㎡"), other),
        ]
    )

    assert found.newer == ""


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("2020년 분양률은 68.7%이다.", "2021년 분양률은 73.0%이다.", 0),
        ("2019년 3월 분양률은 63.0%이다.", "2019년 말 분양률은 65.7%이다.", 0),
        ("2021년 분양률은 68.7%이다.", "2021년 분양률은 73.0%이다.", 1),
        ("분양률은 68.7%이다.", "분양률은 73.0%이다.", 1),
        ("2024년부터 분양 면적의 지원율은 10%이다.", "2023년 분양 면적의 지원율은 15%이다.", 0),
    ],
)
def test_values_of_different_times_are_a_development(one, other, count):
    both = [f"대구 클러스터의 {sentence}" for sentence in (one, other)]

    assert len(found_between(*both)) == count


def test_time_told_once_is_held_against_the_other_documents_date():
    told, untold = AREA.format("858,000㎡"), "대구 혁신도시 클러스터의 면적은 585,000㎡입니다."

    found = [
        len(find_contradictions([statement("a", told), statement("b", untold, as_of)]))
        for as_of in ("2019-06", "2023-06", "")
    ]
    assert found == [1, 0, 0]


def test_one_document_does_not_contradict_itself_nor_its_translation():
    both = [AREA.format("858,000㎡"), "At the end of 2019 the Daegu cluster covered 585,000 ㎡."]

    assert find_contradictions([statement("a", both[0]), statement("a", AREA.format("1㎡"))]) == []
    assert find_contradictions([statement("a", both[0]), statement("b", both[1], language="en")]) == []


@pytest.mark.parametrize(
    ("title", "statute", "count"),
    [("혁신도시법", True, 1), ("산업집적법", True, 0), ("혁신도시법", False, 0)],
)
def test_act_is_held_only_against_another_text_of_the_same_act(title, statute, count):
    told = "제55조의2 이행강제금은 재산가액의 100분의 {}으로 한다."
    found = find_contradictions(
        [
            statement("a", told.format(20), title="혁신도시법", statute=True),
            statement("b", told.format(30), title=title, statute=statute),
        ]
    )

    assert len(found) == count


def test_sentence_takes_place_and_subject_from_the_one_before():
    before = statement("a", "대구 혁신도시 클러스터는 2019년에 조성되었다.", section="대구")
    after = statement("a", "전체 면적은 858,000㎡이다.", section="대구")
    other = statement("b", "2019년 대구 혁신도시 클러스터의 면적은 585,000㎡이다.")

    assert [c.first for c in find_contradictions([before, after, other])] == [after]


def test_rows_that_name_different_things_are_not_compared():
    row = "업체명: {}; 가동률(%): {}"

    assert len(found_between(row.format("가람산업", 30), row.format("가람산업", 60))) == 1
    assert found_between(row.format("가람산업", 30), row.format("누리정밀", 60)) == []


def test_large_tables_are_compared_in_little_time():
    rows = [
        statement(document, f"업체명: 업체 {chr(0xAC00 + n)}{chr(0xB098 + n)}상사; 가동률(%): {30 + n % 60}")
        for document in ("a", "b")
        for n in range(2_000)
    ]
    planted = statement("b", "업체명: 희한물산; 가동률(%): 11")
    began = time.process_time()
    found = find_contradictions([*rows, statement("a", "업체명: 희한물산; 가동률(%): 91"), planted])

    assert [c.second for c in found] == [planted]
    assert time.process_time() - began < 20


def figure(text):
    (found,) = find_figures(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("85만 8천㎡", "m2", 858_000),
        ("1,610천㎡", "m2", 1_610_000),
        ("1.92 million m²", "m2", 1_920_000),
        ("1,000평", "m2", 3_305.785),
        ("3조 5,704억 원", "won", 3_570_400_000_000),
        ("KRW 0.5 billion", "won", 500_000_000),
        ("2천만 원 이하", "won", 20_000_000),
        ("3.3㎡당 150만원", "won/m2", 453_750),
        ("KRW 289,094 per m²", "won/m2", 289_094),
        ("월 200만 원", "won/month", 2_000_000),
        ("KRW 20 million a year", "won/year", 20_000_000),
        ("1인당 1,500만원", "won/person", 15_000_000),
        ("100분의 20", "%", 20),
        ("10%포인트", "points", 10),
        ("1년 6개월", "months", 18),
        ("two years", "months", 24),
        ("30일 이내", "days", 30),
        ("입주기업은 130개", "count:company", 130),
        ("28필지", "count:lot", 28),
        ("500여 개 기관", "count:institution", 500),
        ("시설: 공장; 면적(천㎡): 858", "m2", 858_000),
        ("시설: 공장; 한도: 250 (단위: 억원)", "won", 25_000_000_000),
        ("시설: 공장; 분양률: 45 (단위: 천㎡, %)", "%", 45),
        ("City: Ulsan; Lots: 9", "count:lot", 9),
    ],
)
def test_figure_is_read_in_its_unit(text, kind, value):
    assert (figure(text).kind, figure(text).high) == (kind, pytest.approx(value, abs=0.1))


@pytest.mark.parametrize(
    "text",
    [
        "2019년 3월",
        "2016-2017",
        "10년 전",
        "12 years old",
        "제5조의2제1항",
        "3.3㎡당",
        "3원칙",
        "20 to 29 people",
        "415,000 m² less the 385,000 m² sold",
        "공포 후 3개월이 경과한 날부터 시행한다.",
    ],
)
def test_what_is_no_figure_of_its_own_is_not_read(text):
    assert find_figures(text) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("약 94만㎡", "934,764㎡", True),
        ("94만㎡", "934,764㎡", False),
        ("약 86만㎡", "858,000㎡", True),
        ("858,000㎡", "858㎡", False),
        ("79%", "79.3%", True),
        ("52.6%", "52.8%", False),
        ("3.57조원", "3조 5,704억 원", True),
        ("205개 기업", "204개 기업", False),
        ("300,000㎡", "310,000㎡", False),
        ("5년", "60개월", True),
        ("2027년 12월 31일까지", "2028년 12월 31일까지", False),
    ],
)
def test_rounding_is_no_difference(one, other, same):
    assert equal(figure(one), figure(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("최대 80%", "50%", True),
        ("최대 80%", "90%", False),
        ("임차료 200만 원 한도", "임차료 300만 원", False),
        ("최대 80%", "최소 90%", True),
        ("9~50%", "30%", True),
        ("9~50%", "60%", False),
        ("1년 이내", "3년", True),
        ("1년 이내", "2년 이내", False),
    ],
)
def test_limits_and_ranges_hold_what_lies_within(one, other, both):
    assert compatible(figure(one), figure(other)) is both


def test_cases_cover_both_languages_and_tables():
    languages = Counter(case[0] for case in CASES["contradicting"])

    assert min(languages["ko"], languages["en"]) >= 20
    assert sum("; " in side[2] for _, *sides in CASES["contradicting"] for side in sides) >= 8
