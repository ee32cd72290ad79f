"""Hostile and odd HTML, CSV, Markdown and text files, wrong extensions and odd names."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator

from tests.made import raw
from tests.made.raw import WORDS, Case, case

KOREAN = f"# 공고\n\n{WORDS}\n"
PLAIN = KOREAN.encode()
PAGE = f"<!DOCTYPE html><html><head><title>공고</title></head><body><p>{WORDS}</p>%s</body></html>"
TABLE = "<table><tr><td{}>값</td></tr></table>"
LAUGHS = (
    "---\na0: &a0 [ha]\n"
    + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10))
    + f"---\n{KOREAN}"
).encode()
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + bytes(range(256)) * 9
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(500) + b"PE\0\0" + bytes(500)
EXTENSIONS = ("pdf", "hwp", "hwpx", "hml", "docx", "xlsx", "csv", "html", "md", "txt")


def page(inside: str) -> bytes:
    return (PAGE % inside).encode()


def docx() -> bytes:
    return raw.packed(raw.docx_parts())


# fmt: off
def _html() -> Iterator[Case]:
    yield case("html-depth-100000", "a.html", "read over_limits", lambda: page("<div>" * 100_000 + WORDS))
    yield case("html-spans", "a.html", "read too_large over_limits", lambda: page(TABLE.format(' rowspan="1000000" colspan="1000000"')))
    yield case("html-many-spans", "a.html", "read too_large over_limits", lambda: page("<table>" + '<tr><td rowspan="65534" colspan="1000">a</td></tr>' * 1000 + "</table>"))
    yield case("html-unclosed", "a.html", "read", lambda: page("<table><tr><td>값<b><i><p>값<li>값")[:-14])
    yield case("html-million-tags", "a.html", "read over_limits", lambda: page("<b>값</b>" * 1_000_000))
    yield case("html-million-comments", "a.html", "read over_limits wrong_extension", lambda: b"<!---->" * 1_000_000 + page(""))
    yield case("html-deep-tables", "a.html", "read over_limits", lambda: page("<table><tr><td>" * 5000 + WORDS))
    yield case("html-script-only", "a.html", "read no_text", lambda: b"<html><script>alert('1')</script></html>")
    yield case("html-entities", "a.xhtml", "read", lambda: (b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("&x;")[15:]))
    yield case("html-long-attribute", "a.html", "read over_limits", lambda: page(f'<p title="{"a" * 20_000_000}">{WORDS}</p>'))
    yield case("xml-of-others", "a.html", "unknown_kind wrong_extension", lambda: b'<?xml version="1.0"?><rss><channel/></rss>')


def _tables() -> Iterator[Case]:
    yield case("csv-one-line-of-20-mb", "a.csv", "read too_large over_limits", lambda: b"a,b\n" + b"x" * 20_000_000 + b",1")
    yield case("csv-nul", "a.csv", "unknown_kind", lambda: "이름,면적\n대구\0,858\n".encode())
    yield case("csv-million-columns", "a.csv", "no_text read too_large over_limits", lambda: b"a," * 1_000_000)
    yield case("csv-one-wide-row", "a.csv", "read too_large over_limits", lambda: b"a\n" * 100_000 + b"1," * 100_000)
    yield case("csv-open-quote", "a.csv", "read damaged", lambda: f'이름,면적\n"{WORDS},858\n대구,1\n'.encode())


def _texts() -> Iterator[Case]:
    yield case("text-one-line-of-6-million", "a.txt", "read", lambda: WORDS[:10].encode() * 600_000)
    yield case("text-31-mb", "a.txt", "too_large", lambda: b"a" * (31 * 2**20))
    yield case("text-million-lines", "a.txt", "read over_limits", lambda: b"1. a\n" * 1_000_000)
    yield case("text-one-byte", "a.txt", "read no_text", lambda: b"a")
    yield case("text-mark-only", "a.txt", "read no_text undecodable", lambda: b"\xef\xbb\xbf")
    yield case("text-utf16-mark-only", "a.txt", "read no_text undecodable", lambda: b"\xff\xfe")
    yield case("text-blank", "a.txt", "read no_text", lambda: b" \r\n\t" * 1000)
    yield case("text-random", "a.txt", "unknown_kind", lambda: random.Random(3).randbytes(5000))
    yield case("text-utf16-odd-length", "a.txt", "read undecodable", lambda: KOREAN.encode("utf-16")[:-1])
    yield case("text-utf16-without-mark", "a.txt", "read undecodable", lambda: KOREAN.encode("utf-16-le"))
    yield case("text-utf16-lone-surrogate", "a.txt", "undecodable", lambda: b"\xff\xfe\x00\xd8a\0" + KOREAN.encode("utf-16-le"))
    yield case("text-utf8-lone-surrogate", "a.txt", "undecodable", lambda: PLAIN + b"\xed\xa0\x80")
    yield case("text-invalid-utf8", "a.txt", "undecodable", lambda: PLAIN + b"\xff\xfe\xfa\x80")
    yield case("text-mixed-encodings", "a.txt", "undecodable", lambda: PLAIN * 5 + KOREAN.encode("cp949") * 5)
    yield case("text-utf32", "a.txt", "undecodable", lambda: KOREAN.encode("utf-32"))
    yield case("text-cp949", "a.txt", "read", lambda: KOREAN.encode("cp949"))
    yield case("text-mz", "a.txt", "read", lambda: f"MZ세대 기업의 이전\n\n{WORDS}".encode())
    yield case("text-on-pdf", "a.txt", "read", lambda: f"PDF 파일은 %PDF-1.7로 시작한다.\n{WORDS}".encode())


def _markdown() -> Iterator[Case]:
    yield case("markdown-yaml-bomb", "a.md", "front_matter", lambda: LAUGHS)
    yield case("markdown-yaml-object", "a.md", "front_matter", lambda: f"---\na: !!python/object/apply:os.system ['id']\n---\n{KOREAN}".encode())
    yield case("markdown-yaml-self", "a.md", "front_matter", lambda: f"---\na: &a [*a]\n---\n{KOREAN}".encode())
    yield case("markdown-front-of-10-mb", "a.md", "front_matter read", lambda: b"---\na: " + b"x" * 10_000_000 + b"\n---\n" + PLAIN)
    yield case("markdown-front-nested", "a.md", "front_matter over_limits", lambda: b"---\na: " + b"[" * 30_000 + b"\n---\n" + PLAIN)
    yield case("markdown-deep-lists", "a.md", "read over_limits", lambda: "".join(f"{' ' * 2 * i}- 항목\n" for i in range(2000)).encode())
    yield case("markdown-deep-quotes", "a.md", "read over_limits", lambda: b">" * 100_000 + PLAIN)
    yield case("markdown-brackets", "a.md", "read over_limits", lambda: b"[" * 100_000 + PLAIN)
    yield case("markdown-stars", "a.md", "read over_limits", lambda: b"*a **b " * 50_000)
    yield case("markdown-wide-table", "a.md", "read over_limits too_large", lambda: b"|a" * 20_000 + b"|\n" + b"|-" * 20_000 + b"|\n" + b"|1|\n" * 1000)


def _wrong_kinds() -> Iterator[Case]:
    yield case("pdf-as-docx", "a.docx", "wrong_extension", raw.page_pdf)
    yield case("docx-as-pdf", "a.pdf", "wrong_extension", docx)
    yield case("docx-as-xlsx", "a.xlsx", "wrong_extension", docx)
    yield case("hwpx-as-docx", "a.docx", "wrong_extension", lambda: raw.packed(raw.hwpx_parts()))
    yield case("hwpx-as-hwp", "a.hwp", "read", lambda: raw.packed(raw.hwpx_parts()))
    yield case("hwp-as-hwpx", "a.hwpx", "wrong_extension", raw.hwp)
    yield case("html-as-pdf", "a.pdf", "wrong_extension", lambda: page(""))
    yield case("html-as-text", "a.txt", "wrong_extension", lambda: page(""))
    yield case("text-as-docx", "a.docx", "wrong_extension", lambda: PLAIN)
    yield case("text-as-html", "a.html", "wrong_extension", lambda: PLAIN)
    yield case("pdf-as-text", "a.txt", "wrong_extension", raw.page_pdf)
    yield case("jpeg-as-pdf", "a.pdf", "unknown_kind", lambda: JPEG)
    yield case("exe-as-docx", "a.docx", "unknown_kind", lambda: PROGRAM)
    yield case("gzip-as-hwp", "a.hwp", "unknown_kind", lambda: gzip.compress(PLAIN))
    yield case("rtf-as-text", "a.txt", "unknown_kind", lambda: b"{\\rtf1\\ansi a}")
    yield case("random-as-pdf", "a.pdf", "unknown_kind", lambda: random.Random(4).randbytes(5000))
    yield case("random-as-hwp", "a.hwp", "unknown_kind", lambda: random.Random(5).randbytes(5000))
    yield case("double-extension-exe", "report.pdf.exe", "wrong_extension", raw.page_pdf)
    yield case("double-extension-html", "x.docx.html", "wrong_extension", docx)
    yield case("printed-hwp", "공고.hwp.pdf", "read", raw.page_pdf)
    yield case("no-extension", "공고", "read", docx)
    yield case("other-extension", "공고.doc", "read", docx)
    for extension in EXTENSIONS:
        yield case(f"empty-{extension}", f"a.{extension}", "empty", bytes)
    for extension in ("pdf", "hwp", "docx", "xlsx"):
        yield case(f"one-byte-{extension}", f"a.{extension}", "wrong_extension unknown_kind", lambda: b"a")


def _names() -> Iterator[Case]:
    for id, name in (
        ("path", "../../etc/passwd.txt"), ("backslashes", "..\\..\\windows\\a.txt"), ("nul", "a\0.txt"),
        ("hangul-300", "가" * 300 + ".txt"), ("newline", "a\r\nX: y.txt"), ("emoji", "🏗️🏢.txt"),
        ("right-to-left", "a\u202etxt.exe.txt"), ("option", "-rf.txt"), ("long-option", "--help.txt"),
        ("braces", "{0}{file.__class__}%s.txt"), ("html", "<img src=x onerror=alert(1)>.txt"), ("dots", "...txt"),
        ("half-character", "\ud800.txt"), ("blanks", "  a .txt  "), ("upper-case", "A.TXT"),
    ):  # fmt: skip
        yield case(f"name-{id}", name, "read", lambda: PLAIN)
# fmt: on


CASES = (*_html(), *_tables(), *_texts(), *_markdown(), *_wrong_kinds(), *_names())
