"""What calamine does not tell of an XLSX file: hidden rows and columns, number formats, invisible cells, the last cell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from index_build.reading.cleaning import WHITE, unseen
from index_build.reading.limits import MAX_CELLS
from index_build.reading.spreadsheet.number_formats import BUILT_IN

_PLACE = re.compile(r"([A-Z]+)(\d+)")
_CHUNK = 2**16
_WHITE_INDEXES = ("1", "9", "65")
_THEME = {"0": WHITE, "1": "000000"}
_TINY = 1  # points
_LEAST_SIZE = 0.5  # points of a row's height, characters of a column's width
_MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Style:
    """How cells of one style show a number, and whether their text can be seen at all."""

    form: str = "General"
    hidden: bool = False


@dataclass(slots=True)
class Layout:
    """One sheet; rows and columns count from 0. `styles` holds the style of each filled cell that has one.

    `height` and `width` reach to the last filled cell. `uncounted` are formulas whose result was not saved.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    height: int = 0
    width: int = 0
    uncounted: int = 0


class Package:
    """The parts of an XLSX file. Raises KeyError, BadZipFile or ParseError where one is missing or broken."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        targets = {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._root("xl/_rels/workbook.xml.rels").iter()
        }
        self.paths: dict[str, str] = {}
        for sheet in _all(self._root("xl/workbook.xml"), "sheet"):
            key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            self.paths[sheet.get("name", "")] = posixpath.normpath(
                posixpath.join("/xl", targets.get(key, ""))
            ).lstrip("/")
        self.styles = self._styles() if "xl/styles.xml" in archive.namelist() else [Style()]

    def title(self) -> str:
        """The title among the document's properties, often empty."""
        if "docProps/core.xml" not in self._archive.namelist():
            return ""
        return next((element.text or "" for element in _all(self._root("docProps/core.xml"), "title")), "")

    def layout(self, sheet: str) -> Layout:
        """Scan the sheet of a name without building a tree of it."""
        scan = _Scan()
        with self._archive.open(self.paths[sheet]) as part:
            while not scan.enough and (chunk := part.read(_CHUNK)):
                scan.parser.Parse(chunk)
        return scan.layout

    def _root(self, part: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._archive.read(part))

    def _styles(self) -> list[Style]:
        root = self._root("xl/styles.xml")
        forms = dict(BUILT_IN) | {
            int(form.get("numFmtId", "0")): form.get("formatCode", "") for form in _all(root, "numFmt")
        }
        fonts, fills = (_children(root, group) for group in ("fonts", "fills"))
        return [
            Style(
                forms.get(int(cell.get("numFmtId", "0")), "General"),
                _hidden(_nth(fonts, cell.get("fontId", "0")), _nth(fills, cell.get("fillId", "0"))),
            )
            for cell in _children(root, "cellXfs")
        ] or [Style()]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _all(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if _local(element.tag) == name]


def _children(root: ElementTree.Element, group: str) -> list[ElementTree.Element]:
    return [child for element in root if _local(element.tag) == group for child in element]


def _nth(listed: list[ElementTree.Element], place: str) -> ElementTree.Element | None:
    return listed[int(place)] if int(place) < len(listed) else None


def _hidden(font: ElementTree.Element | None, fill: ElementTree.Element | None) -> bool:
    """Whether a font is tiny or has the colour of what it stands on."""
    if font is None:
        return False
    size = next((float(element.get("val", "11")) for element in _all(font, "sz")), 11.0)
    colour = next((_colour(element) for element in _all(font, "color")), "")
    patterns = [] if fill is None else _all(fill, "patternFill")
    filled = any(pattern.get("patternType", "none") != "none" for pattern in patterns)
    ground = next((_colour(element) for pattern in patterns for element in _all(pattern, "fgColor")), "")
    return size <= _TINY or unseen(colour, ground if filled else WHITE)


def _colour(element: ElementTree.Element) -> str:
    """Six hexadecimal digits, or "" for the colours of a theme that are neither white nor black."""
    if "rgb" in element.attrib:
        return element.attrib["rgb"][-6:]
    if element.get("indexed") in _WHITE_INDEXES:
        return WHITE
    return _THEME.get(element.get("theme", ""), "") if float(element.get("tint", "0")) == 0 else ""


class _Scan:
    """Follows the elements of a sheet. Ends when more cells are filled than are ever read of a file."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.enough = False
        self._row = self._column = -1
        self._style = self._filled = 0
        self._formula = self._said = False
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if _is_hidden(attributes, "ht"):
                self.layout.hidden_rows.add(self._row)
        elif name in ("v", "is"):
            self._fill()
        elif name == "f":
            self._formula = True
        elif name == "col" and _is_hidden(attributes, "width"):
            last = min(int(attributes["max"]), _MOST_COLUMNS)
            self.layout.hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name == "f":
            self._said = False
        elif name == "c":
            self.layout.uncounted += self._formula and not self._said
            self._formula = False

    def _text(self, _: str) -> None:
        self._said = True

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column += 1
        if place:
            self._row, self._column = int(place[2]) - 1, _number(place[1]) - 1
        self._style = int(attributes.get("s", "0"))

    def _fill(self) -> None:
        layout = self.layout
        layout.height, layout.width = max(layout.height, self._row + 1), max(layout.width, self._column + 1)
        if self._style:
            layout.styles[self._row, self._column] = self._style
        self._filled += 1
        self.enough = self._filled > 2 * MAX_CELLS


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, "1")) < _LEAST_SIZE


def _number(letters: str) -> int:
    """The number of a column: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
