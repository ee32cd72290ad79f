"""What a term means, for people who ask just that: the glossary's meaning with the article that it rests on."""

from __future__ import annotations

import re

from actions.reply import Reply, card_row
from actions.understood import Understood
from knowledge.answer import Status
from knowledge.glossary import Term
from knowledge.lexical import morphemes
from knowledge.library import Release
from knowledge.source import Source
from knowledge.words import say

_ASKS = re.compile(
    r"뭐|뭔|무엇|무슨\s*(?:뜻|말|의미)|뜻|의미|정의|개념|이란|란\s*\?|용어|what\s*(?:is|are|does|do)\b|what's|mean|defin|explain\s+the\s+term",
    re.IGNORECASE,
)
# Words with which a meaning is asked for, after the analyser.
_ASKING = frozenset(morphemes("means meaning meant mean definition define defined term word explain exactly called")) | frozenset(
    "뭐 뭔 무엇 무슨 뜻 의미 정의 개념 용어 말 설명 단어 정확히 이란 란 간단히 쉽 쉽게 보 나오 이르 가리키 알 궁금 그 이 저 제 좀 도대체 대체".split()
)  # fmt: skip
_TERMS = 3
_PUBLISHER = "국가법령정보센터"
_URL = "https://www.law.go.kr/법령/"


def explain_terms(asked: Understood, release: Release) -> Reply | None:
    """The meanings of the terms asked for, or None where a question asks for anything else."""
    terms = [term for term in _asked(asked.text, release) if term.meaning_ko]
    if not terms:
        return None
    korean = asked.language == "ko"
    lines = [
        f"{term.ko}({term.en}): {term.meaning_ko}" if korean else f"{term.en} ({term.ko}): {term.meaning_en}"
        for term in terms[:_TERMS]
    ]
    sources = [f"{say('label.law', asked.language)}: {term.clause} ({say('as_of', asked.language, date=term.as_of)})" for term in terms[:_TERMS]]  # fmt: skip
    told = [line for pair in zip(lines, sources, strict=True) for line in pair]
    return Reply(
        "\n".join(told),
        asked.language,
        Status.ANSWERED,
        "term",
        card={
            "type": "term",
            "title": say("term.title", asked.language),
            "rows": [_row(term, asked.language) for term in terms[:_TERMS]],
        },
    )


def _asked(text: str, release: Release) -> list[Term]:
    """Terms of a text that asks for their meaning and for nothing beside it."""
    if not _ASKS.search(text):
        return []
    terms = release.glossary.find(text)
    named = {
        word for term in terms for form in (*term.forms("ko"), *term.forms("en")) for word in morphemes(form)
    }
    rest = [word for word in morphemes(text) if word not in named and word not in _ASKING]
    return [] if rest else terms


def _row(term: Term, language: str) -> dict[str, object]:
    act = re.split(r"\s제\d", term.clause)[0]
    source = Source(term.ko, term.clause, _PUBLISHER, "", term.as_of, f"{_URL}{act.replace(' ', '')}", "")
    name, meaning = (
        (f"{term.ko} ({term.en})", term.meaning_ko)
        if language == "ko"
        else (f"{term.en} ({term.ko})", term.meaning_en)
    )
    fields = [(say("label.meaning", language), meaning), (say("label.law", language), term.clause)]
    return card_row(name, fields, source, language)
