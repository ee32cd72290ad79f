"""What readers return: first blocks in the order of the page, then a Document of sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from index_build.reading.reasons import NOTICES, REASONS, say
from knowledge.source import Source


class UnreadableDocument(ValueError):
    """A file is refused. `code` is a key of `reasons.REASONS`; `str()` names file, cause and remedy in English and Korean."""

    def __init__(self, code: str, file: str, **values: object) -> None:
        """`values` fill the gaps of the reason's text."""
        self.code, self.file, self.values = code, file, values
        super().__init__(f"{self.text('en')} · {self.text('ko')}")

    def text(self, language: str) -> str:
        """The reason in one language (`ko` or `en`), on one line."""
        return say(REASONS, self.code, language, self.file, self.values)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an administrator should know of a file that was read. `code` is a key of `reasons.NOTICES`."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)

    def text(self, language: str, file: str = "") -> str:
        """The notice in one language (`ko` or `en`)."""
        return say(NOTICES, self.code, language, file, self.values)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item of a list, its number or sign included."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a full grid: the text of a merged cell stands in every place it covers.

    `rows` all have the same length. `header_rows` counts the rows at the top that name the columns.
    `caption` is the line that names the table, `unit` what "(단위: 천㎡)" beside it says, without the brackets.
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    caption: str = ""
    unit: str = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader of one format found. `title` is the file's own, often empty; `front` the front matter of Markdown."""

    blocks: tuple[Block, ...]
    title: str = ""
    notices: tuple[Notice, ...] = ()
    front: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its text, marks such as `[L006]` included, or with a table.

    `kind` is `text`, `unpublished` or `table`. `within` is the heading above it, which the search sees and nobody quotes.
    `asked` are questions in visitors' words that this section answers; they are indexed and never quoted.
    """

    heading: str
    text: str
    kind: str = "text"
    asked: tuple[str, ...] = ()
    table: Table | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language. `id` is the same for its Korean and its English version.

    `sources` are those of its front matter by mark (`S1`). Dates are ISO or empty. `superseded_by` is the id of the
    document that took its place. Only in a sheet (a document with our front matter) is `[L006]` a mark.
    """

    id: str
    language: str
    title: str
    programme: str
    regions: tuple[str, ...]
    publisher: str
    source_title: str
    source_url: str
    published_on: str
    as_of: str
    valid_from: str
    valid_until: str
    superseded_by: str
    source_name: str
    sha256: str
    sections: tuple[Section, ...]
    sources: dict[str, Source]
    is_sheet: bool
    is_statute: bool = False
    notices: tuple[Notice, ...] = ()
