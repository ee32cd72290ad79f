"""What a question asks for, and whether a passage holds it: its parts, places, years, and the kind of figure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

from knowledge.gazetteer import Gazetteer
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
# What is asked for, and not what is told on the way: "land has become dear, must the tax on the gain be paid at once?"
_MONEY_ASKED = re.compile(
    r"얼마(?!나|\s*(?:만|동안|뒤|안|이내|지나))|(?:비용|가격|금액|분양가|땅값)[^.?!]{0,12}(?:얼마|몇|알려|궁금|[?？]|$)"
    r"|how much (?:money|does|do|is|are|would|will)"
    r"|\b(?:what|which|tell me|give me)\b[^.?!]{0,40}\b(?:prices?|costs?|fees?)\b(?! (?:ceiling|cap|limit))"
    r"|\b(?:prices?|costs?|fees?)\b(?! (?:ceiling|cap|limit))[^.?!]{0,20}(?:\?|$)",
    re.IGNORECASE,
)
_PHONE_ASKED = re.compile(r"전화\s*번호|연락처|phone|telephone|\bnumber to call\b", re.IGNORECASE)
_MONEY = re.compile(
    r"\d[\d,.]*\s*(?:억|만|천)?\s*원|won|KRW|%|\d\s*(?:㎡|m²|제곱미터)|면제|전액|exempt|waive|in full|\bno (?:\w+ )?tax\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4}")
# No source names an official or a direct line.
_PERSON_ASKED = re.compile(
    r"성함|담당자\s*이름|주무관|직통|name of the (?:director|officer|official|person|manager)|direct (?:phone )?line",
    re.IGNORECASE,
)
_COUNTED_KO = re.compile(
    r"([가-힣A-Za-z]+?)(?:이|가|은|는|을|를|도)?\s*몇\s*(?:개|곳|군데|명|세대|채|실|대|층|호선|석)"
)
_COUNTED_EN = re.compile(
    r"how many ((?:[a-z-]+ ){0,2}?[a-z-]+)\s+(?:are|is|do|does|did|were|was|has|have|had|will|can|in|within|at|of|there|from|per|would|must|should)\b",
    re.IGNORECASE,
)
# "각각 몇 개씩": the noun that is counted stands elsewhere.
_ADVERBS = frozenset(
    "각각 각기 모두 전부 총 다 대략 대충 지금 현재 전체 합쳐서 합하면 도대체 보통 최대 최소".split()
)
_INTERROGATIVE_KO = re.compile(r"누가|누구|언제|어디|얼마|무엇|뭐|뭔|어떻게|어떤|왜|몇|무슨|어느")
_CONNECTIVE_KO = re.compile(r"(?<=[고며])[\s,]+|(?<=요)[\s,]+(?:그리고\s+)?|그리고\s+|또\s+")
_TOLD = re.compile(r"(?:[^.?!]+(?<!\d)\.\s+)+(?=\S)")
_LONGEST_LEAD = 120  # characters
_INTERROGATIVE_EN = r"(?:what|who|whom|how|when|where|which|why|is|are|can|does|do|will|must|may|that)"


def split_parts(question: str) -> list[str]:
    """The questions inside a question: at its question marks, and where a second clause asks again."""
    parts: list[str] = []
    for sentence in re.split(r"(?<=[?？])\s+", question.strip()):
        if re.search(r"[가-힣]", sentence):
            parts += _split_korean(sentence)
        else:
            parts += re.split(rf",?\s+and\s+(?={_INTERROGATIVE_EN}\b)", sentence, flags=re.IGNORECASE)
    kept = [part.strip() for part in parts if len(morphemes(part)) >= 2]
    if len(kept) < 2:
        return [question]
    told = _TOLD.match(kept[0])  # what was told before the first question holds for all of them
    lead = told.group() if told and len(told.group()) <= _LONGEST_LEAD else ""
    return [kept[0], *(lead + part for part in kept[1:MAX_PARTS])]


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
    if regions and not any(_about(region, passage, release) for region in regions):
        return "place"
    if is_past(passage, today) and not asks_past(question, passage):
        return "past"
    if lost_to_damage(question, passage):
        return "doubtful"
    whole = f"{passage.title} {passage.section} {' '.join(s.text for s in quotable(passage))}"
    dates = f"{whole} {passage.valid_from} {passage.valid_until}"
    if any(year not in dates for year in _YEAR.findall(question) if not _is_planned(year, dates, today)):
        return "year"
    if _PERSON_ASKED.search(question):
        return "figure"
    counted = _counted(question)
    if counted and not any(release.mentions(passage, term) for term in counted):
        return "figure"
    if passage.kind == "unpublished":
        return ""
    if _PHONE_ASKED.search(question) and not _PHONE.search(whole):
        return "figure"
    if _MONEY_ASKED.search(question) and not _MONEY.search(whole):
        return "figure"
    return ""


def _is_planned(year: str, dates: str, today: date) -> bool:
    """Whether a year lies ahead and the passage tells what holds from now on: a move planned for then falls under it."""
    return int(year) > today.year and any(int(told) >= today.year for told in _YEAR.findall(dates))


def holds_everywhere(passage: Passage, gazetteer: Gazetteer) -> bool:
    """Whether a passage tells a rule for the whole country, and names no place."""
    named = gazetteer.ids(f"{passage.section} {passage.text}", "region")
    return set(passage.regions) <= {"nation"} and not set(named) - {"nation", *_ORIGINS}


def _counted(question: str) -> list[str]:
    """What a question asks the number of: `schools` in "how many schools are there", 초등학교 in "초등학교가 몇 개"."""
    match = _COUNTED_KO.search(question) or _COUNTED_EN.search(question)
    return morphemes(match.group(1)) if match and match.group(1) not in _ADVERBS else []


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
            leaving = re.match(r"\s*(?:에서|에 있|의 공장|소재|에 본사)", after) or re.search(
                r"\b(?:from|leave|leaving|out of|based in|located in)\s+(?:the\s+)?$", before
            )
            if not leaving:
                return True
    return False
