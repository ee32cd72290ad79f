"""From a file to its Document: read in the box, cut what is not the text, split into sections, add what is known of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index_build.reading.document import (
    Block,
    Document,
    Heading,
    Notice,
    Paragraph,
    Reading,
    Section,
    Table,
    UnreadableDocument,
)
from index_build.reading.safety.box import read_in_box
from index_build.reading.safety.child import read_bytes
from index_build.reading.safety.kinds import file_name
from index_build.reading.text import parse_front_matter
from knowledge.config import DOCUMENTS, LANGUAGES
from knowledge.language import detect
from knowledge.source import Source

ABOUT = ".about.yml"  # beside a file: what is known of it, in the keys of a front matter
_DATE_KEYS = {
    "published_on": ("published", "공포일자"),
    "as_of": ("as_of", "published", "공포일자"),
    "valid_from": ("valid_from", "시행일자"),
    "valid_until": ("valid_until",),
}
_ISO_DATE = re.compile(r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_ASKED = re.compile(r"^<!--\s*asked:(.*?)-->[ \t]*\n?", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# An article of a Korean act: 제5조의3(입주승인). What follows the bracket is its text.
_ARTICLE = re.compile(r"(제\d+조(?:의\d+)?\s?\([^()]{1,60}(?:\([^()]*\)[^()]*)?\))\s*")
_CHAPTER = re.compile(r"제\d+(?:장|절|편|관)(?:의\d+)?\s+\S.{0,60}")
# Supplementary provisions of all amendments end an act and repeat its words without its rules.
_SUPPLEMENTARY = re.compile(r"부\s*칙(?:\s*[<(\[].*)?")
_ANNEX = re.compile(r"\[?별\s*[표지]")
_AMENDMENT_MARK = re.compile(
    r"\s*<(?:개정|신설|삭제|본조신설|전문개정|제목개정|종전)[^>]*>|\s*\[(?:본조신설|전문개정|제목개정|본조제목개정|종전|제\d+조[^\]]*이동)[^\]]*\]"
)
_STATUTE_TITLE = re.compile(r"(?:법|법률|시행령|시행규칙|조례|규칙|규정|훈령|예규|고시|지침)$")
# Sentences that speak to a program and not to a reader; documents are data, so they are only reported.
_INSTRUCTION = re.compile(
    r"ignore (?:all |any )?(?:previous|prior|above)|you are (?:now )?an? (?:ai|assistant)|system prompt|이전\s*(?:의\s*)?(?:모든\s*)?(?:지시|명령)[^.]{0,12}무시|시스템\s*프롬프트",
    re.IGNORECASE,
)


def read_document(path: Path) -> Document:
    """Read one file of any kind: recognised by content, in a limited child process. A file beside it, named as it is
    with `.about.yml` behind, tells what is known of it (title, publisher, published, as_of, valid_from, …).

    Raises UnreadableDocument with file, cause and remedy.
    """
    return document_of(path, read_file(path), about_file(path))


def read_file(path: Path) -> Reading:
    """The blocks of a file. The project's own documents are read in this process, all others in a child.

    Raises UnreadableDocument.
    """
    if path.resolve().is_relative_to(DOCUMENTS):
        return read_bytes(path.read_bytes(), path.name)
    return read_in_box(path)


def about_file(path: Path) -> dict[str, Any]:
    """What stands in the `.about.yml` beside a file, or nothing. Raises UnreadableDocument where it is broken."""
    about = path.with_name(path.name + ABOUT)
    if not about.is_file():
        return {}
    try:
        return parse_front_matter(about.read_text(encoding="utf-8-sig"), about.name)
    except UnicodeDecodeError as error:
        raise UnreadableDocument("front_matter", about.name, detail="not UTF-8") from error


def document_of(path: Path, reading: Reading, about: dict[str, Any]) -> Document:
    """A Document of the blocks of a file. Raises UnreadableDocument where nothing is left to index."""
    front = reading.front | about
    document = _sheet(path, front, reading) if "programme" in reading.front else _plain(path, front, reading)
    if not document.sections:
        raise UnreadableDocument("no_text", path.name)
    return document


def _sheet(path: Path, front: dict[str, Any], reading: Reading) -> Document:
    if front.get("language") not in LANGUAGES or not front.get("title"):
        raise UnreadableDocument(
            "front_matter", path.name,
            detail=f"front matter needs a title, and `language` ko or en; it has language {front.get('language', '')!r}",
        )  # fmt: skip
    title = str(front["title"])
    return Document(
        **_common(path, front), language=front["language"], title=title,
        programme=front["programme"], publisher=front.get("publisher", ""), source_title=front.get("source_title", ""),
        sections=tuple(_sheet_sections(reading.blocks)), sources=_sources(path, front), is_sheet=True,
        notices=reading.notices,
    )  # fmt: skip


def _common(path: Path, front: dict[str, Any]) -> dict[str, Any]:
    region = front.get("region") or "nation"
    return {
        "id": _document_id(path),
        "regions": tuple(region) if isinstance(region, list) else (str(region),),
        "source_url": str(front.get("source_url") or front.get("출처") or front.get("url") or ""),
        "superseded_by": str(front.get("superseded_by") or ""),
        "source_name": file_name(path.name),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    } | {field: _date(path, front, keys) for field, keys in _DATE_KEYS.items()}


def _document_id(path: Path) -> str:
    """The name without what no address may hold."""
    return re.sub(r"[^\w.-]+", "_", Path(file_name(path.name)).stem).strip("._")[:120] or "document"


def _date(path: Path, front: dict[str, Any], keys: Sequence[str]) -> str:
    value = next((str(front[key]) for key in keys if front.get(key)), "")
    if value and not _ISO_DATE.fullmatch(value):
        raise UnreadableDocument(
            "front_matter",
            path.name,
            detail=f"{keys[0]}: {value!r} is not a date; write 2026, 2026-06 or 2026-06-02",
        )
    return value


def _sources(path: Path, front: dict[str, Any]) -> dict[str, Source]:
    listed = front.get("sources") or {}
    if not isinstance(listed, dict) or not all(isinstance(fields, dict) for fields in listed.values()):
        raise UnreadableDocument(
            "front_matter",
            path.name,
            detail="`sources` must hold one line a mark, S1: {title: …, publisher: …}",
        )
    return {
        mark: Source(
            key=f"{path.stem}/{mark}", title=fields.get("title", ""), publisher=fields.get("publisher", ""),
            published_on=fields.get("published", ""), as_of=fields.get("as_of", ""), url=fields.get("url", ""),
            status=fields.get("status", "unverified"),
        )
        for mark, fields in listed.items()
    }  # fmt: skip


def _sheet_sections(blocks: Sequence[Block]) -> Iterator[Section]:
    for heading, body in zip(blocks[::2], blocks[1::2], strict=True):
        if not isinstance(heading, Heading) or not isinstance(body, Paragraph):
            continue
        asked = tuple(q.strip() for match in _ASKED.findall(body.text) for q in match.split("|") if q.strip())
        text = _COMMENT.sub("", body.text).strip()
        kind = "unpublished" if "{.unpublished}" in heading.text else "text"
        if text:
            yield Section(re.sub(r"\s*\{[^}]*\}", "", heading.text).strip(), text, kind, asked)


def _plain(path: Path, front: dict[str, Any], reading: Reading) -> Document:
    blocks = list(_with_article_headings(reading.blocks))
    articles = sum(isinstance(b, Heading) and bool(_ARTICLE.match(b.text)) for b in blocks)
    title = _title(path, front, reading, blocks)
    is_statute = "법령ID" in front or (articles >= 3 and bool(_STATUTE_TITLE.search(title)))
    notices = list(reading.notices)
    if articles:
        blocks, cut = _without_supplementary(blocks)
        blocks = [_without_marks(block) for block in blocks]
        notices += [Notice("supplementary_cut", {"count": cut})] if cut else []
    notices += _instructions(blocks)
    text = " ".join(b.text for b in blocks if not isinstance(b, Table))[:20_000] or title
    language = front.get("language")
    return Document(
        **_common(path, front), language=language if language in LANGUAGES else _language(text), title=title,
        programme="general", source_title=title, sections=tuple(_sections(blocks, title)), sources={}, is_sheet=False,
        publisher=str(front.get("publisher") or ("국가법령정보센터" if "법령ID" in front else "")),
        is_statute=is_statute, notices=tuple(notices),
    )  # fmt: skip


def _language(text: str) -> str:
    """Korean where at least a fifth of the letters are Hangul: Korean documents quote English names."""
    korean, latin = len(re.findall("[가-힣]", text)), len(re.findall("[A-Za-z]", text))
    return detect(text) if not korean + latin else "ko" if korean >= 0.2 * (korean + latin) else "en"


def _title(path: Path, front: dict[str, Any], reading: Reading, blocks: Sequence[Block]) -> str:
    headings = [b.text for b in blocks if isinstance(b, Heading) and not _ARTICLE.match(b.text)]
    first = headings or [b.text for b in blocks if isinstance(b, Paragraph)] or [path.stem]
    found = front.get("title") or front.get("제목") or reading.title or first[0]
    return str(found).strip(" -–#")[:200] or path.stem


def _with_article_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """Articles and chapters that stand as plain paragraphs, as office documents and plain text write them, as headings."""
    for block in blocks:
        article = _ARTICLE.match(block.text) if isinstance(block, Paragraph) else None
        if article and isinstance(block, Paragraph):
            yield Heading(5, article.group(1))
            if rest := block.text[article.end() :].strip():
                yield Paragraph(rest)
        elif isinstance(block, Paragraph) and _CHAPTER.fullmatch(block.text):
            yield Heading(2, block.text)
        else:
            yield block


def _without_supplementary(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """The blocks without supplementary provisions, up to an annex behind them, and how many characters went."""
    kept: list[Block] = []
    cut, cutting = 0, False
    for block in blocks:
        text = "" if isinstance(block, Table) else block.text
        if text and _SUPPLEMENTARY.fullmatch(text):
            cutting = True
        elif isinstance(block, Heading) and _ANNEX.match(text):
            cutting = False
        if cutting:
            cut += len(text)
        else:
            kept.append(block)
    return kept, cut


def _without_marks(block: Block) -> Block:
    if isinstance(block, Table):
        rows = tuple(tuple(_AMENDMENT_MARK.sub("", cell) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    return replace(block, text=_AMENDMENT_MARK.sub("", block.text).strip())


def _instructions(blocks: Sequence[Block]) -> list[Notice]:
    found = [b.text for b in blocks if isinstance(b, Paragraph) and _INSTRUCTION.search(b.text)]
    return [Notice("instruction", {"sample": text[:80]}) for text in found[:5]]


def _sections(blocks: Sequence[Block], title: str) -> Iterator[Section]:
    """One section a heading with its paragraphs, and one a table, under the heading it stands beneath."""
    above: list[tuple[int, str]] = []
    paragraphs: list[str] = []

    def flush() -> Iterator[Section]:
        text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
        paragraphs.clear()
        if text:
            yield Section(heading(), text, within=within())

    def heading() -> str:
        return above[-1][1] if above and above[-1][1] != title else ""

    def within() -> str:
        return " ".join(text for _, text in above[:-1] if text != title)

    for block in blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block.text)
            continue
        yield from flush()
        if isinstance(block, Table):
            yield Section(heading() or block.caption, "", "table", (), block, within())
        else:
            above = [
                *((level, text) for level, text in above if level < block.level),
                (block.level, block.text),
            ]
    yield from flush()
