"""HWP 5 (OLE) and HWPX, opened with python-hwpx and compared with what hwp2markdown reads."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hwp2md import blocks as second
from hwp2md.convert import read_blocks
from hwp2md.errors import Hwp2mdError
from hwp2md.hwp5.distdoc import decrypt_view_text
from hwpx.document import HwpxDocument
from hwpx.errors import Hwp5ConversionWarning, Hwp5Error, HwpxError
from hwpx.hwp5.cfb import CompoundFile, build_compound_file, read_all_streams
from hwpx.hwp5.fileheader import FLAG_BITS, parse_file_header
from hwpx.opc.package import HwpxPackageError
from hwpx.opc.security import HwpxSecurityError
from lxml import etree

from index_build.reading.cleaning import clean, hidden_text
from index_build.reading.document import Block, Notice, Reading, UnreadableDocument
from index_build.reading.hangul.owpml import read_tree, words_of
from index_build.reading.tables import attach_captions, within_limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MANIFEST = "META-INF/manifest.xml"
_DISTRIBUTION = 1 << FLAG_BITS["distribution"]
_REASONS = {
    "hwp5-password": "encrypted",
    "hwp5-drm": "encrypted",
    "hwp5-not-hwp5": "unknown_kind",
    "hwp5-version-unsupported": "unknown_kind",
    "hwp5-limit-exceeded": "over_limits",
}
_BROKEN = (
    HwpxError, HwpxPackageError, Hwp2mdError, zipfile.BadZipFile, zlib.error, struct.error, etree.LxmlError,
    LookupError, ValueError, RecursionError, EOFError,
)  # fmt: skip
# Kinds of data that python-hwpx leaves behind and that no reader would see as text.
_NO_TEXT = re.compile(
    r"print-setting|doc-data|table-(?:name|data)|scripts?\b.*|presentation|picture-effects|ole-.*|label-item|range-tag-.*"
)
_MOST_DIFFERENT = 2  # per cent of all words (shared/trust.md 3.1)
_WORD = re.compile(
    r"\w{2,}"
)  # single characters are mostly numbers of lists, which only one of the readers shows


def read(data: bytes, name: str) -> Reading:
    """Read HWP 5 or HWPX, distribution documents (배포용) included.

    Raises UnreadableDocument: `encrypted`, `damaged`, `unknown_kind` (OLE that is no HWP 5), `over_limits`, `bomb`,
    `entities`.
    """
    if _is_locked(data):
        raise UnreadableDocument("encrypted", name)
    try:
        return _reading(_undistributed(data) if data.startswith(_OLE) else data)
    except Hwp5Error as error:
        raise UnreadableDocument(_REASONS.get(error.code, "damaged"), name, detail=str(error)) from error
    except HwpxSecurityError as error:
        code = "entities" if "DTD" in str(error) else "bomb"
        raise UnreadableDocument(code, name, detail=str(error), where="XML") from error
    except _BROKEN as error:
        raise UnreadableDocument("damaged", name, detail=f"{type(error).__name__}: {error}"[:200]) from error


def _reading(data: bytes) -> Reading:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Hwp5ConversionWarning)  # the report says the same
        document = HwpxDocument.open(data)
    headers = document.oxml.headers
    sections = [section.element for section in document.sections]
    found, hidden = read_tree(headers[0].element if headers else None, sections)
    blocks, cut = within_limits(attach_captions(found))
    report = document.conversion_report
    left_behind = [*report.unconverted.items(), *report.dropped.items()] if report else []
    dropped = [
        Notice("dropped", {"what": w, "count": n}) for w, n in left_behind if not _NO_TEXT.fullmatch(w)
    ]
    notices = (*hidden_text(hidden), *dropped, *disagreement(data, found, hidden), *cut)
    return Reading(blocks, notices=notices)


def _is_locked(data: bytes) -> bool:
    """Whether an HWPX has a password: its manifest then tells how each part is encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _MANIFEST in package.namelist() and b"encryption-data" in package.read(_MANIFEST)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, NotImplementedError):
        return False


def _undistributed(data: bytes) -> bytes:
    """The same HWP 5 file with a readable body where it is a distribution document.

    Such a document can be read by anyone, but not changed: its body is scrambled with a key that stands beside it.
    """
    compound = CompoundFile(data)
    header = parse_file_header(compound.read("FileHeader")) if compound.has_stream("FileHeader") else None
    if header is None or not header.flags & _DISTRIBUTION:
        return data
    streams = dict(read_all_streams(compound))
    for path in [path for path in streams if path.startswith("ViewText/Section")]:
        streams[path.replace("ViewText", "BodyText")] = decrypt_view_text(streams.pop(path))
    streams["FileHeader"] = replace(header, flags=header.flags & ~_DISTRIBUTION).to_bytes()
    return build_compound_file(streams.items())


def disagreement(data: bytes, found: Iterable[Block], hidden: Iterable[str]) -> Iterator[Notice]:
    """A notice where the second reader sees other words; hidden ones may be seen or not."""
    ours = _words(words_of(block) for block in found)
    try:
        theirs = _words(_second_texts(read_blocks(data)))
    except _BROKEN:
        theirs = set()
    different = len(ours - theirs) + len(theirs - ours - _words(hidden))
    percent = math.ceil(100 * different / max(len(ours | theirs), 1))
    if percent > _MOST_DIFFERENT:
        yield Notice("readers_disagree", {"percent": percent})


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(clean(text))}


def _second_texts(blocks: Iterable[second.Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, second.Paragraph):
            yield f"{block.list_info.label if block.list_info else ''} {block.text}"
        elif isinstance(block, second.Table):
            yield from (cell for row in block.rows for cell in row)
        elif isinstance(block, second.Note):
            yield from (paragraph.text for paragraph in block.paragraphs)
