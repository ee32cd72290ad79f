"""Document to passages: along headings, articles and table rows, whole sentences, at most about 300 characters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from index_build.reading.document import Document, Section, Table
from knowledge.passages import Sentence

# Longer text is cut between sentences at about TARGET characters. A section up to WHOLE stays one passage: sheets are
# written by the section, and half a section may mislead.
TARGET, WHOLE, WHOLE_SHEET = 300, 340, 520
# One sentence of a statute may run on for a page; above this it is cut, at a comma where there is one.
_LONGEST = 340
_MARK = re.compile(r"\s*\[([A-Z]\d+(?:\s*,\s*[A-Z]\d+)*)\]")
# A sentence ends at its point, with the marks that follow it.
_SENTENCE_END = re.compile(r"[.!?。](?:\s*\[[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*\])*\s+(?=[^\s\[])")
# What stands before a point that ends nothing: the number of a list item, a day or month.
# The signs of Korean official documents by depth. ※ and * stand before notes on the item above them.
_DEPTH = dict.fromkeys("□■◇◆▢", 1) | dict.fromkeys("○ㅇ●◦❍", 2) | dict.fromkeys("-–·※*", 3)
_SIGNS = "".join(_DEPTH) + " "
_LEAD = 100  # characters of the item above that go with a passage
_NUMBERING = re.compile(r"(?:^|\s)(?:\d{1,2}|[가-하])$")


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A passage before it has a row. `digest` covers all that is embedded, so equal digests need no new vector."""

    id: str
    document_id: str
    language: str
    section: str
    kind: str
    text: str
    sentences: tuple[Sentence, ...]
    embedded_text: str
    digest: str
    asked: tuple[str, ...] = ()


def question_digest(question: str) -> str:
    """The digest of a question that stands beside a passage; it never equals one of a passage."""
    return hashlib.sha256(f"asked\0{question}".encode()).hexdigest()


def split_document(
    document: Document, checked: Mapping[str, Sentence] = MappingProxyType({})
) -> list[DraftPassage]:
    """The passages of a document in order. Ids hold the heading's hash, so they survive edits elsewhere.

    `checked` gives sentences that stand in place of others, by text: marked as doubtful, or corrected.
    """
    drafts: list[DraftPassage] = []
    used: dict[str, int] = {}
    for section in document.sections:
        pieces = _pieces(document, section, checked)
        for number, (sentences, lead) in enumerate(zip(pieces, _leads(pieces), strict=True)):
            slug = hashlib.sha256(section.heading.encode()).hexdigest()[:8]
            used[slug] = used.get(slug, 0) + 1
            text = " ".join(sentence.text for sentence in sentences)
            embedded = f"{_context(document, section)}{lead and ' – '}{lead}: {text}"
            drafts.append(
                DraftPassage(
                    id=f"{document.id}.{document.language}.{slug}.{used[slug]}",
                    document_id=document.id,
                    language=document.language,
                    section=section.heading,
                    kind="text" if section.kind == "table" else section.kind,
                    text=text,
                    sentences=tuple(sentences),
                    embedded_text=embedded,
                    digest=hashlib.sha256(embedded.encode()).hexdigest(),
                    asked=section.asked if number == 0 else (),
                )
            )
    return drafts


def section_sentences(document: Document, section: Section) -> list[Sentence]:
    """Every sentence of a section, or every row of its table, in order."""
    if section.table is not None:
        return [Sentence(text, ()) for text in verbalise(section.table)]
    longest = 2 * TARGET if document.is_sheet else _LONGEST
    return [_sentence(document, part) for part in _split_sentences(section.text, longest)]


def verbalise(table: Table) -> Iterator[str]:
    """A sentence a row: "혁신도시: 대구; 면적: 858 (단위: 천㎡)". A long row is cut between cells, its first cell repeated."""
    names = [
        " ".join(dict.fromkeys(filter(None, cells)))
        for cells in zip(*table.rows[: table.header_rows], strict=True)
    ]
    # A table of nothing but headings has no rows to tell apart, so its rows are told as they are.
    body = table.rows[table.header_rows :] or table.rows
    unit = f" (단위: {table.unit})" if table.unit else ""
    for row in body:
        cells = [
            f"{name}: {value}" if name and name != value else value
            for name, value in zip(names or [""] * len(row), row, strict=True)
            if value
        ]
        if cells:
            yield from (f"{'; '.join(piece)}{unit}" for piece in _cut_row(cells))


def _cut_row(cells: list[str]) -> Iterator[list[str]]:
    piece = cells[:1]
    for cell in cells[1:]:
        if len(piece) > 1 and sum(len(c) + 2 for c in piece) + len(cell) > TARGET:
            yield piece
            piece = cells[:1]
        piece.append(cell)
    yield piece


def _context(document: Document, section: Section) -> str:
    """Title and headings, which the search needs and nobody quotes."""
    caption = section.table.caption if section.table else ""
    headings = " ".join(dict.fromkeys(filter(None, (section.within, section.heading, caption))))
    return f"{document.title} – {headings}" if headings else document.title


def _pieces(document: Document, section: Section, checked: Mapping[str, Sentence]) -> list[list[Sentence]]:
    sentences = [
        replace(checked[s.text], sources=checked[s.text].sources or s.sources) if s.text in checked else s
        for s in section_sentences(document, section)
    ]
    if section.table is not None:
        return [[sentence] for sentence in sentences]
    total = sum(len(sentence.text) + 1 for sentence in sentences)
    if total <= (WHOLE_SHEET if document.is_sheet else WHOLE):
        return [sentences] if sentences else []
    pieces: list[list[Sentence]] = [[]]
    for sentence in sentences:
        if pieces[-1] and sum(len(s.text) + 1 for s in pieces[-1]) + len(sentence.text) > TARGET:
            pieces.append([])
        pieces[-1].append(sentence)
    return pieces


def _leads(pieces: list[list[Sentence]]) -> Iterator[str]:
    """Of each piece the beginning of the item above it: a bare "- tax support (50 %)" says nothing of whose support."""
    above: dict[int, str] = {}
    for sentences in pieces:
        depth = _DEPTH.get(sentences[0].text[0], 0)
        over = [text for level, text in above.items() if level < depth] if depth else list(above.values())
        yield over[-1].strip(_SIGNS)[:_LEAD] if over else ""
        for sentence in sentences:
            if depth := _DEPTH.get(sentence.text[0], 0):
                above = {level: text for level, text in above.items() if level < depth} | {
                    depth: sentence.text
                }


def _split_sentences(text: str, longest: int) -> list[str]:
    """Sentences with their marks; a line break between paragraphs or list items also ends one."""
    parts = []
    for line in re.split(r"\n\s*\n|\n(?=\s*(?:[-*•○□ㅇ①-⑳]|\d+[.)]|[가-하]\.))", text):
        line = re.sub(r"\s+", " ", line).strip()
        position = 0
        for match in _SENTENCE_END.finditer(line):
            before, after = line[position : match.start()], line[match.end() :]
            if _NUMBERING.search(before) or (before[-1:].isdigit() and after[:1].isdigit()):
                continue
            parts.append(line[position : match.end()].strip())
            position = match.end()
        parts.append(line[position:].strip())
    return [piece for part in parts if part for piece in _cut_long(part, longest)]


def _cut_long(sentence: str, longest: int) -> list[str]:
    pieces, rest = [], sentence
    while len(rest) > longest:
        comma, space = rest.rfind(", ", TARGET // 2, TARGET), rest.rfind(" ", TARGET // 2, TARGET)
        cut = comma + 1 if comma > 0 else space if space > 0 else TARGET
        pieces.append(rest[:cut].strip())
        rest = rest[cut:]
    return [*pieces, rest.strip()]


def _sentence(document: Document, part: str) -> Sentence:
    if not document.is_sheet:
        return Sentence(part, ())
    keys: list[str] = []
    for group in _MARK.findall(part):
        for mark in re.split(r"\s*,\s*", group):
            source = document.sources.get(mark)
            keys.append(source.key if source else mark)
    return Sentence(_MARK.sub("", part).strip(), tuple(dict.fromkeys(keys)))
