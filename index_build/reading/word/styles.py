"""What the styles of a Word document say of a paragraph or a run: is it a heading, is it numbered, can it be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from docx.oxml.ns import qn

from index_build.reading.cleaning import WHITE, unseen

# English and Korean names of the styles of headings; Hancom Office calls them 개요.
_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|제목", re.IGNORECASE)
_CONTENTS = re.compile(r"toc\s*\d|목차\s*\d", re.IGNORECASE)
_TINY = 2  # half-points


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is drawn, as far as it decides whether it is seen; None is "not said here". Sizes in half-points."""

    vanish: bool | None = None
    colour: str | None = None
    size: int | None = None
    fill: str | None = None

    def over(self, below: Look) -> Look:
        """This look, with what it leaves open taken from `below`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return Look(
            **{name: getattr(below, name) if value is None else value for name, value in values.items()}
        )

    def hidden(self, background: str) -> bool:
        """Whether nobody sees it on a background, six hexadecimal digits or "" where that is unknown."""
        if self.vanish or (self.size is not None and self.size <= _TINY):
            return True
        return bool(self.colour) and unseen(self.colour or "", self.fill or background)


def look_of(properties: Any) -> Look:
    """The look that `w:rPr` (or None) sets by itself."""
    if properties is None:
        return Look()
    vanish, size = properties.find(qn("w:vanish")), value_of(properties, "w:sz")
    colour = properties.find(qn("w:color"))
    mark = value_of(properties, "w:highlight")
    fill = fill_of(properties)
    if mark and mark != "none":
        fill = WHITE if mark == "white" else "FFFF00"
    return Look(
        vanish=None if vanish is None else vanish.get(qn("w:val"), "1") not in ("0", "false", "off"),
        colour=None if colour is None else _colour(colour),
        size=int(float(size)) if re.fullmatch(r"\d+(?:\.\d+)?", size) else None,
        fill=fill or None,
    )


def _colour(element: Any) -> str:
    value = str(element.get(qn("w:val"), "auto"))
    theme = element.get(qn("w:themeColor"), "")
    return WHITE if value == "auto" and theme in ("background1", "light1") else value


def fill_of(properties: Any) -> str:
    """The colour of the shading in `w:rPr`, `w:pPr`, `w:tcPr` or `w:tblPr`, six hexadecimal digits or ""."""
    shading = None if properties is None else properties.find(qn("w:shd"))
    if shading is None:
        return ""
    solid = shading.get(qn("w:val")) == "solid"
    colour = str(shading.get(qn("w:color" if solid else "w:fill"), "auto"))
    return "" if colour == "auto" else colour


def value_of(element: Any, child: str) -> str:
    """The `w:val` of a child, or ""."""
    found = None if element is None else element.find(qn(child))
    return "" if found is None else str(found.get(qn("w:val"), ""))


class Styles:
    """The styles of one document, by their ids."""

    def __init__(self, element: Any) -> None:
        """`element` is `w:styles`."""
        self._by_id = {style.get(qn("w:styleId")): style for style in element.iterchildren(qn("w:style"))}
        self._usual = next(
            (
                name for name, style in self._by_id.items()
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true")
            ), "",
        )  # fmt: skip
        defaults = element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self._plain = look_of(defaults)
        self._looks: dict[str, Look] = {}

    def _chain(self, style: str) -> Iterator[Any]:
        """The style and those it is based on."""
        met: set[str] = set()
        while style in self._by_id and style not in met:
            met.add(style)
            yield self._by_id[style]
            style = value_of(self._by_id[style], "w:basedOn")

    def _of(self, paragraph: Any) -> tuple[Any, str]:
        properties = paragraph.find(qn("w:pPr"))
        return properties, value_of(properties, "w:pStyle") or self._usual

    def _look(self, style: str) -> Look:
        if style not in self._looks:
            look = Look()
            for element in self._chain(style):
                look = look.over(look_of(element.find(qn("w:rPr"))))
            self._looks[style] = look
        return self._looks[style]

    def look(self, run: Any, paragraph: Any) -> Look:
        """The look of a run, from its own properties, its styles and the document's."""
        properties = run.find(qn("w:rPr"))
        look = look_of(properties).over(self._look(value_of(properties, "w:rStyle")))
        return look.over(self._look(self._of(paragraph)[1])).over(self._plain)

    def background(self, paragraph: Any, behind: str) -> str:
        """The colour a paragraph stands on, six hexadecimal digits, or `behind`."""
        properties, style = self._of(paragraph)
        fills = [fill_of(element.find(qn("w:pPr"))) for element in self._chain(style)]
        return next(filter(None, [fill_of(properties), *fills]), behind)

    def shades(self, table: Any) -> bool:
        """Whether the style of a table colours any of its cells."""
        style = value_of(table.find(qn("w:tblPr")), "w:tblStyle")
        return any(True for element in self._chain(style) for _ in element.iter(qn("w:shd")))

    def level(self, paragraph: Any) -> int:
        """The level of a heading from 1, or 0: the outline level set on the paragraph, else what its style says first."""
        properties, style = self._of(paragraph)
        if outline := value_of(properties, "w:outlineLvl"):
            return _from_outline(outline)
        for element in self._chain(style):
            name = value_of(element, "w:name")
            if heading := _HEADING.fullmatch(name):
                return int(heading[1])
            if _TITLE.fullmatch(name):
                return 1
            if outline := value_of(element.find(qn("w:pPr")), "w:outlineLvl"):
                return _from_outline(outline)
        return 0

    def is_title(self, paragraph: Any) -> bool:
        """Whether the paragraph has the style of a document's title."""
        return self._named(paragraph, _TITLE)

    def is_contents(self, paragraph: Any) -> bool:
        """Whether the paragraph is a line of an automatic table of contents."""
        return self._named(paragraph, _CONTENTS)

    def _named(self, paragraph: Any, name: re.Pattern[str]) -> bool:
        chain = self._chain(self._of(paragraph)[1])
        return any(name.fullmatch(value_of(element, "w:name")) for element in chain)

    def numbering(self, paragraph: Any) -> tuple[str, int]:
        """(list, depth from 0) of a numbered paragraph; list is "" or "0" where it has no number."""
        properties, style = self._of(paragraph)
        number, depth = "", ""
        for holder in (properties, *(element.find(qn("w:pPr")) for element in self._chain(style))):
            listed = None if holder is None else holder.find(qn("w:numPr"))
            number, depth = number or value_of(listed, "w:numId"), depth or value_of(listed, "w:ilvl")
        return number, int(depth or 0)


def _from_outline(level: str) -> int:
    """Word counts outline levels from 0; 9 is body text."""
    return int(level) + 1 if level.isdigit() and int(level) < 9 else 0
