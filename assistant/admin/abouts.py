"""What editors know of an uploaded document and its file does not say: kept beside it, in the keys of a front matter."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import yaml

from index_build.reading.assemble import ABOUT, about_file
from index_build.reading.document import UnreadableDocument

DATES = ("published", "as_of", "valid_from", "valid_until")
FIELDS = ("title", "publisher", *DATES, "source_url", "superseded_by")
_DATE = re.compile(r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LONGEST = 300  # characters


def known_of(path: Path) -> dict[str, str]:
    """What is kept of a file, by field, empty where nothing is."""
    try:
        kept = about_file(path)
    except UnreadableDocument:
        kept = {}
    return {field: str(kept.get(field) or "") for field in FIELDS}


def wrong_fields(values: dict[str, str]) -> list[str]:
    """Fields that may not be kept as they are: dates in another form, addresses that are none of the web."""
    wrong = [field for field in DATES if values[field] and not _DATE.fullmatch(values[field])]
    if values["source_url"] and not re.match(r"https?://\S+$", values["source_url"]):
        wrong.append("source_url")
    return wrong + [field for field in FIELDS if len(values[field]) > _LONGEST]


def keep(path: Path, values: dict[str, str]) -> None:
    """Put these in the place of what was kept. Raises ValueError naming fields that are wrong."""
    if wrong := wrong_fields(values):
        raise ValueError(f"{path.name}: {', '.join(wrong)} cannot be kept.")
    given = {field: " ".join(values[field].split()) for field in FIELDS if values[field]}
    about = path.with_name(path.name + ABOUT)
    if not given:
        about.unlink(missing_ok=True)
        return
    temporary = path.parent / f".{secrets.token_hex(8)}"
    with temporary.open("w", encoding="utf-8") as file:
        yaml.safe_dump(given, file, allow_unicode=True, sort_keys=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(about)


def forget(path: Path, fields: Sequence[str] = FIELDS) -> None:
    """Of a file that took another's place: what was known of these fields was the other's."""
    known = known_of(path)
    if any(known[field] for field in fields):
        keep(path, known | dict.fromkeys(fields, ""))
