"""Meanings of terms: told where just that is asked, and nowhere else."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.reply import Reply
from actions.terms import explain_terms
from actions.understood import understand
from knowledge.language import detect
from knowledge.library import Library


def explained(library: Library, text: str) -> Reply | None:
    said = {"text": text, "entities": [{"entity": "language", "value": detect(text)}]}
    tracker = Tracker.from_dict({"sender_id": "terms", "slots": {}, "latest_message": said, "events": []})
    return explain_terms(understand(tracker, library.release.gazetteer), library.release)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("입주승인이 뭐예요?", "입주승인"),
        ("종전부동산이란?", "종전부동산"),
        ("이전공공기관이 무엇인가요?", "이전공공기관"),
        ("혁신도시 개발예정지구가 무슨 뜻이에요?", "혁신도시개발예정지구"),
        ("What does former property of a relocated institution mean?", "former property"),
        ("What is a relocated public institution?", "relocated public institution"),
    ],
)
def test_meaning_is_told_where_it_is_asked(library: Library, text: str, named: str) -> None:
    reply = explained(library, text)

    assert reply is not None
    assert reply.card["rows"][0]["title"].startswith(named)


@pytest.mark.parametrize(
    "text",
    [
        "입주승인은 누가 하나요?",
        "입주승인을 받으려면 서류가 무엇이 필요한가요?",
        "종전부동산을 팔면 세금이 얼마인가요?",
        "이전공공기관 목록이 뭐예요?",
        "What is the fee for admission approval?",
        "What are the deadlines of relocated public institutions?",
        "입주승인",
        "뭐예요?",
        "",
    ],
)
def test_meaning_is_not_told_where_more_or_less_is_asked(library: Library, text: str) -> None:
    assert explained(library, text) is None


@pytest.mark.parametrize(
    ("text", "dated"), [("종전부동산이 뭐예요?", "기준"), ("What is infrastructure?", "as of")]
)
def test_meaning_names_its_article_and_date(library: Library, text: str, dated: str) -> None:
    reply = explained(library, text)

    assert reply is not None
    assert "혁신도시 조성 및 발전에 관한 특별법 제2조" in reply.text
    assert dated in reply.text
    assert all(row["as_of"] and row["source"] and row["url"] for row in reply.card["rows"])


def test_meaning_gives_the_term_in_the_other_language(library: Library) -> None:
    reply = explained(library, "종전부동산이 뭐예요?")

    assert reply is not None
    assert reply.text.startswith("종전부동산(former property of a relocated institution): ")


def test_two_terms_are_both_explained(library: Library) -> None:
    reply = explained(library, "종전부동산과 이전공공기관이 뭐예요?")

    assert reply is not None
    assert [row["title"].split(" (")[0] for row in reply.card["rows"]] == ["종전부동산", "이전공공기관"]
