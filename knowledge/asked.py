"""What a question asks for, and whether a passage holds it: its parts, places and years; for the kind of answer see `kinds`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

from knowledge.clauses import clauses
from knowledge.gazetteer import Gazetteer
from knowledge.kinds import asks_for_official, counted, lacks_kind_asked
from knowledge.lexical import morphemes
from knowledge.library import Hit, Passage, Release
from knowledge.standing import is_past, lost_to_damage, quotable

MAX_PARTS = 3
# Companies come from these; what holds there is told by the same sheets whichever of them is named.
_ORIGINS = frozenset({"capital_region", "seoul", "gyeonggi", "incheon"})
_ODDS = 60  # log odds of support that count as much as 1 in score
# By how much, in score, what is known not to be published comes before or after a figure.
_UNPUBLISHED = {"now": 0.06, "past": -0.05, "": -0.015}
_NOW = re.compile(
    r"지금(?!까지)|현재|요즘|오늘|올해|최신|당장|\b(?:now|current(?:ly)?|today(?:'s)?|present(?:ly)?|this year|right now|at the moment|latest)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"[았었였했됐갔왔샀났]|예전|과거|당시|\b(?:was|were|had|did|used to|back in|once)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
# What was told then is asked about as of now. A bare "still" is not: "how much was still left in 2019?"
_STILL = re.compile(
    r"(?:지금도|아직도?|여전히)\s*(?:맞|유효|그대로|그런가|적용)|\b(?:is|does) (?:that|this|it) still\b|\bstill (?:so|true|valid|right|correct|in force|appl\w+|the law)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"시작하|시작했|창업|설립|세우|세운|차리|차렸|물려받|\b(?:started|founded|set up|established|incorporated|began|opened|inherited)\b",
    re.IGNORECASE,
)
_INTERROGATIVE_KO = re.compile(r"누가|누구|언제|어디|얼마|무엇|뭐|뭔|뭘|어떻게|어떤|왜|몇|무슨|어느")
_CONNECTIVE_KO = re.compile(r"(?<=[고며])[\s,]+|(?<=요)[\s,]+(?:그리고\s+)?|그리고\s+|또\s+")
_TOLD = re.compile(r"(?:[^.?!]+(?<!\d)\.\s+)+(?=\S)")
_LONGEST_LEAD = 120  # characters
# What stands before the place where a company is now: "moving out of", "our old workshop in".
_LEAVING = re.compile(
    r"\b(?:from|leave|leaving|out of|based in|located in)\s+(?:the\s+)?$"
    r"|\b(?:our|my|we|us)\b(?:(?!\b(?:buy|rent|lease|move|moving|relocat\w*|build|open|go|going|transfer)\b)[^.?!]){0,60}\b(?:in|at)\s+$"
)
# "(national table from 2024, page of Gangwon Province)" says where it was read, and not where it holds.
_ASIDE = re.compile(r"\([^()]*\)")
_INTERROGATIVE_EN = r"(?:what|who|whom|how|when|where|which|why|is|are|can|does|do|will|must|may|that)"


_KOREAN = re.compile("[가-힣]")
_ASKED_LIST = re.compile(
    r"(?:이?요)?[,\s]*(?:이렇게\s*)?(?:두|세|네|2|3|4)\s*(?:가지|개)[^,?]{0,20}[?.]?\s*$"
)
_ITEM_END = re.compile(r",\s+(?:and\s+)?|(?<=[가-힣])(?:이?랑|[와과])\s+|(?:그리고|및)\s+")
_FEW = 5  # words of meaning in an item of a list
_PREPOSITION_EN = r"(?:until|by|since)"


def split_parts(question: str) -> list[str]:
    """The questions inside a question: at its question marks, and where a second clause asks again."""
    parts: list[str] = []
    for sentence in re.split(r"(?<=[?？])\s+", question.strip()):
        if listed := _listed(sentence):
            parts += listed
        elif re.search(r"[가-힣]", sentence):
            parts += _split_korean(sentence)
        else:
            parts += re.split(
                rf",?\s+and\s+(?=(?:{_PREPOSITION_EN}\s+)?{_INTERROGATIVE_EN}\b)",
                sentence,
                flags=re.IGNORECASE,
            )
    kept = [part.strip() for part in parts if len(morphemes(part)) >= 2]
    if len(kept) < 2:
        return [question]
    told = _TOLD.match(kept[0])  # what was told before the first question holds for all of them
    lead = told.group() if told and len(told.group()) <= _LONGEST_LEAD else ""
    return [kept[0], *(lead + part for part in kept[1:MAX_PARTS])]


def _listed(sentence: str) -> list[str]:
    """The items of "Gwangju zone: where, target year, size?" and of "특구 넓이, 미는 업종, 완공 해 세 가지 알려 주세요"."""
    head, colon, tail = sentence.rpartition(":")
    if _KOREAN.search(sentence):
        ended = _ASKED_LIST.search(sentence)
        if not ended:
            return []
        tail = (tail if colon else sentence)[: -len(ended.group())]
    elif not colon or len(morphemes(head)) > _FEW:
        return []
    items = [item.strip(" ?.!") for item in _ITEM_END.split(tail)]
    if len(items) < 2 or not all(1 <= len(morphemes(item)) <= _FEW for item in items):
        return []
    return [f"{head} {item}".strip() if colon else item for item in items]


def in_context(parts: list[str], question: str, language: str, release: Release) -> list[str]:
    """Parts that name no place or programme get those of the whole question put before them."""
    if len(parts) == 1:
        return parts
    mentions = [m.entry for m in release.gazetteer.find(question) if m.entry.kind in ("region", "programme")]
    # "A cluster" is one of an innovation city anyway: the words would only draw a part to what is told of them at large.
    others = [entry for entry in mentions if entry.id != "innovation_city"]
    named = [entry.name(language) for entry in others]
    context = " ".join(dict.fromkeys(named))
    return [part if release.gazetteer.find(part) else f"{context} {part}".strip() for part in parts]


def _split_korean(sentence: str) -> list[str]:
    if len(_INTERROGATIVE_KO.findall(sentence)) < 2:
        return [sentence]
    pieces, start = [], 0
    for match in _CONNECTIVE_KO.finditer(sentence):
        head, tail = sentence[start : match.start()], sentence[match.end() :]
        if _INTERROGATIVE_KO.search(head) and _INTERROGATIVE_KO.search(tail):
            pieces.append(head)
            start = match.end()
    return [*pieces, sentence[start:]]


def in_order(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """By score and support, but that a question about now takes what says that it is not published before an old figure, and a
    question about the past takes the figure first.
    """
    shift = _UNPUBLISHED["now" if _NOW.search(question) else "past" if _PAST.search(question) else ""]

    def order(hit: Hit) -> float:
        odds = math.log(max(hit.support, 1e-9) / max(1 - hit.support, 1e-9))
        return hit.score + odds / _ODDS + (shift if hit.passage.kind == "unpublished" else 0.0)

    return sorted(hits, key=order, reverse=True)


def asks_past(question: str, passage: Passage) -> bool:
    """Whether a question may be answered from what no longer holds: it speaks of the past, or names a year of then."""
    then = passage.valid_until[:4] or passage.as_of[:4] or passage.published_on[:4] or "9999"
    return bool(_PAST.search(question)) or any(year <= then for year in _YEAR.findall(question))


def why_not(question: str, passage: Passage, release: Release, today: date) -> str:
    """Why a passage does not support an answer to the question, or an empty string.

    `place`, `year` and `figure`: it does not hold the one asked for. `past`: it holds no longer. `doubtful`: what it could
    say stands in a sentence whose figures are damaged.
    """
    regions = places_asked(question, release.gazetteer)
    elsewhere = regions and not any(_about(region, passage, release) for region in regions)
    if elsewhere and not tells_of_origin(question, passage, release.gazetteer):
        return "place"
    if is_past(passage, today) and not asks_past(question, passage):
        return "past"
    if lost_to_damage(question, passage):
        return "doubtful"
    whole = f"{passage.title} {passage.section} {' '.join(s.text for s in quotable(passage))}"
    dates = f"{whole} {passage.valid_from} {passage.valid_until}"
    if any(year not in dates for year in _years_asked(question) if not _is_planned(year, dates, today)):
        return "year"
    terms = counted(question)
    if asks_for_official(question) or (
        terms
        and not any(
            (len(term) > 1 and term in whole.lower()) or release.mentions(passage, term) for term in terms
        )
    ):
        return "figure"
    # What is told to be unpublished answers questions on it, whatever they ask for.
    return "figure" if passage.kind != "unpublished" and lacks_kind_asked(question, whole) else ""


def _years_asked(question: str) -> list[str]:
    """The years that an answer must hold: not that in which a company began, nor that of what is asked about as it is now."""
    if _STILL.search(question):
        return []
    told = [c for c in clauses(question) if _HISTORY.search(c) and not re.search(r"[?？]", c)]
    rest = " ".join(clause for clause in clauses(question) if clause not in told)
    return _YEAR.findall(rest)


def _is_planned(year: str, dates: str, today: date) -> bool:
    """Whether a year lies ahead and the passage tells what holds from now on: a move planned for then falls under it."""
    return int(year) > today.year and any(int(told) >= today.year for told in _YEAR.findall(dates))


def holds_everywhere(passage: Passage, gazetteer: Gazetteer) -> bool:
    """Whether a passage tells a rule for the whole country, and names no place."""
    named = gazetteer.ids(f"{passage.section} {_ASIDE.sub(' ', passage.text)}", "region")
    return set(passage.regions) <= {"nation"} and not set(named) - {"nation", *_ORIGINS}


def tells_of_origin(question: str, passage: Passage, gazetteer: Gazetteer) -> bool:
    """Whether a section is headed by the place in the capital region that a question names: what it tells holds wherever one goes."""
    headed = set(gazetteer.ids(passage.section, "region")) & set(gazetteer.ids(question, "region"))
    return any(gazetteer.in_capital_region(region) for region in headed - _ORIGINS)


def _about(region: str, passage: Passage, release: Release) -> bool:
    """Whether a passage or its document speaks of the region."""
    named = release.gazetteer.ids(f"{passage.title} {passage.section} {passage.text}", "region")
    return bool(release.gazetteer.covers(region) & (set(named) | set(passage.regions)))


def places_left_out(question: str, passages: Sequence[Passage], release: Release) -> list[str]:
    """Places asked for that no passage speaks of."""
    regions = places_asked(question, release.gazetteer)
    return [region for region in regions if not any(_about(region, passage, release) for passage in passages)]


def places_asked(question: str, gazetteer: Gazetteer) -> list[str]:
    """The places that a question is about; where a company comes from is not one, nor is the capital region at large."""
    regions = destinations(question, gazetteer.ids(question, "region"), gazetteer)
    return [region for region in regions if region not in _ORIGINS]


def destinations(text: str, regions: list[str], gazetteer: Gazetteer) -> list[str]:
    """The places of a message that one may move to. One in the capital region is an origin unless the words say `to` it."""
    regions = list(dict.fromkeys(region for region in regions if region != "nation"))
    outside = [region for region in regions if not gazetteer.in_capital_region(region)]
    if outside:
        return outside
    return [region for region in regions if _aimed_at(text, region, gazetteer)]


def _aimed_at(text: str, region: str, gazetteer: Gazetteer) -> bool:
    """Whether a place in the capital region is asked about as such, and not as where the company is now."""
    for mention in gazetteer.find(text):
        if mention.entry.kind == "region" and mention.entry.id == region and region != "capital_region":
            before, after = text[: mention.start].lower(), text[mention.end :]
            leaving = re.match(r"\s*(?:에서|에 있|의 공장|소재|에 본사)", after) or _LEAVING.search(before)
            if not leaving:
                return True
    return False
