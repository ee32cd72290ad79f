"""Figures damaged by machine translation or typing: found where they are, and right figures left alone."""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from index_build.doubts import RULES, SectionText, compare_with_original, find_doubts
from index_build.doubts.amounts import areas, korean_number, won
from index_build.passages import section_sentences
from index_build.reading.assemble import document_of
from index_build.reading.safety.child import read_bytes
from knowledge.config import DOCUMENTS
from tests import doubt_cases as cases
from tests import doubt_tables as tables
from tests.conftest import SHARED_SOURCES

FOUNDING = SHARED_SOURCES / "founding"
STATUTES = SHARED_SOURCES / "statutes"
with_founding = pytest.mark.skipif(
    not FOUNDING.is_dir(), reason="the founding texts lie beside the repository only"
)
with_statutes = pytest.mark.skipif(
    not STATUTES.is_dir(), reason="the statutes lie beside the repository only"
)


def listed(table):
    return [(rule, case) for rule, several in table.items() for case in several]


def rules_of(case):
    """The rules that one case sets off, read as a document of one section."""
    sentences = (case,) if isinstance(case, str) else case
    language = "ko" if re.search("[가-힣]", "".join(sentences)) else "en"
    return {doubt.rule for doubt in find_doubts([SectionText("제목", sentences)], language)}


def rules_of_table(case):
    table, text = case
    sections = [SectionText("현황", (), table), SectionText("본문", text)]
    return {doubt.rule for doubt in find_doubts(sections, "ko")}


def rules_of_translation(case):
    english, korean = case
    return {doubt.rule for doubt in compare_with_original([english], [korean])}


@pytest.mark.parametrize(("rule", "case"), listed(cases.DOUBTED))
def test_damage_is_doubted(rule, case):
    assert rule in rules_of(case)


@pytest.mark.parametrize(("rule", "case"), listed(cases.LEFT_ALONE))
def test_right_figures_are_left_alone(rule, case):
    assert rule not in rules_of(case)


@pytest.mark.parametrize(("rule", "case"), listed(tables.DOUBTED_TABLES))
def test_damaged_tables_are_doubted(rule, case):
    assert rule in rules_of_table(case)


@pytest.mark.parametrize(("rule", "case"), listed(tables.LEFT_ALONE_TABLES))
def test_right_tables_are_left_alone(rule, case):
    assert rule not in rules_of_table(case)


@pytest.mark.parametrize(("rule", "case"), listed(tables.DOUBTED_TRANSLATIONS))
def test_damaged_translations_are_doubted(rule, case):
    assert rules_of_translation(case) == {rule}


@pytest.mark.parametrize("case", tables.LEFT_ALONE_TRANSLATIONS)
def test_right_translations_are_left_alone(case):
    assert rules_of_translation(case) == set()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_three_cases_of_each_kind(rule):
    doubted = cases.DOUBTED | tables.DOUBTED_TABLES | tables.DOUBTED_TRANSLATIONS
    alone = cases.LEFT_ALONE | tables.LEFT_ALONE_TABLES
    alone |= dict.fromkeys(tables.DOUBTED_TRANSLATIONS, tables.LEFT_ALONE_TRANSLATIONS)

    assert (len(doubted[rule]) >= 3, len(alone[rule]) >= 3) == (True, True)


@pytest.mark.parametrize("case", [case for _, case in listed(cases.DOUBTED)])
def test_a_doubt_explains_itself_in_both_languages(case):
    sentences = (case,) if isinstance(case, str) else case
    doubt = find_doubts([SectionText("", sentences)], "en")[0]

    assert doubt.sentence in sentences
    assert "{" not in doubt.text("ko") + doubt.text("en")
    assert re.search("[가-힣]", doubt.text("ko"))


def test_translations_of_unequal_length_are_aligned_by_their_figures():
    english = ["Four cities start.", "By '26, 14 sites are chosen.", "The fund holds 5 billion won."]
    korean = ["’26년까지 14개소를 선정한다.", "기금은 500억 원이다."]

    doubts = compare_with_original(english, korean)

    assert [(doubt.rule, doubt.sentence) for doubt in doubts] == [("numbers-differ", english[2])]


def test_a_row_of_a_table_is_doubted_in_the_sentence_that_tells_it():
    case = tables.table("도시 | 기업 수", "나주 | 12", "원주 | 9", "계 | 27")
    told = ("도시: 나주; 기업 수: 12", "도시: 원주; 기업 수: 9", "도시: 계; 기업 수: 27")

    doubts = [
        *find_doubts([SectionText("", told, case)], "ko"),
        *find_doubts([SectionText("", (), case)], "ko"),
    ]

    assert [doubt.sentence for doubt in doubts] == [told[2], "계 | 27"]


def test_a_table_of_twenty_thousand_rows_takes_no_longer_than_it_must():
    rows = (f"{number}동 | {number % 900 + 10}" for number in range(20_000))
    case = tables.table("지구 | 면적(㎡)", *rows, "계 | 1", "소계 | 2")
    told = tuple(f"지구: {name}; 면적(㎡): {area}" for name, area in case.rows[1:])

    start = time.process_time()
    doubts = find_doubts([SectionText("", told, case), SectionText("", ("모두 30㎡이다.",))], "ko")

    assert {doubt.rule for doubt in doubts} == {"column-sum"}
    assert time.process_time() - start < 30  # seconds; every pair of rows compared would take many minutes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1억 5천만 원", 150_000_000),
        ("3조 2,000억원", 3_200_000_000_000),
        ("500만원", 5_000_000),
        ("KRW 24 billion", 24_000_000_000),
        ("1.5 million won", 1_500_000),
        ("₩300", 300),
    ],
)
def test_amounts_of_won_are_read(text, value):
    assert [amount.value for amount in won(text)] == pytest.approx([value])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1만 5천㎡", 15_000),
        ("2.86 million m²", 2_860_000),
        ("10평", 33.06),
        ("25ha", 250_000),
        ("1,000제곱미터", 1_000),
    ],
)
def test_areas_are_read_in_square_metres(text, value):
    assert [area.value for area in areas(text)] == pytest.approx([value], rel=1e-3)


def test_words_that_only_look_like_units_are_no_quantities():
    assert [*won("3 원칙과 10 원본"), *areas("10평가와 3 평균")] == []
    assert korean_number("2천3백") == 2_300


# --- texts of others ---------------------------------------------------------------------------------------------


@cache
def sections_of(path: Path):
    document = document_of(path, read_bytes(path.read_bytes(), path.name), {})
    sections = [
        SectionText(
            section.heading, tuple(s.text for s in section_sentences(document, section)), section.table
        )
        for section in document.sections
    ]
    return sections, document.language


# The start of the text's name, a piece of the damaged sentence, and the rules that must find it.
DAMAGED = [
    ("004", "Selected 25 locations", {"count-by-year", "amount-per-unit", "lead-vs-body", "two-values"}),
    ("004", "invest up to 3 billion", {"impossible-duration", "two-values", "fragment"}),
    ("004", "create local jobs", {"fragment"}),
    ("004", "smartcity.go.kr", {"fragment"}),
    ("003", "m286", {"broken-square-metre", "impossible-ordinal"}),
    ("003", "Yangjae 4-dong", {"placeholder", "lost-year-mark", "dong-number", "fragment"}),
    ("003", "94 m", {"broken-square-metre", "placeholder"}),
    ("003", "24 pyeong", {"small-area", "before-years"}),
    ("003", "Taebong-ro", {"impossible-date"}),
    ("003", "nurture 5 AI experts", {"implausible-pair"}),
    ("003", "A total of 3 companies", {"implausible-ratio"}),
    ("003", "137 new jobs", {"implausible-ratio", "thousand-billions"}),
    ("003", "Nonghyup", {"placeholder", "impossible-date"}),
    ("003", "in August 16", {"lost-year-mark", "fragment"}),
    ("003", "institution in 17", {"lost-year-mark"}),
    ("003", "country in 17", {"lost-year-mark", "fragment"}),
    ("003", "Institute in 22", {"lost-year-mark"}),
    ("003", "by up to 150%", {"reduction-over-100", "reversed-incentive"}),
    ("003", "reduction of floor area", {"reversed-incentive"}),
    ("003", "era of couture", {"homonym"}),
    ("003", "dressmaking", {"homonym"}),
    ("000", "13,9", {"stray-comma"}),
    ("000", "Daegu; ", {"table-unit", "sum-factor"}),
    ("000", "(Seogwipo)", {"table-unit", "sum-factor"}),
]  # fmt: skip


@with_founding
@pytest.mark.parametrize(("text", "piece", "rules"), DAMAGED)
def test_the_damage_in_the_founding_texts_is_found(text, piece, rules):
    sections, language = sections_of(next(FOUNDING.glob(f"{text}_*")))

    found = {doubt.rule for doubt in find_doubts(sections, language) if piece in doubt.sentence}

    assert found == rules


@with_founding
@pytest.mark.parametrize(
    "piece", ["3,114,000", "300 public housing", "300 households", "540 AI", "540 companies"]
)
def test_consistent_figures_of_the_founding_texts_are_left_alone(piece):
    doubts = [d for path in FOUNDING.glob("*.txt") for d in find_doubts(*sections_of(path))]

    assert [d.rule for d in doubts if piece in d.sentence] == []


@with_statutes
def test_statutes_raise_no_certain_doubt_and_hardly_a_suspicion():
    read = [sections_of(path) for path in sorted(STATUTES.glob("*법*.md"))]
    passages = sum(
        max(1, sum(map(len, section.sentences)) // 300) for sections, _ in read for section in sections
    )

    doubts = Counter(d.confidence for sections, language in read for d in find_doubts(sections, language))

    assert doubts["certain"] == 0
    assert doubts["suspicion"] <= 2 * passages / 1000


@with_statutes
def test_a_statute_whose_branch_numbers_were_dropped_is_doubted():
    sections, language = sections_of(next(STATUTES.glob("혁신도시*법률.md")))
    dropped = [
        SectionText(re.sub(r"^(제\d+조)의\d+", r"\1", section.heading), section.sentences)
        for section in sections
    ]

    assert sum(d.rule == "repeated-article" for d in find_doubts(dropped, language)) >= 15


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_shipped_sheets_raise_no_doubt(language):
    paths = sorted((DOCUMENTS / language).glob("*.md"))

    doubts = [d for path in paths for d in find_doubts(*sections_of(path))]

    assert [(d.rule, d.found) for d in doubts] == []
