"""Hostile and odd PDF files."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter

from tests.made.raw import CATALOGUE, LETTERS, Case, case, page_pdf, pdf, stream

MB = 2**20
SCRIPT = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"


def double_bomb() -> bytes:
    """256 MB of blanks, packed twice: a few KB."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MB) for _ in range(256)) + packer.flush()
    return page_pdf(stream(zlib.compress(once, 9), b"/Filter[/FlateDecode/FlateDecode]"))


def nested_forms(depth: int, times: int) -> bytes:
    """Forms that draw the next one `times` times: times ** depth letters."""
    forms = []
    for level in range(depth):
        used = b"/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>" % (
            level + 7
        )
        forms.append(stream(b"/X Do " * times, b"/Type/XObject" + used))
    last = stream(LETTERS, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>")
    return page_pdf(stream(b"/X Do"), *forms, last, names=b"/XObject<</X 6 0 R>>")


def many_pages(count: int) -> bytes:
    """Pages without content."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return pdf([CATALOGUE, b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids), *[page] * count])


def encrypted(user: str, owner: str) -> bytes:
    """A page locked with passwords."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page_pdf())))
    writer.encrypt(user, owner, algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# fmt: off
def _cases() -> Iterator[Case]:
    yield case("pdf", "a.pdf", "read", page_pdf)
    yield case("pdf-double-bomb", "a.pdf", "over_limits bomb no_text read damaged", double_bomb)
    yield case("pdf-nested-forms", "a.pdf", "reader_failed over_limits bomb damaged read no_text", lambda: nested_forms(12, 10))
    yield case("pdf-50000-pages", "a.pdf", "over_limits too_large read no_text", lambda: many_pages(50_000))
    yield case("pdf-cut-off", "a.pdf", "damaged read no_text", lambda: page_pdf()[:420])
    yield case("pdf-header-only", "a.pdf", "damaged", lambda: b"%PDF-1.7\n")
    yield case("pdf-javascript", "a.pdf", "read macro", lambda: page_pdf(catalogue=SCRIPT))
    yield case("pdf-with-password", "a.pdf", "encrypted", lambda: encrypted("secret", "owner"))
    yield case("pdf-owner-password", "a.pdf", "read", lambda: encrypted("", "owner"))
    yield case("pdf-no-pages", "a.pdf", "damaged no_text", lambda: pdf([CATALOGUE, b"<</Type/Pages/Count 0/Kids[]>>"]))
    yield case("pdf-page-loop", "a.pdf", "damaged no_text over_limits", lambda: pdf([CATALOGUE, b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"]))
    yield case("pdf-no-catalogue", "a.pdf", "damaged no_text", lambda: pdf([b"<</Type/Font>>"]))
    yield case("pdf-xref-loop", "a.pdf", "read damaged", lambda: page_pdf().replace(b"trailer\n<<", b"trailer\n<</Prev 15"))
    yield case("pdf-deep-arrays", "a.pdf", "read damaged no_text", lambda: page_pdf(stream(b"[" * 200_000)))
    yield case("pdf-huge-page", "a.pdf", "read damaged", lambda: page_pdf().replace(b"595 842", b"9e9 9e9"))
    yield case("pdf-not-at-the-start", "a.pdf", "read damaged", lambda: b"\r\n<!-- mail -->\r\n" + page_pdf())
# fmt: on


CASES = tuple(_cases())
