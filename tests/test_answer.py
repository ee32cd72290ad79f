"""Answers on the shipped documents: true, cited, dated, and none where the documents hold none."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from actions.reply import from_answer
from knowledge.answer import Answer, Status, compose
from knowledge.asked import split_parts
from knowledge.config import DOCUMENTS
from knowledge.library import Library
from knowledge.words import say

QUESTIONS = Path(__file__).parent / "questions"
TODAY = date(2026, 11, 22)


def path_of(name: str) -> Path:
    """The questions that every release must answer lie with the documents, because the gate asks them."""
    return DOCUMENTS / "questions.jsonl" if name == "musts" else QUESTIONS / f"{name}.jsonl"


def questions(*names: str) -> list[dict[str, Any]]:
    lines = [line for name in names for line in path_of(name).read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def plain(text: str) -> str:
    return re.sub(r"[\s,]", "", text)


@cache  # several tests look at the answers to the same thousand questions
def ask(library: Library, question: str, language: str = "ko", today: date = TODAY) -> Answer:
    return compose(question, language, library, today)


@pytest.mark.parametrize("asked", questions("musts"), ids=lambda asked: asked["id"])
def test_what_must_be_known_is_answered_with_its_facts_and_source(
    library: Library, asked: dict[str, Any]
) -> None:
    answer = ask(library, asked["question"], asked["language"])
    said = plain(answer.text)

    assert [fact for fact in asked["facts"] if not any(plain(one) in said for one in fact)] == []
    assert {citation.passage.document_id for citation in answer.citations} & set(asked["documents"])


def test_systems_of_the_founding_documents_are_answered(library: Library) -> None:
    asked = questions("systems")
    right = 0
    for one in asked:
        said = plain(ask(library, one["question"], one["language"]).text)
        right += all(any(plain(form) in said for form in fact) for fact in one["facts"])

    assert right >= 0.95 * len(asked)


def test_no_damaged_figure_is_ever_told(library: Library) -> None:
    told = []
    for one in questions("dev", "test", "musts", "systems"):
        said = plain(ask(library, one["question"], one["language"]).text)
        told += [(one["id"], never) for never in one["never"] if plain(never) in said]

    assert told == []


def test_every_figure_of_an_answer_stands_in_the_passage_it_quotes(library: Library) -> None:
    strange = []
    for one in questions("dev", "test"):
        answer = ask(library, one["question"], one["language"])
        held = plain(
            " ".join(c.passage.text for c in answer.citations)
            + " ".join(c.source.as_of for c in answer.citations)
        )
        quoted = [
            line
            for line in answer.text.splitlines()
            if not line.startswith(("※", "Note:", "다음 부분", "The sources"))
        ]
        figures = re.findall(r"\d[\d.]*", re.sub(r"\[\d+\]", " ", plain(" ".join(quoted))))
        strange += [
            (one["id"], figure) for figure in figures if answer.citations and figure.rstrip(".") not in held
        ]

    assert strange == []


def test_every_sentence_with_a_figure_has_a_source_with_a_date(library: Library) -> None:
    bare = []
    for one in questions("musts", "systems"):
        answer = ask(library, one["question"], one["language"])
        bare += [(one["id"], c.n) for c in answer.citations if not (c.source.as_of or c.source.published_on)]
        bare += [(one["id"], 0)] if answer.citations == () and re.search(r"\d", answer.text) else []

    assert bare == []


@pytest.mark.parametrize(
    ("question", "language", "reason"),
    [
        ("김천 클러스터 필지 오늘 분양가는 얼마인가요?", "ko", "unpublished"),
        ("입주승인까지 며칠 걸리나요?", "ko", "unpublished"),
        ("How many working days does admission approval take?", "en", "unpublished"),
        ("순천 혁신도시 클러스터 면적은?", "ko", "place"),
        ("How large is the innovation cluster in Gangneung?", "en", "place"),
        ("2025년 말 전국 클러스터 분양률은?", "ko", "year"),
        ("대구 혁신도시 안에 편의점이 몇 군데 있나요?", "ko", "figure"),
        ("How many restaurants are there in the Gimcheon innovation city?", "en", "figure"),
        ("입주승인 담당자 이름이 뭐예요?", "ko", "figure"),
        ("비빔밥은 어떻게 만들어요?", "ko", "nothing_found"),
        ("Who won the football world cup in 2022?", "en", "nothing_found"),
    ],
)
def test_what_the_documents_do_not_hold_is_declined_with_its_reason(
    library: Library, question: str, language: str, reason: str
) -> None:
    answer = ask(library, question, language)

    assert (answer.status, answer.reason) == (Status.NO_ANSWER, reason)


def test_answer_that_is_rather_none_says_so_first_and_offers_what_else_lies_near(library: Library) -> None:
    found = [(one, ask(library, one["question"], one["language"])) for one in questions("near")]
    told = [(one["language"], answer) for one, answer in found if answer.status is Status.ANSWERED]
    unlikely = [(language, answer) for language, answer in told if answer.unlikely]

    assert 0.25 < len(unlikely) / len(told) < 0.75  # 46 of 110 on 2026-11-24
    for language, answer in told:
        reply = from_answer(answer, library.release)
        titles = [button["title"] for button in reply.buttons]
        assert reply.text.startswith(say("unlikely", language)) is answer.unlikely
        assert titles[-1:] == ([say("button.person", language)] if answer.unlikely else [])
        assert not {citation.passage.section for citation in reply.citations} & set(titles)


def test_what_must_be_known_is_seldom_told_with_a_but(library: Library) -> None:
    answers = [ask(library, one["question"], one["language"]) for one in questions("musts")]

    assert sum(answer.unlikely for answer in answers) / len(answers) < 0.2  # 6 of 56 on 2026-11-24


def test_a_question_of_two_parts_is_answered_in_both(library: Library) -> None:
    answer = ask(
        library, "Who approves entry to a cluster and what happens after approval is cancelled?", "en"
    )

    assert {c.passage.document_id for c in answer.citations} >= {
        "cluster-entry-approval",
        "cluster-losing-approval",
    }


def test_parts_are_split_where_a_second_clause_asks_again() -> None:
    assert split_parts("입주승인은 누가 해 주고, 승인이 취소되면 땅은 어떻게 되나요?") == [
        "입주승인은 누가 해 주고",
        "승인이 취소되면 땅은 어떻게 되나요?",
    ]
    assert split_parts("나주와 진주의 감면 기간은 몇 년인가요?") == ["나주와 진주의 감면 기간은 몇 년인가요?"]


def test_old_figures_are_shown_as_old_and_statutes_are_not(library: Library) -> None:
    old = ask(library, "클러스터 용지는 얼마나 분양됐나요?")
    statute = ask(library, "입주승인은 누가 하나요?")

    assert "2019-12 기준(6년 전)" in old.text
    assert "오래된" not in statute.text


def test_a_figure_grows_old_with_the_day_it_is_asked(library: Library) -> None:
    young = ask(library, "클러스터 용지는 얼마나 분양됐나요?", today=date(2020, 6, 1))

    assert "오래된" not in young.text


def test_both_places_of_a_comparison_are_answered(library: Library) -> None:
    answer = ask(library, "나주와 진주로 본사를 옮길 때 세금 감면 기간은 각각 몇 년인가요?")

    assert all(place in answer.text for place in ("나주", "진주"))


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        # a rule of the law holds at the place asked for
        ("What is the fine for selling a cluster lot in Gimcheon without reporting it?", "en", "5 million"),
        ("진주 클러스터 땅을 신고 없이 팔면 과태료가 얼마예요?", "ko", "500만 원"),
    ],
)
def test_law_for_the_whole_country_answers_for_a_place(library, question, language, told):
    answer = ask(library, question, language)

    assert answer.status == Status.ANSWERED
    assert told in answer.text


def test_total_of_the_nation_does_not_answer_for_a_place(library):
    answer = ask(library, "순천 혁신도시 클러스터 면적은?", "ko")

    assert (answer.status, answer.reason) == (Status.NO_ANSWER, "place")
