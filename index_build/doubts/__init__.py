"""Figures that machine translation or typing damaged, found by rule, so that they are never repeated to a company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index_build.doubts.comparison_rules import compare_sentences
from index_build.doubts.date_rules import CHECKS as DATE_CHECKS
from index_build.doubts.document_rules import check_document, lines
from index_build.doubts.original import compare_with_original
from index_build.doubts.quantity_rules import CHECKS as QUANTITY_CHECKS
from index_build.doubts.rules import RULES, Doubt, Rule, SectionText, doubt
from index_build.doubts.sentence_rules import CHECKS as WORDING_CHECKS
from index_build.doubts.table_rules import check_tables

__all__ = ["RULES", "Doubt", "Rule", "SectionText", "compare_with_original", "find_doubts"]


def find_doubts(sections: Sequence[SectionText], language: str) -> list[Doubt]:
    """Every doubt about one document in `ko` or `en`, each told once: by sentence first, then by document and table."""
    found = [
        *_by_sentence(sections),
        *check_document(sections, language),
        *compare_sentences(lines(sections)),
        *check_tables(sections),
    ]
    return list({(d.rule, d.section, d.sentence, d.found): d for d in found}.values())


_CHECKS = (*WORDING_CHECKS, *DATE_CHECKS, *QUANTITY_CHECKS)
_WORD_CHECKS = tuple(check for check in _CHECKS if not check.needs_figure)
_FIGURE = re.compile(r"\d")


def _by_sentence(sections: Sequence[SectionText]) -> Iterator[Doubt]:
    for section in sections:
        for sentence in section.sentences:
            for check in _CHECKS if _FIGURE.search(sentence) else _WORD_CHECKS:
                if check.hint.search(sentence):
                    for found in check.find(sentence):
                        yield doubt(check.rule, sentence, section.heading, found)
