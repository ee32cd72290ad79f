"""What the sections of a document are about, in the other language: a question in that language is compared with it.

An embedding model puts a question near texts of its own language, so a Korean article is hardly found by an English question.
A line of glossary terms, "Occupancy approval, cancellation: tenant, clawback", is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from index_build.passages import DraftPassage
from index_build.reading.document import Document
from knowledge.config import OTHER
from knowledge.glossary import Glossary, main_forms

_TERMS = 6  # beside those of title and heading
_STRETCH = 1000  # characters of a section that share a line


def glosses(
    documents: Sequence[Document], drafts: Iterable[DraftPassage], glossary: Glossary
) -> dict[str, str]:
    """By a passage's id a line in the other language, for documents which that language lacks."""
    titles = {(d.id, d.language): d.title for d in documents}
    translated = cache(glossary.translated)
    lines: dict[str, str] = {}
    stretches = list(_stretches(d for d in drafts if (d.document_id, OTHER[d.language]) not in titles))
    bodies = glossary.find_each([" ".join(draft.text for draft in stretch) for stretch in stretches])
    for stretch, body in zip(stretches, bodies, strict=True):
        other = OTHER[stretch[0].language]
        title = translated(titles[stretch[0].document_id, stretch[0].language], other)[:1]
        heading = translated(stretch[0].section, other)
        more = [term for term in main_forms(body, other) if term not in heading][:_TERMS]
        line = " – ".join(", ".join(part) for part in (title, heading, more) if part)
        lines |= {draft.id: line for draft in stretch if line}
    return lines


def _stretches(drafts: Iterable[DraftPassage]) -> Iterator[list[DraftPassage]]:
    """Neighbouring passages of one section, together at most about `_STRETCH` characters."""
    stretch: list[DraftPassage] = []
    for draft in drafts:
        same = stretch and (draft.document_id, draft.language, draft.section) == (
            stretch[0].document_id, stretch[0].language, stretch[0].section,
        )  # fmt: skip
        if not same or sum(len(d.text) for d in stretch) + len(draft.text) > _STRETCH:
            if stretch:
                yield stretch
            stretch = []
        stretch.append(draft)
    if stretch:
        yield stretch


def gloss_digest(line: str) -> str:
    """The digest of a line's vector; it never equals one of a passage."""
    return hashlib.sha256(f"gloss\0{line}".encode()).hexdigest()
