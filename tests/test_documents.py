"""The shipped sheets: what README.md of knowledge/documents promises of each."""

import re

import pytest
import yaml

from index_build.catalogue_files import read_tables
from index_build.passages import WHOLE_SHEET
from index_build.reading.assemble import read_document
from knowledge.config import DOCUMENTS
from knowledge.source import TELLABLE

SHEETS = sorted(DOCUMENTS.glob("*/*.md"))
KEYS = {
    "title", "programme", "region", "publisher", "source_title", "source_url", "published", "as_of",
    "valid_from", "valid_until", "language", "sources",
}  # fmt: skip
NEEDED = ("title", "programme", "region", "publisher", "source_title", "as_of", "language")
ISO = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
_MARKS = r"\[[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*\]"
_SENTENCE = re.compile(rf"(.+?(?:[.!?](?=\s|$)|$))\s*((?:{_MARKS}\s*)*)", re.DOTALL)
# Figures as the translators of the founding texts broke them; the true ones are in the catalogue.
DAMAGED = [
    r"XNUMX", r"m286", r"m\d{2,}\b", r"\b240 billion", r"240년", r"240 years", r"6,850억", r"685 billion",
    r"1,735 billion", r"25 locations", r"17th industry", r"(?<![\d,])(?:858|684|415|307|230|216|151|141|112)\s?(?:m2|m²|㎡)", r"2,400억",
]  # fmt: skip

sheets = pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parent.name}/{path.stem}")
topics = pytest.mark.parametrize("name", sorted({path.name for path in SHEETS}))


@pytest.fixture(scope="module")
def tables():
    return read_tables([DOCUMENTS])


@pytest.fixture(scope="module")
def statuses(tables):
    return {row["id"]: row["status"] for name in ("land", "incentives", "contacts") for row in tables[name]}


def sentences(text):
    """Each sentence of a section with the marks behind it."""
    return [(said.strip(), re.findall(r"[A-Z]\d+", marks)) for said, marks in _SENTENCE.findall(text)]


def marks(section):
    """The marks of a section, each once: a language may need a sentence more for the same."""
    return sorted({mark for _, found in sentences(section.text) for mark in found})


@sheets
def test_sheet_has_complete_front_matter(path):
    front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])

    assert front.keys() == KEYS
    assert [key for key in NEEDED if not front[key]] == []


@sheets
def test_sheet_stands_in_the_folder_of_its_language(path):
    document = read_document(path)
    hangul = [bool(re.search(r"[가-힣]{2}", re.sub(r"\([^)]*\)", "", s.text))) for s in document.sections]

    assert document.language == path.parent.name
    assert (sum(hangul) > len(hangul) / 2) == (document.language == "ko")


@sheets
def test_sheet_names_programmes_and_regions_that_exist(path, tables):
    document = read_document(path)
    known = {
        kind: {r["id"] for r in tables["gazetteer"] if r["kind"] == kind} for kind in ("programme", "region")
    }

    assert document.programme in known["programme"] | {"general"}
    assert set(document.regions) <= known["region"]


@sheets
def test_sheet_bears_iso_dates(path):
    document = read_document(path)
    dates = [document.published_on, document.as_of, document.valid_from, document.valid_until]
    dates += [date for source in document.sources.values() for date in (source.published_on, source.as_of)]

    assert [date for date in dates if not ISO.fullmatch(date)] == []


@topics
def test_topic_has_the_same_sections_and_marks_in_both_languages(name):
    korean, english = (read_document(DOCUMENTS / language / name) for language in ("ko", "en"))

    assert len(korean.sections) == len(english.sections)
    assert [(s.kind, marks(s)) for s in korean.sections] == [(s.kind, marks(s)) for s in english.sections]


@sheets
def test_sheet_marks_every_sentence_with_a_figure(path):
    said = [one for section in read_document(path).sections for one in sentences(section.text)]

    assert [sentence for sentence, found in said if re.search(r"\d", sentence) and not found] == []


@sheets
def test_sheet_marks_point_to_sources_that_may_be_told(path, statuses):
    document = read_document(path)
    known = statuses | {mark: source.status for mark, source in document.sources.items()}
    untold = [
        (section.heading, mark, known.get(mark))
        for section in document.sections
        for mark in marks(section)
        if known.get(mark) not in TELLABLE | ({"unverified"} if section.kind == "unpublished" else set())
    ]

    assert untold == []


@sheets
def test_sheet_describes_each_of_its_sources(path):
    sources = read_document(path).sources.values()

    assert [s.key for s in sources if not (s.title and s.publisher and s.status)] == []


@sheets
def test_sheet_sections_are_short_and_have_a_heading_of_their_own(path):
    sections = read_document(path).sections
    headings = [section.heading for section in sections]

    assert [s.heading for s in sections if len(re.sub(rf"\s*{_MARKS}", "", s.text)) > WHOLE_SHEET] == []
    assert all(headings)
    assert len(headings) == len(set(headings))


@sheets
def test_sheet_shows_no_leftover_of_its_format(path):
    text = "\n".join(f"{s.heading}\n{s.text}" for s in read_document(path).sections)

    assert re.findall(r"<!--|-->|\{\.|\*\*|^#|TODO|\u200b", re.sub(_MARKS, "", text), re.MULTILINE) == []


@sheets
def test_sheet_repeats_no_damaged_figure(path):
    text = "\n".join(section.text for section in read_document(path).sections)

    assert [found for pattern in DAMAGED for found in re.findall(pattern, text)] == []


def figures(text, unit):
    """Percentages, or areas in m2 (345,000㎡, 34만 5천㎡, 1.3 million m²), of a text."""
    if unit == "%":
        return {float(n) for n in re.findall(r"(\d+(?:\.\d+)?)\s?%(?!\s?(?:포인트|p))", text)}
    factors = {"": 1, "만": 1e4, "천": 1e3, "million": 1e6}
    found = re.findall(r"(?<![\d.,만])(\d[\d,.]*)\s?(만|천|million|)\s?(?:㎡|m²|square metres)", text)
    return {round(float(n.replace(",", "")) * factors[scale]) for n, scale in found}


@sheets
def test_sheet_gives_the_figure_of_the_one_land_row_it_cites(path, tables):
    land = {row["id"]: row for row in tables["land"]}
    wrong = []
    for sentence, found in [s for section in read_document(path).sections for s in sentences(section.text)]:
        row = land.get(found[0]) if len(found) == 1 else None
        if row is None or row["unit"] not in ("%", "m2") or not row["value"]:
            continue
        years = re.findall(r"20\d{2}", sentence)
        told = figures(sentence, row["unit"])
        allowed = {float(row["value"])} | figures(row["note_ko"], row["unit"])
        # A sentence on another year tells that year's figure and not the row's.
        if told and not told & allowed and not (years and row["as_of"][:4] not in years):
            wrong.append((found[0], row["value"], sentence))

    assert wrong == []
