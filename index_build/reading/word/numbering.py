"""The automatic numbers and signs of a Word document, which stand nowhere in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from index_build.reading.numerals import numeral

_LEVELS = 9
# Signs of Symbol and Wingdings, which fonts of theirs draw in the private area.
_SIGNS = {
    "\uf06c": "●", "\uf06e": "■", "\uf06f": "□", "\uf071": "❑", "\uf075": "◆", "\uf076": "❖", "\uf0a1": "○", "\uf0a7": "▪",
    "\uf0a8": "◻", "\uf0b7": "•", "\uf0d8": "➢", "\uf0e0": "→", "\uf0e8": "➔", "\uf0fc": "✔", "\uf0fe": "☑",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts: `text` is a pattern such as `%1.%2`, `form` Word's name of the numerals."""

    start: int
    form: str
    text: str
    ending: str
    legal: bool


def seen_sign(sign: str) -> str:
    """The sign that a symbol font draws for a private character; any other unchanged."""
    return _SIGNS.get(sign, "•") if "\ue000" <= sign <= "\uf8ff" else sign


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, element: Any) -> None:
        """`element` is `w:numbering`, or None where the document numbers nothing."""
        listed = [] if element is None else element
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        for child in listed:
            if child.tag == qn("w:abstractNum"):
                self._levels[child.get(qn("w:abstractNumId"))] = _levels(child)
            elif child.tag == qn("w:num"):
                self._add_list(child)

    def _add_list(self, num: Any) -> None:
        number, abstract = num.get(qn("w:numId")), _value(num, "w:abstractNumId")
        own = _levels(num)
        if own:
            # A list with levels of its own counts for itself.
            self._levels[f"{abstract}/{number}"] = self._levels.get(abstract, {}) | own
            abstract = f"{abstract}/{number}"
        self._lists[number] = abstract
        self._restarts[number] = {
            int(change.get(qn("w:ilvl"))): int(_value(change, "w:startOverride"))
            for change in num.iterchildren(qn("w:lvlOverride"))
            if change.find(qn("w:startOverride")) is not None
        }

    def sign(self, number: str, depth: int) -> str:
        """Count one paragraph of list `number` (`w:numId`) at `depth` from 0; what stands before its text, "" if nothing."""
        abstract = self._lists.get(number, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        restart = self._restarts[number].pop(depth, None)
        before = counts[depth]
        counts[depth] = (
            restart if restart is not None else levels[depth].start if before is None else before + 1
        )
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return _written(levels, depth, counts)


def _written(levels: dict[int, Level], depth: int, counts: list[int | None]) -> str:
    level = levels[depth]
    if level.form == "bullet":
        return "".join(map(seen_sign, level.text)) + level.ending

    def count(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        of = levels.get(place, level)
        value = counts[place]
        return numeral(of.start if value is None else value, "decimal" if level.legal else of.form)

    text = re.sub(r"%([1-9])", count, level.text)
    return text + level.ending if text else ""


def _levels(parent: Any) -> dict[int, Level]:
    return {
        int(element.get(qn("w:ilvl"))): Level(
            int(_value(element, "w:start", "1")),
            _value(element, "w:numFmt", "decimal"),
            _value(element, "w:lvlText"),
            "" if _value(element, "w:suff") == "nothing" else " ",
            element.find(qn("w:isLgl")) is not None,
        )
        for element in parent.iter(qn("w:lvl"))
        if int(element.get(qn("w:ilvl"))) < _LEVELS
    }


def _value(element: Any, child: str, default: str = "") -> str:
    found = element.find(qn(child))
    return default if found is None else found.get(qn("w:val"), default)
