"""The pointer CURRENT and the history: what was served before what, also where they are damaged."""

import json

import pytest

from index_build.release import publish, releases, rollback
from knowledge.home import CURRENT, HISTORY, current_id, earlier_ids, history, pointer_problem, published_ids
from tests.bare import bare_release, flip_bit


@pytest.fixture
def home(tmp_path):
    """Five whole releases, none published."""
    for name in "abcde":
        bare_release(tmp_path, name)
    return tmp_path


def run(home, steps):
    """`abc<` publishes a, b and c and rolls back once."""
    for step in steps:
        rollback(home) if step == "<" else publish(home, step)


@pytest.mark.parametrize(
    ("steps", "served", "before"),
    [
        ("", "", ""),
        ("a", "a", ""),
        ("abc", "c", "ba"),
        ("abc<", "b", "a"),
        ("abc<<", "a", ""),
        ("abc<d", "d", "ba"),  # c was taken back: nobody wants it again
        ("abc<d<", "b", "a"),
        ("abc<c", "c", "ba"),
        ("abca", "a", "cb"),
        ("abca<", "c", "ba"),
        ("abca<<", "b", "a"),
        ("aab", "b", "a"),
        ("aa", "a", ""),
        ("aba<b<", "a", ""),
        ("ab<de<<", "a", ""),
    ],
)
def test_what_was_served_before_is_a_stack(home, steps, served, before):
    run(home, steps)

    assert current_id(home) == served
    assert earlier_ids(home, served) == list(before)


def test_rollback_never_comes_to_a_candidate(home):
    run(home, "ac")  # b, d and e stay candidates

    assert rollback(home) == "a"
    assert earlier_ids(home, "a") == []
    assert [row["id"] for row in releases(home) if row["published"]] == ["c", "a"]


def test_published_ids_come_latest_first_and_once(home):
    run(home, "abcb")

    assert published_ids(home) == ["b", "c", "a"]


def test_history_tells_who_did_what_when_and_why(home):
    publish(home, "a", "Kim", "first")
    publish(home, "b", "Lee", "")
    rollback(home, "Park")
    told = [(e["what"], e["id"], e["from"], e["by"], e["reason"]) for e in history(home)]

    assert told == [
        ("publish", "a", "", "Kim", "first"),
        ("publish", "b", "a", "Lee", ""),
        ("rollback", "a", "b", "Park", ""),
    ]
    assert all(event["at"].startswith("20") and event["at"].endswith("+00:00") for event in history(home))


@pytest.mark.parametrize("reason", ["줄\n바꿈", "sepa\u2028rated", "next\x85line", "form\x0cfeed", '"} {'])
def test_reason_of_any_characters_keeps_its_event(home, reason):
    publish(home, "a", "Kim", reason)
    publish(home, "b")

    assert history(home)[0]["reason"] == reason
    assert earlier_ids(home, "b") == ["a"]


def test_history_survives_a_line_cut_off_by_a_crash(home):
    run(home, "ab")
    with (home / HISTORY).open("ab") as file:
        file.write(b'{"at": "2026-11-22T00:00:00+00:00", "id": "c", "fr')
    publish(home, "d")

    assert [event["id"] for event in history(home)] == ["a", "b", "d"]
    assert earlier_ids(home, "d") == ["b", "a"]


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\x00", b"[]", b"7", b"null", b'{"id": 3, "what": "publish"}', b"{}"]
)
def test_history_leaves_out_what_is_no_event(home, line):
    publish(home, "a")
    with (home / HISTORY).open("ab") as file:
        file.write(line + b"\n")
    publish(home, "b")

    assert earlier_ids(home, "b") == ["a"]


def test_any_flipped_bit_of_the_history_leaves_what_is_served(home):
    run(home, "abc<d")
    whole = (home / HISTORY).read_bytes()
    for at in range(0, len(whole), 3):
        flip_bit(home / HISTORY, at, at % 8)
        assert current_id(home) == "d"
        assert len(earlier_ids(home, "d")) >= 1  # one line at most is lost
        (home / HISTORY).write_bytes(whole)


@pytest.mark.parametrize("pointer", [None, b"", b"\xff\xfe", b"b\x00", b"x", b"../..x", b"\n"])
def test_damaged_pointer_gives_what_was_served_last(home, pointer):
    run(home, "abc<")
    (home / CURRENT).unlink()
    if pointer is not None:
        (home / CURRENT).write_bytes(pointer)

    assert current_id(home) == "b"
    assert "CURRENT is missing or was altered" in pointer_problem(home)
    assert "publish b" in pointer_problem(home)


def test_pointer_holds_where_the_history_lost_its_line(home):
    run(home, "abc")
    lines = (home / HISTORY).read_bytes().splitlines(keepends=True)
    (home / HISTORY).write_bytes(b"".join(lines[:2]))

    assert (current_id(home), pointer_problem(home)) == ("c", "")
    assert earlier_ids(home, "c") == ["b", "a"]


def test_home_without_history_is_served_by_its_pointer(home):
    (home / CURRENT).write_text("c\n", encoding="utf-8")

    assert (current_id(home), earlier_ids(home, "c"), history(home)) == ("c", [], [])


def test_rollback_mends_a_damaged_pointer(home):
    run(home, "abc")
    (home / CURRENT).write_bytes(b"\xff")

    assert rollback(home) == "b"
    assert (home / CURRENT).read_text() == "b\n"
    assert json.loads((home / HISTORY).read_bytes().splitlines()[-1])["from"] == "c"


def test_home_that_is_not_there_holds_nothing(tmp_path):
    nowhere = tmp_path / "nowhere"

    assert (current_id(nowhere), published_ids(nowhere), pointer_problem(nowhere)) == ("", [], "")
    assert not nowhere.exists()
