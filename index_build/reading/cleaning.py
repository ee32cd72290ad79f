"""Text as a reader of the page sees it: one Unicode form, single spaces, no invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from index_build.reading.document import Notice

# What no eye sees can carry words for a program (requirement L1): zero-width and direction signs, tags, soft hyphens,
# and control characters that are no white space.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
SAMPLE = 80
WHITE = "FFFFFF"
_NEAR = 16  # of 255; what differs less in every colour cannot be told apart on paper


def clean(text: str) -> str:
    """The text in NFC without invisible characters, every run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def hidden_text(pieces: Iterable[str]) -> tuple[Notice, ...]:
    """One notice with the count of characters left out as hidden and the first 80 of them; none where nothing was."""
    text = clean(" ".join(pieces))
    return (Notice("hidden_text", {"count": len(text), "sample": text[:SAMPLE]}),) if text else ()


@lru_cache
def unseen(colour: str, background: str) -> bool:
    """Whether text of a colour cannot be told from its background; both are six hexadecimal digits, or else unknown."""
    try:
        pairs = list(zip(bytes.fromhex(colour), bytes.fromhex(background), strict=True))
    except ValueError:
        return False
    return len(pairs) == 3 and all(abs(one - other) <= _NEAR for one, other in pairs)
