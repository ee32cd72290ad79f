"""Documents to passages: pieces, ids, digests and marks."""

import re

import pytest

from index_build.passages import TARGET, WHOLE_SHEET, question_digest, split_document
from index_build.reading.assemble import read_document
from knowledge.config import DOCUMENTS
from tests.conftest import SHARED_SOURCES

HEAD = """---
title: 시험 자료
programme: general
language: ko
sources:
  S1: {title: 안내, publisher: 국토교통부, as_of: 2019, status: verified}
---
"""
BODY = """
## 첫째
<!-- asked: 얼마나 남았나요? -->
나주에는 30,000㎡가 남았습니다. [S1] 김천은 145,700㎡입니다. [L101, L100]

## 둘째
부산에는 용지가 없습니다.
"""
LONG = "\n## 긴 절\n" + " ".join(
    f"{n}번째 문장은 용지와 세금을 함께 설명하는 보통 길이의 문장입니다." for n in range(40)
)
BUG = "passages.py `_SENTENCE_END`: the space before a section's last mark ends the sentence, so the mark is cut off"


@pytest.fixture
def split(tmp_path):
    """Write a sheet (or a plain file) and cut it into passages."""

    def write_and_split(body, name="sheet.md", head=HEAD):
        path = tmp_path / name
        path.write_text(head + body, encoding="utf-8")
        return split_document(read_document(path))

    return write_and_split


def test_section_becomes_one_passage_without_its_marks(split):
    first, second = split(BODY)

    assert first.text.strip() == "나주에는 30,000㎡가 남았습니다. 김천은 145,700㎡입니다."
    assert (first.section, first.language, first.document_id) == ("첫째", "ko", "sheet")
    assert second.text == "부산에는 용지가 없습니다."


def test_ids_survive_edits_elsewhere(split):
    before = {p.section: p.id for p in split(BODY)}
    edited = BODY.replace("30,000㎡가 남았습니다", "팔렸습니다") + "\n## 셋째\n새 절입니다.\n"
    after = {p.section: p.id for p in split("\n## 새 머리\n앞에 왔습니다.\n" + edited)}

    assert {section: after[section] for section in before} == before
    assert len(set(after.values())) == 4


def test_ids_of_sections_with_the_same_heading_differ(split):
    ids = [p.id for p in split("\n## 절\n하나입니다.\n\n## 절\n둘입니다.\n")]

    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"sheet\.ko\.[0-9a-f]{8}\.[12]", id) for id in ids)


def test_digest_changes_with_the_text_only(split):
    before = [p.digest for p in split(BODY)]
    other_mark = [
        p.digest for p in split(BODY.replace("[S1]", "[L006]").replace("asked: 얼마나", "asked: 아직"))
    ]
    other_text = [p.digest for p in split(BODY.replace("부산에는", "부산에"))]

    assert other_mark == before
    assert [a == b for a, b in zip(before, other_text, strict=True)] == [True, False]


def test_digest_covers_title_and_heading(split):
    before = split(BODY)[1].digest

    assert split(BODY.replace("## 둘째", "## 2째"))[1].digest != before
    assert split(BODY, head=HEAD.replace("시험 자료", "다른 자료"))[1].digest != before


def test_digest_of_a_question_never_equals_that_of_its_text(split):
    passage = split("\n## 절\n얼마나 남았나요?\n")[0]

    assert question_digest(passage.embedded_text) != passage.digest


def test_questions_stand_beside_the_first_piece_only(split):
    pieces = split(LONG.replace("긴 절\n", "긴 절\n<!-- asked: 하나? | 둘? -->\n"))

    assert [piece.asked for piece in pieces] == [("하나?", "둘?")] + [()] * (len(pieces) - 1)


def test_long_section_is_cut_between_sentences_near_the_target(split):
    pieces = split(LONG)

    assert len(pieces) > 3
    assert max(len(piece.text) for piece in pieces) <= TARGET
    assert all(piece.text.endswith("문장입니다.") for piece in pieces)


def test_no_sentence_is_lost_or_repeated_by_cutting(split):
    sentences = [sentence.text for piece in split(LONG) for sentence in piece.sentences]

    assert " ".join(sentences) == LONG.split("\n")[2]


def test_sentence_longer_than_two_passages_is_cut_at_spaces(split):
    words = [f"낱말{n}" for n in range(400)]
    pieces = split("\n## 조문\n" + " ".join(words) + ".\n")

    assert max(len(piece.text) for piece in pieces) <= 2 * TARGET
    assert " ".join(piece.text for piece in pieces) == " ".join(words) + "."


def test_list_items_are_sentences_of_their_own(split):
    (passage,) = split("다음과 같다\n- 첫째 항목\n② 둘째 항목\n", "list.txt", head="")

    assert [s.text for s in passage.sentences] == ["다음과 같다", "- 첫째 항목", "② 둘째 항목"]


def test_numbers_of_list_items_and_dates_stay_with_their_sentence(split):
    (passage,) = split("1. 첫째 항목\n가. 둘째 항목\n2026. 6. 2. 시행한다.\n", "list.txt", head="")

    assert [s.text for s in passage.sentences] == ["1. 첫째 항목", "가. 둘째 항목", "2026. 6. 2. 시행한다."]


def test_figures_with_points_do_not_end_a_sentence(split):
    (passage,) = split("\n## 절\n분양률은 65.7%입니다. 나주는 92.8%입니다!\n")

    assert [s.text for s in passage.sentences] == ["분양률은 65.7%입니다.", "나주는 92.8%입니다!"]


def test_marks_inside_a_section_lead_to_their_sources(split):
    first = split(BODY)[0].sentences[0]

    assert (first.text, first.sources) == ("나주에는 30,000㎡가 남았습니다.", ("sheet/S1",))


def test_marks_at_the_end_of_a_section_lead_to_their_sources(split):
    sentences = split(BODY)[0].sentences

    assert [s.text for s in sentences] == ["나주에는 30,000㎡가 남았습니다.", "김천은 145,700㎡입니다."]
    assert [s.sources for s in sentences] == [("sheet/S1",), ("L101", "L100")]


def test_shipped_sentences_are_whole_and_those_with_figures_have_sources():
    passages = [p for path in sorted(DOCUMENTS.glob("*/*.md")) for p in split_document(read_document(path))]
    sentences = [s for p in passages for s in p.sentences]

    assert [s for s in sentences if not s.text or "[" in s.text] == []
    assert [s.text for s in sentences if re.search(r"\d", s.text) and not s.sources] == []


def test_shipped_passages_are_short_and_have_ids_of_their_own():
    passages = [p for path in sorted(DOCUMENTS.glob("*/*.md")) for p in split_document(read_document(path))]

    assert max(len(p.text) for p in passages) <= WHOLE_SHEET
    assert len({p.id for p in passages}) == len(passages)


@pytest.mark.skipif(not SHARED_SOURCES.is_dir(), reason="the statutes lie beside the repository only")
def test_real_statute_stays_within_the_limits():
    act = next((SHARED_SOURCES / "statutes").glob("혁신도시*_법률.md"))
    passages = split_document(read_document(act))

    assert max(len(p.text) for p in passages) <= 2 * TARGET
    assert len({p.id for p in passages}) == len(passages) > 100
