"""The glossary: what is found in a text, what it is in the other language, and the file itself."""

import re

import pytest

from knowledge.config import DOCUMENTS
from knowledge.glossary import GLOSSARY, Glossary


@pytest.fixture(scope="module")
def glossary():
    return Glossary.read(DOCUMENTS / GLOSSARY)


def make(*rows):
    return Glossary.from_rows(
        dict(zip(("ko", "en", "ko_variants", "en_variants"), row, strict=True)) for row in rows
    )


SMALL = make(
    ("입주승인", "admission approval", "입주 허가", "occupancy approval;permission to move in"),
    ("승인", "approval", "", ""),
    ("본점 이전", "head office relocation", "본사이전", "HQ move"),
    ("환수", "clawback", "", "forced buy-back"),
    ("보은", "Boeun", "", ""),
)


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("입주승인은 누가 하나요?", "en", ["admission approval"]),
        ("입주 승인을 받았는데요", "en", ["admission approval"]),
        ("우리 회사 본사 이전하려고요", "en", ["head office relocation"]),
        ("승인부터 받아야 하나요", "en", ["approval"]),
        ("정보은행에서 환수합니까", "en", ["clawback"]),
        ("보은으로 갑니다", "en", ["Boeun"]),
        ("Who grants occupancy approvals?", "ko", ["입주승인"]),
        ("HQ moves and forced buy-back", "ko", ["본점 이전", "환수"]),
        ("입주승인 취소와 clawback", "ko", ["입주승인", "환수"]),
        ("날씨가 좋네요", "en", []),
        ("", "ko", []),
    ],
)
def test_terms_are_found_and_put_into_the_other_language(text, language, terms):
    assert SMALL.translated(text, language) == terms


def test_one_form_of_two_terms_finds_both():
    both = make(("양도", "transfer", "", "sale"), ("분양", "lot sale", "", "sale"))

    assert both.translated("sale of land", "ko") == ["양도", "분양"]


def test_row_without_its_english_form_is_named():
    with pytest.raises(ValueError, match=r"glossary.csv row 2: column 'en' is empty"):
        make(("환수", "", "", ""))


def test_shipped_glossary_has_the_entries_and_meanings_it_promises(glossary):
    explained = [term for term in glossary.terms if term.clause]

    assert len(glossary.terms) >= 600
    assert len(explained) >= 300
    assert [t.ko for t in explained if not (t.meaning_ko and t.meaning_en)] == []
    assert [t.ko for t in glossary.terms if t.meaning_ko and not t.clause] == []


def test_every_clause_of_the_shipped_glossary_names_act_and_article(glossary):
    assert [
        t.clause for t in glossary.terms if t.clause and not re.search(r"[가-힣] 제\d+조", t.clause)
    ] == []


def test_every_shipped_term_is_found_by_its_own_main_forms(glossary):
    lost = [t.ko for t in glossary.terms if t not in glossary.find(t.ko) or t not in glossary.find(t.en)]

    assert lost == []
