"""Compressed containers, unpacked by us and within bounds before any other reader sees them (requirement U2)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from index_build.reading.cleaning import clean
from index_build.reading.document import UnreadableDocument

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 2**20  # bytes of one file, all parts together
MAX_RATIO = 100
_RATIO_FROM = 2**20  # small parts may well be all blanks
# Pictures without compression of their own, mostly white paper; no reader opens them.
_PICTURES = (".bmp", ".dib", ".emf", ".wmf", ".tif", ".tiff")
_CHUNK = 2**20
_FED = 2**16
_CENTRAL_HEADER = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s2sH18sHH")
_SYMLINK = 0o120000


def entries(data: bytes, name: str) -> list[zipfile.ZipInfo]:
    """The entries that a zip file's directory lists.

    Raises UnreadableDocument: `bomb` for more than MAX_ENTRIES, `damaged` where there is no directory.
    """
    # Counted before the directory is read, whose own count may lie.
    if data.count(_CENTRAL_HEADER) > MAX_ENTRIES:
        raise UnreadableDocument("bomb", name, detail=f"ZIP > {MAX_ENTRIES:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise UnreadableDocument("damaged", name, detail=f"ZIP: {clean(str(error))}") from error


def check_entries(data: bytes, infos: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse what no office program writes: encrypted or doubled entries, names that leave the folder, links, overlaps.

    Raises UnreadableDocument: `encrypted`, `unsafe_name`, `damaged`, `bomb`.
    """
    seen: set[str] = set()
    for info in infos:
        if info.flag_bits & 1:
            raise UnreadableDocument("encrypted", name)
        if _is_unsafe(info):
            raise UnreadableDocument("unsafe_name", name, entry=shown(info))
        if info.filename.casefold() in seen:
            raise UnreadableDocument("damaged", name, detail=f"2 × {shown(info)}")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableDocument("damaged", name, detail=f"ZIP method {info.compress_type}")
        seen.add(info.filename.casefold())
    _refuse_overlaps(data, infos, name)


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    entry = info.orig_filename
    return (
        entry.startswith("/")
        or "\\" in entry
        or "\0" in entry
        or ":" in entry.split("/")[0]
        or ".." in entry.split("/")
        or (info.external_attr >> 16) & 0o170000 == _SYMLINK
    )


def _refuse_overlaps(data: bytes, infos: list[zipfile.ZipInfo], name: str) -> None:
    # Entries that share their bytes unpack without end (zip quines) or to terabytes.
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise UnreadableDocument("bomb", name, detail=f"ZIP: {shown(info)}")
        end = sum(_place(data, info, name))


def _place(data: bytes, info: zipfile.ZipInfo, name: str) -> tuple[int, int]:
    """Offset and length in bytes of an entry's packed content."""
    start = info.header_offset
    header = data[start : start + _LOCAL_HEADER.size] if start >= 0 else b""
    if len(header) == _LOCAL_HEADER.size:
        signature, _, flags, _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start += _LOCAL_HEADER.size + name_length + extra_length
        if signature == b"PK\x03\x04" and flags & 1 == 0 and start + info.compress_size <= len(data):
            return start, info.compress_size
    raise UnreadableDocument("damaged", name, detail=shown(info))


def shown(info: zipfile.ZipInfo) -> str:
    """An entry's name for a message."""
    return clean(info.filename)[:80]


class Unpacker:
    """Unpacks the parts of one file and counts the bytes that really come out, whatever the file declares."""

    def __init__(self, name: str) -> None:
        """`name` is the file's, for messages."""
        self._name, self._total = name, 0

    def entry(self, data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a zip entry in chunks. Raises UnreadableDocument: `bomb`, `damaged`."""
        start, length = _place(data, info, self._name)
        packed = memoryview(data)[start : start + length]
        stored = info.compress_type == zipfile.ZIP_STORED
        pieces = (bytes(packed[at : at + _CHUNK]) for at in range(0, length, _CHUNK))
        size = 0
        for chunk in pieces if stored else self.inflated(packed, shown(info)):
            size += len(chunk)
            if stored:
                self._count(len(chunk))
            yield chunk
        if size != info.file_size:
            raise UnreadableDocument("damaged", self._name, detail=shown(info))

    def inflated(self, packed: memoryview, part: str, whole: bool = True) -> Iterator[bytes]:
        """The chunks of a raw Deflate stream; bytes behind its end are left alone. Raises as `entry` does.

        Where it need not be `whole`, it may break off.
        """
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        most = max(_RATIO_FROM, MAX_RATIO * len(packed))
        size = 0
        try:
            for chunk in _chunks(inflater, packed):
                size += len(chunk)
                self._count(len(chunk))
                if size > most and not part.lower().endswith(_PICTURES):
                    raise UnreadableDocument("bomb", self._name, detail=f"{part}: > {MAX_RATIO} : 1")
                yield chunk
        except zlib.error as error:
            if whole:
                raise UnreadableDocument("damaged", self._name, detail=part) from error
        if whole and not inflater.eof:
            raise UnreadableDocument("damaged", self._name, detail=part)

    def _count(self, size: int) -> None:
        self._total += size
        if self._total > MAX_UNPACKED:
            raise UnreadableDocument("bomb", self._name, detail=f"> {MAX_UNPACKED // 2**20} MB")


def _chunks(inflater: zlib._Decompress, packed: memoryview) -> Iterator[bytes]:
    # Fed in small pieces, because what is not yet used is copied at every step.
    for at in range(0, len(packed), _FED):
        fed: bytes | memoryview = packed[at : at + _FED]
        while not inflater.eof:
            chunk = inflater.decompress(fed, _CHUNK)
            yield chunk
            fed = inflater.unconsumed_tail
            if not fed and len(chunk) < _CHUNK:
                break
