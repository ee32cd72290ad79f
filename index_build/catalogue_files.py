"""The catalogue's CSV files: read, and checked row by row before anything is built."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from knowledge.catalogue import AVAILABILITY, Contact, District, Incentive, LandFact
from knowledge.config import DOCUMENTS
from knowledge.gazetteer import KINDS
from knowledge.rules import COLUMNS as RULE_COLUMNS
from knowledge.rules import Rules

Tables = dict[str, list[dict[str, str]]]

_CATALOGUE = {"districts": District, "land": LandFact, "incentives": Incentive, "contacts": Contact}
# Lists beside the catalogue: names, terms of both languages, matters that are asked about, questions that no document answers, and zones of the capital region.
_LISTS = {
    "gazetteer": ("kind", "id", "name_ko", "name_en", "parent", "aliases"),
    "glossary": ("ko", "en", "ko_variants", "en_variants", "meaning_ko", "meaning_en", "clause", "as_of"),
    "matters": ("ko", "en", "ko_variants", "en_variants", "also"),
    "not_covered": ("topic", "ko", "en"),
    "rules": RULE_COLUMNS,
    "district_industries": (
        "district", "industry", "note_ko", "note_en", "as_of", "source_title", "publisher", "url", "status",
    ),
    "origins": (
        "region", "zone", "note_ko", "note_en", "as_of", "source_title", "publisher", "url", "status",
    ),
}  # fmt: skip
KEYS = {
    "gazetteer": ("kind", "id"),
    "glossary": ("ko",),
    "matters": ("ko",),
    "not_covered": ("ko", "en"),
    "origins": ("region",),
    "district_industries": ("district", "industry"),
    "rules": ("incentive", "kind", "fact", "op", "value", "when", "text_ko"),
}
CATALOGUE_FILES = frozenset(f"{name}.csv" for name in (*_CATALOGUE, *_LISTS))
ZONES = ("overconcentration", "growth_management", "nature_conservation")
_STATUSES = ("verified", "secondary", "derived", "probable", "unverified")

_DATES = [
    ("land", "as_of"),
    ("incentives", "deadline"),
    ("incentives", "in_force_from"),
    ("contacts", "as_of"),
    ("glossary", "as_of"),
    ("origins", "as_of"),
]
_NUMBERS = ("rate_full", "years_full", "rate_half", "years_half")
_NUMERIC_UNITS = frozenset({"m2", "%", "KRW/m2", "KRW/3.3m2"})


class BuildError(ValueError):
    """The documents or the catalogue cannot become a release. The message names the file, row and remedy.

    `problems` are all of them where several were found; the message is the first.
    """

    def __init__(self, *problems: str) -> None:
        """At least one."""
        super().__init__(problems[0])
        self.problems = problems


def read_tables(sources: Sequence[Path]) -> Tables:
    """Every table of the catalogue, by name. Raises BuildError with file, row, column, value and the allowed form."""
    tables = {
        name: _read_catalogue(sources, name, [f.name for f in fields(kind)])
        for name, kind in _CATALOGUE.items()
    }
    tables |= {name: _read_catalogue(sources, name, list(columns)) for name, columns in _LISTS.items()}
    _check_catalogue(tables)
    return tables


def _read_catalogue(sources: Sequence[Path], name: str, columns: list[str]) -> list[dict[str, str]]:
    """Rows of a catalogue file: from the last source folder that has it, else the shipped one.

    What no document answers is only known of the documents that the list lies beside.
    """
    path = next(
        (s / f"{name}.csv" for s in reversed(sources) if (s / f"{name}.csv").is_file()),
        DOCUMENTS / f"{name}.csv",
    )
    if name == "not_covered" and path.parent not in sources:
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BuildError(
            f"{path.name}: not UTF-8 ({error.reason} at byte {error.start}). Save it as CSV UTF-8 and try again."
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if list(reader.fieldnames or []) != columns:
        raise BuildError(
            f"{path.name}: its columns are {', '.join(reader.fieldnames or [])}; they must be {', '.join(columns)}."
        )
    rows = list(reader)
    wrong = [number for number, row in enumerate(rows, start=2) if None in row or None in row.values()]
    if wrong:
        raise BuildError(
            *(
                f"{path.name} row {number}: it has not {len(columns)} cells. Quote cells that hold a comma."
                for number in wrong
            )
        )
    return [{key: value or "" for key, value in row.items()} for row in rows]


def _check_catalogue(tables: Tables) -> None:
    """Every row names what exists and says what it must. Raises BuildError with file, row, column, value and remedy."""
    regions = {row["id"] for row in tables["gazetteer"] if row["kind"] == "region"}
    districts = {row["id"] for row in tables["districts"]}
    contacts = {row["id"] for row in tables["contacts"]}
    rules: list[tuple[str, str, Callable[[str], bool], str]] = [
        ("land", "status", lambda v: v in _STATUSES, f"one of {', '.join(_STATUSES)}"),
        ("land", "district", lambda v: not v or v in districts, "empty or an id of districts.csv"),
        ("land", "region", lambda v: v in regions, "an id of kind region in gazetteer.csv"),
        (
            "land",
            "availability",
            lambda v: not v or v in AVAILABILITY,
            f"empty or one of {', '.join(AVAILABILITY)}",
        ),
        ("land", "contact", lambda v: not v or v in contacts, "empty or an id of contacts.csv"),
        ("land", "demo", lambda v: v in ("true", "false"), "true or false"),
        ("incentives", "status", lambda v: v in _STATUSES, f"one of {', '.join(_STATUSES)}"),
        (
            "incentives",
            "regions",
            lambda v: all(r in regions for r in v.split(";") if r),
            "ids of kind region in gazetteer.csv, joined by ;",
        ),
        ("incentives", "demo", lambda v: v in ("true", "false"), "true or false"),
        (
            "districts",
            "regions",
            lambda v: all(r in regions for r in v.split(";")),
            "ids of kind region in gazetteer.csv, joined by ;",
        ),
        ("districts", "contact", lambda v: v in contacts, "an id of contacts.csv"),
        ("contacts", "status", lambda v: v in _STATUSES, f"one of {', '.join(_STATUSES)}"),
        ("gazetteer", "kind", lambda v: v in KINDS, f"one of {', '.join(KINDS)}"),
        ("glossary", "ko", lambda v: bool(v.strip()), "the term in Korean"),
        ("glossary", "en", lambda v: bool(v.strip()), "the term in English"),
        ("matters", "ko", lambda v: bool(v.strip()), "the matter in Korean"),
        ("matters", "en", lambda v: bool(v.strip()), "the matter in English"),
        ("origins", "region", lambda v: v in regions, "an id of kind region in gazetteer.csv"),
        ("origins", "zone", lambda v: not v or v in ZONES, f"empty or one of {', '.join(ZONES)}"),
        ("origins", "status", lambda v: v in _STATUSES, f"one of {', '.join(_STATUSES)}"),
        ("not_covered", "ko", lambda v: bool(v.strip()), "a question in Korean"),
        ("not_covered", "en", lambda v: bool(v.strip()), "a question in English"),
        ("gazetteer", "aliases", lambda v: bool(v.strip(" ;")), "at least one name, several joined by ;"),
    ]
    rules += [(table, column, _is_date, "empty, 2026, 2026-06 or 2026-06-02") for table, column in _DATES]
    rules += [("incentives", column, _is_number, "empty or a plain number") for column in _NUMBERS]
    problems = [
        f"{table}.csv row {number} ({row[KEYS.get(table, ('id',))[-1]]}), column {column}: {row[column]!r} is not allowed. Allowed: {form}."
        for table, column, fits, form in rules
        for number, row in enumerate(tables[table], start=2)
        if not fits(row[column])
    ]
    problems += [
        f"land.csv row {number} ({row['id']}), column value: {row['value']!r} is not allowed. Allowed: empty or a plain number, without separators."
        for number, row in enumerate(tables["land"], start=2)
        if row["unit"] in _NUMERIC_UNITS and not _is_number(row["value"])
    ]
    problems += [
        f"{table}.csv: id {one[-1]!r} stands twice. Give each row its own."
        for table, rows in tables.items()
        for one, count in Counter(
            tuple(row[column] for column in KEYS.get(table, ("id",))) for row in rows
        ).items()
        if count > 1
    ]
    if problems:
        raise BuildError(*problems)
    try:
        Rules.from_rows(tables["rules"])
    except ValueError as error:
        raise BuildError(str(error)) from error


def _is_date(value: str) -> bool:
    return not value or re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value) is not None


def _is_number(value: str) -> bool:
    return not value or re.fullmatch(r"\d+(\.\d+)?", value) is not None
