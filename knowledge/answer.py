"""compose(question, library) → Answer: search, keep what is supported, quote with source, or decline.

Nothing is generated: an answer is whole sentences of passages, each with its sources. What the passages do not
hold (the place, the year, the kind of figure asked for) is declined, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knowledge.asked import (
    holds_everywhere,
    in_context,
    in_order,
    places_left_out,
    split_parts,
    tells_of_origin,
    why_not,
)
from knowledge.clauses import asking_part
from knowledge.exclusions import exclusion_first
from knowledge.library import Hit, Library, Passage, Release
from knowledge.mixed import in_one_language
from knowledge.source import Source, age_in_years
from knowledge.standing import Standing, quotable, standing
from knowledge.words import say


class Status(StrEnum):
    """The closed list of outcomes of a turn; see `Outcome` of the public contract."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    NO_ANSWER = "no_answer"
    OUT_OF_SCOPE = "out_of_scope"
    HANDOFF = "handoff"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Citation:
    """Source number `n` of an answer: the sentences quoted from it, the passage they stand in and the source behind them."""

    n: int
    passage: Passage
    source: Source
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to one question. `reason` says why there is none: nothing_found, unpublished, place, year, figure, past or doubtful.

    `confidence` lies in 0..1; 0.5 is the threshold of `minimum_support`. `sure` says that the documents answer this very
    question, whatever else it seemed to be; `unlikely` that what is quoted, the nearest there is, rather answers another one, as
    the text says. `refused`: it lies nearer to questions that no document answers than to any that one does. `near` are the
    nearest passages, for people who look further; they are not part of the answer.
    """

    status: Status
    reason: str
    text: str
    language: str
    citations: tuple[Citation, ...]
    confidence: float
    sure: bool
    near: tuple[Hit, ...]
    refused: bool = False
    unlikely: bool = False


_MAX_PASSAGES = 3
_CANDIDATES = 12
# Support is the probability that a passage answers. Below even odds an answer says that it may be none.
_EVEN_ODDS = 0.5
# A second passage this near to the first is quoted too: which of the two was meant cannot be told.
_TIE = 0.1
# Where so many passages lack the same, that is why nothing was found.
_NEAREST = 3
# Support from which a rule that names no place answers a question on one.
_EVERYWHERE = 0.45
_LAW_EVERYWHERE = 0.24
_LAW = re.compile(
    r"(?<![방불])법|시행령|제\d+조|지침|고시|\b(?:acts?|laws?|decree|article|ordinance|guideline)\b",
    re.IGNORECASE,
)


def compose(question: str, language: str, library: Library, today: date) -> Answer:
    """Answer a question from the served release.

    A question of several parts is answered part by part, in at most three passages. What was typed on the wrong keyboard is
    read as it was meant, and names and terms in the other script as those of the question's language.
    """
    release = library.release
    put = release.mended(question).text
    question = in_one_language(put, language, release.gazetteer, release.glossary)
    found = _supports(question, language, library, release, today)
    if question != put and all(part.passage is None for part in found):
        # A term may have been put into the other language that was meant as a common word: "bonus", "site".
        as_put = _supports(put, language, library, release, today)
        if any(part.passage for part in as_put):
            question, found = put, as_put
    near = tuple(library.search(question, language, library.config.top_k))
    if all(part.passage is None for part in found):
        worst = found[0]
        return Answer(
            Status.NO_ANSWER,
            worst.reason,
            _unheard(question, language, release) + say(f"no_answer.{worst.reason}", language),
            language,
            (),
            worst.confidence,
            False,
            near,
            bool(near) and all(hit.evidence.not_covered > hit.evidence.asked for hit in near),
        )
    passages = list({part.passage.id: part.passage for part in found if part.passage is not None}.values())
    for _, passage in sorted(
        (part.runner_up for part in found if part.runner_up), key=lambda second: second[0]
    ):
        passages += [passage] if passage not in passages else []
    passages = _add_uncovered_places(question, language, passages, library, release, today)
    passages = exclusion_first(question, language, passages, release)[:_MAX_PASSAGES]
    citations, text = quote(passages, release, language, library.config.old_after_years, today)
    confidence = min(part.confidence for part in found if part.passage is not None)
    sure = all(part.sure for part in found)
    if all(passage.kind == "unpublished" for passage in passages):
        return Answer(Status.NO_ANSWER, "unpublished", text, language, citations, confidence, sure, near)
    missing = [part for part in found if part.passage is None]
    everywhere = holds_everywhere(passages[0], release.gazetteer) or tells_of_origin(
        question, passages[0], release.gazetteer
    )
    lacking = places_left_out(question, passages, release) if len(found) == 1 and not everywhere else []
    if missing:
        text += "\n" + say("partial.part", language, part=missing[0].question)
    if lacking:
        names = ", ".join(
            entry.name(language) for region in lacking if (entry := release.gazetteer.get("region", region))
        )
        text += "\n" + say("partial.place", language, places=names)
    partial = bool(missing or lacking) or any(passage.kind == "unpublished" for passage in passages)
    unlikely = any(part.unlikely for part in found)
    if unlikely:
        text = f"{say('unlikely', language)}\n{text}"
    status = Status.PARTIAL if partial else Status.ANSWERED
    return Answer(status, "", text, language, citations, confidence, sure, near, unlikely=unlikely)


def _supports(
    question: str, language: str, library: Library, release: Release, today: date
) -> list[_Support]:
    """What answers each part of a question."""
    parts = in_context(split_parts(question), question, language, release)
    return [_support(part, language, library, release, today) for part in parts]


def _unheard(question: str, language: str, release: Release) -> str:
    """A sentence on what the question names and no document does, before the reason why nothing is told."""
    names = [f"‘{matter.name(language)}’" for matter in release.unheard_of(asking_part(question))]
    return f"{say('no_answer.unheard', language, matters=', '.join(names))} " if names else ""


@dataclass(frozen=True, slots=True)
class _Support:
    """The passage that answers one part, or the reason why none does. `runner_up` is the next with how far it lies behind."""

    question: str
    passage: Passage | None
    reason: str
    confidence: float
    sure: bool = False
    unlikely: bool = False
    runner_up: tuple[float, Passage] | None = None


def _support(question: str, language: str, library: Library, release: Release, today: date) -> _Support:
    hits = in_order(question, library.search(question, language, _CANDIDATES))
    threshold = library.config.minimum_support[language]
    best = max((hit.support for hit in hits), default=0.0)
    if best < threshold:
        near = {_why_not(question, hit, release, today) for hit in hits[:_NEAREST]}
        told = near.pop() if near in ({"place"}, {"figure"}) else "nothing_found"
        return _Support(question, None, told, confidence(best, threshold))
    enough = [hit for hit in hits if hit.support >= threshold]
    reasons = [_why_not(question, hit, release, today) for hit in enough]
    right = [hit for hit, reason in zip(enough, reasons, strict=True) if not reason]
    if not right:
        # What was found and may not be told says more than what lies further off.
        told = next((reason for reason in reasons if reason in ("doubtful", "past")), reasons[0])
        return _Support(question, None, told, min(confidence(best, threshold), 0.49))
    if release.unheard_of(asking_part(question)):
        return _Support(question, None, "nothing_found", min(confidence(best, threshold), 0.49))
    first = right[0]
    second = next(
        (
            (first.score - h.score, h.passage)
            for h in right[1:]
            if first.score - h.score <= _TIE and h.passage.kind == first.passage.kind
        ),
        None,
    )
    sure = first.support >= library.config.sure_support[language]
    unlikely = first.support < _EVEN_ODDS
    return _Support(question, first.passage, "", confidence(first.support, threshold), sure, unlikely, second)


def _why_not(question: str, hit: Hit, release: Release, today: date) -> str:
    """As `why_not`, but that a rule for the whole country, sure to be the one asked for, holds at the place asked for too."""
    reason = why_not(question, hit.passage, release, today)
    # A law is one wherever it is asked about; the nation's total is none of a place.
    enough = _LAW_EVERYWHERE if _LAW.search(hit.passage.text) else _EVERYWHERE
    if reason == "place" and hit.support >= enough and holds_everywhere(hit.passage, release.gazetteer):
        return ""
    return reason


def confidence(support: float, threshold: float) -> float:
    """The probability that a question is answered, stretched so that 0.5 is the threshold."""
    odds = support / max(1 - support, 1e-9) / (threshold / (1 - threshold))
    return odds / (1 + odds)


def _add_uncovered_places(
    question: str, language: str, passages: list[Passage], library: Library, release: Release, today: date
) -> list[Passage]:
    """For each place asked for that no passage is about, the best passage that is."""
    regions = [
        r for r in release.gazetteer.ids(question, "region") if not release.gazetteer.in_capital_region(r)
    ]
    if len(regions) < 2:
        return passages
    hits = library.search(question, language, 3 * _CANDIDATES)
    for region in regions:
        if not any(region in release.gazetteer.ids(f"{p.section} {p.text}", "region") for p in passages):
            better = next(
                (
                    h.passage
                    for h in hits
                    if region in release.gazetteer.ids(f"{h.passage.section} {h.passage.text}", "region")
                    and h.passage not in passages
                    and h.passage.kind == passages[0].kind
                    and why_not(question, h.passage, release, today) in ("", "place")
                ),
                None,
            )
            if better is not None:
                passages = [*passages, better]
    return passages


def quote(
    passages: Iterable[Passage], release: Release, language: str, old_after_years: int, today: date
) -> tuple[tuple[Citation, ...], str]:
    """Sentences with their source numbers, then lines on what is doubtful, does not hold now, or has grown old.

    Sentences whose figures are damaged are left out.
    """
    citations: dict[tuple[str, str], Citation] = {}
    paragraphs, doubtful = [], ""
    for passage in passages:
        pieces = []
        for sentence in quotable(passage):
            numbers = ""
            for key in sentence.sources or (() if _bears_marks(passage) else ("",)):
                source = release.source(key) or _document_source(passage)
                place = (passage.id, source.key)
                known = citations.get(place)
                citations[place] = (
                    replace(known, quote=f"{known.quote} {sentence.text}")
                    if known
                    else Citation(len(citations) + 1, passage, source, sentence.text)
                )
                numbers += f"[{citations[place].n}]"
            doubtful += numbers if sentence.doubt else ""
            pieces.append(f"{sentence.text} {numbers}".strip())
        label = "" if passage.language == language else _summary(passage, release, language) + "\n"
        paragraphs.append(label + " ".join(pieces))
    notes = [say("doubtful_figure", language, numbers=doubtful)] if doubtful else []
    notes += _contradiction_notes(citations.values(), release, language)
    notes += _standing_notes(citations.values(), language, today)
    notes += _age_notes(citations.values(), language, old_after_years, today)
    return tuple(citations.values()), "\n".join(paragraphs + notes)


def _summary(passage: Passage, release: Release, language: str) -> str:
    """A line on what a passage in the other language is about: what the glossary has of its title and heading."""
    terms = [release.glossary.translated(text, language) for text in (passage.title, passage.section)]
    parts = (", ".join(some[:3]) for some in terms if some)
    return say("other_language", language, summary=" – ".join(parts) or passage.title)


def _contradiction_notes(citations: Iterable[Citation], release: Release, language: str) -> list[str]:
    """One line for each other document that gives another value for a fact quoted."""
    notes: dict[str, None] = {}
    for citation in citations:
        for own, other, row in release.contradictions(citation.passage):
            if row[f"sentence_{own}"] in citation.quote:
                newer = {row[f"document_{own}"]: "this", row[f"document_{other}"]: "other"}.get(
                    row["newer"], "unknown"
                )
                notes[say(
                    "contradiction", language, numbers=f"[{citation.n}]", title=release.title(row[f"document_{other}"], row["language"]),
                    value=row[f"value_{other}"], as_of=row[f"as_of_{other}"] or say("contradiction.undated", language),
                    newer=say(f"contradiction.{newer}", language),
                )] = None  # fmt: skip
    return list(notes)


def _bears_marks(passage: Passage) -> bool:
    """Whether sentences of a passage name their own sources; a correction's source is not a mark of the document."""
    return any(not key.startswith("decision/") for s in passage.sentences for key in s.sources)


def _standing_notes(citations: Iterable[Citation], language: str, today: date) -> list[str]:
    """One line for each way in which quoted passages do not hold now."""
    notes: dict[str, str] = {}
    for citation in citations:
        passage, how = citation.passage, standing(citation.passage, today)
        if how != Standing.CURRENT:
            day = passage.valid_from if how == Standing.NOT_YET else passage.valid_until
            notes[f"{how}|{day}"] = notes.get(f"{how}|{day}", "") + f"[{citation.n}]"
    return [
        say(f"standing.{how}", language, numbers=numbers, day=day)
        for (how, day), numbers in ((key.split("|"), numbers) for key, numbers in notes.items())
    ]


def _document_source(passage: Passage) -> Source:
    return Source(
        "",
        passage.title,
        passage.publisher,
        passage.published_on,
        passage.as_of,
        passage.source_url,
        "verified",
    )


def _age_notes(citations: Iterable[Citation], language: str, old_after_years: int, today: date) -> list[str]:
    """One line that names each old source with its date and age."""
    by_date: dict[str, str] = {}
    for citation in citations:
        source = citation.source
        old = age_in_years(source.as_of, today) >= old_after_years
        if old and is_aging(source) and re.search(r"\d", citation.quote):
            by_date[source.as_of] = by_date.get(source.as_of, "") + f"[{citation.n}]"
    if not by_date:
        return []
    dates = [
        say("old_figure.date", language, numbers=numbers, as_of=as_of, years=age_in_years(as_of, today))
        for as_of, numbers in sorted(by_date.items())
    ]
    return [say("old_figure", language, dates=", ".join(dates))]


def is_aging(source: Source) -> bool:
    """Figures age; a statute holds until it is amended, so its date is the version's and not its age."""
    return "law.go.kr" not in source.url and source.publisher != "국가법령정보센터"
