"""Questions in one language, documents in the other; sources that contradict each other; what is typed on the wrong keyboard."""

from datetime import date

import pytest

from index_build.glosses import glosses
from index_build.passages import split_document
from index_build.reading.assemble import read_document
from knowledge.answer import compose, quote
from knowledge.config import DOCUMENTS
from knowledge.glossary import GLOSSARY, Glossary
from knowledge.library import Library
from tests.releasing import released

ACT = """---
title: 시험 클러스터법
시행일자: 2026-06-02
---
# 시험 클러스터법

##### 제1조 (입주승인)

클러스터에 입주하려는 자는 시ㆍ도지사의 입주승인을 받아야 한다.

##### 제2조 (양도명령)

시ㆍ도지사는 입주승인이 취소된 자에게 6개월 이내에 부지의 양도를 명할 수 있다.

##### 제3조 (과태료)

신고하지 아니하고 부지를 양도한 자에게는 500만원 이하의 과태료를 부과한다.
"""
PLAN = """Plan for the research campus in Yangjae

The research campus will hold space for 540 companies and a data centre. It opens in 2027.

The parking garage below the campus has 900 spaces.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder, config):
    """A Korean act and an English text, neither in the other language."""
    docs, home = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("home")
    (docs / "act.md").write_text(ACT, encoding="utf-8")
    (docs / "plan.txt").write_text(PLAN, encoding="utf-8")
    released(home, [docs], embedder)
    return Library(home, embedder, config)


@pytest.mark.parametrize(
    ("question", "language", "found"),
    [
        ("Who has to grant admission approval before we move in?", "en", "제1조"),
        ("What is the administrative fine for selling the site without reporting it?", "en", "제3조"),
        ("How many firms fit into the Yangjae research campus?", "en", "540"),
        ("입주승인은 누가 하나요?", "ko", "제1조"),
    ],
)
def test_the_best_passage_leads_whatever_its_language(library, question, language, found):
    best = library.search(question, language)[0].passage

    assert found in f"{best.section} {best.text}"


def test_a_text_of_the_other_language_is_among_the_first_hits(library):
    hits = library.search("양재 연구 캠퍼스에 기업이 몇 개 들어가나요?", "ko")

    assert any("540" in hit.passage.text for hit in hits[:3])


def test_one_article_takes_one_place_among_the_hits(library):
    sections = [hit.passage.section for hit in library.search("입주승인", "ko") if hit.passage.section]

    assert len(sections) == len(set(sections))


def test_sections_of_one_language_alone_get_a_line_in_the_other(tmp_path):
    (tmp_path / "act.md").write_text(ACT, encoding="utf-8")
    document = read_document(tmp_path / "act.md")
    drafts = split_document(document)
    lines = glosses([document], drafts, Glossary.read(DOCUMENTS / GLOSSARY))

    assert set(lines) == {draft.id for draft in drafts}
    assert "admission approval" in lines[drafts[0].id]
    assert "administrative fine" in lines[drafts[2].id]


def test_documents_of_both_languages_get_no_line(library):
    shipped = DOCUMENTS / "ko" / "glossary.md", DOCUMENTS / "en" / "glossary.md"
    documents = [read_document(path) for path in shipped]
    drafts = [draft for document in documents for draft in split_document(document)]

    assert glosses(documents, drafts, library.release.glossary) == {}


def test_a_quotation_from_the_other_language_says_what_it_is_about(library):
    [passage] = [p for p in library.release.passages() if p.section.startswith("제1조")]
    citations, text = quote([passage], library.release, "en", 2, date(2026, 11, 23))

    assert text.startswith("(quoted from a Korean document: ")
    assert "admission approval" in text.split("\n")[0]
    assert citations[0].quote == passage.text


def test_a_question_typed_on_the_wrong_keyboard_is_read_as_meant(library):
    typed = compose("dlqwntmddlsdms 누가 하나요?", "ko", library, date(2026, 11, 23))
    meant = compose("입주승인은 누가 하나요?", "ko", library, date(2026, 11, 23))

    assert (typed.text, typed.status) == (meant.text, meant.status)


def test_sources_that_contradict_each_other_are_both_told(tmp_path, embedder, config):
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, day, value in (("old", "2019-12", "65.7"), ("new", "2023-12", "79.3")):
        (docs / f"{name}.md").write_text(
            f"---\ntitle: {name} 분양 현황\nas_of: {day}\n---\n\n# {name} 분양 현황\n\n## 분양률\n\n나주 혁신도시 클러스터 용지의 분양률은 {value}%이다.\n",
            encoding="utf-8",
        )
    released(tmp_path / "home", [docs], embedder)
    library = Library(tmp_path / "home", embedder, config)
    answer = compose("나주 혁신도시 클러스터 용지의 분양률은?", "ko", library, date(2024, 6, 1))

    assert len(library.release.rows("contradictions")) == 1
    assert "65.7" in answer.text
    assert "79.3" in answer.text
    assert "더 최근입니다" in answer.text
