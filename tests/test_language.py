"""Korean or English: the rule of the service and the engine's copy of it."""

import importlib.util
import json

import pytest

from knowledge.language import detect
from tests.conftest import ROOT

_SPEC = importlib.util.spec_from_file_location("quantities", ROOT / "assistant/rasa/quantities.py")
engine = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(engine)

MIXED = [
    ("나주 혁신도시에 남은 땅이 있나요?", "ko"),
    ("KAIST랑 협력하면 R&D 지원이 있나요?", "ko"),
    ("SME인데 head office 옮기면 tax 감면 되나요", "ko"),
    ("LH 연락처 알려줘", "ko"),
    ("AI 기업 incentive 뭐 있어?", "ko"),
    ("UAM, ICT, MICE 업종도 되나요", "ko"),
    ("클러스터 price는요?", "ko"),
    ("ㅇㅇ", "ko"),
    ("5,000㎡", "ko"),
    ("", "ko"),
    ("???", "ko"),
    ("Is there land left in Naju?", "en"),
    ("tax relief Jinju", "en"),
    ("HELLO", "en"),
    ("What is 혁신도시?", "en"),
    ("How much of the 클러스터 land in 김천 is left?", "en"),
    ("Can we rent an office in the 양재 AI district?", "en"),
    ("Please tell me about 지방투자촉진보조금 for an SME with a factory in the capital region", "en"),
    ("is the 원주 cluster sold out", "en"),
    ("what does 입주승인 mean for a company that is moving", "en"),
]


@pytest.mark.parametrize(("text", "language"), MIXED)
def test_language_follows_the_grammar_of_mixed_text(text, language):
    assert detect(text) == language


def test_language_of_text_without_letters_is_the_default():
    assert detect("3,000 ?", default="en") == "en"
    assert detect("Naju?", default="ko") == "en"


def test_language_of_the_engine_agrees_with_the_service():
    files = sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    questions = [json.loads(line)["question"] for path in files for line in path.read_text().splitlines()]

    differing = [q for q in questions if engine.language(q) != detect(q)]

    assert len(questions) > 100
    assert differing == []


@pytest.mark.parametrize(("text", "language"), MIXED)
def test_language_of_the_engine_agrees_on_mixed_text(text, language):
    assert engine.language(text) == language
