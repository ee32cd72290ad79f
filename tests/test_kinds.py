"""Which kind a file is: by content, and its name may only agree."""

import contextlib
import gzip
import random
import time
import unicodedata

import pytest

from index_build.reading.document import UnreadableDocument
from index_build.reading.reasons import REASONS
from index_build.reading.safety.child import READERS
from index_build.reading.safety.kinds import EXTENSIONS, MAX_NAME, file_name, recognise
from tests.made import raw
from tests.made.raw import WORDS, Entry

TEXT = f"제1조(목적) {WORDS}\n면적: 858 ㎡\n"
UTF8 = TEXT.encode()
HTML = f"<!doctype html><html><body><p>{WORDS}</p></body></html>".encode()
DOCX, XLSX, HWPX = raw.packed(raw.docx_parts()), raw.packed(raw.xlsx_parts()), raw.packed(raw.hwpx_parts())
PDF, HWP, HWPML = raw.page_pdf(), raw.hwp(), raw.hwpml()
XML = b'<?xml version="1.0"?>'


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "pdf"), ("A.PDF", PDF, "pdf"), ("a.pdf. ", PDF, "pdf"), ("a", PDF, "pdf"), ("a.pdf", b"\xef\xbb\xbf\n" + PDF, "pdf"),
        ("a.pdf", b" " * 1000 + PDF, "pdf"), ("a.hwp", HWP, "hwp"), ("a.hwp", HWPX, "hwpx"), ("a.hwp", HWPML, "hwpml"),
        ("a.hwpx", HWPX, "hwpx"), ("a.hml", HWPML, "hwpml"), ("a.hwpml", HWPML, "hwpml"), ("a", HWP, "hwp"),
        ("a.hwp", raw.hwpml(encoding="utf-16"), "hwpml"), ("a.docx", DOCX, "docx"), ("a", DOCX, "docx"), ("a.doc", DOCX, "docx"),
        ("a.xlsx", XLSX, "xlsx"), ("a.csv", UTF8, "csv"), ("a.tsv", UTF8, "csv"), ("a.md", UTF8, "markdown"),
        ("a.markdown", UTF8, "markdown"), ("a.txt", UTF8, "text"), ("a", UTF8, "text"), ("2026.10.02", UTF8, "text"),
        ("a.html", HTML, "html"), ("a.htm", HTML, "html"), ("a", HTML, "html"), ("a.xls", b"<table><tr><td>1</td></tr></table>", "html"),
        ("a.html", b"<p>a</p>", "html"), ("a.xhtml", XML + HTML, "html"), ("a.html", b"<!-- a --><!-- b -->" + HTML, "html"),
        ("a.md", b"<div align=center>a</div>\n\n# a", "markdown"), ("a.md", b"<!-- note -->\n# a", "markdown"),
        ("공고.hwp.pdf", PDF, "pdf"), ("v1.2.docx", DOCX, "docx"), ("../a.txt", UTF8, "text"), ("C:\\a.txt", UTF8, "text"),
        ("a.txt", TEXT.encode("cp949"), "text"), ("a.txt", TEXT.encode("utf-16"), "text"), ("a.txt", TEXT.encode("utf-16-le"), "text"),
        ("a.txt", TEXT.encode("utf-16-be"), "text"), ("a.txt", b"plain ASCII\n".decode().encode("utf-16-le"), "text"),
        ("a.html", HTML.decode().encode("utf-16"), "html"), ("a.txt", "MZ세대 BM 모델".encode(), "text"),
        ("a.txt", f"{WORDS} %PDF-1.7".encode(), "text"), ("a.txt", b"a\x0cb\x1a", "text"),
        ("a.txt", b"PK and GIF8 and BZh", "text"),
    ],
)  # fmt: skip
def test_kind_by_content_and_name(name: str, data: bytes, kind: str) -> None:
    assert recognise(data, name) == kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"), ("a.pdf", b"", "empty"), ("a.docx", PDF, "wrong_extension"), ("a.pdf", DOCX, "wrong_extension"),
        ("a.xlsx", DOCX, "wrong_extension"), ("a.docx", HWPX, "wrong_extension"), ("a.hwpx", HWP, "wrong_extension"),
        ("a.hml", HWPX, "wrong_extension"), ("a.hwp", PDF, "wrong_extension"), ("a.hwp", HTML, "wrong_extension"),
        ("a.txt", HTML, "wrong_extension"), ("a.md", HTML, "wrong_extension"), ("a.html", UTF8, "wrong_extension"),
        ("a.pdf", UTF8, "wrong_extension"), ("a.txt", b"%PDF-1.7 is how it begins", "wrong_extension"),
        ("report.pdf.exe", PDF, "wrong_extension"), ("a.docx.html", DOCX, "wrong_extension"), ("a.txt.scr", UTF8, "wrong_extension"),
        ("a\u202efdp.docx", PDF, "wrong_extension"), ("a.pdf", b"\xff\xd8\xff\xe0" + bytes(99), "unknown_kind"),
        ("a.docx", b"MZ\x90\0" + bytes(99), "unknown_kind"), ("a.hwp", gzip.compress(UTF8), "unknown_kind"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "unknown_kind"), ("a.7z", b"7z\xbc\xaf\x27\x1c" + UTF8, "unknown_kind"),
        ("a.rar", b"Rar!\x1a\x07\x01" + UTF8, "unknown_kind"), ("a.txt", b"{\\rtf1 a}", "unknown_kind"),
        ("a.hwp", b"HWP Document File V3.00 \x1a\1\2\3\4\5" + UTF8, "unknown_kind"), ("a.xml", XML + b"<rss/>", "unknown_kind"),
        ("a.svg", XML + b"<svg/>", "unknown_kind"), ("a.txt", random.Random(0).randbytes(3000), "unknown_kind"),
        ("a.csv", b"a,b\0,c\n" * 9, "unknown_kind"), ("a.csv", "이름\0,면적\n".encode() * 9, "unknown_kind"),
        ("a.txt", b"hello world\0 and more", "unknown_kind"), ("a.txt", b"\1\2\3abc", "unknown_kind"),
        ("a.txt", TEXT.encode("utf-32"), "undecodable"), ("a.zip", raw.zip_of([]), "unknown_kind"),
        ("a.jar", raw.zip_of([Entry("META-INF/MANIFEST.MF", b"a")]), "unknown_kind"), ("a.docx", DOCX[:300], "damaged"),
        ("a.hwp", HWP[:700], "damaged"), ("a.doc", raw.ole({"WordDocument": b"a"}), "unknown_kind"),
        ("a.xls", raw.ole({"Workbook": b"a"}), "unknown_kind"), ("a.docx", raw.ole({"EncryptedPackage": b"a"}), "encrypted"),
        ("a.xlsx", raw.ole({"EncryptionInfo": b"a"}), "encrypted"), ("a.pdf", b"\x9b DRMONE  This Document is encrypted", "encrypted"),
    ],
)  # fmt: skip
def test_refusal_by_content_and_name(name: str, data: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        recognise(data, name)
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in ("ko", "en"))


def test_wrong_extension_says_both() -> None:
    with pytest.raises(UnreadableDocument, match=r"its name says \.docx, its content is PDF"):
        recognise(PDF, "a.docx")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_extension_has_a_reader(extension: str) -> None:
    assert set(EXTENSIONS[extension]) <= READERS.keys()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("..\\a.txt", "a.txt"), ("a\r\nX: y.pdf", "a X: y.pdf"), ("a\0b.txt", "ab.txt"),
        ("a\u202etxt.exe", "atxt.exe"), ("\u200b.txt", ".txt"), ("-rf.txt", "-rf.txt"), ("", "-"), ("/", "-"), ("\ud800.txt", "?.txt"),
        (unicodedata.normalize("NFD", "공고.hwp"), "공고.hwp"), ("🏢.pdf", "🏢.pdf"), ("가" * 300 + ".txt", "가" * 196 + ".txt"),
        ("a." + "b" * 300, "." + "b" * 199),
    ],
)  # fmt: skip
def test_name_as_it_is_kept(name: str, shown: str) -> None:
    assert file_name(name) == shown
    assert len(shown) <= MAX_NAME


@pytest.mark.parametrize(
    "head",
    [b"<!---->" * 9000, b"<!-- " * 9000, b"<?xml " * 9000, b"<" * 60_000, b" " * 60_000, b"<p " * 20_000],
)
def test_markup_is_searched_in_no_time(head: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableDocument):
        recognise(head + b"a", "a")
    assert time.process_time() - started < 2  # seconds; a pattern that backtracks takes minutes


def test_codes_are_known() -> None:
    assert {
        "empty",
        "unknown_kind",
        "wrong_extension",
        "encrypted",
        "undecodable",
        "damaged",
    } <= REASONS.keys()
