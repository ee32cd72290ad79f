"""What is refused before a format's own reader sees it: bombs, macros, entities, passwords, tables without end (U1-U3, U7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index_build.reading.document import UnreadableDocument
from index_build.reading.limits import MAX_CELLS
from index_build.reading.safety import compound
from index_build.reading.safety.archive import Unpacker, check_entries, entries, shown

MAX_FILE = 30 * 2**20  # bytes
# Places of a sheet between its first and last filled cell, all of which calamine puts into memory (32 bytes each).
MAX_PLACES = 5_000_000
_MAX_SCRIPT = 2**20
_OVERLAP = 4096  # bytes of a part seen twice, so that no tag is missed at the seam of two chunks
_ENCRYPTION_LIST = "META-INF/manifest.xml"
_XML_NAMES = (".xml", ".rels", ".hpf", ".opf", ".rdf", ".vml")
_MARK = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*")
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"""<\?xml\s[^<>]*?encoding\s*=\s*["']([^"'<>]*)""")
# In all of these, and in UTF-16 without its zeros, ASCII stands as it is, so that a declaration cannot hide.
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252",
              b"euc-kr", b"ks_c_5601-1987", b"cp949", b"ms949", b"windows-949"}  # fmt: skip
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|macrosheet|intlmacro", re.IGNORECASE)
_MACRO_ENTRY = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|macrosheets/.*)$", re.IGNORECASE)
_TABLE = re.compile(rb"<(?:\w+:)?(?:tbl|TABLE)\s[^<>]*>")
_ROWS = re.compile(rb"""\b(?:rowCnt|RowCount)\s*=\s*["']\s*(\d+)""")
_COLUMNS = re.compile(rb"""\b(?:colCnt|ColCount)\s*=\s*["']\s*(\d+)""")
_SPAN = re.compile(rb"""Span(?:\s+(?:\w+:)?val)?\s*=\s*["']\s*(\d{4,})""")
_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>"""
)
_SCRIPT_PART = re.compile(rb"<(SCRIPTHEADER|SCRIPTSOURCE|PRESCRIPT|POSTSCRIPT)\b[^>]*>(.*?)</\1>", re.DOTALL)


def check(data: bytes, kind: str, name: str) -> None:
    """Look into a file of a kind that `kinds.recognise` found. Nothing comes back where it may be read.

    Raises UnreadableDocument: `too_large`, `encrypted`, `macro`, `entities`, `bomb`, `unsafe_name`, `damaged`, `undecodable`.
    """
    if len(data) > MAX_FILE:
        raise too_large_file(name, len(data))
    if kind in ("docx", "xlsx", "hwpx"):
        _check_zip(data, kind, name)
    elif kind == "hwpml":
        _check_hwpml(data, name)
    elif kind == "hwp":
        compound.check_hwp(data, name)


def too_large_file(name: str, size: int) -> UnreadableDocument:
    """The refusal of a file of more than MAX_FILE bytes."""
    return UnreadableDocument(
        "too_large", name, detail=f"{size / 2**20:.1f} MB", allowed=f"{MAX_FILE // 2**20} MB"
    )


def _check_zip(data: bytes, kind: str, name: str) -> None:
    infos = entries(data, name)
    check_entries(data, infos, name)
    for info in infos:
        if _MACRO_ENTRY.search(info.filename):
            raise UnreadableDocument("macro", name, where=shown(info))
    unpacker = Unpacker(name)
    # The list of what is encrypted comes first: behind it all other parts look damaged.
    for info in sorted(infos, key=lambda info: info.filename != _ENCRYPTION_LIST):
        content = unpacker.entry(data, info)
        if kind == "hwpx" and info.filename.lower().startswith("scripts/"):
            _check_script(b"".join(content), name, shown(info))
            continue
        look = _PartLook(name, info.filename, kind)
        for window in _windows(content):
            look(window)


def _check_script(script: bytes, name: str, where: str) -> None:
    marked = script[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if marked else "utf-16-le" if b"\0" in script else "utf-8"
    if len(script) > _MAX_SCRIPT or compound.holds_code([script.decode(encoding, "replace")]):
        raise UnreadableDocument("macro", name, where=where)


def _windows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, each with the end of the one before it; the first one long enough to hold an XML declaration."""
    window = b""
    for chunk in chunks:
        window += chunk
        if len(window) >= 2 * _OVERLAP:
            yield window
            window = window[-_OVERLAP:]
    if window:
        yield window


class _PartLook:
    """Looks through a part of DOCX, XLSX or HWPX, piece by piece, for what is refused in XML."""

    def __init__(self, name: str, entry: str, kind: str) -> None:
        self._name, self._entry, self._kind = name, entry, kind
        self._is_xml: bool | None = None
        self._last_row = self._last_column = 0

    def __call__(self, window: bytes) -> None:
        window = _without_zeros(window)
        if self._is_xml is None:
            self._is_xml = _is_xml(window, self._entry, self._name)
        if not self._is_xml:
            return
        _check_xml(window, self._name, self._entry)
        if self._entry == _ENCRYPTION_LIST and b"encryption-data" in window:
            raise UnreadableDocument("encrypted", self._name)
        if self._entry.lower() == "[content_types].xml" and _MACRO_TYPE.search(window):
            raise UnreadableDocument("macro", self._name, where=self._entry)
        if self._kind == "xlsx":
            self._check_cells(window)

    def _check_cells(self, window: bytes) -> None:
        found = _FILLED_CELL.findall(window)
        if not found:
            return
        self._last_row = max(self._last_row, max(int(row) for _, row in found))
        self._last_column = max(self._last_column, max(_column(letters) for letters in {c for c, _ in found}))
        if self._last_row * self._last_column > MAX_PLACES:
            _refuse_cells(self._last_row, self._last_column, MAX_PLACES, self._name)


def _is_xml(head: bytes, entry: str, name: str) -> bool | None:
    """Whether a part is XML; None where only blanks have come. A picture (SVG) has a document type of its own, unread."""
    begins = _MARK.sub(b"", head)[:1]
    if entry.lower().endswith(".svg"):
        return False
    if begins == b"<":
        _check_encoding(head, name)
    elif begins and entry.lower().endswith(_XML_NAMES):
        raise UnreadableDocument("damaged", name, detail=entry[:80])
    return begins == b"<" if begins else None


def _check_hwpml(data: bytes, name: str) -> None:
    text = _without_zeros(data)
    _check_encoding(text, name)
    _check_xml(text, name, "HWPML")
    if compound.holds_code(part.decode("latin-1") for _, part in _SCRIPT_PART.findall(text)):
        raise UnreadableDocument("macro", name, where="SCRIPTCODE")


def _without_zeros(data: bytes) -> bytes:
    """UTF-16 and UTF-32 so that their ASCII can be searched."""
    return data.replace(b"\0", b"") if b"\0" in data else data


def _check_encoding(head: bytes, name: str) -> None:
    declared = _ENCODING.match(_MARK.sub(b"", head))
    if declared and declared[1].strip().lower() not in _ENCODINGS:
        raise UnreadableDocument("undecodable", name, detail=declared[1].decode("ascii", "replace")[:40])


def _check_xml(text: bytes, name: str, where: str) -> None:
    if any(declaration in text for declaration in _DECLARATIONS):
        raise UnreadableDocument("entities", name, where=where[:80])
    for tag in _TABLE.findall(text) if b"owC" in text else ():
        rows, columns = _ROWS.search(tag), _COLUMNS.search(tag)
        if rows and columns and int(rows[1][:9]) * int(columns[1][:9]) > MAX_CELLS:
            _refuse_cells(int(rows[1][:9]), int(columns[1][:9]), MAX_CELLS, name)
    for span in _SPAN.findall(text):
        if int(span[:9]) > MAX_CELLS:
            _refuse_cells(1, int(span[:9]), MAX_CELLS, name)


def _refuse_cells(rows: int, columns: int, most: int, name: str) -> None:
    raise UnreadableDocument("too_large", name, detail=f"{rows:,} × {columns:,}", allowed=f"{most:,}")


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
