"""Decisions on doubts: kept for ever, keyed by what the sentence says."""

import multiprocessing

import pytest

from index_build.decisions import Decisions, doubt_key

SENTENCE = "연 5명의 인력을 양성하고, 약 500개 기업을 지원한다."


def test_latest_decision_holds_and_none_is_lost(tmp_path):
    decisions = Decisions(tmp_path)
    decisions.decide("key", "confirm", "kim", note="원문 대조")
    decisions.decide("key", "dismiss", "lee")

    assert decisions.latest()["key"].verdict == "dismiss"
    assert [(d.verdict, d.by, d.note) for d in Decisions(tmp_path).history("key")] == [
        ("confirm", "kim", "원문 대조"),
        ("dismiss", "lee", ""),
    ]


def test_home_without_decisions_has_none(tmp_path):
    assert Decisions(tmp_path).latest() == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("verdict", "correction", "source", "said"),
    [
        ("maybe", "", "", "verdict: 'maybe' is not allowed. Allowed: confirm, correct, dismiss"),
        ("correct", "", "보도자료, 2021-12-15", "correction: missing"),
        ("correct", "2021년 12월 15일이다.", " ", "source: missing"),
        ("correct", "XNUMX년이다.", "보도자료", "placeholder"),
    ],
)
def test_decision_that_cannot_stand_is_refused_with_the_reason(tmp_path, verdict, correction, source, said):
    with pytest.raises(ValueError, match=said):
        Decisions(tmp_path).decide("key", verdict, "kim", "", correction, source)
    assert Decisions(tmp_path).latest() == {}


@pytest.mark.parametrize(
    "same", [SENTENCE.replace(" ", "  "), SENTENCE.replace(",", ""), SENTENCE[:-1], "□ " + SENTENCE]
)
def test_key_survives_spaces_and_punctuation(same):
    assert doubt_key("rule", "plan.ko", same) == doubt_key("rule", "plan.ko", SENTENCE)


@pytest.mark.parametrize(
    "other",
    [
        ("rule", "plan.ko", SENTENCE.replace("500", "50")),
        ("other", "plan.ko", SENTENCE),
        ("rule", "else.ko", SENTENCE),
        ("rule", "plan.ko", SENTENCE.replace("500", "5-00")),
    ],
)
def test_key_changes_with_rule_document_and_figure(other):
    assert doubt_key(*other) != doubt_key("rule", "plan.ko", SENTENCE)


def _decide(home, number, start):
    start.wait(60)
    for n in range(10):
        Decisions(home).decide(f"{number}-{n}", "confirm", "kim")


def test_decisions_of_two_processes_are_all_kept(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)  # both make the file at one moment
    both = [spawn.Process(target=_decide, args=(tmp_path, number, start)) for number in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)

    assert len(Decisions(tmp_path).latest()) == 20
