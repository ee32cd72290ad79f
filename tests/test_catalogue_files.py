"""The catalogue's CSV files: what is wrong in them is named before anything is built."""

import csv

import pytest

from index_build.catalogue_files import BuildError, read_tables
from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer


@pytest.fixture
def write(tmp_path):
    """Write the shipped table with `change` made to its list of rows; returns the folder."""

    def write_table(name, change):
        text = (DOCUMENTS / f"{name}.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(keepends=True)))
        columns = list(rows[0])
        change(rows)
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return write_table


def test_shipped_tables_are_read():
    tables = read_tables([DOCUMENTS])

    assert {name: bool(rows) for name, rows in tables.items()} == dict.fromkeys(
        (
            "districts",
            "land",
            "incentives",
            "contacts",
            "gazetteer",
            "glossary",
            "matters",
            "not_covered",
            "rules",
            "district_industries",
            "origins",
        ),
        True,
    )


def test_table_of_the_last_folder_that_has_one_counts(write):
    folder = write("contacts", lambda rows: rows[0].update(phone="02-000-0000"))
    tables = read_tables([folder, DOCUMENTS.parent])

    assert tables["contacts"][0]["phone"] == "02-000-0000"
    assert len(tables["land"]) == len(read_tables([DOCUMENTS])["land"])


@pytest.mark.parametrize(
    ("table", "column", "value", "allowed"),
    [
        ("land", "status", "sure", "one of verified, secondary, derived, probable, unverified"),
        ("land", "region", "atlantis", "an id of kind region in gazetteer.csv"),
        ("land", "district", "ic-seoul", "empty or an id of districts.csv"),
        ("land", "availability", "some", "empty or one of left, none, resale_only"),
        ("land", "contact", "contact-x", "empty or an id of contacts.csv"),
        ("land", "demo", "yes", "true or false"),
        ("incentives", "status", "", "one of verified"),
        ("incentives", "regions", "naju;atlantis", "ids of kind region in gazetteer.csv, joined by ;"),
        ("incentives", "demo", "", "true or false"),
        ("districts", "regions", "", "ids of kind region in gazetteer.csv, joined by ;"),
        ("districts", "contact", "", "an id of contacts.csv"),
        ("contacts", "status", "known", "one of verified"),
    ],
)
def test_wrong_cell_is_named_with_row_column_value_and_what_is_allowed(write, table, column, value, allowed):
    folder = write(table, lambda rows: rows[1].update({column: value}))

    with pytest.raises(
        BuildError, match=rf"^{table}.csv row 3 \(.+\), column {column}: '{value}' .*Allowed: {allowed}"
    ):
        read_tables([folder])


@pytest.mark.parametrize("table", ["land", "incentives", "districts", "contacts", "gazetteer"])
def test_id_that_stands_twice_is_named(write, table):
    folder = write(table, lambda rows: rows.append(rows[0]))

    with pytest.raises(BuildError, match=rf"^{table}.csv: id '.+' stands twice"):
        read_tables([folder])


def test_columns_that_differ_are_named(tmp_path):
    (tmp_path / "contacts.csv").write_text("id,name\nx,y\n", encoding="utf-8")

    with pytest.raises(
        BuildError, match=r"^contacts.csv: its columns are id, name; they must be id, name_ko"
    ):
        read_tables([tmp_path])


def test_table_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(tmp_path):
    text = (DOCUMENTS / "contacts.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "contacts.csv").write_text(text, encoding="utf-8-sig")

    assert read_tables([tmp_path]) == read_tables([DOCUMENTS]) | {"not_covered": []}


def test_what_no_document_answers_is_only_known_of_the_documents_beside_the_list(tmp_path):
    assert read_tables([tmp_path])["not_covered"] == []
    assert len(read_tables([tmp_path, DOCUMENTS])["not_covered"]) > 400


def test_table_in_korean_legacy_encoding_is_refused_by_name(tmp_path):
    text = (DOCUMENTS / "contacts.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "contacts.csv").write_bytes(text.encode("cp949", "replace"))

    with pytest.raises(BuildError, match=r"contacts.csv.*UTF-8"):
        read_tables([tmp_path])


def test_row_with_more_cells_than_columns_is_refused(tmp_path):
    text = (DOCUMENTS / "contacts.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "contacts.csv").write_text(text.rstrip() + ",surplus\n", encoding="utf-8")

    with pytest.raises(BuildError, match=r"contacts.csv row \d+"):
        read_tables([tmp_path])


@pytest.mark.parametrize("change", [{"kind": "food"}, {"aliases": ""}])
def test_gazetteer_row_that_cannot_be_used_is_refused(write, change):
    folder = write("gazetteer", lambda rows: rows[-1].update(change))

    with pytest.raises(BuildError, match=r"gazetteer.csv row \d+"):
        Gazetteer.from_rows(read_tables([folder])["gazetteer"])


@pytest.mark.parametrize("change", [{"value": "30,000"}, {"as_of": "end of 2021"}])
def test_land_row_without_plain_number_or_iso_date_is_refused(write, change):
    folder = write("land", lambda rows: next(r for r in rows if r["id"] == "L052").update(change))

    with pytest.raises(BuildError, match=r"land.csv row \d+ \(L052\)"):
        read_tables([folder])
