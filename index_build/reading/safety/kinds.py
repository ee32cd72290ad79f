"""What kind of document a file is, by its content; its name may only agree (requirement U1)."""

from __future__ import annotations

import re

from index_build.reading.cleaning import clean
from index_build.reading.document import UnreadableDocument
from index_build.reading.safety.archive import Unpacker, entries
from index_build.reading.safety.compound import MAGIC as OLE_MAGIC
from index_build.reading.safety.compound import kind_of as ole_kind

# The extensions that files may have, and the kinds of content that each may hold. Hangul saves all three as .hwp.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "pdf": ("pdf",), "hwp": ("hwp", "hwpx", "hwpml"), "hwpx": ("hwpx",), "hml": ("hwpml",), "hwpml": ("hwpml",),
    "docx": ("docx",), "xlsx": ("xlsx",), "csv": ("csv",), "tsv": ("csv",), "html": ("html",), "htm": ("html",),
    "xhtml": ("html",), "md": ("markdown",), "markdown": ("markdown",), "txt": ("text",),
}  # fmt: skip
MAX_NAME = 200
_PDF_WITHIN = 1024
_PEEK = 2**16
# Documents wrapped by the protection programs of Korean offices: SoftCamp, NASCA, Fasoo.
_DRM = (b"SCDSA0", b"<## NASCA DRM", b"\x9b DRMONE")
# Binary kinds that may hold no NUL byte at all, and text that is another program's: RTF, HWP 3, PostScript.
_FOREIGN = (
    b"\xff\xd8\xff", b"\x89PNG", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd",
    b"\x7fELF", b"PK\x05\x06", b"{\\rtf", b"HWP Document File V", b"%!PS",
)  # fmt: skip
_UTF16_MARKS = {b"\xff\xfe": "utf_16_le", b"\xfe\xff": "utf_16_be"}
_UTF32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
_MAX_CONTROL_SHARE = 0.01
# What text consists of, roughly: ASCII and Latin 1, signs, CJK and Hangul. UTF-16 read from other bytes is anything.
_USUAL = re.compile(r"[\t\n\r\x20-\x7e\xa0-\xff\u2000-\u2bff\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]")
_BEFORE_MARKUP = (
    r"\A[\ufeff\s]*(?:<\?xml[^>]*\?>\s*)?(?>(?:<!--.*?-->\s*)*)"  # no second try: comments may be many
)
_HTML = re.compile(_BEFORE_MARKUP + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HTML_PIECE = re.compile(
    _BEFORE_MARKUP + r"<(?:table|div|meta|title|style|script|p|h[1-6])\b", re.I | re.DOTALL
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*[\s/>]", re.IGNORECASE)
_XML = re.compile(r"\A[\ufeff\s]*<\?xml")


def recognise(data: bytes, name: str) -> str:
    """`pdf`, `hwp`, `hwpx`, `hwpml`, `docx`, `xlsx`, `csv`, `html`, `markdown` or `text`.

    A name without extension, or with one that is not ours, leaves it to the content, unless it hides one of ours
    (report.pdf.exe). Raises UnreadableDocument: `empty`, `unknown_kind`, `wrong_extension`, `encrypted`, `undecodable`,
    `bomb`, `damaged`.
    """
    if not data:
        raise UnreadableDocument("empty", name)
    before, last = _extensions(name)
    found = _kind_by_content(data, name)
    if found == "text":
        found = _text_kind(_peek(data), last)
    if found not in EXTENSIONS.get(last, (found,)) or (last not in EXTENSIONS and before in EXTENSIONS):
        raise UnreadableDocument("wrong_extension", name, named=f".{last}", found=found.upper())
    return found


def file_name(name: str) -> str:
    """A file's name as it is kept and shown: the last part of a path, NFC, no invisible signs, at most MAX_NAME characters."""
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode()
    stem, dot, extension = clean(last).rpartition(".")
    return (stem[: max(0, MAX_NAME - len(extension) - 1)] + dot + extension)[:MAX_NAME] or "-"


def _extensions(name: str) -> tuple[str, str]:
    """The part before the last point's part, and the last: (`pdf`, `exe`)."""
    parts = ["", "", *file_name(name).lower().rstrip(". ").split(".")[1:]]
    return parts[-2], parts[-1]


def _kind_by_content(data: bytes, name: str) -> str:
    if data.startswith(_DRM):
        raise UnreadableDocument("encrypted", name)
    if data.startswith(OLE_MAGIC):
        return ole_kind(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data, name)
    if _is_pdf(data):
        return "pdf"
    if data.startswith(_UTF32_MARKS):
        raise UnreadableDocument("undecodable", name, detail="UTF-32")
    if data.startswith(_FOREIGN) or not _is_text(data):
        raise UnreadableDocument("unknown_kind", name)
    head = _peek(data)
    if "<HWPML" in head and head.lstrip("\ufeff \t\r\n").startswith("<"):
        return "hwpml"
    if _XML.match(head) and not _HTML.match(head) and "<html" not in head[:_PDF_WITHIN]:
        raise UnreadableDocument("unknown_kind", name)
    return "text"


def _zip_kind(data: bytes, name: str) -> str:
    infos = {info.filename: info for info in entries(data, name)}
    if "mimetype" in infos and infos["mimetype"].compress_size < 100:
        mimetype = b"".join(Unpacker(name).entry(data, infos["mimetype"]))
        if mimetype.strip() == b"application/hwp+zip":
            return "hwpx"
    if "[Content_Types].xml" in infos and "xl/workbook.bin" not in infos:
        folders = {entry.split("/")[0] for entry in infos if "/" in entry}
        kinds = [kind for folder, kind in (("word", "docx"), ("xl", "xlsx")) if folder in folders]
        if len(kinds) == 1:
            return kinds[0]
    raise UnreadableDocument("unknown_kind", name)


def _is_pdf(data: bytes) -> bool:
    # A text about PDF may name the sign; only before objects is it a header.
    at = data.find(b"%PDF-", 0, _PDF_WITHIN + 5)
    return at == 0 or (at > 0 and b" obj" in data)


def _is_text(data: bytes) -> bool:
    if data[:2] in _UTF16_MARKS:
        return True
    if b"\0" in data:
        return _utf16_without_mark(data) is not None
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls <= max(1, _MAX_CONTROL_SHARE * len(data))


def _utf16_without_mark(data: bytes) -> str | None:
    """`utf_16_le` or `utf_16_be`: zeros all on one side, nearly all characters usual ones, and no ASCII with stray zeros."""
    head = data[:_PEEK]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if (even and odd) or not even + odd:
        return None
    if head.replace(b"\0", b"").isascii() and even + odd < 0.4 * len(head):
        return None
    encoding = "utf_16_le" if odd else "utf_16_be"
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    return encoding if len(_USUAL.findall(text)) >= 0.9 * len(text) else None


def _peek(data: bytes) -> str:
    """The beginning of a text, good enough to see its markup."""
    encoding = _UTF16_MARKS.get(data[:2]) or (_utf16_without_mark(data) if b"\0" in data else None)
    return data[:_PEEK].decode(encoding or "utf-8", "replace")


def _text_kind(head: str, extension: str) -> str:
    if _HTML.match(head):
        return "html"
    kinds = EXTENSIONS.get(extension, ())
    if kinds in (("csv",), ("markdown",), ("text",)):
        return kinds[0]
    if kinds == ("html",):
        return "html" if _TAG.search(head) else "text"
    return "html" if _HTML_PIECE.match(head) else "text"
