"""What every reader returns."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.source import Source


class UnreadableDocument(ValueError):
    """A file cannot be indexed. The message names the file, the cause and the remedy."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its text, marks such as `[L006]` included. `kind` is `text` or `unpublished`.

    `asked` are questions in visitors' words that this section answers; they are indexed and never quoted.
    """

    heading: str
    text: str
    kind: str = "text"
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language. `id` is the same for its Korean and its English version.

    `sources` are those of its front matter by mark (`S1`). Dates are ISO or empty. Only in a sheet (a document with our
    front matter) is `[L006]` a mark.
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
    source_name: str
    sha256: str
    sections: tuple[Section, ...]
    sources: dict[str, Source]
    is_sheet: bool
