"""What may be a password, and how one is kept: Argon2id, no rules of composition (OWASP ASVS 5.0, 6.2)."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from hangeul import assemble, is_pure_han, qwerty2han
from pwdlib import PasswordHash
from zxcvbn import zxcvbn

from assistant.refusals import Refusal

SHORTEST, LONGEST = 12, 256  # characters after composition; a Hangul syllable is one
_ENOUGH = 10**10  # guesses, as zxcvbn's best mark asks: decades of one core's work against Argon2id
_READ = 72  # characters that are judged; what follows can only add
# Words that people near this service think of first.
_NEAR = (
    "혁신도시 도심융합특구 융합특구 국토교통부 대한민국 비밀번호 안녕하세요 사랑해요 관리자 상담사 상담원 콜센터 직원 "
    "innovation city convergence zone relocation assistant password admin administrator staff agent manager korea"
).split()
_JUDGING = threading.Lock()  # zxcvbn keeps the words of the person in a variable of its module


def check(password: str, near: Iterable[str] = ()) -> None:
    """Raises Refusal (short, long, guessable) where the password cannot be used; `near` are words of the person."""
    text = _composed(password)
    if len(text) < SHORTEST:
        raise Refusal("short")
    if len(text) > LONGEST:
        raise Refusal("long")
    words = [*_NEAR, *near, *(part for word in near for part in word.replace("@", " ").split())]
    readings = {text[:_READ], _as_typed_in_korean(text[:_READ])}
    if min(_guesses(reading, words) for reading in readings) < _ENOUGH:
        raise Refusal("guessable")


class Hasher:
    """Hashes and verifies; a missing hash costs the same time as a wrong password."""

    def __init__(self, scheme: PasswordHash | None = None) -> None:
        """`scheme` is Argon2id with the library's recommended cost unless given."""
        self._scheme = scheme or PasswordHash.recommended()

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._scheme.hash(_composed(password))

    def verify(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and a new hash to keep where the old one is cheaper than today's."""
        nobody = self._nobody
        right, renewed = self._scheme.verify_and_update(_composed(password), kept or nobody)
        return (right, renewed) if kept else (False, None)

    @cached_property
    def _nobody(self) -> str:
        return self._scheme.hash(secrets.token_urlsafe(32))


def _composed(password: str) -> str:
    """Canonical composition: the same Hangul typed on another system arrives decomposed."""
    return unicodedata.normalize("NFC", password)


def _as_typed_in_korean(text: str) -> str:
    """The Korean of Latin keys pressed for Korean words (dkssudgktpdy), else the text."""
    korean = assemble(qwerty2han(text))
    return korean if is_pure_han(korean) else text


def _guesses(text: str, words: list[str]) -> float:
    with _JUDGING:
        return float(zxcvbn(text, user_inputs=words)["guesses"])
