"""Areas, amounts and headcounts in visitors' words, as the engine reads them."""

import importlib.util

import pytest
import yaml

from tests.conftest import ROOT

_SPEC = importlib.util.spec_from_file_location("quantities", ROOT / "assistant/rasa/quantities.py")
engine = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(engine)

_HELD_OUT = [
    item
    for name in ("entities.yml", "entities_guided.yml")
    for item in yaml.safe_load((ROOT / "tests" / "nlu" / name).read_text(encoding="utf-8"))
]


def values(text, entity):
    """The distinct values of one kind in a text; to say one amount twice is to say it once."""
    return sorted({value for _, _, kind, value in engine.quantities(text) if kind == entity})


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("5000㎡ 필요해요", 5_000),
        ("5,000 m2", 5_000),
        ("1,800m², please", 1_800),
        ("8백 제곱미터", 800),
        ("2만 제곱미터", 20_000),
        ("15만 3천㎡", 153_000),
        ("12,000 square metres", 12_000),
        ("30,000 sqm", 30_000),
        ("5 thousand m2", 5_000),
        ("1평", 3.3),
        ("1,200평", 3_966.9),
        ("천평 정도", 3_305.8),
        ("만평", 33_057.9),
        ("1만5천평", 49_586.8),
        ("1만 5천 평", 49_586.8),
        ("삼천평", 9_917.4),
        ("3.5만평", 115_702.5),
        ("1,500 pyeong", 4_958.7),
        ("2 acres", 8_093.7),
        ("1 acre", 4_046.9),
        ("3 hectares", 30_000),
    ],
)
def test_area_is_read_in_square_metres(text, area):
    assert values(text, "area") == pytest.approx([area], abs=0.1)


@pytest.mark.parametrize(
    "text",
    ["3.3㎡당 가격", "3.3 ㎡ 당 얼마", "3.3m2당 150만원", "평당 128만 원", "per 3.3 m2", "100㎡당", "㎡"],
)
def test_area_is_not_read_from_a_unit_of_price(text):
    assert values(text, "area") == []


def test_area_beside_a_unit_of_price_is_read():
    assert values("3.3㎡당 가격 말고 총 5000㎡ 기준으로요", "area") == [5_000]


@pytest.mark.parametrize(
    ("text", "won"),
    [
        ("1억", 1e8),
        ("300억 투자", 3e10),
        ("0.5억", 5e7),
        ("2천억", 2e11),
        ("1억5천", 1.5e8),
        ("1억 5천만 원", 1.5e8),
        ("12억 3천만원", 1.23e9),
        ("1억 2,300만원", 1.23e8),
        ("450만 원", 4.5e6),
        ("천만 원", 1e7),
        ("천만원", 1e7),
        ("5천만원", 5e7),
        ("오천만 원", 5e7),
        ("3백만 원", 3e6),
        ("1,280,900원", 1_280_900),
        ("20 billion won", 2e10),
        ("2.5 billion won", 2.5e9),
        ("3 million won", 3e6),
        ("KRW 500 million", 5e8),
        ("₩5,000,000", 5e6),
        ("KRW 1,200,000,000", 1.2e9),
    ],
)
def test_amount_is_read_in_won(text, won):
    assert values(text, "amount") == pytest.approx([won])


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("직원이 150명입니다", 150),
        ("1,200명", 1_200),
        ("직원 20여 명", 20),
        ("스타트업 12인 규모", 12),
        ("60 people", 60),
        ("35 employees", 35),
        ("25 new employees", 25),
        ("40 workers", 40),
        ("900 staff", 900),
    ],
)
def test_headcount_is_read_in_persons(text, heads):
    assert values(text, "headcount") == [heads]


@pytest.mark.parametrize("text", ["제63조의2", "2019년 말", "나주 본사", "5년간 100%", "two years", "L006"])
def test_quantities_are_not_read_from_other_numbers(text):
    assert engine.quantities(text) == []


def test_quantities_say_where_they_stand():
    text = "나주에 1,200평, 예산은 1억 5천만 원이고 30명입니다"

    spans = {kind: text[start:end] for start, end, kind, _ in engine.quantities(text)}

    assert spans == {"area": "1,200평", "amount": "1억 5천만 원", "headcount": "30명"}


@pytest.mark.parametrize("item", _HELD_OUT, ids=lambda item: item["text"])
def test_quantities_of_held_out_sentences_are_read(item):
    wanted = {k: item["entities"].get(k, []) for k in ("area", "amount", "headcount")}

    found = {kind: values(item["text"], kind) for kind in wanted}

    assert {k: len(v) for k, v in found.items()} == {k: len(v) for k, v in wanted.items()}
    assert all(found[k] == pytest.approx(sorted(wanted[k]), abs=0.1) for k in wanted)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("사업 시작한 지 십 년 됐습니다", "years", 10),
        ("업력은 만 8년입니다", "years", 8),
        ("화성에서 9년 영업했습니다", "years", 9),
        ("a ten-year-old company", "years", 10),
        ("in business for 6.5 years", "years", 6.5),
        ("founded 4 years ago", "years", 4),
        ("십오억", "amount", 1.5e9),
        ("천억입니다", "amount", 1e11),
        ("five hundred million won", "amount", 5e8),
        ("1,250,000,000 won", "amount", 1.25e9),
        ("백이십 명", "headcount", 120),
        ("two hundred staff", "headcount", 200),
        ("35 ppl", "headcount", 35),
        ("two thousand pyeong", "area", 6611.6),
        ("스무 평", "area", 66.1),
        ("start on 1 July 2027", "start", "2027-07-01"),
    ],
)
def test_numbers_in_words_are_read(text, kind, value):
    assert values(text, kind) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "7년간 100% 감면",
        "relief for 5 years of full exemption",
        "인천 평택",
        "백화점",
        "이천 공장",
        "비용은 평균",
    ],
)
def test_words_that_only_look_like_numbers_are_left_alone(text):
    assert engine.quantities(text) == []
