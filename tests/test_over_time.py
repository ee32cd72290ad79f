"""How a figure changed between two dates, from two rows of the catalogue."""

import pytest

from tests.asking import runner, titles, values


@pytest.fixture(scope="module")
def run(library):
    return runner(library)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("전국 클러스터 분양률이 2019년 말에서 2023년 말까지 몇 %p 올랐죠", ("65.7%(2019-12)", "79.3%(2023-12)", "13.6%p 늘었")),
        ("20년 말하고 21년 말 분양률 차이", ("68.7%(2020-12)", "73.0%(2021-12)", "4.3%p 늘었")),
        ("팔린 땅 중 실제로 쓰는 비율, 2019년 초랑 2023년 말 비교", ("35.0%(2019-03)", "50.1%(2023-12)", "15.1%p 늘었")),
        (
            "By how many percentage points did the in-use share of sold cluster land rise from March 2019 to end of 2023?",
            ("35.0% (2019-03)", "50.1% (2023-12)", "by 15.1 percentage points"),
        ),
    ],
)  # fmt: skip
def test_change_is_told_with_both_figures_and_their_dates(run, text, told):
    reply = run("action_answer", text)

    assert reply["status"] == "answered"
    assert [part for part in told if part not in reply["text"]] == []
    assert "수치라 지금과 다를" in reply["text"] or "may differ today" in reply["text"]


def test_shares_have_as_many_decimals_in_text_and_rows(run):
    reply = run("action_answer", "팔린 땅 중 실제로 쓰는 비율, 2019년 초랑 2023년 말 비교")
    shown = [row["fields"][0]["value"][:5] for row in reply["card"]["rows"]]

    assert shown == ["35.0%", "50.1%", "15.1%"]


def test_rows_show_both_figures_and_the_difference_with_sources_and_dates(run):
    reply = run("action_answer", "2019년 말과 2023년 말의 분양률 차이는 얼마나 되나요?")

    assert titles(reply)[-1] == "차이"
    assert list(values(reply, 2).values()) == ["13.6%p"]
    assert [bool(row["source"] and row["as_of"]) for row in reply["card"]["rows"]] == [True] * 3


@pytest.mark.parametrize(
    "text",
    [
        "2019년에 이전해서 2023년에 폐업하면 세금이 얼마나 늘어요?",  # no figure of the catalogue
        "진주 클러스터 분양률은 2015년과 2021년에 얼마나 차이가 나나요?",  # no row of 2015
        "나주와 진주의 2019년과 2021년 분양률 차이는요?",  # two places
        "2019년 말 분양률은 얼마였나요?",  # one date
        # a part of the cluster against the whole of it
        "김천 클러스터 3.3㎡당 가격이 2014년 5월하고 2017년 5월에 얼마나 차이 나나요?",
    ],
)
def test_nothing_is_worked_out_where_rows_are_lacking_or_differ_in_more_than_time(run, text):
    reply = run("action_answer", text)

    assert "차이" not in (titles(reply) if reply["card"] else [])
