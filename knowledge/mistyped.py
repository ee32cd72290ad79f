"""Mends what was typed with the wrong keyboard layout or as initial consonants, before a message is understood.

Three slips: Korean with the keyboard set to English ("vksry" for 판교), English with it set to Korean ("ㅣ뭉" for
land), and names shortened to their initials (ㅍㄱ). The keys are those of the two-set layout (Dubeolsik, KS X 5002).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

# In the order of the conjoining jamo of Unicode, from U+1100, U+1161 and U+11A8.
_LEADS = "r R s e E f a q Q t T d w W c z x v g".split()
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()
_TAILS = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split()
_LEAD = {keys: chr(0x1100 + place) for place, keys in enumerate(_LEADS)}
_VOWEL = {keys: chr(0x1161 + place) for place, keys in enumerate(_VOWELS)}
_TAIL = {keys: chr(0x11A8 + place) for place, keys in enumerate(_TAILS)} | {"": ""}
_KEYS = {ord(jamo): keys for table in (_LEAD, _VOWEL, _TAIL) for keys, jamo in table.items() if jamo}
_SHIFTED = frozenset("QWERTOP")


def _one_of(keys: Iterable[str]) -> str:
    return "|".join(sorted(keys, key=len, reverse=True))


# A consonant before a vowel opens the next syllable, so it closes none.
_SYLLABLE = re.compile(
    rf"({_one_of(_LEADS)})({_one_of(_VOWELS)})((?:{_one_of(_TAILS)})(?![{''.join(set(''.join(_VOWELS)))}]))?"
)
_SYLLABLES = re.compile(rf"(?:{_SYLLABLE.pattern})++")

# Small letters after an abbreviation are a particle: "LHdp" is LH에.
_RUN = re.compile(r"[A-Z]{2,}(?=[a-z])|[A-Za-z]+|[ㄱ-ㅣ가-힣]+")
_LONE = re.compile(r"[ㄱ-ㅣ]")
_INITIALS = re.compile(
    r"([ㄱ-ㅎ]+)(?:에서|에|으로|로|까지|부터|보다|이랑|랑|하고)?(?:은|는|이|가|을|를|의|도|만|와|과|요)?"
)
_NAME = re.compile(r"[가-힣]{2,}")
# Addresses, e-mail, names of files and abbreviations with points.
_AS_IT_IS = re.compile(r"@|://|[\\_]|\w\.[A-Za-z]")
_WHOLE_SHARE = 0.6
_MOST_CHOICES = 6
_MOST_INITIALS = 8


def keys_of(hangul: str) -> str:
    """The keys that were pressed for Hangul; a lone ㄳ is two of them, as input methods join ㄱ and ㅅ."""
    return normalize("NFKD", hangul).translate(_KEYS)


def initials(hangul: str) -> str:
    """The keys of the consonants with which the syllables of a name begin; other signs are passed over."""
    return "".join(keys_of(syllable)[0] for syllable in hangul if "가" <= syllable <= "힣")


# Each means something in any chat (가능, 고고, 괜찮다, 그래, ...), before it is the initials of any name.
_CHAT = frozenset(
    map(
        keys_of,
        (
            "ㄱㄱ ㄱㄴ ㄱㄷ ㄱㄹ ㄱㅅ ㄱㅇㄷ ㄱㅊ ㄲㅂ ㄲㅈ ㄴㄱ ㄴㄴ ㄴㅁ ㄴㅇㅅ ㄷㄱㄷㄱ ㄷㄷ ㄷㅊ ㄹㄷ ㄹㅇ ㅁㄹ ㅁㅊ ㅂㄱㄴ ㅂㄷㅂㄷ ㅂㄹ "
            "ㅂㅂ ㅂㅅ ㅂㅇ ㅅㄱ ㅅㅂ ㅅㅅ ㅅㅌㅊ ㅆㅂ ㅇㄱㄹㅇ ㅇㄴ ㅇㄷ ㅇㅅㅇ ㅇㅇ ㅇㅈ ㅇㅋ ㅇㅋㅇㅋ ㅇㅎ ㅈㄱㄴ ㅈㄴ ㅈㄹ ㅈㅂ ㅈㅅ ㅊㅊ ㅊㅋ "
            "ㅌㅌ ㅍㅇㅌ ㅎㄷㄷ ㅎㅇ ㅎㅇㅌ"
        ).split(),
    )
)
# ㅋㅋ, ㅎㅎ, ㅋㅎ, and any jamo three times.
_LAUGH = re.compile(r"[zg]+|(.)\1\1+")


def _is_chat(keys: str) -> bool:
    return keys in _CHAT or bool(_LAUGH.fullmatch(keys))


def _composed(typed: str) -> str:
    """The Hangul that these Latin keys make; empty where it is not syllables throughout."""
    keys = "".join(key if key in _SHIFTED else key.lower() for key in typed)
    if not _SYLLABLES.fullmatch(keys):
        return ""
    parts = _SYLLABLE.findall(keys)
    return normalize("NFC", "".join(_LEAD[lead] + _VOWEL[vowel] + _TAIL[tail] for lead, vowel, tail in parts))


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended text. `changes`: what was typed and what it meant, each pair once, in order.

    `choices`: initial consonants, left in the text as typed, with the two to six names they may stand for.
    """

    text: str
    changes: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...]


class Mender:
    """Mends messages by the names and words of a release."""

    def __init__(self, names: Iterable[str], words: Callable[[str], bool]) -> None:
        """Index `names`; those that are not Hangul of two syllables or more, spaces and middle dots apart, are passed over.

        `words` tells whether a lower-case word is known, grammar words ("the") and romanised names among them: it is
        never taken for Korean.
        """
        self._words = words
        self._starts: set[str] = set()
        self._by_initials: dict[str, dict[str, str]] = {}  # the names by their form without spaces
        for name in names:
            tight = re.sub(r"[\s·ㆍ]", "", name)
            if not _NAME.fullmatch(tight):
                continue
            self._starts |= {tight, *filter(_NAME.fullmatch, name.split())}
            if len(tight) <= _MOST_INITIALS:
                self._by_initials.setdefault(initials(tight), {}).setdefault(tight, name)
        self._lengths = sorted({len(start) for start in self._starts})

    def mend(self, text: str) -> Mended:
        """`text` with its slips put right. Addresses, e-mail, file names, abbreviations and chat signs (ㅋㅋ) stay."""
        tokens = [token for token in text.split() if not _AS_IT_IS.search(token)]
        runs = [run for token in tokens for run in _RUN.findall(token)]
        meant = self._korean([run for run in runs if run.isascii()])
        hangul = [run for run in runs if not run.isascii()]
        english = self._english(hangul)
        meant |= english
        choices: dict[str, tuple[str, ...]] = {}
        for run in dict.fromkeys(hangul):
            if run in english or not _LONE.search(run):
                continue
            typed, names = self._named_by(run)
            if len(names) == 1:
                meant[run] = names[0] + run[len(typed) :]
            elif 1 < len(names) <= _MOST_CHOICES:
                choices[typed] = names
        return Mended(
            _replaced(text, meant) if meant else text,
            tuple((run, meant[run]) for run in dict.fromkeys(runs) if run in meant),
            tuple(choices.items()),
        )

    def _korean(self, runs: Sequence[str]) -> dict[str, str]:
        """Hangul for Latin runs: for those that begin with a name, and for all if most of the message is meant so."""
        runs = [run for run in runs if not run.isupper()]
        meant = {run: hangul for run in dict.fromkeys(runs) if (hangul := self._as_korean(run))}
        named = {run: hangul for run, hangul in meant.items() if self._starts_with_name(hangul)}
        share = sum(run in meant for run in runs) / max(1, len(runs))
        return meant if named and share >= _WHOLE_SHARE else named

    def _as_korean(self, run: str) -> str:
        """What a Latin run is in Hangul, or empty. Its first letter may be a capital that a telephone set."""
        readings = [hangul for keys in (run, run[0].lower() + run[1:]) if (hangul := _composed(keys))]
        if not readings or self._words(run.lower()):
            return ""
        return next(filter(self._starts_with_name, readings), readings[0])

    def _starts_with_name(self, hangul: str) -> bool:
        return any(hangul[:length] in self._starts for length in self._lengths)

    def _english(self, runs: Sequence[str]) -> dict[str, str]:
        """English for Hangul runs: known words with lone jamo in them, and all known words if most of the message is so.

        Lone consonants that are initials of names too are no sign of English.
        """
        sure = {run: keys_of(run) for run in dict.fromkeys(runs) if self._is_surely_english(run)}
        if not sure:
            return {}
        known = {run: keys for run in dict.fromkeys(runs) if self._words((keys := keys_of(run)).lower())}
        share = sum(run in known for run in runs) / len(runs)
        return known if share >= _WHOLE_SHARE else sure

    def _is_surely_english(self, run: str) -> bool:
        keys = keys_of(run) if _LONE.search(run) else ""
        return len(keys) > 2 and not self._named_by(run)[1] and self._words(keys.lower())

    def _named_by(self, run: str) -> tuple[str, tuple[str, ...]]:
        """The initials in a run, without its particle, and what they stand for; where they spell a word, that too."""
        match = _INITIALS.fullmatch(run)
        typed = match[1] if match else ""
        keys = keys_of(typed)
        names = tuple(self._by_initials.get(keys, {}).values())
        if not names or _is_chat(keys):
            return run, ()
        spelt = run == typed and len(keys) > 2 and self._words(keys.lower())
        return typed, (*names, keys) if spelt else names


def _replaced(text: str, meant: dict[str, str]) -> str:
    def run(match: re.Match[str]) -> str:
        return meant.get(match[0], match[0])

    def token(match: re.Match[str]) -> str:
        return match[0] if _AS_IT_IS.search(match[0]) else _RUN.sub(run, match[0])

    return re.sub(r"\S+", token, text)
