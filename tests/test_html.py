"""HTML pages: what a visitor sees, in order, and tables cell by cell."""

import pytest

from index_build.reading import limits
from index_build.reading.document import Heading, Paragraph, Table
from index_build.reading.html.reader import read
from tests.made.office import as_html
from tests.made.source import ARTICLES, ITEMS, PARAGRAPHS, TABLES, TITLE


def reading(body, head=""):
    return read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


def texts(body, head=""):
    return [block.text for block in reading(body, head).blocks]


def table(rows, head=""):
    (found,) = reading(f"<table>{rows}</table>", head).blocks
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "a.html"
    as_html(path)
    return read(path.read_bytes(), path.name)


def test_read_returns_every_block_in_the_order_of_the_page(made):
    articles = [block for heading, text in ARTICLES for block in (Heading(2, heading), Paragraph(text))]
    lines = [Heading(1, TITLE), *map(Paragraph, (*PARAGRAPHS, *ITEMS)), *articles]
    assert list(made.blocks[: len(lines)]) == lines
    assert len(made.blocks) == len(lines) + len(TABLES)


@pytest.mark.parametrize("place", range(len(TABLES)))
def test_read_returns_every_cell_the_caption_and_the_unit(made, place):
    source, found = TABLES[place], made.blocks[place - len(TABLES)]
    assert found == Table(source.grid, source.header_rows, source.caption, source.unit)


def test_read_takes_the_title_and_reports_nothing(made):
    assert (made.title, made.notices) == (TITLE, ())


HIDDEN = [
    "<p style='display:none'>숨음</p>",
    "<p style='DISPLAY : NONE !important'>숨음</p>",
    "<p hidden>숨음</p>",
    "<p style='visibility:hidden'>숨음</p>",
    "<p style='opacity:0'>숨음</p>",
    "<p style='font-size:0'>숨음</p>",
    "<p style='font-size:1px'>숨음</p>",
    "<p style='font-size:1%'>숨음</p>",
    "<p style='color:#fff'>숨음</p>",
    "<p style='color:rgb(255, 255, 255)'>숨음</p>",
    "<p style='color:#fdfdfd'>숨음</p>",
    "<p style='color:transparent'>숨음</p>",
    "<p style='color:rgba(0,0,0,0)'>숨음</p>",
    "<font color=white>숨음</font>",
    "<div style='background:navy'><p style='color:#000080'>숨음</p></div>",
    "<p style='position:absolute;left:-9999px'>숨음</p>",
    "<p style='position:absolute; top:-100em'>숨음</p>",
    "<p style='text-indent:-9999px'>숨음</p>",
    "<p style='position:absolute;clip:rect(0 0 0 0)'>숨음</p>",
    "<p style='clip-path:inset(50%)'>숨음</p>",
    "<p style='height:0;overflow:hidden'>숨음</p>",
    "<p style='transform:scale(0)'>숨음</p>",
    "<div style='display:none'><section><p style='display:block'>숨음</p></section></div>",
    "<dialog>숨음</dialog>",
    "<table style='display:none'><tr><td>숨음<td>숨음</table>",
    "<p class=x>숨음</p><style>.x{color:#fff}</style>",
    "<p class=x>숨음</p><style>/* a */ p.x , b{display:none}</style>",
    "<p class=x>숨음</p><style>@media screen{.x{display:none}}</style>",
    "<p class=x>숨음</p><style>.x{display:none} p{display:block}</style>",
    "<p class=x style='display:block'>숨음</p><style>.x{display:none !important}</style>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_read_drops_and_reports_hidden_text(hidden):
    found = reading(f"<p>보임</p>{hidden}")
    assert found.blocks == (Paragraph("보임"),)
    assert [(notice.code, notice.values["sample"][:2]) for notice in found.notices] == [
        ("hidden_text", "숨음")
    ]


SEEN = [
    "<p aria-hidden=true>보임</p>",
    "<details><summary>보임</summary></details>",
    "<p style='color:#fff;background:#003366'>보임</p>",
    "<p style='color:#fff;background:url(a.png)'>보임</p>",
    "<div style='background-color:black'><p style='color:white'>보임</p></div>",
    "<p style='color:#fff' class=x>보임</p><style>.x{background:#003366}</style>",
    "<p class=x>보임</p><style>@media print{.x{display:none}}</style>",
    "<p class=x>보임</p><style>@media (max-width:600px){.x{display:none}}</style>",
    "<p class='x on'>보임</p><style>.x{display:none}.x.on{display:block}</style>",
    "<p class=x>보임</p><style>.x::before{display:none} .x:hover{opacity:0}</style>",
    "<p style='visibility:hidden'><b style='visibility:visible'>보임</b></p>",
    "<p style='position:relative;left:-4px;text-indent:-20px;opacity:.9'>보임</p>",
    "<p style='background:#fff;color:#333;font-size:12px'>보임</p>",
    "<div style='height:0'>보임</div>",
    "<dialog open>보임</dialog>",
    "<p style='font-size:0'><span style='font-size:14px'>보임</span></p>",
]


@pytest.mark.parametrize("seen", SEEN)
def test_read_keeps_what_is_seen(seen):
    assert texts(seen) == ["보임"]


def test_read_hides_text_of_the_colour_of_a_dark_page():
    assert texts(
        "<p>보임</p><p style='color:#111'>숨음</p>", "<style>body{background:#111;color:#eee}</style>"
    ) == ["보임"]


@pytest.mark.parametrize(
    "frame",
    [
        "<nav>차례</nav>", "<header>시청</header>", "<footer>© 시청</footer>", "<script>var a</script>", "<style>p{}</style>",
        "<noscript>켜세요</noscript>", "<template><p>틀</p></template>", "<form><input value=a><button>찾기</button></form>",
        "<select><option>하나</select>", "<div role=navigation>차례</div>", "<!-- 비밀 -->", "<textarea>글</textarea>", "<iframe>a</iframe>",
    ],
)  # fmt: skip
def test_read_drops_the_frame_of_a_page_without_a_word(frame):
    found = reading(f"{frame}<p>본문</p>")
    assert (found.blocks, found.notices) == ((Paragraph("본문"),), ())


def test_read_keeps_the_header_and_footer_of_an_article():
    page = "<p>밖</p><article><header><h2>공고</h2></header><p>본문</p><footer>담당 홍길동</footer></article>"
    assert texts(page) == ["공고", "본문", "담당 홍길동"]


@pytest.mark.parametrize("main", ["<main>%s</main>", "<div role=main>%s</div>", "<article>%s</article>"])
def test_read_prefers_the_main_part(main):
    assert texts("<p>곁</p>" + main % "<p>본문</p>") == ["본문"]


@pytest.mark.parametrize(
    "empty",
    ["<main></main>", "<main style='display:none'>a</main>", "<article>a</article><article>b</article>"],
)
def test_read_takes_the_whole_page_where_its_main_part_says_nothing(empty):
    assert "전체" in texts(f"{empty}<p>전체</p>")


def test_read_knows_headings_and_joins_inline_elements():
    found = reading("<h3>지원 <b>한</b>도</h3>면적은 <b>8</b>58<sup>2</sup>㎡<br>이다<br><br>끝")
    assert found.blocks == (Heading(3, "지원 한도"), Paragraph("면적은 858²㎡ 이다"), Paragraph("끝"))


def test_read_keeps_the_lines_of_preformatted_text():
    assert texts("<pre>첫 줄\n둘째 줄</pre>") == ["첫 줄", "둘째 줄"]


LISTS = [
    ("<ol><li>가<li>나</ol>", ["1. 가", "2. 나"]),
    ("<ol start=3><li>가<li value=7>나<li>다</ol>", ["3. 가", "7. 나", "8. 다"]),
    ("<ol reversed><li>가<li>나</ol>", ["2. 가", "1. 나"]),
    ("<ol type=a><li>가<li>나</ol>", ["a. 가", "b. 나"]),
    ("<ol type=I><li>가<li>나</ol>", ["I. 가", "II. 나"]),
    ("<ol style='list-style-type:upper-alpha'><li>가</ol>", ["A. 가"]),
    ("<ul><li>가<li>ㅇ 나</ul>", ["• 가", "ㅇ 나"]),
    ("<ul style='list-style:none'><li>가</ul>", ["가"]),
    ("<ol><li>가<ul><li>나</ul></li><li>다</ol>", ["1. 가", "• 나", "2. 다"]),
    ("<ol><li><p>가</p><p>나</p></li></ol>", ["1. 가", "나"]),
    ("<dl><dt>가<dd>나</dl>", ["가", "나"]),
]


@pytest.mark.parametrize(("markup", "lines"), LISTS)
def test_read_writes_the_signs_of_lists(markup, lines):
    assert texts(markup) == lines


SPANS = [
    ("<tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d", (("a", "b"), ("a", "c"), ("a", "d"))),
    ("<tr><td rowspan=9999>a<td>b<tr><td>c", (("a", "b"), ("a", "c"))),
    ("<tr><td colspan=100000000>a<tr><td>b<td>c", (("a", "a"), ("b", "c"))),
    ("<tr><td colspan=0 rowspan=-2>a<td>b<tr><td>c<td>d", (("a", "b"), ("c", "d"))),
    ("<tr><td colspan=x>a<td>b", (("a", "b"),)),
    ("<tr><td>a<tr><td>b<td>c<td>d", (("a", "", ""), ("b", "c", "d"))),
    ("<tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td rowspan=2>d<tr><td>e<td>f", (("a", "b", "b"), ("a", "c", "d"), ("e", "f", "d"))),
    ("<tbody><tr><td rowspan=5>a<td>b<tbody><tr><td>c<td>d", (("a", "b"), ("c", "d"))),
    ("<tr></tr><tr><td>a<td>b<tr></tr>", (("a", "b"),)),
    ("<tfoot><tr><td>z<td>y<tbody><tr><td>c<td>d<thead><tr><td>a<td>b", (("a", "b"), ("c", "d"), ("z", "y"))),
    ("<tr><td>a<td style='display:none'>숨음<td>b<tr hidden><td>숨음<tr><td>c<td>d", (("a", "b"), ("c", "d"))),
    ("<tr><td>a<table><tr><td>1<td>2<tr><td>3</table><td>b", (("a 1 2 3", "b"),)),
    ("<tr><td><p>하나</p><ul><li>둘</ul><td>b<br>c", (("하나 • 둘", "b c"),)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "grid"), SPANS)
def test_read_draws_the_grid_as_a_browser_does(rows, grid):
    assert table(rows).rows == grid


HEADERS = [
    ("<thead><tr><td>a<td>b<tr><td>c<td>d<tbody><tr><td>1<td>2", 2),
    ("<tr><th>a<th>b<tr><th>c<th>d<tr><th>e<th>f<tr><td>1<td>2", 3),
    ("<tr><td><th>b<tr><th>1<td>2<tr><th>3<td>4", 1),
    ("<tr><td>a<td>b<tr><td>1<td>2", 1),
    ("<tr><td colspan=2>a<tr><td>b<td>c<tr><td>1<td>2", 2),
    ("<tr><th>a<th>b<tr><th>1<th>2", 1),
]


@pytest.mark.parametrize(("rows", "count"), HEADERS)
def test_read_counts_header_rows(rows, count):
    assert table(rows).header_rows == count


def test_read_takes_the_unit_out_of_the_caption():
    found = table("<caption>면적 <span>(단위: 천㎡)</span></caption><tr><td>a<td>b")
    assert (found.caption, found.unit) == ("면적", "천㎡")


def test_read_takes_the_line_above_a_table_as_its_caption():
    found = reading("<p>설명이다.</p><p>면적 현황<br>(단위: 천㎡)</p><table><tr><td>a<td>b</table>")
    assert found.blocks == (Paragraph("설명이다."), Table((("a", "b"),), caption="면적 현황", unit="천㎡"))


@pytest.mark.parametrize(
    "markup", ["<table><tr><td>%s</table>", "<table role=presentation><tr><td>%s<td></table>"]
)
def test_read_takes_a_table_that_only_places_text_as_text(markup):
    found = reading(markup % "<h2>제목</h2><p>글</p><table><tr><td>a<td>b</table>")
    assert found.blocks == (Heading(2, "제목"), Table((("a", "b"),), caption="글"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "euc-kr", "cp949"])
def test_read_decodes_the_page(encoding):
    page = f"<html><head><meta charset={encoding.removesuffix('-sig')}><title>현황</title></head><body><p>분양 현황 알림</p></body></html>"
    assert read(page.encode(encoding), "a.html").blocks == (Paragraph("분양 현황 알림"),)


def test_read_believes_the_declared_encoding_of_a_page_with_few_usual_syllables():
    page = (
        '<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">'
        + "<p>펲햏뷁똠</p>" * 40
    )
    assert read(page.encode("cp949"), "a.html").blocks[0] == Paragraph("펲햏뷁똠")


def test_read_reports_cells_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 4)
    (notice,) = reading("<table>" + "<tr><td>a<td>b" * 3 + "</table>").notices
    assert notice.values == {"kept": 4, "total": 6, "what": "cells"}


def test_read_of_a_page_without_text_is_empty():
    assert reading("<script>1</script>").blocks == ()
