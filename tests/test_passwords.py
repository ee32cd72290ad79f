"""What may be a password, and how it is kept (trust.md A1)."""

from __future__ import annotations

import unicodedata

import pytest

from assistant import passwords
from assistant.passwords import Hasher
from tests.staffing import (
    PASSWORD,
    cheap,
    refusal,
)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (PASSWORD, ""),
        ("correct horse battery staple", ""),
        ("Zx9!kq-Tr3@mmv", ""),
        ("나는 매일 아침 김밥 두 줄", ""),
        (" ".join(f"{n}번째 우산" for n in range(28)), ""),  # 200 characters
        ("왜냐하면 " * 40, "guessable"),
        ("짧은 말", "short"),
        ("elevenchars", "short"),
        ("x" * 257, "long"),
        ("aaaaaaaaaaaaaaaaaaaa", "guessable"),
        ("Password1234!", "guessable"),
        ("1q2w3e4r5t6y", "guessable"),
        ("123456789012", "guessable"),
        ("안녕하세요안녕하세요안녕", "guessable"),
        ("dkssudgktpdydkssud", "guessable"),
        ("innovationcity2026", "guessable"),
        ("도심융합특구 상담사 비번", "guessable"),
        ("kimcheolsu1234", "guessable"),
    ],
)
def test_password_is_judged_by_length_and_guesses_not_by_kinds_of_characters(
    password: str, expected: str
) -> None:
    assert refusal(passwords.check, password, ["kimcheolsu"]) == expected


def test_password_of_two_hundred_characters_is_kept_to_its_last() -> None:
    long = ("우산 " * 100)[:200]
    kept = cheap().hash(long)

    assert cheap().verify(long, kept)[0]
    assert not cheap().verify(long[:-1] + "x", kept)[0]


def test_password_typed_on_another_system_is_the_same() -> None:
    kept = cheap().hash(unicodedata.normalize("NFD", PASSWORD))

    assert cheap().verify(unicodedata.normalize("NFC", PASSWORD), kept)[0]


def test_passwords_are_kept_as_argon2id_at_the_cost_owasp_asks() -> None:
    kind, _, cost, *_ = Hasher().hash(PASSWORD).lstrip("$").split("$")
    numbers = dict(part.split("=") for part in cost.split(","))

    assert kind == "argon2id"
    assert int(numbers["m"]) >= 19 * 1024
    assert int(numbers["t"]) >= 2
