"""Documents to passages that are safe to quote: marks checked, doubts found and decided, contradictions listed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index_build.catalogue_files import BuildError, Tables
from index_build.contradictions import Contradiction, Statement, find_contradictions
from index_build.decisions import Decision, Decisions, doubt_key
from index_build.doubts import Doubt, SectionText, compare_with_original, find_doubts
from index_build.passages import DraftPassage, section_sentences, split_document
from index_build.progress import Progress
from index_build.reading.document import Document
from knowledge.passages import Sentence
from knowledge.source import TELLABLE, Source

Rows = list[dict[str, Any]]
_DIGIT = re.compile(r"\d")
_SIGNS = " -–□○ㅇ#*※"
_TITLE_AT_LEAST, _TITLE_LENGTH = 15, 140  # characters
_FIRST = 8  # sentences among which a title is looked for


@dataclass(frozen=True, slots=True)
class Checked:
    """Documents with their passages; `sources` by key; `doubts` and `contradictions` as rows of the release."""

    documents: Sequence[Document]
    drafts: list[DraftPassage]
    sources: dict[str, Source]
    doubts: Rows
    contradictions: Rows


def check_documents(documents: Sequence[Document], tables: Tables, home: Path, progress: Progress) -> Checked:
    """Split and check. Raises BuildError where a mark of a sheet points to no source that may be told."""
    sources = {s.key: s for document in documents for s in document.sources.values()}
    drafts: list[DraftPassage] = []
    doubts: Rows = []
    told: list[tuple[Document, dict[str, Sentence]]] = []
    originals = {d.id: d for d in documents if d.language == "ko" and not d.is_sheet}
    decisions = Decisions(home).latest()
    for number, given in enumerate(documents, start=1):
        progress.step("checking", number, len(documents), given.source_name)
        document = _with_sound_headings(given)
        original = originals.get(document.id) if document.language == "en" else None
        found = [(doubt, key, decisions.get(key)) for doubt, key in _doubts(document, original)]
        checked, corrections = _apply(found)
        sources |= corrections
        document = _with_sound_title(document, checked)
        told.append((document, checked))
        own = split_document(document, checked)
        drafts += own
        doubts += [_doubt_row(document, own, *one) for one in found]
    _check_marks(drafts, tables, sources)
    found_contradictions = find_contradictions(list(_statements(told)))
    return Checked(
        [document for document, _ in told],
        drafts,
        sources,
        doubts,
        [_contradiction_row(c) for c in found_contradictions],
    )


def inspect_document(document: Document, home: Path) -> tuple[list[DraftPassage], Rows]:
    """Passages and doubts of one document as a build would make them, before anything is built."""
    document = _with_sound_headings(document)
    decisions = Decisions(home).latest()
    found = [(doubt, key, decisions.get(key)) for doubt, key in _doubts(document)]
    drafts = split_document(document, _apply(found)[0])
    return drafts, [_doubt_row(document, drafts, *one) for one in found]


def _doubts(document: Document, original: Document | None = None) -> Iterator[tuple[Doubt, str]]:
    """Doubts with their keys, those of a translation against its Korean `original` among them.

    The figures of a sheet bear checked sources, so there only certain damage counts.
    """
    sections = [
        SectionText(
            section.heading, tuple(s.text for s in section_sentences(document, section)), section.table
        )
        for section in document.sections
    ]
    seen = set()
    found = find_doubts(sections, document.language)
    if original and not document.is_sheet:
        found += compare_with_original(_sentences(document), _sentences(original))
    for doubt in found:
        key = doubt_key(doubt.rule, f"{document.id}.{document.language}", doubt.sentence)
        if key not in seen and (doubt.confidence == "certain" or not document.is_sheet):
            seen.add(key)
            yield doubt, key


def _sentences(document: Document) -> list[str]:
    return [s.text for section in document.sections for s in section_sentences(document, section)]


def _apply(
    found: Sequence[tuple[Doubt, str, Decision | None]],
) -> tuple[dict[str, Sentence], dict[str, Source]]:
    """Sentences to put in place of others, and the sources of corrections. A correction settles all doubts of a sentence;
    two suspicions of different rules count as certain.
    """
    checked: dict[str, Sentence] = {}
    sources: dict[str, Source] = {}
    open_rules: dict[str, set[str]] = {}
    for doubt, key, decision in found:
        verdict = decision.verdict if decision else ""
        if verdict == "correct" and decision:
            source = f"decision/{key}"
            sources[source] = Source(source, decision.source, "", "", "", "", "verified")
            checked[doubt.sentence] = Sentence(decision.correction, (source,))
        elif verdict != "dismiss":
            grave = verdict == "confirm" or doubt.confidence == "certain"
            open_rules.setdefault(doubt.sentence, set()).update(
                {doubt.rule, "certain" if grave else doubt.rule}
            )
    for sentence, rules in open_rules.items():
        grave = "certain" in rules or len(rules) > 1
        checked.setdefault(sentence, Sentence(sentence, (), "certain" if grave else "suspicion"))
    return checked, sources


def _with_sound_title(document: Document, checked: dict[str, Sentence]) -> Document:
    """A title stands beside every quotation and tells the search what a passage is about: one with damaged figures gives
    way to its part before an ellipsis, to another of the first sentences, at last to the file's name.
    """
    damaged = {sentence.strip(_SIGNS) for sentence in checked}

    def is_sound(text: str) -> bool:
        return not _DIGIT.search(text) or not (text in damaged or _is_doubtful(text, document))

    if is_sound(document.title) and document.title not in damaged:
        return document
    # A press release tells its subject in the first □; the lines before it are its highlights.
    first = sorted(_sentences(document)[:_FIRST], key=lambda text: not text.startswith("□"))
    parts = (part for text in (document.title, *first) for part in _title_parts(text))
    return replace(document, title=next(filter(is_sound, parts), document.id))


def _title_parts(text: str) -> Iterator[str]:
    """What of a sentence may serve as a title, each at most a line long."""
    for part in re.split(r"…|\.{2,}", text):
        words = part.strip(_SIGNS)
        if len(words) > _TITLE_LENGTH:
            words = words[: words.rfind(" ", 0, _TITLE_LENGTH)]
        if len(words) >= _TITLE_AT_LEAST:
            yield words


def _with_sound_headings(document: Document) -> Document:
    """Headings stand beside quotations too: those with damaged figures are left out."""
    headings = {h for section in document.sections for h in (section.heading, section.within)}
    damaged = {heading for heading in headings if _is_doubtful(heading, document)}
    if not damaged:
        return document
    sections = (
        replace(
            s,
            heading="" if s.heading in damaged else s.heading,
            within="" if s.within in damaged else s.within,
        )
        for s in document.sections
    )
    return replace(document, sections=tuple(sections))


def _is_doubtful(text: str, document: Document) -> bool:
    if document.is_sheet or not (_DIGIT.search(text) or "XNUMX" in text):
        return False
    return bool(find_doubts([SectionText("", (text,))], document.language))


def _doubt_row(
    document: Document, drafts: Sequence[DraftPassage], doubt: Doubt, key: str, decision: Decision | None
) -> dict[str, Any]:
    wanted = decision.correction if decision and decision.verdict == "correct" else doubt.sentence
    passage = next((d.id for d in drafts if any(s.text == wanted for s in d.sentences)), "")
    return {
        "key": key, "rule": doubt.rule, "confidence": doubt.confidence, "verdict": decision.verdict if decision else "",
        "document_id": document.id, "language": document.language, "section": doubt.section, "passage_id": passage,
        "sentence": doubt.sentence, "found": doubt.found, "ko": doubt.text("ko"), "en": doubt.text("en"),
    }  # fmt: skip


def _check_marks(drafts: Sequence[DraftPassage], tables: Tables, sources: dict[str, Source]) -> None:
    """Every mark of a sentence points to a source that may be told."""
    statuses = {
        row["id"]: row["status"] for name in ("land", "incentives", "contacts") for row in tables[name]
    }
    statuses |= {key: source.status for key, source in sources.items()}
    for draft in drafts:
        for key in (key for sentence in draft.sentences for key in sentence.sources):
            status = statuses.get(key)
            if status not in TELLABLE and not (draft.kind == "unpublished" and status == "unverified"):
                raise BuildError(
                    f"{draft.document_id} ({draft.language}), section {draft.section!r}: mark [{key}] points to "
                    f"{'nothing' if status is None else f'a row of status {status}'}. Name a verified, secondary or derived source."
                )


def _statements(told: Sequence[tuple[Document, dict[str, Sentence]]]) -> Iterator[Statement]:
    """Every sentence but those whose figures are damaged, corrected ones as corrected. An act is held only against another text of the same act, so one that is alone is left out."""
    titles = Counter((document.title, document.language) for document, _ in told)
    for document, checked in told:
        if document.is_statute and titles[document.title, document.language] == 1:
            continue
        for section in document.sections:
            for given in section_sentences(document, section):
                sentence = checked.get(given.text, given)
                if sentence.doubt == "certain":
                    continue
                yield Statement(
                    document_id=document.id, title=document.title, section=section.heading, sentence=sentence.text,
                    as_of=document.as_of, language=document.language, regions=document.regions,
                    is_statute=document.is_statute,
                )  # fmt: skip


def _contradiction_row(found: Contradiction) -> dict[str, Any]:
    row = {"language": found.first.language, "unit": found.unit, "newer": found.newer}
    for side, statement, shown in (
        ("a", found.first, found.first_shown),
        ("b", found.second, found.second_shown),
    ):
        row |= {
            f"value_{side}": shown, f"document_{side}": statement.document_id, f"section_{side}": statement.section,
            f"sentence_{side}": statement.sentence, f"as_of_{side}": statement.as_of,
        }  # fmt: skip
    return {"id": hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]} | row
