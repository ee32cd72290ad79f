"""What is refused before a reader sees it, up to the edge of every limit."""

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest

from index_build.reading.document import UnreadableDocument
from index_build.reading.limits import MAX_CELLS
from index_build.reading.safety.archive import MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED
from index_build.reading.safety.compound import holds_code
from index_build.reading.safety.kinds import recognise
from index_build.reading.safety.prechecks import MAX_FILE, MAX_PLACES, check
from tests.made import hostile_office, raw
from tests.made.hostile_office import CODE, LAUGHS, XXE, docx, xlsx
from tests.made.raw import DEFAULT_HEADER_SCRIPT, DEFAULT_SOURCE_SCRIPT, Entry

MB = 2**20
REFUSED = frozenset({"bomb", "unsafe_name", "entities", "macro", "encrypted", "too_large", "undecodable"})
EARLY = [case for case in hostile_office.CASES if case.expected <= REFUSED]
FAR = "<hp:tbl rowCnt='{}' id='a' colCnt='{}'/>"


def outcome(data: bytes, name: str) -> str:
    """`fine`, or the code of the refusal."""
    try:
        check(data, recognise(data, name), name)
    except UnreadableDocument as refusal:
        return refusal.code
    return "fine"


def packed_of(size: int) -> bytes:
    """Bytes that do not pack."""
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("case", EARLY, ids=lambda case: case.id)
def test_hostile_file_is_refused_before_its_reader(case: raw.Case) -> None:
    assert outcome(case.make(), case.name) in case.expected


@pytest.mark.parametrize(
    "case", [case for case in EARLY if "bomb" in case.expected], ids=lambda case: case.id
)
def test_bomb_is_refused_fast_and_in_little_memory(case: raw.Case) -> None:
    data = case.make()
    started = time.process_time()
    assert outcome(data, case.name) in case.expected
    seconds = time.process_time() - started
    tracemalloc.start()
    outcome(data, case.name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (seconds < 10, peak < 50 * MB) == (True, True), (seconds, peak)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (docx(), "a.docx"), (xlsx(), "a.xlsx"), (raw.packed(raw.hwpx_parts()), "a.hwpx"), (raw.hwp(), "a.hwp"),
        (raw.hwp(script=DEFAULT_SOURCE_SCRIPT), "a.hwp"), (raw.hwp(flags=1 << 2), "a.hwp"), (raw.hwpml(), "a.hml"),
        (raw.hwpml(encoding="utf-16"), "a.hml"), (raw.hwpml(encoding="euc-kr"), "a.hml"), (raw.page_pdf(), "a.pdf"),
        (docx(encoding="utf-16"), "a.docx"), (docx(Entry("word/")), "a.docx"), (docx(Entry("word/a.xml")), "a.docx"),
        (docx(body=raw.paragraph("&lt;!DOCTYPE &lt;!ENTITY")), "a.docx"), (docx(Entry("word/media/a.png", packed_of(9999))), "a.docx"),
        (docx(Entry("word/media/a.bmp", packed=raw.blanks(20), size=20 * MB)), "a.docx"),
        (docx(Entry("word/a.xml", b"<a/>" + b" " * (MB - 4))), "a.docx"), (docx(Entry("word/제목.xml", b"<a/>")), "a.docx"),
        (xlsx(rows='<row r="1048576"><c r="XFD1048576" s="1"/></row>'), "a.xlsx"),
        (raw.packed(raw.hwpx_parts(FAR.format(1000, 200))), "a.hwpx"),
    ],
)  # fmt: skip
def test_good_file_passes(data: bytes, name: str) -> None:
    assert outcome(data, name) == "fine"


@pytest.mark.parametrize(
    ("count", "code"), [(MAX_ENTRIES - 3, "fine"), (MAX_ENTRIES - 2, "bomb")], ids=["at", "above"]
)
def test_limit_of_entries(count: int, code: str) -> None:
    assert outcome(docx(*(Entry(f"word/{i}.bin") for i in range(count))), "a.docx") == code


@pytest.mark.parametrize(("packed", "code"), [(20_000, "fine"), (19_999, "bomb")])
def test_limit_of_ratio(packed: int, code: str) -> None:
    size = MAX_RATIO * 20_000
    entry = Entry("word/a.bin", packed=raw.deflated(bytes(size)).ljust(packed, b"a"), size=size)
    assert outcome(docx(entry), "a.docx") == code


@pytest.mark.parametrize(("more", "code"), [(0, "fine"), (1, "bomb")])
def test_limit_of_unpacked_size(more: int, code: str) -> None:
    parts = raw.docx_parts()
    parts["word/document.xml"] += b" " * (MB - sum(map(len, parts.values())))
    size = MAX_UNPACKED // MB - 1
    entries = [Entry(f"word/{i}.bmp", packed=raw.blanks(size // 3), size=size // 3 * MB) for i in range(3)]
    rest = (size - size // 3 * 3) * MB + more
    assert outcome(raw.packed(parts, *entries, Entry("word/rest.bmp", bytes(rest))), "a.docx") == code


@pytest.mark.parametrize(
    ("size", "code"), [(MAX_FILE, "fine"), (MAX_FILE + 1, "too_large")], ids=["at", "above"]
)
def test_limit_of_file_size(size: int, code: str) -> None:
    assert outcome(b"a" * size, "a.txt") == code


@pytest.mark.parametrize(
    ("place", "code"),
    [("E1000000", "fine"), ("E1000001", "too_large"), ("XFD306", "too_large"), ("XFD305", "fine")],
)
def test_limit_of_places_in_a_sheet(place: str, code: str) -> None:
    assert MAX_PLACES == 5_000_000
    assert outcome(xlsx(rows=raw.cell("A1", "a") + raw.cell(place, "b")), "a.xlsx") == code


@pytest.mark.parametrize("count", [MAX_CELLS, MAX_CELLS + 1])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.hwpx", lambda n: raw.packed(raw.hwpx_parts(FAR.format(1, n)))),
        ("a.hwpx", lambda n: raw.packed(raw.hwpx_parts(f'<hp:cellSpan rowSpan="1" colSpan="{n}"/>'))),
        ("a.docx", lambda n: docx(body=f'<w:tcPr><w:gridSpan w:val="{n}"/></w:tcPr>')),
        ("a.hml", lambda n: raw.hwpml(f'<TABLE ColCount="{n}" RowCount="1">')),
        ("a.hml", lambda n: raw.hwpml(f'<CELL ColSpan="{n}" RowSpan="1">')),
    ],
)
def test_limit_of_cells_in_a_table(name: str, make: Callable[[int], bytes], count: int) -> None:
    assert outcome(make(count), name) == ("fine" if count <= MAX_CELLS else "too_large")


@pytest.mark.parametrize(
    "doctype", [XXE, LAUGHS, b"<!ENTITY x 'y'>", b"<!DOCTYPE\na>", b"<!DOCTYPE hwpml SYSTEM 'a'>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "euc-kr"])
def test_declaration_is_refused_in_every_encoding(doctype: bytes, encoding: str) -> None:
    assert outcome(raw.hwpml("a", doctype.decode(), encoding=encoding), "a.hml") == "entities"
    assert outcome(docx(body="", doctype=doctype, encoding=encoding), "a.docx") == "entities"


@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels", "word/document.xml"])
def test_declaration_is_refused_in_every_part(part: str) -> None:
    parts = raw.docx_parts()
    assert (
        outcome(raw.packed(parts | {part: parts[part].replace(b"?>", b"?>" + XXE, 1)}), "a.docx")
        == "entities"
    )


@pytest.mark.parametrize("shift", range(-20, 20, 3))
def test_declaration_is_found_across_the_seam_of_chunks(shift: int) -> None:
    before = b"<a>" + b" " * 500 + packed_of(MB // 2 + 4096).hex().encode()
    content = before[: MB + shift] + b"<!DOCTYPE a>"
    assert outcome(docx(Entry("word/a.xml", content)), "a.docx") == "entities"
    assert outcome(docx(Entry("word/a.xml", content, method=0)), "a.docx") == "entities"


def test_declaration_behind_many_empty_blocks_is_found() -> None:
    empty = b"\0\0\0\xff\xff" * 40_000
    entry = Entry("word/a.bin", packed=empty + raw.deflated(b"\n" + XXE), size=len(XXE) + 1)
    assert outcome(docx(entry), "a.docx") == "entities"


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "hz", "iso-2022-kr"])
def test_encoding_that_hides_ascii_is_refused(encoding: str) -> None:
    head = f'<?xml version="1.0"{" " * 5000} encoding="{encoding}"?><a/>'.encode()
    assert outcome(docx(Entry("word/a.xml", head)), "a.docx") == "undecodable"


@pytest.mark.parametrize("flag", [1, 4, 8, 10])
def test_locked_hwp_is_refused(flag: int) -> None:
    assert outcome(raw.hwp(flags=1 << flag), "a.hwp") == "encrypted"


def test_locked_hwpx_is_refused_although_its_parts_look_damaged() -> None:
    manifest = b'<odf:manifest xmlns:odf="a"><odf:encryption-data/></odf:manifest>'
    parts = raw.hwpx_parts() | {"Contents/section0.xml": packed_of(999), "META-INF/manifest.xml": manifest}
    assert outcome(raw.packed(parts), "a.hwpx") == "encrypted"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("", False), (DEFAULT_HEADER_SCRIPT, False), (DEFAULT_SOURCE_SCRIPT, False), ("// a\r\n/* b\n c */", False),
        (DEFAULT_HEADER_SCRIPT + DEFAULT_SOURCE_SCRIPT, False), ("function OnDocument_Open(){}\0", False), (CODE, True),
        (DEFAULT_SOURCE_SCRIPT + "run();", True), ("//@cc_on run();", True), ("/*@cc_on run(); @*/", True), ('"//"; run();', True),
        ("// a\u2028run();", True), ("function a(b){}", True), ("run()", True),
    ],
)  # fmt: skip
def test_script_of_code_is_told_from_the_default(script: str, code: bool) -> None:
    assert holds_code([script]) is code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("script", "code"), [(DEFAULT_SOURCE_SCRIPT, "fine"), (CODE, "macro")])
def test_script_of_hwpx(script: str, encoding: str, code: str) -> None:
    entry = Entry("Scripts/sourceScripts", script.encode(encoding))
    assert outcome(raw.packed(raw.hwpx_parts(), entry), "a.hwpx") == code


def test_refusal_names_the_entry_in_print() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        check(docx(Entry("../\u202e\x1b[31m" + "a" * 300)), "docx", "a.docx")
    assert refused.value.values["entry"] == "../[31m" + "a" * 73
