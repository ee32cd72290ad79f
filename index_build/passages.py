"""Document to passages: along headings and articles, whole sentences, at most about 300 characters; ids and digests."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from index_build.reading import Document, Section
from knowledge.library import Sentence

# A heading's passage stays whole up to here; longer text is cut between sentences at about 300 characters.
WHOLE, TARGET = 480, 300
_MARK = re.compile(r"\s*\[([A-Z]\d+(?:\s*,\s*[A-Z]\d+)*)\]")
# A sentence ends at its point, with the marks that follow it.
_SENTENCE_END = re.compile(r"[.!?。](?:\s*\[[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*\])*\s+(?=[^\s\[])")
# What stands before a point that ends nothing: the number of a list item, a day or month.
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


def split_document(document: Document) -> list[DraftPassage]:
    """The passages of a document in order. Ids hold the heading's hash, so they survive edits elsewhere."""
    drafts: list[DraftPassage] = []
    used: dict[str, int] = {}
    for section in document.sections:
        for number, sentences in enumerate(_pieces(document, section)):
            slug = hashlib.sha256(section.heading.encode()).hexdigest()[:8]
            used[slug] = used.get(slug, 0) + 1
            text = " ".join(sentence.text for sentence in sentences)
            embedded = (
                f"{document.title} – {section.heading}: {text}"
                if section.heading
                else f"{document.title}: {text}"
            )
            drafts.append(
                DraftPassage(
                    id=f"{document.id}.{document.language}.{slug}.{used[slug]}",
                    document_id=document.id,
                    language=document.language,
                    section=section.heading,
                    kind=section.kind,
                    text=text,
                    sentences=tuple(sentences),
                    embedded_text=embedded,
                    digest=hashlib.sha256(embedded.encode()).hexdigest(),
                    asked=section.asked if number == 0 else (),
                )
            )
    return drafts


def _pieces(document: Document, section: Section) -> list[list[Sentence]]:
    sentences = [_sentence(document, part) for part in _split_sentences(section.text)]
    total = sum(len(sentence.text) + 1 for sentence in sentences)
    if total <= WHOLE:
        return [sentences] if sentences else []
    pieces: list[list[Sentence]] = [[]]
    for sentence in sentences:
        if pieces[-1] and sum(len(s.text) + 1 for s in pieces[-1]) + len(sentence.text) > TARGET:
            pieces.append([])
        pieces[-1].append(sentence)
    return pieces


def _split_sentences(text: str) -> list[str]:
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
    return [piece for part in parts if part for piece in _cut_long(part)]


def _cut_long(sentence: str) -> list[str]:
    """A sentence of statutes may run on for a page: cut it at spaces where it is over twice the target."""
    if len(sentence) <= 2 * TARGET:
        return [sentence]
    pieces, rest = [], sentence
    while len(rest) > 2 * TARGET:
        cut = rest.rfind(" ", TARGET // 2, TARGET)
        cut = cut if cut > 0 else TARGET
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
