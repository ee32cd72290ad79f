"""Cleaning and masking at ingress: every form of personal number in every kind of sentence, and no policy text harmed."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from itertools import product
from pathlib import Path

import pytest

from assistant.privacy import clean, mask
from knowledge.config import DOCUMENTS

QUESTIONS = Path(__file__).parent / "questions"
# Made-up numbers. What is masked is whatever of them has three signs or more in a row.
FORMS = {
    "주민등록번호": [
        "900101-1234567", "9001011234567", "900101 1234567", "900101 - 1234567", "850231-2345678", "050505-3123456",
        "051231-4987654", "900101–1234567", "900101.1234567", "９００１０１－１２３４５６７", "９００１０１１２３４５６７",
        "900101-5234567", "9001016234567", "850505-7123456", "000101-8123456", "900101 5234567",
    ],
    "전화번호": [
        "010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "010-1234 5678", "010 12345678",
        "010 - 1234 - 5678", "010–1234–5678", "(010) 1234-5678", "011-234-5678", "016-345-6789", "019-9876-5432",
        "+82 10-1234-5678", "+82-10-1234-5678", "+821012345678", "+82 10 1234 5678", "82-10-1234-5678",
        "+82 (0)10-1234-5678", "0082-10-1234-5678", "０１０－１２３４－５６７８", "０１０１２３４５６７８", "０１０ １２３４ ５６７８",
        "공일공 일이삼사 오육칠팔", "공일공일이삼사오육칠팔", "공일공-일이삼사-오육칠팔", "공일공-1234-5678", "영일영-1234-5678",
        "02-123-4567", "02-1234-5678", "(02) 1234-5678", "02)123-4567", "02 123 4567", "0212345678", "031-123-4567",
        "(031)123-4567", "031 123 4567", "0311234567", "064-733-1234", "053.123.4567", "+82 2 1234 5678",
        "+82-31-123-4567", "070-1234-5678", "1588-1234", "０２－１２３４－５６７８",
    ],
    "이메일": [
        "hong@example.com", "Hong.Gil+x@mail.example.co.kr", "a_b-c@sub.example.org", "HONG@EXAMPLE.COM",
        "hong@회사.한국", "홍길동@회사.한국", "hong@xn--bj0bj06e.kr", "hong@bücher.example", "ünal@example.com",
        "hong＠example.com", "ｈｏｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "hong @ example.com", "hong[at]example.com", "hong@例え.jp",
    ],
    "카드번호": [
        "4111-1111-1111-1111", "4111 1111 1111 1111", "4111111111111111", "5105-1051-0510-5100", "5105105105105100",
        "1234-5678-9012-3456", "4111.1111.1111.1111", "4111–1111–1111–1111", "378282246310005", "６０１１１１１１１１１１１１１７",
        "５１０５－１０５１－０５１０－５１００",
    ],
    "사업자번호": ["220-81-62517", "123-45-67890", "2208162517", "２２０－８１－６２５１７"],
    "법인번호": ["110111-0006249", "1101110006249", "134511-0004412"],
    "여권번호": ["M12345678", "M123A4567", "S12345678"],
    "면허번호": ["11-12-345678-90", "11-12-345678-01"],
    "차량번호": ["12가3456", "123가4567", "12가 3456", "서울12가3456", "서울 12 가 3456"],
    "계좌번호": [
        "신한 110-123-456789", "국민은행 123456-78-901234", "농협 302-1234-5678-91", "우리은행 1002-123-456789",
        "카카오뱅크 3333-01-1234567", "IBK 123-456789-01-012", "하나은행 123-456789-12345", "계좌 110-123-456789",
    ],
}  # fmt: skip
CARRIERS = [
    "{}", "제 것은 {}입니다.", "연락처는 {}이고 나주로 옮기려고 합니다", "회신은 ({})로 부탁드려요", "{}로 보내 주세요",
    "Mine is {}.", "Please note {}, we plan to move to Naju", "my details: {} thanks",
]  # fmt: skip
# Words that begin like a unit of money or area, and that companies write after a number of theirs.
FOLLOWERS = [
    "원주로 옮기려고 합니다",
    "천안에 있습니다",
    "평택 공장입니다",
    "만 써 주세요",
    "원장 앞으로 보내세요",
]
# Forms that the library leaves, one of each cause.
RARE_FORMS = [
    "(+82) 10-1234-5678", "공1공-1234-5678", "공이 일이삼사 오육칠팔", "0505-123-4567", "010/1234/5678", "010)1234-5678",
    "010\u061c-1234-5678", "９４１０－１２３４－５６７８－９０１２", "4111 - 1111 - 1111 - 1111", "3782-822463-10005", "hong@example。com",
    "m12345678", "경기 11-123456-12", "220 81 62517", "Shinhan Bank 110-123-456789", "account 110-123-456789",
]  # fmt: skip
# Policy words that look like personal numbers.
LOOKALIKES = [
    "20만3000㎡ 넘는 땅이 있나요?", "12월 2025년 공고", "50억5000만원을 투자하면?", "2019-2023 2024-2026 분양률", "임차료 1600-1700만원",
    "https://innocity.molit.go.kr/eng/content.do?key=2209054192550", "매출 10200000000원", "15조2000억원", "2010 2012 2015년",
]  # fmt: skip
STILL_TAKEN = [
    "2010-2012-2015 분양률",
    "sales of 3012000000000 won",
    "102 1234567",
    "account opened 2024-12-31",
]


def left_of(form: str, text: str) -> list[str]:
    """Parts of a personal number that are still in a text."""
    parts = re.findall(r"\d{3,}|[공영일이삼사오육칠팔]{3,}|[\w.+-]+(?=\s?(?:[@＠]|\[at\]))", form)
    return [part for part in parts if part in text]


def policy_sentences() -> list[str]:
    """Sentences of the shipped sheets, without those that tell an office's telephone number, and the questions."""
    found = set()
    for path in DOCUMENTS.glob("*/*.md"):
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        found |= set(re.split(r"(?<=[.?다])\s+|\n+|\s*\[[A-Z0-9,]+\]", body))
    for path in QUESTIONS.glob("*.jsonl"):
        found |= {json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()}
    return [s for s in sorted(found) if len(s) > 12 and not re.search(r"0\d{1,2}-\d{3,4}-\d{4}", s)]


def test_table_of_personal_numbers_is_large() -> None:
    assert len(CARRIERS) * sum(map(len, FORMS.values())) >= 800
    assert all(left_of(form, form) for forms in FORMS.values() for form in forms)


@pytest.mark.parametrize("kind", FORMS)
def test_personal_numbers_are_masked_in_any_sentence(kind: str) -> None:
    cases = [(form, carrier.format(form)) for form, carrier in product(FORMS[kind], CARRIERS)]
    missed = [text for form, text in cases if not clean(text).masked or left_of(form, clean(text).text)]

    assert len(missed) <= 0.02 * len(cases), missed


@pytest.mark.parametrize("kind", FORMS)
def test_personal_numbers_are_masked_before_any_word(kind: str) -> None:
    cases = [(form, f"{form} {follower}") for form, follower in product(FORMS[kind], FOLLOWERS)]
    missed = [text for form, text in cases if left_of(form, clean(text).text)]

    assert missed == []


@pytest.mark.parametrize("form", RARE_FORMS)
def test_personal_number_in_a_rare_form_is_masked(form: str) -> None:
    cleaned = clean(f"제 것은 {form} 입니다")

    assert cleaned.masked
    assert left_of(form, cleaned.text) == []


def test_policy_sentences_are_left_alone() -> None:
    sentences = policy_sentences()
    masked = [sentence for sentence in sentences if clean(sentence).masked]

    assert len(sentences) >= 200
    assert len(masked) <= 0.01 * len(sentences), masked


@pytest.mark.parametrize("text", LOOKALIKES)
def test_policy_words_like_a_personal_number_are_left_alone(text: str) -> None:
    assert clean(text).text == text


@pytest.mark.parametrize("text", STILL_TAKEN)
def test_years_and_amounts_are_left_alone(text: str) -> None:
    assert clean(text).text == text


def test_mask_says_the_kind_and_keeps_the_rest() -> None:
    text = "저는 홍길동, 010-1234-5678, hong@example.com 입니다. 나주 땅 있나요?"

    assert mask(text) == "저는 홍길동, [전화번호], [이메일] 입니다. 나주 땅 있나요?"


def test_mask_twice_changes_nothing_more() -> None:
    texts = [
        mask(carrier.format(form)) for forms in FORMS.values() for form, carrier in product(forms, CARRIERS)
    ]

    assert [mask(text) for text in texts] == texts


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u202b", "\u202c", "\u202d",
        "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\U000e0001", "\U000e0041", "\U000e007f", chr(0xD800), chr(0xDFFF),
    ],
    ids=ascii,
)  # fmt: skip
def test_clean_removes_what_cannot_be_seen(hidden: str) -> None:
    assert clean(f"나{hidden}주 땅{hidden}").text == "나주 땅"
    assert clean(f"010{hidden}-1234-{hidden}5678").text == "[전화번호]"


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x08", "\t", "\x0b", "\r", "\x1b", "\x7f", "\x85", "\x9f"], ids=ascii
)
def test_clean_turns_control_characters_into_a_space(control: str) -> None:
    assert clean(f"나주{control}땅").text == "나주 땅"


@pytest.mark.parametrize("sign", ["\u061c", "\u206a", "\u206f"], ids=ascii)
def test_clean_removes_rare_format_characters(sign: str) -> None:
    assert clean(f"나{sign}주").text == "나주"


def test_clean_gives_composed_hangul_and_keeps_line_ends() -> None:
    decomposed = unicodedata.normalize("NFD", "나주 혁신도시\n땅")

    assert clean(decomposed).text == "나주 혁신도시\n땅"
    assert not clean(decomposed).masked


@pytest.mark.parametrize("text", ["", "   ", "\x00\x1f", "\u200b\ufeff", "\ud800", "\n\n"], ids=ascii)
def test_clean_of_nothing_is_empty(text: str) -> None:
    assert clean(text).text == ""


def test_clean_of_the_longest_text_takes_no_time() -> None:
    started = time.process_time()
    clean("a" * 15_000)

    assert time.process_time() - started < 5  # seconds; a pattern that backtracks takes minutes
