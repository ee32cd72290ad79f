"""The questions that the gate asks: read from the folders of documents, each line checked."""

import json

import pytest

from index_build.catalogue_files import BuildError
from index_build.questions import QUESTIONS, read_questions
from knowledge.config import DOCUMENTS

ROW = {"id": "q1", "language": "ko", "question": "나주 용지는?"}


@pytest.fixture
def write(tmp_path):
    """Write a folder's questions: objects, or lines as they are."""

    def to_folder(*lines, folder="docs"):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = "\n".join(
            line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
        )
        (tmp_path / folder / QUESTIONS).write_text(text + "\n", encoding="utf-8")
        return tmp_path / folder

    return to_folder


def test_question_is_read_with_all_its_keys(write):
    row = ROW | {"facts": [["858", "85만 8천"], ["㎡"]], "never": ["856"], "documents": ["cluster"]}

    assert read_questions([write(row)]) == [row]


def test_question_may_ask_for_nothing_more_than_an_answer(write):
    assert read_questions([write(ROW)]) == [ROW | {"facts": [], "never": [], "documents": []}]


def test_empty_lines_and_a_byte_order_mark_are_passed_over(write):
    assert len(read_questions([write("\ufeff" + json.dumps(ROW), "", "  ")])) == 1


def test_line_separators_inside_a_question_end_no_line(write):
    row = ROW | {"question": "나주\u2028용지\x85는?"}

    assert [q["question"] for q in read_questions([write(row)])] == ["나주\u2028용지\x85는?"]


def test_question_of_a_later_folder_takes_the_place_of_an_earlier_one(write):
    early = write(ROW, ROW | {"id": "q2"})
    late = write(ROW | {"question": "부산 용지는?"}, folder="uploads")

    assert [(q["id"], q["question"]) for q in read_questions([early, late])] == [
        ("q1", "부산 용지는?"),
        ("q2", "나주 용지는?"),
    ]


def test_folder_without_questions_has_none(tmp_path):
    assert read_questions([tmp_path, tmp_path / "nowhere"]) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", r'line 2: not an object with "id", "language" and "question"'),
        ("[1]", "line 2: not an object"),
        ('"q2"', "line 2: not an object"),
        ({"id": "q2", "language": "ko"}, "line 2: not an object .*'question'"),
        (ROW | {"id": "q2", "language": "jp"}, "line 2: language must be ko or en"),
        (ROW | {"id": "q2", "language": ["ko"]}, "line 2: language must be ko or en"),
        (
            ROW | {"id": "q2", "question": "  "},
            "line 2: language must be ko or en, and question must not be empty",
        ),
        (ROW | {"id": "q2", "facts": ["858"]}, "line 2: .*'858' is not a list of texts"),
        (ROW | {"id": "q2", "facts": [[""]]}, "line 2: .* is not a list of texts"),
        (ROW | {"id": "q2", "never": "856"}, "line 2: .*'856' is not a list of texts"),
        (ROW | {"id": "q2", "never": [""]}, "line 2: .* is not a list of texts"),
        (ROW | {"id": "q2", "documents": "cluster"}, "line 2: .*'cluster' is not a list of texts"),
        (ROW | {"id": "q2", "facts": 3}, "line 2: not an object"),
        (ROW, "line 2: the id 'q1' stands twice"),
    ],
)
def test_wrong_line_is_named_with_what_is_wrong(write, line, said):
    with pytest.raises(BuildError, match=rf"questions.jsonl {said}"):
        read_questions([write(ROW, line)])


def test_file_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / QUESTIONS).write_bytes(json.dumps(ROW, ensure_ascii=False).encode("cp949"))

    with pytest.raises(BuildError, match=r"questions.jsonl: not UTF-8 .*Save it as UTF-8"):
        read_questions([tmp_path])


def test_shipped_questions_ask_for_facts_or_refuse_to_tell():
    bare = [q["id"] for q in read_questions([DOCUMENTS]) if not (q["facts"] or q["never"])]

    assert bare == []
