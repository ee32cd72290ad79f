"""Questions that were not answered well, and usage in figures, out of real records."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from sqlalchemy import update

from assistant.admin.questions import Asked, Questions, grouped
from assistant.admin.usage import Figure, as_csv, figures, plot, read_usage
from assistant.records import NewMessage, Outcome, Records
from assistant.staff_tables import Database
from assistant.tables import MESSAGES

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # noon in Korea


def places(text):
    return frozenset(name for name in ("나주", "진주", "naju", "jinju") if name in text.lower())


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'service.db'}"


@pytest.fixture
def records(url):
    records = Records(url)
    yield records
    records.close()


@pytest.fixture
def board(records, url):
    database = Database(url)
    yield Questions(records, database, places)
    database.close()


def ask(records, text, status="answered", at=NOW, rated=None, reason="", language="ko", **more):
    """One turn at a time; the answer's id."""
    conversation, _ = records.start_conversation("", language)
    sources = [{"document_id": name} for name in more.get("documents", ())]
    outcome = Outcome(status, reason, more.get("intent", "ask"), 0.5, more.get("took_ms", 100))
    question = NewMessage("user", text, language, client_message_id="1")
    _, answer = records.add_turn(
        conversation.id, [question, NewMessage("assistant", "…", language, sources=sources)], outcome
    )
    with records.engine.begin() as connection:
        own = MESSAGES.c.conversation_id == conversation.id
        connection.execute(update(MESSAGES).where(own).values(created_at=at))
    if rated is not None:
        records.add_feedback(conversation.id, answer["id"], rated, reason, "")
    return answer["id"]


def texts(groups):
    return [[one.text for one in group.asked] for group in groups]


def test_unanswered_and_badly_rated_questions_are_found_and_others_are_not(board, records):
    ask(records, "나주 땅값은 얼마인가요?", "no_answer", reason="nothing_found")
    ask(records, "진주 연락처를 알려 주세요", rated=False, reason="outdated")
    ask(records, "혜택이 있나요?", rated=True)
    ask(records, "날씨가 어떤가요?", "out_of_scope")
    ask(records, "옛날 질문입니다", "no_answer", at=NOW - timedelta(days=31))
    found = board.asked(NOW, 30)

    assert sorted((one.text, one.why, one.reason) for one in found) == [
        ("나주 땅값은 얼마인가요?", "no_answer", "nothing_found"),
        ("진주 연락처를 알려 주세요", "badly_rated", "outdated"),
    ]


def test_question_unanswered_and_badly_rated_counts_once(board, records):
    ask(records, "나주 땅값은 얼마인가요?", "no_answer", rated=False)

    assert [one.why for one in board.asked(NOW, 30)] == ["no_answer"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("나주 땅값은 얼마인가요?", "나주의 땅값이 얼마입니까", True),
        ("나주 땅값은 얼마인가요?", "나주 땅값 얼마", True),
        ("나주 땅값은 얼마인가요?", "진주 주차장은 어디인가요?", False),
        ("How much is land in Naju?", "how much is the land in naju", True),
        ("How much is land in Naju?", "Where is the office of Jinju?", False),
        (
            "나주 혁신도시 클러스터 용지 가격은 얼마인가요?",
            "진주 혁신도시 클러스터 용지 가격은 얼마인가요?",
            False,
        ),
        ("취득세는 얼마나 감면되나요?", "재산세는 얼마나 감면되나요?", False),
        ("???", "!!!", False),
    ],
)
def test_questions_with_the_same_words_are_one_group(one, other, alike):
    asked = [Asked(text, "ko", NOW, "no_answer", "", "c") for text in (one, other)]

    assert (len(grouped(asked, places)) == 1) is alike


def test_largest_group_comes_first_and_keeps_its_first_question_as_label(board, records):
    ask(records, "주차장은 어디인가요?", "no_answer", at=NOW - timedelta(hours=3))
    ask(records, "나주 땅값은 얼마인가요?", "no_answer", at=NOW - timedelta(hours=2))
    ask(records, "나주의 땅값이 얼마입니까", "no_answer", at=NOW - timedelta(hours=1))

    assert [(g.label, len(g.asked)) for g in board.groups(NOW, 30)] == [
        ("나주 땅값은 얼마인가요?", 2), ("주차장은 어디인가요?", 1),
    ]  # fmt: skip


def test_decision_outlives_the_questions_it_was_made_on(board, records):
    ask(records, "나주 땅값은 얼마인가요?", "no_answer")
    board.decide(board.groups(NOW, 30)[0], "Kim", NOW, assigned_to="Lee", note="물어봄")
    later = NOW + timedelta(days=200)
    ask(records, "나주의 땅값이 얼마입니까", "no_answer", at=later)
    (group,) = board.groups(later, 30)

    assert (group.assigned_to, group.note, texts([group])) == (
        "Lee",
        "물어봄",
        [["나주의 땅값이 얼마입니까"]],
    )


def test_group_closes_while_its_test_passes_and_opens_again_when_it_does_not(board, records):
    ask(records, "나주 땅값은 얼마인가요?", "no_answer")
    ask(records, "주차장은 어디인가요?", "no_answer")
    group = next(g for g in board.groups(NOW, 30) if "나주" in g.label)
    board.decide(group, "Kim", NOW, test_id="kept-1")
    states = []
    for right in (False, True, True, False):
        board.settle(lambda _, right=right: right, NOW + timedelta(hours=1))
        states.append([g.is_closed for g in board.groups(NOW, 30) if g.key == group.key])

    assert states == [[False], [True], [True], [False]]


def test_group_asked_again_after_it_was_closed_is_open(board, records):
    ask(records, "나주 땅값은 얼마인가요?", "no_answer")
    group = board.groups(NOW, 30)[0]
    board.decide(group, "Kim", NOW, test_id="kept-1")
    board.settle(lambda _: True, NOW + timedelta(hours=1))
    ask(records, "나주의 땅값이 얼마입니까", "no_answer", at=NOW + timedelta(hours=2))
    (found,) = board.groups(NOW + timedelta(hours=3), 30)

    assert (found.is_closed, found.closed_at is not None) == (False, True)


def test_figures_count_what_was_asked(records):
    ask(records, "가", intent="land", documents=["sales", "plan"], took_ms=100)
    ask(records, "나", "no_answer", intent="land", at=NOW - timedelta(days=1), took_ms=3000)
    ask(records, "b", language="en", intent="tax", documents=["sales"], took_ms=9000)
    ask(records, "옛날", at=NOW - timedelta(days=40))
    usage = read_usage(records, NOW, 7)
    found = {
        key: {label: value for label, value in figure.rows if value} for key, figure in figures(usage).items()
    }

    assert found["days"] == {"2026-11-19": 1, "2026-11-20": 2}
    assert found["unanswered"] == {"2026-11-19": 1}
    assert found["intents"] == {"land": 2, "tax": 1}
    assert found["documents"] == {"sales": 2, "plan": 1}
    assert found["outcomes"] == {"answered": 2, "no_answer": 1}
    assert found["languages"] == {"ko": 2, "en": 1}
    assert found["hours"] == {"12": 3}
    assert found["times"] == {"≤ 0.25 s": 1, "≤ 4 s": 1, "> 8 s": 1}
    assert found["slow"] == {"2026-11-19": 3, "2026-11-20": 9}
    assert (usage.unanswered, usage.seconds(0.5)) == (pytest.approx(1 / 3), 3)


def test_night_in_korea_counts_to_the_korean_day(records):
    ask(records, "밤", at=datetime(2026, 11, 19, 15, 30, tzinfo=UTC))
    found = figures(read_usage(records, NOW, 7))

    assert dict(found["days"].rows)["2026-11-20"] == 1
    assert dict(found["hours"].rows)["00"] == 1


def test_figures_of_no_records_are_empty_and_plotted(records):
    usage = read_usage(records, NOW, 30)
    for figure in figures(usage).values():
        assert sum(value for _, value in figure.rows) == 0
        assert etree.fromstring(plot(figure.rows, figure.unit, "제목", figure.in_order)).tag == "svg"


def test_more_kinds_than_a_plot_can_show_are_summed_up(records):
    for number in range(15):
        ask(records, f"질문 {number}", intent=f"intent{number}")
    rows = figures(read_usage(records, NOW, 7))["intents"].rows

    assert (len(rows), rows[-1]) == (13, ("…", 3))


def test_bars_are_as_long_as_their_numbers():
    tree = etree.fromstring(plot([("가", 10), ("나", 5), ("다", 0)], "count", "제목"))
    widths = [float(bar.get("width")) for bar in tree.iter("rect")]

    assert widths == [pytest.approx(2 * widths[1], abs=0.1), widths[1], 0]


def test_columns_are_as_high_as_their_numbers_and_stand_on_one_line():
    tree = etree.fromstring(plot([("가", 10), ("나", 5), ("다", 0)], "count", "제목", in_order=True))
    bars = tree.xpath("rect[@class='bar']")
    heights = [float(bar.get("height")) for bar in bars]

    assert heights == [pytest.approx(2 * heights[1], abs=0.1), heights[1], 0]
    assert len({round(float(bar.get("y")) + float(bar.get("height")), 1) for bar in bars}) == 1
    assert tree.xpath("text[@class='value']/text()") == ["10"]


def test_ninety_columns_have_few_labels():
    tree = etree.fromstring(plot([(str(day), day) for day in range(90)], "count", "제목", in_order=True))

    assert (len(tree.xpath("rect[@class='bar']")), len(tree.xpath("text[@class='label']"))) == (90, 8)


def test_last_label_below_columns_is_not_cut_off():
    days = [(f"2026-11-{day:02}", day) for day in range(1, 31)]
    last = etree.fromstring(plot(days, "count", "제목", in_order=True)).xpath("text[@class='label']")[-1]

    assert (last.text, last.get("text-anchor"), last.get("x")) == ("11-29", "end", "420.0")


@pytest.mark.parametrize(
    ("label", "shown"),
    [("short", "short"), ("city-gwangju-jeonnam-x", "city-gwangju-jeonnam…"), ("혁신도시 클러스터 용지의 분양", "혁신도시 클러스터 용…")],
)  # fmt: skip
def test_label_before_a_bar_fits_whatever_its_letters(label, shown):
    assert etree.fromstring(plot([(label, 1)], "count", "제목")).findtext("text") == shown


def test_plot_says_its_title_and_labels_as_text():
    tree = etree.fromstring(plot([("<b>&", 1)], "count", '"<x>'))

    assert (tree.get("aria-label"), tree.findtext("text")) == ('"<x>', "<b>&")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_csv_holds_no_formula(cell):
    rows = list(csv.reader(io.StringIO(as_csv(("가", "나"), [(cell, 1)]).removeprefix("\ufeff"))))

    assert rows == [["가", "나"], [f"'{cell}", "1"]]


def test_share_and_seconds_are_shown_in_their_units():
    tree = etree.fromstring(plot(Figure("x", (("a", 0.256),), "share").rows, "share", "t"))

    assert tree.xpath("text[@class='value']/text()") == ["25.6%"]
