"""The part of a question that asks. What a visitor tells on the way (trade, size, a boss who plays golf) asks for nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.lexical import morphemes

_SHORT = 60  # characters; a shorter question is taken as it is
_FEW = 4  # words of meaning
# Sentences, and clauses of one: Korean ones that end in a connective ("원주로 옮기려고 하는데요, …"), English ones before what asks.
_END = re.compile(
    r"(?<=[?？!;])\s+|(?<=[^\d\s]\.)\s+|(?<=[음임까요다죠]\.)\s*"
    r"|(?<=데요)[,\s]+|(?<=고요)[,\s]+|(?<=거든요)[,\s]+|(?<=[는인한은운던]데)[,]?\s+|(?<=[가-힣]고)[,]\s+"
    r"|,\s+(?=(?:so |and |but )?(?:what|who|how|when|where|which|why|is|are|do|does|did|can|could|would|will)\b)"
)
_CONDITION = re.compile(
    r"(?:so |and |but )?(?:if|given|when|once|after|suppos|assum|since|because)", re.IGNORECASE
)
_ASKS = re.compile(
    r"[?？]|누가|누구|언제|어디|얼마|무엇|뭐|뭔|어떻게|어떤|왜|몇|무슨|어느|나요|까요|은지|는지|을지|인지|알려|가르쳐|궁금|확인|문의|됩니까|입니까|습니까"
    r"|\b(?:what|who|whom|how|when|where|which|why|tell me|let me know|please|wonder|want to know|whether)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def asking_part(question: str) -> str:
    """The sentences and clauses of a long question that ask, with what stands before them where they say too little.

    The whole of a short question, and of one where no such part can be told.
    """
    if len(question) <= _SHORT:
        return question
    own = clauses(question)
    asking = [n for n, clause in enumerate(own) if re.search(r"[?？]", clause)]
    asking = asking or [n for n, clause in enumerate(own) if _ASKS.search(clause)]
    while asking and asking[0] and len(morphemes(" ".join(own[n] for n in asking))) < _FEW:
        asking.insert(0, asking[0] - 1)
    return " ".join(own[n] for n in asking) or question


def clauses(question: str) -> list[str]:
    """The sentences of a question, parted further at connectives; a condition stays with what is asked under it."""
    kept: list[str] = []
    for clause in filter(str.strip, _END.split(question)):
        if kept and _CONDITION.match(kept[-1]) and not re.search(r"[?？.!]$", kept[-1]):
            kept[-1] += f", {clause}"
        else:
            kept.append(clause)
    return kept
