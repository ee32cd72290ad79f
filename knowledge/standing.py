"""Whether a passage may be cited as what holds now: its validity, and sentences whose figures are damaged."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from knowledge.lexical import morphemes
from knowledge.passages import Passage, Sentence


class Standing(StrEnum):
    """How a passage stands on a day."""

    CURRENT = "current"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


def standing(passage: Passage, today: date) -> Standing:
    """How a passage stands on a day. A date known to the year or month lasts to its end, and begins with it."""
    day = today.isoformat()
    if passage.superseded_by:
        return Standing.SUPERSEDED
    if passage.valid_until and day[: len(passage.valid_until)] > passage.valid_until:
        return Standing.EXPIRED
    if passage.valid_from and day[: len(passage.valid_from)] < passage.valid_from:
        return Standing.NOT_YET
    return Standing.CURRENT


def is_past(passage: Passage, today: date) -> bool:
    """Whether a passage held once and no longer does."""
    return standing(passage, today) in (Standing.EXPIRED, Standing.SUPERSEDED)


def quotable(passage: Passage) -> list[Sentence]:
    """The sentences that may be quoted: all but those whose figures are damaged."""
    return [sentence for sentence in passage.sentences if sentence.doubt != "certain"]


def lost_to_damage(question: str, passage: Passage) -> bool:
    """Whether what a passage could say to a question stands in a sentence whose figures are damaged."""
    damaged = [sentence for sentence in passage.sentences if sentence.doubt == "certain"]
    if not damaged:
        return False
    asked = set(morphemes(question))
    best = [
        max((len(asked & set(morphemes(s.text))) for s in some), default=-1)
        for some in (damaged, quotable(passage))
    ]
    return best[0] > best[1]
