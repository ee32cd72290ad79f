"""Matters that a question names and a passage has no word of."""

import csv
import re
from collections import Counter
from datetime import date
from itertools import chain

import pytest

from knowledge.answer import compose
from knowledge.clauses import asking_part
from knowledge.concepts import Concepts
from knowledge.config import DOCUMENTS
from knowledge.glossary import Glossary
from knowledge.lexical import morphemes, morphemes_of
from knowledge.matters import Matters

ROWS = [
    {
        "ko": "폐수",
        "en": "wastewater",
        "ko_variants": "오폐수",
        "en_variants": "effluent",
        "also": "하수처리",
    },
    {"ko": "통근버스", "en": "commuter bus", "ko_variants": "셔틀버스", "en_variants": "", "also": ""},
]


@pytest.fixture(scope="module")
def shipped():
    with (DOCUMENTS / "matters.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_matter_is_named_in_either_language_and_has_all_its_forms():
    matters = Matters.from_rows(ROWS)

    assert matters.named("오폐수는 어떻게 하나요?") == matters.named("Where does our effluent go?")
    assert [matter.name("en") for matter in matters.named("오폐수?")] == ["wastewater"]
    assert {("폐수", "오폐수"), ("폐수", "effluent"), ("폐수", "하수처리")} <= set(matters.texts())


def test_words_that_only_a_text_may_use_do_not_name_a_matter():
    assert Matters.from_rows(ROWS).named("하수처리장이 가까운가요?") == ()


@pytest.mark.parametrize(
    ("question", "language", "unmet"),
    [
        ("나주 클러스터까지 통근버스가 다니나요?", "ko", 1),
        ("울산 클러스터에서 폐수를 하루 몇 톤까지 받나요? 부가세도 내나요?", "ko", 2),
        ("Is there a commuter bus to the Wonju cluster?", "en", 1),
        ("클러스터 입주승인은 누구에게 신청하나요?", "ko", 0),
        ("How large is the Wonju cluster?", "en", 0),
    ],
)
def test_evidence_counts_the_matters_that_no_passage_found_has_a_word_of(library, question, language, unmet):
    hits = library.search(question, language)

    assert min(hit.evidence.unmet for hit in hits) == unmet


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        ("나주 클러스터에서 폐수는 하루 몇 톤까지 받나요?", "ko", "‘폐수’ 이야기가 없습니다"),
        ("Is there a commuter bus to the Naju cluster?", "en", "No document speaks of ‘commuter bus’"),
    ],
)
def test_answer_that_declines_names_what_no_document_speaks_of(library, question, language, told):
    answer = compose(question, language, library, date(2026, 11, 23))

    assert answer.status == "no_answer"
    assert told in answer.text


def test_matter_that_some_document_speaks_of_is_not_said_to_be_missing(library):
    assert library.release.unheard_of("원주 클러스터에 대학이나 병원도 있나요?") == []


def test_each_form_names_one_matter(shipped):
    def key(form):  # as the glossary finds them: Korean of three syllables inside words, others as words
        tight = re.sub(r"[\s·ㆍ]", "", form.lower())
        return tight if len(tight) > 2 and re.search("[가-힣]", tight) else tuple(morphemes(form))

    def forms_of(row):
        return (row["ko"], row["en"], *row["ko_variants"].split(";"), *row["en_variants"].split(";"))

    forms = Counter(chain.from_iterable({key(form) for form in forms_of(row) if form} for row in shipped))

    assert len(shipped) > 1000
    assert [form for form, count in forms.items() if count > 1] == []


def test_questions_that_a_sheet_answers_seldom_name_a_matter_that_it_does_not_speak_of(shipped):
    """The questions beside a section are such; each is held against the section and the other questions beside it."""
    matters = Matters.from_rows(shipped)
    concepts = Concepts(Glossary.from_rows([]), matters)
    asked, lacking = 0, []
    for path in sorted((DOCUMENTS / "ko").glob("*.md")) + sorted((DOCUMENTS / "en").glob("*.md")):
        title, *sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for section in sections:
            text = f"{title} {re.sub('<!--.*?-->', '', section, flags=re.DOTALL)}"
            beside = [
                asking_part(question)
                for block in re.findall(r"<!--\s*asked:(.*?)-->", section, re.DOTALL)
                for question in block.split("|")
            ]
            told = [set(names) for names in concepts.told([words] for words in morphemes_of([text, *beside]))]
            asked += len(beside)
            for number, question in enumerate(beside, start=1):
                known = set().union(*told[:number], *told[number + 1 :])
                if any(matter.ko not in known for matter in matters.named(question)):
                    lacking.append(question.strip())

    assert asked > 14000
    assert len(lacking) / asked < 0.05, (len(lacking), asked, lacking[:20])  # 0.043 on 2026-11-24
