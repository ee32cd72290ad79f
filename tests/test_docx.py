"""Word documents: what stands on the page, in its order, with the numbers Word adds and without what it hides."""

import io
import re
import zipfile

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, nsmap
from docx.shared import Pt, RGBColor

from index_build.reading import limits
from index_build.reading.document import Heading, Paragraph, Table, UnreadableDocument
from index_build.reading.word.reader import read
from tests.made.office import as_docx
from tests.made.source import ARTICLES, ITEMS, PARAGRAPHS, TABLES, TITLE

OFFICE = "http://schemas.openxmlformats.org"
WORD_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def reading(document):
    data = io.BytesIO()
    document.save(data)
    return read(data.getvalue(), "a.docx")


def texts(document):
    return [block.text for block in reading(document).blocks]


def notices(document):
    return {notice.code: notice.values for notice in reading(document).notices}


def xml(text):
    """An element of Word's, with the prefixes it uses declared."""
    names = nsmap | {"mc": f"{OFFICE}/markup-compatibility/2006", "m": f"{OFFICE}/officeDocument/2006/math"}
    names |= {"v": "urn:schemas-microsoft-com:vml", "wps": WORD_SHAPE}
    declared = " ".join(
        f'xmlns:{prefix}="{address}"' for prefix, address in names.items() if f"{prefix}:" in text
    )
    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {declared}", text))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "a.docx"
    as_docx(path)
    return read(path.read_bytes(), path.name)


def test_read_returns_every_block_in_the_order_of_the_page(made):
    articles = [block for heading, text in ARTICLES for block in (Heading(2, heading), Paragraph(text))]
    lines = [Heading(1, TITLE), *map(Paragraph, (*PARAGRAPHS, *ITEMS)), *articles]
    assert list(made.blocks[: len(lines)]) == lines
    assert len(made.blocks) == len(lines) + len(TABLES)


@pytest.mark.parametrize("place", range(len(TABLES)))
def test_read_returns_every_cell_the_caption_and_the_unit(made, place):
    table, found = TABLES[place], made.blocks[place - len(TABLES)]
    assert found == Table(table.grid, table.header_rows, table.caption, table.unit)


def test_read_takes_the_title_from_its_style_and_reports_nothing(made):
    assert (made.title, made.notices) == (TITLE, ())


@pytest.mark.parametrize(
    ("style", "level"),
    [("제목 1", 1), ("제목 3", 3), ("개요 2", 2), ("Heading 4", 4), ("본문 1", 0), ("Subtitle", 0)],
)
def test_read_knows_headings_by_the_name_of_their_style(style, level):
    document = docx.Document()
    if style not in document.styles:
        document.styles.add_style(style, 1)
    document.add_paragraph("공급 대상", style=style)
    assert reading(document).blocks == (Heading(level, "공급 대상") if level else Paragraph("공급 대상"),)


@pytest.mark.parametrize(("outline", "level"), [("0", 1), ("2", 3), ("9", 0)])
def test_read_knows_headings_by_their_outline_level(outline, level):
    document = docx.Document()
    paragraph = document.add_paragraph("공급 대상")
    properties = paragraph._p.get_or_add_pPr()
    properties.append(xml(f'<w:outlineLvl w:val="{outline}"/>'))
    assert reading(document).blocks == (Heading(level, "공급 대상") if level else Paragraph("공급 대상"),)


def hide_vanish(run):
    run.font.hidden = True


def hide_white(run):
    run.font.color.rgb = RGBColor(255, 255, 255)


def hide_nearly_white(run):
    run.font.color.rgb = RGBColor(254, 252, 250)


def hide_small(run):
    run.font.size = Pt(1)


def hide_like_its_mark(run):
    run.font.color.rgb = RGBColor(255, 255, 0)
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


HIDERS = [hide_vanish, hide_white, hide_nearly_white, hide_small, hide_like_its_mark]


@pytest.mark.parametrize("hide", HIDERS)
def test_read_drops_and_reports_hidden_runs(hide):
    document = docx.Document()
    paragraph = document.add_paragraph("보이는 글 ")
    hide(paragraph.add_run("숨은 지시"))
    assert texts(document) == ["보이는 글"]
    assert notices(document) == {"hidden_text": {"count": 5, "sample": "숨은 지시"}}


def test_read_drops_runs_that_their_style_hides():
    document = docx.Document()
    document.styles.add_style("숨김", 2).font.hidden = True
    document.add_paragraph("보임").add_run(" 숨음", style="숨김")
    assert texts(document) == ["보임"]


def test_read_drops_hidden_runs_within_cells():
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "구분"
    hide_white(table.cell(1, 1).paragraphs[0].add_run("숨은 칸"))
    assert reading(document).blocks == (
        Table(
            (("구분", ""), ("", "")),
        ),
    )


def test_read_keeps_white_text_on_a_dark_cell():
    document = docx.Document()
    table = document.add_table(1, 2)
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(xml('<w:shd w:val="clear" w:fill="1F3864"/>'))
        hide_white(cell.paragraphs[0].add_run("구분"))
    assert reading(document).blocks[0].rows == (("구분", "구분"),)


def test_read_keeps_white_text_where_the_style_of_the_table_colours_cells():
    document = docx.Document()
    table = document.add_table(1, 2, style="Medium Shading 1 Accent 1")
    hide_white(table.cell(0, 0).paragraphs[0].add_run("구분"))
    assert reading(document).blocks[0].rows == (("구분", ""),)


def test_read_keeps_raised_digits_apart_from_the_number_before():
    document = docx.Document()
    document.add_paragraph("10").add_run("3").font.superscript = True
    assert texts(document) == ["10³"]


def test_read_keeps_insertions_and_drops_deletions():
    document = docx.Document()
    paragraph = document.add_paragraph("한도는 ")._p
    paragraph.append(xml("<w:del><w:r><w:delText>3억</w:delText></w:r><w:r><w:t>3억</w:t></w:r></w:del>"))
    paragraph.append(xml("<w:ins><w:r><w:t>5억</w:t></w:r></w:ins>"))
    assert texts(document) == ["한도는 5억"]


def test_read_drops_a_deleted_row():
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 0).text = "남음", "지움"
    table.rows[1]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    assert reading(document).blocks[0].rows == (("남음", ""),)


def test_read_ignores_comments_headers_and_footers():
    document = docx.Document()
    paragraph = document.add_paragraph("본문")
    document.add_comment(paragraph.runs, text="검토 의견")
    document.sections[0].header.paragraphs[0].text = "머리글"
    document.sections[0].footer.paragraphs[0].text = "바닥글"
    assert texts(document) == ["본문"]


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx><w:txbxContent>"
    "<w:p><w:r><w:t>글상자</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>글상자</w:t></w:r></w:p></w:txbxContent>"
    "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def test_read_keeps_a_text_box_once_behind_its_paragraph():
    document = docx.Document()
    document.add_paragraph("앞")._p.append(xml(BOX))
    document.add_paragraph("뒤")
    assert texts(document) == ["앞", "글상자", "뒤"]


WHITE_RUN = "<w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>글상자</w:t></w:r>"
FILL = "<wps:spPr><a:solidFill><a:srgbClr val='1F3864'/></a:solidFill></wps:spPr>"


@pytest.mark.parametrize(("fill", "lines"), [("", ["앞"]), (FILL, ["앞", "글상자"])], ids=["plain", "filled"])
def test_read_keeps_white_text_of_a_text_box_only_where_the_box_is_filled(fill, lines):
    document = docx.Document()
    box = BOX.replace("<wps:txbx>", fill + "<wps:txbx>").replace("<w:r><w:t>글상자</w:t></w:r>", WHITE_RUN, 1)
    document.add_paragraph("앞")._p.append(xml(box))
    assert texts(document) == lines


def test_read_keeps_content_controls_fields_links_and_formulas():
    document = docx.Document()
    paragraph = document.add_paragraph()._p
    for inner in (
        "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>하나 </w:t></w:r></w:sdtContent></w:sdt>",
        "<w:fldSimple w:instr='DATE'><w:r><w:t>둘 </w:t></w:r></w:fldSimple>",
        "<w:hyperlink><w:r><w:t>셋</w:t><w:tab/><w:t>넷</w:t><w:noBreakHyphen/></w:r></w:hyperlink>",
        "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    ):
        paragraph.append(xml(inner))
    assert texts(document) == ["하나 둘 셋 넷-a+b"]


def numbered(levels):
    """A document whose list 77 counts as given, (form, pattern) a level; its style `List Number` is left alone."""
    document = docx.Document()
    listed = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (form, pattern) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    numbering.append(xml(f'<w:abstractNum w:abstractNumId="77">{listed}</w:abstractNum>'))
    numbering.append(xml('<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return document


def add_item(document, depth, text="항목", number=77):
    properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = depth, number


FORMS = [
    ("decimal", "%1.", ["1.", "2.", "3."]),
    ("ganada", "%1.", ["가.", "나.", "다."]),
    ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
    ("bullet", "\uf0a7", ["▪", "▪", "▪"]),
    ("bullet", "ㅇ", ["ㅇ", "ㅇ", "ㅇ"]),
    ("upperRoman", "%1)", ["I)", "II)", "III)"]),
    ("lowerLetter", "(%1)", ["(a)", "(b)", "(c)"]),
    ("decimal", "제%1조", ["제1조", "제2조", "제3조"]),
    ("chosung", "%1)", ["ㄱ)", "ㄴ)", "ㄷ)"]),
]


@pytest.mark.parametrize(
    ("form", "pattern", "signs"), FORMS, ids=[f"{form} {shown[1]}" for form, _, shown in FORMS]
)
def test_read_writes_automatic_numbers(form, pattern, signs):
    document = numbered([(form, pattern)])
    for _ in signs:
        add_item(document, 0)
    assert texts(document) == [f"{sign} 항목" for sign in signs]


def test_read_counts_the_levels_of_a_list_together():
    document = numbered([("decimal", "%1."), ("ganada", "%2)"), ("decimal", "%1.%3")])
    for depth in (0, 1, 1, 0, 1, 2):
        add_item(document, depth)
    assert [text.split()[0] for text in texts(document)] == ["1.", "가)", "나)", "2.", "가)", "2.1"]


def test_read_starts_again_where_the_list_says_so():
    document = numbered([("decimal", "%1.")])
    again = '<w:num w:numId="78"><w:abstractNumId w:val="77"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    document.part.numbering_part.element.append(xml(again))
    for number in (77, 77, 78, 78, 0):
        add_item(document, 0, number=number)
    assert texts(document) == ["1. 항목", "2. 항목", "1. 항목", "2. 항목", "항목"]


def test_read_numbers_headings_too():
    document = numbered([("decimal", "제%1장")])
    document.styles["Heading 1"].element.get_or_add_pPr().append(
        xml('<w:numPr><w:numId w:val="77"/></w:numPr>')
    )
    document.add_heading("총칙", 1)
    assert reading(document).blocks == (Heading(1, "제1장 총칙"),)


def test_read_takes_a_table_of_one_cell_as_a_frame():
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "틀 안의 글"
    cell.add_table(2, 2).cell(0, 0).text = "안"
    assert reading(document).blocks == (Table((("안", ""), ("", "")), caption="틀 안의 글"),)


def test_read_writes_a_table_within_a_cell_on_its_line():
    document = docx.Document()
    outer = document.add_table(1, 2)
    inner = outer.cell(0, 0).add_table(1, 3)
    for cell, text in zip(inner.rows[0].cells, "5 5 6".split(), strict=True):
        cell.text = text
    assert reading(document).blocks[0].rows == (("5 5 6", ""),)


def test_read_keeps_three_header_rows_that_are_marked():
    document = docx.Document()
    table = document.add_table(5, 2)
    for row, text in zip(table.rows, "abcde", strict=True):
        row.cells[0].text = text
    for row in table.rows[:3]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert reading(document).blocks[0].header_rows == 3


def test_read_leaves_out_an_automatic_table_of_contents_and_says_so():
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("제1조(목적) 3", style="toc 1")
    document.add_paragraph("본문")
    assert texts(document) == ["본문"]
    assert notices(document)["dropped"]["count"] == 1


def with_footnote():
    document = docx.Document()
    note = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> 조성원가 기준</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, note.encode(), document.part.package)
    document.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    )
    document.add_paragraph("단가 1,000")._p.append(xml('<w:r><w:footnoteReference w:id="7"/></w:r>'))
    document.add_paragraph("끝")
    return document


def test_read_puts_footnotes_at_the_end_and_marks_their_places():
    assert texts(with_footnote()) == ["단가 1,000[1]", "끝", "[1] 조성원가 기준"]


def test_read_reports_pictures(tmp_path):
    document = docx.Document()
    document.add_paragraph("그림 위")
    document.add_paragraph().add_run()._r.append(xml("<w:drawing><a:blip/></w:drawing>"))
    assert notices(document)["dropped"]["count"] == 1


def test_read_reports_cells_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 4)
    document = docx.Document()
    for row in document.add_table(3, 2).rows:
        row.cells[0].text = "칸"
    assert notices(document)["cut_off"] == {"kept": 4, "total": 6, "what": "cells"}


def damaged(data, part):
    """The package with one part cut in half, or gone where its name ends with `-`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry != part.rstrip("-"):
                new.writestr(entry, content)
            elif not part.endswith("-"):
                new.writestr(entry, content[: len(content) // 2])
    return out.getvalue()


PARTS = ["word/document.xml", "word/document.xml-", "word/styles.xml", "[Content_Types].xml-", "_rels/.rels-"]


@pytest.mark.parametrize("part", PARTS)
def test_read_refuses_a_package_with_a_part_cut_or_gone(part, tmp_path):
    as_docx(tmp_path / "a.docx")
    with pytest.raises(UnreadableDocument) as refused:
        read(damaged((tmp_path / "a.docx").read_bytes(), part), "a.docx")
    assert refused.value.code == "damaged"


def test_read_refuses_what_is_no_archive():
    with pytest.raises(UnreadableDocument, match=r"a\.docx"):
        read(b"PK\x03\x04 nothing", "a.docx")
