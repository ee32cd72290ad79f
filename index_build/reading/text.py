"""Markdown and plain text to blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index_build.reading.cleaning import clean
from index_build.reading.document import Block, Heading, Notice, Paragraph, Reading, Table, UnreadableDocument
from index_build.reading.encoding import decode
from index_build.reading.limits import MAX_CHARACTERS
from index_build.reading.tables import attach_captions

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_MAX_FRONT, _MAX_DEPTH = 64 * 1024, 8
_MARKDOWN_SIGNS = re.compile(r"\*\*|\\(?=[!-/:-@\[-`{-~])")
_SHEET_HEADING = re.compile(r"^##\s+(.*)$", re.MULTILINE)
# A line that begins an item: a sign, a number, or the signs of Korean acts (①, 가.).
ITEM = re.compile(r"\s*(?:[-–*•○●□■◦▪※▴ㅇ☞①-⑳]|\d{1,2}[.)](?!\d)|[가-하][.)]\s)")
# The rows of a table pasted as text: every cell on a line of its own that ends with a bar.
_BAR_CELL = re.compile(r"^[^|]+\|$")
_TITLE = range(15, 140)  # characters
_WRAPPED = 100  # characters; where lines are longer, each is a paragraph of its own
_SKIP_LINKS = frozenset(
    {"본문 바로가기", "메뉴 바로가기", "주메뉴 바로가기", "본문바로가기", "Skip to content"}
)
_MIN_BAR_CELLS, _MAX_BAR_COLUMNS = 6, 8


def read_markdown(data: bytes, name: str) -> Reading:
    """Headings, paragraphs, list items and tables of CommonMark, and its front matter.

    A sheet (front matter with `programme`) keeps the raw text under each `##` as one paragraph, because its marks and
    comments mean something. Raises UnreadableDocument for broken front matter and characters that cannot be told.
    """
    front, body = _split_front_matter(_text(data, name), name)
    body, notices = _limited(body)
    blocks = _sheet_blocks(body) if "programme" in front else list(_markdown_blocks(body))
    return Reading(attach_captions(blocks), "", notices, front)


def read_plain(data: bytes, name: str) -> Reading:
    """Paragraphs, items, headings that stand before a list, and tables pasted with a bar after each cell."""
    text, notices = _limited(_text(data, name))
    blocks = attach_captions(
        list(_plain_blocks([line for line in text.splitlines() if line.strip() not in _SKIP_LINKS]))
    )
    return Reading(blocks, _first_line(blocks), notices)


def _first_line(blocks: Sequence[Block]) -> str:
    """What stands first and is long enough to name a document; pages pasted as text begin with words of their menu."""
    texts = [b.text.strip(" -–□○#") for b in blocks[:10] if isinstance(b, Heading | Paragraph)]
    return next((text for text in texts if len(text) in _TITLE), "")


def _text(data: bytes, name: str) -> str:
    return unicodedata.normalize("NFC", decode(data, name).replace("\r\n", "\n").replace("\r", "\n"))


def _limited(text: str) -> tuple[str, tuple[Notice, ...]]:
    if len(text) <= MAX_CHARACTERS:
        return text, ()
    cut = Notice("cut_off", {"kept": MAX_CHARACTERS, "total": len(text), "what": "characters"})
    return text[:MAX_CHARACTERS], (cut,)


def _split_front_matter(text: str, name: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    return parse_front_matter(match.group(1), name), text[match.end() :]


def parse_front_matter(text: str, name: str) -> dict[str, Any]:
    """YAML of plain values, dates as ISO text. Raises UnreadableDocument where it is broken, too long or made to explode."""
    try:
        if len(text) > _MAX_FRONT or not _is_harmless(text):
            raise UnreadableDocument("front_matter", name, detail="too long, too deep, or with YAML aliases")
        front = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UnreadableDocument("front_matter", name, detail=f"not YAML: {error}") from error
    except ValueError as error:
        if isinstance(error, UnreadableDocument):
            raise
        raise UnreadableDocument("front_matter", name, detail=f"not a value: {error}") from error
    if not isinstance(front, dict):
        raise UnreadableDocument("front_matter", name, detail="no keys")
    return {str(key): _plain_value(value) for key, value in front.items()}


def _is_harmless(text: str) -> bool:
    """Without aliases, which multiply, and without deep nesting, which takes long to build."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain_value(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain_value(entry) for entry in value]
    return "" if value is None else str(value)


def _sheet_blocks(body: str) -> list[Block]:
    blocks: list[Block] = []
    marks = list(_SHEET_HEADING.finditer(body))
    for mark, end in zip(marks, [m.start() for m in marks[1:]] + [len(body)], strict=True):
        blocks += [Heading(2, mark.group(1)), Paragraph(body[mark.end() : end].strip())]
    return blocks


def _markdown_blocks(body: str) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    numbers: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "heading_open":
            yield Heading(int(token.tag[1]), _inline(tokens[position + 1]))
        elif token.type == "table_open":
            end = next(p for p in range(position, len(tokens)) if tokens[p].type == "table_close")
            yield _markdown_table(tokens[position:end])
            position = end
        elif token.type == "list_item_open":
            numbers.append(f"{token.info}{token.markup} " if token.info else "- ")
        elif token.type == "paragraph_open":
            sign, numbers = "".join(numbers[-1:]), []
            yield from _lines(sign + tokens[position + 1].content, tokens[position + 1])
        elif token.type in ("code_block", "fence"):
            yield from (Paragraph(clean(line)) for line in token.content.splitlines() if line.strip())
        elif token.type == "html_block":
            yield from _embedded(token.content)
        position += 1


def _lines(content: str, token: Token) -> Iterator[Block]:
    """A paragraph; a new one where a line begins an item, as the statutes write theirs."""
    if any(child.type == "html_inline" for child in token.children or ()):
        yield from _embedded(f"<p>{content}</p>")
        return
    lines: list[str] = []
    for line in content.splitlines():
        if lines and ITEM.match(line.replace("\\", "").replace("**", "")):
            yield Paragraph(_without_signs(" ".join(lines)))
            lines = []
        lines.append(line)
    yield Paragraph(_without_signs(" ".join(lines)))


def _embedded(markup: str) -> tuple[Block, ...]:
    """HTML inside Markdown: read as HTML, so that what it hides stays out."""
    if not re.sub(r"<!--.*?-->|<[^>]*>", "", markup, flags=re.DOTALL).strip():
        return ()
    from index_build.reading.html import reader as html

    try:
        return html.read(markup.encode(), "markdown").blocks
    except UnreadableDocument:
        return ()


def _inline(token: Token) -> str:
    return _without_signs(token.content)


def _without_signs(text: str) -> str:
    return clean(_MARKDOWN_SIGNS.sub("", text))


def _markdown_table(tokens: Sequence[Token]) -> Table:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return Table(tuple(tuple(row) for row in rows))


def _plain_blocks(lines: Sequence[str]) -> Iterator[Block]:
    wrapped = all(len(line) <= _WRAPPED for line in lines)
    position = 0
    while position < len(lines):
        cells = _bar_cells(lines, position)
        if cells:
            columns = _columns(cells)
            rows = [tuple(cells[start : start + columns]) for start in range(0, len(cells), columns or 1)]
            yield from [Table(tuple(rows))] if columns else map(Paragraph, cells)
            position += len(cells)
            continue
        taken = _paragraph_lines(lines, position) if wrapped else 1
        text = clean(" ".join(lines[position : position + taken]))
        if text and taken == 1 and _is_heading(text, lines, position + 1):
            yield Heading(2, text)
        elif text.strip("|"):
            yield Paragraph(text)
        position += taken


def _paragraph_lines(lines: Sequence[str], start: int) -> int:
    """How many lines belong to the paragraph that begins at `start`: to a blank line, an item or a closed sentence's heading."""
    end = start + 1
    while end < len(lines) and lines[start].strip() and lines[end].strip() and not ITEM.match(lines[end]):
        closed = (
            lines[end - 1].rstrip().endswith((".", "!", "?", "다", ")", "|", ":")) or len(lines[end - 1]) < 60
        )
        if closed or _BAR_CELL.match(lines[end].strip()):
            break
        end += 1
    return end - start


def _is_heading(text: str, lines: Sequence[str], after: int) -> bool:
    """A short line without an end, before a list: what the list is about."""
    following = next((lines[p] for p in range(after, min(after + 3, len(lines))) if lines[p].strip()), "")
    short = (
        len(text) <= 80 and not text.endswith((".", "!", "?", "다", ":", ",", "|")) and not ITEM.match(text)
    )
    return short and bool(ITEM.match(following))


def _bar_cells(lines: Sequence[str], start: int) -> list[str]:
    cells = []
    for position in range(start, len(lines)):
        line = lines[position].strip()
        if not _BAR_CELL.match(line):
            break
        cells.append(clean(line.rstrip("|")))
    return cells


def _columns(cells: Sequence[str]) -> int:
    """The number of columns that makes columns of one kind, numbers or words; 0 where none does."""
    best, best_columns = 0.8, 0
    for columns in range(2, min(_MAX_BAR_COLUMNS, len(cells) // 2) + 1):
        if len(cells) >= _MIN_BAR_CELLS and len(cells) % columns == 0:
            alike = _alikeness(cells[columns:], columns)
            if alike > best:
                best, best_columns = alike, columns
    return best_columns


def _alikeness(cells: Sequence[str], columns: int) -> float:
    """The share of columns that hold only numbers, or none; 0 where no column holds numbers."""
    numeric = [
        [bool(re.fullmatch(r"[\d,.%~ -]+", cell)) for cell in cells[column::columns]]
        for column in range(columns)
    ]
    alike = sum(all(column) or not any(column) for column in numeric) / columns
    return alike if any(all(column) for column in numeric) else 0.0
