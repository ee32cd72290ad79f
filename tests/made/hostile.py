"""All hostile and odd files, each with the outcomes that are acceptable (requirement U4)."""

from __future__ import annotations

from tests.made import hostile_office, hostile_pdf, hostile_text
from tests.made.raw import Case

CASES: tuple[Case, ...] = (*hostile_office.CASES, *hostile_pdf.CASES, *hostile_text.CASES)
assert len({case.id for case in CASES}) == len(CASES)
