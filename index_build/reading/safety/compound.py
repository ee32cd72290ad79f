"""OLE compound files: which program's document one is, and what may not be in a Hangul document (HWP 5)."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable

from olefile import OleFileIO

from index_build.reading.document import UnreadableDocument
from index_build.reading.safety.archive import Unpacker

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HWP_SIGNATURE = b"HWP Document File"
_FLAGS_AT = 36
_COMPRESSED = 1 << 0
# Password, DRM, certificate, certificate DRM. A distribution document (bit 2) opens without a password.
_ENCRYPTED = 1 << 1 | 1 << 4 | 1 << 8 | 1 << 10
_MACRO_STORAGES = {"macros", "vba", "_vba_project", "_vba_project_cur"}
_SCRIPT = "Scripts/DefaultJScript"
# What Hangul puts into every new document: two variables and empty handlers. JScript runs comments that begin with @.
_NO_CODE = re.compile(
    r"""//(?!@)[^\r\n\u2028\u2029]*|/\*(?!@).*?\*/
    |var\s+Documents\s*=\s*XHwpDocuments\s*;?|var\s+Document\s*=\s*Documents\.Active_XHwpDocument\s*;?
    |[\s\0\ufeff]+""",
    re.VERBOSE | re.DOTALL,
)
_EMPTY_HANDLER = re.compile(r"function\w+\(\)\{\}")


def kind_of(data: bytes, name: str) -> str:
    """`hwp`. Raises UnreadableDocument: `encrypted` (Office with a password), `unknown_kind` (old Office), `damaged`."""
    streams = _read_streams(data, name, ("FileHeader",))
    if streams.get("FileHeader", b"").startswith(_HWP_SIGNATURE):
        return "hwp"
    if {"EncryptedPackage", "EncryptionInfo"} & streams.keys():
        raise UnreadableDocument("encrypted", name)
    raise UnreadableDocument("unknown_kind", name)


def check_hwp(data: bytes, name: str) -> None:
    """Raises UnreadableDocument: `encrypted`, `macro` (a script that holds code), `bomb`, `damaged`."""
    streams = _read_streams(data, name, ("FileHeader", "DocInfo", "BodyText/", "BinData/", "Scripts/"))
    header = streams["FileHeader"]
    if len(header) < _FLAGS_AT + 4:
        raise UnreadableDocument("damaged", name, detail="FileHeader")
    (flags,) = struct.unpack_from("<I", header, _FLAGS_AT)
    if flags & _ENCRYPTED:
        raise UnreadableDocument("encrypted", name)
    for path in streams:
        if _MACRO_STORAGES & set(path.lower().split("/")):
            raise UnreadableDocument("macro", name, where=path)
    script = _script(streams, name) if flags & _COMPRESSED else streams.get(_SCRIPT, b"")
    if holds_code(_script_texts(script)):
        raise UnreadableDocument("macro", name, where=_SCRIPT)


def _script(streams: dict[str, bytes], name: str) -> bytes:
    """The script's content, after all streams were unpacked to see that they stay within bounds."""
    unpacker, script = Unpacker(name), b""
    for path, packed in streams.items():
        # Some pictures are stored as they are, and what is cut off the reader itself will see.
        for chunk in unpacker.inflated(memoryview(packed), path, whole=False):
            script += chunk if path == _SCRIPT else b""
    return script


def _script_texts(script: bytes) -> list[str]:
    """The parts of a script stream (header, source, before, after): a count of UTF-16 units, then the text; -1 ends."""
    texts, at = [], 0
    while at + 4 <= len(script):
        (units,) = struct.unpack_from("<i", script, at)
        if units < 0 or at + 4 + 2 * units > len(script):
            break
        texts.append(script[at + 4 : at + 4 + 2 * units].decode("utf-16-le", "replace"))
        at += 4 + 2 * units
    return texts


def holds_code(texts: Iterable[str]) -> bool:
    """Whether a Hangul script does anything; every new document has one of empty handlers."""
    return any(_EMPTY_HANDLER.sub("", _NO_CODE.sub("", text)) for text in texts)


def _read_streams(data: bytes, name: str, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """All streams by path; the content only of those whose path begins with one of `wanted`, else empty."""
    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            paths = ["/".join(parts) for parts in ole.listdir()]
            return {path: ole.openstream(path).read() if path.startswith(wanted) else b"" for path in paths}
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        struct.error,
        RecursionError,
    ) as error:
        raise UnreadableDocument("damaged", name, detail="OLE") from error
