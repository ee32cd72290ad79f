"""What the rules shut a line of business out of, told before what others get.

A passage on a city's tax relief fits a construction company's question in every word, and is wrong for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.catalogue import Incentive
from knowledge.library import Release
from knowledge.passages import Passage

# "When does construction start?" names no line of business.
_WORK = re.compile(r"construction", re.IGNORECASE)
_TRADE = re.compile(r"\bin\s+$", re.IGNORECASE)


def excluded_from(text: str, release: Release) -> list[Incentive]:
    """Incentives that a line of business named in the text does not get, by the rules of kind `required`."""
    named = _lines_of_business(text, release)
    ids = [
        id
        for rule in release.rules.rows
        if rule.kind == "required" and (rule.check.fact, rule.check.op) == ("industry", "not_in")
        if any(named & set(values) for _, values in rule.check.choices)
        for id in rule.incentives
    ]
    facilities = set(release.gazetteer.ids(text, "facility_type"))
    rows = [
        release.catalogue.incentives[id] for id in dict.fromkeys(ids) if id in release.catalogue.incentives
    ]
    return [row for row in rows if not facilities or facilities & set(row.facility)]


def exclusion_first(
    question: str, language: str, passages: Sequence[Passage], release: Release
) -> list[Passage]:
    """The passages, led by the one that says so where they tell a relief that the company asking is shut out of.

    Those that tell only this relief are left out where the question is about nothing else.
    """
    excluded = excluded_from(question, release)
    if not any(_tells(passage, row, release) for passage in passages for row in excluded):
        return list(passages)
    named, ids = _lines_of_business(question, release), {row.id for row in excluded}
    ruling = next(
        (
            passage
            for passage in release.passages()
            if passage.language == language
            and any(ids & set(sentence.sources) for sentence in passage.sentences)
            and named & set(release.gazetteer.ids(f"{passage.section} {passage.text}", "industry"))
        ),
        None,
    )
    if ruling is None:
        return list(passages)
    about = set(release.gazetteer.ids(question, "facility_type"))
    others = [
        passage
        for passage in passages
        if passage.id != ruling.id
        and not (
            about and any(_tells(passage, row, release) and about <= set(row.facility) for row in excluded)
        )
    ]
    return [ruling, *others]


def _lines_of_business(text: str, release: Release) -> set[str]:
    return {
        mention.entry.id
        for mention in release.gazetteer.find(text)
        if mention.entry.kind == "industry"
        and (not _WORK.fullmatch(text[mention.start : mention.end]) or _TRADE.search(text[: mention.start]))
    }


def _tells(passage: Passage, row: Incentive, release: Release) -> bool:
    """Whether a passage cites this incentive, or another of the same tax for the same facility."""
    cited = {key for sentence in passage.sentences for key in sentence.sources}
    return any(
        other.id == row.id or (other.category == row.category and set(row.facility) & set(other.facility))
        for key in cited
        if (other := release.catalogue.incentives.get(key))
    )
