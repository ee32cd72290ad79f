"""Markdown and plain text: fact sheets with front matter, statutes, and anything else with headings or paragraphs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml

from index_build.reading.document import Document, Section, UnreadableDocument
from knowledge.config import LANGUAGES
from knowledge.language import detect
from knowledge.source import Source

SUFFIXES = (".md", ".txt")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$", re.MULTILINE)
# Supplementary provisions of all amendments end every statute file and repeat its words without its rules.
_SUPPLEMENTARY = re.compile(r"^## 부칙.*\Z", re.MULTILINE | re.DOTALL)
_AMENDMENT_MARK = re.compile(
    r"\s*<(?:개정|신설|삭제|본조신설|전문개정|제목개정)[^>]*>|\s*\[(?:본조신설|전문개정|제목개정|종전)[^\]]*\]"
)
_ASKED = re.compile(r"^<!--\s*asked:(.*?)-->[ \t]*\n?", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKDOWN_SIGNS = re.compile(r"\*\*|\\(?=[.\-()\[\]])")


def read_document(path: Path) -> Document:
    """Read one Markdown or text file.

    Raises UnreadableDocument where the bytes are not UTF-8 text, the front matter is broken, or nothing is left to index.
    """
    data = path.read_bytes()
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig")).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{path.name}: not UTF-8 text ({error.reason} at byte {error.start}). Save it as UTF-8 and try again."
        ) from error
    front, body = _split_front_matter(path, text)
    sha256 = hashlib.sha256(data).hexdigest()
    document = (
        _sheet(path, front, body, sha256) if "programme" in front else _plain(path, front, body, sha256)
    )
    if not document.sections:
        raise UnreadableDocument(f"{path.name}: holds no text to index. Check that it is the right file.")
    return document


def _split_front_matter(path: Path, text: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        front = yaml.safe_load(match.group(1))
    except yaml.YAMLError as error:
        raise UnreadableDocument(
            f"{path.name}: its front matter is not YAML ({error}). Mend the lines between the two `---`."
        ) from error
    if not isinstance(front, dict):
        raise UnreadableDocument(
            f"{path.name}: its front matter holds no keys. See knowledge/documents/README.md."
        )
    return front, text[match.end() :]


def _sheet(path: Path, front: dict[str, Any], body: str, sha256: str) -> Document:
    def word(key: str) -> str:
        return "" if front.get(key) is None else str(front[key])

    language = word("language")
    if language not in LANGUAGES or not word("title"):
        raise UnreadableDocument(
            f"{path.name}: front matter needs a title, and `language` ko or en; it has language {language!r}."
        )
    region = front.get("region") or "nation"
    regions = tuple(str(r) for r in region) if isinstance(region, list) else (str(region),)
    sources = {}
    listed = front.get("sources") or {}
    if not isinstance(listed, dict) or not all(isinstance(fields, dict) for fields in listed.values()):
        raise UnreadableDocument(
            f"{path.name}: `sources` must hold one line a mark, S1: {{title: …, publisher: …}}. See knowledge/documents/README.md."
        )
    for mark, fields in listed.items():
        value = {key: "" if entry is None else str(entry) for key, entry in fields.items()}
        sources[mark] = Source(
            key=f"{path.stem}/{mark}",
            title=value.get("title", ""),
            publisher=value.get("publisher", ""),
            published_on=value.get("published", ""),
            as_of=value.get("as_of", ""),
            url=value.get("url", ""),
            status=value.get("status", "unverified"),
        )
    return Document(
        id=path.stem, language=language, title=word("title"), programme=word("programme"), regions=regions,
        publisher=word("publisher"), source_title=word("source_title"), source_url=word("source_url"),
        published_on=word("published"), as_of=word("as_of"), valid_from=word("valid_from"), valid_until=word("valid_until"),
        source_name=path.name, sha256=sha256, sections=tuple(_sections_by_heading(body, depth=2)), sources=sources, is_sheet=True,
    )  # fmt: skip


_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def _plain(path: Path, front: dict[str, Any], body: str, sha256: str) -> Document:
    body = _AMENDMENT_MARK.sub("", _SUPPLEMENTARY.sub("", body))
    body = _MARKDOWN_SIGNS.sub("", _COMMENT.sub("", body))
    headings = [m.group(2) for m in _HEADING.finditer(body)]
    first_line = next((line.strip(" -–#") for line in body.splitlines() if line.strip(" -–#")), path.stem)
    title = str(front.get("제목") or front.get("title") or (headings[0] if headings else first_line))[:200]
    sections = list(_sections_by_heading(body, depth=6)) if headings else [Section(title, body.strip())]
    published = str(front.get("공포일자") or front.get("published") or "")
    return Document(
        id=path.stem, language=detect(body), title=title, programme="general", regions=("nation",),
        publisher="국가법령정보센터" if "법령ID" in front else str(front.get("publisher") or ""),
        source_title=title, source_url=str(front.get("출처") or front.get("url") or ""),
        published_on=published, as_of=published, valid_from=str(front.get("시행일자") or ""), valid_until="",
        source_name=path.name, sha256=sha256, sections=tuple(s for s in sections if s.text), sources={}, is_sheet=False,
    )  # fmt: skip


def _sections_by_heading(body: str, depth: int) -> list[Section]:
    """Sections under headings of at most `depth` signs; text before the first heading goes without one."""
    sections = []
    marks = [m for m in _HEADING.finditer(body) if len(m.group(1)) <= depth]
    starts = [(0, 0, "")] + [(m.start(), m.end(), m.group(2)) for m in marks]
    for (_, start, heading), end in zip(starts, [m.start() for m in marks] + [len(body)], strict=True):
        text = body[start:end]
        asked = tuple(q.strip() for match in _ASKED.findall(text) for q in match.split("|") if q.strip())
        text = _COMMENT.sub("", text).strip()
        kind = "unpublished" if "{.unpublished}" in heading else "text"
        if text:
            sections.append(Section(re.sub(r"\s*\{[^}]*\}", "", heading).strip(), text, kind, asked))
    return sections
