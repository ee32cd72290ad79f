"""Workbooks and CSV: what their cells show, and nothing that is hidden in them."""

import datetime
import io

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from index_build.reading import limits
from index_build.reading.document import Heading, Paragraph, Table, UnreadableDocument
from index_build.reading.spreadsheet.reader import read, read_csv
from tests.made import raw
from tests.made.office import as_xlsx
from tests.made.source import ARTICLES, ITEMS, PARAGRAPHS, TABLES, TITLE

WHITE = "FFFFFFFF"


@pytest.fixture
def book():
    return openpyxl.Workbook()


def reading(book):
    data = io.BytesIO()
    book.save(data)
    return read(data.getvalue(), "a.xlsx")


def filled(book, *rows):
    for row in rows:
        book.active.append(row)
    return book.active


def notices(found):
    return {notice.code: notice.values for notice in found.notices}


def packed(rows="", before="", after=""):
    return raw.packed(raw.xlsx_parts(rows, before, after))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "a.xlsx"
    as_xlsx(path)
    return read(path.read_bytes(), path.name)


def test_read_returns_the_text_of_a_sheet_without_tables(made):
    lines = (*PARAGRAPHS, *ITEMS, *(text for article in ARTICLES for text in article))
    assert made.blocks[: len(lines) + 1] == (Heading(1, TITLE), *map(Paragraph, lines))


@pytest.mark.parametrize("place", range(len(TABLES)))
def test_read_returns_every_cell_the_caption_and_the_unit(made, place):
    table = TABLES[place]
    heading, found = made.blocks[2 * (place - len(TABLES)) :][:2]
    assert heading == Heading(1, f"표 {place + 1}")
    assert found == Table(table.grid, table.header_rows, table.caption, table.unit)


def test_read_reports_nothing_of_a_plain_workbook(made):
    assert made.notices == ()


def test_read_shows_numbers_and_dates_as_their_cells_do(book):
    sheet = filled(
        book, ["값", "날짜"], [0.967, datetime.date(2026, 6, 2)], [858, datetime.datetime(2026, 6, 2, 9, 30)]
    )
    sheet["A2"].number_format = "0.0%"
    assert reading(book).blocks[1].rows == (
        ("값", "날짜"),
        ("96.7%", "2026-06-02"),
        ("858", "2026-06-02 09:30"),
    )


def test_read_takes_the_title_of_the_document(book):
    book.properties.title = "분양 현황"
    filled(book, ["본문"])
    assert reading(book).title == "분양 현황"


@pytest.mark.parametrize(("name", "title"), [("Sheet1", "분양 현황"), ("시트 2", "분양 현황"), ("분양", "")])
def test_read_takes_the_first_line_as_title_where_the_sheet_has_no_name_of_its_own(book, name, title):
    book.active.title = name
    filled(book, ["분양 현황"], ["구분", "면적"], ["대구", 858])
    assert reading(book).title == title


def hide_row(sheet):
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet):
    sheet.column_dimensions["B"].hidden = True


def hide_low_row(sheet):
    sheet.row_dimensions[3].height = 0.25


def hide_white(sheet):
    sheet["B3"].font = Font(color=WHITE)


def hide_tiny(sheet):
    sheet["B3"].font = Font(size=1)


def hide_format(sheet):
    sheet["B3"].number_format = ";;;"


def hide_like_its_ground(sheet):
    sheet["B3"].font, sheet["B3"].fill = Font(color="FF1F3864"), PatternFill("solid", fgColor="FF1F3864")


HIDERS = [hide_row, hide_column, hide_low_row, hide_white, hide_tiny, hide_like_its_ground, hide_format]


@pytest.mark.parametrize("hide", HIDERS)
def test_read_drops_what_is_hidden(book, hide):
    hide(filled(book, ["구분", "가", "나"], ["대구", 1, 2], ["전주", "숨은 지시", 3]))
    assert "숨은 지시" not in str(reading(book).blocks)


@pytest.mark.parametrize("hide", HIDERS)
def test_read_reports_what_is_hidden(book, hide):
    hide(filled(book, ["구분", "가", "나"], ["대구", 1, 2], ["전주", "숨은 지시", 3]))
    assert "숨은 지시" in notices(reading(book))["hidden_text"]["sample"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_read_drops_and_reports_hidden_sheets(book, state):
    filled(book, ["보임"])
    sheet = book.create_sheet("비밀")
    sheet.append(["숨은 지시"])
    sheet.sheet_state = state
    assert reading(book).blocks == (Heading(1, "Sheet"), Paragraph("보임"))
    assert notices(reading(book)) == {"hidden_text": {"count": 5, "sample": "숨은 지시"}}


def test_read_keeps_white_text_on_a_dark_cell(book):
    sheet = filled(book, ["구분", "면적"], ["대구", 858])
    sheet["A1"].font, sheet["A1"].fill = Font(color=WHITE), PatternFill("solid", fgColor="FF1F3864")
    assert reading(book).blocks[1].rows[0] == ("구분", "면적")


def test_read_keeps_a_merged_cell_around_a_hidden_column(book):
    sheet = filled(book, ["구분", "면적", None, None], ["대구", 1, 2, 3], ["전주", 4, 5, 6])
    sheet.merge_cells("B1:D1")
    sheet.column_dimensions["C"].hidden = True
    found = reading(book).blocks[1]
    assert found.rows == (("구분", "면적", "면적"), ("대구", "1", "3"), ("전주", "4", "6"))
    assert found.header_rows == 2


LINES = [
    ([["면적 현황"], ["(단위: 천㎡)"]], "면적 현황", "천㎡"),
    ([["면적 현황", None, "(단위: 천㎡)"]], "면적 현황", "천㎡"),
    ([["면적 현황 (단위: 천㎡)"]], "면적 현황", "천㎡"),
    ([[None, None, "(단위: 천㎡)"]], "", "천㎡"),
    ([["면적 현황"], []], "면적 현황", ""),
]


@pytest.mark.parametrize(("lines", "caption", "unit"), LINES)
def test_read_finds_the_lines_above_a_table(book, lines, caption, unit):
    filled(book, *lines, ["구분", "가", "나"], ["대구", 1, 2])
    rows = (("구분", "가", "나"), ("대구", "1", "2"))
    assert reading(book).blocks[1:] == (Table(rows, caption=caption, unit=unit),)


def test_read_keeps_the_title_above_the_caption_as_a_paragraph(book):
    filled(book, ["2026년 현황"], ["면적"], ["구분", "가"], ["대구", 1])
    assert reading(book).blocks[1] == Paragraph("2026년 현황")


def test_read_keeps_notes_below_a_table_and_a_row_that_has_only_a_label(book):
    filled(book, ["구분", "가"], ["대구", 1], ["전주"], ["※ 잠정치"])
    rows = (("구분", "가"), ("대구", "1"), ("전주", ""))
    assert reading(book).blocks[1:] == (Table(rows), Paragraph("※ 잠정치"))


def test_read_parts_tables_with_titles_and_not_rows_with_gaps(book):
    filled(book, ["가", "나"], [1, 2], [], [3, 4], [], ["둘째 표"], ["가", "나"], [5, 6])
    first = Table((("가", "나"), ("1", "2"), ("3", "4")))
    assert reading(book).blocks[1:] == (first, Table((("가", "나"), ("5", "6")), caption="둘째 표"))


def test_read_parts_tables_that_repeat_their_header(book):
    filled(book, ["가", "나"], [1, 2], [], ["가", "나"], [3, 4])
    assert [block.rows[1] for block in reading(book).blocks[1:]] == [("1", "2"), ("3", "4")]


def test_read_does_not_take_a_group_heading_for_a_title(book):
    sheet = filled(book, [None, "면적", None], ["구분", "용지", "건물"], ["대구", 1, 2])
    sheet.merge_cells("B1:C1")
    assert reading(book).blocks[1] == Table(
        (("", "면적", "면적"), ("구분", "용지", "건물"), ("대구", "1", "2")), 2
    )


def test_read_leaves_out_blank_columns(book):
    filled(book, ["구분", None, "가"], ["대구", None, 1])
    assert reading(book).blocks[1].rows == (("구분", "가"), ("대구", "1"))


def test_read_reports_formulas_without_a_result(book):
    filled(book, ["구분", "합계"], ["대구", "=1+1"])
    assert notices(reading(book))["dropped"]["count"] == 1


def test_read_keeps_the_saved_result_of_a_formula():
    data = packed('<row r="1"><c r="A1"><f>850+8</f><v>858</v></c></row>')
    assert read(data, "a.xlsx") == read(packed('<row r="1"><c r="A1"><v>858</v></c></row>'), "a.xlsx")


def test_read_believes_no_declared_dimension():
    data = packed(raw.cell("A1", "가") + raw.cell("A900", "나"), before='<dimension ref="A1:B2"/>')
    assert read(data, "a.xlsx").blocks[1:] == (Paragraph("가"), Paragraph("나"))


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576">' + "<c/>" * 9 + "<c><v>1</v></c></row>",
    ],
)
def test_read_refuses_cells_too_far_apart(far):
    with pytest.raises(UnreadableDocument) as refused:
        read(packed(raw.cell("A1", "가") + far), "a.xlsx")
    assert refused.value.code == "too_large"


def test_read_bears_a_far_cell_without_text_and_an_absurd_merge():
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert read(packed(raw.cell("A1", "가") + far, after=merge), "a.xlsx").blocks[1:] == (Paragraph("가"),)


@pytest.mark.parametrize(("cap", "kept"), [(5, 4), (6, 6), (7, 6)])
def test_read_reports_cells_beyond_the_limit(book, monkeypatch, cap, kept):
    monkeypatch.setattr(limits, "MAX_CELLS", cap)
    filled(book, ["가", "나"], [1, 2], [3, 4])
    found = reading(book)
    assert len(found.blocks[1].rows) * 2 == kept
    assert notices(found) == ({"cut_off": {"kept": 4, "total": 6, "what": "cells"}} if kept < 6 else {})


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
def test_read_refuses_a_part_that_is_cut(part):
    parts = raw.xlsx_parts()
    parts[part] = parts[part][:-30]
    with pytest.raises(UnreadableDocument) as refused:
        read(raw.packed(parts), "a.xlsx")
    assert refused.value.code == "damaged"


def rows_of(text, name="a.csv"):
    (table,) = read_csv(text.encode(), name).blocks
    return table.rows


PARTED = [
    "구분,면적\n대구,858\n나주,415",
    "구분\t면적\n대구\t858\n나주\t415\n",
    "구분;면적\r\n대구;858\r\n나주;415\r\n",
    "구분|면적\n대구|858\n나주|415",
    '"구분","면적"\n"대구","858"\n"나주","415"',
]


@pytest.mark.parametrize("text", PARTED)
def test_read_csv_finds_the_sign_between_cells(text):
    assert rows_of(text) == (("구분", "면적"), ("대구", "858"), ("나주", "415"))


def test_read_csv_keeps_quoted_commas_quotes_and_new_lines_within_a_cell():
    assert rows_of('구분,비고\n대구,"1,000 ""이상""\n이하"') == (
        ("구분", "비고"),
        ("대구", '1,000 "이상" 이하'),
    )


def test_read_csv_keeps_commas_in_numbers_of_a_table_parted_by_tabs():
    assert rows_of("구분\t면적\n대구\t1,000\n나주\t2,000") == (
        ("구분", "면적"),
        ("대구", "1,000"),
        ("나주", "2,000"),
    )


def test_read_csv_does_not_let_an_open_quote_swallow_the_file():
    assert rows_of('구분,규격\n관,"3 인치\n봉,2')[2] == ("봉", "2")


def test_read_csv_fills_short_rows():
    assert rows_of("가,나,다\n1\n1,2,3") == (("가", "나", "다"), ("1", "", ""), ("1", "2", "3"))


def test_read_csv_finds_caption_and_unit():
    (table,) = read_csv("면적 현황,,\n,,(단위: 천㎡)\n구분,가,나\n대구,1,2\n".encode("cp949"), "a.csv").blocks
    assert (table.caption, table.unit, len(table.rows)) == ("면적 현황", "천㎡", 2)


def test_read_csv_of_one_column_is_text():
    assert read_csv("하나\n둘\n".encode(), "a.csv").blocks == (Paragraph("하나"), Paragraph("둘"))


@pytest.mark.parametrize("table", TABLES, ids=["simple", "merged"])
def test_read_csv_returns_every_cell(table):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table.grid)
    assert rows_of(text) == table.grid


def test_read_csv_reports_cells_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 5)
    assert notices(read_csv(b"a,b\n1,2\n3,4\n", "a.csv")) == {
        "cut_off": {"kept": 4, "total": 6, "what": "cells"}
    }


def test_read_csv_of_nothing_is_empty():
    assert read_csv(b"", "a.csv").blocks == ()
