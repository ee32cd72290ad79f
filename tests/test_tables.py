"""Grids, header rows, captions, units, and the limits of one file."""

import pytest

from index_build.reading import limits
from index_build.reading.document import Heading, Paragraph, Table
from index_build.reading.tables import attach_captions, grid, header_rows, split_unit, within_limits
from tests.made.office import placed
from tests.made.source import MERGED, SIMPLE, TABLES

ROWS = (("구분", "면적"), ("대구", "858"))
TABLE = Table(ROWS)


@pytest.mark.parametrize("table", TABLES, ids=["simple", "merged"])
def test_grid_repeats_a_merged_cell_in_every_place(table):
    assert grid(placed(table)) == table.grid


def test_grid_leaves_places_without_a_cell_empty():
    assert grid([(0, 0, 1, 1, "a"), (1, 1, 1, 1, "b")]) == (("a", ""), ("", "b"))


def test_grid_of_nothing_is_empty():
    assert grid([]) == ()


def test_grid_gives_a_place_claimed_twice_to_the_first():
    assert grid([(0, 0, 2, 1, "a"), (1, 0, 1, 2, "b"), (0, 1, 1, 1, "c")]) == (("a", "c"), ("a", "b"))


def test_grid_with_absurd_spans_ends_with_the_last_beginning():
    assert grid([(0, 0, 10**6, 10**6, "a"), (1, 1, 1, 1, "b")]) == (("a", "a"), ("a", "a"))


def test_grid_with_two_far_cells_stays_bounded():
    rows = grid([(0, 0, 1, 1, "a"), (10**6, 10**4, 1, 1, "b")])
    assert len(rows) * len(rows[0]) <= 10 * limits.MAX_CELLS


@pytest.mark.parametrize(("table", "rows"), [(SIMPLE, 1), (MERGED, 2)], ids=["simple", "merged"])
def test_header_rows_follow_the_merging_of_the_first_row(table, rows):
    assert header_rows(placed(table)) == rows


def test_header_rows_marked_in_the_file_win():
    assert header_rows(placed(MERGED), marked=3) == 3


def test_header_rows_leave_a_body_in_a_table_of_two_rows():
    assert header_rows([(0, 0, 1, 2, "면적"), (1, 0, 1, 1, "858"), (1, 1, 1, 1, "415")]) == 1


UNITS = [
    ("(단위: 천㎡)", "", "천㎡"),
    ("[단위 : 백만원]", "", "백만원"),
    ("(Unit: KRW million)", "", "KRW million"),
    ("（단위：%）", "", "%"),
    ("단위: 백만원", "", "백만원"),
    ("※ 단위 : 명", "", "명"),
    ("(단위: 개(社))", "", "개(社)"),
    ("클러스터 면적 (단위: 천㎡)", "클러스터 면적", "천㎡"),
    ("<표 1> 분양 현황 (단위: 필지, %)", "<표 1> 분양 현황", "필지, %"),
    ("(2025. 12. 31. 기준, 단위: 명)", "(2025. 12. 31. 기준)", "명"),
    ("현황(2025년 기준, 단위: 명)", "현황 (2025년 기준)", "명"),
    ("단위 사업별 예산", "단위 사업별 예산", ""),
    ("지원 단위: 기업. 다만 단위: 개별", "지원 단위: 기업. 다만 단위: 개별", ""),
]


@pytest.mark.parametrize(("line", "rest", "unit"), UNITS, ids=[line for line, _, _ in UNITS])
def test_split_unit(line, rest, unit):
    assert split_unit(line) == (rest, unit)


LINES_ABOVE = [
    (["면적 현황", "(단위: 천㎡)"], "면적 현황", "천㎡"),
    (["(단위: 천㎡)", "면적 현황"], "면적 현황", "천㎡"),
    (["면적 현황 (단위: 천㎡)"], "면적 현황", "천㎡"),
    (["면적 현황", "(2025년 기준, 단위: 천㎡)"], "면적 현황 (2025년 기준)", "천㎡"),
    (["면적 현황"], "면적 현황", ""),
    (["(단위: 천㎡)"], "", "천㎡"),
    (["□ 면적 현황(2025. 12. 31.)"], "□ 면적 현황(2025. 12. 31.)", ""),
    (["면적 2025. 12. 31."], "면적 2025. 12. 31.", ""),
]


@pytest.mark.parametrize(
    ("lines", "caption", "unit"), LINES_ABOVE, ids=[" / ".join(x[0]) for x in LINES_ABOVE]
)
def test_attach_captions_takes_the_lines_above(lines, caption, unit):
    blocks = attach_captions([Heading(1, "제목"), *map(Paragraph, lines), TABLE])
    assert blocks == (Heading(1, "제목"), Table(ROWS, caption=caption, unit=unit))


KEPT = [
    "다음과 같이 공급한다.",
    "가" * 61,
    "※ 부가가치세 별도",
    "주) 잠정치",
    "자료: 국토교통부",
    "Source: MOLIT",
    "어떤 기업이 받나요?",
]


@pytest.mark.parametrize("line", KEPT)
def test_attach_captions_leaves_sentences_and_notes(line):
    blocks = (Paragraph(line), TABLE)
    assert attach_captions(blocks) == blocks


@pytest.mark.parametrize(
    "items",
    [("1. 신청서", "2. 등본"), ("가. 신청서", "나. 등본"), ("① 신청서", "② 등본"), ("- 신청서", "- 등본")],
)
def test_attach_captions_leaves_the_end_of_a_list(items):
    blocks = (*map(Paragraph, items), TABLE)
    assert attach_captions(blocks) == blocks


def test_attach_captions_takes_a_numbered_line_that_follows_no_list():
    assert (
        attach_captions([Paragraph("설명한다."), Paragraph("2. 지원 한도"), TABLE])[1].caption
        == "2. 지원 한도"
    )


def test_attach_captions_keeps_the_sentence_above_the_caption():
    blocks = attach_captions([Paragraph("공급한다."), Paragraph("면적 현황"), TABLE, Paragraph("끝")])
    assert blocks == (Paragraph("공급한다."), Table(ROWS, caption="면적 현황"), Paragraph("끝"))


def test_attach_captions_prefers_the_caption_of_the_file():
    blocks = attach_captions([Paragraph("앞줄"), Table(ROWS, caption="면적 (단위: 천㎡)")])
    assert blocks == (Paragraph("앞줄"), Table(ROWS, caption="면적", unit="천㎡"))


def test_attach_captions_finds_the_unit_above_the_caption_of_the_file():
    assert attach_captions([Paragraph("(단위: 천㎡)"), Table(ROWS, caption="면적")]) == (
        Table(ROWS, caption="면적", unit="천㎡"),
    )


def test_attach_captions_finds_the_unit_below():
    blocks = attach_captions([TABLE, Paragraph("(단위: 천㎡)"), Paragraph("끝")])
    assert blocks == (Table(ROWS, unit="천㎡"), Paragraph("끝"))


def test_attach_captions_gives_a_unit_between_two_tables_to_the_second():
    assert attach_captions([TABLE, Paragraph("(단위: 천㎡)"), TABLE]) == (TABLE, Table(ROWS, unit="천㎡"))


def test_attach_captions_finds_the_units_below_a_row_of_tables():
    units = [Paragraph("(단위: 천㎡)"), Paragraph("(단위: 명)")]
    blocks = attach_captions([TABLE, units[0], TABLE, units[1], Paragraph("끝")])
    assert blocks == (Table(ROWS, unit="천㎡"), Table(ROWS, unit="명"), Paragraph("끝"))


def test_attach_captions_gives_each_of_two_tables_its_own_lines():
    one = [Paragraph("면적"), Paragraph("(단위: 천㎡)"), TABLE]
    two = [Paragraph("예산"), Paragraph("(단위: 억원)"), TABLE]
    assert attach_captions(one + two) == (
        Table(ROWS, caption="면적", unit="천㎡"),
        Table(ROWS, caption="예산", unit="억원"),
    )


def test_within_limits_leaves_a_document_at_the_limits(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 4)
    monkeypatch.setattr(limits, "MAX_CHARACTERS", sum(len(text) for row in ROWS for text in row) + 1)
    blocks = (Paragraph("끝"), TABLE)
    assert within_limits(blocks) == (blocks, ())


def test_within_limits_keeps_the_first_rows_and_the_text_behind_the_table(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 3)
    blocks, (notice,) = within_limits([TABLE, Paragraph("끝"), TABLE])
    assert blocks == (Table(ROWS[:1]), Paragraph("끝"))
    assert notice.values == {"kept": 2, "total": 8, "what": "cells"}


def test_within_limits_keeps_the_first_characters(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 5)
    blocks, (notice,) = within_limits([Paragraph("하나둘"), TABLE, Paragraph("셋")])
    assert blocks == (Paragraph("하나둘"),)
    assert notice.values == {"kept": 3, "total": 13, "what": "characters"}


def test_within_limits_cuts_a_text_that_is_too_long(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 5)
    blocks, (notice,) = within_limits([Paragraph("가" * 9)])
    assert (blocks, notice.values["kept"]) == ((Paragraph("가" * 5),), 5)
