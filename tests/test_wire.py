"""What passes between the box and its child: all of a reading, and nothing that is none."""

import datetime
import json
from dataclasses import replace
from typing import Any

import pytest

from index_build.reading.document import Heading, Notice, Paragraph, Reading, Table, UnreadableDocument
from index_build.reading.limits import MAX_CELLS, MAX_CHARACTERS
from index_build.reading.reasons import REASONS
from index_build.reading.safety.wire import WireError, from_json, to_json

READING = Reading(
    (
        Heading(1, "혁신도시 🏙️"),
        Paragraph('"인용", \\ud800 \n \u2028 끝'),
        Table((("구분", "면적"), ("대구", "858")), 1, "면적", "천㎡"),
        Table(()),
    ),
    "제목",
    (Notice("cut_off", {"kept": 1, "total": 2, "what": "pages"}),),
    {"title": "자료", "region": ["jeonju"], "sources": {"S1": {"as_of": 2019, "url": None, "open": True}}},
)  # fmt: skip
PARAGRAPH = ["paragraph", "가"]
DEEP = b"[" * 100_000


def message(**changed: Any) -> bytes:
    """A good message with something changed."""
    return json.dumps({"title": "", "blocks": [PARAGRAPH], "notices": [], "front": {}} | changed).encode()


def refused(code: object, values: object) -> bytes:
    return json.dumps({"refused": [code, values]}).encode()


def test_reading_passes_whole() -> None:
    assert from_json(to_json(READING), "a.md") == READING


def test_dates_of_a_front_matter_become_text() -> None:
    reading = replace(READING, front={"as_of": datetime.date(2026, 7, 1), 2019: (float("inf"),)})
    assert from_json(to_json(reading), "a.md").front == {"as_of": "2026-07-01", "2019": ["inf"]}


def test_half_characters_become_question_marks() -> None:
    assert from_json(to_json(Reading((Paragraph("가\ud800나"),))), "a").blocks == (Paragraph("가?나"),)


@pytest.mark.parametrize("code", REASONS)
def test_refusal_passes_with_its_values(code: str) -> None:
    values = dict.fromkeys("named found where detail entry allowed other".split(), "{값}")
    with pytest.raises(UnreadableDocument) as caught:
        from_json(to_json(UnreadableDocument(code, "child.pdf", **values)), "원래 이름.pdf")
    assert (caught.value.code, caught.value.file, caught.value.values) == (code, "원래 이름.pdf", values)


def test_other_values_of_a_refusal_become_text() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        from_json(
            to_json(UnreadableDocument("too_large", "a.pdf", detail=1.5, allowed=ValueError("b"))), "a.pdf"
        )
    assert caught.value.values == {"detail": "1.5", "allowed": "b"}


def test_unfolding_aliases_are_not_sent() -> None:
    laughs: Any = "ha"
    for _ in range(9):
        laughs = [laughs] * 10
    with pytest.raises(WireError, match="front matter"):
        to_json(Reading((), front={"a": laughs}))


def test_a_front_matter_that_holds_itself_is_not_sent() -> None:
    front: dict[str, Any] = {}
    front["a"] = front
    with pytest.raises(WireError, match="front matter"):
        to_json(Reading((), front=front))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe", b"null", b"[]", b'"reading"', b"{}", DEEP, b'{"a":' * 100_000, b"1" * 10_000, message() + b"x",
        message(more=1), message(title=None), message(title=["a"]), message(blocks={}), message(blocks=[["paragraph"]]),
        message(blocks=["paragraph"]), message(blocks=[["image", "a"]]), message(blocks=[["paragraph", 1]]),
        message(blocks=[["heading", 0, "a"]]), message(blocks=[["heading", True, "a"]]), message(blocks=[["heading", 1.0, "a"]]),
        message(blocks=[["heading", 10**30, "a"]]), message(blocks=[["table", [["a"], ["b", "c"]], 1, "", ""]]),
        message(blocks=[["table", [["a"]], 2, "", ""]]), message(blocks=[["table", [["a"]], -1, "", ""]]),
        message(blocks=[["table", [[None]], 1, "", ""]]), message(blocks=[["table", ["ab"], 1, "", ""]]),
        message(blocks=[["table", [["a"]], 1, None, ""]]), message(notices=[["unheard_of", {}]]),
        message(notices=[["cut_off", {}]]), message(notices=[["cut_off", {"kept": 1, "total": [1], "what": "a"}]]),
        message(notices=[["dropped", {"what": "a", "count": 1, "file": "b"}]]), message(notices=["cut_off"]),
        message(front=[]), message(front={"a": "\ud800"}), message(front={"a": float("nan")}), message(title="\ud800"),
        message(blocks=[["paragraph", "\udc00"]]), b'{"title":"\xed\xa0\x80","blocks":[],"notices":[],"front":{}}',
        refused("unheard_of", {}), refused("damaged", {}), refused(["damaged"], {}), refused("damaged", ["detail"]),
        refused("empty", {"file": "other.pdf"}), refused("empty", {"code": "damaged"}), refused("empty", {"self": "a"}),
        refused("damaged", {"detail": {"a": 1}}), b'{"refused":["empty",{}],"blocks":[]}', b'{"refused":["empty"]}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        from_json(data, "a.pdf")


def test_the_message_that_the_others_change_is_good() -> None:
    assert from_json(message(), "a.pdf") == Reading((Paragraph("가"),))


def test_more_values_than_memory_may_hold_are_refused_unparsed() -> None:
    data = b"[" + b"[]," * (MAX_CHARACTERS + MAX_CELLS + 1)
    with pytest.raises(WireError, match="size"):
        from_json(data, "a.pdf")


def test_as_many_commas_as_characters_are_read_pass() -> None:
    reading = Reading((Paragraph("," * MAX_CHARACTERS),))
    assert from_json(to_json(reading), "a.txt") == reading
