"""Names of places, programmes, company types, facilities and industries, and where they occur in a text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Regions that hold many cities: to name one of these is not to name a city in it.
_WIDE = frozenset(
    (
        "",
        "nation",
        "capital_region",
        "gyeonggi",
        "gangwon",
        "chungbuk",
        "chungnam",
        "jeonbuk",
        "jeonnam",
        "gyeongbuk",
        "gyeongnam",
        "jeju",
    )
)
KINDS = ("region", "programme", "company_type", "facility_type", "industry")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a name. `parent` is the id of the larger region, or empty."""

    kind: str
    id: str
    name_ko: str
    name_en: str
    parent: str
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        """Its official name in `ko` or `en`."""
        return self.name_ko if language == "ko" else self.name_en


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry found in a text at characters [start, end)."""

    entry: Entry
    start: int
    end: int


class Gazetteer:
    """Finds entries in Korean and English text; the longest alias wins, and mentions do not overlap."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index `entries` by kind and id, and their aliases by length."""
        self._entries = {(entry.kind, entry.id): entry for entry in entries}
        aliases = {alias.lower(): entry for entry in self._entries.values() for alias in entry.aliases}
        # Korean particles stick to the noun, so Hangul has no word boundary; Latin letters do.
        patterns = [
            rf"(?<![a-z0-9]){re.escape(alias)}(?![a-z0-9])"
            if re.match(r"[a-z0-9]", alias)
            else re.escape(alias)
            for alias in sorted(aliases, key=len, reverse=True)
        ]
        self._aliases = aliases
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE)

    @classmethod
    def read(cls, path: Path) -> Gazetteer:
        """Read `gazetteer.csv`. Raises ValueError naming the row when a kind is unknown or an alias is missing."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, str]]) -> Gazetteer:
        """Build from rows with the columns of `gazetteer.csv`."""
        entries = []
        for number, row in enumerate(rows, start=2):
            aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
            if row["kind"] not in KINDS or not aliases:
                raise ValueError(
                    f"gazetteer.csv row {number}: kind {row['kind']!r} with {len(aliases)} aliases; "
                    f"kind must be one of {', '.join(KINDS)}, with at least one alias."
                )
            entries.append(
                Entry(row["kind"], row["id"], row["name_ko"], row["name_en"], row["parent"], aliases)
            )
        return cls(entries)

    def get(self, kind: str, id: str) -> Entry | None:
        """The entry with this id, if there is one."""
        return self._entries.get((kind, id))

    def find(self, text: str) -> list[Mention]:
        """Every mention in `text`, from left to right."""
        return [
            Mention(self._aliases[match.group().lower()], match.start(), match.end())
            for match in self._pattern.finditer(text)
        ]

    def ids(self, text: str, kind: str) -> list[str]:
        """Ids of one kind that `text` mentions, each once, in order."""
        return list(dict.fromkeys(m.entry.id for m in self.find(text) if m.entry.kind == kind))

    def covers(self, region: str) -> set[str]:
        """Ids whose mention speaks of the region: itself, what lies in it, and the city (not the province) it lies in.

        A passage on Busan speaks of Centum; one on Naju in Jeonnam does not speak of Suncheon in Jeonnam.
        """
        ids = {region} | {
            e.id for (kind, _), e in self._entries.items() if kind == "region" and e.parent == region
        }
        ids |= {
            e.id
            for (kind, _), e in self._entries.items()
            if kind == "region" and e.parent in ids and e.parent != region
        }
        entry = self.get("region", region)
        if entry is not None and entry.parent not in _WIDE:
            ids.add(entry.parent)
        return ids - {""}

    def in_capital_region(self, region: str) -> bool:
        """Whether the region is the capital region or lies in it."""
        entry = self.get("region", region)
        while entry is not None and entry.id != "capital_region":
            entry = self.get("region", entry.parent)
        return entry is not None
