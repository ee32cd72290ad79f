"""Bytes to Document: sheets, statutes and plain text."""

import re
import unicodedata

import pytest

from index_build.reading.assemble import read_document
from index_build.reading.document import UnreadableDocument
from tests.conftest import SHARED_SOURCES

SHEET = """---
title: 시험 자료
programme: innovation_city
region: [jeonju, wanju]
publisher: 국토교통부
source_title: 안내
source_url: https://example.kr
published:
as_of: 2019-12
valid_from:
valid_until:
language: ko
sources:
  S1: {title: 안내, publisher: 국토교통부, published: null, as_of: 2019, url: "", status: verified}
---

## 분양률
<!-- asked: 얼마나 팔렸나요? | 분양률 몇 퍼센트예요? -->
2019년 말까지 65.7%가 분양되었습니다. [L006,S1]

## 지금 살 수 있는 필지 {.unpublished}
<!-- 편집자: 다시 볼 것 -->
공개된 목록이 없습니다. [S1]
"""

STATUTE = """---
제목: 시험에 관한 법률
법령ID: '010372'
공포일자: 2026-06-02
시행일자: 2026-07-01
출처: https://www.law.go.kr/법령/시험
---

# 시험에 관한 법률

## 제1장 총칙

##### 제1조 (목적)

이 법은 시험을 **목적**으로 한다. <개정 2017.12.26, 2026.6.2>

  1\\. "혁신도시"라 함은 도시를 말한다. <신설 2020.1.1>

##### 제2조 (정의)

정의는 다음과 같다. [본조신설 2015.12.29]

## 부칙

제1조 (시행일) 이 법은 공포한 날부터 시행한다. <개정 2011.5.30>

## 부칙 <제2호>

경과조치를 둔다.
"""

ACT = SHARED_SOURCES / "statutes" / "혁신도시조성및발전에관한특별법_법률.md"
real_act = pytest.mark.skipif(not ACT.is_file(), reason="the statutes lie beside the repository only")


@pytest.fixture
def read(tmp_path):
    """Write a file and read it as a document."""

    def write_and_read(content, name="sheet.md"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_document(path)

    return write_and_read


def test_sheet_keeps_its_front_matter(read):
    document = read(SHEET)

    assert (document.id, document.language, document.regions) == ("sheet", "ko", ("jeonju", "wanju"))
    assert (document.as_of, document.published_on, document.valid_from) == ("2019-12", "", "")
    assert document.publisher == "국토교통부"


def test_sheet_sources_bear_the_document_in_their_key(read):
    source = read(SHEET).sources["S1"]

    assert (source.key, source.as_of, source.published_on) == ("sheet/S1", "2019", "")
    assert read(SHEET.replace(", status: verified", "")).sources["S1"].status == "unverified"


def test_sheet_sections_follow_its_headings(read):
    first, second = read(SHEET).sections

    assert (first.heading, first.kind) == ("분양률", "text")
    assert first.text == "2019년 말까지 65.7%가 분양되었습니다. [L006,S1]"
    assert (second.heading, second.kind) == ("지금 살 수 있는 필지", "unpublished")
    assert second.text == "공개된 목록이 없습니다. [S1]"  # without the editor's comment


def test_asked_questions_are_read_and_never_quoted(read):
    first, second = read(SHEET).sections

    assert first.asked == ("얼마나 팔렸나요?", "분양률 몇 퍼센트예요?")
    assert second.asked == ()
    assert "asked" not in first.text + second.text


def test_document_reads_the_same_with_windows_line_ends_and_byte_order_mark(read):
    windows = b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode()

    assert read(windows).sections == read(SHEET).sections


def test_hangul_in_pieces_is_joined(read):
    assert read(unicodedata.normalize("NFD", SHEET)).sections == read(SHEET).sections


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("language: ko", "language: jp", r"sheet.md: .*`language` ko or en.*'jp'"),
        ("language: ko\n", "", r"sheet.md: front matter needs a title, and `language`"),
        ("title: 시험 자료", "title:", r"sheet.md: front matter needs a title"),
        ("title: 시험 자료", "title: [시험", r"(?s)sheet.md: not YAML: .* See knowledge/documents/README.md"),
        (SHEET.split("---\n")[1], "그냥 글\n", r"sheet.md: no keys. See knowledge/documents/README.md"),
        (SHEET.split("---\n")[2], "\n## 제목만\n", r"sheet.md: holds no text to index. Check"),
    ],
)
def test_broken_sheet_is_refused_with_file_and_remedy(read, old, new, reason):
    with pytest.raises(UnreadableDocument, match=reason):
        read(SHEET.replace(old, new))


@pytest.mark.parametrize("sources", ["S1: 안내", "- S1"])
def test_sheet_with_sources_of_another_form_is_refused(read, sources):
    with pytest.raises(UnreadableDocument, match=r"sheet.md"):
        read(re.sub(r"S1: \{.*\}", sources, SHEET))


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("name", ["memo.txt", "memo.md"])
def test_text_is_read_whatever_its_encoding(read, name, encoding):
    document = read("나주 혁신도시 클러스터 용지의 분양 현황을 알립니다.".encode(encoding), name)

    assert [section.text for section in document.sections] == [
        "나주 혁신도시 클러스터 용지의 분양 현황을 알립니다."
    ]


def test_file_without_text_is_refused(read):
    with pytest.raises(UnreadableDocument, match="holds no text to index"):
        read("# 제목만\n<!-- 없음 -->\n")


def test_plain_text_takes_its_first_line_for_its_title(read):
    document = read("– Yangjae innovation plan\n\nThe city supports companies with this plan.", "plan.txt")

    assert (document.title, document.language, document.programme) == (
        "Yangjae innovation plan",
        "en",
        "general",
    )
    assert len(document.sections) == 1


def test_statute_loses_its_supplementary_provisions_and_amendment_marks(read):
    document = read(STATUTE, "act.md")
    text = "\n".join(section.text for section in document.sections)

    assert [section.heading for section in document.sections] == ["제1조 (목적)", "제2조 (정의)"]
    assert not re.search(r"부칙|시행일|경과조치|<개정|<신설|본조신설|\*\*|\\", text)
    assert "이 법은 시험을 목적으로 한다." in text


def test_statute_names_its_publisher_and_dates(read):
    document = read(STATUTE, "act.md")

    assert (document.title, document.publisher) == ("시험에 관한 법률", "국가법령정보센터")
    assert (document.published_on, document.valid_from) == ("2026-06-02", "2026-07-01")


@real_act
def test_innovation_city_act_is_read_by_article():
    document = read_document(ACT)
    articles = [s for s in document.sections if re.match(r"제\d+조", s.heading)]

    assert document.title == "혁신도시 조성 및 발전에 관한 특별법"
    assert len(articles) > 60
    assert any(s.heading.startswith("제5조의3") for s in articles)


@real_act
def test_innovation_city_act_loses_its_supplementary_provisions_and_amendment_marks():
    raw = ACT.read_text(encoding="utf-8")
    text = "\n".join(f"{s.heading}\n{s.text}" for s in read_document(ACT).sections)

    assert re.search(r"^## 부칙", raw, re.MULTILINE)
    assert re.findall(r"<(?:개정|신설|삭제)|\[(?:본조신설|전문개정)|^부칙", text, re.MULTILINE) == []
