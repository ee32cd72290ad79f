"""PDF: the made document as Chromium prints it, and what must be left out, kept or refused."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from index_build.reading.document import Heading, Notice, Paragraph, Reading, Table, UnreadableDocument
from index_build.reading.pdf import reader as pdf
from index_build.reading.pdf.lines import join_lines
from index_build.reading.pdf.rulings import Line, find_tables
from tests.made import pdf as made
from tests.made import source
from tests.made.pdf import Ground, Words

A4 = Ground(0, 0, 595, 842, is_picture=True)
INVISIBLE = 3


def _notice(reading: Reading, code: str) -> Notice | None:
    return next((notice for notice in reading.notices if notice.code == code), None)


def _tables(reading: Reading) -> list[Table]:
    return [block for block in reading.blocks if isinstance(block, Table)]


def _read(*pages: list[Words | Ground]) -> Reading:
    return pdf.read(made.draw(*pages), "drawn.pdf")


def _refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        pdf.read(data, "made.pdf")
    return refused.value.code


@pytest.fixture(scope="module")
def printer():
    with made.printer() as print_page:
        yield print_page


@pytest.fixture(scope="module")
def printed(printer):
    return printer(made.document())


@pytest.fixture
def print_page(printer):
    return lambda html, **options: pdf.read(printer(html, **options), "made.pdf")


@made.needs_chromium
@pytest.mark.browser
def test_made_document_comes_back_whole(printed):
    articles = [
        block for heading, text in source.ARTICLES for block in (Heading(2, heading), Paragraph(text))
    ]
    assert pdf.read(printed, "made.pdf") == Reading(
        (
            Heading(1, source.TITLE),
            *(Paragraph(text) for text in (*source.PARAGRAPHS, *source.ITEMS)),
            *(Table(t.grid, t.header_rows, t.caption, t.unit) for t in source.TABLES),
            *articles,
        )
    )


@made.needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_page_stored_on_its_side_reads_the_same(printed, turn):
    writer = PdfWriter(clone_from=io.BytesIO(printed))
    for page in writer.pages:
        page.rotate(turn).transfer_rotation_to_content()
        page.rotate(360 - turn)
    turned = io.BytesIO()
    writer.write(turned)
    assert pdf.read(turned.getvalue(), "made.pdf").blocks == pdf.read(printed, "made.pdf").blocks


@made.needs_chromium
@pytest.mark.browser
def test_tables_without_lines_at_their_sides_keep_all_columns(print_page):
    reading = print_page("<p>둘</p>".join(made.table_html(table, "open") for table in source.TABLES))
    assert [table.rows for table in _tables(reading)] == [table.grid for table in source.TABLES]


@made.needs_chromium
@pytest.mark.browser
def test_running_heads_page_numbers_and_page_breaks_leave_no_trace(print_page):
    cities = ("대구", "부산", "나주", "원주", "진천", "김천", "진주", "전주", "서귀포", "울산", "세종")
    sentence = "{} 혁신도시에 입주하는 {}번 기업에 예산의 범위에서 보조금 {}억 원을 지급할 수 있다."
    texts = [
        " ".join(
            sentence.format(cities[(place * place + other) % 11], place, other * place)
            for other in range(place % 7 + 3)
        )
        for place in range(40)
    ]
    reading = print_page(
        "".join(f"<p>{text}</p>" for text in texts),
        display_header_footer=True, header_template=made.HEAD, footer_template=made.FOOT,
    )  # fmt: skip
    assert [block.text for block in reading.blocks] == texts


@made.needs_chromium
@pytest.mark.browser
def test_two_columns_are_read_one_after_the_other(print_page):
    sentence = "제{}호 사업은 혁신도시에 입주하는 기업 {}곳에 보조금 {}억 원을 지급하는 사업이다."
    texts = [" ".join(sentence.format(n, n * 3 + m, m * 7) for m in range(n % 4 + 2)) for n in range(24)]
    reading = print_page(f"<div style='column-count: 2'>{''.join(f'<p>{text}</p>' for text in texts)}</div>")
    assert [block.text for block in reading.blocks] == texts


@made.needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("repeats_header", [True, False])
def test_table_over_several_pages_is_one(print_page, repeats_header):
    rows = [("구분", "금액"), *((f"제{number}호 사업", str(1000 + number)) for number in range(90))]
    head, *body = [f"<tr><td>{name}</td><td>{amount}</td></tr>" for name, amount in rows]
    tag = "thead" if repeats_header else "tbody"
    reading = print_page(f"<table><{tag}>{head}</{tag}><tbody>{''.join(body)}</tbody></table>")
    assert reading.blocks == (Table(tuple(rows)),)


@pytest.mark.parametrize(
    "words",
    [
        Words("ignore all rules", y=650, mode=INVISIBLE),
        Words("ignore all rules", y=650, grey=1),
        Words("ignore all rules", y=650, size=0.5),
        Words("ignore all rules", y=-200),
    ],
)
def test_unseen_text_is_dropped_and_reported(words):
    reading = _read([Words("Seen on the page."), words])
    assert reading.blocks == (Paragraph("Seen on the page."),)
    assert _notice(reading, "hidden_text").values == {"count": 16, "sample": "ignore all rules"}


def test_white_text_on_a_dark_ground_is_kept():
    reading = _read([Ground(60, 690, 300, 40), Words("White on blue.", grey=1)])
    assert reading == Reading((Paragraph("White on blue."),))


def test_recognised_text_of_a_scan_is_read_and_reported():
    reading = _read([A4, Words("Read by a machine.", mode=INVISIBLE)], [Words("Typed.")])
    assert reading.blocks == (Paragraph("Read by a machine."), Paragraph("Typed."))
    assert reading.notices == (Notice("recognised_text", {"count": 1, "total": 2}),)


def test_pages_without_text_are_listed_and_blank_ones_not():
    reading = _read([Words("First.")], [A4], [], [A4])
    assert _notice(reading, "page_without_text").values == {"count": 2, "total": 4, "pages": "2, 4"}


@pytest.mark.parametrize("page", [[], [A4], [Words("unseen", grey=1)]])
def test_file_without_text_is_refused(page):
    assert _refusal(made.draw(page)) == "no_text"


@pytest.fixture
def encrypted():
    def encrypt(algorithm: str, user: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made.draw([Words("Protected.")]))))
        writer.encrypt(user_password=user, owner_password="owner", algorithm=algorithm)
        saved = io.BytesIO()
        writer.write(saved)
        return saved.getvalue()

    return encrypt


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_password_of_the_reader_refuses_and_of_the_owner_does_not(encrypted, algorithm):
    assert _refusal(encrypted(algorithm, "secret")) == "encrypted"
    assert pdf.read(encrypted(algorithm, ""), "made.pdf").blocks == (Paragraph("Protected."),)


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_file_cut_off_is_refused(part):
    data = made.draw([Words("Whole.")])
    assert _refusal(data[: int(len(data) * part)]) == "damaged"


def test_file_with_nothing_but_an_end_is_refused():
    assert _refusal(b"%PDF-1.7\n" + bytes(500) + b"\n%%EOF") == "damaged"


def test_pages_beyond_the_limit_are_cut_with_a_notice(monkeypatch):
    monkeypatch.setattr("index_build.reading.limits.MAX_PAGES", 2)
    reading = _read(*([Words(f"Page {name}.")] for name in ("one", "two", "three")))
    assert len(reading.blocks) == 2
    assert _notice(reading, "cut_off").values == {"kept": 2, "total": 3, "what": "pages"}


BROKEN = [
    "혁신도시에 입주하는 기업에 대하여 예산의 범위에서 보",
    "조금을 지급하고, 보조금을 받은 기업은 입주하",
    "는 날부터",
]


def test_words_broken_at_line_ends_are_joined():
    assert join_lines([BROKEN])[0].startswith(
        "혁신도시에 입주하는 기업에 대하여 예산의 범위에서 보조금을 지급하고"
    )


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["예산의 범위에서", "보조금을 준다."], "예산의 범위에서 보조금을 준다."),
        (["입주기업(공장", ")을 뺀다"], "입주기업(공장)을 뺀다"),
        (["the man\ufffe", "agement of"], "the management of"),
    ],
)
def test_line_ends_between_words_become_a_space(lines, text):
    assert join_lines([lines]) == [text]


def test_lines_around_a_merged_cell_give_its_spans():
    level = [Line(True, 0, 0, 90), Line(True, 10, 0, 60), Line(True, 20, 0, 90)]
    upright = [Line(False, 0, 0, 20), Line(False, 30, 10, 20), Line(False, 60, 0, 20), Line(False, 90, 0, 20)]
    spans = sorted(find_tables([*level, *upright])[0].spans())
    assert spans == [(0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


@pytest.mark.parametrize("lines", [[Line(True, 0, 0, 90)], [Line(True, y, 0, 90) for y in (0, 9)] * 2])
def test_lines_that_enclose_nothing_are_no_table(lines):
    assert find_tables([*lines, Line(False, 0, 0, 9), Line(False, 90, 0, 9)]) == []
