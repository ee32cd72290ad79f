"""One turn judged: facts, sources, what must not be told, declining, language."""

import pytest

from benchmarks.judging import holds, judge
from knowledge.words import say

QUESTION = {
    "id": "q1",
    "language": "ko",
    "kind": "simple",
    "question": "클러스터 용지는 얼마나 분양됐나요?",
    "expect": "answered",
    "facts": [["65.7"], ["2019", "이천십구"]],
    "never": ["79.3"],
    "documents": ["cluster-sales"],
}
SOURCE = {
    "n": 1,
    "document_id": "cluster-sales",
    "section": "분양 현황",
    "title": "클러스터 분양 현황",
    "publisher": "국토교통부",
    "as_of": "2019-12-31",
    "quote": "2019년 말 클러스터 용지는 65.7%가 분양됐습니다.",
}
MESSAGE = {
    "text": "2019년 말 클러스터 용지는 65.7%가 분양됐습니다. [1]",
    "language": "ko",
    "sources": [SOURCE],
    "card": None,
}
ROW = {
    "title": "나주",
    "fields": [{"label": "분양률", "value": "65.7%"}],
    "note": "",
    "as_of": "2019-12",
    "source": "국토교통부 – 현황",
}
OUTCOME = {"status": "answered", "reason": "", "intent": "ask_policy", "confidence": 0.9, "took_ms": 40}


def judged(question=None, message=None, outcome=None):
    return judge(QUESTION | (question or {}), MESSAGE | (message or {}), OUTCOME | (outcome or {}))


def quoting(quote, document="cluster-sales"):
    return {"sources": [SOURCE | {"quote": quote, "document_id": document}]}


def with_card(*rows, sources=()):
    return {"card": {"type": "land", "title": "", "rows": list(rows)}, "sources": list(sources)}


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("1,390㎡", "139", False),
        ("2019, 139곳", "139", True),
        ("194,000원", "194000", True),
        ("194 000원", "194000", False),
        ("7년간 100 %", "7년간100%", True),
        ("17년간 100%", "7년간100%", False),
        ("2019. 12. 31.", "2019.12", True),
        ("본사를 옮기면", "본사를옮기면", True),
        ("sold by 2019", "2019", True),
    ],
)
def test_form_of_a_fact_is_found_whatever_its_spaces_but_figures_count_whole(text, form, found):
    assert holds(text, form) is found


def test_turn_that_tells_every_fact_from_the_right_document_is_right():
    turn = judged()

    assert (turn["facts_right"], turn["source_right"], turn["right"]) == (True, True, True)


def test_answer_that_says_that_it_may_be_none_is_hedged():
    hedge = {"text": f"{say('unlikely', 'ko')}\n{MESSAGE['text']}"}

    assert (judged(message=hedge)["hedged"], judged(message=hedge)["right"]) == (True, True)
    assert judged()["hedged"] is False
    assert judged(message=hedge, outcome={"status": "no_answer"})["hedged"] is False


def test_turn_that_lacks_a_fact_has_wrong_facts():
    turn = judged(message={"text": "클러스터 용지는 65.7%가 분양됐습니다. [1]"})

    assert (turn["facts_right"], turn["right"]) == (False, False)


def test_fact_told_but_not_quoted_has_no_source():
    turn = judged(message=quoting("클러스터 용지는 65.7%가 분양됐습니다."))

    assert (turn["facts_right"], turn["source_right"], turn["right"]) == (True, False, False)


def test_fact_quoted_from_another_document_has_a_source_but_does_not_count_as_right():
    turn = judged(message=quoting(SOURCE["quote"], "city-naju"))

    assert (turn["source_right"], turn["document_right"], turn["right"]) == (True, False, False)


def test_one_right_document_among_those_cited_suffices():
    message = {"sources": [SOURCE, SOURCE | {"n": 2, "document_id": "city-naju"}]}

    assert judged(message=message)["right"] is True


def test_row_of_a_card_with_source_and_date_is_a_source():
    turn = judged(message=with_card(ROW) | {"text": "찾았습니다."})

    assert (turn["facts_right"], turn["source_right"]) == (True, True)


@pytest.mark.parametrize("lacking", ["source", "as_of"])
def test_row_without_source_or_date_is_none(lacking):
    row = ROW | {"note": "2019", lacking: ""}

    assert judged(message=with_card(row))["source_right"] is False


def test_question_without_documents_needs_a_row_or_a_quoted_sentence():
    question, bare = {"documents": []}, {"sources": []}

    turns = [judged(question, message) for message in (bare, with_card(ROW), {})]

    assert (
        [turn["source_right"] for turn in turns] == [turn["right"] for turn in turns] == [False, True, True]
    )


def test_handoff_that_happens_to_tell_the_facts_does_not_answer():
    turn = judged(outcome={"status": "handoff"})

    assert (turn["facts_right"], turn["source_right"], turn["declined"]) == (False, False, True)


def test_figure_that_must_never_be_told_makes_a_right_answer_wrong():
    turn = judged(message={"text": MESSAGE["text"] + " 지금은 79.3%입니다."})

    assert (turn["never_told"], turn["facts_right"], turn["right"]) == (["79.3"], True, False)


@pytest.mark.parametrize(
    ("status", "declined"),
    [
        ("no_answer", True),
        ("out_of_scope", True),
        ("handoff", True),
        ("clarify", True),
        ("answered", False),
        ("partial", False),
        ("failed", False),
    ],
)
def test_statuses_that_decline(status, declined):
    turn = judged({"expect": "no_answer", "facts": []}, outcome={"status": status})

    assert (turn["declined"], turn["right"]) == (declined, declined)


@pytest.mark.parametrize(
    ("intent", "expect", "message", "declined"),
    [
        ("greet", "out_of_scope", {}, True),
        ("thank", "out_of_scope", {}, True),
        ("goodbye", "out_of_scope", {}, True),
        ("ask_policy", "out_of_scope", {}, False),
        ("greet", "no_answer", {}, False),
        ("greet", "out_of_scope", {"text": "안녕하세요. 65%입니다."}, False),
        ("greet", "out_of_scope", {"sources": [SOURCE]}, False),
        ("greet", "out_of_scope", with_card(ROW), False),
    ],
)
def test_greeting_in_reply_to_what_is_off_topic_declines(intent, expect, message, declined):
    message = {"text": "안녕하세요.", "sources": []} | message
    turn = judged({"expect": expect, "facts": []}, message, {"intent": intent, "confidence": None})

    assert turn["declined"] is declined


@pytest.mark.parametrize(
    ("message", "right"),
    [
        ({}, True),
        ({"language": "en"}, False),
        ({"text": "The land was sold and it is gone."}, False),
    ],
)
def test_language_is_right_where_both_label_and_text_are(message, right):
    assert judged(message=message)["language_right"] is right


@pytest.mark.parametrize(
    ("outcome", "failed"), [({}, False), ({"status": "failed"}, True), ({"reason": "engine_down"}, True)]
)
def test_turn_without_the_engine_is_marked(outcome, failed):
    assert judged(outcome=outcome)["failed"] is failed
