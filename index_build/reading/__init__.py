"""Bytes to Document, one module per family of formats."""

from index_build.reading.document import Document, Section, UnreadableDocument
from index_build.reading.text import read_document

__all__ = ["Document", "Section", "UnreadableDocument", "read_document"]
