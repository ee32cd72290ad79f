"""Names of places, programmes, company types, facilities and industries, and where they occur in a text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
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
# Letters beyond ASCII that fold to ASCII ones, as the long s, are not taken for them.
_FLAGS = re.IGNORECASE | re.ASCII
KINDS = ("region", "programme", "company_type", "facility_type", "industry", "origin")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a name. `parent` is the id of the larger region, or empty.

    An alias that begins with `!` is no name but a regular expression for words that only look like one: with the names
    `수원` and `!연수원`, a training institute (연수원) is not the city. What stands in it before the name has a fixed width.
    """

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
        """Index `entries` by kind and id, and their names by first character and length."""
        self._entries = {(entry.kind, entry.id): entry for entry in entries}
        self._names: dict[str, Entry] = {}
        patterns: dict[str, str] = {}
        for entry in self._entries.values():
            for name, pattern in _names(entry):
                self._names[name], patterns[name] = entry, pattern
        # A text holds few of the thousand names: what begins with a character is only tried where it stands.
        found: dict[str, list[str]] = {}
        for name in sorted(patterns, key=len, reverse=True):
            found.setdefault(name[0], []).append(patterns[name])
        self._first = re.compile(f"[{re.escape(''.join(found))}]" if found else "(?!)", _FLAGS)
        # Korean particles stick to the noun, so Hangul has no word boundary; Latin letters do.
        self._from = {
            first: re.compile(
                rf"(?<![a-z0-9])(?:{'|'.join(names)})(?![a-z0-9])"
                if re.match(r"[a-z0-9]", first)
                else "|".join(names),
                _FLAGS,
            )
            for first, names in found.items()
        }

    @classmethod
    def read(cls, path: Path) -> Gazetteer:
        """Read `gazetteer.csv`. Raises ValueError naming the row when a kind is unknown, an alias is missing, or a look-alike unreadable."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, str]]) -> Gazetteer:
        """Build from rows with the columns of `gazetteer.csv`."""
        entries = []
        for number, row in enumerate(rows, start=2):
            aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
            names = [alias for alias in aliases if not alias.startswith("!")]
            if row["kind"] not in KINDS or not names:
                raise ValueError(
                    f"gazetteer.csv row {number}: kind {row['kind']!r} with {len(names)} aliases; "
                    f"kind must be one of {', '.join(KINDS)}, with at least one alias."
                )
            entry = Entry(row["kind"], row["id"], row["name_ko"], row["name_en"], row["parent"], aliases)
            try:
                _check_look_alikes(entry)
            except re.error as error:
                raise ValueError(
                    f"gazetteer.csv row {number}: what follows a ! cannot be read ({error}). It is a name with letters, "
                    "[letters], (?:words|words) or (?!words) about it; before the name only letters and [letters]."
                ) from error
            entries.append(entry)
        return cls(entries)

    def get(self, kind: str, id: str) -> Entry | None:
        """The entry with this id, if there is one."""
        return self._entries.get((kind, id))

    def find(self, text: str) -> list[Mention]:
        """Every mention in `text`, from left to right."""
        mentions, position = [], 0
        while first := self._first.search(text, position):
            position = first.end()
            if match := self._from[first.group().lower()].match(text, first.start()):
                position = match.end()
                mentions.append(Mention(self._names[match.group().lower()], match.start(), position))
        return mentions

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


def _names(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each name of an entry in small letters, and the expression that finds it outside of its look-alikes."""
    names = [alias.lower() for alias in entry.aliases if not alias.startswith("!")]
    looks = [alias[1:].lower() for alias in entry.aliases if alias.startswith("!")]
    for name in names:
        guards = [
            rf"(?!(?<={before}){re.escape(part)}{after})"
            for look in looks
            for part in names
            if name.startswith(part) and part in look
            for before, _, after in [look.partition(part)]
        ]
        yield name, "".join(guards) + re.escape(name)


def _check_look_alikes(entry: Entry) -> None:
    """Raise re.error where a look-alike repeats, which may take for ever, holds no name of its entry, or cannot be read."""
    names = [alias.lower() for alias in entry.aliases if not alias.startswith("!")]
    looks = [alias[1:].lower() for alias in entry.aliases if alias.startswith("!")]
    for look in looks:
        if re.search(r"[*+{}\\]|(?<!\()\?", look):
            raise re.error("it holds a sign of repetition or escape", look)
        if not any(name in look for name in names):
            raise re.error("it holds no name of its row", look)
    if looks:
        re.compile("|".join(pattern for _, pattern in _names(entry)))
