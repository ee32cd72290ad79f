"""Where a statement comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What the status of a figure allows: these may be told; the rest (`probable`, `unverified`) never.
TELLABLE = frozenset({"verified", "secondary", "derived"})


@dataclass(frozen=True, slots=True)
class Source:
    """A published source as of a date. Dates are ISO, to the year, month or day, or empty where there is none.

    `key` is a row of the catalogue (`L006`) or `document/mark` for a source of a sheet's front matter.
    `status`: verified, secondary, derived, probable or unverified.
    """

    key: str
    title: str
    publisher: str
    published_on: str
    as_of: str
    url: str
    status: str


def age_in_years(as_of: str, today: date) -> int:
    """Whole years between an ISO date (year, month or day) and today; 0 for an empty one.

    A date known to the year or month counts from its end.
    """
    if not as_of:
        return 0
    parts = [int(part) for part in as_of.split("-")]
    year, month, day = parts[0], parts[1] if len(parts) > 1 else 12, parts[2] if len(parts) > 2 else 28
    return max(0, today.year - year - ((today.month, today.day) < (month, day)))
